// Writes VendorLayouts as TIFF files. An own writer: the library's refuses unknown tags and sorts out odd ones, which
// are what is wanted here. TIFF 6.0, section 2.
#include <algorithm>
#include <cstddef>

#include "support/vendor_layouts.h"

namespace mg::test {
namespace {

enum Type { byte = 1, ascii = 2, short_ = 3, long_ = 4, rational = 5, undefined = 7, slong = 9, double_ = 12 };

/// As found in the vendors' files.
Type type_of(int tag) {
    auto within = [&](int first, int last) { return tag >= first && tag <= last; };
    if (within(269, 272) || tag == 285 || within(305, 306) || within(315, 316) || tag == 33432) return ascii;
    if (within(34118, 34119) || tag == 34680 || within(34682, 34683)) return ascii; // 34119 too, though it is UTF-16
    if (within(65003, 65005) || within(65012, 65014)) return ascii;
    if (within(65006, 65011) || within(65024, 65025)) return double_;
    if (within(65015, 65023) || tag == 65026) return slong;
    if (within(40091, 40095) || tag == 50431 || tag == 50839 || tag == 65027) return byte;
    if (within(256, 257) || within(278, 279) || tag == 254 || tag == 273 || tag == 33560 || tag == 50838) return long_;
    if (within(258, 266) || tag == 274 || tag == 277 || tag == 284 || tag == 296 || tag == 320) return short_;
    if (within(282, 283)) return rational;
    return undefined;
}

std::size_t width_of(Type type) {
    switch (type) {
    case short_:
        return 2;
    case long_:
    case slong:
        return 4;
    case rational:
    case double_:
        return 8;
    default:
        return 1;
    }
}

Bytes little_endian(std::size_t value, int bytes) {
    Bytes out;
    for (int i = 0; i < bytes; ++i) out.push_back(static_cast<std::uint8_t>(value >> (8 * i)));
    return out;
}

void append(Bytes& out, Bytes const& more) {
    out.insert(out.end(), more.begin(), more.end());
}

void put(Bytes& file, std::size_t at, std::size_t value) {
    Bytes bytes = little_endian(value, 4);
    std::copy(bytes.begin(), bytes.end(), file.begin() + static_cast<std::ptrdiff_t>(at));
}

Bytes grey_ramp(VendorLayout const& layout, int page) {
    Bytes pixels;
    for (int y = 0; y < layout.size.height; ++y)
        for (int x = 0; x < layout.size.width; ++x)
            append(pixels, little_endian(static_cast<std::size_t>(3 * x + 2 * y + 50 * page), layout.bits / 8));
    return pixels;
}

/// The page's own tags before those of the layout, which may replace them (Zeiss writes palettes); in order of number.
std::vector<FileField> page_tags(VendorLayout const& layout, int page, std::size_t pixel_bytes) {
    std::vector<FileField> tags;
    for (FileField const& tag : layout.tags)
        if (tag.page == page) tags.push_back(tag);
    auto add = [&](int number, std::size_t value) {
        auto is_there = [&](FileField const& tag) { return tag.tag == number; };
        if (std::any_of(tags.begin(), tags.end(), is_there)) return;
        tags.push_back({page, number, {}, little_endian(value, static_cast<int>(width_of(type_of(number))))});
    };
    add(256, static_cast<std::size_t>(layout.size.width));
    add(257, static_cast<std::size_t>(layout.size.height));
    add(258, static_cast<std::size_t>(layout.bits));
    add(259, 1); // uncompressed
    add(262, 1); // black is 0
    add(273, 0); // the strip's place, known later
    add(277, 1);
    add(278, static_cast<std::size_t>(layout.size.height));
    add(279, pixel_bytes);
    std::stable_sort(tags.begin(), tags.end(), [](FileField const& a, FileField const& b) { return a.tag < b.tag; });
    return tags;
}

} // namespace

FileField text_tag(int tag, std::string_view text) {
    Bytes bytes(text.begin(), text.end());
    bytes.push_back(0);
    return {0, tag, {}, std::move(bytes)};
}

Bytes layout_tiff(VendorLayout const& layout) {
    Bytes file = {'I', 'I', 42, 0, 0, 0, 0, 0};
    append(file, layout.at_byte_8);
    std::size_t link = 4;
    std::vector<std::size_t> strip_links;
    std::size_t pixel_bytes = grey_ramp(layout, 0).size();
    for (int page = 0; page < layout.page_count; ++page) {
        if (file.size() % 2 != 0) file.push_back(0);
        put(file, link, file.size());
        std::vector<FileField> tags = page_tags(layout, page, pixel_bytes);
        Bytes directory = little_endian(tags.size(), 2);
        Bytes values;
        std::size_t values_at = file.size() + 2 + 12 * tags.size() + 4;
        for (FileField const& tag : tags) {
            Type type = type_of(tag.tag);
            if (tag.tag == 273) strip_links.push_back(file.size() + directory.size() + 8);
            append(directory, little_endian(static_cast<std::size_t>(tag.tag), 2));
            append(directory, little_endian(static_cast<std::size_t>(type), 2));
            append(directory, little_endian(tag.bytes.size() / width_of(type), 4));
            Bytes value = tag.bytes;
            if (value.size() > 4) {
                if (values.size() % 2 != 0) values.push_back(0);
                std::size_t at = values_at + values.size();
                append(values, value);
                value = little_endian(at, 4);
            }
            value.resize(4);
            append(directory, value);
        }
        link = file.size() + directory.size();
        append(directory, little_endian(0, 4)); // of the last page
        append(file, directory);
        append(file, values);
    }
    for (int page = 0; page < layout.page_count; ++page) {
        put(file, strip_links[static_cast<std::size_t>(page)], file.size());
        append(file, grey_ramp(layout, page));
    }
    return file;
}

} // namespace mg::test
