// The files, with what is known about each in words. Only the rows in sight are drawn.
#include "imgui_internal.h"
#include "panels/tools.h"

namespace mg::app {
namespace {

constexpr float k_row = 56, k_strip_row = 66;

void thumbnail(ui::Frame const& frame, PanelInput const& input, ui::Box box, ui::Box clip, FileResult const* result) {
    if (result && result->thumbnail && !result->thumbnail->size.empty()) {
        ui::fill(frame, box, frame.c.canvas, frame.px(3));
        ui::Box at = fitted(frame, box, result->thumbnail->size);
        input.pictures.draw(result->thumbnail, rectangle_of(at), rectangle_of(clip));
        return;
    }
    bool failed = result && result->state == FileState::failed;
    ui::dashed_outline(frame, box, failed ? ui::faded(frame.c.failure, 0.6f) : frame.c.line, frame.px(4));
}

std::string words_of(FileResult const* result) {
    if (!result) return "waiting";
    if (result->state == FileState::working && !result->stage.empty()) return result->stage + "…";
    if (result->words.empty()) return result->state == FileState::waiting ? "waiting" : "";
    return result->words;
}

struct RowInput {
    ui::Frame const& frame;
    PanelInput const& input;
    InputEntry const& entry;
    ui::Box box, clip;
};

void row(RowInput const& in, CommandSink& commands) {
    ui::Frame const& frame = in.frame;
    ui::Palette const& c = frame.c;
    FileResult const* result = result_of(in.input, in.entry.id);
    FileState state = result ? result->state : FileState::waiting;
    StateLook look = look_of(frame, state);
    std::string words = words_of(result);
    if (result && result->page_count > 1)
        words += (words.empty() ? "page " : " · page ") + std::to_string(in.entry.page + 1) + " of " + std::to_string(result->page_count);
    std::string id = "tray/" + in.entry.name + "#" + std::to_string(in.entry.id);
    bool chosen = in.entry.id == in.input.view.selected, narrow = in.input.narrow;
    ui::Box box = frame.snapped(in.box);
    // The × lies upon the row, so the row must let it have the mouse.
    ImGui::SetNextItemAllowOverlap();
    std::string help = narrow || words.size() > 40 ? in.entry.name + ": " + words : std::string();
    ui::Touch t = ui::touch(frame, box,
                            {.id = id,
                             .label = in.entry.name,
                             .kind = "row",
                             .value = std::string(look.word) + (words.empty() ? "" : ": " + words),
                             .help = help});
    if (t.pressed && !chosen) commands.push_back(Select{in.entry.id});
    bool over = ImGui::IsMouseHoveringRect(box.low(), box.high()) && in.clip.contains(ImGui::GetIO().MousePos);
    float radius = frame.px(6);
    if (chosen) {
        ui::fill(frame, box, c.raised, radius);
        ImDrawList& list = ui::draw_list(frame);
        list.PushClipRect(box.low(), {box.x + frame.px(2), box.bottom()}, true);
        ui::fill(frame, box, c.accent, radius);
        list.PopClipRect();
    } else if (over)
        ui::fill(frame, box, ui::faded(c.raised, 0.6f), radius);
    float inset = frame.px(6);
    ui::Box picture = narrow ? box.inset(inset, inset)
                             : ui::Box{box.x + inset, box.middle_y() - frame.px(20), frame.px(52), frame.px(40)};
    thumbnail(frame, in.input, frame.snapped(picture), in.clip, result);

    ui::Box corner{box.right() - frame.px(24), box.middle_y() - frame.px(10), frame.px(20), frame.px(20)};
    if (narrow) corner = {box.right() - frame.px(18), box.bottom() - frame.px(18), frame.px(16), frame.px(16)};
    if (narrow) ui::draw_list(frame).AddCircleFilled({corner.middle_x(), corner.middle_y()}, frame.px(7), c.panel);
    std::string remove = id + "/remove";
    bool on_remove = ImGui::GetCurrentContext()->NavId == ImGui::GetID(remove.c_str());
    if (!narrow && (over || t.focused || on_remove)) {
        if (ui::icon_button(frame, corner,
                            {.id = remove,
                             .label = "Remove " + in.entry.name,
                             .help = "Take it off the list. The file itself is not touched."},
                            ui::Icon::close))
            commands.push_back(RemoveFile{in.entry.id});
    } else
        ui::mark(frame, {corner.middle_x(), corner.middle_y()}, look.mark, look.colour);
    if (!narrow) {
        float x = picture.right() + frame.px(9);
        ui::Box text{x, box.y, corner.x - x - frame.px(3), box.height};
        ui::TextStyle name{.face = ui::Face::body, .colour = c.text};
        ui::TextStyle small{.face = ui::Face::small,
                            .colour = state == FileState::failed      ? c.failure
                                      : state == FileState::attention ? c.warning
                                                                      : c.third};
        std::vector<std::string> lines = ui::wrapped(words, small, text.width);
        if (lines.size() > 2) {
            lines[1] = ui::elided(lines[1] + " " + lines[2], small, text.width);
            lines.resize(2);
        }
        float step = frame.px(14), name_height = frame.px(18);
        float total = name_height + step * static_cast<float>(lines.size());
        float y = box.middle_y() - total / 2;
        ui::text_in(frame, {text.x, y, text.width, name_height}, ui::elided_middle(in.entry.name, name, text.width),
                    name);
        y += name_height;
        for (std::string const& line : lines) {
            ui::text_in(frame, {text.x, y, text.width + 1, step}, line, small);
            y += step;
        }
        if (state == FileState::working && result->progress > 0)
            ui::progress_line(frame, {text.x, box.bottom() - frame.px(6), text.width, frame.px(3)}, result->progress);
    }
    if (t.focused) ui::focus_ring(frame, box.inset(frame.px(2), frame.px(2)), radius);
}

} // namespace

void draw_tray(PanelInput const& input, CommandSink& commands) {
    ui::Frame frame = frame_of(input);
    ui::Box area = box_of(input.area);
    ui::vertical_line(frame, area.right() - frame.hairline(), area.y, area.bottom(), frame.c.line);
    auto count = input.document.inputs.size();
    float head = frame.px(36), foot = input.narrow ? frame.px(52) : frame.px(72), side = frame.px(10);
    if (input.narrow)
        ui::text_in(frame, {area.x, area.y, area.width - frame.px(12), head}, std::to_string(count),
                    {.face = ui::Face::small, .colour = frame.c.third}, ui::Align::right);
    else
        ui::caption(frame, {area.x + frame.px(14), area.y + frame.px(4), area.width - frame.px(28), head - frame.px(4)},
                    "Files", std::to_string(count));

    float step = frame.px(input.narrow ? k_strip_row : k_row), gap = frame.px(2);
    // The drop hint follows the last file, and stays in sight when there are many.
    float list_height = std::min(step * static_cast<float>(count) + gap, area.height - head - foot);
    ui::Box list{area.x, area.y + head, area.width - frame.hairline(), list_height};
    ImGui::SetCursorScreenPos(list.low());
    ImGui::PushStyleVar(ImGuiStyleVar_WindowPadding, {0, 0});
    ImGui::BeginChild("files", {list.width, list.height}, ImGuiChildFlags_None, ImGuiWindowFlags_NavFlattened);
    ImGui::PopStyleVar();
    float top = ImGui::GetCursorScreenPos().y, scroll = ImGui::GetScrollY();
    auto first = static_cast<std::size_t>(std::max(0.0f, scroll / step));
    auto last = std::min(count, static_cast<std::size_t>((scroll + list.height) / step) + 2);
    for (std::size_t i = 0; i < count; ++i) {
        InputEntry const& entry = input.document.inputs[i];
        ui::Box box{list.x + side, top + step * static_cast<float>(i), list.width - 2 * side, step - gap};
        if (i >= first && i < last)
            row({frame, input, entry, box, list}, commands);
        else if (entry.id == input.view.selected && input.view.selected != ImGui::GetStateStorage()->GetInt(1)) {
            // The keys chose a file out of sight.
            ImGui::SetScrollY(std::max(0.0f, step * static_cast<float>(i) - list.height / 2));
        }
    }
    ImGui::GetStateStorage()->SetInt(1, input.view.selected);
    ImGui::SetCursorScreenPos({list.x, top + step * static_cast<float>(count)});
    ImGui::Dummy({1, gap});
    ImGui::EndChild();

    ui::Box hint{area.x + side, list.bottom() + frame.px(10), area.width - 2 * side - frame.hairline(),
                 foot - frame.px(22)};
    hint = frame.snapped(hint);
    ui::Touch t = ui::touch(
        frame, hint, {.id = "tray/drop", .label = "Drop files or a folder", .help = "Or click to choose files."});
    ui::dashed_outline(frame, hint, t.hovered ? frame.c.third : frame.c.line, frame.px(6));
    if (input.narrow) {
        float size = frame.px(14);
        ui::icon(frame, {hint.middle_x() - size / 2, hint.middle_y() - size / 2, size, size}, ui::Icon::plus,
                 frame.c.third);
    } else
        ui::text_in(frame, hint.inset(frame.px(4), 0), "Drop files or a folder",
                    {.face = ui::Face::note, .colour = t.hovered ? frame.c.second : frame.c.third}, ui::Align::centre);
    if (t.focused) ui::focus_ring(frame, hint, frame.px(6));
    if (t.pressed) commands.push_back(OpenDialog{});
}

} // namespace mg::app
