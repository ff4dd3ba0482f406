// The text of what the user said about materials: read word by word, where a word may begin with a name in quotes.
#include "ops/known_materials.h"

#include <cmath>

#include "base/text.h"

namespace mg {
namespace {

constexpr std::size_t k_most_discs = 100000;
constexpr double k_largest_number = 1e9;

bool is_blank(char c) {
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

/// A name, perhaps in quotes, and what follows it up to the next blank or ';'.
struct Word {
    std::string name;
    std::string_view rest; ///< after a quoted name; of an unquoted one, from its first ':' on
    bool quoted = false;
    bool is(std::string_view text) const { return !quoted && rest.empty() && name == text; }
};

class Words {
public:
    explicit Words(std::string_view text) : m_text(text) {}

    /// At the end of an entry, or of all.
    bool entry_ended() {
        skip_blanks();
        return m_at == m_text.size() || m_text[m_at] == ';';
    }
    /// True when another entry follows.
    bool next_entry() {
        while (entry_ended() && m_at < m_text.size()) ++m_at;
        return m_at < m_text.size();
    }
    Result<Word> next() {
        skip_blanks();
        Word word;
        if (m_at < m_text.size() && m_text[m_at] == '"') {
            word.quoted = true;
            for (++m_at;; ++m_at) {
                if (m_at >= m_text.size()) return Error{ErrorCode::bad_value, "a name in quotes does not end"};
                if (m_text[m_at] == '"') break;
                if (m_text[m_at] == '\\' && m_at + 1 < m_text.size()) ++m_at;
                word.name += m_text[m_at];
            }
            ++m_at;
        }
        std::size_t const from = m_at;
        while (m_at < m_text.size() && !is_blank(m_text[m_at]) && m_text[m_at] != ';') ++m_at;
        word.rest = m_text.substr(from, m_at - from);
        if (!word.quoted) {
            std::size_t const colon = word.rest.find(':');
            word.name = word.rest.substr(0, colon);
            word.rest = colon == std::string_view::npos ? std::string_view() : word.rest.substr(colon);
        }
        return word;
    }

private:
    void skip_blanks() {
        while (m_at < m_text.size() && is_blank(m_text[m_at])) ++m_at;
    }
    std::string_view m_text;
    std::size_t m_at = 0;
};

std::string quoted_if_needed(std::string_view name) {
    bool plain = !name.empty() && name != "locked" && name != "+" && name != "-";
    for (char const c : name)
        plain = plain && !is_blank(c) && std::string_view("#;=+:\"\\").find(c) == std::string_view::npos;
    if (plain) return std::string(name);
    std::string text = "\"";
    for (char const c : name) {
        if (c == '"' || c == '\\') text += '\\';
        text += c;
    }
    return text + '"';
}

Error bad(std::string_view key, std::string const& what) {
    return {ErrorCode::bad_value, std::string(key) + ": " + what};
}

std::optional<double> counts_in(std::string_view text) {
    auto const number = parse_double(text);
    return number && *number >= 0 && *number <= k_largest_number ? number : std::nullopt;
}

constexpr std::string_view k_hex = "0123456789abcdef";

std::optional<Rgb> colour_in(std::string_view text) {
    if (text.size() != 7 || text[0] != '#') return std::nullopt;
    int values[3];
    for (std::size_t i = 0; i < 3; ++i) {
        std::size_t const high = k_hex.find(static_cast<char>(text[1 + 2 * i] | 32)),
                          low = k_hex.find(static_cast<char>(text[2 + 2 * i] | 32));
        if (high == std::string_view::npos || low == std::string_view::npos) return std::nullopt;
        values[i] = static_cast<int>(high * 16 + low);
    }
    auto const part = [&](int i) { return static_cast<float>(values[i]) / 255; };
    return Rgb{part(0), part(1), part(2)};
}

std::string colour_text(Rgb colour) {
    std::string text = "#";
    for (float const part : {colour.r, colour.g, colour.b}) {
        float const within = part > 0 ? (part < 1 ? part : 1.0F) : 0.0F;
        auto const value = static_cast<std::size_t>(within * 255 + 0.5F);
        text += k_hex[value / 16];
        text += k_hex[value % 16];
    }
    return text;
}

/// Four significant digits tell a composition well enough to find it again.
std::string number_text(double value) {
    auto const short_value = parse_double(format_significant(value, 4));
    return format_shortest(short_value ? *short_value : value);
}

Result<KnownMaterial> read_material(Words& words) {
    constexpr std::string_view k_key = "materials";
    KnownMaterial material;
    MG_TRY(Word name, words.next());
    if (!name.rest.empty() || (!name.quoted && name.name.empty()))
        return bad(k_key, "a name is expected before \"" + std::string(name.rest) + "\"");
    material.name = sanitized_utf8(trimmed(name.name));
    if (material.name.empty()) return bad(k_key, "a material needs a name");
    bool composition = false;
    while (!composition && !words.entry_ended()) {
        MG_TRY(Word word, words.next());
        if (word.is("="))
            composition = true;
        else if (word.is("locked"))
            material.locked = true;
        else if (auto const colour = colour_in(word.name); colour && word.rest.empty() && !word.quoted)
            material.picked = colour;
        else if (word.rest.empty() && !word.quoted && word.name.starts_with("parts=")) {
            auto const parts = parse_int(std::string_view(word.name).substr(6));
            if (!parts || *parts < 1 || *parts > k_most_materials)
                return bad(k_key, "\"" + word.name + "\" is no number of parts; write parts=2");
            material.parts = static_cast<int>(*parts);
        } else
            return bad(k_key, "\"" + excerpt(word.name, 40) + "\" after the name " + material.name +
                                  " is not understood; write a colour (#5aa9e6), locked, parts=2, or = and the "
                                  "composition; names with blanks stand in quotes");
    }
    if (!composition)
        return bad(k_key, material.name + " has no composition; write = and counts, such as OK:2.6 AlK:2.3");
    material.centres.emplace_back();
    while (!words.entry_ended()) {
        MG_TRY(Word word, words.next());
        if (word.is("+")) {
            material.centres.emplace_back();
            continue;
        }
        auto const counts = word.rest.size() > 1 && word.rest[0] == ':' ? counts_in(word.rest.substr(1)) : std::nullopt;
        if (word.name.empty() || !counts)
            return bad(k_key, "\"" + excerpt(word.name + std::string(word.rest), 40) + "\" of " + material.name +
                                  " is no element with counts; write AlK:2.3");
        material.centres.back().emplace_back(sanitized_utf8(word.name), *counts);
    }
    return material;
}

} // namespace

Result<std::vector<KnownMaterial>> parse_known_materials(std::string_view text) {
    std::vector<KnownMaterial> known;
    for (Words words(text); words.next_entry();) {
        MG_TRY(KnownMaterial material, read_material(words));
        for (KnownMaterial const& other : known)
            if (other.name == material.name)
                return bad("materials",
                           "there are two materials of the name " + material.name + "; give them different names");
        known.push_back(std::move(material));
        if (known.size() > k_most_materials)
            return bad("materials", "more than " + std::to_string(k_most_materials) + " materials; leave some out");
    }
    return known;
}

std::string known_materials_text(std::vector<KnownMaterial> const& known) {
    std::string text;
    for (KnownMaterial const& material : known) {
        if (!text.empty()) text += "; ";
        text += quoted_if_needed(material.name);
        if (material.picked) text += " " + colour_text(*material.picked);
        if (material.locked) text += " locked";
        if (material.parts > 1) text += " parts=" + std::to_string(material.parts);
        text += " =";
        for (std::size_t i = 0; i < material.centres.size(); ++i) {
            if (i > 0) text += " +";
            for (auto const& [element, counts] : material.centres[i])
                text += " " + quoted_if_needed(element) + ":" + number_text(counts);
        }
    }
    return text;
}

KnownMaterial known_from(Material const& material, std::vector<Element> const& elements) {
    KnownMaterial known{material.name, material.picked, material.locked, 1, {}};
    for (std::vector<double> const& centre : material.centres) {
        auto& counts = known.centres.emplace_back();
        for (std::size_t e = 0; e < elements.size() && e < centre.size(); ++e)
            if (centre[e] >= 0) counts.emplace_back(elements[e].label, centre[e]);
    }
    return known;
}

Result<std::vector<BrushStroke>> parse_brush(std::string_view text) {
    constexpr std::string_view k_key = "brush";
    std::vector<BrushStroke> strokes;
    std::size_t discs = 0;
    for (Words words(text); words.next_entry();) {
        MG_TRY(Word name, words.next());
        if (name.rest != ":" || name.name.empty())
            return bad(k_key,
                       "\"" + excerpt(name.name, 40) + "\" is no material with a colon; write Sapphire: 10,12,3");
        BrushStroke stroke{sanitized_utf8(name.name), {}};
        while (!words.entry_ended()) {
            MG_TRY(Word word, words.next());
            auto const parts = split(word.name, ',');
            double numbers[3];
            bool good = parts.size() == 3 && word.rest.empty();
            for (std::size_t i = 0; good && i < 3; ++i) {
                auto const number = parse_double(parts[i]);
                good = number && std::fabs(*number) <= 1e6;
                if (good) numbers[i] = *number;
            }
            if (!good || !(numbers[2] > 0))
                return bad(k_key, "\"" + excerpt(word.name, 40) + "\" is no disc; write x,y,radius in map pixels");
            stroke.discs.push_back({numbers[0], numbers[1], numbers[2]});
            if (++discs > k_most_discs) return bad(k_key, "too many strokes; leave some out");
        }
        strokes.push_back(std::move(stroke));
    }
    return strokes;
}

std::string brush_text(std::vector<BrushStroke> const& strokes) {
    auto const number = [](double value) { return format_shortest(std::floor(value * 10 + 0.5) / 10 + 0.0); };
    constexpr double k_smallest_radius_px = 0.1; // rounding makes none of it
    std::string text;
    for (BrushStroke const& stroke : strokes) {
        if (!text.empty()) text += "; ";
        text += (stroke.material == "-" ? std::string("-") : quoted_if_needed(stroke.material)) + ":";
        for (BrushDisc const& disc : stroke.discs)
            text += " " + number(disc.x) + "," + number(disc.y) + "," + number(std::max(disc.radius_px, k_smallest_radius_px));
    }
    return text;
}

} // namespace mg
