// The steps of the recipe by group, each with its switch, its rows and what it found.
#include "panels/steps.h"

#include "panels/tools.h"

namespace mg::app {

ui::Column right_column(PanelInput const& input) {
    ui::Frame frame = frame_of(input);
    ImVec2 at = ImGui::GetCursorScreenPos();
    // Room for the scroll bar is always kept, so that nothing jumps when it comes.
    return {at.x + frame.px(16), at.y, input.area.width - frame.px(32)};
}

void end_column(ui::Column const& column) {
    ImGui::SetCursorScreenPos({ImGui::GetWindowPos().x, column.y});
    ImGui::Dummy({1, 0});
}

void divider(PanelInput const& input, ui::Column& column) {
    ui::Frame frame = frame_of(input);
    ui::horizontal_line(frame, input.area.x, input.area.x + input.area.width, column.y, frame.c.line);
    column.y = frame.snap(column.y + frame.hairline());
}

namespace {

std::string_view group_title(StepGroup group) {
    switch (group) {
    case StepGroup::input:
        return "Input";
    case StepGroup::clean:
        return "Clean";
    case StepGroup::geometry:
        return "Geometry";
    case StepGroup::tone:
        return "Tone";
    case StepGroup::databar:
        return "Databar";
    case StepGroup::output:
        return "Output";
    }
    return {};
}

bool has_override(Recipe const& recipe, std::string_view file, std::string_view step) {
    for (Override const& o : recipe.overrides)
        if (o.file_name == file && o.step == step) return true;
    return false;
}

void notes(ui::Frame const& frame, ui::Column& column, std::vector<Note> const* all, std::string_view step) {
    if (!all) return;
    std::vector<std::string_view> keys;
    for (Note const& found : *all) {
        if (found.step != step || found.text.empty()) continue;
        float indent = frame.px(13);
        bool const warns = found.key == "warning";
        float height = ui::note(frame, {column.x + indent, column.y + frame.px(1), column.width - indent, 0},
                                found.text, warns ? frame.c.warning : frame.c.third);
        // Several may have one key.
        auto const before = std::count(keys.begin(), keys.end(), std::string_view(found.key));
        keys.push_back(found.key);
        std::string id = std::string(step) + "/note/" + found.key;
        if (before > 0) id += "#" + std::to_string(before + 1);
        ui::record(frame, {column.x + indent, column.y, column.width - indent, height + frame.px(2)},
                   {.id = std::move(id), .label = found.text, .kind = "status"});
        column.y += height + frame.px(2);
    }
}

} // namespace

void step_section(PanelInput const& input, CommandSink& commands, ui::Column& column, StepSection const& section) {
    ui::Frame frame = frame_of(input);
    StepUse const& use = section.use;
    Step const& step = *use.step;
    std::string id(step.id);
    bool unfolded = holds(input.view.unfolded, step.id);
    if (input.view.reveal == step.id) {
        ImGui::SetScrollFromPosY(column.y - ImGui::GetWindowPos().y, 0.15f);
        change_view(input, commands, [](ViewState& v) { v.reveal.clear(); });
    }
    column.y += frame.px(3);
    ui::SectionTouch head =
        ui::section_head(frame, column.row(frame.px(32)),
                         {.id = id, .label = std::string(step.title), .help = step.summary}, unfolded, use.enabled);
    if (head.folded) change_view(input, commands, [&](ViewState& v) { toggle(v.unfolded, id); });
    if (head.switched) commands.push_back(SetEnabled{id, !use.enabled});
    if (unfolded) {
        InputEntry const* entry = selected_input(input);
        // Corrections are of one file by nature; the other steps' values are common unless a file has its own.
        bool own = entry && section.only_file == 0 && (step.id == "correct" || has_override(input.recipe(), entry->name, step.id));
        bool advanced = holds(input.view.advanced, step.id);
        int only = own ? entry->id : section.only_file;
        ui::param_rows(frame, column,
                       {.use = use, .advanced = advanced, .only_file = only, .keys = {}, .without = section.without}, commands);
        if (own) {
            float height = ui::note(frame, {column.x + frame.px(13), column.y, column.width - frame.px(13), 0},
                                    "for " + entry->name + " alone", frame.c.third);
            column.y += height;
        }
        if (use.enabled) notes(frame, column, section.notes, step.id);
        if (ui::has_advanced(step)) {
            ui::Box more = column.row(frame.px(24));
            if (ui::link(frame, more,
                         {.id = id + "/more",
                          .label = advanced ? "Fewer settings" : "More settings",
                          .value = advanced ? "unfolded" : "folded"},
                         ui::Face::note))
                change_view(input, commands, [&](ViewState& v) { toggle(v.advanced, id); });
        }
        column.y += frame.px(8);
    } else {
        if (use.enabled && section.notes) {
            column.y -= frame.px(3);
            float before = column.y;
            notes(frame, column, section.notes, step.id);
            column.y += column.y > before ? frame.px(7) : frame.px(3);
        }
        column.y += frame.px(2);
    }
    column.y = frame.snap(column.y);
}

void draw_steps(PanelInput const& input, CommandSink& commands) {
    ui::Frame frame = frame_of(input);
    InputEntry const* entry = selected_input(input);
    Recipe shown = entry ? recipe_for_file(input.recipe(), entry->name) : input.recipe();
    FileResult const* result = selected_result(input);
    ui::Column column = right_column(input);
    // Steps of a group stand together, though a step of another group may run between them.
    for (StepGroup group : {StepGroup::input, StepGroup::clean, StepGroup::geometry, StepGroup::tone,
                            StepGroup::databar, StepGroup::output}) {
        bool first = true;
        for (StepUse const& use : shown.steps) {
            if (use.step->group != group) continue;
            divider(input, column);
            if (first && group_title(group) != use.step->title) {
                column.y += frame.px(8);
                ui::caption(frame, column.row(frame.px(18)), group_title(group));
            }
            step_section(input, commands, column, {.use = use, .notes = result ? &result->notes : nullptr});
            first = false;
        }
    }
    divider(input, column);
    end_column(column);
}

} // namespace mg::app
