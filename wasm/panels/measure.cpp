#include "panels/measure.h"

#include <algorithm>
#include <cmath>

#include "imgui_internal.h"
#include "metadata/units.h"
#include "panels/tools.h"
#include "ui/fields.h"
#include "ui/format.h"

namespace mg::app {
namespace {

constexpr float k_grip_px = 9;

/// Height over width of the stored pixels.
double proportion(Acquisition const& facts) {
    auto const &x = facts.pixel_size_x_nm, &y = facts.pixel_size_y_nm;
    return x && y && x->value > 0 && y->value > 0 ? y->value / x->value : 1;
}

ImVec2 on_screen(MeasureOn const& on, Point stored) {
    Point const p = on.to_stored.inverse()(stored);
    return {static_cast<float>(on.map.x + (p.x + 0.5) * on.map.scale),
            static_cast<float>(on.map.y + (p.y + 0.5) * on.map.scale)};
}

Point stored_at(MeasureOn const& on, ImVec2 mouse) {
    Point p = on.to_stored({on.map.image_x(mouse.x) - 0.5, on.map.image_y(mouse.y) - 0.5});
    Size const size = on.result.recorded_size;
    return {std::clamp(p.x, -0.5, size.width - 0.5), std::clamp(p.y, -0.5, size.height - 0.5)};
}

float distance(ImVec2 a, ImVec2 b) {
    return std::sqrt((a.x - b.x) * (a.x - b.x) + (a.y - b.y) * (a.y - b.y));
}

void drag_line(PanelInput const& input, CommandSink& commands, MeasureOn const& on, PictureTouch const& touch) {
    ImVec2 const mouse = ImGui::GetIO().MousePos;
    auto const change = [&](auto make) {
        change_view(
            input, commands, [&](ViewState& v) { make(v.measure); }, "measure");
    };
    if (touch.started) {
        int grip = -1;
        std::vector<double> const& line = input.view.measure.line;
        for (int end = 0; line.size() == 4 && end < 2; ++end) {
            auto const at = static_cast<std::size_t>(2 * end);
            if (distance(on_screen(on, {line[at], line[at + 1]}), mouse) <= k_grip_px) grip = end;
        }
        change([&](MeasureView& m) {
            m.grip = grip < 0 ? 1 : grip;
            if (grip >= 0) return;
            Point const p = stored_at(on, mouse);
            m.line = {p.x, p.y, p.x, p.y};
        });
        return;
    }
    int const grip = input.view.measure.grip;
    if (touch.held && grip >= 0 && input.view.measure.line.size() == 4) {
        Point p = stored_at(on, mouse);
        auto const moved = static_cast<std::size_t>(2 * grip), other = 2 - moved;
        if (ImGui::GetIO().KeyShift) p.y = input.view.measure.line[other + 1]; // along the scan line
        change([&](MeasureView& m) {
            m.line[moved] = p.x;
            m.line[moved + 1] = p.y;
        });
    }
}

} // namespace

std::optional<Measured> measured(std::span<double const> line, Acquisition const& facts) {
    if (line.size() != 4) return {};
    Measured m;
    m.columns = std::fabs(line[2] - line[0]);
    m.rows = std::fabs(line[3] - line[1]);
    double const rows = m.rows * proportion(facts);
    m.px = std::sqrt(m.columns * m.columns + rows * rows);
    if (!(m.px > 0.5)) return {};
    if (facts.pixel_size_x_nm) m.nm = m.px * facts.pixel_size_x_nm->value;
    return m;
}

std::optional<MicroscopePreset> preset_from(Measured const& line, double known_nm, FileResult const& result) {
    Acquisition const& facts = result.metadata.acquisition;
    if (!facts.magnification || !(facts.magnification->value > 0) || !(line.px > 0) || !(known_nm > 0)) return {};
    double const pixel_nm = known_nm / line.px;
    return MicroscopePreset{
        {}, pixel_nm * result.recorded_size.width * facts.magnification->value * 1e-6, 1 / proportion(facts)};
}

void set_known_length(CommandSink& commands, int file, KnownLength const& known) {
    std::string const gesture = "calibrate " + std::to_string(file);
    std::pair<char const*, double> const values[] = {{"pixel_size_x_nm", 0},
                                                     {"pixel_size_y_nm", 0},
                                                     {"known_length_nm", known.nm},
                                                     {"known_length_px", known.columns_px},
                                                     {"known_length_rows_px", known.rows_px}};
    for (auto const& [key, value] : values) commands.push_back(SetParam{"correct", key, value, gesture, file});
}

void set_microscope(CommandSink& commands, MicroscopePreset const& preset) {
    std::string const gesture = "microscope " + preset.name;
    commands.push_back(SetParam{"correct", "microscope", preset.name, gesture});
    commands.push_back(SetParam{"correct", "microscope_width_mm", preset.width_mm, gesture});
    commands.push_back(SetParam{"correct", "microscope_aspect", preset.aspect, gesture});
}

void draw_measure(ui::Frame const& frame, PanelInput const& input, CommandSink& commands, MeasureOn const& on,
                  PictureTouch const& touch, ui::Box area) {
    if (on.to_stored.determinant() == 0) return;
    drag_line(input, commands, on, touch);
    if (touch.hovered) ImGui::SetMouseCursor(ImGuiMouseCursor_ResizeEW);
    MeasureView const& view = input.view.measure;
    Acquisition const& facts = on.result.metadata.acquisition;
    auto const line = measured(view.line, facts);

    ui::TextStyle const style{.face = ui::Face::note, .colour = frame.c.text, .tabular = true};
    float const pad = frame.px(10), row = frame.px(28), width = std::min(frame.px(340), area.width - frame.px(24));
    int const rows = !line ? 1 : facts.magnification ? 3 : 2;
    ui::Box box{area.x + frame.px(12), 0, width, 2 * pad + row * static_cast<float>(rows)};
    box.y = area.bottom() - frame.px(42) - box.height;
    box = frame.snapped(box);

    if (line) {
        ImVec2 const a = on_screen(on, {view.line[0], view.line[1]}), b = on_screen(on, {view.line[2], view.line[3]});
        ImDrawList& list = ui::draw_list(frame);
        list.PushClipRect(area.low(), area.high(), true);
        list.AddLine(a, b, 0xc0000000u, frame.px(4));
        list.AddLine(a, b, frame.c.accent, frame.px(2));
        for (ImVec2 end : {a, b}) {
            list.AddCircleFilled(end, frame.px(5), 0xffffffffu);
            list.AddCircle(end, frame.px(5), frame.c.accent, 0, frame.px(2));
        }
        list.PopClipRect();
    }
    ui::fill(frame, box, ui::faded(frame.c.raised, 0.94f), frame.px(6));
    std::string text = "Drag along something of known length; Shift keeps the line level";
    if (line) {
        text = ui::number_text(line->px, 5) + " px";
        if (line->rows > 0.05)
            text += " (" + ui::number_text(line->columns, 5) + " across, " + ui::number_text(line->rows, 5) + " down)";
        if (line->nm) text += " \u00B7 " + ui::length_text(*line->nm, 4);
    }
    ui::Box at{box.x + pad, box.y + pad, box.width - 2 * pad, row};
    ui::text_in(frame, at, text, style);
    ui::record(frame, at, {.id = "measure/length", .label = text, .kind = "status"});
    if (!line) return;

    auto const known = nanometres(view.length);
    float const field = frame.px(132);
    at.y += row;
    auto edit =
        ui::text_field(frame, at.from_left(field).inset(0, frame.px(2)),
                       {.id = "measure/known", .label = "Known length"}, view.length, {.hint = "known: 2 \u00B5m"});
    if (edit.value) change_view(input, commands, [&](ViewState& v) { v.measure.length = *edit.value; });
    bool const sound = known && *known > 0;
    if (ui::button(frame, at.without_left(field + frame.px(8)).inset(0, frame.px(2)),
                   {.id = "measure/calibrate",
                    .label = "Calibrate this image",
                    .enabled = sound,
                    .help = "Takes the line as the known length of this file."}) &&
        sound)
        set_known_length(commands, on.file, {*known, line->columns, line->rows});
    if (!facts.magnification) return;
    at.y += row;
    auto name = ui::text_field(frame, at.from_left(field).inset(0, frame.px(2)),
                               {.id = "measure/microscope", .label = "Name of the microscope"}, view.microscope,
                               {.hint = "microscope's name"});
    if (name.value) change_view(input, commands, [&](ViewState& v) { v.measure.microscope = *name.value; });
    bool const named = sound && !view.microscope.empty();
    if (ui::button(frame, at.without_left(field + frame.px(8)).inset(0, frame.px(2)),
                   {.id = "measure/calibrate_microscope",
                    .label = "Calibrate the microscope",
                    .enabled = named,
                    .help = "From then on files with a magnification and no pixel size are scaled by it."}) &&
        named)
        if (auto preset = preset_from(*line, *known, on.result)) {
            preset->name = view.microscope;
            set_microscope(commands, *preset);
            change_view(input, commands, [&](ViewState& v) {
                std::erase_if(v.microscopes, [&](MicroscopePreset const& p) { return p.name == preset->name; });
                v.microscopes.push_back(*preset);
            });
        }
}

} // namespace mg::app
