// Which page of a file with several is shown, and all of them as images of their own.
#include "panels/steps.h"
#include "panels/tools.h"

namespace mg::app {

void draw_pages(PanelInput const& input, CommandSink& commands) {
    InputEntry const* entry = selected_input(input);
    FileResult const* result = selected_result(input);
    if (!entry || !result || result->page_count < 2) return;
    ui::Frame frame = frame_of(input);
    ui::Box area = box_of(input.area);
    ui::vertical_line(frame, area.x, area.y, area.bottom(), frame.c.line);
    ui::Column column = right_column(input);
    column.y += frame.px(8);
    int const page = entry->page, count = result->page_count;
    ui::caption(frame, column.row(frame.px(26)), "Pages");
    ui::Box row = column.row(frame.px(26));
    auto step = [&](ui::Box box, std::string_view id, std::string_view label, int to) {
        if (ui::chip(frame, box, {.id = std::string(id), .label = std::string(label), .enabled = to >= 0 && to < count}))
            commands.push_back(ChoosePage{entry->id, to});
    };
    step(row.from_left(ui::chip_width(frame, "Previous")).inset(0, frame.px(3)), "pages/previous", "Previous", page - 1);
    step(row.from_right(ui::chip_width(frame, "Next")).inset(0, frame.px(3)), "pages/next", "Next", page + 1);
    std::string const words = "page " + std::to_string(page + 1) + " of " + std::to_string(count);
    ui::text_in(frame, row, words, {.face = ui::Face::body, .colour = frame.c.text, .tabular = true}, ui::Align::centre);
    ui::record(frame, row, {.id = "pages/shown", .label = words, .kind = "status"});
    ui::Box const link = column.row(frame.px(24));
    if (ui::link(frame, link,
                 {.id = "pages/open_all",
                  .label = "Open every page",
                  .help = "Each becomes an image of its own, which Overlay can lay over the others."}))
        commands.push_back(OpenPages{entry->id, count});
    column.y = frame.snap(column.y + frame.px(8));
    end_column(column);
}

} // namespace mg::app
