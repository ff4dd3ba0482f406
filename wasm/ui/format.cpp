#include "ui/format.h"

#include <array>
#include <cmath>
#include <cstdio>

namespace mg::ui {
namespace {

struct Unit {
    double nm;
    char const* sign;
};
Unit unit_for(double nm) {
    constexpr std::array<Unit, 4> units{{{1e9, "m"}, {1e6, "mm"}, {1e3, "µm"}, {1, "nm"}}};
    for (Unit unit : units)
        if (std::fabs(nm) >= unit.nm) return unit;
    return units.back();
}

} // namespace

std::string grouped(long long number) {
    std::string digits = std::to_string(number < 0 ? -number : number);
    std::string text = number < 0 ? "−" : "";
    for (std::size_t i = 0; i < digits.size(); ++i) {
        if (i > 0 && (digits.size() - i) % 3 == 0) text += "\u00a0";
        text += digits[i];
    }
    return text;
}

std::string number_text(double value, int digits) {
    if (!std::isfinite(value)) return "–";
    std::array<char, 64> text{};
    // %g would turn to powers of ten just where counts get interesting.
    if (std::fabs(value) >= 1e3 && std::fabs(value) < 1e9)
        std::snprintf(text.data(), text.size(), "%.0f", value);
    else
        std::snprintf(text.data(), text.size(), "%.*g", digits, value);
    return text.data();
}

std::string length_text(double nm, int digits) {
    if (!std::isfinite(nm)) return "–";
    Unit unit = unit_for(nm);
    return number_text(nm / unit.nm, digits) + " " + unit.sign;
}

std::string position_text(double x_nm, double y_nm) {
    if (!std::isfinite(x_nm) || !std::isfinite(y_nm)) return "–";
    Unit unit = unit_for(std::fmax(std::fabs(x_nm), std::fabs(y_nm)));
    std::array<char, 96> text{};
    std::snprintf(text.data(), text.size(), "%.2f, %.2f %s", x_nm / unit.nm, y_nm / unit.nm, unit.sign);
    return text.data();
}

std::string share_text(double share) {
    if (!(share > 0)) return "0 %";
    if (share < 0.001) return "< 0.1 %";
    std::array<char, 32> text{};
    std::snprintf(text.data(), text.size(), "%.1f %%", share * 100);
    return text.data();
}

std::optional<BarLength> bar_length(double nm_per_px, double largest_px) {
    if (!(nm_per_px > 0) || !std::isfinite(nm_per_px) || !(largest_px > 0)) return {};
    double limit = nm_per_px * largest_px;
    double power = std::pow(10.0, std::floor(std::log10(limit)));
    if (!(power > 0) || !std::isfinite(power)) return {};
    double nm = power;
    for (double m : {2.0, 5.0, 10.0})
        if (power * m <= limit * (1 + 1e-9)) nm = power * m;
    return BarLength{nm, nm / nm_per_px};
}

} // namespace mg::ui
