#include "panels/tools.h"

namespace mg::app {

ui::Frame frame_of(PanelInput const& input) {
    float ratio = ImGui::GetIO().DisplayFramebufferScale.x;
    return {.c = ui::palette(input.view.theme),
            .scale = static_cast<float>(input.view.font_scale),
            .ratio = ratio > 0 ? ratio : 1,
            .items = input.items};
}

ui::Box fitted(ui::Frame const& frame, ui::Box box, Size size) {
    float k = std::min(box.width / static_cast<float>(size.width), box.height / static_cast<float>(size.height));
    float w = k * static_cast<float>(size.width), h = k * static_cast<float>(size.height);
    return frame.snapped({box.middle_x() - w / 2, box.middle_y() - h / 2, w, h});
}

InputEntry const* selected_input(PanelInput const& input) {
    for (InputEntry const& entry : input.document.inputs)
        if (entry.id == input.view.selected) return &entry;
    return nullptr;
}

FileResult const* result_of(PanelInput const& input, int id) {
    auto found = input.results.files.find(id);
    return found == input.results.files.end() ? nullptr : &found->second;
}

FileResult const* selected_result(PanelInput const& input) {
    return result_of(input, input.view.selected);
}

void toggle(std::vector<std::string>& list, std::string_view id) {
    auto found = std::find(list.begin(), list.end(), id);
    if (found == list.end())
        list.emplace_back(id);
    else
        list.erase(found);
}

StateLook look_of(ui::Frame const& frame, FileState state) {
    ui::Palette const& c = frame.c;
    switch (state) {
    case FileState::waiting:
        return {ui::Mark::ring, c.third, "waiting"};
    case FileState::working:
        return {ui::Mark::square, c.accent, "working"};
    case FileState::done:
        return {ui::Mark::dot, c.ok, "done"};
    case FileState::attention:
        return {ui::Mark::triangle, c.warning, "needs attention"};
    case FileState::failed:
        return {ui::Mark::cross, c.failure, "failed"};
    }
    return {};
}

Layout page_layout(PanelInput const& input) {
    ui::Frame frame = frame_of(input);
    Layout layout;
    ui::Box page = box_of(input.area);
    layout.page = page;
    bool panels = input.view.panels;
    bool empty = input.document.inputs.empty();
    float top = panels || empty ? frame.px(44) : 0, bottom = panels || empty ? frame.px(28) : 0;
    float left = empty || !panels ? 0 : input.narrow ? frame.px(84) : frame.px(216);
    float right = empty || !panels ? 0 : frame.px(320);
    // Large letters on a small screen: the picture keeps at least a third of the page.
    float most = page.width * 2 / 3;
    if (left + right > most) {
        float k = most / (left + right);
        left = frame.snap(left * k);
        right = frame.snap(right * k);
    }
    layout.top = {page.x, page.y, page.width, top};
    layout.bottom = {page.x, page.bottom() - bottom, page.width, bottom};
    float height = page.height - top - bottom;
    layout.left = {page.x, page.y + top, left, height};
    layout.right = {page.right() - right, page.y + top, right, height};
    layout.canvas = {page.x + left, page.y + top, page.width - left - right, height};
    layout.stage = layout.canvas;
    layout.stage.height = std::max(1.0f, layout.stage.height - frame.px(30));
    return layout;
}

} // namespace mg::app
