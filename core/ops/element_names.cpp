// Which element a file is a map of, by the habits of EDX programs: "SiK", "Si K", "Si K\u03B11", "O-KA", "CuKa1", "Fe".
#include "ops/element_map.h"

#include <array>
#include <span>

#include "base/text.h"

namespace mg {
namespace {

constexpr std::string_view k_symbols =
    "H  He Li Be B  C  N  O  F  Ne Na Mg Al Si P  S  Cl Ar K  Ca Sc Ti V  Cr Mn Fe Co Ni Cu Zn Ga Ge As Se Br Kr "
    "Rb Sr Y  Zr Nb Mo Tc Ru Rh Pd Ag Cd In Sn Sb Te I  Xe Cs Ba La Ce Pr Nd Pm Sm Eu Gd Tb Dy Ho Er Tm Yb Lu Hf "
    "Ta W  Re Os Ir Pt Au Hg Tl Pb Bi Po At Rn Fr Ra Ac Th Pa U  Np Pu Am Cm Bk Cf Es Fm Md No Lr Rf Db Sg Bh Hs "
    "Mt Ds Rg Cn Nh Fl Mc Lv Ts Og ";
static_assert(k_symbols.size() == std::size_t{3} * 118);

/// A symbol alone can be a word or initials; only what is met in specimens is believed.
bool is_common(int number) {
    bool const scarce = number < 3 || number == 43 || number == 61 || (number >= 84 && number <= 89) || number == 91;
    return !scarce && number <= 92;
}

/// X-ray lines that this element has at energies of a microscope.
bool has_series(int number, char series) {
    switch (series) {
    case 'K':
        return number >= 3 && number <= 70;
    case 'L':
        return number >= 19;
    case 'M':
        return number >= 55;
    default:
        return false;
    }
}

bool is_separator(std::string_view text, std::size_t at) {
    auto const byte = static_cast<unsigned char>(text[at]);
    return byte < 0x80 && !is_digit(text[at]) && !is_alpha(text[at]);
}

struct Word {
    std::string_view text;
    char before = 0; ///< separator in front; 0 at the beginning
};
std::vector<Word> words_of(std::string_view stem) {
    std::vector<Word> words;
    for (std::size_t at = 0; at < stem.size();) {
        if (is_separator(stem, at)) {
            ++at;
            continue;
        }
        std::size_t const begin = at;
        while (at < stem.size() && !is_separator(stem, at)) ++at;
        words.push_back({stem.substr(begin, at - begin), begin == 0 ? '\0' : stem[begin - 1]});
    }
    return words;
}

bool all_digits(std::string_view text) {
    for (char const c : text)
        if (!is_digit(c)) return false;
    return !text.empty();
}

/// "K", "Ka", "K\u03B11", "LA1", "Kalpha2", "Kab": its series, else 0.
char line_of(std::string_view text) {
    if (text.empty() || (text[0] != 'K' && text[0] != 'L' && text[0] != 'M')) return 0;
    char const series = text[0];
    text.remove_prefix(1);
    constexpr std::array<std::string_view, 12> k_lines = {"alpha",  "beta", "gamma", "series", "\u03B1", "\u03B2",
                                                          "\u03B3", "ab",   "a",     "b",      "g",      "l"};
    for (std::string_view const line : k_lines)
        if (istarts_with(text, line)) {
            text.remove_prefix(line.size());
            break;
        }
    return text.empty() || all_digits(text) ? series : '\0';
}

struct Found {
    int number = 0;
    char series = 0;
};

std::string capitalised(std::string_view symbol) {
    std::string text = lowered(symbol);
    if (!text.empty() && text[0] >= 'a' && text[0] <= 'z') text[0] = static_cast<char>(text[0] - 'a' + 'A');
    return text;
}

/// A word that begins with a symbol and is that or goes on with a line: "Si", "SiK", "CuKa1".
std::optional<Found> element_in(std::string_view word, bool upper_case) {
    for (std::size_t const length : {std::size_t{2}, std::size_t{1}}) {
        if (word.size() < length) continue;
        std::string_view const letters = word.substr(0, length);
        // The second pass is there for "SIK", written in capitals throughout.
        bool const capitals = letters.size() == 2 && letters[1] >= 'A' && letters[1] <= 'Z';
        if (upper_case != capitals) continue;
        int const number = atomic_number(upper_case ? capitalised(letters) : std::string(letters));
        if (number == 0) continue;
        if (word.size() == length) return Found{number, 0};
        char const series = line_of(word.substr(length));
        if (series != 0 && has_series(number, series)) return Found{number, series};
    }
    return std::nullopt;
}

/// A number, or words that make another sense of a symbol: "In lens", "As grown", "300 K".
bool is_misread(std::span<Word const> words, std::size_t i) {
    struct Phrase {
        std::string_view symbol, next;
    };
    constexpr std::array<Phrase, 7> k_phrases = {{{"In", "lens"},
                                                  {"In", "situ"},
                                                  {"In", "column"},
                                                  {"As", "grown"},
                                                  {"As", "deposited"},
                                                  {"As", "received"},
                                                  {"As", "cast"}}};
    std::string_view const word = words[i].text;
    if (i + 1 < words.size())
        for (Phrase const& phrase : k_phrases)
            if (word == phrase.symbol && iequals(words[i + 1].text, phrase.next)) return true;
    bool const unit = word == "K" || word == "V" || word == "W";
    if (!unit || i == 0) return false;
    std::string_view const number = words[i - 1].text;
    return words[i].before != '-' && all_digits(number) && number.size() > 1 && number[0] != '0';
}

struct Match {
    std::optional<Found> with_line, alone;
};
Match search(std::span<Word const> words, bool upper_case) {
    Match match;
    for (std::size_t i = 0; i < words.size(); ++i) {
        std::string_view word = words[i].text;
        auto found = element_in(word, upper_case);
        if (!found && is_digit(word[0])) { // "3SiK"
            while (!word.empty() && is_digit(word[0])) word.remove_prefix(1);
            found = element_in(word, upper_case);
            if (found && found->series == 0) found.reset();
        }
        if (!found) continue;
        if (found->series == 0 && i + 1 < words.size()) {
            char const series = line_of(words[i + 1].text);
            if (series != 0 && has_series(found->number, series)) {
                found->series = series;
                ++i; // the line is no potassium
            }
        }
        if (found->series != 0) {
            match.with_line = found;
        } else if (is_common(found->number) && !is_misread(words, i)) {
            match.alone = found;
        }
    }
    return match;
}

/// Capitals alone ("AL.BMP") only when there is no other word, and not the names of signals.
bool may_be_capitals(std::span<Word const> words) {
    int letters = 0;
    for (Word const& word : words) {
        if (all_digits(word.text)) continue;
        ++letters;
        for (std::string_view const other : {"SE", "CL", "BE", "NO", "IN"})
            if (word.text == other) return false;
    }
    return letters == 1;
}

/// "Lab", "LAB1", "mapLab2", not "label".
bool names_lab_image(std::string_view word) {
    while (!word.empty() && is_digit(word.back())) word.remove_suffix(1);
    if (iequals(word, "lab")) return true;
    if (word.size() < 4) return false;
    std::string_view const end = word.substr(word.size() - 3);
    char const before = word[word.size() - 4];
    return (end == "Lab" || end == "LAB") && !(before >= 'A' && before <= 'Z');
}

} // namespace

int atomic_number(std::string_view symbol) {
    if (symbol.empty() || symbol.size() > 2) return 0;
    for (std::size_t i = 0; i < k_symbols.size(); i += 3) {
        char const second = symbol.size() == 2 ? symbol[1] : ' ';
        if (k_symbols[i] == symbol[0] && k_symbols[i + 1] == second) return static_cast<int>(i / 3) + 1;
    }
    return 0;
}

MapName map_name(std::string_view file_name) {
    if (auto const slash = file_name.find_last_of("/\\"); slash != std::string_view::npos)
        file_name.remove_prefix(slash + 1);
    if (auto const dot = file_name.rfind('.'); dot != std::string_view::npos && dot > 0)
        file_name = file_name.substr(0, dot);
    std::vector<Word> const words = words_of(file_name);
    MapName name;
    for (Word const& word : words)
        if (names_lab_image(word.text)) {
            name.kind = MapName::Kind::lab;
            return name;
        }
    Match match = search(words, false);
    if (!match.with_line && !match.alone) {
        match = search(words, true);
        if (!may_be_capitals(words)) match.alone.reset();
    }
    std::optional<Found> const found = match.with_line ? match.with_line : match.alone;
    if (!found) return name;
    name.kind = MapName::Kind::element;
    name.element = std::string(trimmed(k_symbols.substr(static_cast<std::size_t>(found->number - 1) * 3, 3)));
    name.label = name.element;
    if (found->series != 0) name.label += found->series;
    return name;
}

} // namespace mg
