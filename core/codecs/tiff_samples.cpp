#include "codecs/tiff_samples.h"

#include <algorithm>
#include <cmath>
#include <cstring>

namespace mg {
namespace {

using Kind = SampleFormat::Kind;

bool is_number(double value) {
    return value > -1e300 && value < 1e300;
}

float float_of_bits(std::uint32_t bits) { // std::bit_cast is not in every library yet
    float value;
    std::memcpy(&value, &bits, sizeof value);
    return value;
}

/// A real number of a sign, `exponent_bits` and `fraction_bits`, built as those of IEEE 754 are: 5 and 10 for binary16; 7
/// and 16 for 24 bits (Adobe Photoshop, "TIFF Technical Note 3").
template <int exponent_bits, int fraction_bits>
float real_of_bits(std::uint32_t number) {
    constexpr std::uint32_t k_bias = (1u << (exponent_bits - 1)) - 1, k_highest = (1u << exponent_bits) - 1;
    std::uint32_t const sign = (number >> (exponent_bits + fraction_bits) & 1u) << 31;
    std::uint32_t const exponent = number >> fraction_bits & k_highest;
    std::uint32_t const fraction = number & ((1u << fraction_bits) - 1);
    if (exponent == 0) {
        float const smallest = float_of_bits((128u - k_bias - fraction_bits) << 23);
        float const magnitude = static_cast<float>(fraction) * smallest;
        return sign ? -magnitude : magnitude;
    }
    return float_of_bits(sign | (exponent == k_highest ? 255u : exponent + 127u - k_bias) << 23 |
                         fraction << (23 - fraction_bits));
}

/// Integers of up to 16 bits: every operation but the division is exact.
template <class T>
void normalise_exact(T const* in, int step, int count, ValueRange range, float* out) {
    float const sign = range.white < range.black ? -1.0f : 1.0f;
    float const bias = -sign * static_cast<float>(range.black);
    float const span = sign * static_cast<float>(range.white - range.black);
    if (step == 1)
        for (int i = 0; i < count; ++i) out[i] = (sign * static_cast<float>(in[i]) + bias) / span;
    else
        for (int i = 0; i < count; ++i, in += step) out[i] = (sign * static_cast<float>(*in) + bias) / span;
}

template <class T>
void normalise_found(T const* in, int step, int count, ValueRange range, float* out) {
    double const sign = range.white < range.black ? -1.0 : 1.0;
    double const bias = -sign * range.black;
    double const span = sign * (range.white - range.black);
    for (int i = 0; i < count; ++i) {
        double const value = static_cast<double>(in[std::ptrdiff_t{i} * step]);
        out[i] = is_number(value) ? static_cast<float>((sign * value + bias) / span) : 0.0f;
    }
}

} // namespace

bool SampleFormat::is_supported() const {
    if (kind == Kind::real) return bits == 16 || bits == 24 || bits == 32 || bits == 64;
    return (bits >= 1 && bits <= 32) || bits == 64;
}

std::optional<ValueRange> SampleFormat::range() const {
    if (kind == Kind::real || bits > 16) return std::nullopt;
    double const levels = 1 << bits;
    if (kind == Kind::unsigned_integer) return ValueRange{0, levels - 1};
    return ValueRange{-levels / 2, levels / 2 - 1};
}

ValueRange FoundRange::range() const {
    if (!(lowest <= highest)) return {0, 1};
    // A difference of 1 vanishes beside values above 2^53.
    if (lowest == highest) return {lowest, std::max(lowest + 1, lowest + std::abs(lowest) * 0x1p-50)};
    return {lowest, highest};
}

/// Packed integers, most significant bit first (TIFF 6.0, section 8); 24 bits are whole bytes in machine order.
std::int32_t const* SampleReader::unpack(SampleRun const& run) {
    auto const needed = static_cast<std::size_t>(run.first) + static_cast<std::size_t>(run.count - 1) * run.step + 1;
    if (m_integers.size() < needed) m_integers.resize(needed);
    int const bits = m_format.bits;
    std::uint64_t const sign_bit = m_format.kind == Kind::signed_integer ? std::uint64_t{1} << (bits - 1) : 0;
    auto signed_value = [&](std::uint64_t value) {
        return static_cast<std::int32_t>(static_cast<std::int64_t>(value ^ sign_bit) -
                                         static_cast<std::int64_t>(sign_bit));
    };
    if (bits == 24) {
        for (std::size_t i = 0; i < needed; ++i) {
            std::uint8_t const* p = run.row + 3 * i;
            m_integers[i] = signed_value(std::uint64_t{p[0]} | std::uint64_t{p[1]} << 8 | std::uint64_t{p[2]} << 16);
        }
        return m_integers.data();
    }
    std::uint64_t const mask = (std::uint64_t{1} << bits) - 1;
    std::uint64_t held = 0;
    int held_bits = 0;
    std::uint8_t const* p = run.row;
    for (std::size_t i = 0; i < needed; ++i) {
        for (; held_bits < bits; held_bits += 8) held = held << 8 | *p++;
        held_bits -= bits;
        m_integers[i] = signed_value(held >> held_bits & mask);
    }
    return m_integers.data();
}

/// Reals of 16 and 24 bits.
float const* SampleReader::widen(SampleRun const& run) {
    auto const needed = static_cast<std::size_t>(run.first) + static_cast<std::size_t>(run.count - 1) * run.step + 1;
    if (m_reals.size() < needed) m_reals.resize(needed);
    if (m_format.bits == 24) {
        std::uint8_t const* p = run.row;
        for (std::size_t i = 0; i < needed; ++i, p += 3)
            m_reals[i] = real_of_bits<7, 16>(std::uint32_t{p[0]} | std::uint32_t{p[1]} << 8 | std::uint32_t{p[2]} << 16);
        return m_reals.data();
    }
    auto const* halves = reinterpret_cast<std::uint16_t const*>(run.row);
    for (std::size_t i = 0; i < needed; ++i) m_reals[i] = real_of_bits<5, 10>(halves[i]);
    return m_reals.data();
}

/// use(first value of the run, in its own type).
template <class Use>
void SampleReader::with_values(SampleRun const& run, Use use) {
    auto as = [&]<class T>(T) { use(reinterpret_cast<T const*>(run.row) + run.first); };
    bool const is_signed = m_format.kind == Kind::signed_integer;
    if (m_format.kind == Kind::real) {
        if (m_format.bits <= 24) return use(widen(run) + run.first);
        return m_format.bits == 32 ? as(float{}) : as(double{});
    }
    switch (m_format.bits) {
    case 8:
        return is_signed ? as(std::int8_t{}) : as(std::uint8_t{});
    case 16:
        return is_signed ? as(std::int16_t{}) : as(std::uint16_t{});
    case 32:
        return is_signed ? as(std::int32_t{}) : as(std::uint32_t{});
    case 64:
        return is_signed ? as(std::int64_t{}) : as(std::uint64_t{});
    default:
        return use(unpack(run) + run.first);
    }
}

void SampleReader::find_range(SampleRun const& run, FoundRange& found) {
    with_values(run, [&](auto const* in) {
        for (int i = 0; i < run.count; ++i) {
            double const value = static_cast<double>(in[std::ptrdiff_t{i} * run.step]);
            if (!is_number(value)) {
                ++found.not_numbers;
                continue;
            }
            found.lowest = std::min(found.lowest, value);
            found.highest = std::max(found.highest, value);
        }
    });
}

void SampleReader::normalise(SampleRun const& run, ValueRange range, float* out) {
    bool const is_exact = m_format.range().has_value();
    with_values(run, [&](auto const* in) {
        if (is_exact)
            normalise_exact(in, run.step, run.count, range, out);
        else
            normalise_found(in, run.step, run.count, range, out);
    });
}

void SampleReader::indices(SampleRun const& run, std::uint16_t* out) {
    with_values(run, [&](auto const* in) {
        for (int i = 0; i < run.count; ++i)
            out[i] = static_cast<std::uint16_t>(static_cast<std::int64_t>(in[std::ptrdiff_t{i} * run.step]));
    });
}

} // namespace mg
