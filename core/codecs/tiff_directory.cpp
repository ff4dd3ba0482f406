#include "codecs/tiff_directory.h"

#include <algorithm>
#include <array>
#include <iterator>

namespace mg {
namespace {

/// Looked at in all pages: a thousand lists of 65 535 entries may lie over each other in a small file.
constexpr std::int64_t k_max_entries = 1 << 20;

/// Tags that say how pixels are stored, and those that become Resolution. Sorted.
constexpr std::array<int, 44> k_layout_tags = {
    254, 255, 256, 257, 258, 259, 262, 263, 264, 265, 266, 273, 274, 277, 278, 279, 282, 283, 284, 288, 289, 292,
    293, 296, 301, 317, 320, 322, 323, 324, 325, 326, 327, 328, 330, 338, 339, 347, 512, 513, 514, 529, 530, 532};

/// Bytes per value of the field types 0..18; 0 for a type that does not exist.
constexpr std::array<int, 19> k_type_bytes = {0, 1, 1, 2, 4, 8, 1, 1, 2, 4, 8, 4, 8, 4, 0, 0, 8, 8, 8};
constexpr int k_type_short = 3, k_type_rational = 5;

class Reader {
public:
    Reader(ByteView file, bool big_endian) : m_file(file), m_big_endian(big_endian) {}

    /// Unsigned number of 1..8 bytes; nothing when it lies outside the file.
    std::optional<std::uint64_t> number(std::uint64_t offset, int bytes) const {
        if (!inside(offset, static_cast<std::uint64_t>(bytes))) return std::nullopt;
        std::uint64_t value = 0;
        for (int i = 0; i < bytes; ++i) {
            int const from_least = m_big_endian ? bytes - 1 - i : i;
            value |= std::uint64_t{m_file[offset + static_cast<std::uint64_t>(i)]} << (8 * from_least);
        }
        return value;
    }
    bool inside(std::uint64_t offset, std::uint64_t bytes) const {
        return offset <= m_file.size() && bytes <= m_file.size() - offset;
    }
    std::uint64_t size() const { return m_file.size(); }
    ByteView bytes(std::uint64_t offset, std::uint64_t count) const { return m_file.subspan(offset, count); }

private:
    ByteView m_file;
    bool m_big_endian;
};

struct Entry {
    int tag = 0;
    int type = 0;
    std::uint64_t offset = 0; ///< of the value
    std::uint64_t bytes = 0;
    std::uint64_t count() const { return bytes / static_cast<std::uint64_t>(k_type_bytes[static_cast<std::size_t>(type)]); }
};

struct Layout {
    bool big_tiff = false;
    int count_bytes() const { return big_tiff ? 8 : 2; }
    int entry_bytes() const { return big_tiff ? 20 : 12; }
    int offset_bytes() const { return big_tiff ? 8 : 4; }
};

std::optional<Entry> read_entry(Reader const& reader, Layout layout, std::uint64_t at) {
    auto tag = reader.number(at, 2);
    auto type = reader.number(at + 2, 2);
    auto count = reader.number(at + 4, layout.offset_bytes());
    std::uint64_t const value_at = at + 4 + static_cast<std::uint64_t>(layout.offset_bytes());
    auto pointer = reader.number(value_at, layout.offset_bytes());
    if (!tag || !type || !count || !pointer || *type >= k_type_bytes.size()) return std::nullopt;
    auto const width = static_cast<std::uint64_t>(k_type_bytes[*type]);
    if (width == 0 || *count == 0 || *count > (std::uint64_t{1} << 40)) return std::nullopt;
    Entry entry{static_cast<int>(*tag), static_cast<int>(*type), *pointer, *count * width};
    if (entry.bytes <= static_cast<std::uint64_t>(layout.offset_bytes())) entry.offset = value_at;
    if (entry.offset >= reader.size()) return std::nullopt;
    return entry;
}

/// A whole number of any width; 0 for anything else.
std::uint64_t read_count(Reader const& reader, Entry const& entry) {
    static constexpr int k_whole_types[] = {1, 3, 4, 6, 8, 9, 16, 17};
    bool const is_whole =
        std::find(std::begin(k_whole_types), std::end(k_whole_types), entry.type) != std::end(k_whole_types);
    return is_whole ? reader.number(entry.offset, k_type_bytes[static_cast<std::size_t>(entry.type)]).value_or(0) : 0;
}

std::optional<double> read_rational(Reader const& reader, Entry const& entry) {
    if (entry.type != k_type_rational || entry.bytes < 8) return std::nullopt;
    auto above = reader.number(entry.offset, 4);
    auto below = reader.number(entry.offset + 4, 4);
    if (!above || !below || *above == 0 || *below == 0) return std::nullopt;
    return static_cast<double>(*above) / static_cast<double>(*below);
}

struct ResolutionTags {
    std::optional<double> x, y;
    std::uint64_t unit = 2; ///< inch, when the tag is absent
    std::optional<Resolution> resolution() const {
        if (!x && !y) return std::nullopt;
        Resolution::Unit const named = unit == 2   ? Resolution::Unit::inch
                                       : unit == 3 ? Resolution::Unit::centimetre
                                                   : Resolution::Unit::none;
        return Resolution{x ? *x : *y, y ? *y : *x, named};
    }
};

} // namespace

TiffDirectories read_tiff_directories(ByteView file) {
    TiffDirectories result;
    result.big_endian = file.size() > 0 && file[0] == 'M';
    Reader const reader(file, result.big_endian);
    Layout const layout{reader.number(2, 2) == 43u};
    std::uint64_t bytes_left = k_max_all_field_bytes;
    std::int64_t entries_left = k_max_entries;
    bool is_clipped = false;

    auto next = layout.big_tiff ? reader.number(8, 8) : reader.number(4, 4);
    while (next && *next != 0) {
        std::uint64_t const directory = *next;
        auto is_this = [&](TiffPage const& page) { return page.offset == directory; };
        if (std::any_of(result.pages.begin(), result.pages.end(), is_this)) {
            result.warnings.push_back("the list of pages leads back to itself: the file is damaged");
            break;
        }
        if (result.pages.size() == k_max_pages) {
            result.warnings.push_back("more than " + std::to_string(k_max_pages) + " pages: the others are left out");
            break;
        }
        auto count = reader.number(directory, layout.count_bytes());
        if (!count || *count == 0 || *count > 65535) break;
        std::uint64_t const first = directory + static_cast<std::uint64_t>(layout.count_bytes());
        std::uint64_t const entry_bytes = static_cast<std::uint64_t>(layout.entry_bytes());

        TiffPage page{.offset = directory, .resolution = {}};
        ResolutionTags tags;
        std::vector<bool> seen(65536);
        for (std::uint64_t i = 0; i < *count && reader.inside(first, (i + 1) * entry_bytes); ++i) {
            if (entries_left-- <= 0) {
                is_clipped = true;
                break;
            }
            std::uint64_t const at = first + i * entry_bytes;
            // Of a tag that stands twice libtiff takes the first.
            std::size_t const tag = reader.number(at, 2).value_or(0);
            if (seen[tag]) continue;
            seen[tag] = true;
            auto entry = read_entry(reader, layout, at);
            if (!entry) continue;
            if (entry->tag == 256) page.width = read_count(reader, *entry);
            if (entry->tag == 257) page.height = read_count(reader, *entry);
            if (entry->tag == 258) page.bits = static_cast<int>(std::min<std::uint64_t>(read_count(reader, *entry), 64));
            if (entry->tag == 277)
                page.samples = static_cast<int>(std::min<std::uint64_t>(read_count(reader, *entry), 65535));
            if (entry->tag == 274 && entry->count() == 1)
                page.orientation = static_cast<int>(std::min<std::uint64_t>(read_count(reader, *entry), 65535));
            if (entry->tag == 330)
                page.sub_images =
                    static_cast<int>(std::min<std::uint64_t>(entry->count(), 65535));
            if (entry->tag == 282) tags.x = read_rational(reader, *entry);
            if (entry->tag == 283) tags.y = read_rational(reader, *entry);
            if (entry->tag == 296 && entry->type == k_type_short)
                tags.unit = reader.number(entry->offset, 2).value_or(1);
            if (std::binary_search(k_layout_tags.begin(), k_layout_tags.end(), entry->tag)) continue;

            std::uint64_t const bytes =
                std::min({entry->bytes, reader.size() - entry->offset, k_max_field_bytes, bytes_left});
            is_clipped = is_clipped || bytes < entry->bytes;
            is_clipped = is_clipped || result.fields.size() == k_max_fields;
            if (bytes == 0 || result.fields.size() == k_max_fields) continue;
            bytes_left -= bytes;
            ByteView const value = reader.bytes(entry->offset, bytes);
            result.fields.push_back(
                {static_cast<int>(result.pages.size()), entry->tag, {}, Bytes(value.begin(), value.end())});
        }
        page.resolution = tags.resolution();
        result.pages.push_back(page);
        next = reader.number(first + *count * entry_bytes, layout.offset_bytes());
    }
    if (is_clipped) result.warnings.push_back("some metadata reach beyond the end of the file, or are too long or too many");
    return result;
}

} // namespace mg
