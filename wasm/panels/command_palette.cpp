// Find any command, step or file by typing some of its letters.
#include "imgui_internal.h"
#include "panels/keys.h"
#include "panels/sheet.h"
#include "ui/fields.h"
#include "ui/fuzzy.h"

namespace mg::app {
namespace {

struct Found {
    int score = 0;
    std::string words, kind, keys;
    KeyAction const* action = nullptr;
    std::string step{};
    int file = 0;
};

std::vector<Found> find_all(PanelInput const& input) {
    std::vector<Found> found;
    auto consider = [&](Found entry) {
        auto score = ui::match_score(input.view.search, entry.words);
        if (!score) return;
        entry.score = *score;
        found.push_back(std::move(entry));
    };
    for (KeyAction const& action : key_actions()) {
        if (action.can && !action.can(input)) continue;
        if (action.words.substr(0, 4) == "Pan " || action.chord == 0) {
            if (action.words.substr(0, 4) == "Pan " || action.words.substr(0, 6) == "Find a") continue;
        }
        consider({.words = std::string(action.words),
                  .kind = "command",
                  .keys = std::string(action.shown),
                  .action = &action});
    }
    if (!input.document.inputs.empty())
        for (StepUse const& use : input.recipe().steps)
            consider({.words = std::string(use.step->title),
                      .kind = use.enabled ? "step" : "step, off",
                      .keys = "",
                      .step = std::string(use.step->id)});
    // Files last, and not all 500 of them before something is typed.
    std::size_t files = 0;
    for (InputEntry const& entry : input.document.inputs) {
        if (input.view.search.empty() && ++files > 8) break;
        consider({.words = entry.name, .kind = "file", .keys = "", .file = entry.id});
    }
    std::stable_sort(found.begin(), found.end(), [](Found const& a, Found const& b) { return a.score > b.score; });
    if (found.size() > 60) found.resize(60);
    return found;
}

void carry_out(PanelInput const& input, CommandSink& commands, Found const& chosen) {
    close_sheet(input, commands);
    if (chosen.action) chosen.action->act(input, commands);
    if (chosen.file) commands.push_back(Select{chosen.file});
    if (!chosen.step.empty())
        change_view(input, commands, [&](ViewState& v) {
            v.panels = true;
            v.reveal = chosen.step;
            if (!holds(v.unfolded, chosen.step)) v.unfolded.push_back(chosen.step);
        });
}

} // namespace

void draw_command_palette(PanelInput const& input, CommandSink& commands) {
    if (input.view.sheet != Sheet::palette) return;
    std::vector<Found> found = find_all(input);
    // As high as what was found, up to a dozen rows.
    float height = 76 + 30 * static_cast<float>(std::clamp<std::size_t>(found.size(), 1, 12));
    auto body =
        begin_sheet(input, commands, {.kind = Sheet::palette, .width = 560, .height = height, .at_top = true});
    if (!body) return;
    ui::Frame frame = frame_of(input);
    bool first = ImGui::IsWindowAppearing();
    ui::Box field{body->x, body->y - frame.px(2), body->width, frame.px(34)};
    auto edit = ui::text_field(frame, field, {.id = "palette/search", .label = "Find a command, a step or a file"},
                               input.view.search,
                               {.hint = "Find a command, a step or a file", .search = true, .take_focus = first});
    if (edit.value) change_view(input, commands, [&](ViewState& v) { v.search = *edit.value; });
    ImGuiStorage* storage = ImGui::GetStateStorage();
    ImGuiID key = ImGui::GetID("palette/chosen");
    int count = static_cast<int>(found.size());
    int chosen = first || edit.value ? 0 : std::clamp(storage->GetInt(key), 0, std::max(count - 1, 0));
    if (ImGui::IsKeyPressed(ImGuiKey_DownArrow)) chosen = std::min(chosen + 1, std::max(count - 1, 0));
    if (ImGui::IsKeyPressed(ImGuiKey_UpArrow)) chosen = std::max(chosen - 1, 0);
    bool moved = chosen != storage->GetInt(key);
    storage->SetInt(key, chosen);
    bool enter = ImGui::IsKeyPressed(ImGuiKey_Enter, false) || ImGui::IsKeyPressed(ImGuiKey_KeypadEnter, false);
    if (enter && count > 0) carry_out(input, commands, found[static_cast<std::size_t>(chosen)]);

    float top = field.bottom() + frame.px(10), row = frame.px(30);
    ImGui::SetCursorScreenPos({body->x, top});
    ImGui::BeginChild("found", {body->width, body->bottom() - top}, ImGuiChildFlags_None,
                      ImGuiWindowFlags_NavFlattened);
    for (int i = 0; i < count; ++i) {
        Found const& entry = found[static_cast<std::size_t>(i)];
        ImVec2 at = ImGui::GetCursorScreenPos();
        ui::Box box{at.x, at.y, body->width, row};
        ui::Touch t = ui::touch(frame, box,
                                {.id = "palette/" + entry.kind + "/" + entry.words + "/" + std::to_string(i),
                                 .label = entry.words,
                                 .kind = "option",
                                 .value = i == chosen ? "on" : "off"});
        ImGui::Dummy({1, row});
        if (i == chosen && moved) ImGui::SetScrollHereY();
        if (t.pressed) carry_out(input, commands, entry);
        if (!t.visible) continue;
        if (i == chosen || t.hovered) ui::fill(frame, box, i == chosen ? frame.c.hover : frame.c.raised, frame.px(5));
        ui::Box inner = box.inset(frame.px(10), 0);
        ui::text_in(frame, inner.without_right(frame.px(140)), entry.words,
                    {.face = ui::Face::body, .colour = frame.c.text});
        ui::text_in(frame, inner, entry.keys.empty() ? entry.kind : entry.keys,
                    {.face = ui::Face::note, .colour = frame.c.third}, ui::Align::right);
    }
    if (count == 0) {
        ImVec2 at = ImGui::GetCursorScreenPos();
        ui::text_in(frame, {at.x + frame.px(10), at.y, body->width, row}, "Nothing of that name",
                    {.face = ui::Face::body, .colour = frame.c.third});
    }
    ImGui::EndChild();
    end_sheet();
}

} // namespace mg::app
