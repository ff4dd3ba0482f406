// config.txt of the original tools: "key = value  # comment" lines with Python's literals. Every key of theirs is obeyed;
// what they lack is written "step.key = value", and for one file alone: only 'FILE' step.key = value.
#include <algorithm>
#include <cmath>
#include <optional>

#include "base/hash.h"
#include "base/text.h"
#include "recipe/names.h"
#include "recipe/overlay.h"

namespace mg {
namespace {

// --- Python's literals -----------------------------------------------------------------------------------------------

struct Literal {
    enum class Kind { truth, number, text } kind = Kind::text;
    bool truth = false;
    double number = 0;
    std::string text; ///< of a text: its content; else as written
};

/// A number as Python writes it: ".91", "1.", "1_000" too.
std::optional<double> python_number(std::string_view text) {
    std::string plain;
    for (std::size_t i = 0; i < text.size(); ++i) {
        char const c = text[i];
        bool const digit_before = i > 0 && is_digit(text[i - 1]);
        bool const digit_after = i + 1 < text.size() && is_digit(text[i + 1]);
        if (c == '_' && digit_before && digit_after) continue;
        if (c == '.' && !digit_before && !digit_after) return std::nullopt;
        if (c == '.' && !digit_before) plain += '0';
        plain += c;
        if (c == '.' && !digit_after) plain += '0';
    }
    return parse_double(plain);
}

class LiteralReader {
public:
    explicit LiteralReader(std::string_view text) : m_text(text) {}

    void skip_blanks() {
        while (m_at < m_text.size() && (m_text[m_at] == ' ' || m_text[m_at] == '\t')) ++m_at;
    }
    bool at_end() {
        skip_blanks();
        return m_at >= m_text.size() || m_text[m_at] == '#';
    }
    bool take(char c) {
        skip_blanks();
        if (m_at >= m_text.size() || m_text[m_at] != c) return false;
        ++m_at;
        return true;
    }
    /// A quoted text, or a bare word up to one of `ends` or a comment.
    Result<Literal> next(std::string_view ends) {
        skip_blanks();
        if (m_at < m_text.size() && (m_text[m_at] == '"' || m_text[m_at] == '\'')) return quoted();
        std::size_t const start = m_at;
        while (m_at < m_text.size() && m_text[m_at] != '#' && ends.find(m_text[m_at]) == std::string_view::npos) ++m_at;
        std::string_view const word = trimmed(m_text.substr(start, m_at - start));
        Literal literal;
        literal.text = word;
        if (word == "True" || word == "False" || word == "true" || word == "false") {
            literal.kind = Literal::Kind::truth;
            literal.truth = word == "True" || word == "true";
        } else if (auto const number = python_number(word)) {
            literal.kind = Literal::Kind::number;
            literal.number = *number;
        }
        return literal;
    }
    /// What has not been read.
    std::string_view rest() const { return m_text.substr(std::min(m_at, m_text.size())); }

private:
    Result<Literal> quoted() {
        char const quote = m_text[m_at];
        Literal literal;
        for (++m_at; m_at < m_text.size(); ++m_at) {
            char c = m_text[m_at];
            if (c == quote) {
                ++m_at;
                return literal;
            }
            if (c == '\\' && m_at + 1 < m_text.size()) {
                char const escape = m_text[m_at + 1];
                std::size_t const known = std::string_view("\\'\"nrt").find(escape);
                if (known != std::string_view::npos) {
                    c = "\\'\"\n\r\t"[known];
                    ++m_at;
                } else if (escape == 'x' && m_at + 3 < m_text.size()) {
                    int code = 0;
                    for (std::size_t i = m_at + 2; i < m_at + 4; ++i) {
                        std::size_t const digit =
                            std::string_view("0123456789abcdef").find(static_cast<char>(m_text[i] | 32));
                        code = digit == std::string_view::npos ? -1000 : code * 16 + static_cast<int>(digit);
                    }
                    if (code >= 0) {
                        append_utf8(literal.text, static_cast<char32_t>(code));
                        m_at += 3;
                        continue;
                    }
                }
            }
            literal.text += c;
        }
        return Error{ErrorCode::bad_value, std::string("the text has no closing ") + quote};
    }

    std::string_view m_text;
    std::size_t m_at = 0;
};

std::string python_text(std::string_view text) {
    std::string out = "'";
    for (char const c : text) {
        std::size_t const escape = std::string_view("\\'\n\r\t").find(c);
        if (escape != std::string_view::npos)
            (out += '\\') += "\\'nrt"[escape];
        else if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) {
            constexpr char k_hex[] = "0123456789abcdef";
            ((out += "\\x") += k_hex[c >> 4 & 15]) += k_hex[c & 15];
        } else
            out += c;
    }
    return out + "'";
}

std::string python_value(Param const& param, Value const& value) {
    if (bool const* on = std::get_if<bool>(&value)) return *on ? "True" : "False";
    bool const number = param.kind == ParamKind::integer || param.kind == ParamKind::real;
    return number ? value_text(param, value) : python_text(value_text(param, value));
}

// --- values of a recipe by name --------------------------------------------------------------------------------------

struct Place {
    StepUse* use = nullptr;
    std::size_t index = 0;
    Param const& param() const { return use->step->params[index]; }
    Value& value() const { return use->values[index]; }
};

/// "compose.gamma"; nothing when the recipe has no such value.
std::optional<Place> place_of(Recipe& recipe, std::string_view name) {
    std::size_t const dot = name.find('.');
    StepUse* use = find_use(recipe, name.substr(0, dot));
    if (!use || dot == std::string_view::npos) return std::nullopt;
    int const index = param_index(*use->step, name.substr(dot + 1));
    if (index < 0) return std::nullopt;
    return Place{use, static_cast<std::size_t>(index)};
}

std::string expected(Param const& param) {
    ParamInfo const& info = param.info;
    switch (param.kind) {
    case ParamKind::toggle:
        return "True or False is expected";
    case ParamKind::integer:
    case ParamKind::real: {
        std::string text = param.kind == ParamKind::integer ? "a whole number" : "a number";
        if (info.minimum < info.maximum)
            text += " from " + format_shortest(info.minimum) + " to " + format_shortest(info.maximum);
        return text + " is expected";
    }
    case ParamKind::choice: {
        std::string text = "expected is one of";
        for (Choice const& choice : info.choices) text += " " + std::string(choice.key);
        return text;
    }
    default:
        return "a text in quotes is expected";
    }
}

Error unexpected(Literal const& literal, std::string const& what) {
    return {ErrorCode::bad_value, "\"" + excerpt(literal.text) + "\": " + what};
}

Result<Value> value_from(Literal const& literal, Param const& param) {
    Value value;
    bool fits = true;
    switch (param.kind) {
    case ParamKind::toggle:
        if (literal.kind == Literal::Kind::truth)
            value = literal.truth;
        else if (literal.kind == Literal::Kind::number && (literal.number == 0 || literal.number == 1))
            value = literal.number == 1;
        else if (auto const on = parse_switch(literal.text))
            value = *on;
        else
            fits = false;
        break;
    case ParamKind::integer:
        fits = literal.kind == Literal::Kind::number && literal.number == std::floor(literal.number) &&
               std::fabs(literal.number) < 2e9;
        if (fits) value = static_cast<std::int64_t>(literal.number);
        break;
    case ParamKind::real:
        fits = literal.kind == Literal::Kind::number;
        value = literal.number;
        break;
    default: {
        auto parsed = parse_value(param, literal.text);
        fits = parsed.has_value();
        if (fits) value = std::move(parsed).value();
    }
    }
    if (!fits || !check_value(param, value)) return unexpected(literal, expected(param));
    return value;
}

Status set_place(Place const& place, Literal const& literal) {
    MG_TRY(place.value(), value_from(literal, place.param()));
    return Done{};
}

void set_choice(Recipe& recipe, std::string_view name, std::string_view key) {
    if (auto const place = place_of(recipe, name))
        if (auto value = parse_value(place->param(), key)) place->value() = std::move(value).value();
}

void set_toggle(Recipe& recipe, std::string_view name, bool on) {
    if (auto const place = place_of(recipe, name)) place->value() = on;
}

void set_number(Recipe& recipe, std::string_view name, double number) {
    if (auto const place = place_of(recipe, name); place && check_value(place->param(), number)) place->value() = number;
}

/// A recipe without that step has nothing to obey.
Status set_named(Recipe& recipe, std::string_view name, Literal const& literal) {
    auto const place = place_of(recipe, name);
    return place ? set_place(*place, literal) : Status(Done{});
}

std::string text_of(Recipe const& recipe, std::string_view name) {
    // Only looked at.
    auto const place = place_of(const_cast<Recipe&>(recipe), name);
    return place ? value_text(place->param(), place->value()) : std::string();
}

void switch_step(Recipe& recipe, std::string_view id, bool on) {
    if (StepUse* use = find_use(recipe, id)) use->enabled = on;
}

bool is_on(Recipe const& recipe, std::string_view id) {
    StepUse const* use = find_use(recipe, id);
    return use && use->enabled;
}

// --- the original keys -----------------------------------------------------------------------------------------------

/// Stands for a parameter where a key means more than one value.
constexpr Param k_toggle{{.key = "toggle"}, ParamKind::toggle, nullptr, nullptr};

Result<bool> truth_of(Literal const& literal) {
    MG_TRY(Value value, value_from(literal, k_toggle));
    return *std::get_if<bool>(&value);
}

struct ConfigKey {
    std::string_view key, help{};
    /// The one value of the recipe that it is; empty: see the functions.
    std::string_view target{};
    /// Its value in the original tools, shown where the recipe has none to show.
    std::string_view original{};
    /// Why there is nothing to set; empty: there is.
    std::string_view no_effect{};
    Status (*set)(Recipe& recipe, Literal const& literal) = nullptr;
    /// As Python writes it; empty when the recipe's state has no word among the original ones.
    std::string (*get)(Recipe const& recipe) = nullptr;
};

std::string python_truth(bool on) {
    return on ? "True" : "False";
}

#include "recipe/config_keys.inc"

ConfigKey const* config_key(std::string_view name) {
    for (ConfigKey const& key : k_keys)
        if (key.key == name) return &key;
    return nullptr;
}

/// A remark, when the value changes nothing; else empty.
Result<std::string> set_key(Recipe& recipe, ConfigKey const& key, Literal const& literal) {
    if (!key.no_effect.empty()) {
        bool const usual = literal.text == key.original ||
                           (literal.kind == Literal::Kind::number && python_number(key.original) == literal.number);
        return usual ? std::string() : std::string(key.key) + " changes nothing here: " + std::string(key.no_effect);
    }
    MG_TRY_DO(key.set ? key.set(recipe, literal) : set_named(recipe, key.target, literal));
    return std::string();
}

std::string get_key(Recipe const& recipe, ConfigKey const& key) {
    if (!key.no_effect.empty()) return {};
    if (key.get) return key.get(recipe);
    auto const place = place_of(const_cast<Recipe&>(recipe), key.target);
    return place ? python_value(place->param(), place->value()) : std::string();
}

// --- lines -----------------------------------------------------------------------------------------------------------

constexpr std::string_view k_input_files = "input_files";

/// A line without its comment, or several when a list goes on.
struct Entry {
    int line = 0;
    std::string file; ///< of "only 'FILE'"; empty: all
    std::string key;
    std::string value;
};

/// The value up to its comment, with blanks for what stands in quotes.
std::string outside_quotes(std::string_view value) {
    std::string bare;
    char quote = 0;
    for (std::size_t i = 0; i < value.size(); ++i) {
        char const c = value[i];
        bool const quoted = quote != 0;
        if (quoted && c == '\\' && i + 1 < value.size()) {
            bare += "  ";
            ++i;
            continue;
        }
        if (quoted && c == quote) quote = 0;
        else if (!quoted && (c == '\'' || c == '"'))
            quote = c;
        else if (!quoted && c == '#')
            break;
        bare += quoted || quote ? ' ' : c;
    }
    return bare;
}

/// How many more brackets a line opens than it closes.
int brackets_opened(std::string_view value) {
    int depth = 0;
    for (char const c : outside_quotes(value)) depth += c == '[' || c == '(' ? 1 : c == ']' || c == ')' ? -1 : 0;
    return depth;
}

/// Whoever wrote a text with more of them wrote no config.txt.
constexpr std::size_t k_most_warnings = 200;

class ConfigReader {
public:
    ConfigReader(std::string_view text, Recipe const& base) : m_lines(split_lines(text)) { m_result.recipe = base; }

    ConfigText read() {
        for (; m_at < m_lines.size(); ++m_at) {
            m_line = static_cast<int>(m_at) + 1;
            read_line(m_lines[m_at]);
            if (m_result.warnings.size() >= k_most_warnings) {
                warn("too much before this cannot be used; what follows is left out");
                break;
            }
        }
        return std::move(m_result);
    }

private:
    void warn(std::string const& what) {
        m_result.warnings.push_back("line " + std::to_string(m_line) + ": " + what);
    }

    void read_line(std::string_view line) {
        std::string_view rest = trimmed(line);
        if (rest.empty() || rest.front() == '#') return;
        std::string file;
        if (rest.starts_with("only ") || rest.starts_with("only\t")) {
            LiteralReader reader(rest.substr(5));
            auto const name = reader.next("=");
            if (!name || name->text.empty() || name->text.find('=') != std::string::npos) {
                warn("after \"only\" the name of a file in quotes is expected");
                return;
            }
            file = name->text;
            rest = reader.rest();
            if (rest.find('=') == std::string_view::npos) {
                warn("after \"only\" and the file, step.key = value is expected");
                return;
            }
        }
        std::size_t const equals = rest.find('=');
        if (equals == std::string_view::npos) {
            warn("\"" + excerpt(rest) + "\" is not of the form key = value");
            return;
        }
        std::string const key(trimmed(rest.substr(0, equals)));
        std::string value(rest.substr(equals + 1));
        if (key == k_input_files) {
            int open = brackets_opened(value);
            if (open > 0) value = without_comment(value);
            while (open > 0 && m_at + 1 < m_lines.size()) {
                // What follows a comment within a list stands on the next line.
                std::string_view const next = m_lines[++m_at];
                open += brackets_opened(next);
                value.append(" ").append(without_comment(next));
            }
            read_files(value);
            return;
        }
        if (file.empty() && std::find(m_seen.begin(), m_seen.end(), key) != m_seen.end())
            warn(key + " stands a second time; this one is taken");
        if (file.empty()) m_seen.push_back(key);
        set(file, key, value);
    }

    static std::string without_comment(std::string_view value) {
        return std::string(value.substr(0, outside_quotes(value).size()));
    }

    void read_files(std::string_view value) {
        LiteralReader reader(value);
        bool const list = reader.take('[') || reader.take('(');
        while (!reader.at_end()) {
            if (reader.take(']') || reader.take(')')) break;
            if (reader.take(',')) continue;
            auto const name = reader.next(list ? ",])" : ",");
            if (!name) {
                warn(std::string(k_input_files) + ": " + name.error().message);
                return;
            }
            if (!name->text.empty()) m_result.input_files.push_back(name->text);
        }
    }

    void set(std::string const& file, std::string const& key, std::string_view value) {
        LiteralReader reader(value);
        auto const literal = reader.next("");
        if (!literal) {
            warn(key + ": " + literal.error().message);
            return;
        }
        if (!reader.at_end()) {
            warn(key + ": \"" + excerpt(trimmed(reader.rest())) + "\" stands after the value");
            return;
        }
        if (literal->text.empty() && literal->kind == Literal::Kind::text && trimmed(without_comment(value)).empty()) {
            warn(key + ": the value is missing");
            return;
        }
        Status const status = file.empty() ? set_for_all(key, *literal) : set_for_one(file, key, *literal);
        if (!status) warn(status.error().message);
    }

    Status set_for_all(std::string const& key, Literal const& literal) {
        if (ConfigKey const* known = config_key(key)) {
            auto const remark = set_key(m_result.recipe, *known, literal);
            if (!remark) return Error{ErrorCode::bad_value, key + " = " + remark.error().message};
            if (!remark->empty()) warn(*remark);
            return Done{};
        }
        if (auto const place = place_of(m_result.recipe, key)) {
            auto status = set_place(*place, literal);
            if (!status) status.error().message = key + " = " + status.error().message;
            return status;
        }
        if (StepUse* use = find_use(m_result.recipe, key)) {
            auto const on = truth_of(literal);
            if (!on) return Error{ErrorCode::bad_value, key + " = " + on.error().message};
            use->enabled = *on;
            return Done{};
        }
        return unknown(key);
    }

    Status set_for_one(std::string const& file, std::string const& key, Literal const& literal) {
        std::string text = literal.text;
        if (!place_of(m_result.recipe, key) && !find_use(m_result.recipe, key)) return unknown(key);
        if (literal.kind == Literal::Kind::truth) text = literal.truth ? "true" : "false";
        if (literal.kind == Literal::Kind::number) text = format_shortest(literal.number);
        return set_override(m_result.recipe, file, key, text);
    }

    Error unknown(std::string const& key) const {
        std::vector<std::string> names;
        for (ConfigKey const& known : k_keys) names.emplace_back(known.key);
        names.emplace_back(k_input_files);
        for (StepUse const& use : m_result.recipe.steps) {
            names.emplace_back(use.step->id);
            for (Param const& param : use.step->params)
                names.push_back(std::string(use.step->id) + "." + std::string(param.info.key));
        }
        std::vector<std::string_view> const views(names.begin(), names.end());
        std::string message = "no key \"" + excerpt(key) + "\"";
        auto const near = nearest_names(key, views);
        for (std::size_t i = 0; i < near.size(); ++i)
            message += (i == 0 ? "; did you mean " : i + 1 < near.size() ? ", " : " or ") + std::string(near[i]);
        message += near.empty() ? "; it is left out" : "?";
        return {ErrorCode::bad_value, std::move(message)};
    }

    std::vector<std::string_view> m_lines;
    std::size_t m_at = 0;
    int m_line = 0;
    std::vector<std::string> m_seen;
    ConfigText m_result;
};

constexpr std::string_view k_heading = "# Micrographia overlay: edit this file and run again. As written: ";

/// Of all that follows the first line.
std::string checksum(std::string_view body) {
    return sha256_hex(as_bytes(body)).substr(0, 12);
}

/// "key = value", then the comment where it is easily read.
std::string commented(std::string line, std::string_view comment) {
    constexpr std::size_t k_column = 36;
    if (line.size() < k_column) line.resize(k_column, ' ');
    return line + "  # " + std::string(comment) + "\n";
}

/// The help's first sentence.
std::string_view short_help(std::string_view help) {
    std::size_t const end = std::min(help.find(". "), help.find('\n'));
    help = help.substr(0, end);
    return help.ends_with('.') ? help.substr(0, help.size() - 1) : help;
}

} // namespace

bool looks_like_config_text(std::string_view text) {
    if (text.size() > k_config_max_bytes || text.find('\0') != std::string_view::npos) return false;
    for (std::string_view line : split_lines(text)) {
        line = trimmed(line);
        std::size_t const equals = line.find('=');
        if (equals == std::string_view::npos || line.front() == '#') continue;
        std::string_view const key = trimmed(line.substr(0, equals));
        if (key == k_input_files || config_key(key)) return true;
    }
    return false;
}

ConfigText read_config_text(std::string_view text, Recipe const& base) {
    std::string const utf8 = utf8_from_unknown(text.substr(0, k_config_max_bytes));
    std::string_view view = utf8;
    if (view.starts_with("\xEF\xBB\xBF")) view.remove_prefix(3);
    ConfigText config = ConfigReader(view, base).read();
    if (text.size() > k_config_max_bytes)
        config.warnings.insert(config.warnings.begin(), "is longer than 1 MiB: what follows is not read");
    return config;
}

std::string write_config_text(Recipe const& recipe, std::span<std::string const> input_files) {
    std::string text;
    for (ConfigKey const& key : k_keys)
        if (std::string const value = get_key(recipe, key); !value.empty())
            text += commented(std::string(key.key) + " = " + value, key.help);
        else if (!key.original.empty() && key.no_effect.empty())
            text += commented("# " + std::string(key.key) + " = " + std::string(key.original), key.help);
    if (!input_files.empty()) {
        text += "\n# The images, in the order of their colours; 'dummy' leaves a colour out\ninput_files = [\n";
        for (std::string const& file : input_files) text += "    " + python_text(file) + ",\n";
        text += "]\n";
    }
    // Whatever those keys could not say.
    Recipe const said = read_config_text(text, overlay_recipe()).recipe;
    std::string more;
    for (StepUse const& use : recipe.steps) {
        StepUse const* other = find_use(said, use.step->id);
        std::string const id(use.step->id);
        if (!other || other->enabled != use.enabled)
            more += commented(id + " = " + python_truth(use.enabled), short_help(use.step->summary));
        for (std::size_t i = 0; i < use.values.size(); ++i)
            if (!other || other->values[i] != use.values[i])
                more += commented(id + "." + std::string(use.step->params[i].info.key) + " = " +
                                      python_value(use.step->params[i], use.values[i]),
                                  short_help(use.step->params[i].info.help));
    }
    for (Override const& change : recipe.overrides) {
        StepUse const* use = find_use(recipe, change.step);
        int const index = use ? param_index(*use->step, change.key) : -1;
        if (!use || (!change.key.empty() && index < 0)) continue;
        std::string const value = index < 0 ? python_truth(*std::get_if<bool>(&change.value))
                                            : python_value(use->step->params[static_cast<std::size_t>(index)], change.value);
        more += "only " + python_text(change.file_name) + " " + change.step + (index < 0 ? "" : "." + change.key) +
                " = " + value + "\n";
    }
    if (!more.empty()) text += "\n# Settings that the original tools did not have\n" + more;
    return std::string(k_heading) + checksum(text) + "\n" + text;
}

bool is_unedited_config_text(std::string_view text) {
    std::size_t const end = text.find('\n');
    if (end == std::string_view::npos || !text.starts_with(k_heading)) return false;
    return text.substr(k_heading.size(), end - k_heading.size()) == checksum(text.substr(end + 1));
}

std::vector<std::string_view> config_keys() {
    std::vector<std::string_view> keys;
    for (ConfigKey const& key : k_keys) keys.push_back(key.key);
    return keys;
}

bool is_config_key(std::string_view key) {
    return config_key(key) != nullptr;
}

Result<std::string> set_config_value(Recipe& recipe, std::string_view key, std::string_view value) {
    ConfigKey const* known = config_key(key);
    if (!known) return unknown_name("key", key, config_keys());
    LiteralReader reader(value);
    auto literal = reader.next("");
    if (!literal || !reader.at_end() || !reader.rest().empty()) literal = Literal{.text = std::string(value)};
    auto remark = set_key(recipe, *known, *literal);
    if (!remark) remark.error().message = std::string(key) + " = " + remark.error().message;
    return remark;
}

} // namespace mg
