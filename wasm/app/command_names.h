#pragma once
// Commands, view and items in the form that the automation API speaks.
#include "app/command.h"
#include "app/items.h"
#include "base/json.h"

namespace mg::app {

/// A command by its name ("undo", "save_all", "set", ...), with its arguments as members of `arguments`; docs/page.md lists
/// them. Errors name what is missing.
Result<Command> command_from(std::string_view name, Json const& arguments, Document const& document, ViewState const& view);
/// "annotate", "overlay", "materials".
std::string_view workspace_name(Workspace workspace);
std::optional<Workspace> workspace_named(std::string_view name);
Json view_json(ViewState const& view);
Json items_json(std::vector<Item> const& items);

/// By path, or by name when there is one of that name only (the first otherwise); null when there is none.
InputEntry const* find_named(Document const& document, std::string_view name);

} // namespace mg::app
