// First sight: where to drop, what comes of it, and a sample to try.
#include <array>
#include <vector>

#include "panels/tools.h"

namespace mg::app {
namespace {

/// Fields of flat colours that meet in sharp borders: the cells of scattered points.
void grains(ImDrawList& list, ui::Box box, float floor) {
    struct Seed {
        float x, y;
        std::uint32_t colour;
    };
    constexpr std::uint32_t k_colours[] = {0x8f6a4f, 0x5f9a56, 0x4f6fb0, 0x8a8f4c, 0x965f8c}; // as 0xBBGGRR
    std::vector<Seed> seeds;
    std::uint32_t state = 21;
    auto next = [&] {
        state = state * 1664525u + 1013904223u;
        return static_cast<float>(state >> 8) / 16777216.0f;
    };
    for (std::uint32_t i = 0; i < 26; ++i) {
        float const x = box.x + next() * box.width, y = box.y + next() * (floor - box.y);
        seeds.push_back({x, y, k_colours[i % 5]});
    }
    constexpr float k_step = 2;
    for (float y = box.y; y < floor; y += k_step) {
        float from = box.x;
        std::uint32_t colour = 0;
        for (float x = box.x; x <= box.right() + k_step; x += k_step) {
            float least = 1e30f;
            std::uint32_t nearest = 0;
            for (Seed const& seed : seeds) {
                float const dx = seed.x - x, dy = seed.y - y, d = dx * dx + dy * dy;
                if (d < least) least = d, nearest = seed.colour;
            }
            if (nearest != colour || x > box.right()) {
                if (colour != 0) list.AddRectFilled({from, y}, {std::min(x, box.right()), y + k_step}, 0xff000000u | colour);
                from = x;
                colour = nearest;
            }
        }
    }
}

/// A small drawing of what comes out: grains, and a databar with a scale bar.
void example(ui::Frame const& frame, ui::Box box, Workspace workspace) {
    bool const coloured = workspace != Workspace::annotate;
    ImDrawList& list = ui::draw_list(frame);
    list.PushClipRect(box.low(), box.high(), true);
    ui::fill(frame, box, coloured ? 0xff3a302cu : 0xff6e6e6eu);
    constexpr std::uint32_t k_tints[] = {0xd8849c, 0xd8a83c, 0x8cb830, 0x48a8d8, 0x5470e8}; // of a stack, as 0xBBGGRR
    // Places from a fixed sequence, so that the drawing is always the same.
    std::uint32_t state = 7;
    auto next = [&] {
        state = state * 1664525u + 1013904223u;
        return static_cast<float>(state >> 8) / 16777216.0f;
    };
    float bar = frame.px(34), floor = box.bottom() - bar;
    auto spot = [&](float radius, std::uint32_t grey, std::uint32_t alpha) {
        float x = box.x + next() * box.width, y = box.y + next() * (floor - box.y);
        // Discs upon each other make a soft edge.
        for (int ring = 1; ring <= 5; ++ring)
            list.AddCircleFilled({x, y}, radius * (1.25f - 0.17f * static_cast<float>(ring)),
                                 alpha << 24 | (coloured && grey > 0x20 ? k_tints[grey % 5] : grey * 0x010101u));
    };
    if (workspace == Workspace::overlay)
        for (std::uint32_t i = 0; i < 70; ++i) spot(frame.px(10 + 26 * next()), 0x80 + i % 5, 0x16);
    if (workspace == Workspace::materials) grains(list, box, floor);
    for (int i = 0; i < 60 && workspace != Workspace::materials; ++i) spot(frame.px(9 + 14 * next()), i % 2 ? 0x90 : 0x48, 0x0c);
    for (int i = 0; i < 44; ++i) spot(frame.px(1.5f + 5 * next()), 0x10, 0x2c);
    for (int i = 0; i < 22; ++i) spot(frame.px(1 + 3.5f * next()), 0xf4, 0x30);
    float grain = frame.snap(frame.px(1));
    for (int i = 0; i < 2600; ++i) {
        float x = frame.snap(box.x + next() * box.width), y = frame.snap(box.y + next() * (floor - box.y));
        list.AddRectFilled({x, y}, {x + grain, y + grain}, next() < 0.5f ? 0x14ffffffu : 0x18000000u);
    }
    ui::Box databar = frame.snapped({box.x, box.bottom() - bar, box.width, bar});
    ui::fill(frame, databar, 0xff000000u);
    ui::TextStyle small{.face = ui::Face::small, .colour = 0xffd8d4d2u};
    ui::text_in(frame, databar.inset(frame.px(10), 0), "10 kV   10 000×", small);
    float width = frame.px(64), x = databar.right() - frame.px(12) - width;
    ui::text_in(frame, {x, databar.y + frame.px(3), width, frame.px(16)}, "2 µm", small, ui::Align::centre);
    float y = frame.snap(databar.bottom() - frame.px(9)), w = frame.hairline();
    list.AddRectFilled({x, y}, {x + width, y + w}, small.colour);
    list.AddRectFilled({x, y - frame.px(3)}, {x + w, y + frame.px(3) + w}, small.colour);
    list.AddRectFilled({x + width - w, y - frame.px(3)}, {x + width, y + frame.px(3) + w}, small.colour);
    list.PopClipRect();
}

struct Words {
    std::string_view drop, kinds, id, title, what, sample;
};
constexpr std::string_view k_images = "Drop microscope images here",
                           k_tiffs = "TIFFs from the microscope, single or in whole folders. They stay on this computer.";
constexpr Words k_words[] = {
    {k_images, k_tiffs, "empty/annotate", "Annotate",
     "A figure with a true scale bar from each TIFF: spikes removed, sharpened or smoothed by the beam spot, "
     "pixels made square, contrast set, databar below.",
     "SE images and five CL images, made here on the spot."},
    {k_images, k_tiffs, "empty/overlay", "Overlay",
     "Images of one place, one per wavelength or beam energy: their drift is measured and taken out, each gets its "
     "tint, all together make one picture.",
     "A drifting stack of CL images with known truth, made here on the spot."},
    {"Drop element maps and their SE image here",
     "One image per element, best as a whole folder. They stay on this computer.", "empty/materials", "Materials",
     "Element maps of one field become materials: what each consists of, where it is, how sure that is. The SE image "
     "takes their colours.",
     "Eight element maps, a Lab image and an SE image with known truth, made here on the spot."}};

void card(ui::Frame const& frame, CommandSink& commands, ui::Box box, Workspace workspace) {
    Words const& words = k_words[static_cast<std::size_t>(workspace)];
    ui::Palette const& c = frame.c;
    float radius = frame.px(10);
    ui::fill(frame, box, c.panel, radius);
    float edge = frame.hairline();
    ui::Box picture =
        frame.snapped({box.x + edge, box.y + edge, std::min(frame.px(236), box.width * 0.36f), box.height - 2 * edge});
    example(frame, picture, workspace);
    // The picture's square corners go under the card's rounded ones.
    ui::outline(frame, box.inset(-frame.px(5), -frame.px(5)), c.ground, radius + frame.px(5), frame.px(5));
    ui::outline(frame, box, c.line, radius);
    ui::vertical_line(frame, picture.right(), box.y + edge, box.bottom() - edge, c.line);
    ui::Box text = box.without_left(picture.width).inset(frame.px(22), frame.px(20));
    float y = text.y;
    auto line = [&](float height) {
        ui::Box at{text.x, y, text.width, height};
        y += height;
        return at;
    };
    ui::Box head = line(frame.px(20));
    std::string const title(words.title);
    ui::text_in(frame, head, title, {.face = ui::Face::strong, .colour = c.text});
    ui::record(frame, head, {.id = std::string(words.id), .label = title, .kind = "heading"});
    y += frame.px(4);
    ui::TextStyle body{.face = ui::Face::body, .colour = c.second};
    for (std::string const& each : ui::wrapped(words.what, body, text.width))
        ui::text_in(frame, line(frame.px(20)), each, body);
    y += frame.px(8);
    if (ui::link(frame, line(frame.px(22)),
                 {.id = "empty/samples",
                  .label = "Try sample data",
                  .help = words.sample}))
        commands.push_back(OpenSamples{});
}

/// "Your last session: 12 files. Drop them again to go on."
void last_session(ui::Frame const& frame, PanelInput const& input, CommandSink& commands, ui::Box box) {
    ui::fill(frame, box, frame.c.panel, frame.px(8));
    ui::outline(frame, box, frame.c.line, frame.px(8));
    ui::Box row = box.inset(frame.px(12), frame.px(6));
    auto const take = [&](std::string_view label) {
        float const width = ui::button_width(frame, label);
        ui::Box const at = row.from_right(width);
        row = row.without_right(width + frame.px(8));
        return at;
    };
    if (input.can_go_on &&
        ui::button(frame, take("Go on"), {.id = "session/go_on", .label = "Go on", .help = "Its settings come back now, its files when you drop them."},
                   ui::ButtonLook::primary))
        commands.push_back(GoOn{});
    if (ui::button(frame, take("Forget"), {.id = "session/forget", .label = "Forget", .help = "Deletes what this browser kept of it."}))
        commands.push_back(ForgetSession{});
    std::string const words(input.last_session);
    ui::TextStyle const text{.face = ui::Face::body, .colour = frame.c.text};
    ui::text_in(frame, row, ui::elided(words, text, row.width), text);
    ui::record(frame, row, {.id = "session/last", .label = words, .kind = "status"});
}

} // namespace

void draw_empty_state(PanelInput const& input, CommandSink& commands) {
    if (!input.document.inputs.empty()) return;
    Words const& words = k_words[static_cast<std::size_t>(input.view.workspace)];
    ui::Frame frame = frame_of(input);
    ui::Palette const& c = frame.c;
    ui::Box area = box_of(input.area);
    float width = std::min(frame.px(720), area.width - frame.px(48));
    float drop_height = std::min(frame.px(234), area.height * 0.45f), card_height = frame.px(152), gap = frame.px(28);
    float total = drop_height + gap + card_height;
    float x = area.middle_x() - width / 2,
          y = std::max(area.y + frame.px(12), area.middle_y() - total / 2 - frame.px(8));
    if (!input.last_session.empty()) y = std::max(y, area.y + frame.px(64)); // it stands above
    ui::Box drop = frame.snapped({x, y, width, drop_height});
    ui::dashed_outline(frame, drop, ui::faded(c.third, 0.7f), frame.px(14));
    ui::record(frame, drop, {.id = "empty/drop", .label = std::string(words.drop), .kind = "image"});

    float block = frame.px(122), top = drop.middle_y() - block / 2;
    ui::Box inner{drop.x + frame.px(16), top, drop.width - frame.px(32), frame.px(34)};
    ui::text_in(frame, inner, words.drop, {.face = ui::Face::headline, .colour = c.text},
                ui::Align::centre);
    inner = {inner.x, top + frame.px(42), inner.width, frame.px(24)};
    ui::text_in(frame, inner, words.kinds,
                {.face = ui::Face::lead, .colour = c.second}, ui::Align::centre);
    float files = ui::button_width(frame, "Open files…") + frame.px(14),
          folder = ui::button_width(frame, "Open folder…") + frame.px(14);
    float space = frame.px(10), left = drop.middle_x() - (files + space + folder) / 2, row = top + frame.px(86),
          height = frame.px(36);
    if (ui::button(frame, {left, row, files, height}, {.id = "empty/open", .label = "Open files…", .help = "Key: O"},
                   ui::ButtonLook::primary))
        commands.push_back(OpenDialog{});
    if (ui::button(frame, {left + files + space, row, folder, height},
                   {.id = "empty/folder", .label = "Open folder…", .help = "Key: Shift O"}))
        commands.push_back(OpenDialog{true});
    if (!input.last_session.empty()) last_session(frame, input, commands, frame.snapped({x, drop.y - frame.px(52), width, frame.px(40)}));
    card(frame, commands, frame.snapped({x, drop.bottom() + gap, width, card_height}), input.view.workspace);
}

} // namespace mg::app
