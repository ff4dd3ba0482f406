#pragma once
// Image files in and out, from and to memory. One pair of files per format and one line in codecs.inc.
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "image/scene.h"

namespace mg {

/// A private or descriptive field of the file that a metadata reader may understand: a TIFF tag, a PNG text chunk.
struct FileField {
    int page = 0;        ///< page (TIFF directory) it was found in
    int tag = 0;         ///< TIFF tag number; 0 for a PNG text chunk
    std::string keyword; ///< PNG text keyword; empty for a TIFF tag
    Bytes bytes;         ///< value in file byte order for numbers, as stored for text
};

struct Resolution {
    enum class Unit { none, inch, centimetre, metre };
    double x = 0, y = 0; ///< pixels per unit
    Unit unit = Unit::none;
};

struct Decoded {
    std::string format;            ///< "TIFF", "PNG", "JPEG", "BMP"
    Size size;
    std::vector<PlanePtr> planes;  ///< 1 or 3, values 0..1 of `range`
    ValueRange range;              ///< black above white where the file stores white as the lowest number
    int bits = 8;                  ///< per sample, as stored
    bool is_float = false;
    int page_count = 1;
    int reduction = 1;             ///< `size` is this many times smaller than `stored_size`, each value the mean of a block
    Size stored_size;              ///< in the file
    bool big_endian = false;       ///< byte order of numeric FileField values
    std::vector<FileField> fields; ///< every tag or text chunk that is no pixel layout
    std::optional<Resolution> resolution;
    std::vector<std::string> warnings; ///< "alpha left out", "7 pages: the first is shown", "ends after 12 of 49 strips"
};

/// Decodes one page of any known format. `name` is used in error texts only. Every size is checked before memory is
/// taken; errors name the file, the cause and the remedy.
struct DecodeOptions {
    int page = 0;
    /// An image of more pixels is read at half its size, a third, ... ; at least 1.
    std::int64_t largest_pixels = k_max_pixels;
};
Result<Decoded> decode_image(ByteView file, std::string_view name, DecodeOptions const& options = {});

struct PngText {
    std::string keyword; ///< Latin-1, 1..79 bytes
    std::string text;    ///< UTF-8, written as iTXt
};

struct PngOptions {
    int bits = 8;                         ///< 8 or 16 per sample
    std::optional<double> pixel_size_x_nm; ///< written as pHYs when both are known
    std::optional<double> pixel_size_y_nm;
    std::vector<PngText> texts;
    int level = 1;                        ///< deflate effort, 1..12, at least 6 for drawings; more gains few per cent on micrographs
};

/// PNG of one (grey) or three (RGB) planes of values 0..1, rounded to the nearest level. The same input gives the same
/// bytes on every platform.
Result<Bytes> encode_png(std::vector<ImageView<float const>> const& planes, PngOptions const& options);

/// The text chunks of a PNG, without decoding its pixels; empty for anything else.
std::vector<PngText> read_png_texts(ByteView file);

/// True when the bytes begin as a PNG file does.
bool is_png(ByteView file);

} // namespace mg
