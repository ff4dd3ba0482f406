// Points placed by hand: the same spot is clicked on two images; a magnifier follows the pointer.
#include <algorithm>
#include <cmath>

#include "base/text.h"
#include "imgui_internal.h"
#include "panels/overlay_tools.h"

namespace mg::app {
namespace {

/// The step whose values for one image are its points.
std::string_view points_step(PanelInput const& input) {
    return input.materials() ? "map" : "channel";
}

struct Pane {
    int id = 0;
    ui::Box box;     ///< with its title
    ui::Box picture; ///< all of the image
    float scale = 1; ///< CSS px per stored px, across
};

/// Value of the step that keeps an image's points, for that image; null when it has none of this key and kind.
template <class T> std::optional<T> own_value(PanelInput const& input, InputEntry const& entry, std::string_view key) {
    Recipe const own = recipe_for_file(input.recipe(), entry.name);
    StepUse const* use = find_use(own, points_step(input));
    int const index = use ? param_index(*use->step, key) : -1;
    T const* value = index >= 0 ? std::get_if<T>(&use->values[static_cast<std::size_t>(index)]) : nullptr;
    return value ? std::optional<T>(*value) : std::nullopt;
}

std::vector<NamedHandPoints> points_of(PanelInput const& input, InputEntry const& entry) {
    auto parsed = parse_hand_points(own_value<std::string>(input, entry, "points").value_or(""));
    return parsed ? std::move(*parsed) : std::vector<NamedHandPoints>{};
}

Motion motion_of(PanelInput const& input, InputEntry const& entry) {
    auto const value = own_value<std::int64_t>(input, entry, "motion");
    return value && *value > 0 ? static_cast<Motion>(*value - 1) : Motion::affine;
}

/// The image on which points are placed, and the one that it is compared with.
std::pair<InputEntry const*, int> image_pair(PanelInput const& input) {
    InputEntry const* selected = selected_input(input);
    if (!input.materials()) return {selected, compared_id(input)};
    MaterialsResult const& result = input.results.materials;
    if (result.shown < 0 || static_cast<std::size_t>(result.shown) >= result.sets.size()) return {selected, 0};
    int se = 0, lab = 0, map = 0;
    for (MapEntry const& member : result.sets[static_cast<std::size_t>(result.shown)].members) {
        if (member.left_out) continue;
        Role const role = member.channel.role;
        int& first = role == Role::se_image ? se : role == Role::lab_image ? lab : map;
        if (first == 0 || (role == Role::element_map && selected && member.id == selected->id)) first = member.id;
    }
    bool const on_map = selected && selected->id != se && selected->id == map;
    return {find_input(input.document, on_map || lab == 0 ? map : lab), se};
}

PicturePtr picture_of(PanelInput const& input, int id) {
    auto const found = input.results.overlay.recorded.find(id);
    return found == input.results.overlay.recorded.end() ? nullptr : found->second;
}

Pane pane_for(ui::Frame const& frame, PanelInput const& input, int id, ui::Box box) {
    Pane pane{id, box, {}, 1};
    PicturePtr const picture = picture_of(input, id);
    if (!picture) return pane;
    ui::Box const room{box.x, box.y + frame.px(30), box.width, box.height - frame.px(30)};
    Size const size = picture->size;
    pane.scale = std::min(room.width / static_cast<float>(size.width), room.height / static_cast<float>(size.height));
    float const w = pane.scale * static_cast<float>(size.width), h = pane.scale * static_cast<float>(size.height);
    pane.picture = frame.snapped({room.middle_x() - w / 2, room.middle_y() - h / 2, w, h});
    return pane;
}

/// Pixel centres are whole numbers.
Point pixel_at(Pane const& pane, ImVec2 at) {
    return {(at.x - pane.picture.x) / pane.scale - 0.5, (at.y - pane.picture.y) / pane.scale - 0.5};
}
ImVec2 place_of(Pane const& pane, Point p) {
    return {pane.picture.x + (static_cast<float>(p.x) + 0.5f) * pane.scale,
            pane.picture.y + (static_cast<float>(p.y) + 0.5f) * pane.scale};
}

void cross(ui::Frame const& frame, ImVec2 at, ui::Colour colour, std::string const& text) {
    ImDrawList& list = ui::draw_list(frame);
    float const r = frame.px(7), gap = frame.px(2);
    for (auto const& [shade, width] : {std::pair{0xc0000000u, 3.5f}, std::pair{colour, 1.5f}}) {
        list.AddLine({at.x - r, at.y}, {at.x - gap, at.y}, shade, width * frame.scale);
        list.AddLine({at.x + gap, at.y}, {at.x + r, at.y}, shade, width * frame.scale);
        list.AddLine({at.x, at.y - r}, {at.x, at.y - gap}, shade, width * frame.scale);
        list.AddLine({at.x, at.y + gap}, {at.x, at.y + r}, shade, width * frame.scale);
    }
    ui::text_in(frame, {at.x + r, at.y - frame.px(16), frame.px(40), frame.px(14)}, text,
                {.face = ui::Face::small, .colour = colour});
}

void magnifier(ui::Frame const& frame, PanelInput const& input, Pane const& pane, ImVec2 mouse, ui::Box area) {
    float const side = frame.px(150), zoom = std::max(4.0f, 4 / frame.ratio) * std::max(1.0f, pane.scale);
    float x = mouse.x + frame.px(24), y = mouse.y - frame.px(24) - side;
    if (x + side > area.right()) x = mouse.x - frame.px(24) - side;
    if (y < area.y) y = mouse.y + frame.px(24);
    ui::Box const glass = frame.snapped({x, y, side, side});
    Point const p = pixel_at(pane, mouse);
    float const k = zoom;
    ui::Box const picture{glass.middle_x() - (static_cast<float>(p.x) + 0.5f) * k,
                          glass.middle_y() - (static_cast<float>(p.y) + 0.5f) * k, k * pane.picture.width / pane.scale,
                          k * pane.picture.height / pane.scale};
    ui::fill(frame, glass, 0xff000000u);
    input.pictures.draw(picture_of(input, pane.id), rectangle_of(picture), rectangle_of(glass));
    ImDrawList& list = ui::draw_list(frame);
    list.AddLine({glass.middle_x(), glass.y}, {glass.middle_x(), glass.bottom()}, 0x80ffffffu, frame.hairline());
    list.AddLine({glass.x, glass.middle_y()}, {glass.right(), glass.middle_y()}, 0x80ffffffu, frame.hairline());
    ui::outline(frame, glass, frame.c.accent, 0, 1.5f * frame.scale);
}

} // namespace

void draw_point_panes(PanelInput const& input, CommandSink& commands, ui::Box area) {
    ui::Frame frame = frame_of(input);
    ui::Palette const& c = frame.c;
    auto const [found_entry, other_id] = image_pair(input);
    if (!found_entry) return;
    InputEntry const& entry = *found_entry;
    InputEntry const* other = find_input(input.document, other_id);
    float const pad = frame.px(14), foot = frame.px(64), gap = frame.px(12);
    ui::Box const inner = area.inset(pad, pad);
    bool const beside = inner.width >= inner.height;
    ui::Box const room{inner.x, inner.y, inner.width, std::max(1.0f, inner.height - foot)};
    ui::Box left = room, right = room;
    if (beside) {
        left.width = right.width = (room.width - gap) / 2;
        right.x = left.right() + gap;
    } else {
        left.height = right.height = (room.height - gap) / 2;
        right.y = left.bottom() + gap;
    }
    std::vector<NamedHandPoints> all = points_of(input, entry);
    NamedHandPoints* mine = nullptr;
    for (NamedHandPoints& points : all)
        if (other && points.other == other->name) mine = &points;
    LandmarkFit fit;
    if (mine && !mine->points.empty())
        if (auto found = fit_landmarks(mine->points, motion_of(input, entry), 1)) fit = std::move(*found);

    std::vector<double> const& half = input.view.points.half_pair;
    ImVec2 const mouse = ImGui::GetIO().MousePos;
    std::optional<Pane> under;
    ImVec2 pointer = mouse;
    Pane const panes[2] = {pane_for(frame, input, other_id, left), pane_for(frame, input, entry.id, right)};
    for (int i = 0; i < 2; ++i) {
        Pane const& pane = panes[i];
        std::string const title = label_of(input, pane.id) + (i == 0 ? "" : " – the image to be placed");
        ui::Box const head{pane.box.x, pane.box.y, pane.box.width, frame.px(26)};
        ui::text_in(frame, head, title, {.face = ui::Face::strong, .colour = c.text});
        ui::record(frame, head, {.id = i == 0 ? "points/other" : "points/this", .label = title, .kind = "heading"});
        PicturePtr const picture = picture_of(input, pane.id);
        if (!picture) {
            ui::text_in(frame, pane.box, pane.id == 0 ? "A second image is needed" : "reading…",
                        {.face = ui::Face::body, .colour = c.third}, ui::Align::centre);
            continue;
        }
        input.pictures.draw(picture, rectangle_of(pane.picture), rectangle_of(pane.box));
        bool const wanted = half.empty() == (i == 0);
        ui::Touch const t = ui::touch(frame, pane.picture,
                                      {.id = i == 0 ? "points/other/picture" : "points/this/picture",
                                       .label = title,
                                       .kind = "image",
                                       .value = wanted ? "click a spot" : ""});
        ui::outline(frame, pane.picture, wanted ? c.accent : c.line, 0, wanted ? 1.5f * frame.scale : 0);
        if (t.hovered) under = pane;
        if (mine)
            for (std::size_t n = 0; n < mine->points.size(); ++n) {
                Point const p = i == 0 ? mine->points[n].from : mine->points[n].to;
                bool const chosen = static_cast<int>(n) == input.view.points.chosen;
                cross(frame, place_of(pane, p), chosen ? c.warning : c.accent, std::to_string(n + 1));
            }
        if (i == 0 && half.size() == 2) cross(frame, place_of(pane, {half[0], half[1]}), c.ok, "?");
        // By keyboard: arrows move a cursor, with Shift by ten pixels; Space places.
        ImVec2 at = mouse;
        if (t.focused) {
            ImGuiStorage* storage = ImGui::GetStateStorage();
            float x = storage->GetFloat(t.id + 1, static_cast<float>(picture->size.width) / 2),
                  y = storage->GetFloat(t.id + 2, static_cast<float>(picture->size.height) / 2);
            float const by = ImGui::GetIO().KeyShift ? 10.0f : 1.0f;
            auto step = [&](ImGuiKey key, float& value, float d, int limit) {
                ImGui::SetKeyOwner(key, t.id);
                if (ImGui::IsKeyPressed(key)) value = std::clamp(value + d, 0.0f, static_cast<float>(limit - 1));
            };
            step(ImGuiKey_LeftArrow, x, -by, picture->size.width);
            step(ImGuiKey_RightArrow, x, by, picture->size.width);
            step(ImGuiKey_UpArrow, y, -by, picture->size.height);
            step(ImGuiKey_DownArrow, y, by, picture->size.height);
            storage->SetFloat(t.id + 1, x);
            storage->SetFloat(t.id + 2, y);
            at = place_of(pane, {double{x}, double{y}});
            under = pane;
            pointer = at;
            ui::focus_ring(frame, pane.picture, 0);
        }
        if (!t.pressed) continue;
        Point const p = pixel_at(pane, at);
        if (i == 0)
            change_view(input, commands, [&](ViewState& v) { v.points.half_pair = {p.x, p.y}; });
        else if (half.size() == 2) {
            commands.push_back(PlacePoint{entry.id, other_id, {{half[0], half[1]}, p}});
            change_view(input, commands, [](ViewState& v) { v.points.half_pair.clear(); });
        }
    }

    // Below: what to do next, the pairs with their residuals, and the way out.
    float y = room.bottom() + frame.px(10);
    std::string words = half.empty() ? "Click a spot on the left image, then the same on the right one."
                                     : "Now the same spot on the right image. Esc: another one.";
    ui::Box const line{inner.x, y, inner.width, frame.px(20)};
    ui::text_in(frame, line, words, {.face = ui::Face::body, .colour = c.second});
    ui::record(frame, line, {.id = "points/words", .label = words, .kind = "status"});
    float const done_width = ui::button_width(frame, "Done");
    if (ui::button(frame, {inner.right() - done_width, y, done_width, frame.px(30)},
                   {.id = "points/done", .label = "Done", .help = "Back to the picture."}, ui::ButtonLook::primary))
        change_view(input, commands, [](ViewState& v) {
            v.points.placing = false;
            v.points.half_pair.clear();
        });
    y += frame.px(26);
    float x = inner.x;
    int const chosen = input.view.points.chosen;
    auto erase = [&](int index) {
        if (!mine || index < 0 || index >= static_cast<int>(mine->points.size())) return;
        mine->points.erase(mine->points.begin() + index);
        std::erase_if(all, [](NamedHandPoints const& p) { return p.points.empty(); });
        commands.push_back(SetParam{std::string(points_step(input)), "points", hand_points_text(all), {}, entry.id});
        change_view(input, commands, [](ViewState& v) { v.points.chosen = -1; });
    };
    for (std::size_t n = 0; mine && n < mine->points.size(); ++n) {
        std::string label = std::to_string(n + 1);
        if (n < fit.residuals_px.size()) label += ": " + format_fixed(fit.residuals_px[n], 2) + " px";
        float const width = ui::chip_width(frame, label);
        if (x + width > inner.right() - done_width - frame.px(90)) break;
        if (ui::chip(frame, {x, y, width, frame.px(20)},
                     {.id = "points/pair/" + std::to_string(n + 1),
                      .label = label,
                      .value = "pair",
                      .help = "How far this pair is from the fit. Click, then Delete takes it away."},
                     static_cast<int>(n) == chosen))
            change_view(input, commands, [&](ViewState& v) { v.points.chosen = static_cast<int>(n); });
        x += width + frame.px(6);
    }
    if (mine && chosen >= 0 && chosen < static_cast<int>(mine->points.size())) {
        if (ui::link(frame, {x + frame.px(6), y, frame.px(110), frame.px(20)},
                     {.id = "points/delete", .label = "Delete pair " + std::to_string(chosen + 1)}, ui::Face::note))
            erase(chosen);
        else if (!ImGui::GetIO().WantTextInput &&
                 (ImGui::IsKeyPressed(ImGuiKey_Delete, false) || ImGui::IsKeyPressed(ImGuiKey_Backspace, false)))
            erase(chosen);
    }
    if (under) magnifier(frame, input, *under, pointer, area);
}

} // namespace mg::app
