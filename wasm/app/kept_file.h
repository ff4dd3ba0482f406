#pragma once
// A file whose bytes the page's script keeps: the browser's own File, which may lie on the disk, or a result. This module
// knows which one it is and names it in what it asks for; the bytes go from there to a worker, or into a download, and
// never through this module's memory. So thousands of files can be open at once.
#include <cstdint>
#include <memory>
#include <string>

namespace mg::app {

struct KeptFile {
    int number = 0;        ///< the script's
    std::int64_t size = 0; ///< bytes
    std::string seal{};    ///< of size, first bytes and time of change: two files with the same one have the same bytes
    std::uint32_t crc = 0; ///< of a result: what a ZIP says of it
};
using SharedFile = std::shared_ptr<KeptFile const>;

/// The script is told to forget the file when the last owner has gone.
SharedFile owned(KeptFile file);

/// Both are the same file, or files with the same bytes.
inline bool same_file(SharedFile const& a, SharedFile const& b) {
    return a == b || (a && b && !a->seal.empty() && a->seal == b->seal && a->size == b->size);
}

} // namespace mg::app
