#pragma once
// Coordinates beyond the edge, mirrored with the edge pixel repeated: -1 is 0, -2 is 1, n is n - 1.

namespace mg {

/// Any i; n >= 1.
constexpr int mirrored(int i, int n) {
    int const period = 2 * n;
    i %= period;
    if (i < 0) i += period;
    return i < n ? i : period - 1 - i;
}

} // namespace mg
