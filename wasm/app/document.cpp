#include "app/document.h"

#include <algorithm>
#include <utility>

#include "base/text.h"

namespace mg::app {

namespace {
constexpr std::size_t k_most_steps_back = 500, k_fewest_steps_back = 50;
/// Of thousands of files fewer steps are kept: each holds the list of all.
constexpr std::size_t k_most_files_in_the_past = 100000;
}

InputEntry const* find_input(Document const& document, int id) {
    for (InputEntry const& input : document.inputs)
        if (input.id == id) return &input;
    return nullptr;
}

std::string paged_path(InputEntry const& input) {
    std::size_t const slash = input.path.find_last_of('/');
    return input.path.substr(0, slash == std::string::npos ? 0 : slash + 1) + input.name;
}

bool is_placeholder(std::string_view name) { return lowered(name) == "dummy"; }

void History::change(Document next, std::string gesture) {
    bool const same_gesture = !gesture.empty() && gesture == m_gesture;
    m_gesture = std::move(gesture);
    if (next == m_now) return;
    if (!same_gesture || m_past.empty()) {
        m_past.push_back(std::move(m_now));
        std::size_t const files = m_past.back().inputs.size() + 1;
        while (m_past.size() > std::clamp(k_most_files_in_the_past / files, k_fewest_steps_back, k_most_steps_back))
            m_past.erase(m_past.begin());
    }
    m_future.clear();
    m_now = std::move(next);
    ++m_revision;
}

void History::undo() {
    if (m_past.empty()) return;
    m_future.push_back(std::exchange(m_now, std::move(m_past.back())));
    m_past.pop_back();
    m_gesture.clear();
    ++m_revision;
}

void History::redo() {
    if (m_future.empty()) return;
    m_past.push_back(std::exchange(m_now, std::move(m_future.back())));
    m_future.pop_back();
    m_gesture.clear();
    ++m_revision;
}

} // namespace mg::app
