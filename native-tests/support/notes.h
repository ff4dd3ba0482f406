#pragma once
// What a job noted.
#include <string_view>
#include <variant>

#include <gtest/gtest.h>

#include "recipe/job.h"

namespace mg::test {

/// The last note of that key; null when there is none.
inline Note const* find_note(Job const& job, std::string_view key) {
    Note const* found = nullptr;
    for (Note const& note : job.notes())
        if (note.key == key) found = &note;
    return found;
}
inline double number_of(Note const* note) {
    if (note)
        if (double const* number = std::get_if<double>(&note->value)) return *number;
    ADD_FAILURE() << "no such number";
    return 0;
}

} // namespace mg::test
