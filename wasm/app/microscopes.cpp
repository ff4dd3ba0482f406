#include "app/microscopes.h"

#include <algorithm>

#include "base/text.h"

namespace mg::app {

std::string microscopes_text(std::vector<MicroscopePreset> const& presets) {
    std::string text;
    for (MicroscopePreset const& preset : presets) {
        std::string name = preset.name;
        std::replace_if(name.begin(), name.end(), [](char c) { return c == '\t' || c == '\n' || c == '\r'; }, ' ');
        text += name + "\t" + format_shortest(preset.width_mm) + "\t" + format_shortest(preset.aspect) + "\n";
    }
    return text;
}

std::vector<MicroscopePreset> microscopes_from(std::string_view text) {
    std::vector<MicroscopePreset> presets;
    for (std::string_view line : split_lines(text)) {
        std::vector<std::string_view> const parts = split(line, '\t');
        if (parts.size() != 3 || parts[0].empty()) continue;
        auto const width = parse_double(parts[1]), aspect = parse_double(parts[2]);
        if (width && aspect && *width > 0 && *width <= 1e5 && *aspect >= 0.1 && *aspect <= 10)
            presets.push_back({std::string(parts[0]), *width, *aspect});
    }
    return presets;
}

} // namespace mg::app
