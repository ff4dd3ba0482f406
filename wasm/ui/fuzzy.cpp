#include "ui/fuzzy.h"

#include <cstddef>

namespace mg::ui {
namespace {

char lower(char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}
bool is_letter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || static_cast<unsigned char>(c) >= 0x80;
}

// Best score of query from `q` in text from `t`; both are short. Letters in a row are worth most.
std::optional<int> greedy(std::string_view query, std::string_view text, std::size_t start) {
    int score = 0;
    std::size_t q = 0, last = text.size();
    for (std::size_t t = start; t < text.size() && q < query.size(); ++t) {
        if (lower(text[t]) != lower(query[q])) continue;
        bool word = t == 0 || !is_letter(lower(text[t - 1]));
        bool run = last + 1 == t;
        score += run ? 10 : word ? 8 : 1;
        last = t;
        ++q;
    }
    if (q < query.size()) return {};
    return score * 4 - static_cast<int>(start) - static_cast<int>(text.size()) / 8;
}

} // namespace

std::optional<int> match_score(std::string_view query, std::string_view text) {
    while (!query.empty() && query.front() == ' ') query.remove_prefix(1);
    while (!query.empty() && query.back() == ' ') query.remove_suffix(1);
    if (query.empty()) return 0;
    std::optional<int> best;
    for (std::size_t start = 0; start < text.size(); ++start) {
        if (lower(text[start]) != lower(query.front())) continue;
        auto score = greedy(query, text, start);
        if (score && (!best || *score > *best)) best = score;
    }
    return best;
}

} // namespace mg::ui
