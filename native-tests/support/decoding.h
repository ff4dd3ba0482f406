#pragma once
// Decoding a file in a test: the picture, or the words that refuse it.
#include <string>
#include <string_view>
#include <utility>

#include <gtest/gtest.h>

#include "codecs/codec.h"
#include "support/words.h"

namespace mg::test {

/// The picture; a failed expectation and an empty one when it is refused.
inline Decoded decoded(ByteView file, int page = 0) {
    auto result = decode_image(file, "a.file", {.page = page});
    EXPECT_TRUE(result.has_value()) << (result ? "" : result.error().message);
    return result ? std::move(result).value() : Decoded{};
}

/// Why the file is refused; "no error" when it is not.
inline std::string error_of(ByteView file, int page = 0) {
    auto result = decode_image(file, "a.file", {.page = page});
    return result ? "no error" : result.error().message;
}

/// Whether a warning of a picture, of its directories or of its metadata has this in it.
template <class Read>
bool warns(Read const& read, std::string_view part) {
    for (std::string const& warning : read.warnings)
        if (has(warning, part)) return true;
    return false;
}

} // namespace mg::test
