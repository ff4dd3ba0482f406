// The files of a field: element maps as small pictures with the element's name, the Lab image and the SE image below
// them; what each is can be changed, and what is wrong with one is said in words.
#include <algorithm>
#include <cmath>

#include "app/overlay_words.h"
#include "base/text.h"
#include "imgui_internal.h"
#include "panels/overlay_tools.h"
#include "ui/fields.h"
#include "ui/format.h"

namespace mg::app {
namespace {

constexpr float k_map_row = 52, k_gap = 8, k_foot = 22;

/// The choices of the step "map" for what a file is.
enum : std::int64_t { k_automatic, k_map, k_lab, k_se, k_off };

void set_map(CommandSink& commands, int id, std::string_view key, Value value, std::string gesture = {}) {
    commands.push_back(SetParam{"map", std::string(key), std::move(value), std::move(gesture), id});
}

MapFact const* fact_of(PanelInput const& input, int id) {
    for (MapFact const& fact : input.results.materials.facts)
        if (fact.id == id) return &fact;
    return nullptr;
}

/// What a file of the set is and how it is, in words.
struct MapWords {
    std::string label, words;
    ui::Mark mark = ui::Mark::dot;
    ui::Colour colour = 0;
    bool attention = false;
    bool estimated = false; ///< the words hold an estimate
};

/// Where the Lab image (or the maps) lie over the SE image.
void say_alignment(ui::Frame const& frame, Alignment const& alignment, MapWords& said) {
    ui::Palette const& c = frame.c;
    auto const also = [&](std::string words) { said.words += (said.words.empty() ? "" : " · ") + std::move(words); };
    switch (alignment.trust) {
    case Trust::reference:
        also("the maps lie over it");
        break;
    case Trust::by_hand:
        also("placed by your points");
        break;
    case Trust::accepted:
        also(alignment.residual_px > 0 ? "in place, ±" + ui::number_text(alignment.residual_px, 2) + " px"
                                       : "in place");
        break;
    case Trust::doubtful:
        also("place doubtful: " + alignment.reason);
        said.mark = ui::Mark::triangle, said.colour = c.warning, said.attention = true;
        break;
    case Trust::refused:
        also("place not found: " + alignment.reason);
        said.mark = ui::Mark::cross, said.colour = c.failure, said.attention = true;
        break;
    }
}

/// "at most 412 counts", "≈ 38 counts"
std::string counts_text(MapFact const* fact, PanelInput const& input) {
    MaterialsResult const& result = input.results.materials;
    if (!fact || !result.found) return {};
    for (Element const& element : result.found->elements)
        if (element.file_name == fact->channel.file_name && element.label == fact->channel.label) {
            std::string const number = ui::number_text(std::round(element.largest_counts), 3);
            return element.counts_estimated ? "≈ " + number : number;
        }
    return {};
}

MapWords said_of(ui::Frame const& frame, PanelInput const& input, InputEntry const& entry, MapEntry const* member) {
    ui::Palette const& c = frame.c;
    MapWords said{entry.name, {}, ui::Mark::dot, c.ok, false, false};
    FileResult const* result = result_of(input, entry.id);
    MaterialsResult const& materials = input.results.materials;
    MapFact const* fact = fact_of(input, entry.id);
    Channel const* channel = fact ? &fact->channel : member ? &member->channel : nullptr;
    if (member && channel && !channel->label.empty() && channel->role == Role::element_map) said.label = channel->label;
    for (auto const& [failed, words] : materials.left_out)
        if (failed == entry.id) {
            said.words = words, said.mark = ui::Mark::cross, said.colour = c.failure, said.attention = true;
            return said;
        }
    if (!result || result->state == FileState::waiting || result->state == FileState::working ||
        result->state == FileState::failed) {
        StateLook const look = look_of(frame, result ? result->state : FileState::waiting);
        said.mark = look.mark, said.colour = look.colour;
        said.words = result && !result->words.empty() ? result->words : std::string(look.word);
        said.attention = result && result->state == FileState::failed;
        return said;
    }
    if (!member) {
        said.words = "not part of a set of maps", said.mark = ui::Mark::ring, said.colour = c.third;
        return said;
    }
    if (member->left_out) {
        said.words = "left out", said.mark = ui::Mark::ring, said.colour = c.third;
        return said;
    }
    if (!fact) {
        said.mark = ui::Mark::ring, said.colour = c.third;
        said.words = materials.busy.empty() ? "" : "reading the counts…";
        return said;
    }
    if (channel->role == Role::element_map) {
        said.words = counts_text(fact, input);
        said.estimated = channel->map.counts_estimated;
        return said;
    }
    if (channel->alignment) say_alignment(frame, *channel->alignment, said);
    for (Note const& note : materials.notes) // what was said about this file alone
        if (note.key == "warning" && note.text.starts_with(entry.name)) {
            said.words = note.text.substr(std::min(note.text.size(), entry.name.size() + 2));
            said.mark = ui::Mark::triangle, said.colour = c.warning, said.attention = true;
        }
    return said;
}

struct Cell {
    ui::Frame const& frame;
    PanelInput const& input;
    InputEntry const& entry;
    MapEntry const* member = nullptr; ///< null: in no set
    ui::Box box, clip;
};

void file_menu(Cell const& in, CommandSink& commands, std::string const& id, ui::Box anchor) {
    ui::Frame const& frame = in.frame;
    if (!ui::begin_menu(frame, id + "/menu", anchor, frame.px(240), 9)) return;
    ImVec2 const at = ImGui::GetCursorScreenPos();
    float const width = ImGui::GetContentRegionAvail().x, pad = frame.px(6);
    Channel const* channel = in.member ? &in.member->channel : nullptr;
    bool const out = in.member && in.member->left_out;
    Role const role = channel ? channel->role : Role::signal;
    ui::Box const field{at.x + pad, at.y + pad, width - 2 * pad, frame.px(26)};
    std::string const now = role == Role::element_map && channel ? channel->label : std::string();
    auto edit = ui::text_field(frame, field,
                               {.id = id + "/element",
                                .label = "Element of " + in.entry.name,
                                .help = "Such as Al or AlK. Empty: from the file name."},
                               now, {.hint = "element, such as AlK"});
    if (edit.value) set_map(commands, in.entry.id, "element", *edit.value, edit.gesture);
    ImGui::SetCursorScreenPos({at.x, field.bottom() + pad});
    auto row = [&](char const* name, std::string label, bool chosen) {
        return ui::menu_row(frame, {.control = {.id = id + "/" + name, .label = std::move(label)}, .chosen = chosen});
    };
    if (row("map", "Element map", !out && role == Role::element_map))
        set_map(commands, in.entry.id, "role", std::int64_t{k_map});
    if (row("lab", "Lab image: taken with the maps", !out && role == Role::lab_image))
        set_map(commands, in.entry.id, "role", std::int64_t{k_lab});
    if (row("se", "SE image: takes the colours", !out && role == Role::se_image))
        set_map(commands, in.entry.id, "role", std::int64_t{k_se});
    if (row("off", "Leave out", out)) set_map(commands, in.entry.id, "role", std::int64_t{k_off});
    if (row("auto", "As its name says", false))
        for (char const* key : {"role", "element", "counts"}) commands.push_back(ResetParam{"map", key, in.entry.id});
    if (row("points", "Place points…", false)) {
        commands.push_back(Select{in.entry.id});
        change_view(in.input, commands, [](ViewState& v) {
            v.points.placing = true;
            v.points.half_pair.clear();
        });
    }
    if (row("remove", "Remove from the list", false)) commands.push_back(RemoveFile{in.entry.id});
    ui::end_menu();
}

/// Index of the element whose map this is; -1: none.
int element_of(PanelInput const& input, InputEntry const& entry) {
    MaterialsResult const& result = input.results.materials;
    MapFact const* fact = fact_of(input, entry.id);
    if (!fact || !result.found) return -1;
    for (std::size_t i = 0; i < result.found->elements.size(); ++i)
        if (result.found->elements[i].file_name == entry.name && result.found->elements[i].label == fact->channel.label)
            return static_cast<int>(i);
    return -1;
}

bool is_shown(PanelInput const& input, int element) {
    return element >= 0 && input.view.materials.show == MaterialsShow::element &&
           input.view.materials.element == element;
}

/// A map: its picture, the element on it, and its counts below.
void draw_map(Cell const& in, CommandSink& commands) {
    ui::Frame const& frame = in.frame;
    ui::Palette const& c = frame.c;
    MapWords const said = said_of(frame, in.input, in.entry, in.member);
    FileResult const* result = result_of(in.input, in.entry.id);
    std::string const id = "materials/file/" + in.entry.name + "#" + std::to_string(in.entry.id);
    int const element = element_of(in.input, in.entry);
    bool const lit = is_shown(in.input, element);
    ui::Box const box = frame.snapped(in.box);
    ui::Box const picture = frame.snapped({box.x, box.y, box.width, box.height - frame.px(k_foot)});
    MapFact const* fact = fact_of(in.input, in.entry.id);
    std::string help = in.entry.name;
    if (fact && !fact->channel.map.counts_source.empty()) help += ": " + fact->channel.map.counts_source;
    if (said.attention) help = in.entry.name + ": " + said.words;
    ImGui::SetNextItemAllowOverlap();
    ui::Touch const t =
        ui::touch(frame, picture, {.id = id, .label = said.label, .kind = "row", .value = said.words, .help = help});
    if (t.pressed) {
        commands.push_back(Select{in.entry.id});
        if (element >= 0)
            change_view(in.input, commands, [&](ViewState& v) {
                v.materials.show = lit ? MaterialsShow::tinted : MaterialsShow::element;
                v.materials.element = element;
            });
    }
    float const radius = frame.px(4);
    ui::fill(frame, picture, c.canvas, radius);
    if (result && result->thumbnail && !result->thumbnail->size.empty())
        in.input.pictures.draw(
            result->thumbnail,
            rectangle_of(fitted(frame, picture.inset(frame.px(1), frame.px(1)), result->thumbnail->size)),
            rectangle_of(in.clip));
    else
        ui::dashed_outline(frame, picture, c.line, radius);
    ui::Colour const edge = lit ? c.accent : t.hovered ? c.third : c.line;
    ui::outline(frame, picture, edge, radius, lit ? frame.px(2) : 0);
    if (t.focused) ui::focus_ring(frame, picture.inset(frame.px(2), frame.px(2)), radius);
    if (said.attention)
        ui::mark(frame, {picture.right() - frame.px(10), picture.y + frame.px(10)}, said.mark, said.colour);

    // The element's name; a click changes what the file is.
    ui::Box const foot{box.x, picture.bottom() + frame.px(1), box.width, box.height - picture.height - frame.px(1)};
    ui::TextStyle const name{.face = ui::Face::body, .colour = c.text, .tabular = true};
    ui::TextStyle const small{.face = ui::Face::small, .colour = said.estimated ? c.third : c.second, .tabular = true};
    bool const narrow = in.input.narrow;
    float const counts = narrow || said.attention ? 0 : std::min(ui::text_width(said.words, small), foot.width / 2);
    ui::Box const chip{foot.x, foot.y, foot.width - counts - frame.px(4), foot.height};
    ui::Touch const n = ui::touch(frame, chip,
                                  {.id = id + "/what",
                                   .label = "What " + said.label + " is",
                                   .value = said.label,
                                   .help = "Its element, or what else it is."});
    ui::TextStyle const shown = n.hovered ? ui::TextStyle{.face = ui::Face::body, .colour = c.accent} : name;
    ui::text_in(frame, chip.inset(frame.px(2), 0), ui::elided_middle(said.label, shown, chip.width - frame.px(4)),
                shown);
    if (n.focused) ui::focus_ring(frame, chip, frame.px(3));
    if (n.pressed) ui::open_menu(id + "/menu");
    if (counts > 0) ui::text_in(frame, foot.from_right(counts + frame.px(1)), said.words, small, ui::Align::right);
    file_menu(in, commands, id, chip);
}

/// The Lab image, the SE image, and what is in no set.
void draw_file(Cell const& in, CommandSink& commands) {
    ui::Frame const& frame = in.frame;
    ui::Palette const& c = frame.c;
    MapWords const said = said_of(frame, in.input, in.entry, in.member);
    FileResult const* result = result_of(in.input, in.entry.id);
    std::string const id = "materials/file/" + in.entry.name + "#" + std::to_string(in.entry.id);
    bool const narrow = in.input.narrow, chosen = in.entry.id == in.input.view.selected;
    ui::Box const box = frame.snapped(in.box);
    ImGui::SetNextItemAllowOverlap();
    ui::Touch const t = ui::touch(frame, box,
                                  {.id = id,
                                   .label = said.label,
                                   .kind = "row",
                                   .value = said.words,
                                   .help = in.entry.name + (said.words.empty() ? "" : ": " + said.words)});
    if (t.pressed) {
        commands.push_back(Select{in.entry.id});
        bool const ground = in.member && !in.member->left_out && in.member->channel.role == Role::se_image;
        if (ground)
            change_view(in.input, commands, [](ViewState& v) {
                v.materials.show =
                    v.materials.show == MaterialsShow::electron ? MaterialsShow::tinted : MaterialsShow::electron;
            });
    }
    bool const over = ImGui::IsMouseHoveringRect(box.low(), box.high()) && in.clip.contains(ImGui::GetIO().MousePos);
    if (chosen || over) ui::fill(frame, box, chosen ? c.raised : ui::faded(c.raised, 0.6f), frame.px(6));
    float const inset = frame.px(6);
    ui::Box picture = narrow ? box.inset(inset, inset)
                             : ui::Box{box.x + inset, box.middle_y() - frame.px(19), frame.px(52), frame.px(38)};
    picture = frame.snapped(picture);
    if (result && result->thumbnail && !result->thumbnail->size.empty()) {
        ui::fill(frame, picture, c.canvas, frame.px(3));
        float const light = in.member && !in.member->left_out ? 1 : 0.45f;
        in.input.pictures.draw(result->thumbnail, rectangle_of(fitted(frame, picture, result->thumbnail->size)),
                               rectangle_of(in.clip), {light, light, light});
    } else
        ui::dashed_outline(frame, picture, c.line, frame.px(4));
    ui::Box corner{box.right() - frame.px(24), box.middle_y() - frame.px(10), frame.px(20), frame.px(20)};
    if (narrow) corner = {box.right() - frame.px(18), box.bottom() - frame.px(18), frame.px(16), frame.px(16)};
    std::string const more = id + "/what";
    bool const on_more = ImGui::GetCurrentContext()->NavId == ImGui::GetID(more.c_str());
    if (!narrow && (over || t.focused || on_more || ImGui::IsPopupOpen((id + "/menu").c_str()))) {
        if (ui::icon_button(
                frame, corner,
                {.id = more, .label = "What " + said.label + " is", .help = "Map, Lab image, SE image, or left out."},
                ui::Icon::more))
            ui::open_menu(id + "/menu");
    } else
        ui::mark(frame, {corner.middle_x(), corner.middle_y()}, said.mark, said.colour);
    file_menu(in, commands, id, corner);
    if (!narrow) {
        float const x = picture.right() + frame.px(9);
        ui::Box const text{x, box.y, corner.x - x - frame.px(3), box.height};
        ui::TextStyle const name{
            .face = ui::Face::body, .colour = in.member && !in.member->left_out ? c.text : c.third, .tabular = true};
        ui::TextStyle const small{
            .face = ui::Face::small, .colour = said.attention ? said.colour : c.third, .tabular = true};
        std::vector<std::string> lines = ui::wrapped(said.words, small, text.width);
        if (lines.size() > 2) {
            lines[1] = ui::elided(lines[1] + " " + lines[2], small, text.width);
            lines.resize(2);
        }
        float const step = frame.px(13), head = frame.px(18);
        float y = box.middle_y() - (head + step * static_cast<float>(lines.size())) / 2;
        ui::text_in(frame, {text.x, y, text.width, head}, ui::elided_middle(said.label, name, text.width), name);
        y += head;
        for (std::string const& each : lines) {
            ui::text_in(frame, {text.x, y, text.width + 1, step}, each, small);
            y += step;
        }
    }
    if (t.focused) ui::focus_ring(frame, box.inset(frame.px(2), frame.px(2)), frame.px(6));
}

} // namespace

void draw_materials_tray(PanelInput const& input, CommandSink& commands) {
    ui::Frame frame = frame_of(input);
    ui::Box const area = box_of(input.area);
    ui::vertical_line(frame, area.right() - frame.hairline(), area.y, area.bottom(), frame.c.line);
    ui::Box const list{area.x, area.y + frame.px(4), area.width - frame.hairline(), area.height - frame.px(8)};
    ImGui::SetCursorScreenPos(list.low());
    ImGui::PushStyleVar(ImGuiStyleVar_WindowPadding, {0, 0});
    ImGui::BeginChild("maps", {list.width, list.height}, ImGuiChildFlags_None, ImGuiWindowFlags_NavFlattened);
    ImGui::PopStyleVar();
    ImVec2 const start = ImGui::GetCursorScreenPos();
    float const side = frame.px(input.narrow ? 8 : 14), gap = frame.px(k_gap);
    float y = start.y;
    auto head = [&](std::string const& text, std::size_t count) {
        if (input.narrow) {
            y += frame.px(8);
            return;
        }
        ui::caption(frame, {list.x + frame.px(14), y + frame.px(6), list.width - frame.px(28), frame.px(26)}, text,
                    count > 0 ? std::to_string(count) : std::string());
        y += frame.px(34);
    };
    MaterialsResult const& result = input.results.materials;
    std::vector<int> placed;
    for (std::size_t s = 0; s < result.sets.size(); ++s) {
        MapSetEntry const& set = result.sets[s];
        std::vector<MapEntry const*> maps, images, out;
        for (MapEntry const& member : set.members) {
            placed.push_back(member.id);
            (member.left_out ? out : member.channel.role == Role::element_map ? maps : images).push_back(&member);
        }
        std::string const of = result.sets.size() > 1 && !set.name.empty() ? " · " + set.name : "";
        if (!maps.empty()) head("Element maps" + of, maps.size());
        int const columns = input.narrow ? 1 : 2;
        float const width =
            (list.width - 2 * side - gap * static_cast<float>(columns - 1)) / static_cast<float>(columns);
        float const height = std::round(width * (input.narrow ? 0.72f : 0.74f)) + frame.px(k_foot);
        for (std::size_t i = 0; i < maps.size(); ++i) {
            InputEntry const* entry = find_input(input.document, maps[i]->id);
            int const column = static_cast<int>(i) % columns;
            if (entry)
                draw_map({frame,
                          input,
                          *entry,
                          maps[i],
                          {list.x + side + static_cast<float>(column) * (width + gap), y, width, height},
                          list},
                         commands);
            if (column == columns - 1 || i + 1 == maps.size()) y += height + frame.px(4);
        }
        auto rows = [&](std::vector<MapEntry const*> const& members) {
            for (MapEntry const* member : members)
                if (InputEntry const* entry = find_input(input.document, member->id)) {
                    ui::Box const box{list.x + frame.px(8), y, list.width - frame.px(16),
                                      frame.px(k_map_row) - frame.px(2)};
                    draw_file({frame, input, *entry, member, box, list}, commands);
                    y += frame.px(k_map_row);
                }
        };
        for (auto const& [role, name] :
             {std::pair{Role::lab_image, "Lab image"}, std::pair{Role::se_image, "SE image"}}) {
            std::vector<MapEntry const*> of_role;
            for (MapEntry const* member : images)
                if (member->channel.role == role) of_role.push_back(member);
            if (of_role.empty()) continue;
            head(name, 0);
            rows(of_role);
        }
        if (!out.empty()) {
            head("Left out" + of, out.size());
            rows(out);
        }
    }
    bool first = true;
    for (InputEntry const& entry : input.document.inputs) {
        if (std::find(placed.begin(), placed.end(), entry.id) != placed.end()) continue;
        if (std::exchange(first, false)) head(result.sets.empty() ? "Files" : "Other files", 0);
        ui::Box const box{list.x + frame.px(8), y, list.width - frame.px(16), frame.px(k_map_row) - frame.px(2)};
        draw_file({frame, input, entry, nullptr, box, list}, commands);
        y += frame.px(k_map_row);
    }
    ImGui::SetCursorScreenPos({start.x, y});
    ImGui::Dummy({1, gap});
    ImGui::EndChild();
}

} // namespace mg::app
