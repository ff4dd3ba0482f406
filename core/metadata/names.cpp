// What file and folder names say: SAMPLE_AA_YYMMDD/ (sample, author's two capitals, date) or SAMPLE_/ up to three
// folders above the file; names of folders between are added to the sample, "orig" is passed over, "~" stands for a
// space. A cathodoluminescence image carries its wavelength in the name: 10K405.TIF, 10K5000_420.TIF, spot_420nm.tif.
#include <algorithm>

#include "base/text.h"
#include "metadata/metadata.h"

namespace mg {

namespace {

constexpr std::size_t k_levels_up = 3;
constexpr double k_shortest_nm = 200, k_longest_nm = 2000;

std::optional<std::string> date_from(std::string_view yymmdd) {
    if (yymmdd.size() != 6 || !std::all_of(yymmdd.begin(), yymmdd.end(), is_digit)) return std::nullopt;
    auto two = [&](std::size_t i) { return (yymmdd[i] - '0') * 10 + (yymmdd[i + 1] - '0'); };
    int year = two(0) + (two(0) >= 90 ? 1900 : 2000);
    int month = two(2), day = two(4);
    static constexpr int k_days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    if (month < 1 || month > 12) return std::nullopt;
    int days = k_days[month - 1] + (month == 2 && year % 4 == 0 ? 1 : 0);
    if (day < 1 || day > days) return std::nullopt;
    std::string date = std::to_string(year);
    return date.append("-").append(yymmdd.substr(2, 2)).append("-").append(yymmdd.substr(4, 2));
}

std::string with_spaces(std::string_view name) {
    std::string text(name);
    std::replace(text.begin(), text.end(), '~', ' ');
    return std::string(trimmed(text));
}

/// Facts of one folder's name; without a sample when the name follows no rule.
NameFacts facts_from_folder(std::string_view folder) {
    NameFacts facts;
    if (folder.size() > 1 && folder.back() == '_') {
        facts.sample = with_spaces(folder.substr(0, folder.size() - 1));
        return facts;
    }
    std::size_t last = folder.rfind('_');
    if (last == std::string_view::npos || last == 0) return facts;
    std::size_t before = folder.rfind('_', last - 1);
    if (before == std::string_view::npos || before == 0) return facts;
    std::string_view author = folder.substr(before + 1, last - before - 1);
    std::string_view digits = folder.substr(last + 1);
    auto is_capital = [](char c) { return c >= 'A' && c <= 'Z'; };
    if (author.size() != 2 || !std::all_of(author.begin(), author.end(), is_capital)) return facts;
    if (digits.size() != 6 || !std::all_of(digits.begin(), digits.end(), is_digit)) return facts;
    facts.sample = with_spaces(folder.substr(0, before));
    facts.author = std::string(author);
    facts.date = date_from(digits);
    return facts;
}

std::optional<double> wavelength_from(std::string_view file_name) {
    std::vector<std::string_view> chunks = name_chunks(file_name.substr(0, file_name.rfind('.')));
    auto wavelength = [&](std::size_t i) -> std::optional<double> {
        auto value = parse_double(chunks[i]);
        return value && *value > k_shortest_nm && *value < k_longest_nm ? value : std::nullopt;
    };
    for (std::size_t i = 0; i + 1 < chunks.size(); ++i)
        if (istarts_with(trimmed(chunks[i + 1]), "nm") && wavelength(i)) return wavelength(i);
    if (chunks.size() > 2 && wavelength(2)) return wavelength(2);
    std::optional<double> only;
    for (std::size_t i = 0; i < chunks.size(); ++i) {
        bool magnification =
            i + 1 < chunks.size() && (istarts_with(chunks[i + 1], "k") || istarts_with(chunks[i + 1], "x"));
        if (magnification || !wavelength(i)) continue;
        if (only) return std::nullopt;
        only = wavelength(i);
    }
    return only;
}

bool sniff(MetadataInput const& input) {
    return !input.relative_path.empty() || !input.file_name.empty();
}

Metadata read(MetadataInput const& input) {
    NameFacts facts = facts_from_names(input.relative_path.empty() ? input.file_name : input.relative_path);
    Metadata metadata;
    Acquisition& a = metadata.acquisition;
    std::string folder = "folder " + facts.folder.value_or("");
    if (facts.sample) a.sample = {*facts.sample, folder};
    if (facts.author) a.author = {*facts.author, folder};
    if (facts.date) a.acquired = {*facts.date, folder};
    if (facts.wavelength_nm) a.wavelength_nm = {*facts.wavelength_nm, "file name"};
    return metadata;
}

} // namespace

std::vector<std::string_view> name_chunks(std::string_view stem) {
    std::vector<std::string_view> chunks;
    std::size_t i = 0;
    while (i < stem.size()) {
        std::size_t start = i;
        bool number = is_digit(stem[i]);
        auto continues = [&](std::size_t k) {
            bool point = stem[k] == '.' && k + 1 < stem.size() && is_digit(stem[k + 1]) && is_digit(stem[k - 1]);
            return number == (is_digit(stem[k]) || (number && point));
        };
        do ++i;
        while (i < stem.size() && continues(i));
        chunks.push_back(stem.substr(start, i - start));
    }
    return chunks;
}

NameFacts facts_from_names(std::string_view relative_path) {
    std::vector<std::string_view> parts = split(relative_path, '/');
    std::string_view file_name = parts.back();
    parts.pop_back();
    NameFacts facts;
    for (std::size_t up = 1; up <= std::min(k_levels_up, parts.size()); ++up) {
        std::size_t level = parts.size() - up;
        NameFacts found = facts_from_folder(parts[level]);
        if (!found.sample || found.sample->empty()) continue;
        facts = std::move(found);
        facts.folder = sanitized_utf8(parts[level]);
        for (std::size_t i = level + 1; i < parts.size(); ++i)
            if (!parts[i].empty() && parts[i] != "." && !iequals(parts[i], "orig"))
                facts.sample->append(" ").append(with_spaces(parts[i]));
        facts.sample = sanitized_utf8(*facts.sample);
        break;
    }
    facts.wavelength_nm = wavelength_from(file_name);
    return facts;
}

extern constinit MetadataReader const k_reader_names{"names", "File and folder names", sniff, read};

} // namespace mg
