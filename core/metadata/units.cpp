#include "metadata/units.h"

#include "base/text.h"

namespace mg {

std::optional<double> nanometres_per(std::string_view unit) {
    struct Entry {
        std::string_view name;
        double nm;
    };
    static constexpr Entry k_units[] = {
        {"pm", 1e-3},         {"nm", 1},           {"nanometer", 1},    {"nanometre", 1},
        {"nanometers", 1},    {"nanometres", 1},   {"um", 1e3},         {"\u00B5m", 1e3},
        {"\u03BCm", 1e3},     {"\\u00B5m", 1e3},   {"\\u03BCm", 1e3},   {"micron", 1e3},
        {"microns", 1e3},     {"micrometer", 1e3}, {"micrometre", 1e3}, {"micrometers", 1e3},
        {"micrometres", 1e3}, {"mm", 1e6},         {"cm", 1e7},         {"m", 1e9},
        {"meter", 1e9},       {"metre", 1e9},      {"inch", 2.54e7},    {"inches", 2.54e7},
        {"in", 2.54e7},       {"\u00C5", 0.1},     {"\u212B", 0.1},     {"\\u00C5", 0.1},
        {"angstrom", 0.1},    {"millimeter", 1e6}, {"millimetre", 1e6},
    };
    for (Entry const& entry : k_units)
        if (iequals(unit, entry.name)) return entry.nm;
    return std::nullopt;
}

namespace {

/// Bytes of a number at the start of the text: sign, digits, point, exponent.
std::size_t number_length(std::string_view text) {
    auto digits = [&](std::size_t at) {
        while (at < text.size() && is_digit(text[at])) ++at;
        return at;
    };
    auto sign = [&](std::size_t at) { return at < text.size() && (text[at] == '+' || text[at] == '-') ? at + 1 : at; };
    std::size_t at = digits(sign(0));
    if (at < text.size() && text[at] == '.') at = digits(at + 1);
    if (at > 0 && at < text.size() && (text[at] == 'e' || text[at] == 'E')) {
        std::size_t exponent = sign(at + 1);
        if (digits(exponent) > exponent) at = digits(exponent);
    }
    return at;
}

std::optional<double> prefix_factor(std::string_view prefix) {
    struct Prefix {
        std::string_view name;
        double factor;
    };
    static constexpr Prefix k_prefixes[] = {{"", 1},          {"f", 1e-15},     {"p", 1e-12}, {"n", 1e-9}, {"u", 1e-6},
                                            {"\u00B5", 1e-6}, {"\u03BC", 1e-6}, {"m", 1e-3},  {"k", 1e3},  {"K", 1e3},
                                            {"M", 1e6},       {"G", 1e9}};
    for (Prefix const& entry : k_prefixes)
        if (entry.name == prefix) return entry.factor;
    return std::nullopt;
}

std::optional<double> quantity_in(std::string_view text, std::string_view base, double per_unit) {
    auto quantity = parse_quantity(text);
    auto value = quantity ? in_base_unit(*quantity, base) : std::nullopt;
    return value ? std::optional(*value * per_unit) : std::nullopt;
}

std::optional<double> length_in(std::string_view text, double nm) {
    auto quantity = parse_quantity(text);
    auto factor = quantity ? nanometres_per(quantity->unit) : std::nullopt;
    return factor ? std::optional(quantity->value * *factor / nm) : std::nullopt;
}

} // namespace

std::optional<Quantity> parse_quantity(std::string_view text) {
    text = trimmed(text);
    std::size_t length = number_length(text);
    auto value = parse_double(text.substr(0, length));
    if (!value) return std::nullopt;
    return Quantity{*value, std::string(trimmed(text.substr(length)))};
}

std::optional<double> in_base_unit(Quantity const& quantity, std::string_view base) {
    std::string_view unit = quantity.unit;
    if (base == "V" && iends_with(unit, "Volt"))
        unit.remove_suffix(4);
    else if (base == "s" && iends_with(unit, "sec"))
        unit.remove_suffix(3);
    else if (unit.ends_with(base))
        unit.remove_suffix(base.size());
    else
        return std::nullopt;
    auto factor = prefix_factor(unit);
    return factor ? std::optional(quantity.value * *factor) : std::nullopt;
}

std::optional<double> kilovolts(std::string_view text) {
    return quantity_in(text, "V", 1e-3);
}

std::optional<double> nanoamperes(std::string_view text) {
    return quantity_in(text, "A", 1e9);
}

std::optional<double> millimetres(std::string_view text) {
    return length_in(text, 1e6);
}

std::optional<double> nanometres(std::string_view text) {
    return length_in(text, 1);
}

std::optional<double> magnification_from(std::string_view text) {
    text = trimmed(text);
    if (istarts_with(text, "x") || text.starts_with("\u00D7")) text.remove_prefix(text[0] == 'x' || text[0] == 'X' ? 1 : 2);
    auto quantity = parse_quantity(text);
    if (!quantity) return std::nullopt;
    std::string_view unit = quantity->unit;
    if (iends_with(unit, "x"))
        unit.remove_suffix(1);
    else if (unit.ends_with("\u00D7"))
        unit.remove_suffix(2);
    unit = trimmed(unit);
    if (unit.empty()) return quantity->value;
    if (iequals(unit, "k")) return quantity->value * 1e3;
    return std::nullopt;
}

namespace {

/// Runs of digits and runs of letters; what stands between is dropped.
std::vector<std::string_view> date_parts(std::string_view text) {
    std::vector<std::string_view> parts;
    for (std::size_t i = 0; i < text.size();) {
        std::size_t start = i;
        auto run = [&](auto is_one) {
            while (i < text.size() && is_one(text[i])) ++i;
            return i > start;
        };
        if (run(is_digit) || run(is_alpha))
            parts.push_back(text.substr(start, i - start));
        else
            ++i;
    }
    return parts;
}

/// 1..12 of a name or its first three letters, 0 of anything else.
int month_named(std::string_view name) {
    static constexpr std::string_view k_months[] = {"January", "February", "March",     "April",   "May",      "June",
                                                    "July",    "August",   "September", "October", "November", "December"};
    for (int i = 0; i < 12; ++i)
        if (name.size() >= 3 && istarts_with(k_months[i], name)) return i + 1;
    return 0;
}

std::string two_digits(int number) {
    return (number < 10 ? "0" : "") + std::to_string(number);
}

int days_in(int month, int year) {
    if (month == 2) return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28;
    return month == 4 || month == 6 || month == 9 || month == 11 ? 30 : 31;
}

} // namespace

std::optional<std::string> iso_date(std::string_view text, DateOrder order) {
    std::vector<int> numbers;
    int month = 0;
    for (std::string_view part : date_parts(text)) {
        if (is_alpha(part[0])) {
            if (month == 0) month = month_named(part);
            continue;
        }
        auto number = parse_int(part);
        if (!number || part.size() > 4) return std::nullopt;
        numbers.push_back(static_cast<int>(*number));
    }
    int year = 0, day = 0;
    if (month > 0) {
        if (numbers.size() != 2) return std::nullopt;
        bool year_first = numbers[0] > 31;
        year = numbers[year_first ? 0 : 1];
        day = numbers[year_first ? 1 : 0];
    } else {
        if (numbers.size() != 3) return std::nullopt;
        if (numbers[0] > 31) order = DateOrder::year_month_day;
        if (order == DateOrder::year_month_day) {
            year = numbers[0];
            month = numbers[1];
            day = numbers[2];
        } else {
            bool day_first = order == DateOrder::day_month_year;
            if (numbers[0] > 12) day_first = true;
            if (numbers[1] > 12) day_first = false;
            day = numbers[day_first ? 0 : 1];
            month = numbers[day_first ? 1 : 0];
            year = numbers[2];
        }
    }
    if (year < 1950 || year > 2100 || month < 1 || month > 12 || day < 1 || day > days_in(month, year)) return std::nullopt;
    return std::to_string(year) + "-" + two_digits(month) + "-" + two_digits(day);
}

std::optional<std::string> iso_time(std::string_view text) {
    text = trimmed(text);
    bool am = iends_with(text, "AM"), pm = iends_with(text, "PM");
    if (am || pm) text = trimmed(text.substr(0, text.size() - 2));
    text = text.substr(0, text.find('.'));
    std::vector<std::string_view> parts = split(text, ':');
    if (parts.size() < 2 || parts.size() > 3) return std::nullopt;
    int values[3] = {0, 0, 0};
    for (std::size_t i = 0; i < parts.size(); ++i) {
        if (parts[i].empty() || parts[i].size() > 2 || !is_digit(parts[i][0])) return std::nullopt;
        auto number = parse_int(parts[i]);
        if (!number) return std::nullopt;
        values[i] = static_cast<int>(*number);
    }
    if ((am || pm) && (values[0] < 1 || values[0] > 12)) return std::nullopt;
    if (am && values[0] == 12) values[0] = 0;
    if (pm && values[0] < 12) values[0] += 12;
    if (values[0] > 23 || values[1] > 59 || values[2] > 60) return std::nullopt;
    return two_digits(values[0]) + ":" + two_digits(values[1]) + ":" + two_digits(values[2]);
}

std::optional<std::string> iso_date_time(std::string_view date, std::string_view time, DateOrder order) {
    auto day = iso_date(date, order);
    auto hour = iso_time(time);
    return day && hour ? std::optional(*day + "T" + *hour) : day;
}

} // namespace mg
