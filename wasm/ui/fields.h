#pragma once
// Controls that hold a value: slider with a box to type in, choice, text.
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "ui/widgets.h"

namespace mg::ui {

/// A number on a track. `minimum`..`maximum` are the track's ends; typed values are clamped to `lowest`..`highest`.
struct SliderSpec {
    double value = 0, standard = 0; ///< standard: what a double click brings back
    double minimum = 0, maximum = 1;
    double lowest = 0, highest = 1;
    bool logarithmic = false;
    bool whole = false; ///< integers only
    std::string_view unit{};
    bool boxed = true; ///< false: the track alone; its number is typed in place of it
};
template <class T>
struct Edit {
    std::optional<T> value; ///< set when the user changed it in this frame
    std::string gesture{};  ///< the same during one drag or one edit
    bool reset = false;
};

/// Knob at left, value box of 70 px at right: drag, click, arrow keys (Shift: larger steps), Enter or a double click on
/// the box to type, Delete or a double click on the knob for the standard value.
Edit<double> slider(Frame const& frame, Box box, Control control, SliderSpec const& spec);

/// "4.0", with as many decimals as a step of the slider needs, and no fewer than the value has (up to four).
std::string slider_text(SliderSpec const& spec);
/// Place of a value on the track (0..1) and back; values between the steps of the track are rounded to them.
double slider_place(SliderSpec const& spec, double value);
double slider_value(SliderSpec const& spec, double place);

/// A segmented control when all labels fit into `box`, else a menu.
std::optional<int> choice(Frame const& frame, Box box, Control control, std::span<std::string_view const> labels,
                          int now);

struct TextSpec {
    std::string_view hint{};
    bool multiline = false;
    bool search = false; ///< a magnifier in front
    bool take_focus = false;
};
/// An edit has a value on every keystroke; `reset` is never set.
Edit<std::string> text_field(Frame const& frame, Box box, Control control, std::string const& now,
                             TextSpec const& spec = {});

} // namespace mg::ui
