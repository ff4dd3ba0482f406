#pragma once
// Parameters of points placed by hand: the same for the images of an overlay and of a set of element maps.
#include <string>

#include "recipe/param.h"

namespace mg {

enum class HandMotion { automatic, shift, similarity, affine, projective };
inline constexpr Choice k_hand_motions[] = {{"auto", "Like the set"},
                                            {"shift", "Shift"},
                                            {"similarity", "Shift, scale, rotation"},
                                            {"affine", "Affine"},
                                            {"projective", "Projective"}};
inline constexpr ParamInfo k_hand_motion{.key = "motion",
                                         .label = "Motion by points",
                                         .help = "What the points placed by hand may find for this image.",
                                         .choices = k_hand_motions};
inline constexpr ParamInfo k_hand_points{
    .key = "points",
    .label = "Points",
    .help = "Points placed by hand: the other image, the motion, and pairs x,y=X,Y of stored pixels there and here.",
    .maximum = 20000,
    .unset = "none"};

/// As in ChannelSettings::motion.
inline std::string motion_text(HandMotion motion) {
    if (motion == HandMotion::automatic) return {};
    return std::string(k_hand_motions[static_cast<std::size_t>(motion)].key);
}

} // namespace mg
