// SHA-256 against FIPS 180-4's own examples and lengths around the block size.
#include <gtest/gtest.h>

#include "base/hash.h"
#include "base/text.h"

using namespace mg;

TEST(Hash, GivesThePublishedDigests) {
    EXPECT_EQ(sha256_hex({}), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    EXPECT_EQ(sha256_hex(as_bytes("abc")), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    EXPECT_EQ(sha256_hex(as_bytes("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq")),
              "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
    EXPECT_EQ(sha256_hex(Bytes(1000000, 'a')), "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

TEST(Hash, PadsEveryLengthAroundABlock) {
    // hashlib.sha256(b"".join(hashlib.sha256(b"x" * n).hexdigest().encode() for n in range(130))).hexdigest()
    std::string digests;
    for (std::size_t n = 0; n < 130; ++n) digests += sha256_hex(Bytes(n, 'x'));
    EXPECT_EQ(sha256_hex(as_bytes(digests)), "199af942eba7fa5d1e16d475169eb24018b14e69339c93d26a9ea6d873b4ace6");
}
