// The materials as they were found: colour, name, share of the area and composition, and what the user says of them.
#include <algorithm>
#include <array>
#include <cmath>

#include "app/material_plots.h"
#include "imgui_internal.h"
#include "panels/colour_menu.h"
#include "panels/materials_side.h"
#include "panels/overlay_tools.h"
#include "panels/steps.h"
#include "ui/format.h"

namespace mg::app {

void hover_material(PanelInput const& input, CommandSink& commands, std::string_view place, int material) {
    ImGuiStorage* storage = ImGui::GetStateStorage();
    ImGuiID const key = ImGui::GetID((std::string(place) + "/hovered").c_str());
    int const before = storage->GetInt(key, -1);
    storage->SetInt(key, material);
    if (material >= 0)
        change_view(
            input, commands, [&](ViewState& v) { v.materials.hovered = material; }, "hover");
    else if (before >= 0 && input.view.materials.hovered == before)
        change_view(
            input, commands, [](ViewState& v) { v.materials.hovered = -1; }, "hover");
}

void pick_material(PanelInput const& input, CommandSink& commands, int material) {
    change_view(input, commands,
                [&](ViewState& v) { v.materials.material = v.materials.material == material ? -1 : material; });
}

void line(ui::Frame const& frame, ui::Column& column, Line const& line) {
    ui::Box const box{column.x + line.indent, column.y, column.width - line.indent, 0};
    float const height = ui::note(frame, box, line.text, line.colour);
    ui::record(frame, {box.x, box.y, box.width, height}, {.id = line.id, .label = line.text, .kind = "status"});
    column.y += height;
}

namespace {

constexpr float k_material_row = 44, k_swatch = 20, k_share = 50, k_sign = 22, k_bar = 4;

std::string id_of(int index) {
    return "materials/row/" + std::to_string(index);
}

/// "2.34 ± 1.52"
std::string counts_text(Material const& material, std::size_t element) {
    std::string text = ui::number_text(element < material.mean.size() ? material.mean[element] : 0, 3);
    if (element < material.deviation.size()) text += " ± " + ui::number_text(material.deviation[element], 2);
    return text;
}

/// What stands in columns: the elements side by side, bars as long as the largest mean of all.
struct Columns {
    float x = 0, width = 0; ///< of one
    double largest = 0;
    int count = 0;
};
Columns columns_of(ui::Frame const& frame, ui::Column const& column, Materials const& found) {
    Columns columns;
    columns.count = static_cast<int>(found.elements.size());
    columns.x = column.x + frame.px(k_swatch);
    columns.width = (column.width - frame.px(k_swatch)) / static_cast<float>(std::max(columns.count, 1));
    for (Material const& material : found.list)
        for (double mean : material.mean) columns.largest = std::max(columns.largest, mean);
    return columns;
}

void heads(ui::Frame const& frame, ui::Column& column, Materials const& found, Columns const& columns) {
    ui::Box const row = column.row(frame.px(18));
    ui::TextStyle const style{.face = ui::Face::small, .colour = frame.c.third};
    for (int i = 0; i < columns.count; ++i) {
        Element const& element = found.elements[static_cast<std::size_t>(i)];
        std::string_view const symbol = symbol_of(element);
        ui::Box const box{columns.x + columns.width * static_cast<float>(i), row.y, columns.width, row.height};
        if (ui::text_width(symbol, style) <= columns.width) ui::text_in(frame, box, symbol, style);
        ui::record(frame, box,
                   {.id = "materials/element/" + std::to_string(i), .label = element.label, .kind = "heading"});
    }
}

void bars(ui::Frame const& frame, ui::Box row, Material const& material, Columns const& columns, bool lit) {
    float const height = frame.px(k_bar), y = frame.snap(row.bottom() - frame.px(11)), gap = frame.px(5);
    ImDrawList& list = ui::draw_list(frame);
    for (int i = 0; i < columns.count; ++i) {
        auto const e = static_cast<std::size_t>(i);
        float const x = frame.snap(columns.x + columns.width * static_cast<float>(i)),
                    width = frame.snap(std::max(columns.width - gap, frame.px(3)));
        ui::fill(frame, {x, y, width, height}, frame.c.line, height / 2);
        double const mean = e < material.mean.size() ? material.mean[e] : 0,
                     deviation = e < material.deviation.size() ? material.deviation[e] : 0;
        if (!(columns.largest > 0)) continue;
        auto const at = [&](double counts) {
            return static_cast<float>(std::clamp(counts / columns.largest, 0.0, 1.0)) * width;
        };
        if (float const w = at(mean); w > 0)
            ui::fill(frame, {x, y, std::max(w, frame.hairline()), height}, colour_of(material.colour),
                     std::min(w, height) / 2);
        if (!lit || !(deviation > 0)) continue;
        // Whisker: mean less and plus one standard deviation.
        float const low = x + at(mean - deviation), high = x + at(mean + deviation), middle = y + height / 2,
                    line = std::max(frame.hairline(), 1.0f), end = frame.px(3);
        list.AddRectFilled({low, middle - line / 2}, {high, middle + line / 2}, frame.c.text);
        list.AddRectFilled({low, middle - end}, {low + line, middle + end}, frame.c.text);
        list.AddRectFilled({high - line, middle - end}, {high, middle + end}, frame.c.text);
    }
}

void merge_menu(ui::Frame const& frame, PanelInput const& input, CommandSink& commands, int index, ui::Box anchor) {
    Materials const& found = *input.results.materials.found;
    std::string const id = id_of(index);
    auto const others = static_cast<int>(found.list.size()) - 1;
    if (!ui::begin_menu(frame, id + "/merge/menu", anchor, frame.px(220), others)) return;
    for (int other = 0; other <= others; ++other) {
        if (other == index) continue;
        Material const& material = found.list[static_cast<std::size_t>(other)];
        ImVec2 const at = ImGui::GetCursorScreenPos();
        float const width = ImGui::GetContentRegionAvail().x, side = frame.px(12);
        if (ui::menu_row(frame, {.control = {.id = id + "/merge/" + std::to_string(other), .label = material.name}}))
            commands.push_back(MergeMaterials{{index, other}});
        ui::fill(frame, frame.snapped({at.x + width - side - frame.px(10), at.y + frame.px(8), side, side}),
                 colour_of(material.colour), frame.px(3));
    }
    ui::end_menu();
}

/// True when the name is to be edited.
bool row_menu(ui::Frame const& frame, PanelInput const& input, CommandSink& commands, int index, ui::Box anchor) {
    Materials const& found = *input.results.materials.found;
    Material const& material = found.list[static_cast<std::size_t>(index)];
    std::string const id = id_of(index);
    bool rename = false, merge = false;
    if (ui::begin_menu(frame, id + "/menu", anchor, frame.px(220), 8)) {
        auto const row = [&](std::string name, std::string label, bool enabled = true, bool chosen = false) {
            return ui::menu_row(
                frame,
                {.control = {.id = id + "/" + name, .label = std::move(label), .enabled = enabled}, .chosen = chosen});
        };
        rename = row("rename", "Rename…");
        if (row("locked", "Keep its composition", true, material.locked))
            commands.push_back(LockMaterial{index, !material.locked});
        if (row("paint", "Paint with the brush"))
            change_view(input, commands, [&](ViewState& v) {
                v.materials.material = index;
                v.materials.brushing = true;
                v.materials.erasing = v.materials.marking = false;
            });
        if (row("split", "Split in two")) commands.push_back(SplitMaterial{index, 2});
        if (row("split3", "Split in three")) commands.push_back(SplitMaterial{index, 3});
        merge = row("merge", "Merge with…", found.list.size() > 1);
        if (row("unpin", "Colour from the palette", material.picked.has_value()))
            commands.push_back(ColourMaterial{index, {}, {}});
        if (row("forget", "Forget what I changed")) commands.push_back(ForgetMaterial{index});
        ui::end_menu();
    }
    if (merge) ui::open_menu(id + "/merge/menu");
    merge_menu(frame, input, commands, index, anchor);
    return rename;
}

/// The name as a field, while it is edited. It becomes the material's when Enter is pressed or another place is
/// clicked.
void name_field(ui::Frame const& frame, CommandSink& commands, int index, ui::Box box, std::string const& name) {
    ImGuiStorage* storage = ImGui::GetStateStorage();
    ImGuiID const editing = ImGui::GetID("materials/editing"), begun = ImGui::GetID("materials/editing/begun");
    auto const edit = ui::text_field(frame, box, {.id = id_of(index) + "/name", .label = "Name of " + name}, name,
                                     {.take_focus = !storage->GetBool(begun)});
    bool const active = ImGui::IsItemActive();
    if (active) storage->SetBool(begun, true);
    if (active || !storage->GetBool(begun)) return;
    if (edit.value) commands.push_back(NameMaterial{index, *edit.value, {}});
    storage->SetInt(editing, 0);
}

void start_editing(int index) {
    ImGuiStorage* storage = ImGui::GetStateStorage();
    storage->SetInt(ImGui::GetID("materials/editing"), index + 1);
    storage->SetBool(ImGui::GetID("materials/editing/begun"), false);
}

void swatch(ui::Frame const& frame, CommandSink& commands, ui::Box box, int index, Material const& material) {
    std::string const menu = id_of(index) + "/colour";
    ui::Touch const t = ui::touch(frame, box,
                                  {.id = menu,
                                   .label = "Colour of " + material.name,
                                   .value = text_from(material.colour) + (material.picked ? ", picked by you" : ""),
                                   .help = material.picked ? "Its colour, picked by you. Click to choose another."
                                                           : "Its colour. Click to choose another."});
    float const side = frame.px(12);
    ui::Box const square = frame.snapped({box.x, box.middle_y() - side / 2, side, side});
    ui::fill(frame, square, colour_of(material.colour), frame.px(3));
    // A dot says that the colour is the user's own, as with every other changed value.
    if (material.picked)
        ui::draw_list(frame).AddCircleFilled({square.x - frame.px(6), square.middle_y()}, frame.px(2.5f),
                                             frame.c.accent);
    if (t.hovered) ui::outline(frame, square.inset(-frame.px(2), -frame.px(2)), frame.c.text, frame.px(4));
    if (t.focused) ui::focus_ring(frame, square, frame.px(3));
    if (t.pressed) ui::open_menu(menu);
    ColourEdit const edit = colour_menu(frame, menu, box, material.colour);
    if (edit.colour) commands.push_back(ColourMaterial{index, edit.colour, edit.gesture});
    if (edit.from_palette) commands.push_back(ColourMaterial{index, {}, {}});
}

/// True while the pointer is over it.
bool material_row(ui::Frame const& frame, PanelInput const& input, CommandSink& commands, ui::Column& column, int index,
                  Columns const& columns) {
    ui::Palette const& c = frame.c;
    Materials const& found = *input.results.materials.found;
    Material const& material = found.list[static_cast<std::size_t>(index)];
    MaterialsView const& view = input.view.materials;
    std::string const id = id_of(index), share = ui::share_text(material.share);
    ui::Box const inner = column.row(frame.px(k_material_row));
    ui::Box const row = frame.snapped(inner.inset(-frame.px(8), frame.px(1)));
    ImVec2 const mouse = ImGui::GetIO().MousePos;
    bool const selected = view.material == index;
    bool const under = row.contains(mouse) && ImGui::IsWindowHovered(ImGuiHoveredFlags_AllowWhenBlockedByActiveItem);
    float const first = frame.px(24), side = frame.px(k_sign);
    ui::Box const name{inner.x + frame.px(k_swatch), inner.y + frame.px(4),
                       inner.width - frame.px(k_swatch) - frame.px(k_share) - 2 * side - frame.px(4), first};
    ImGuiStorage* storage = ImGui::GetStateStorage();
    bool const editing = storage->GetInt(ImGui::GetID("materials/editing")) == index + 1;

    std::string value = share + " of the area";
    for (std::size_t e = 0; e < found.elements.size(); ++e)
        value += ", " + found.elements[e].label + " " + counts_text(material, e);
    std::string help = "Click: it lights up on the picture and in the plot. Double click on the name: another name.";
    if (under && mouse.y > name.bottom() && mouse.x >= columns.x && columns.count > 0) {
        auto const e =
            std::min(static_cast<std::size_t>((mouse.x - columns.x) / columns.width), found.elements.size() - 1);
        help = found.elements[e].label + ": " + counts_text(material, e) + " counts per pixel";
    }
    ImGui::SetNextItemAllowOverlap();
    ui::Touch const t =
        ui::touch(frame, row, {.id = id, .label = material.name, .kind = "row", .value = value, .help = help});
    bool const on_name = name.contains(mouse);
    bool const rename_now = (t.doubled && on_name) || (t.focused && ImGui::IsKeyPressed(ImGuiKey_F2));
    if (rename_now)
        start_editing(index);
    else if (t.pressed && !editing && !(on_name && ImGui::GetIO().MouseClickedLastCount[0] > 1))
        pick_material(input, commands, index);
    bool const lit = under || view.hovered == index || t.focused;
    if (selected) {
        ui::fill(frame, row, c.raised, frame.px(6));
        ImDrawList& list = ui::draw_list(frame);
        list.PushClipRect(row.low(), {row.x + frame.px(2), row.bottom()}, true);
        ui::fill(frame, row, c.accent, frame.px(6));
        list.PopClipRect();
    } else if (lit)
        ui::fill(frame, row, ui::faded(c.raised, 0.7f), frame.px(6));

    swatch(frame, commands, {inner.x, name.y, frame.px(k_swatch) - frame.px(2), first}, index, material);
    if (editing)
        name_field(frame, commands, index, {name.x - frame.px(7), name.y, name.width + frame.px(7), name.height},
                   material.name);
    else
        ui::text_in(frame, name, material.name, {.face = ui::Face::body, .colour = c.text});
    ui::Box const text{inner.right() - frame.px(k_share), name.y, frame.px(k_share), first};
    ui::text_in(frame, text, share, {.face = ui::Face::body, .colour = c.second, .tabular = true}, ui::Align::right);
    bars(frame, inner, material, columns, under || t.focused);

    // The signs come with the pointer or the focus; a lock that is on stays.
    std::string const lock = id + "/lock", more = id + "/more";
    ImGuiID const focus = ImGui::GetCurrentContext()->NavId;
    bool const on_signs = focus == ImGui::GetID(lock.c_str()) || focus == ImGui::GetID(more.c_str()) ||
                          ImGui::IsPopupOpen((id + "/menu").c_str()) ||
                          ImGui::IsPopupOpen((id + "/merge/menu").c_str());
    bool const signs = under || selected || t.focused || on_signs;
    ui::Box const second{text.x - side, name.y + frame.px(1), side, side},
        before{second.x - side, second.y, side, side};
    if (signs || material.locked) {
        if (ui::icon_button(frame, before,
                            {.id = lock,
                             .label = "Keep the composition of " + material.name,
                             .kind = "switch",
                             .value = material.locked ? "on" : "off",
                             .help = material.locked
                                         ? "Its composition stays as it is when the maps are read anew. Click: free."
                                         : "Click: its composition stays as it is when the maps are read anew."},
                            material.locked ? ui::Icon::locked : ui::Icon::unlocked))
            commands.push_back(LockMaterial{index, !material.locked});
    }
    if (signs && ui::icon_button(
                     frame, second,
                     {.id = more, .label = "What to do with " + material.name, .help = "Rename, merge, split, paint."},
                     ui::Icon::more))
        ui::open_menu(id + "/menu");
    if (row_menu(frame, input, commands, index, second)) start_editing(index);
    if (t.focused) ui::focus_ring(frame, row.inset(frame.px(2), frame.px(2)), frame.px(6));
    return under;
}

/// What can not be told, and what the user has painted.
void flagged(ui::Frame const& frame, PanelInput const& input, CommandSink& commands, ui::Column& column) {
    MaterialsResult const& result = input.results.materials;
    std::string text;
    auto const add = [&](double share, std::string_view what) {
        if (share > 0) text += (text.empty() ? "" : " · ") + ui::share_text(share) + " " + std::string(what);
    };
    add(result.mixed, "mixed");
    add(result.uncertain, "uncertain");
    add(result.painted, "painted by you");
    if (text.empty()) return;
    ui::Box const row = column.row(frame.px(22));
    bool const shown = input.view.materials.show == MaterialsShow::certainty;
    std::string const link = shown ? "Hide" : "Show where";
    float const width = ui::text_width(link, {.face = ui::Face::note}) + 1;
    ui::text_in(frame, row.without_right(width + frame.px(6)), text, {.face = ui::Face::note, .colour = frame.c.third});
    ui::record(frame, row.without_right(width + frame.px(6)),
               {.id = "materials/flagged", .label = text, .kind = "status"});
    if (ui::link(frame, row.from_right(width),
                 {.id = "materials/certainty", .label = link, .help = "How certain each pixel is of its material."},
                 ui::Face::note))
        change_view(input, commands,
                    [&](ViewState& v) { v.materials.show = shown ? MaterialsShow::tinted : MaterialsShow::certainty; });
}

/// Colours that are hard to tell apart, as the step that gives them says.
void colour_words(ui::Frame const& frame, PanelInput const& input, ui::Column& column) {
    for (Note const& note : input.results.materials.notes) {
        if (note.step != "colours" || (note.key != "alike" && note.key != "colour_vision")) continue;
        std::string text = note.text;
        if (!text.empty() && text[0] >= 'a' && text[0] <= 'z' && note.key != "alike")
            text[0] = static_cast<char>(text[0] - 'a' + 'A');
        line(frame, column, {.id = "materials/" + note.key, .text = text, .colour = frame.c.warning});
        column.y += frame.px(2);
    }
}

} // namespace

void draw_materials_list(PanelInput const& input, CommandSink& commands) {
    ui::Frame frame = frame_of(input);
    ui::Box const area = box_of(input.area);
    ui::vertical_line(frame, area.x, area.y, area.bottom(), frame.c.line);
    ui::Column column = right_column(input);
    MaterialsResult const& result = input.results.materials;
    std::size_t const count = result.found ? result.found->list.size() : 0;
    column.y += frame.px(8);
    ui::caption(frame, column.row(frame.px(26)), "Materials", count > 0 ? std::to_string(count) : "");
    if (!result.failure.empty() && result.busy.empty())
        line(frame, column, {.id = "materials/failure", .text = result.failure, .colour = frame.c.failure});
    int hovered = -1;
    if (count > 0) {
        Columns const columns = columns_of(frame, column, *result.found);
        heads(frame, column, *result.found, columns);
        for (int i = 0; i < static_cast<int>(count); ++i)
            if (material_row(frame, input, commands, column, i, columns)) hovered = i;
        column.y += frame.px(4);
        flagged(frame, input, commands, column);
        colour_words(frame, input, column);
    } else if (result.failure.empty())
        line(frame, column,
             {.id = "materials/none",
              .text = result.busy.empty() ? "None yet: element maps of one field are needed." : result.busy,
              .colour = frame.c.third});
    hover_material(input, commands, "list", hovered);
    if (count > 0) number_of_materials(frame, input, commands, column);
    column.y = frame.snap(column.y + frame.px(8));
    end_column(column);
}

} // namespace mg::app
