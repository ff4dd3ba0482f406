#pragma once
// A ZIP archive of files that are compressed already (PNGs): stored, with UTF-8 names and no clock (every entry is dated
// 1980-01-01), so that the same files give the same bytes. Layout: PKWARE's APPNOTE.TXT, 4.3; no ZIP64.
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"

namespace mg {

struct ZipEntry {
    std::string name; ///< UTF-8, '/' between folders
    ByteView bytes;
};

/// Fails when the archive would pass 4 GB or 65 535 entries, or a name is empty, absolute or climbs out of its folder.
Result<Bytes> zipped(std::vector<ZipEntry> const& entries);

} // namespace mg
