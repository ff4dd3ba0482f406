#pragma once
// PNG, JPEG and BMP files of the kinds that our own encoder does not write.
#include <string>
#include <vector>

#include "base/bytes.h"
#include "image/image.h"

namespace mg::test {

struct PngSpec {
    Size size{13, 11};
    int depth = 8;
    int colour_type = 0; ///< 0 grey, 2 RGB, 3 palette, 4 grey + alpha, 6 RGBA
    bool interlaced = false;
    std::vector<std::uint8_t> palette{}; ///< RGB triplets
    int data_chunks = 1;
    int samples() const { return colour_type == 2 ? 3 : colour_type == 4 ? 2 : colour_type == 6 ? 4 : 1; }
};
/// `values`: size x samples, interleaved. Rows go through all five filters in turn.
Bytes write_png(PngSpec const& spec, std::vector<int> const& values);
/// A chunk with its length and checksum.
Bytes png_chunk(std::string const& type, std::string const& data);
/// The file with `chunk` put behind its header.
Bytes with_chunk(Bytes const& png, Bytes const& chunk);

struct JpegSpec {
    Size size{40, 30};
    int channels = 1; ///< 1 grey, 3 RGB, 4 CMYK as Adobe stores it
    bool progressive = false;
    int density = 0; ///< per inch
    std::string comment;
};
Bytes write_jpeg(JpegSpec const& spec, std::vector<std::uint8_t> const& values);

struct BmpSpec {
    Size size{13, 11};
    int bits = 8;
    int header_bytes = 40; ///< 12: OS/2
    int compression = 0;
    bool top_down = false;
    bool padded = true;
    std::vector<std::uint32_t> palette{}; ///< 0xRRGGBB
    std::vector<std::uint32_t> masks{};
    Bytes runs{}; ///< pixel data as they are, for run lengths
    int planes = 1;
    int palette_size_field = 0;
};
/// `values`: one number per pixel, rows from the top.
Bytes write_bmp(BmpSpec const& spec, std::vector<std::uint32_t> const& values);

} // namespace mg::test
