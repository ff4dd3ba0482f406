#pragma once
// PNG files around given content, with right checksums.
#include <string_view>

#include "base/bytes.h"

namespace mg::fuzz {

Bytes png_signature();
void append_png_chunk(Bytes& png, std::string_view type, ByteView data);
/// As zlib stores them, in one stream.
Bytes deflated(ByteView bytes);

} // namespace mg::fuzz
