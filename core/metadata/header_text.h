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

/// Asks a header for values, notes where each came from, and collects a warning for each that makes no sense.
class HeaderReader {
public:
    explicit HeaderReader(std::vector<RawKey> keys) : m_keys(std::move(keys)) {}

    /// The first entry of that key in that section; null when there is none. The same key may mean something else in
    /// another section (SizeY does), so no other is looked at.
    RawKey const* find(std::string_view section, std::string_view key) const;
    /// A number from `low` to `high`; anything else that stands there is absent with a warning.
    std::optional<Sourced<double>> number(std::string_view section, std::string_view key, double low, double high);
    /// Text that is not empty.
    std::optional<Sourced<std::string>> text(std::string_view section, std::string_view key) const;

    void warn(std::string text) { m_warnings.push_back(std::move(text)); }
    std::vector<std::string> const& warnings() const { return m_warnings; }
    std::vector<RawKey> const& keys() const { return m_keys; }

private:
    std::vector<RawKey> m_keys;
    std::vector<std::string> m_warnings;
};

/// "[Vector] Magnification"
std::string key_name(RawKey const& entry);

} // namespace mg
