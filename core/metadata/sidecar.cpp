#include "metadata/sidecar.h"

#include <algorithm>
#include <cstdlib>

#include "base/text.h"

namespace mg {

namespace {

constexpr std::size_t k_longest_text = std::size_t{1} << 20; // real ones take about 3000 bytes

std::string shown(Size size) {
    return std::to_string(size.width) + " x " + std::to_string(size.height) + " px";
}

} // namespace

std::string sidecar_title(MetadataInput const& input) {
    if (!input.sidecar_name.empty()) return std::string(input.sidecar_name);
    return std::string(input.file_name.substr(0, input.file_name.rfind('.'))) + ".txt";
}

std::string sidecar_text(MetadataInput const& input) {
    return utf8_from_bytes(input.sidecar.first(std::min(input.sidecar.size(), k_longest_text)));
}

FrameFit fit_to_frame(Size stored, Size frame, std::string const& stated_by) {
    if (stored.empty() || frame.empty()) return {};
    std::int64_t w = stored.width, h = stored.height, frame_w = frame.width, frame_h = frame.height;
    std::string sizes = "the image is " + shown(stored) + ", " + stated_by + " says " + shown(frame);
    if (w == frame_w && h >= frame_h && h - frame_h <= frame_h / 3) return {1.0, static_cast<int>(h - frame_h), {}};
    if (w == frame_w && h < frame_h) return {1.0, 0, sizes + ": rows were cut off"};
    std::int64_t off = std::abs(h * frame_w - frame_h * w);
    if (off <= frame_w && 50 * off <= frame_h * w) // the height is that of the resized frame, rounded
        return {static_cast<double>(frame_w) / static_cast<double>(w), 0,
                sizes + ": it is taken as resized, and the pixel size with it; check the scale bar"};
    return {std::nullopt, 0, sizes + ": the pixel size does not hold here and was left out; set one by hand"};
}

} // namespace mg
