// Two or three elements against each other: what is enclosed there lights up on the picture, and the reverse.
#include <algorithm>
#include <array>

#include "app/material_plots.h"
#include "imgui_internal.h"
#include "panels/materials_side.h"
#include "panels/overlay_tools.h"
#include "panels/steps.h"
#include "ui/density_plot.h"
#include "ui/format.h"
#include "ui/ternary_plot.h"

namespace mg::app {
namespace {

constexpr std::string_view k_section = "plots";

/// Other elements on the axes: the gate was drawn for the ones before; its pixels stay.
void set_axes(PanelInput const& input, CommandSink& commands, std::vector<int> axes, std::size_t changed, int element) {
    if (changed >= axes.size()) return;
    // The element that stood there takes the place of the one that comes.
    for (int& each : axes)
        if (each == element) each = axes[changed];
    axes[changed] = element;
    change_view(input, commands, [&](ViewState& v) {
        v.materials.axes = axes;
        v.materials.gate.clear();
        v.materials.gate_open = false;
    });
}

/// The most frequent material at a place of the plot; -1: none.
int material_at(MaterialPlot const& plot, Point p) {
    if (plot.side <= 0 || plot.dominant.empty()) return -1;
    int const rows = static_cast<int>(plot.dominant.size()) / plot.side;
    int const x = static_cast<int>(p.x * plot.side), y = static_cast<int>(p.y * plot.side);
    // A cell without pixels belongs to its neighbours.
    for (int reach = 0; reach <= 2; ++reach)
        for (int dy = -reach; dy <= reach; ++dy)
            for (int dx = -reach; dx <= reach; ++dx) {
                int const cx = std::clamp(x + dx, 0, plot.side - 1), cy = std::clamp(y + dy, 0, rows - 1);
                std::uint8_t const found = plot.dominant[static_cast<std::size_t>(cy * plot.side + cx)];
                if (found != k_no_material) return found;
            }
    return -1;
}

void gate_in_plot(ui::Frame const& frame, PanelInput const& input, CommandSink& commands, ui::PlotArea const& area,
                  MaterialPlot const& plot) {
    MaterialsView const& view = input.view.materials;
    std::string value = "nothing chosen";
    if (view.gated) value = ui::share_text(share_of(view.gated)) + " of the pixels chosen";
    ui::GateEdit const edit =
        ui::gate(frame, area,
                 {.id = "plots/plot",
                  .label = "Pixels by their elements",
                  .kind = "slider",
                  .value = std::move(value),
                  .help = view.gate.empty() && !view.gated ? "Enclose pixels here: they light up on the picture." : ""},
                 {.corners = view.gate, .open = view.gate_open, .tool = view.tool});
    if (edit.changed) {
        PixelSet set = edit.open ? nullptr : pixels_in(plot, edit.corners);
        change_view(
            input, commands,
            [&](ViewState& v) {
                v.materials.gate = edit.corners;
                v.materials.gate_open = edit.open;
                v.materials.gated = set;
            },
            "gate");
    } else if (edit.clicked)
        if (int const material = material_at(plot, *edit.clicked); material >= 0)
            pick_material(input, commands, material);
    bool const drawing = view.gate_open || (edit.changed && !edit.corners.empty());
    hover_material(input, commands, "plot",
                   edit.over && !drawing && view.gate.empty() ? material_at(plot, *edit.over) : -1);

    auto const pixel = static_cast<std::size_t>(view.hovered_pixel);
    if (view.hovered_pixel >= 0 && pixel < plot.x.size() && plot.x[pixel] >= 0) {
        ImVec2 const at = area.to_page({static_cast<double>(plot.x[pixel]), static_cast<double>(plot.y[pixel])});
        ImDrawList& list = ui::draw_list(frame);
        list.AddCircle(at, frame.px(5), 0xa0000000u, 0, 3.5f * frame.scale);
        list.AddCircle(at, frame.px(5), 0xffffffffu, 0, 1.5f * frame.scale);
    }
}

/// What is chosen in words, and what can be done with it.
void chosen_words(ui::Frame const& frame, PanelInput const& input, CommandSink& commands, ui::Column& column,
                  MaterialPlot const& plot) {
    MaterialsView const& view = input.view.materials;
    ui::Palette const& c = frame.c;
    PixelSet const& set = view.gated ? view.gated : view.area;
    if (!set) {
        std::string text = "Enclose pixels to find them on the picture.";
        if (plot.left_out > 0.005) text += " " + ui::share_text(plot.left_out) + " have too few counts to be shown.";
        line(frame, column, {.id = "plots/words", .text = text, .colour = c.third});
        return;
    }
    double const share = share_of(set);
    ui::Box const row = column.row(frame.px(22));
    std::string const text = ui::share_text(share) + (view.gated ? " of the pixels" : " marked on the picture");
    ui::text_in(frame, row, text, {.face = ui::Face::note, .colour = c.text, .tabular = true});
    ui::record(frame, row, {.id = "plots/words", .label = text, .kind = "status"});
    float const none = ui::text_width("Clear", {.face = ui::Face::note}) + 1;
    if (ui::link(frame, row.from_right(none), {.id = "plots/clear", .label = "Clear"}, ui::Face::note))
        change_view(input, commands, [](ViewState& v) {
            v.materials.gate.clear();
            v.materials.gate_open = false;
            v.materials.gated.reset();
            v.materials.area.reset();
        });
    if (ui::link(
            frame, column.row(frame.px(22)),
            {.id = "plots/add",
             .label = "Make a material of these",
             .enabled = share > 0,
             .help = "A further material whose composition is the mean of these pixels; it is found wherever it lies."},
            ui::Face::note))
        commands.push_back(AddMaterial{{}, set});
}

void plot_body(ui::Frame const& frame, PanelInput const& input, CommandSink& commands, ui::Column& column) {
    MaterialsResult const& result = input.results.materials;
    MaterialsView const& view = input.view.materials;
    ui::Box const tools = column.row(frame.px(28));
    float const tools_width = frame.px(3 * 28);
    static constexpr std::array<std::string_view, 2> k_kinds{"Two elements", "Three"};
    if (auto const kind =
            ui::choice(frame, tools.without_right(tools_width + frame.px(10)),
                       {.id = "plots/kind", .label = "Number of elements"}, k_kinds, static_cast<int>(view.plot)))
        change_view(input, commands, [&](ViewState& v) {
            v.materials.plot = static_cast<MaterialsPlot>(*kind);
            v.materials.gate.clear();
            v.materials.gate_open = false;
        });
    if (auto const tool = ui::gate_tools(frame, tools.from_right(tools_width), "plots/tool", view.tool))
        change_view(input, commands, [&](ViewState& v) {
            v.materials.tool = *tool;
            if (v.materials.gate_open) v.materials.gate.clear();
            v.materials.gate_open = false;
        });
    bool const three = view.plot == MaterialsPlot::ternary;
    if (!result.plot || (result.plot->axes.size() == 3) != three) {
        std::string const text = !result.found ? "Shown when the materials are found."
                                 : three       ? "Maps of three elements are needed."
                                               : "Maps of two elements are needed.";
        return line(frame, column, {.id = "plots/none", .text = text, .colour = frame.c.third});
    }
    MaterialPlot const& plot = *result.plot;
    std::vector<std::string> names;
    for (Element const& element : result.found->elements) names.push_back(element.label);
    column.y += frame.px(4);
    if (three) {
        ui::Box const box = column.row(ui::ternary_height(frame, column.width));
        ui::PlotArea const area = ui::ternary_area(frame, box);
        // The picture's rows are whole cells: its top may lie a little above the triangle's.
        float const height =
            area.box.width * static_cast<float>(plot.picture->size.height) / static_cast<float>(plot.side);
        input.pictures.draw(plot.picture, {area.box.x, area.box.bottom() - height, area.box.width, height}, input.area);
        auto const edit =
            ui::ternary_axes(frame, box, "plots/corner",
                             {.names = names, .corners = {plot.axes[0], plot.axes[1], plot.axes[2]}}, frame.c.panel);
        if (edit) set_axes(input, commands, plot.axes, static_cast<std::size_t>(edit->corner), edit->element);
        gate_in_plot(frame, input, commands, area, plot);
    } else {
        ui::Box const box = column.row(ui::scatter_height(frame, column.width));
        ui::PlotArea const area = ui::scatter_area(frame, box);
        input.pictures.draw(plot.picture, rectangle_of(area.box), input.area);
        auto const edit = ui::scatter_axes(frame, box, "plots/axis",
                                           {.names = names,
                                            .across = plot.axes[0],
                                            .up = plot.axes[1],
                                            .largest_across = plot.largest[0],
                                            .largest_up = plot.largest[1]});
        if (edit.across) set_axes(input, commands, plot.axes, 0, *edit.across);
        if (edit.up) set_axes(input, commands, plot.axes, 1, *edit.up);
        gate_in_plot(frame, input, commands, area, plot);
    }
    column.y += frame.px(4);
    chosen_words(frame, input, commands, column, plot);
}

} // namespace

void draw_materials_plots(PanelInput const& input, CommandSink& commands) {
    ui::Frame frame = frame_of(input);
    ui::Column column = right_column(input);
    divider(input, column);
    column.y += frame.px(3);
    bool const unfolded = holds(input.view.unfolded, k_section);
    auto const head =
        ui::section_head(frame, column.row(frame.px(32)),
                         {.id = std::string(k_section), .label = "Elements against each other"}, unfolded, {});
    if (head.folded) change_view(input, commands, [](ViewState& v) { toggle(v.unfolded, k_section); });
    if (unfolded) {
        plot_body(frame, input, commands, column);
        column.y += frame.px(8);
    } else
        hover_material(input, commands, "plot", -1);
    column.y = frame.snap(column.y + frame.px(2));
    end_column(column);
}

} // namespace mg::app
