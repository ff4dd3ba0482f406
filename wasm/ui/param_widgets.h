#pragma once
// Rows of a step's parameters, made from its table: the one place that knows how each kind of parameter is shown.
#include <span>
#include <string_view>

#include "app/command.h"
#include "recipe/recipe.h"
#include "ui/fields.h"

namespace mg::ui {

/// A column that is filled from the top.
struct Column {
    float x = 0, y = 0, width = 0;

    Box row(float height) {
        Box box{x, y, width, height};
        y += height;
        return box;
    }
};

/// All rows of `use`; advanced ones when `advanced`. Changes become SetParam and ResetParam commands; with `only_file`
/// they hold for that input alone.
struct ParamRows {
    StepUse const& use;
    bool advanced = false;
    int only_file = 0;
    std::span<std::string_view const> keys{};    ///< only these; empty: all
    std::span<std::string_view const> without{}; ///< but these
};
void param_rows(Frame const& frame, Column& column, ParamRows const& rows, app::CommandSink& commands);
bool has_advanced(Step const& step);

} // namespace mg::ui
