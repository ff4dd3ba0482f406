// The registry of formats, and what they share.
#include "codecs/codec.h"

#include "codecs/format.h"

namespace mg {

#define CODEC(name) extern Codec const k_codec_##name;
#include "codecs/codecs.inc"
#undef CODEC

Result<Decoded> decode_image(ByteView file, std::string_view name, DecodeOptions const& options) {
    static constexpr Codec const* k_codecs[] = {
#define CODEC(name) &k_codec_##name,
#include "codecs/codecs.inc"
#undef CODEC
    };
    int const page = options.page;
    DecodeInput const input{file, name, page, options.largest_pixels};
    if (file.empty()) return file_error(input, ErrorCode::bad_file, "the file is empty; copy it again");
    for (Codec const* codec : k_codecs) {
        if (!codec->sniff(file)) continue;
        MG_TRY(Decoded decoded, codec->decode(input));
        if (decoded.stored_size.empty()) decoded.stored_size = decoded.size;
        if (page < 0 || page >= decoded.page_count)
            return file_error(input, ErrorCode::bad_value,
                              "has no page " + std::to_string(page + 1) + "; its last is page " +
                                  std::to_string(decoded.page_count));
        return decoded;
    }
    return file_error(input, ErrorCode::unsupported,
                      "is no TIFF, PNG, JPEG or BMP image; export it from the microscope as TIFF");
}

bool starts_with(ByteView file, std::string_view magic) {
    return file.size() >= magic.size() && std::memcmp(file.data(), magic.data(), magic.size()) == 0;
}

Error file_error(DecodeInput const& input, ErrorCode code, std::string_view text) {
    return Error{code, std::string(input.name) + ": " + std::string(text)};
}

Error cut_off(DecodeInput const& input, std::int64_t whole, std::int64_t all, std::string_view parts) {
    if (all == 1 && parts.ends_with('s')) parts.remove_suffix(1);
    return file_error(input, ErrorCode::bad_file,
                      "ends after " + std::to_string(whole) + " of " + std::to_string(all) + " " + std::string(parts) +
                          ": the file is cut off; copy it again from the microscope");
}

Error damaged(DecodeInput const& input, std::string_view text) {
    return file_error(input, ErrorCode::bad_file,
                      std::string(text) + ": the file is damaged; copy it again from the microscope");
}

Result<Size> checked_size(DecodeInput const& input, std::int64_t width, std::int64_t height) {
    std::string const claim = std::to_string(width) + " x " + std::to_string(height) + " px";
    if (width <= 0 || height <= 0)
        return file_error(input, ErrorCode::bad_file, "says that it holds " + claim + ": the header is damaged");
    if (width > k_max_side_px || height > k_max_side_px)
        return file_error(input, ErrorCode::too_large,
                          "says that it holds " + claim + "; the longest side that can be read is " +
                              std::to_string(k_max_side_px) + " px. Cut or scale it first");
    if (width * height > k_max_pixels)
        return file_error(input, ErrorCode::too_large,
                          "says that it holds " + claim + "; the limit is " + std::to_string(k_max_pixels / 1000000) +
                              " million pixels. Cut or scale it first");
    return Size{static_cast<int>(width), static_cast<int>(height)};
}

Result<Planes> make_planes(DecodeInput const& input, Size size, int count) {
    Planes planes;
    for (int i = 0; i < count; ++i) {
        auto plane = Plane::create(size);
        if (!plane) return file_error(input, plane.error().code, plane.error().message);
        planes.push_back(std::move(plane).value());
    }
    return planes;
}

std::vector<PlanePtr> shared(Planes planes) {
    std::vector<PlanePtr> result;
    for (Plane& plane : planes) result.push_back(std::make_shared<Plane const>(std::move(plane)));
    return result;
}

Palette make_palette(std::vector<std::array<std::uint16_t, 3>> const& entries, int bits) {
    std::size_t const count = std::size_t{1} << bits;
    bool is_grey = true;
    bool is_ramp = true;
    Palette palette;
    for (std::vector<float>& levels : palette.levels) levels.assign(count, 0.0f);
    for (std::size_t i = 0; i < count && i < entries.size(); ++i) {
        auto const& entry = entries[i];
        is_grey = is_grey && entry[0] == entry[1] && entry[1] == entry[2];
        // Writers round a ramp in different ways: i * 256, i * 257, i * 65535 / 255.
        double const ramp = static_cast<double>(i) * 65535.0 / static_cast<double>(count - 1);
        double const away = entry[0] - ramp;
        is_ramp = is_ramp && away > -300 && away < 300;
        for (std::size_t c = 0; c < 3; ++c) palette.levels[c][i] = static_cast<float>(entry[c]) / 65535.0f;
    }
    palette.kind = !is_grey ? Palette::Kind::colour : is_ramp ? Palette::Kind::grey_ramp : Palette::Kind::grey;
    if (palette.kind == Palette::Kind::grey_ramp)
        for (std::vector<float>& levels : palette.levels)
            for (std::size_t i = 0; i < count; ++i) levels[i] = static_cast<float>(i) / static_cast<float>(count - 1);
    return palette;
}

void describe_palette_image(Decoded& decoded, Palette const& palette, int bits) {
    decoded.bits = palette.kind == Palette::Kind::grey_ramp ? bits : 8;
    decoded.range = {0, static_cast<double>((std::int64_t{1} << decoded.bits) - 1)};
}

} // namespace mg
