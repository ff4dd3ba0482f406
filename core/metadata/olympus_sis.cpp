// Calibration that Olympus Soft Imaging's programs (analySIS, iTEM) keep: TIFF tag 33560 holds the place in the file of
// a block that begins with "SIS0": minute, hour, day, month (from 0), year (since 1900), the picture's name, and the
// number of parts, of which part 1 has the pixel size, magnification and camera. No description is published; the
// places were found in real files and are those of tifffile (https://github.com/cgohlke/tifffile). The page that
// carries it may stand behind a preview of the same size.
#include <cmath>
#include <cstdlib>
#include <cstring>

#include "base/text.h"
#include "metadata/metadata.h"
#include "metadata/units.h"

namespace mg {

namespace {

constexpr int k_tag = 33560;
constexpr std::string_view k_mark = "SIS0";
constexpr std::size_t k_head_bytes = 60, k_part_entry_bytes = 8, k_part_bytes = 112;
constexpr int k_calibration_part = 1;
constexpr int k_most_parts = 256;

/// Little-endian numbers and text at places of a block; the caller has checked that they lie within.
struct Block {
    ByteView bytes;

    template <class T>
    T number(std::size_t at) const {
        std::uint64_t value = 0;
        for (std::size_t i = sizeof(T); i-- > 0;) value = value << 8 | bytes[at + i];
        if constexpr (sizeof(T) == 8) {
            double real = 0;
            std::memcpy(&real, &value, sizeof real);
            return real;
        } else {
            return static_cast<T>(value);
        }
    }
    std::string text(std::size_t at, std::size_t length) const {
        std::string_view found = as_text(bytes.subspan(at, length));
        return utf8_from_unknown(trimmed(found.substr(0, found.find('\0'))));
    }
};

std::optional<Block> block_at(ByteView file, std::uint64_t offset, std::size_t size) {
    if (offset > file.size() || size > file.size() - offset) return std::nullopt;
    return Block{file.subspan(static_cast<std::size_t>(offset), size)};
}

std::string two_digits(int number) {
    return (number < 10 ? "0" : "") + std::to_string(number);
}

FileField const* offset_field(MetadataInput const& input) {
    FileField const* field = input.tag(k_tag);
    return field && field->bytes.size() == 4 ? field : nullptr;
}

std::optional<Block> head(MetadataInput const& input) {
    FileField const* field = offset_field(input);
    if (!field) return std::nullopt;
    std::uint64_t offset = 0;
    for (std::size_t i = 0; i < 4; ++i) offset = offset << 8 | field->bytes[input.decoded->big_endian ? i : 3 - i];
    auto found = block_at(input.file, offset, k_head_bytes);
    return found && as_text(found->bytes).starts_with(k_mark) ? found : std::nullopt;
}

/// The part with the calibration, by the list that follows the head.
std::optional<Block> calibration(MetadataInput const& input, Block const& start) {
    int parts = start.number<std::int16_t>(58);
    if (parts < 0 || parts > k_most_parts) return std::nullopt;
    auto list_at = static_cast<std::uint64_t>(start.bytes.data() - input.file.data()) + k_head_bytes;
    auto list = block_at(input.file, list_at, static_cast<std::size_t>(parts) * k_part_entry_bytes);
    for (std::size_t i = 0; list && i < static_cast<std::size_t>(parts); ++i)
        if (list->number<std::int16_t>(i * k_part_entry_bytes) == k_calibration_part)
            return block_at(input.file, list->number<std::uint32_t>(i * k_part_entry_bytes + 4), k_part_bytes);
    return std::nullopt;
}

/// Times a power of ten, rounded once: the powers themselves are exact.
std::optional<double> scaled(double value, int exponent) {
    if (!std::isfinite(value) || exponent < -22 || exponent > 22) return std::nullopt;
    double power = 1;
    for (int i = 0; i < std::abs(exponent); ++i) power *= 10;
    return exponent < 0 ? value / power : value * power;
}

bool sniff(MetadataInput const& input) {
    return input.tag(k_tag) != nullptr;
}

Metadata read(MetadataInput const& input) {
    Metadata metadata;
    metadata.vendor = "Olympus SIS";
    std::vector<RawKey> raw;
    Acquisition& a = metadata.acquisition;
    auto warn = [&](std::string text) { metadata.warnings.push_back("header: " + std::move(text)); };
    auto keep = [&](char const* key, std::string value) { raw.push_back({"SIS", key, std::move(value)}); };

    auto start = head(input);
    auto part = start ? calibration(input, *start) : std::nullopt;
    if (start) {
        int minute = start->number<std::int16_t>(10), hour = start->number<std::int16_t>(12);
        std::string date = std::to_string(start->number<std::int16_t>(18) + 1900) + "-" +
                           two_digits(start->number<std::int16_t>(16) + 1) + "-" +
                           two_digits(start->number<std::int16_t>(14));
        std::string time = two_digits(hour) + ":" + two_digits(minute);
        keep("Date", date + " " + time);
        if (auto iso = iso_date_time(date, time, DateOrder::year_month_day)) a.acquired = {*iso, "header: SIS date"};
        std::string name = start->text(26, 32);
        keep("Name", name);
        if (!name.empty()) a.user_text = {std::move(name), "header: SIS name"};
    }
    if (part) {
        int exponent = part->number<std::int16_t>(10);
        double x = part->number<double>(12), y = part->number<double>(20), magnification = part->number<double>(36);
        std::string camera = part->text(46, 34), kind = part->text(80, 32);
        keep("UnitExponent", std::to_string(exponent));
        keep("PixelSizeX", format_shortest(x));
        keep("PixelSizeY", format_shortest(y));
        keep("Magnification", format_shortest(magnification));
        keep("Camera", camera);
        keep("PictureType", kind);
        auto x_nm = scaled(x, exponent + 9), y_nm = scaled(y, exponent + 9);
        if (x_nm && y_nm && is_pixel_size_nm(*x_nm) && is_pixel_size_nm(*y_nm)) {
            a.pixel_size_x_nm = {*x_nm, "header: SIS pixel size"};
            a.pixel_size_y_nm = {*y_nm, "header: SIS pixel size"};
        } else {
            warn("a pixel size of " + format_shortest(x) + " x " + format_shortest(y) + " (10^" +
                 std::to_string(exponent) + " m) cannot be true and was left out");
        }
        // It was kept in single precision before: 15000.0009765625.
        if (magnification >= 0.1 && magnification <= 1e8)
            a.magnification = {*parse_double(format_significant(magnification, 7)), "header: SIS magnification"};
        else if (magnification != 0)
            warn("a magnification of " + format_shortest(magnification) + " cannot be true and was left out");
        if (!camera.empty()) a.detector = {std::move(camera), "header: SIS camera"};
    } else {
        warn("the calibration of tag 33560 is not where it should be in the file: no pixel size; set one by hand");
    }
    metadata.raw = std::make_shared<std::vector<RawKey> const>(std::move(raw));
    return metadata;
}

} // namespace

extern constinit MetadataReader const k_reader_olympus_sis{"olympus_sis", "Olympus SIS, tag 33560", sniff, read};

} // namespace mg
