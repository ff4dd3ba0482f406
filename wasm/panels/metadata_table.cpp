// Everything that a file says: the values that are understood, then every raw key, with a search over all of it.
#include "panels/known_fields.h"
#include "panels/sheet.h"
#include "ui/fields.h"
#include "ui/format.h"

namespace mg::app {
namespace {

struct FieldLine {
    std::string where, key, value;
};

bool contains(std::string_view text, std::string_view part) {
    auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; };
    auto found = std::search(text.begin(), text.end(), part.begin(), part.end(),
                             [&](char a, char b) { return lower(a) == lower(b); });
    return part.empty() || found != text.end();
}

std::vector<FieldLine> lines_of(FileResult const& r, std::string_view search) {
    std::vector<FieldLine> lines;
    auto add = [&](FieldLine line) {
        if (contains(line.key, search) || contains(line.value, search) || contains(line.where, search))
            lines.push_back(std::move(line));
    };
    for (KnownField const& field : known_fields(r.metadata.acquisition))
        if (!field.value.empty()) add({field.source, std::string(field.label), with_unit(field)});
    if (r.metadata.raw)
        for (RawKey const& raw : *r.metadata.raw)
            add({raw.section.empty() ? "" : "[" + raw.section + "]", raw.key, raw.value});
    return lines;
}

} // namespace

void draw_metadata_table(PanelInput const& input, CommandSink& commands) {
    InputEntry const* entry = selected_input(input);
    std::string title = entry ? "Metadata of " + entry->name : "Metadata";
    auto body =
        begin_sheet(input, commands, {.kind = Sheet::metadata, .title = title, .width = 860, .height = 640});
    if (!body) return;
    ui::Frame frame = frame_of(input);
    FileResult const* r = selected_result(input);
    ui::Box field{body->x, body->y, std::min(frame.px(320), body->width), frame.px(32)};
    auto edit =
        ui::text_field(frame, field, {.id = "metadata/search", .label = "Search the metadata"}, input.view.search,
                       {.hint = "Search keys and values", .search = true, .take_focus = ImGui::IsWindowAppearing()});
    if (edit.value) change_view(input, commands, [&](ViewState& v) { v.search = *edit.value; });
    std::vector<FieldLine> lines = r ? lines_of(*r, input.view.search) : std::vector<FieldLine>{};
    std::string count = ui::grouped(static_cast<long long>(lines.size())) + (lines.size() == 1 ? " line" : " lines") +
                        " · click to copy";
    ui::text_in(frame,
                {field.right() + frame.px(14), field.y, body->right() - field.right() - frame.px(14), field.height},
                count, {.face = ui::Face::note, .colour = frame.c.third});
    float top = frame.snap(field.bottom() + frame.px(10)), row = frame.px(24);
    ImGui::SetCursorScreenPos({body->x, top});
    ImGui::BeginChild("lines", {body->width, body->bottom() - top}, ImGuiChildFlags_None,
                      ImGuiWindowFlags_NavFlattened);
    ImVec2 at = ImGui::GetCursorScreenPos();
    float scroll = ImGui::GetScrollY(), height = body->bottom() - top;
    auto first = static_cast<std::size_t>(std::max(0.0f, scroll / row));
    auto last = std::min(lines.size(), static_cast<std::size_t>((scroll + height) / row) + 2);
    for (std::size_t i = first; i < last; ++i) {
        FieldLine const& line = lines[i];
        ui::Box box{at.x, at.y + row * static_cast<float>(i), body->width - frame.px(10), row};
        ui::Touch t = ui::touch(frame, box,
                                {.id = "metadata/line/" + std::to_string(i),
                                 .label = line.key,
                                 .kind = "row",
                                 .value = line.value,
                                 .help = line.value.size() > 60 ? std::string_view(line.value) : std::string_view()});
        if (t.pressed) commands.push_back(CopyText{line.key + "\t" + line.value});
        if (t.hovered || t.focused) ui::fill(frame, box, frame.c.raised, frame.px(4));
        float third = box.width * 0.3f;
        ui::Box inner = box.inset(frame.px(8), 0);
        ui::text_in(frame, inner.from_left(third - frame.px(12)), line.key,
                    {.face = ui::Face::body, .colour = frame.c.second});
        ui::text_in(frame, {inner.x + third, inner.y, third - frame.px(12), row}, line.value,
                    {.face = ui::Face::body, .colour = frame.c.text, .tabular = true});
        ui::text_in(frame, {inner.x + 2 * third, inner.y, inner.right() - inner.x - 2 * third, row}, line.where,
                    {.face = ui::Face::note, .colour = frame.c.third});
    }
    ImGui::SetCursorScreenPos({at.x, at.y + row * static_cast<float>(lines.size())});
    ImGui::Dummy({1, 1});
    ImGui::EndChild();
    end_sheet();
}

} // namespace mg::app
