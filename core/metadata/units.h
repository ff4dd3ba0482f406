#pragma once
// Units as files name them, numbers with a unit behind them, dates in the forms that microscopes write.
#include <optional>
#include <string>
#include <string_view>

namespace mg {

/// Nanometres in one unit: "pm", "nm", "um", "µm" with either mu (also as the escape \u00B5), "micron", "mm", "cm",
/// "m", "inch", "Å". Nothing for pixels and whatever else is no length.
std::optional<double> nanometres_per(std::string_view unit);

/// Whether pixels of a microscope's image can have that size: a picometre to a centimetre.
constexpr bool is_pixel_size_nm(double nm) {
    return nm >= 1e-3 && nm <= 1e7;
}

/// A number and what stands behind it: "20.00 kV" gives 20 and "kV"; "7920.5um" 7920.5 and "um"; "5" 5 and "".
struct Quantity {
    double value = 0;
    std::string unit; ///< trimmed, as written: "K X" of a magnification
};
std::optional<Quantity> parse_quantity(std::string_view text);
/// The value in the base unit ("V", "A", "s", "Hz", "m", "g", "W"), whose SI prefix (f p n u µ m k K M G) the quantity's
/// unit may carry; also "Volt" and "sec". Nothing when it is of another unit.
std::optional<double> in_base_unit(Quantity const& quantity, std::string_view base);
/// "15.0 kV" as 15, "15000 Volt" too; "7.9 mm" as 7.9; "593 pm" as 0.593.
std::optional<double> kilovolts(std::string_view text);
std::optional<double> millimetres(std::string_view text);
std::optional<double> nanometres(std::string_view text);
std::optional<double> nanoamperes(std::string_view text);
/// "50.00 K X", "x1.20k", "5000x", "1000" as times.
std::optional<double> magnification_from(std::string_view text);

enum class DateOrder { year_month_day, day_month_year, month_day_year };
/// "2025-11-20" for "2025/11/20", "20.11.2025", "18 Jul 2019", ... ; a month's name or a number above 12 decides whatever
/// the order says. Nothing when no such day exists or the year is not within 1950..2100.
std::optional<std::string> iso_date(std::string_view text, DateOrder order);
/// "14:03:00" for "2:03:00 PM", "14:03", "14:03:00.12"; nothing else.
std::optional<std::string> iso_time(std::string_view text);
/// "2025-11-20T14:03:00", or the date alone when the time is none; nothing without a date.
std::optional<std::string> iso_date_time(std::string_view date, std::string_view time, DateOrder order);

} // namespace mg
