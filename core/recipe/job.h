#pragma once
// What a running step may tell and ask: progress, cancel, and notes of what it found.
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/work.h"

namespace mg {

/// What a step found, e.g. {"despike", "removed_px", 2748, "removed 2 748 spikes (0.20 %)"}.
struct Note {
    std::string step;
    std::string key;
    std::variant<double, std::string> value;
    std::string text; ///< for people; may be empty when the value is for machines only
};

class Job : public Work {
public:
    void note(std::string key, double value, std::string text = {}) {
        m_notes.push_back({m_step, std::move(key), value, std::move(text)});
    }
    void note(std::string key, std::string value, std::string text = {}) {
        m_notes.push_back({m_step, std::move(key), std::move(value), std::move(text)});
    }
    std::vector<Note> const& notes() const { return m_notes; }
    /// Called by the runner before each step.
    void begin_step(std::string id) { m_step = std::move(id); }
    void add_notes(std::vector<Note> const& notes) { m_notes.insert(m_notes.end(), notes.begin(), notes.end()); }

private:
    std::string m_step;
    std::vector<Note> m_notes;
};

} // namespace mg
