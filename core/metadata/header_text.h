#pragma once
// Microscope headers written as text: "[Section]" lines and "key = value" lines.
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "image/scene.h"

namespace mg {

/// Keys in file order, values in UTF-8. Any line end will do. Lines that are neither are passed over; the text ends
/// where several of them follow each other (pixel data behind a header of unknown length).
std::vector<RawKey> parse_header_text(std::string_view text);

/// Of a text that may have been cut off: all but a last line without an end. Text behind a NUL byte does not belong to
/// it.
std::string_view whole_lines(std::string_view text);

/// Asks a header for values, notes where each came from, and collects a warning for each that makes no sense.
class HeaderReader {
public:
    /// `origin` begins every source and warning: "header", "x.txt".
    explicit HeaderReader(std::vector<RawKey> keys, std::string origin = "header")
        : m_keys(std::move(keys)), m_origin(std::move(origin)) {}

    /// The first entry of that key in that section; null when there is none. The same key may mean something else in
    /// another section (SizeY does), so no other is looked at.
    RawKey const* find(std::string_view section, std::string_view key) const;
    /// A number from `low` to `high`; anything else that stands there is absent with a warning.
    std::optional<Sourced<double>> number(std::string_view section, std::string_view key, double low, double high);
    /// The same of a value with its unit, which `parse` takes apart: one of kilovolts(), millimetres(), ... of units.h.
    /// What is empty is just absent.
    std::optional<Sourced<double>> measured(std::string_view section, std::string_view key,
                                            std::optional<double> (*parse)(std::string_view text), double low,
                                            double high);
    /// Text that is not empty.
    std::optional<Sourced<std::string>> text(std::string_view section, std::string_view key) const;
    /// ISO date, with the time when it is one. A date whose day and month could be swapped is absent with a warning.
    std::optional<Sourced<std::string>> date_time(std::string_view section, std::string_view date_key,
                                                  std::string_view time_key);

    void warn(std::string text) { m_warnings.push_back(std::move(text)); }
    std::vector<std::string> const& warnings() const { return m_warnings; }
    std::vector<RawKey> const& keys() const { return m_keys; }

private:
    /// The value when it lies within the limits.
    std::optional<Sourced<double>> judged(RawKey const& entry, std::optional<double> value, double low, double high);

    std::vector<RawKey> m_keys;
    std::string m_origin;
    std::vector<std::string> m_warnings;
};

/// What stands there, short enough for a message.
std::string quoted(std::string_view value);

/// "[Vector] Magnification"
std::string key_name(RawKey const& entry);

} // namespace mg
