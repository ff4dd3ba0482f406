#pragma once
// Coordinates beyond the edge, mirrored.

namespace mg {

/// The edge pixel is repeated: -1 is 0, -2 is 1, n is n - 1. Any i; n >= 1.
constexpr int mirrored(int i, int n) {
    int const period = 2 * n;
    i %= period;
    if (i < 0) i += period;
    return i < n ? i : period - 1 - i;
}

/// The edge pixel is not repeated: -1 is 1, -2 is 2, n is n - 2. Any i; n >= 1.
constexpr int mirrored_about_centre(int i, int n) {
    if (n == 1) return 0;
    int const period = 2 * (n - 1);
    i = (i < 0 ? -i : i) % period;
    return i < n ? i : period - i;
}

} // namespace mg
