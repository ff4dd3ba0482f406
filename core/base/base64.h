#pragma once
// Base64 (RFC 4648, section 4, with padding), for binary values in text.
#include <optional>
#include <string>
#include <string_view>

#include "base/bytes.h"

namespace mg {

std::string to_base64(ByteView bytes);
/// Strict: no blanks, full padding, zero spare bits. "" is the empty run.
std::optional<Bytes> from_base64(std::string_view text);

} // namespace mg
