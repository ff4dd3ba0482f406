#pragma once
#include <string>
#include <string_view>
#include <vector>

namespace mg::app {

/// A microscope whose display width the user has found: an image is this wide divided by its magnification.
struct MicroscopePreset {
    std::string name;
    double width_mm = 0;
    double aspect = 1; ///< width of a pixel divided by its height
    bool operator==(MicroscopePreset const&) const = default;
};

/// The presets as the browser keeps them, a line each, and back; what is no preset is left out.
std::string microscopes_text(std::vector<MicroscopePreset> const& presets);
std::vector<MicroscopePreset> microscopes_from(std::string_view text);

} // namespace mg::app
