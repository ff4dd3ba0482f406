#pragma once
// Files of one place put together to a set: which value differs between them, hence their labels, order and colours;
// and which of them are extra images.
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "image/scene.h"

namespace mg {

struct SetMember {
    int id = 0;
    std::optional<Channel> channel; ///< nothing: a placeholder that takes a colour
};

struct ChannelSet {
    Scene scene;          ///< signals in their order, then extra images
    std::vector<int> ids; ///< parallel to the channels
};

/// Channels that carry what the step "channel" found of each file alone. What the user gave is kept; the rest is found:
/// - roles: when all images would be extra, those with a wavelength are channels, or else all but the user's own extras;
/// - values: the beam energy when it tells the signals apart, else the wavelength, else the first part of the file names
///   that differs (in the other order with NameRules::before_header);
/// - order: the user's places first, then by value, then as given. With placeholders among the files, as given: they
///   stand for a colour at their place.
ChannelSet channel_set(std::vector<SetMember> members);

/// The file name without its ending.
std::string_view stem_of(std::string_view file_name);
/// What names have in common at their beginning, in whole numbers and words, without separators at its end.
std::string common_beginning(std::vector<std::string_view> const& names);
/// A short name of what the files have in common, for file names: "AB01_10K". Never empty, no character that a file
/// system refuses.
std::string set_name(std::vector<Channel> const& channels);
/// Text as a part of a file name: '/', '\\', ':', control characters and the like become '_'.
std::string file_name_part(std::string_view text);

} // namespace mg
