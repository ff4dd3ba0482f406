// The text form of a recipe: see recipe.h.
#include <optional>

#include "base/text.h"
#include "recipe/names.h"
#include "recipe/recipe.h"

namespace mg {
namespace {

constexpr std::string_view k_header = "micrographia recipe 1";

bool is_bare(std::string_view text) {
    for (char const c : text)
        if (c <= ' ' || c > '~' || std::string_view("\"'\\#").find(c) != std::string_view::npos) return false;
    return !text.empty();
}

std::string quoted(std::string_view text) {
    std::string out = "\"";
    for (char const c : text) {
        if (c == '"' || c == '\\')
            (out += '\\') += c;
        else if (c == '\n')
            out += "\\n";
        else if (c == '\r')
            out += "\\r";
        else if (c == '\t')
            out += "\\t";
        else if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) {
            constexpr char k_hex[] = "0123456789ABCDEF";
            ((out += "\\u00") += k_hex[c >> 4 & 15]) += k_hex[c & 15];
        } else
            out += c;
    }
    return out + '"';
}

std::string bare_or_quoted(std::string_view text) {
    return is_bare(text) ? std::string(text) : quoted(text);
}

/// A word of a line: NAME, "TEXT" or NAME=VALUE.
struct Word {
    std::string name;
    std::optional<std::string> value;
};

class LineReader {
public:
    LineReader(std::string_view line, int number) : m_line(line), m_number(number) {}

    Error fail(std::string const& what) const {
        return {ErrorCode::bad_value, "line " + std::to_string(m_number) + ": " + what};
    }
    Error located(Error error) const { return fail(error.message); }

    /// Nothing at the end of the line or a comment.
    Result<std::optional<Word>> next() {
        while (m_at < m_line.size() && is_blank(m_line[m_at])) ++m_at;
        if (m_at >= m_line.size() || m_line[m_at] == '#') return std::optional<Word>{};
        Word word;
        if (m_line[m_at] == '"') {
            MG_TRY(word.name, quoted_text());
            return std::optional(std::move(word));
        }
        while (m_at < m_line.size() && !is_blank(m_line[m_at]) && m_line[m_at] != '=') word.name += m_line[m_at++];
        if (m_at < m_line.size() && m_line[m_at] == '=') {
            ++m_at;
            if (m_at < m_line.size() && m_line[m_at] == '"') {
                MG_TRY(word.value, quoted_text());
            } else {
                word.value.emplace();
                while (m_at < m_line.size() && !is_blank(m_line[m_at])) *word.value += m_line[m_at++];
            }
        }
        return std::optional(std::move(word));
    }

private:
    static bool is_blank(char c) { return c == ' ' || c == '\t'; }

    Result<std::string> quoted_text() {
        std::string out;
        for (++m_at; m_at < m_line.size(); ++m_at) {
            char const c = m_line[m_at];
            if (c == '"') {
                ++m_at;
                if (m_at < m_line.size() && !is_blank(m_line[m_at])) return fail("a blank must follow a closing quote");
                return out;
            }
            if (c != '\\') {
                out += c;
                continue;
            }
            char const escape = ++m_at < m_line.size() ? m_line[m_at] : '\0';
            switch (escape) {
            case '"':
            case '\\':
                out += escape;
                break;
            case 'n':
                out += '\n';
                break;
            case 'r':
                out += '\r';
                break;
            case 't':
                out += '\t';
                break;
            case 'u': {
                char32_t code = 0;
                for (int i = 0; i < 4; ++i) {
                    char const digit = ++m_at < m_line.size() ? m_line[m_at] : '\0';
                    std::size_t const value =
                        std::string_view("0123456789abcdef").find(digit | ('A' <= digit && digit <= 'F' ? 32 : 0));
                    if (digit == '\0' || value == std::string_view::npos)
                        return fail("\\u needs four hexadecimal digits");
                    code = code << 4 | static_cast<char32_t>(value);
                }
                if (code >= 0xD800 && code <= 0xDFFF) return fail("\\u cannot give half a surrogate pair");
                append_utf8(out, code);
                break;
            }
            default:
                return fail("unknown escape in a quoted text; a backslash is written \\\\");
            }
        }
        return fail("a quoted text does not end on its line; a line end inside it is written \\n");
    }

    std::string_view m_line;
    std::size_t m_at = 0;
    int m_number = 0;
};

Status read_step(Recipe& recipe, bool free_chain, std::string_view id, LineReader& reader) {
    auto step = step_named(recipe, id);
    if (!step) return reader.located(step.error());
    StepUse* use = free_chain ? nullptr : find_use(recipe, id);
    if (!use) use = &recipe.steps.emplace_back(make_use(**step));
    use->enabled = true;
    for (;;) {
        MG_TRY(std::optional<Word> word, reader.next());
        if (!word) return Done{};
        if (!word->value) {
            auto const on = parse_switch(word->name);
            if (!on)
                return reader.fail("after " + std::string(id) + " stands \"" + word->name +
                                   "\", not on, off or KEY=VALUE");
            use->enabled = *on;
            continue;
        }
        auto const index = param_named(**step, word->name);
        if (!index) return reader.located(index.error());
        auto value = parse_value((*step)->params[*index], *word->value);
        if (!value) return reader.fail(std::string(id) + "." + value.error().message);
        use->values[*index] = std::move(value).value();
    }
}

Status read_only(Recipe& recipe, LineReader& reader) {
    MG_TRY(std::optional<Word> file, reader.next());
    if (!file || file->value || file->name.empty()) return reader.fail("\"only\" needs a file name in quotes");
    for (;;) {
        MG_TRY(std::optional<Word> word, reader.next());
        if (!word) return Done{};
        if (!word->value) return reader.fail("\"" + word->name + "\" should be STEP.KEY=VALUE, STEP=on or STEP=off");
        auto status = set_override(recipe, file->name, word->name, *word->value);
        if (!status) return reader.located(status.error());
    }
}

} // namespace

std::string to_text(Recipe const& recipe, bool with_defaults) {
    std::string out = std::string(k_header) + "\n";
    for (StepUse const& use : recipe.steps) {
        auto const defaults = use.step->defaults();
        if (!with_defaults && !use.enabled && !use.step->on_by_default && use.values == defaults) continue;
        out += use.step->id;
        if (!use.enabled) out += " off";
        for (std::size_t i = 0; i < use.values.size(); ++i)
            if (with_defaults || use.values[i] != defaults[i])
                out += " " + std::string(use.step->params[i].info.key) + "=" +
                       bare_or_quoted(value_text(use.step->params[i], use.values[i]));
        out += '\n';
    }
    for (Override const& change : recipe.overrides) {
        StepUse const* use = find_use(recipe, change.step);
        if (!use) continue;
        int const index = param_index(*use->step, change.key);
        out += "only " + quoted(change.file_name) + " " + change.step;
        if (change.key.empty())
            out += *std::get_if<bool>(&change.value) ? "=on" : "=off";
        else if (index >= 0)
            out += "." + change.key + "=" +
                   bare_or_quoted(value_text(use->step->params[static_cast<std::size_t>(index)], change.value));
        out += '\n';
    }
    return out;
}

Result<Recipe> parse_recipe(std::string_view text, Recipe const& base) {
    if (text.size() > k_recipe_max_bytes)
        return Error{ErrorCode::too_large, "the recipe is longer than the limit of 16 MiB"};
    if (!is_utf8(text)) return Error{ErrorCode::bad_value, "the recipe is not UTF-8 text"};
    if (text.substr(0, 3) == "\xEF\xBB\xBF") text.remove_prefix(3);
    Recipe recipe = base;
    bool const free_chain = base.steps.empty();
    bool header_seen = false;
    int number = 0;
    for (std::string_view line : split_lines(text)) {
        LineReader reader(line, ++number);
        MG_TRY(std::optional<Word> first, reader.next());
        if (!first) continue;
        if (!header_seen) {
            auto const words = split_words(line);
            if (words.size() < 3 || words[0] != "micrographia" || words[1] != "recipe")
                return reader.fail("a recipe begins with the line \"" + std::string(k_header) + "\"");
            if (words[2] != "1")
                return reader.fail("recipe form " + excerpt(words[2], 20) +
                                   " is not known; it was made by a newer version of Micrographia");
            header_seen = true;
            continue;
        }
        if (first->value) return reader.fail("a line begins with a step, not with \"" + first->name + "=\"");
        if (first->name == "only")
            MG_TRY_DO(read_only(recipe, reader));
        else
            MG_TRY_DO(read_step(recipe, free_chain, first->name, reader));
        if (recipe.steps.size() > k_recipe_max_steps)
            return reader.fail("a recipe has at most " + std::to_string(k_recipe_max_steps) + " steps");
    }
    if (!header_seen)
        return Error{ErrorCode::bad_value,
                     "the recipe is empty; it begins with the line \"" + std::string(k_header) + "\""};
    return recipe;
}

} // namespace mg
