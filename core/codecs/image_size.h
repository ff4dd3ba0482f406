#pragma once
// The size of a picture by the first bytes of its file, before memory is taken for it.
#include <vector>

#include "base/bytes.h"
#include "image/image.h"

namespace mg {

/// As the header claims, of the first page, upright; empty when the file is none that decode_image() reads, or claims more than
/// Image allows.
Size claimed_size(ByteView file);

/// What the header claims of a page of a TIFF file; of other formats the size alone is known.
struct PageClaim {
    Size size;       ///< empty as for claimed_size()
    int bits = 0;    ///< per sample; 0: not known
    int samples = 0; ///< per pixel; 0: not known
};
/// False when the decoders refuse a file of this length with such a claim, whatever is in it: see docs/limits.md.
bool can_be_true(PageClaim const& claim, std::size_t file_bytes);
/// One for each page that decode_image() can be asked for; a single one for what is no TIFF.
std::vector<PageClaim> claimed_pages(ByteView file);

} // namespace mg
