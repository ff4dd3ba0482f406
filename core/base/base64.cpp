#include "base/base64.h"

#include <array>

namespace mg {
namespace {

constexpr std::string_view k_digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

constexpr std::array<std::int8_t, 256> make_values() {
    std::array<std::int8_t, 256> values{};
    for (auto& v : values) v = -1;
    for (std::size_t i = 0; i < k_digits.size(); ++i)
        values[static_cast<unsigned char>(k_digits[i])] = static_cast<std::int8_t>(i);
    return values;
}
constexpr auto k_values = make_values();

} // namespace

std::string to_base64(ByteView bytes) {
    std::string text;
    text.reserve((bytes.size() + 2) / 3 * 4);
    for (std::size_t i = 0; i < bytes.size(); i += 3) {
        std::size_t const count = bytes.size() - i < 3 ? bytes.size() - i : 3;
        std::uint32_t group = 0;
        for (std::size_t k = 0; k < 3; ++k) group = group << 8 | (k < count ? bytes[i + k] : 0u);
        for (std::size_t k = 0; k < 4; ++k) text += k <= count ? k_digits[group >> (18 - 6 * k) & 63] : '=';
    }
    return text;
}

std::optional<Bytes> from_base64(std::string_view text) {
    if (text.size() % 4 != 0) return std::nullopt;
    Bytes bytes;
    bytes.reserve(text.size() / 4 * 3);
    for (std::size_t i = 0; i < text.size(); i += 4) {
        std::string_view const quad = text.substr(i, 4);
        std::size_t digits = 4;
        if (i + 4 == text.size() && quad[3] == '=') digits = quad[2] == '=' ? 2 : 3;
        std::uint32_t group = 0;
        for (std::size_t k = 0; k < 4; ++k) {
            int const value = k < digits ? k_values[static_cast<unsigned char>(quad[k])] : 0;
            if (value < 0) return std::nullopt;
            group = group << 6 | static_cast<std::uint32_t>(value);
        }
        // Bits that no byte takes must be zero, so that one value has one text.
        if ((digits == 2 && (group & 0xFFFF) != 0) || (digits == 3 && (group & 0xFF) != 0)) return std::nullopt;
        for (std::size_t k = 0; k + 1 < digits; ++k) bytes.push_back(static_cast<std::uint8_t>(group >> (16 - 8 * k)));
    }
    return bytes;
}

} // namespace mg
