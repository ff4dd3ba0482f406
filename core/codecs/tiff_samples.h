#pragma once
// Numbers as a TIFF stores them, of any kind and width, to 0..1 of a range.
#include <limits>
#include <optional>
#include <vector>

#include "image/scene.h"

namespace mg {

struct SampleFormat {
    enum class Kind { unsigned_integer, signed_integer, real };
    Kind kind = Kind::unsigned_integer;
    int bits = 8;

    /// Integers of 1..32 and 64 bits, reals of 16, 24, 32 and 64.
    bool is_supported() const;
    /// Range of the type for integers of up to 16 bits; nothing when the range is to be found in the data.
    std::optional<ValueRange> range() const;
};

/// Range of the data so far. Not a number, infinite and beyond +-1e300 are counted, and shown black.
struct FoundRange {
    double lowest = std::numeric_limits<double>::infinity();
    double highest = -std::numeric_limits<double>::infinity();
    std::int64_t not_numbers = 0;
    /// white = black + 1 when all values are the same.
    ValueRange range() const;
};

/// Samples first, first + step, ... of a row.
struct SampleRun {
    std::uint8_t const* row = nullptr; ///< aligned for its numbers, in the machine's byte order
    int first = 0;
    int step = 1;
    int count = 0;
};

class SampleReader {
public:
    explicit SampleReader(SampleFormat format) : m_format(format) {}

    void find_range(SampleRun const& run, FoundRange& found);
    /// (value - black) / (white - black); black may be the greater of both.
    void normalise(SampleRun const& run, ValueRange range, float* out);
    /// Unsigned integers of up to 16 bits as they are.
    void indices(SampleRun const& run, std::uint16_t* out);

private:
    template <class Use>
    void with_values(SampleRun const& run, Use use);
    std::int32_t const* unpack(SampleRun const& run);
    float const* widen(SampleRun const& run);

    SampleFormat m_format;
    std::vector<std::int32_t> m_integers;
    std::vector<float> m_reals;
};

} // namespace mg
