#include "metadata/dm_tags.h"

#include <cstring>
#include <optional>

#include "base/text.h"

namespace mg {

namespace {

constexpr std::size_t k_most_keys = 4000;
constexpr int k_most_levels = 32;
constexpr std::size_t k_longest_name = 80;
constexpr std::uint64_t k_longest_text = 4096, k_most_fields = 16;

enum Type : std::uint64_t {
    int16 = 2,
    int32,
    uint16,
    uint32,
    real32,
    real64,
    boolean,
    character,
    octet,
    int64,
    uint64,
    structure = 15,
    text = 18,
    array = 20
};

int bytes_of(std::uint64_t type) {
    static constexpr int k_bytes[] = {0, 0, 2, 4, 2, 4, 4, 8, 1, 1, 1, 8, 8};
    return type < std::size(k_bytes) ? k_bytes[type] : 0;
}

class Parser {
public:
    explicit Parser(ByteView bytes) : m_bytes(bytes) {}

    std::vector<RawKey> keys() && {
        auto version = number(4);
        if (version != 3u && version != 4u) return {};
        m_wide = *version == 4 ? 8 : 4;
        auto size = number(m_wide), order = number(4);
        if (!size || !order) return {};
        m_is_little = *order == 1;
        group({}, 0);
        return std::move(m_keys);
    }

private:
    /// Of the tree itself: big-endian.
    std::optional<std::uint64_t> number(int width) {
        if (left() < static_cast<std::size_t>(width)) return std::nullopt;
        std::uint64_t value = 0;
        for (int i = 0; i < width; ++i) value = value << 8 | m_bytes[m_at++];
        return value;
    }
    std::size_t left() const { return m_bytes.size() - m_at; }

    bool group(std::string const& path, int level) {
        auto flags = number(2), count = number(m_wide);
        if (!flags || !count || level == k_most_levels) return false;
        for (std::uint64_t i = 0; i < *count && m_keys.size() < k_most_keys; ++i)
            if (!entry(path, i, level)) return false;
        return true;
    }

    bool entry(std::string const& path, std::uint64_t index, int level) {
        auto kind = number(1), length = number(2);
        if (!kind || !length || left() < *length) return false;
        std::string name = utf8_from_unknown(as_text(m_bytes.subspan(m_at, *length)).substr(0, k_longest_name));
        m_at += *length;
        if (name.empty()) name = std::to_string(index);
        std::optional<std::size_t> end; // which version 4 tells: what is not understood can be passed over
        if (m_wide == 8) {
            auto size = number(8);
            if (!size || *size > left()) return false;
            end = m_at + static_cast<std::size_t>(*size);
        }
        bool is_good =
            *kind == 20 ? group(path.empty() ? name : path + "." + name, level + 1) : *kind == 21 && leaf(path, name);
        if (end && m_at <= *end) {
            m_at = *end;
            return true;
        }
        return is_good;
    }

    bool leaf(std::string const& path, std::string const& name) {
        if (left() < 4 || as_text(m_bytes.subspan(m_at, 4)) != "%%%%") return false;
        m_at += 4;
        auto count = number(m_wide);
        if (!count || *count == 0 || *count > 2 * k_most_fields + 8) return false;
        std::vector<std::uint64_t> info;
        for (std::uint64_t i = 0; i < *count; ++i) {
            auto one = number(m_wide);
            if (!one) return false;
            info.push_back(*one);
        }
        std::optional<std::string> value;
        if (info.size() == 1)
            value = simple(info[0]);
        else if (info[0] == structure)
            value = fields(info);
        else if (info[0] == array && info.size() == 3)
            value = values(info[1], info[2]);
        else if (info[0] == text && info.size() == 2)
            value = values(uint16, info[1]);
        if (!value) return false;
        m_keys.push_back({path, name, std::move(*value)});
        return true;
    }

    std::optional<std::string> simple(std::uint64_t type) {
        int width = bytes_of(type);
        if (width == 0 || left() < static_cast<std::size_t>(width)) return std::nullopt;
        std::uint64_t bits = 0;
        for (int i = 0; i < width; ++i)
            bits |= std::uint64_t{m_bytes[m_at + static_cast<std::size_t>(m_is_little ? i : width - 1 - i)]} << (8 * i);
        m_at += static_cast<std::size_t>(width);
        switch (type) {
        case real32: {
            auto low = static_cast<std::uint32_t>(bits);
            float value = 0;
            std::memcpy(&value, &low, sizeof value);
            return format_shortest(static_cast<double>(value));
        }
        case real64: {
            double value = 0;
            std::memcpy(&value, &bits, sizeof value);
            return format_shortest(value);
        }
        case int16:
            return std::to_string(static_cast<std::int16_t>(bits));
        case int32:
            return std::to_string(static_cast<std::int32_t>(bits));
        case int64:
            return std::to_string(static_cast<std::int64_t>(bits));
        default:
            return std::to_string(bits);
        }
    }

    /// {15, 0, n, 0, type, 0, type, ...}
    std::optional<std::string> fields(std::vector<std::uint64_t> const& info) {
        if (info.size() < 3 || info[2] > k_most_fields || info.size() < 3 + 2 * info[2]) return std::nullopt;
        std::string all;
        for (std::uint64_t i = 0; i < info[2]; ++i) {
            auto one = simple(info[static_cast<std::size_t>(4 + 2 * i)]);
            if (!one) return std::nullopt;
            all.append(i > 0 ? " " : "").append(*one);
        }
        return all;
    }

    /// Text is an array of UTF-16; another array is passed over.
    std::optional<std::string> values(std::uint64_t type, std::uint64_t count) {
        auto width = static_cast<std::uint64_t>(bytes_of(type));
        if (width == 0 || count > left() / width) return std::nullopt;
        ByteView bytes = m_bytes.subspan(m_at, static_cast<std::size_t>(count * width));
        m_at += bytes.size();
        if (type != uint16 || count > k_longest_text) return "(" + std::to_string(count) + " values)";
        return utf8_from_utf16(bytes, !m_is_little);
    }

    ByteView m_bytes;
    std::size_t m_at = 0;
    int m_wide = 8;
    bool m_is_little = true;
    std::vector<RawKey> m_keys;
};

} // namespace

std::vector<RawKey> parse_dm_tags(ByteView bytes) {
    return Parser(bytes).keys();
}

} // namespace mg
