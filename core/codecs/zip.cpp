#include "codecs/zip.h"

#include <algorithm>

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
void write_common(Writer& writer, ZipPart const& entry) {
    writer.u16(k_version_needed);
    writer.u16(k_utf8_names);
    writer.u16(0); // stored
    writer.u16(k_midnight);
    writer.u16(k_first_day_1980);
    writer.u32(entry.crc);
    writer.u32(static_cast<std::uint32_t>(entry.size));
    writer.u32(static_cast<std::uint32_t>(entry.size));
    writer.u16(static_cast<std::uint32_t>(entry.name.size()));
    writer.u16(0); // no extra fields
}

} // namespace

std::string zip_safe_name(std::string_view name) {
    std::string text = sanitized_utf8(name);
    for (char& c : text)
        if (c == '\\' || static_cast<unsigned char>(c) < 0x20 || c == 0x7F) c = '_';
    std::string safe;
    for (std::string_view const part : split(text, '/')) {
        bool const is_no_name = part.empty() || part == "." || part == "..";
        safe.append(safe.empty() ? "" : "/").append(is_no_name ? std::string_view("_") : part);
    }
    std::size_t end = std::min(safe.size(), k_longest_name);
    while (end < safe.size() && end > 0 && (static_cast<unsigned char>(safe[end]) & 0xC0) == 0x80) --end;
    safe.resize(end);
    return safe;
}

std::uint32_t zip_crc(ByteView content) { return libdeflate_crc32(0, content.data(), content.size()); }

Result<std::vector<Bytes>> zip_frames(std::vector<ZipPart> const& entries) {
    constexpr std::uint64_t k_local = 30, k_directory = 46, k_end = 22;
    std::uint64_t total = k_end;
    for (ZipPart const& entry : entries) {
        if (!is_safe(entry.name)) return Error{ErrorCode::bad_value, "\"" + entry.name + "\" is no name for a file in a ZIP"};
        total += k_local + k_directory + 2 * entry.name.size();
        if (entry.size > k_largest - std::min(k_largest, total)) total = k_largest + 1;
        else total += entry.size;
    }
    if (total > k_largest || entries.size() > k_most_entries)
        return Error{ErrorCode::too_large, "a ZIP holds at most 4 GB and 65 535 files; save fewer at a time"};

    std::vector<Bytes> frames;
    std::uint64_t at = 0;
    Writer directory;
    for (ZipPart const& entry : entries) {
        directory.u32(0x02014b50);
        directory.u16(k_version_made);
        write_common(directory, entry);
        directory.u16(0); // no comment
        directory.u16(0); // first disk
        directory.u16(0); // internal attributes
        directory.u32(k_plain_file_rw_r_r);
        directory.u32(static_cast<std::uint32_t>(at));
        directory.bytes(as_bytes(entry.name));

        Writer before;
        before.u32(0x04034b50);
        write_common(before, entry);
        before.bytes(as_bytes(entry.name));
        at += before.out.size() + entry.size;
        frames.push_back(std::move(before.out));
    }
    Writer writer;
    writer.bytes(directory.out);
    writer.u32(0x06054b50);
    writer.u16(0); // disks
    writer.u16(0);
    writer.u16(static_cast<std::uint32_t>(entries.size()));
    writer.u16(static_cast<std::uint32_t>(entries.size()));
    writer.u32(static_cast<std::uint32_t>(directory.out.size()));
    writer.u32(static_cast<std::uint32_t>(at));
    writer.u16(0); // no comment
    frames.push_back(std::move(writer.out));
    return frames;
}

Result<Bytes> zipped(std::vector<ZipEntry> const& entries) {
    std::vector<ZipPart> parts;
    for (ZipEntry const& entry : entries) parts.push_back({entry.name, entry.bytes.size(), zip_crc(entry.bytes)});
    MG_TRY(std::vector<Bytes> const frames, zip_frames(parts));
    Writer writer;
    for (std::size_t i = 0; i < frames.size(); ++i) {
        writer.bytes(frames[i]);
        if (i < entries.size()) writer.bytes(entries[i].bytes);
    }
    return std::move(writer.out);
}

} // namespace mg
