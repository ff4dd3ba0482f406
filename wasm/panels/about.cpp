// What the program is, that nothing leaves the computer, and the licences of what is inside.
#include "panels/sheet.h"

namespace mg::app {

void draw_about(PanelInput const& input, CommandSink& commands) {
    auto body =
        begin_sheet(input, commands, {.kind = Sheet::about, .title = "Micrographia", .width = 760, .height = 640});
    if (!body) return;
    ui::Frame frame = frame_of(input);
    ui::TextStyle text{.face = ui::Face::body, .colour = frame.c.second};
    float y = body->y, step = frame.px(20);
    auto paragraph = [&](std::string id, std::string_view words) {
        float top = y;
        for (std::string const& line : ui::wrapped(words, text, body->width)) {
            ui::text_in(frame, {body->x, y, body->width + 2, step}, line, text);
            y += step;
        }
        ui::record(frame, {body->x, top, body->width, y - top},
                   {.id = std::move(id), .label = std::string(words), .kind = "status"});
        y += frame.px(8);
    };
    paragraph("about/what", "From microscope TIFFs to publishable figures: a databar with a true scale bar, and steps "
                            "that say what they did. "
                            "The same program runs from the command line and gives the same bytes.");
    paragraph("about/privacy", "Private by construction: this page may not open any connection. Your images are read, "
                               "worked on and saved on this "
                               "computer; nothing is sent anywhere, and it works with the network off. Only your view "
                               "settings are kept, in this browser, and what you allow here:");
    ui::Box const remember = frame.snapped({body->x, y, body->width, frame.px(24)});
    ui::text_in(frame, remember, "Remember this session in this browser", {.face = ui::Face::body, .colour = frame.c.text});
    if (ui::switch_in(frame, remember, {.id = "about/remember", .label = "Remember this session in this browser"}, input.view.remember))
        change_view(input, commands, [](ViewState& v) { v.remember = !v.remember; });
    y += frame.px(26);
    paragraph("about/remembered", "Kept are the names, folders, sizes and checksums of the open files, all settings, and what "
                                  "you said of single files; never the images. Switching it off deletes this.");
    paragraph("about/licence",
              "Free software under the MIT licence. It stands on the work of others, whose licences follow.");
    ui::Box list = frame.snapped({body->x, y + frame.px(4), body->width, body->bottom() - y - frame.px(4)});
    ui::fill(frame, list, frame.c.ground, frame.px(6));
    ui::outline(frame, list, frame.c.line, frame.px(6));
    ui::Box inner = list.inset(frame.px(12), frame.px(8));
    ImGui::SetCursorScreenPos(inner.low());
    ImGui::BeginChild("notices", {inner.width + frame.px(8), inner.height}, ImGuiChildFlags_None,
                      ImGuiWindowFlags_NavFlattened);
    float line_step = frame.px(15), top = ImGui::GetCursorScreenPos().y, scroll = ImGui::GetScrollY();
    ui::TextStyle small{.face = ui::Face::small, .colour = frame.c.third};
    std::string_view rest = input.notices;
    float at = 0;
    while (!rest.empty()) {
        std::size_t end = rest.find('\n');
        if (at + line_step > scroll && at < scroll + inner.height)
            ui::text_in(frame, {inner.x, top + at, inner.width, line_step}, rest.substr(0, end), small);
        at += line_step;
        rest = end == std::string_view::npos ? std::string_view{} : rest.substr(end + 1);
    }
    ui::record(frame, list, {.id = "about/notices", .label = "Third-party notices", .kind = "status"});
    ImGui::SetCursorScreenPos({inner.x, top + at});
    ImGui::Dummy({1, 1});
    ImGui::EndChild();
    end_sheet();
}

} // namespace mg::app
