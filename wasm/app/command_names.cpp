#include "app/command_names.h"

#include <algorithm>
#include <cstdlib>

#include "app/packet.h"

namespace mg::app {

namespace {

constexpr char const* k_compare[] = {"result", "recorded", "swipe"};
constexpr char const* k_theme[] = {"dark", "light"};
constexpr char const* k_sheet[] = {"none", "keys", "about", "palette", "metadata"};

constexpr char const* k_workspace[] = {"annotate", "overlay", "materials"};
constexpr char const* k_show[] = {"composite", "saturated", "channel", "flicker", "swipe", "difference", "checkerboard", "table"};
constexpr char const* k_materials_show[] = {"tinted", "electron", "materials", "element", "certainty"};
constexpr char const* k_plot[] = {"scatter", "ternary"};
constexpr char const* k_vision[] = {"normal", "protan", "deutan", "tritan"};

/// Sets a choice by its name; leaves it when the name is unknown.
template <class E, std::size_t n> void choose(E& value, char const* const (&names)[n], std::string_view name) {
    for (std::size_t i = 0; i < n; ++i)
        if (name == names[i]) value = static_cast<E>(i);
}

ViewState view_with(ViewState view, Json const& arguments, Document const& document) {
    auto const has = [&](char const* key) { return arguments.find(key) != nullptr; };
    if (has("fit")) view.fit = flag_of(arguments, "fit");
    if (has("zoom")) {
        view.zoom = std::clamp(number_of(arguments, "zoom", 1), 0.01, 64.0);
        view.fit = false;
    }
    view.centre_x = number_of(arguments, "centre_x", view.centre_x);
    view.centre_y = number_of(arguments, "centre_y", view.centre_y);
    view.swipe = std::clamp(number_of(arguments, "swipe", view.swipe), 0.0, 1.0);
    view.font_scale = std::clamp(number_of(arguments, "font_scale", view.font_scale), 0.8, 2.0);
    if (has("remember")) view.remember = flag_of(arguments, "remember");
    if (has("panels")) view.panels = flag_of(arguments, "panels");
    choose(view.compare, k_compare, text_of(arguments, "compare"));
    choose(view.theme, k_theme, text_of(arguments, "theme"));
    choose(view.sheet, k_sheet, text_of(arguments, "sheet"));
    choose(view.workspace, k_workspace, text_of(arguments, "workspace"));
    choose(view.overlay.show, k_show, text_of(arguments, "show"));
    choose(view.overlay.vision, k_vision, text_of(arguments, "vision"));
    if (InputEntry const* other = find_named(document, text_of(arguments, "other"))) view.overlay.other = other->id;
    if (has("placing")) view.points.placing = flag_of(arguments, "placing");
    if (std::string const unfold = text_of(arguments, "unfold"); !unfold.empty()) {
        std::erase(view.unfolded, unfold);
        view.unfolded.push_back(unfold);
    }
    if (Json const* brush = arguments.find("brush"); brush && brush->as_array() && brush->as_array()->size() == 4) {
        auto const at = [&](std::size_t i) {
            double const* value = (*brush->as_array())[i].as_number();
            return value ? std::clamp(*value, 0.0, 1.0) : 0.0;
        };
        view.overlay.brush = {at(0), at(1), at(2), at(3)};
    }
    MaterialsView& materials = view.materials;
    auto const whole = [&](char const* key, int& value, int least) {
        if (has(key)) value = static_cast<int>(std::clamp(number_of(arguments, key), double{1.0 * least}, 1e6));
    };
    choose(materials.show, k_materials_show, text_of(arguments, "show"));
    choose(materials.plot, k_plot, text_of(arguments, "plot"));
    whole("element", materials.element, 0);
    whole("material", materials.material, -1);
    whole("hovered", materials.hovered, -1);
    if (has("brushing")) materials.brushing = flag_of(arguments, "brushing");
    if (has("erasing")) materials.erasing = flag_of(arguments, "erasing");
    if (has("marking")) materials.marking = flag_of(arguments, "marking");
    if (has("brush_radius")) materials.brush_radius = std::clamp(number_of(arguments, "brush_radius"), 0.5, 1000.0);
    if (has("search")) view.search = text_of(arguments, "search");
    return view;
}

Result<Command> set_command(Json const& arguments, Recipe const& recipe, int only_file) {
    std::string const step = text_of(arguments, "step"), key = text_of(arguments, "key");
    StepUse const* use = find_use(recipe, step);
    if (!use) return Error{ErrorCode::bad_value, "no step \"" + step + "\""};
    int const index = param_index(*use->step, key);
    if (index < 0) return Error{ErrorCode::bad_value, step + " has no setting \"" + key + "\""};
    MG_TRY(Value value, parse_value(use->step->params[static_cast<std::size_t>(index)], text_of(arguments, "value")));
    return Command(SetParam{step, key, std::move(value), text_of(arguments, "gesture"), only_file});
}

} // namespace

namespace {

std::vector<double> clamped_numbers(Json const& arguments, char const* key) {
    std::vector<double> numbers;
    Json const* list = arguments.find(key);
    if (list && list->as_array())
        for (Json const& number : *list->as_array())
            if (number.as_number()) numbers.push_back(std::clamp(*number.as_number(), -1e6, 1e6));
    return numbers;
}

/// What the user says about materials; nothing when it is another command.
std::optional<Result<Command>> material_command(std::string_view name, Json const& arguments) {
    int const material = static_cast<int>(std::clamp(number_of(arguments, "material", -1), -1.0, 1e6));
    if (name == "name_material") return Command(NameMaterial{material, text_of(arguments, "to"), {}});
    if (name == "lock_material") return Command(LockMaterial{material, flag_of(arguments, "on")});
    if (name == "colour_material") {
        std::string const text = text_of(arguments, "colour");
        std::optional<Rgb> colour;
        if (text.size() == 7 && text[0] == '#') {
            auto const part = [&](std::size_t at) {
                return static_cast<float>(std::strtol(text.substr(at, 2).c_str(), nullptr, 16)) / 255;
            };
            colour = Rgb{part(1), part(3), part(5)};
        }
        return Command(ColourMaterial{material, colour, {}});
    }
    if (name == "merge_materials") {
        MergeMaterials merge;
        for (double index : clamped_numbers(arguments, "materials")) merge.materials.push_back(static_cast<int>(index));
        return Command(std::move(merge));
    }
    if (name == "split_material")
        return Command(SplitMaterial{material, static_cast<int>(std::clamp(number_of(arguments, "parts", 2), 1.0, 40.0))});
    if (name == "forget_material") return Command(ForgetMaterial{material});
    if (name == "forget_materials") return Command(ForgetMaterials{});
    if (name == "material_count")
        return Command(SetMaterialCount{static_cast<int>(std::clamp(number_of(arguments, "count"), 0.0, 1e3))});
    if (name == "paint_material") {
        PaintMaterial paint{material, {}, text_of(arguments, "gesture")};
        std::vector<double> const discs = clamped_numbers(arguments, "discs");
        if (discs.empty() || discs.size() % 3 != 0)
            return Result<Command>(Error{ErrorCode::bad_value, "paint_material needs discs [x, y, radius, ...]"});
        for (std::size_t i = 0; i < discs.size(); i += 3) paint.discs.push_back({discs[i], discs[i + 1], discs[i + 2]});
        return Command(std::move(paint));
    }
    if (name == "clear_brush") return Command(ClearBrush{});
    return std::nullopt;
}

} // namespace

std::string_view workspace_name(Workspace workspace) { return k_workspace[static_cast<int>(workspace)]; }

std::optional<Workspace> workspace_named(std::string_view name) {
    for (std::size_t i = 0; i < std::size(k_workspace); ++i)
        if (name == k_workspace[i]) return static_cast<Workspace>(i);
    return std::nullopt;
}

InputEntry const* find_named(Document const& document, std::string_view name) {
    for (InputEntry const& input : document.inputs)
        if (paged_path(input) == name) return &input;
    for (InputEntry const& input : document.inputs)
        if (input.name == name) return &input;
    return nullptr;
}

Result<Command> command_from(std::string_view name, Json const& arguments, Document const& document, ViewState const& view) {
    std::string const file_name = text_of(arguments, "file");
    InputEntry const* file = find_named(document, file_name);
    if (!file_name.empty() && !file) return Error{ErrorCode::bad_value, "no file \"" + file_name + "\" is open"};
    int const id = file ? file->id : 0;
    std::string const step = text_of(arguments, "step");
    if (name == "undo") return Command(Undo{});
    if (name == "redo") return Command(Redo{});
    if (name == "select") return Command(Select{id});
    if (name == "select_next") return Command(SelectNext{static_cast<int>(std::clamp(number_of(arguments, "by", 1), -1e6, 1e6))});
    if (name == "remove") return Command(RemoveFile{id});
    if (name == "page") return Command(ChoosePage{id, static_cast<int>(std::clamp(number_of(arguments, "page", 1), 1.0, 1e6)) - 1});
    if (name == "open_pages")
        return Command(OpenPages{id, static_cast<int>(std::clamp(number_of(arguments, "count", 1), 1.0, 1e6))});
    if (name == "remove_all") return Command(RemoveAllFiles{});
    if (name == "set") return set_command(arguments, recipe_of(document, view.workspace), id);
    if (name == "reset") return Command(ResetParam{step, text_of(arguments, "key"), id});
    if (name == "enable") return Command(SetEnabled{step, flag_of(arguments, "on")});
    if (name == "reset_step") return Command(ResetStep{step});
    if (name == "preset") return Command(UsePreset{flag_of(arguments, "compatible")});
    if (name == "view") return Command(SetView{view_with(view, arguments, document), {}});
    if (name == "open") return Command(OpenDialog{flag_of(arguments, "folder")});
    if (name == "open_samples") return Command(OpenSamples{});
    if (name == "save_png") return Command(SavePng{});
    if (name == "save_all") return Command(SaveAllZip{});
    if (name == "save_recipe") return Command(SaveRecipe{});
    if (name == "copy_image") return Command(CopyImage{});
    if (name == "save_config") return Command(SaveConfig{});
    if (name == "align_again") return Command(AlignAgain{});
    if (name == "workspace") {
        ViewState next = view;
        choose(next.workspace, k_workspace, text_of(arguments, "argument"));
        return Command(SetView{std::move(next), {}});
    }
    if (name == "place_point") {
        InputEntry const* other = find_named(document, text_of(arguments, "other"));
        Json const* pair = arguments.find("pair");
        Json::Array const* values = pair ? pair->as_array() : nullptr;
        if (!file || !other || !values || values->size() != 4)
            return Error{ErrorCode::bad_value, "place_point needs file, other, and pair [x, y, X, Y]"};
        double numbers[4];
        for (std::size_t i = 0; i < 4; ++i) numbers[i] = (*values)[i].as_number() ? *(*values)[i].as_number() : 0;
        return Command(PlacePoint{id, other->id, {{numbers[0], numbers[1]}, {numbers[2], numbers[3]}}});
    }
    if (auto edit = material_command(name, arguments)) return std::move(*edit);
    if (name == "go_on") return Command(GoOn{});
    if (name == "forget_session") return Command(ForgetSession{});
    if (name == "cancel") return Command(CancelWork{});
    return Error{ErrorCode::bad_value, "no command \"" + std::string(name) + "\""};
}

Json view_json(ViewState const& view) {
    Json json;
    json.add("workspace", k_workspace[static_cast<int>(view.workspace)]);
    json.add("show", k_show[static_cast<int>(view.overlay.show)]);
    json.add("vision", k_vision[static_cast<int>(view.overlay.vision)]);
    json.add("materials_show", k_materials_show[static_cast<int>(view.materials.show)]);
    json.add("material", view.materials.material);
    json.add("brushing", view.materials.brushing);
    json.add("fit", view.fit);
    json.add("zoom", view.zoom);
    json.add("centre_x", view.centre_x);
    json.add("centre_y", view.centre_y);
    json.add("compare", k_compare[static_cast<int>(view.compare)]);
    json.add("swipe", view.swipe);
    json.add("remember", view.remember);
    json.add("panels", view.panels);
    json.add("full_screen", view.full_screen);
    json.add("theme", k_theme[static_cast<int>(view.theme)]);
    json.add("font_scale", view.font_scale);
    json.add("sheet", k_sheet[static_cast<int>(view.sheet)]);
    return json;
}

Json items_json(std::vector<Item> const& items) {
    Json json{Json::Array{}};
    for (Item const& item : items) {
        Json entry;
        entry.add("id", item.id);
        entry.add("label", item.label);
        entry.add("kind", item.kind);
        entry.add("value", item.value);
        entry.add("x", double{item.x});
        entry.add("y", double{item.y});
        entry.add("width", double{item.width});
        entry.add("height", double{item.height});
        entry.add("enabled", item.enabled);
        entry.add("focused", item.focused);
        json.push(std::move(entry));
    }
    return json;
}

} // namespace mg::app
