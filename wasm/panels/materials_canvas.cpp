// The SE image in the colours of its materials: against the grey image, as flat materials, an element's map or their
// certainty; what is under the pointer; the brush; and pixels that a plot has picked, or that are marked for the plots.
#include <algorithm>
#include <array>
#include <cmath>

#include "app/materials_pictures.h"
#include "base/text.h"
#include "imgui_internal.h"
#include "panels/canvas_tools.h"
#include "panels/materials_side.h"
#include "panels/overlay_tools.h"
#include "ui/format.h"
#include "ui/view_map.h"

namespace mg::app {
namespace {

struct ShownMaterials {
    Size size; ///< micrograph and databar
    Size micrograph;
    ui::ViewMap map;
    ui::Box stage, picture; ///< picture: of the micrograph
};

PicturePtr chosen_picture(PanelInput const& input) {
    MaterialsResult const& result = input.results.materials;
    switch (input.view.materials.show) {
    case MaterialsShow::electron:
        return result.electron;
    case MaterialsShow::materials:
        return result.flat;
    case MaterialsShow::element:
        return result.element;
    case MaterialsShow::certainty:
        return result.certain;
    default:
        return result.tinted;
    }
}

std::string name_of_view(PanelInput const& input) {
    MaterialsResult const& result = input.results.materials;
    switch (input.view.materials.show) {
    case MaterialsShow::electron:
        return "SE image";
    case MaterialsShow::materials:
        return "materials";
    case MaterialsShow::certainty:
        return "certainty";
    case MaterialsShow::element: {
        auto const index = static_cast<std::size_t>(std::max(input.view.materials.element, 0));
        return result.found && index < result.found->elements.size()
                   ? "counts of " + result.found->elements[index].label
                   : "element map";
    }
    default:
        return "tinted";
    }
}

/// A picture of the micrograph, or of it and the databar below.
void draw_picture(PanelInput const& input, ShownMaterials const& shown, PicturePtr const& picture, ui::Box clip) {
    if (!picture || clip.empty()) return;
    bool const with_bar = picture == input.results.materials.tinted;
    input.pictures.draw(picture, rectangle_of(with_bar ? shown.map.box(shown.size) : shown.picture),
                        rectangle_of(with_bar ? clip : clipped(clip, shown.picture)));
}

void draw_pictures(ui::Frame const& frame, PanelInput const& input, CommandSink& commands, ShownMaterials const& shown,
                   ui::Box area) {
    MaterialsResult const& result = input.results.materials;
    PicturePtr const after = chosen_picture(input), before = result.electron;
    Compare compare = input.view.compare;
    if (!before || after == before) compare = Compare::result;
    if (!after) compare = Compare::recorded;
    ui::Box left = area, right = area;
    if (compare == Compare::swipe) {
        float const x = frame.snap(shown.picture.x + shown.picture.width * static_cast<float>(input.view.swipe));
        left = clipped(area, {area.x, area.y, x - area.x, area.height});
        right = clipped(area, {x, area.y, area.right() - x, area.height});
    }
    // The databar stays whole, whatever is shown above it.
    ui::Box bar = shown.map.box(shown.size);
    bar = {bar.x, shown.picture.bottom(), bar.width, bar.bottom() - shown.picture.bottom()};
    if (result.tinted && !clipped(bar, area).empty()) draw_picture(input, shown, result.tinted, clipped(bar, area));
    if (compare != Compare::recorded) draw_picture(input, shown, after, clipped(right, shown.picture));
    if (compare != Compare::result) draw_picture(input, shown, before, clipped(left, shown.picture));
    if (result.highlight && compare != Compare::recorded)
        input.pictures.draw(result.highlight, rectangle_of(shown.picture),
                            rectangle_of(clipped(compare == Compare::swipe ? right : area, shown.picture)));
    if (compare != Compare::result)
        label_on_picture(frame, clipped(shown.picture, left),
                         {.text = "SE image", .right = compare != Compare::swipe, .id = "left"});
    if (compare == Compare::swipe) {
        std::string const name = name_of_view(input);
        label_on_picture(frame, clipped(shown.picture, right), {.text = name, .right = true, .id = "right"});
        swipe_line(frame, input, commands, shown.picture, area, "Line between the SE image and the colours");
    } else if (compare == Compare::result && input.view.materials.show != MaterialsShow::tinted) {
        std::string const name = name_of_view(input);
        label_on_picture(frame, clipped(shown.picture, area), {.text = name, .right = true, .id = "right"});
    }
}

/// Material of a pixel of the micrograph under this place of the page; -1: none.
int material_under(MaterialsResult const& result, ShownMaterials const& shown, ImVec2 at) {
    double const x = shown.map.image_x(at.x), y = shown.map.image_y(at.y);
    if (!result.found || !(x >= 0 && y >= 0 && x < shown.micrograph.width && y < shown.micrograph.height)) return -1;
    int label = k_no_material;
    if (result.fine_labels)
        label = (*result.fine_labels)[static_cast<std::size_t>(y) * static_cast<std::size_t>(shown.micrograph.width) +
                                      static_cast<std::size_t>(x)];
    else if (int const pixel = found_pixel(result, x - 0.5, y - 0.5); pixel >= 0 && result.found->labels)
        label = result.found->labels->data()[pixel];
    return label < static_cast<int>(result.found->list.size()) ? label : -1;
}

/// Pixel of the maps' grid under a place of the page; -1: none.
int pixel_under(MaterialsResult const& result, ShownMaterials const& shown, ImVec2 at) {
    double const x = shown.map.image_x(at.x), y = shown.map.image_y(at.y);
    if (!(x >= 0 && y >= 0 && x < shown.micrograph.width && y < shown.micrograph.height)) return -1;
    return found_pixel(result, x - 0.5, y - 0.5);
}

/// What is under the pointer: place, material and certainty, counts.
void readout(ui::Frame const& frame, PanelInput const& input, ShownMaterials const& shown, ui::Box area, ImVec2 mouse) {
    MaterialsResult const& result = input.results.materials;
    double const x = shown.map.image_x(mouse.x), y = shown.map.image_y(mouse.y);
    if (!(x >= 0 && y >= 0 && x < shown.micrograph.width && y < shown.micrograph.height)) return;
    std::string place =
        "x " + std::to_string(static_cast<int>(x)) + " y " + std::to_string(static_cast<int>(y)) + " px";
    if (result.pixel_size_x_nm && result.pixel_size_y_nm)
        place +=
            " · " + ui::position_text(std::floor(x) * *result.pixel_size_x_nm, std::floor(y) * *result.pixel_size_y_nm);
    Material const* material = result.material(material_under(result, shown, mouse));
    int const pixel = pixel_under(result, shown, mouse);
    std::string what = material ? material->name : "no material", counts;
    if (pixel >= 0 && result.found) {
        auto const i = static_cast<std::size_t>(pixel);
        if (material && i < result.certainty.size())
            what += " · " + ui::number_text(std::round(result.certainty[i] / 2.55), 3) + " % certain";
        std::uint8_t const flags = result.found->flags ? result.found->flags->data()[pixel] : std::uint8_t{0};
        if (flags & k_flag_mixed) what += " · mixed";
        if (flags & k_flag_uncertain) what += " · uncertain";
        if (flags & k_flag_brushed) what += " · by your brush";
        std::vector<std::pair<float, std::string>> each;
        for (std::size_t e = 0; e < result.found->counts.size() && e < result.found->elements.size(); ++e)
            if (float const value = result.found->counts[e]->data()[pixel]; value >= 0.05f)
                each.emplace_back(value, result.found->elements[e].label);
        std::stable_sort(each.begin(), each.end(), [](auto const& a, auto const& b) { return a.first > b.first; });
        if (each.size() > 8) each.resize(8);
        for (auto const& [value, label] : each)
            counts +=
                (counts.empty() ? "" : "  ") + label + " " + ui::number_text(std::round(double{value} * 10) / 10, 3);
    }
    ui::TextStyle const note{.face = ui::Face::note, .colour = frame.c.second, .tabular = true};
    ui::TextStyle const strong{.face = ui::Face::body, .colour = frame.c.text, .tabular = true};
    float const swatch = material ? frame.px(20) : 0;
    float const width = std::min(
        std::max({ui::text_width(place, note), ui::text_width(what, strong) + swatch, ui::text_width(counts, note)}) +
            frame.px(24),
        area.width - frame.px(24));
    float const height = frame.px(counts.empty() ? 48 : 66);
    ui::Box const card = frame.snapped({area.x + frame.px(12), area.y + frame.px(12), width, height});
    ui::fill(frame, card, ui::faded(frame.c.panel, 0.88f), frame.px(6));
    ui::Box line{card.x + frame.px(12), card.y + frame.px(5), card.width - frame.px(22), frame.px(20)};
    if (material) {
        ui::Box const square = frame.snapped({line.x, line.middle_y() - frame.px(6), frame.px(12), frame.px(12)});
        ui::fill(frame, square, colour_of(material->colour), frame.px(3));
    }
    ui::text_in(frame, line.without_left(swatch), what, strong);
    line.y += frame.px(19);
    if (!counts.empty()) {
        ui::text_in(frame, line, counts, note);
        line.y += frame.px(18);
    }
    ui::TextStyle small = note;
    small.colour = frame.c.third;
    ui::text_in(frame, line, place, small);
    ui::record(frame, card,
               {.id = "canvas/readout",
                .label = what + (counts.empty() ? "" : "; " + counts),
                .kind = "status",
                .value = place});
}

/// Drags on the picture give discs of pixels to the material in hand.
void paint(ui::Frame const& frame, PanelInput const& input, CommandSink& commands, ShownMaterials const& shown,
           PictureTouch const& touch, ImVec2 mouse) {
    MaterialsResult const& result = input.results.materials;
    MaterialsView const& view = input.view.materials;
    if (!result.laid) return;
    Affine const& m = result.picture_to_map.affine;
    double const map_per_pixel = std::sqrt(std::fabs(m.determinant()));
    if (!(map_per_pixel > 0)) return;
    Material const* material = result.material(view.material);
    bool const erases = view.erasing || ImGui::GetIO().KeyAlt;
    if (touch.hovered) {
        auto const radius = static_cast<float>(view.brush_radius / map_per_pixel * shown.map.scale);
        ui::Colour const colour = erases || !material ? frame.c.text : colour_of(material->colour);
        ImDrawList& list = ui::draw_list(frame);
        list.AddCircle(mouse, radius, 0xb0000000u, 0, 3 * frame.scale);
        list.AddCircle(mouse, radius, colour, 0, 1.5f * frame.scale);
        ImGui::SetMouseCursor(ImGuiMouseCursor_None);
    }
    if (!touch.held || (!material && !erases)) return;
    Point const at = result.picture_to_map({shown.map.image_x(mouse.x) - 0.5, shown.map.image_y(mouse.y) - 0.5});
    Size const size = result.maps_size;
    double const r = view.brush_radius;
    if (!(at.x > -r && at.y > -r && at.x < size.width + r && at.y < size.height + r)) return;
    ImGuiStorage* storage = ImGui::GetStateStorage();
    ImGuiID const key = ImGui::GetID("canvas/brush");
    if (touch.started) storage->SetInt(key, storage->GetInt(key) + 1);
    Point const last{double{storage->GetFloat(key + 1)}, double{storage->GetFloat(key + 2)}};
    double const dx = at.x - last.x, dy = at.y - last.y, distance = std::sqrt(dx * dx + dy * dy),
                 step = std::max(r / 2, 0.5);
    if (!touch.started && distance < step) return;
    PaintMaterial stroke{erases ? -1 : view.material, {}, "brush#" + std::to_string(storage->GetInt(key))};
    int const discs = touch.started ? 1 : std::clamp(static_cast<int>(distance / step), 1, 200);
    for (int i = 1; i <= discs; ++i) {
        double const t = touch.started ? 1 : static_cast<double>(i) / discs;
        stroke.discs.push_back({touch.started ? at.x : last.x + t * dx, touch.started ? at.y : last.y + t * dy, r});
    }
    storage->SetFloat(key + 1, static_cast<float>(at.x));
    storage->SetFloat(key + 2, static_cast<float>(at.y));
    commands.push_back(std::move(stroke));
}

/// Drags mark a rectangle, whose pixels light up in the plots.
void mark_area(ui::Frame const& frame, PanelInput const& input, CommandSink& commands, ShownMaterials const& shown,
               PictureTouch const& touch, ImVec2 mouse) {
    MaterialsResult const& result = input.results.materials;
    if (touch.hovered) ImGui::SetMouseCursor(ImGuiMouseCursor_Hand);
    if (!result.laid || !result.found || !touch.held) return;
    ImVec2 const from = ImGui::GetIO().MouseClickedPos[0];
    double const x0 = shown.map.image_x(std::min(from.x, mouse.x)) - 0.5,
                 x1 = shown.map.image_x(std::max(from.x, mouse.x)) - 0.5,
                 y0 = shown.map.image_y(std::min(from.y, mouse.y)) - 0.5,
                 y1 = shown.map.image_y(std::max(from.y, mouse.y)) - 0.5;
    ui::Box const box{std::min(from.x, mouse.x), std::min(from.y, mouse.y), std::fabs(from.x - mouse.x),
                      std::fabs(from.y - mouse.y)};
    ui::outline(frame, clipped(box, shown.picture), frame.c.warning, 0, 1.5f * frame.scale);
    if (!touch.started && ImGui::GetIO().MouseDelta.x == 0 && ImGui::GetIO().MouseDelta.y == 0) return;
    Projective const back = result.picture_to_map.inverse();
    Size const size = result.found->size;
    auto set = std::make_shared<std::vector<std::uint8_t>>(static_cast<std::size_t>(size.area()));
    bool any = false;
    for (int y = 0; y < size.height; ++y)
        for (int x = 0; x < size.width; ++x) {
            double const step = result.step;
            Point const p = back({x * step + (step - 1) / 2, y * step + (step - 1) / 2});
            if (!(p.x >= x0 && p.x <= x1 && p.y >= y0 && p.y <= y1)) continue;
            (*set)[static_cast<std::size_t>(y) * static_cast<std::size_t>(size.width) + static_cast<std::size_t>(x)] =
                1;
            any = true;
        }
    change_view(
        input, commands, [&](ViewState& v) { v.materials.area = any ? PixelSet(std::move(set)) : nullptr; }, "mark");
}

void material_menu(ui::Frame const& frame, PanelInput const& input, CommandSink& commands, ui::Box anchor) {
    MaterialsResult const& result = input.results.materials;
    int const count = result.found ? static_cast<int>(result.found->list.size()) : 0;
    if (!ui::begin_menu(frame, "canvas/brush/menu", anchor, frame.px(200), std::min(count, 16))) return;
    for (int i = 0; i < count; ++i)
        if (ui::menu_row(frame, {.control = {.id = "canvas/brush/material/" + std::to_string(i),
                                             .label = result.found->list[static_cast<std::size_t>(i)].name},
                                 .chosen = i == input.view.materials.material}))
            change_view(input, commands, [&](ViewState& v) {
                v.materials.material = i;
                v.materials.erasing = false;
            });
    ui::end_menu();
}

void element_menu(ui::Frame const& frame, PanelInput const& input, CommandSink& commands, ui::Box anchor) {
    MaterialsResult const& result = input.results.materials;
    int const count = result.found ? static_cast<int>(result.found->elements.size()) : 0;
    if (!ui::begin_menu(frame, "canvas/element/menu", anchor, frame.px(150), std::min(count, 16))) return;
    for (int i = 0; i < count; ++i)
        if (ui::menu_row(frame, {.control = {.id = "canvas/element/" + std::to_string(i),
                                             .label = result.found->elements[static_cast<std::size_t>(i)].label},
                                 .chosen = input.view.materials.show == MaterialsShow::element &&
                                           i == input.view.materials.element}))
            change_view(input, commands, [&](ViewState& v) {
                v.materials.element = i;
                v.materials.show = MaterialsShow::element;
            });
    ui::end_menu();
}

void brush_chips(ui::Frame const& frame, PanelInput const& input, CommandSink& commands, ChipRow& row) {
    MaterialsView const& view = input.view.materials;
    Material const* material = input.results.materials.material(view.material);
    std::string const into = "into " + (material ? material->name : std::string("…"));
    row.add({.id = "canvas/brush/into",
             .label = into,
             .value = into,
             .help = "The material that the brushed pixels are given to."},
            material && !view.erasing, [&frame, &input, &commands](ui::Box box) {
                if (box.empty()) return ui::open_menu("canvas/brush/menu");
                material_menu(frame, input, commands, box);
            });
    row.add({.id = "canvas/brush/erase",
             .label = "Give back",
             .help = "Brushed pixels go back to where they belong by their counts. Alt while brushing."},
            view.erasing, [&input, &commands](ui::Box box) {
                if (box.empty())
                    change_view(input, commands, [](ViewState& v) { v.materials.erasing = !v.materials.erasing; });
            });
    auto const resize = [&input, &commands](double by) {
        change_view(input, commands, [by](ViewState& v) {
            v.materials.brush_radius = std::clamp(v.materials.brush_radius * by, 0.5, 100.0);
        });
    };
    row.add({.id = "canvas/brush/smaller", .label = "−", .help = "A smaller brush. Key: ["}, false,
            [resize](ui::Box box) {
                if (box.empty()) resize(1 / 1.25);
            });
    std::string const size = ui::number_text(std::round(2 * view.brush_radius * 10) / 10, 3) + " px wide";
    row.add(
        {.id = "canvas/brush/size", .label = size, .value = size, .help = "Width of the brush in pixels of the maps."},
        false, [](ui::Box) {});
    row.add({.id = "canvas/brush/larger", .label = "+", .help = "A larger brush. Key: ]"}, false,
            [resize](ui::Box box) {
                if (box.empty()) resize(1.25);
            });
    row.add({.id = "canvas/brush/clear", .label = "Clear", .help = "Takes all brushing back."}, false,
            [&commands](ui::Box box) {
                if (box.empty()) commands.push_back(ClearBrush{});
            });
}

ChipRow chips(ui::Frame const& frame, PanelInput const& input, CommandSink& commands, ui::Box area, bool any) {
    ChipRow row(frame, area);
    MaterialsView const& view = input.view.materials;
    struct View {
        MaterialsShow show;
        char const* id;
        char const* label;
        char const* help;
    };
    static constexpr View k_views[] = {
        {MaterialsShow::tinted, "tinted", "Tinted", "The SE image in the colours of its materials."},
        {MaterialsShow::electron, "electron", "SE", "The SE image alone. Key: B"},
        {MaterialsShow::materials, "materials", "Materials", "Each material in its colour. Key: M"},
        {MaterialsShow::certainty, "certainty", "Certainty",
         "Red: another material explains it nearly as well. Amber: mixed. Key: Y"},
    };
    for (View const& v : k_views) {
        if (v.show == MaterialsShow::certainty) {
            std::string label = view.show == MaterialsShow::element ? name_of_view(input) : "Element map…";
            row.add({.id = "canvas/show/element",
                     .label = label,
                     .help = "The counts of one element. Key: E for the next one"},
                    view.show == MaterialsShow::element, [&frame, &input, &commands](ui::Box box) {
                        if (box.empty()) return ui::open_menu("canvas/element/menu");
                        element_menu(frame, input, commands, box);
                    });
        }
        row.add({.id = std::string("canvas/show/") + v.id, .label = v.label, .help = v.help}, view.show == v.show,
                [&input, &commands, show = v.show](ui::Box box) {
                    if (box.empty())
                        change_view(input, commands, [&](ViewState& next) {
                            next.materials.show = show;
                            if (next.compare == Compare::recorded) next.compare = Compare::result;
                        });
                });
    }
    if (!view.brushing)
        row.add({.id = "canvas/swipe_on",
                 .label = "Swipe",
                 .help = "The SE image and the colours, with a line to drag. Key: Shift B"},
                input.view.compare == Compare::swipe, [&input, &commands](ui::Box box) {
                    if (box.empty())
                        change_view(input, commands, [](ViewState& v) {
                            v.compare = v.compare == Compare::swipe ? Compare::result : Compare::swipe;
                            if (v.materials.show == MaterialsShow::electron) v.materials.show = MaterialsShow::tinted;
                        });
                });
    if (!view.brushing)
        row.add({.id = "canvas/fit", .label = "Fit", .help = "The whole picture. Key: 0"}, input.view.fit,
                [&input, &commands](ui::Box box) {
                    if (box.empty()) change_view(input, commands, [](ViewState& v) { v.fit = true; });
                });
    if (!any) return row;
    row.add({.id = "canvas/brush",
             .label = "Brush",
             .help = "Give pixels to a material by hand; the others learn from it. Key: W"},
            view.brushing, [&input, &commands](ui::Box box) {
                if (box.empty())
                    change_view(input, commands, [](ViewState& v) {
                        v.materials.brushing = !v.materials.brushing;
                        v.materials.marking = false;
                        if (v.materials.material < 0) v.materials.material = 0;
                    });
            });
    if (view.brushing) {
        brush_chips(frame, input, commands, row);
        return row;
    }
    row.add(
        {.id = "canvas/mark", .label = "Mark", .help = "Drag a rectangle: its pixels light up in the plots. Key: A"},
        view.marking, [&input, &commands](ui::Box box) {
            if (box.empty())
                change_view(input, commands, [](ViewState& v) {
                    v.materials.marking = !v.materials.marking;
                    v.materials.brushing = false;
                    if (!v.materials.marking) v.materials.area = nullptr;
                });
        });
    return row;
}

void no_materials(ui::Frame const& frame, PanelInput const& input, CommandSink& commands, ui::Box area) {
    MaterialsResult const& result = input.results.materials;
    ui::TextStyle const body{.face = ui::Face::body, .colour = frame.c.second};
    ui::Box line{area.x + frame.px(40), area.middle_y() - frame.px(30), area.width - frame.px(80), frame.px(24)};
    float const width = std::min(line.width, frame.px(460));
    auto say = [&](std::string const& words, char const* id) {
        for (std::string const& text : ui::wrapped(words, body, width)) {
            ui::text_in(frame, line, text, body, ui::Align::centre);
            line.y += frame.px(20);
        }
        ui::record(frame, line, {.id = id, .label = words, .kind = "status"});
    };
    if (!result.failure.empty() && result.busy.empty()) {
        ui::mark(frame, {area.middle_x(), line.y - frame.px(16)}, ui::Mark::cross, frame.c.failure);
        say(result.failure, "canvas/failure");
        line.y += frame.px(8);
        if (line.y + frame.px(22) > area.bottom()) return;
        float const link = ui::text_width("Try again", body);
        if (ui::link(frame, {area.middle_x() - link / 2, line.y, link + 1, frame.px(22)},
                     {.id = "canvas/again", .label = "Try again"}))
            commands.push_back(AlignAgain{});
        return;
    }
    if (result.busy.empty() && result.sets.empty())
        return say(
            "No element maps among the open files. Open the maps of one field together, with their SE image: file "
            "names such as map_SiK.bmp tell the element, or say what a file is in the list at the left.",
            "canvas/no_maps");
    if (input.activity.running_for_s < 0.4) return;
    ui::spinner(frame, {area.middle_x(), area.middle_y() - frame.px(22)}, frame.px(12), input.time_s);
    ui::text_in(frame, {line.x, area.middle_y() + frame.px(4), line.width, line.height},
                input.activity.stage.empty() ? result.busy : input.activity.stage, body, ui::Align::centre);
}

} // namespace

void draw_materials_canvas(PanelInput const& input, CommandSink& commands) {
    if (input.document.inputs.empty()) return;
    ui::Frame frame = frame_of(input);
    ui::Box const area = box_of(input.area);
    MaterialsResult const& result = input.results.materials;
    if (input.view.points.placing && result.shown >= 0) return draw_point_panes(input, commands, area);
    ShownMaterials shown;
    shown.micrograph = micrograph_of(result);
    bool const any = result.found && !shown.micrograph.empty();
    ChipRow const row = chips(frame, input, commands, area, any);
    shown.stage = {area.x, area.y, area.width, std::max(1.0f, area.height - row.height())};
    if (!any) {
        no_materials(frame, input, commands, shown.stage);
        return row.draw();
    }
    shown.size = {shown.micrograph.width, shown.micrograph.height + result.databar_rows};
    shown.map = ui::view_map(shown.stage, shown.size, input.view, frame.ratio);
    shown.picture = shown.map.box(shown.micrograph);
    MaterialsView const& view = input.view.materials;
    bool const hands = view.brushing || view.marking;
    PictureTouch const touch = move_picture(frame, input, commands, {shown.size, shown.map, shown.stage, !hands}, area);
    ImVec2 const mouse = ImGui::GetIO().MousePos;
    ui::record(
        frame, clipped(shown.map.box(shown.size), area),
        {.id = "canvas/picture",
         .label = name_of_view(input),
         .kind = "image",
         .value = std::to_string(shown.micrograph.width) + " × " + std::to_string(shown.micrograph.height) + " px"});
    draw_pictures(frame, input, commands, shown, area);
    if (view.brushing) paint(frame, input, commands, shown, touch, mouse);
    if (view.marking) mark_area(frame, input, commands, shown, touch, mouse);
    bool const pointed = touch.hovered || touch.held;
    int const under = pointed ? material_under(result, shown, mouse) : -1;
    int const pixel = pointed ? pixel_under(result, shown, mouse) : -1;
    hover_material(input, commands, "canvas", under);
    if (pixel != view.hovered_pixel)
        change_view(
            input, commands, [&](ViewState& v) { v.materials.hovered_pixel = pixel; }, "hover");
    if (touch.clicked && !hands && under >= 0) pick_material(input, commands, under);
    if (result.databar_rows == 0 || !input.view.fit)
        view_scale_bar(frame, area, result.pixel_size_x_nm, shown.map.scale); // else the databar has one
    if (pointed) readout(frame, input, shown, area, mouse);
    row.draw();
}

} // namespace mg::app
