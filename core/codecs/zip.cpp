#include "codecs/zip.h"

#include <libdeflate.h>

#include "base/text.h"

namespace mg {

namespace {

constexpr std::uint16_t k_version_needed = 20;  // folders
constexpr std::uint16_t k_version_made = 0x031E; // Unix, 3.0: names and attributes as they are
constexpr std::uint16_t k_utf8_names = 1 << 11;
constexpr std::uint16_t k_midnight = 0, k_first_day_1980 = 1 << 5 | 1;
constexpr std::uint32_t k_plain_file_rw_r_r = 0100644u << 16;
constexpr std::uint64_t k_largest = 0xFFFFFFFFu;
constexpr std::size_t k_most_entries = 0xFFFF, k_longest_name = 0xFFFF;

struct Writer {
    Bytes out;
    void u16(std::uint32_t value) {
        out.push_back(static_cast<std::uint8_t>(value));
        out.push_back(static_cast<std::uint8_t>(value >> 8));
    }
    void u32(std::uint32_t value) {
        u16(value);
        u16(value >> 16);
    }
    void bytes(ByteView run) { out.insert(out.end(), run.begin(), run.end()); }
};

bool is_safe(std::string_view name) {
    if (name.empty() || name.size() > k_longest_name || name.front() == '/' || !is_utf8(name)) return false;
    for (std::string_view part : split(name, '/'))
        if (part.empty() || part == "." || part == "..") return false;
    return name.find('\\') == std::string_view::npos && name.find('\0') == std::string_view::npos;
}

/// The fields that the header before a file and its entry in the directory share.
void write_common(Writer& writer, ZipEntry const& entry, std::uint32_t crc) {
    writer.u16(k_version_needed);
    writer.u16(k_utf8_names);
    writer.u16(0); // stored
    writer.u16(k_midnight);
    writer.u16(k_first_day_1980);
    writer.u32(crc);
    writer.u32(static_cast<std::uint32_t>(entry.bytes.size()));
    writer.u32(static_cast<std::uint32_t>(entry.bytes.size()));
    writer.u16(static_cast<std::uint32_t>(entry.name.size()));
    writer.u16(0); // no extra fields
}

} // namespace

Result<Bytes> zipped(std::vector<ZipEntry> const& entries) {
    constexpr std::uint64_t k_local = 30, k_directory = 46, k_end = 22;
    std::uint64_t total = k_end;
    for (ZipEntry const& entry : entries) {
        if (!is_safe(entry.name)) return Error{ErrorCode::bad_value, "\"" + entry.name + "\" is no name for a file in a ZIP"};
        total += k_local + k_directory + 2 * entry.name.size() + entry.bytes.size();
    }
    if (total > k_largest || entries.size() > k_most_entries)
        return Error{ErrorCode::too_large, "a ZIP holds at most 4 GB and 65 535 files; save fewer at a time"};

    Writer writer;
    writer.out.reserve(static_cast<std::size_t>(total));
    Writer directory;
    for (ZipEntry const& entry : entries) {
        std::uint32_t const crc = libdeflate_crc32(0, entry.bytes.data(), entry.bytes.size());
        directory.u32(0x02014b50);
        directory.u16(k_version_made);
        write_common(directory, entry, crc);
        directory.u16(0); // no comment
        directory.u16(0); // first disk
        directory.u16(0); // internal attributes
        directory.u32(k_plain_file_rw_r_r);
        directory.u32(static_cast<std::uint32_t>(writer.out.size()));
        directory.bytes(as_bytes(entry.name));

        writer.u32(0x04034b50);
        write_common(writer, entry, crc);
        writer.bytes(as_bytes(entry.name));
        writer.bytes(entry.bytes);
    }
    auto const start = static_cast<std::uint32_t>(writer.out.size());
    writer.bytes(directory.out);
    writer.u32(0x06054b50);
    writer.u16(0); // disks
    writer.u16(0);
    writer.u16(static_cast<std::uint32_t>(entries.size()));
    writer.u16(static_cast<std::uint32_t>(entries.size()));
    writer.u32(static_cast<std::uint32_t>(directory.out.size()));
    writer.u32(start);
    writer.u16(0); // no comment
    return std::move(writer.out);
}

} // namespace mg
