#include "app/input.h"

#include <cfloat>

#include "base/text.h"

namespace mg::app {

namespace {

struct NamedKey {
    std::string_view name;
    ImGuiKey key;
};

constexpr NamedKey k_codes[] = {
    {"Tab", ImGuiKey_Tab},
    {"ArrowLeft", ImGuiKey_LeftArrow},
    {"ArrowRight", ImGuiKey_RightArrow},
    {"ArrowUp", ImGuiKey_UpArrow},
    {"ArrowDown", ImGuiKey_DownArrow},
    {"PageUp", ImGuiKey_PageUp},
    {"PageDown", ImGuiKey_PageDown},
    {"Home", ImGuiKey_Home},
    {"End", ImGuiKey_End},
    {"Insert", ImGuiKey_Insert},
    {"Delete", ImGuiKey_Delete},
    {"Backspace", ImGuiKey_Backspace},
    {"Space", ImGuiKey_Space},
    {"Enter", ImGuiKey_Enter},
    {"NumpadEnter", ImGuiKey_KeypadEnter},
    {"Escape", ImGuiKey_Escape},
    {"NumpadAdd", ImGuiKey_KeypadAdd},
    {"NumpadSubtract", ImGuiKey_KeypadSubtract},
    {"NumpadMultiply", ImGuiKey_KeypadMultiply},
    {"NumpadDivide", ImGuiKey_KeypadDivide},
    {"NumpadDecimal", ImGuiKey_KeypadDecimal},
    {"ControlLeft", ImGuiKey_LeftCtrl},
    {"ControlRight", ImGuiKey_RightCtrl},
    {"ShiftLeft", ImGuiKey_LeftShift},
    {"ShiftRight", ImGuiKey_RightShift},
    {"AltLeft", ImGuiKey_LeftAlt},
    {"AltRight", ImGuiKey_RightAlt},
    {"ContextMenu", ImGuiKey_Menu},
};

/// What a character says where its key differs between layouts; the upper and the lower sign of a key are one.
constexpr NamedKey k_characters[] = {
    {"/", ImGuiKey_Slash},       {"?", ImGuiKey_Slash},       {"+", ImGuiKey_Equal},        {"=", ImGuiKey_Equal},
    {"-", ImGuiKey_Minus},       {"_", ImGuiKey_Minus},       {",", ImGuiKey_Comma},        {".", ImGuiKey_Period},
    {";", ImGuiKey_Semicolon},   {"'", ImGuiKey_Apostrophe},  {"[", ImGuiKey_LeftBracket},  {"]", ImGuiKey_RightBracket},
    {"\\", ImGuiKey_Backslash},  {"`", ImGuiKey_GraveAccent},
};

template <std::size_t n> ImGuiKey named(NamedKey const (&keys)[n], std::string_view name) {
    for (NamedKey const& key : keys)
        if (key.name == name) return key.key;
    return ImGuiKey_None;
}

ImGuiKey offset(ImGuiKey first, int by) { return static_cast<ImGuiKey>(static_cast<int>(first) + by); }

int mouse_button(double button) { return button == 1 ? ImGuiMouseButton_Right : button == 2 ? ImGuiMouseButton_Middle : 0; }

} // namespace

ImGuiKey key_from(std::string_view key, std::string_view code) {
    if (key.size() == 1 && !code.starts_with("Numpad")) {
        char const c = lowered(key)[0];
        if (c >= 'a' && c <= 'z') return offset(ImGuiKey_A, c - 'a');
        if (c >= '0' && c <= '9') return offset(ImGuiKey_0, c - '0');
        if (ImGuiKey const found = named(k_characters, key); found != ImGuiKey_None) return found;
    }
    if (code.size() == 4 && code.starts_with("Key")) return offset(ImGuiKey_A, code[3] - 'A');
    if (code.size() == 6 && code.starts_with("Digit")) return offset(ImGuiKey_0, code[5] - '0');
    if (code.size() == 7 && code.starts_with("Numpad") && is_digit(code[6])) return offset(ImGuiKey_Keypad0, code[6] - '0');
    if (code.starts_with("F") && code.size() <= 3)
        if (auto number = parse_int(code.substr(1)); number && *number >= 1 && *number <= 12)
            return offset(ImGuiKey_F1, static_cast<int>(*number) - 1);
    return named(k_codes, code);
}

bool take_input(Packet const& message, ImGuiIO& io) {
    std::string const type = message.text("type");
    auto const x = static_cast<float>(message.number("x")), y = static_cast<float>(message.number("y"));
    if (type == "pointer") {
        std::string const kind = message.text("kind");
        io.AddMouseSourceEvent(message.flag("touch") ? ImGuiMouseSource_TouchScreen : ImGuiMouseSource_Mouse);
        if (kind == "leave") io.AddMousePosEvent(-FLT_MAX, -FLT_MAX);
        else io.AddMousePosEvent(x, y);
        if (kind == "down" || kind == "up") io.AddMouseButtonEvent(mouse_button(message.number("button")), kind == "down");
        return true;
    }
    if (type == "wheel") {
        io.AddMousePosEvent(x, y);
        if (message.head.find("ctrl")) io.AddKeyEvent(ImGuiMod_Ctrl, message.flag("ctrl"));
        io.AddMouseWheelEvent(static_cast<float>(message.number("dx")), static_cast<float>(message.number("dy")));
        return true;
    }
    if (type == "key") {
        io.AddKeyEvent(ImGuiMod_Ctrl, message.flag("ctrl"));
        io.AddKeyEvent(ImGuiMod_Shift, message.flag("shift"));
        io.AddKeyEvent(ImGuiMod_Alt, message.flag("alt"));
        if (ImGuiKey const key = key_from(message.text("key"), message.text("code")); key != ImGuiKey_None)
            io.AddKeyEvent(key, message.flag("down"));
        return true;
    }
    if (type == "text") {
        io.AddInputCharactersUTF8(message.text("text").c_str());
        return true;
    }
    if (type == "focus") {
        io.AddFocusEvent(message.flag("on"));
        return true;
    }
    return false;
}

} // namespace mg::app
