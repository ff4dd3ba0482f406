#pragma once
// What is fuzzed: a target takes any bytes and aborts when something that must hold does not.
#include <functional>
#include <string>
#include <vector>

#include "base/bytes.h"

namespace mg::fuzz {

struct Target {
    std::string name;
    std::function<void(ByteView)> run;
};

/// Those of targets.inc, then "reader_ID" for every metadata reader.
std::vector<Target> all_targets();

} // namespace mg::fuzz
