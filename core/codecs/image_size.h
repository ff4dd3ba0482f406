#pragma once
// The size of a picture by the first bytes of its file, before memory is taken for it.
#include "base/bytes.h"
#include "image/image.h"

namespace mg {

/// As the header claims, of the first page; empty when the file is none that decode_image() reads, or claims more than
/// Image allows.
Size claimed_size(ByteView file);

} // namespace mg
