#pragma once
// CIELab pixels, as Photoshop and scanners store them in TIFF files, to sRGB.
#include <cstdint>

namespace mg {

/// `count` pixels in place: L* (0..100), a*, b* become red, green, blue of sRGB, clipped to 0..1. A white of D50, as
/// profiles have it, is adapted to sRGB's D65 (Bradford).
void srgb_from_cielab(float* l, float* a, float* b, std::int64_t count);

} // namespace mg
