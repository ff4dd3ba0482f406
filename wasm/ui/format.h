#pragma once
// Numbers as people read them.
#include <optional>
#include <string>

namespace mg::ui {

/// "2 748": groups of three, apart by a narrow space.
std::string grouped(long long number);
/// A length with the unit that suits it: "640 nm", "6.56 µm", "1.2 mm"; `digits` significant digits.
std::string length_text(double nm, int digits = 3);
/// Two lengths in one unit: "6.56, 3.64 µm".
std::string position_text(double x_nm, double y_nm);
/// Shortest text with at most `digits` significant digits: "118", "0.46".
std::string number_text(double value, int digits = 4);
/// "0.1 %"; "< 0.1 %" for less, "0 %" for none.
std::string share_text(double share);

/// The longest 1-2-5 length whose bar is no wider than `largest_px`, where a screen pixel is `nm_per_px` wide.
struct BarLength {
    double nm = 0;
    double px = 0;
};
std::optional<BarLength> bar_length(double nm_per_px, double largest_px);

} // namespace mg::ui
