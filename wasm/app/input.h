#pragma once
// What the user does with mouse, fingers and keys, from the page's messages to ImGui's input queue:
//   {"type":"pointer","kind":"move"|"down"|"up"|"leave","x","y","button","touch"}   CSS px; button 0 left, 1 right, 2 middle
//   {"type":"wheel","x","y","dx","dy","ctrl"}                                       in notches, dy > 0 away from the user
//   {"type":"key","key","code","down","ctrl","shift","alt"}                         KeyboardEvent's key and code
//   {"type":"text","text"}   {"type":"focus","on"}
#include <string_view>

#include "app/packet.h"
#include "imgui.h"

namespace mg::app {

/// False when the message is none of these.
bool take_input(Packet const& message, ImGuiIO& io);

/// By the character it types where it types one (so that Ctrl+Z is where the keyboard's Z is), else by its place.
ImGuiKey key_from(std::string_view key, std::string_view code);

} // namespace mg::app
