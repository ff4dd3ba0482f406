// Distribution of the recorded values, with the limits of the contrast to drag.
#include <array>

#include "imgui_internal.h"
#include "panels/steps.h"
#include "panels/tools.h"
#include "ui/format.h"
#include "ui/plots.h"

namespace mg::app {
namespace {

constexpr std::string_view k_contrast = "contrast";

/// Fixes the contrast to these fractions of the recorded range.
void set_limits(PanelInput const& input, CommandSink& commands, double low, double high, std::string const& gesture) {
    StepUse const* use = find_use(input.document.recipe, k_contrast);
    if (!use) return;
    for (Param const& p : use->step->params) {
        auto set = [&](Value value) {
            commands.push_back(SetParam{std::string(k_contrast), std::string(p.info.key), std::move(value), gesture, 0});
        };
        double unit = p.info.unit == "%" ? 100 : 1;
        if (p.info.key == "method")
            for (std::size_t i = 0; i < p.info.choices.size(); ++i)
                if (p.info.choices[i].key == "fixed") set(static_cast<std::int64_t>(i));
        if (p.info.key == "low") set(low * unit);
        if (p.info.key == "high") set(high * unit);
    }
    if (!use->enabled) commands.push_back(SetEnabled{std::string(k_contrast), true});
}

void reset_limits(CommandSink& commands) {
    for (std::string_view key : {"method", "low", "high"})
        commands.push_back(ResetParam{std::string(k_contrast), std::string(key)});
}

} // namespace

void draw_histogram(PanelInput const& input, CommandSink& commands) {
    ui::Frame frame = frame_of(input);
    ui::Box area = box_of(input.area);
    // The panel's edge belongs to the window, not to what scrolls in it.
    ui::vertical_line(frame, area.x, area.y, area.bottom(), frame.c.line);
    ui::Column column = right_column(input);
    column.y += frame.px(8);
    FileResult const* r = selected_result(input);
    ui::caption(frame, column.row(frame.px(26)), "Histogram");
    ui::Box plot = column.row(frame.px(66));
    Histogram empty;
    Histogram const& h = r ? r->histogram : empty;
    std::string id = "histogram/limits";
    ui::Touch t =
        ui::touch(frame, plot,
                  {.id = id,
                   .label = "Contrast limits",
                   .kind = "slider",
                   .value = ui::number_text(h.low * 100, 3) + " to " + ui::number_text(h.high * 100, 3) + " %",
                   .enabled = r && r->picture,
                   .help = "Drag the lines to set black and white; a double click makes them automatic again."});
    ui::Limits limits{h.low, h.high, h.gamma};
    bool known = r && (r->picture || r->recorded_picture);
    if (known)
        ui::histogram(frame, plot, h.counts, limits, t.hovered || t.held || t.focused);
    else
        ui::horizontal_line(frame, plot.x, plot.right(), plot.bottom() - frame.hairline(), frame.c.line);
    double mouse = plot.width > 0 ? (ImGui::GetIO().MousePos.x - plot.x) / plot.width : 0;
    ImGuiStorage* storage = ImGui::GetStateStorage();
    if (t.hovered || t.held) ImGui::SetMouseCursor(ImGuiMouseCursor_ResizeEW);
    if (t.started) storage->SetInt(t.id + 1, std::fabs(mouse - h.low) <= std::fabs(mouse - h.high) ? 0 : 1);
    std::string name = ui::gesture(t.id, id, t.started);
    if (t.doubled)
        reset_limits(commands);
    else if (t.held && ImGui::IsMouseDragging(ImGuiMouseButton_Left, 2)) {
        bool high = storage->GetInt(t.id + 1) == 1;
        double at = std::clamp(std::round(mouse * 1000) / 1000, 0.0, 1.0), gap = 0.005;
        if (high)
            set_limits(input, commands, h.low, std::max(at, h.low + gap), name);
        else
            set_limits(input, commands, std::min(at, h.high - gap), h.high, name);
    } else if (t.focused) {
        // Left and right move the lower limit, with Shift the upper one.
        for (ImGuiKey key : {ImGuiKey_LeftArrow, ImGuiKey_RightArrow}) {
            ImGui::SetKeyOwner(key, t.id);
            if (!ImGui::IsKeyPressed(key)) continue;
            double by = key == ImGuiKey_LeftArrow ? -0.01 : 0.01;
            bool high = ImGui::GetIO().KeyShift;
            set_limits(input, commands, high ? h.low : std::clamp(h.low + by, 0.0, h.high - 0.01),
                       high ? std::clamp(h.high + by, h.low + 0.01, 1.0) : h.high, name);
        }
        if (ImGui::IsKeyPressed(ImGuiKey_Delete)) reset_limits(commands);
    }
    if (t.focused) ui::focus_ring(frame, plot, frame.px(3));
    ui::Box words = column.row(frame.px(20));
    std::string below = ui::share_text(h.below) + " below", above = ui::share_text(h.above) + " above";
    ui::TextStyle small{.face = ui::Face::small, .colour = frame.c.third, .tabular = true};
    ui::text_in(frame, words, known ? below : "", small);
    ui::text_in(frame, words, known ? above : "", small, ui::Align::right);
    if (known) ui::record(frame, words, {.id = "histogram/clipped", .label = below + ", " + above, .kind = "status"});
    column.y = frame.snap(column.y + frame.px(8));
    end_column(column);
}

} // namespace mg::app
