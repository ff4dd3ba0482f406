#pragma once
// Small scenes for tests over all steps.
#include <cstdint>
#include <string>

#include "image/scene.h"

namespace mg::test {

struct SceneSpec {
    Size size{37, 23};
    int planes = 1;     ///< 1 grey, 3 colour
    bool header = true; ///< with what an XL file says; without: no metadata at all
    std::uint32_t seed = 1;
};

/// One channel: a slope with grains, noise, some spikes and some pure white pixels; values 0..1.
Scene make_scene(SceneSpec const& spec);

/// Every pixel, mask, size and pixel size of the scene in one number.
std::uint64_t fingerprint(Scene const& scene);
/// The first value that is no finite number, in words; empty when there is none.
std::string first_not_finite(Scene const& scene);

} // namespace mg::test
