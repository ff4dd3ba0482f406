// How many materials there are: a stepper, and the curve that proposes their number.
#include <algorithm>
#include <cmath>

#include "imgui_internal.h"
#include "panels/materials_side.h"
#include "ui/format.h"

namespace mg::app {

int wanted_materials(PanelInput const& input) {
    StepUse const* use = find_use(input.recipe(), "cluster");
    int const index = use ? param_index(*use->step, k_count_key) : -1;
    if (index < 0) return 0;
    auto const* number = std::get_if<std::int64_t>(&use->values[static_cast<std::size_t>(index)]);
    return number ? static_cast<int>(*number) : 0;
}

namespace {

/// Points of the curve in a box; a click on one chooses its number.
void curve(ui::Frame const& frame, PanelInput const& input, CommandSink& commands, ui::Box box, int number) {
    ui::Palette const& c = frame.c;
    std::vector<MaterialCount> const& points = input.results.materials.found->curve;
    double low = points.front().score, high = low;
    for (MaterialCount const& point : points) low = std::min(low, point.score), high = std::max(high, point.score);
    float const words = frame.px(16);
    ui::Box const plot = frame.snapped({box.x, box.y, box.width, box.height - words});
    ui::fill(frame, plot, c.field, frame.px(4));
    ui::Box const inner = plot.inset(frame.px(12), frame.px(9));
    int const first = points.front().materials, last = points.back().materials;
    auto const x_of = [&](int materials) {
        return inner.x +
               inner.width *
                   (last > first ? static_cast<float>(materials - first) / static_cast<float>(last - first) : 0.5f);
    };
    // The root shows the small differences near the best number, which the large ones at its left would flatten.
    auto const y_of = [&](double score) {
        return inner.bottom() -
               inner.height * (high > low ? static_cast<float>(std::sqrt((score - low) / (high - low))) : 0.5f);
    };
    ui::Touch const t =
        ui::touch(frame, plot,
                  {.id = "materials/curve",
                   .label = "Number of materials by the curve",
                   .kind = "slider",
                   .value = std::to_string(number),
                   .help = "How well each number of materials explains the maps: lower is better, beyond that they are "
                           "only divided further. Click or arrow keys: that number."});
    int under = -1;
    if (t.hovered) {
        float nearest = 1e9f;
        for (MaterialCount const& point : points) {
            float const distance = std::fabs(ImGui::GetIO().MousePos.x - x_of(point.materials));
            if (distance < nearest) nearest = distance, under = point.materials;
        }
    }
    if (t.pressed && under > 0) commands.push_back(SetMaterialCount{under});
    if (t.focused)
        for (ImGuiKey key : {ImGuiKey_LeftArrow, ImGuiKey_RightArrow}) {
            ImGui::SetKeyOwner(key, t.id);
            if (ImGui::IsKeyPressed(key))
                commands.push_back(
                    SetMaterialCount{std::clamp(number + (key == ImGuiKey_LeftArrow ? -1 : 1), first, last)});
        }
    ImDrawList& list = ui::draw_list(frame);
    std::vector<ImVec2> path;
    for (MaterialCount const& point : points) path.push_back({x_of(point.materials), y_of(point.score)});
    list.AddPolyline(path.data(), static_cast<int>(path.size()), ui::faded(c.accent, 0.55f), 0, 1.5f * frame.scale);
    int const proposed = input.results.materials.found->proposed;
    float const step = path.size() > 1 ? path[1].x - path[0].x : inner.width;
    int const every = std::max(1, static_cast<int>(std::ceil(frame.px(18) / std::max(step, 1.0f))));
    for (std::size_t i = 0; i < points.size(); ++i) {
        int const materials = points[i].materials;
        bool const chosen = materials == number;
        if (chosen) ui::vertical_line(frame, path[i].x, plot.y, plot.bottom(), ui::faded(c.accent, 0.35f));
        if (materials == proposed) list.AddCircle(path[i], frame.px(6), c.ok, 0, 1.5f * frame.scale);
        list.AddCircleFilled(path[i],
                             frame.px(chosen               ? 4
                                      : materials == under ? 3.5f
                                                           : 2),
                             chosen ? c.accent : c.second);
        if ((materials - first) % every == 0 || chosen)
            ui::text_in(
                frame, {path[i].x - frame.px(14), plot.bottom(), frame.px(28), words}, std::to_string(materials),
                {.face = ui::Face::small, .colour = chosen ? c.text : c.third, .tabular = true}, ui::Align::centre);
    }
    if (t.focused) ui::focus_ring(frame, plot, frame.px(4));
}

} // namespace

void number_of_materials(ui::Frame const& frame, PanelInput const& input, CommandSink& commands, ui::Column& column) {
    Materials const& found = *input.results.materials.found;
    int const wanted = wanted_materials(input);
    int const number = wanted > 0 ? wanted : found.proposed > 0 ? found.proposed : static_cast<int>(found.list.size());
    column.y += frame.px(8);
    ui::Box const row = column.row(frame.px(28));
    ui::text_in(frame, row, "Number", {.face = ui::Face::body, .colour = frame.c.second});
    float const side = frame.px(24), figure = frame.px(30);
    float x = row.x + frame.px(64);
    ui::Box const box = frame.snapped({x, row.middle_y() - frame.px(12), 2 * side + figure, frame.px(24)});
    ui::fill(frame, box, frame.c.field, frame.px(5));
    ui::outline(frame, box, frame.c.line, frame.px(5));
    if (ui::icon_button(frame, {box.x, box.y, side, box.height},
                        {.id = "materials/number/less", .label = "One material less", .enabled = number > 1},
                        ui::Icon::minus))
        commands.push_back(SetMaterialCount{number - 1});
    ui::Box const middle{box.x + side, box.y, figure, box.height};
    ui::text_in(frame, middle, std::to_string(number),
                {.face = ui::Face::body, .colour = frame.c.text, .tabular = true}, ui::Align::centre);
    ui::record(
        frame, middle,
        {.id = "materials/number", .label = "Number of materials", .kind = "status", .value = std::to_string(number)});
    if (ui::icon_button(
            frame, {middle.right(), box.y, side, box.height},
            {.id = "materials/number/more", .label = "One material more", .enabled = number < k_most_materials},
            ui::Icon::plus))
        commands.push_back(SetMaterialCount{number + 1});
    std::string const label =
        wanted > 0 && found.proposed > 0 ? std::to_string(found.proposed) + " proposed" : "proposed";
    float const width = ui::chip_width(frame, label);
    if (found.proposed > 0 &&
        ui::chip(frame, {row.right() - width, row.middle_y() - frame.px(10), width, frame.px(20)},
                 {.id = "materials/number/proposed",
                  .label = label,
                  .value = wanted > 0 ? "off" : "on",
                  .help = wanted > 0 ? "Click: as many as the curve proposes." : "As many as the curve proposes."},
                 wanted == 0) &&
        wanted > 0)
        commands.push_back(SetMaterialCount{0});
    column.y += frame.px(4);
    if (found.curve.size() > 1) {
        curve(frame, input, commands, column.row(frame.px(84)), number);
        line(frame, column,
             {.id = "materials/curve/words", .text = "Lower explains the maps better.", .colour = frame.c.third});
    }
}

} // namespace mg::app
