// Any reader of metadata: its own answer, and the answer of all of them together.
#include "fuzz/checks.h"
#include "fuzz/reader_case.h"

#include "base/text.h"

namespace mg::fuzz {
namespace {

enum Flag : std::uint8_t { k_big_endian = 1, k_no_image = 2, k_reduced = 4 };
constexpr std::string_view k_sidecar_endings[] = {".txt", ".hdr", "-tif.hdr", ".TXT"};
constexpr std::size_t k_head_bytes = 8;

std::uint32_t number_at(ByteView bytes, std::size_t at, std::size_t count) {
    std::uint32_t number = 0;
    for (std::size_t i = count; i > 0; --i) number = number << 8 | (at + i - 1 < bytes.size() ? bytes[at + i - 1] : 0u);
    return number;
}

void append_number(Bytes& out, std::uint32_t number, int count) {
    for (int i = 0; i < count; ++i) out.push_back(static_cast<std::uint8_t>(number >> (8 * i)));
}

Bytes copied(ByteView bytes) {
    return Bytes(bytes.begin(), bytes.end());
}

void append(Bytes& out, ByteView bytes) {
    out.insert(out.end(), bytes.begin(), bytes.end());
}

ByteView behind(ByteView bytes, std::size_t count) {
    return bytes.subspan(std::min(count, bytes.size()));
}

void read_section(ReaderCase& result, char kind, ByteView content) {
    switch (kind) {
    case 'T':
        result.decoded.fields.push_back({static_cast<int>(number_at(content, 2, 1)),
                                         static_cast<int>(number_at(content, 0, 2)),
                                         {},
                                         copied(behind(content, 3))});
        break;
    case 'K': {
        std::string_view const text = as_text(content);
        std::size_t const nul = std::min(text.find('\0'), text.size());
        result.decoded.fields.push_back({0, 0, std::string(text.substr(0, nul)), copied(behind(content, nul + 1))});
        break;
    }
    case 'S':
        result.sidecar_name = "image" + std::string(k_sidecar_endings[number_at(content, 0, 1) % 4]);
        result.sidecar = copied(behind(content, 1));
        break;
    case 'W':
        result.twin = copied(content);
        break;
    case 'F':
        result.file = copied(content);
        break;
    case 'N':
        result.path = as_text(content);
        break;
    case 'R': {
        double const x = number_at(content, 4, 4), y = number_at(content, 12, 4);
        Resolution resolution{number_at(content, 0, 4) / x, number_at(content, 8, 4) / y,
                              static_cast<Resolution::Unit>(number_at(content, 16, 1) % 4)};
        // As the decoders hand it out.
        if (x > 0 && y > 0 && resolution.x > 0 && resolution.y > 0) result.decoded.resolution = resolution;
        break;
    }
    default:
        break;
    }
}

} // namespace

MetadataInput ReaderCase::input() const {
    std::string_view const name = std::string_view(path).substr(path.rfind('/') + 1);
    MetadataInput result{.file = file, .file_name = name, .relative_path = path};
    if (has_decoded) result.decoded = &decoded;
    result.twin = twin;
    result.sidecar = sidecar;
    result.sidecar_name = sidecar_name;
    result.page = page;
    return result;
}

ReaderCase reader_case(ByteView bytes) {
    ReaderCase result;
    std::uint32_t const flags = number_at(bytes, 0, 1);
    result.has_decoded = !(flags & k_no_image);
    result.decoded.big_endian = flags & k_big_endian;
    result.decoded.format = "TIFF";
    result.page = static_cast<int>(number_at(bytes, 1, 1) % 4);
    result.decoded.page_count = 4;
    result.decoded.stored_size = {static_cast<int>(number_at(bytes, 2, 3) % 70000 + 1),
                                  static_cast<int>(number_at(bytes, 5, 3) % 70000 + 1)};
    result.decoded.size = result.decoded.stored_size;
    if (flags & k_reduced) {
        result.decoded.reduction = 2;
        result.decoded.size = {(result.decoded.size.width + 1) / 2, (result.decoded.size.height + 1) / 2};
    }
    std::string_view rest = as_text(behind(bytes, k_head_bytes));
    for (std::size_t at = rest.find(k_section); at != std::string_view::npos; at = rest.find(k_section)) {
        rest.remove_prefix(at + k_section.size());
        if (rest.empty()) break;
        read_section(result, rest[0], as_bytes(rest.substr(1, rest.find(k_section) - 1)));
    }
    return result;
}

Bytes case_bytes(ReaderCase const& content) {
    Bytes out;
    Decoded const& image = content.decoded;
    int const flags = (image.big_endian ? k_big_endian : 0) | (content.has_decoded ? 0 : k_no_image);
    append_number(out, static_cast<std::uint32_t>(flags), 1);
    append_number(out, static_cast<std::uint32_t>(content.page), 1);
    append_number(out, static_cast<std::uint32_t>(image.size.width - 1), 3);
    append_number(out, static_cast<std::uint32_t>(image.size.height - 1), 3);
    auto begin = [&](char kind) {
        append(out, as_bytes(k_section));
        out.push_back(static_cast<std::uint8_t>(kind));
    };
    auto add = [&](char kind, ByteView bytes) {
        if (bytes.empty()) return;
        begin(kind);
        append(out, bytes);
    };
    add('N', as_bytes(content.path));
    if (image.resolution) {
        begin('R');
        for (double const value : {image.resolution->x, image.resolution->y}) {
            append_number(out, static_cast<std::uint32_t>(value * 1000), 4);
            append_number(out, 1000, 4);
        }
        append_number(out, static_cast<std::uint32_t>(image.resolution->unit), 1);
    }
    for (FileField const& field : image.fields) {
        begin(field.tag ? 'T' : 'K');
        if (field.tag) {
            append_number(out, static_cast<std::uint32_t>(field.tag), 2);
            append_number(out, static_cast<std::uint32_t>(field.page), 1);
        } else {
            append(out, as_bytes(field.keyword));
            out.push_back(0);
        }
        append(out, field.bytes);
    }
    if (!content.sidecar.empty()) {
        begin('S');
        std::size_t ending = 0;
        for (std::size_t i = 0; i < 4; ++i)
            if (std::string_view(content.sidecar_name).ends_with(k_sidecar_endings[i])) ending = i;
        append_number(out, static_cast<std::uint32_t>(ending), 1);
        append(out, content.sidecar);
    }
    add('F', content.file);
    add('W', content.twin);
    return out;
}

void fuzz_reader(MetadataReader const& reader, ByteView bytes) {
    ReaderCase const content = reader_case(bytes);
    MetadataInput const input = content.input();
    if (reader.sniff(input)) {
        Metadata const metadata = reader.read(input);
        if (metadata.raw) check_metadata(metadata);
    }
    check_metadata(read_metadata(input));
}

} // namespace mg::fuzz
