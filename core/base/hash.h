#pragma once
// SHA-256 (FIPS 180-4): names the input of a result, so that a recipe can say which file it was made from.
#include <string>

#include "base/bytes.h"

namespace mg {

/// Digest as 64 lower-case hexadecimal digits.
std::string sha256_hex(ByteView bytes);

} // namespace mg
