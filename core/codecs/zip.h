#pragma once
// A ZIP archive of files that are compressed already (PNGs): stored, with UTF-8 names and no clock (every entry is dated
// 1980-01-01), so that the same files give the same bytes. Layout: PKWARE's APPNOTE.TXT, 4.3; no ZIP64.
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"

namespace mg {

struct ZipEntry {
    std::string name; ///< UTF-8, '/' between folders
    ByteView bytes;
};

/// A name that a ZIP may hold, from any: what leaves its folder, stands for no name, or is no text becomes "_". A safe
/// name stays as it is.
std::string zip_safe_name(std::string_view name);

/// An entry whose content is elsewhere.
struct ZipPart {
    std::string name;
    std::uint64_t size = 0;
    std::uint32_t crc = 0; ///< of the content, see zip_crc
};
std::uint32_t zip_crc(ByteView content);
/// What stands before each entry's content, in their order, then what stands after the last: put together with the contents
/// they are the archive. Fails as zipped() does.
Result<std::vector<Bytes>> zip_frames(std::vector<ZipPart> const& parts);

/// Fails when the archive would pass 4 GB or 65 535 entries, or a name is empty, absolute or climbs out of its folder.
Result<Bytes> zipped(std::vector<ZipEntry> const& entries);

} // namespace mg
