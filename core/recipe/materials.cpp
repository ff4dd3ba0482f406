// What the materials workflow leaves behind: names of files, the composite's PNG, the label map, tables.
//
// The TIFF is a baseline grey-scale image (TIFF 6.0, section 4): one strip, not compressed.
#include "recipe/materials.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "base/csv.h"
#include "base/text.h"
#include "base/version.h"
#include "codecs/codec.h"
#include "recipe/channel_set.h"
#include "recipe/overlay.h"

namespace mg {
namespace {

constexpr std::string_view k_label_meaning = "Material of each pixel:";

Channel const* first_of(Scene const& scene, Role role) {
    for (Channel const& channel : scene.channels)
        if (channel.role == role) return &channel;
    return nullptr;
}

std::string hex_text(Rgb colour) {
    std::string text = "#";
    for (float const part : {colour.r, colour.g, colour.b}) {
        int const level = static_cast<int>(std::lround(255 * std::fmin(std::fmax(part, 0.0f), 1.0f)));
        for (int const digit : {level / 16, level % 16}) text += "0123456789abcdef"[digit];
    }
    return text;
}

/// Shares of a material's pixels that carry each flag.
struct FlagShares {
    std::int64_t pixels = 0, mixed = 0, uncertain = 0, brushed = 0;
};
std::vector<FlagShares> flag_shares(Materials const& materials) {
    std::vector<FlagShares> shares(materials.list.size());
    if (!materials.labels) return shares;
    std::uint8_t const* flags = materials.flags ? materials.flags->data() : nullptr;
    for (std::int64_t i = 0, n = materials.labels->size().area(); i < n; ++i) {
        std::uint8_t const label = materials.labels->data()[i];
        if (label >= shares.size()) continue;
        FlagShares& share = shares[label];
        ++share.pixels;
        if (!flags) continue;
        share.mixed += flags[i] & k_flag_mixed ? 1 : 0;
        share.uncertain += flags[i] & k_flag_uncertain ? 1 : 0;
        share.brushed += flags[i] & k_flag_brushed ? 1 : 0;
    }
    return shares;
}

Result<ImageView<std::uint8_t const>> labels_of(Materials const& materials) {
    if (!materials.labels || materials.labels->empty())
        return Error{ErrorCode::bad_value, "there is no label map to write"};
    return materials.labels->view();
}

/// Little-endian; texts, of more than four bytes, and fractions stand behind the directory.
class TiffDirectory {
public:
    void add_number(std::uint16_t tag, std::uint32_t value) { m_entries.push_back({tag, 4, 1, value, {}}); }
    void add_text(std::uint16_t tag, std::string_view text) {
        Bytes data(text.begin(), text.end());
        data.push_back(0);
        auto const count = static_cast<std::uint32_t>(data.size());
        m_entries.push_back({tag, 2, count, 0, std::move(data)});
    }
    void add_fraction(std::uint16_t tag, std::uint32_t above, std::uint32_t below) {
        Bytes data;
        append(data, above, 4);
        append(data, below, 4);
        m_entries.push_back({tag, 5, 1, 0, std::move(data)});
    }
    /// The file up to its pixels, whose place becomes the value of `strip_tag`. Entries must have been added by tag.
    Bytes file(std::uint16_t strip_tag) {
        std::uint32_t place = 8 + 2 + 12 * static_cast<std::uint32_t>(m_entries.size()) + 4;
        for (Entry& entry : m_entries) {
            if (entry.data.empty()) continue;
            entry.value = place;
            place += static_cast<std::uint32_t>(entry.data.size() + entry.data.size() % 2);
        }
        Bytes out = {'I', 'I', 42, 0, 8, 0, 0, 0};
        append(out, m_entries.size(), 2);
        for (Entry const& entry : m_entries) {
            append(out, entry.tag, 2);
            append(out, entry.type, 2);
            append(out, entry.count, 4);
            append(out, entry.tag == strip_tag ? place : entry.value, 4);
        }
        append(out, 0, 4);
        for (Entry const& entry : m_entries) {
            out.insert(out.end(), entry.data.begin(), entry.data.end());
            if (entry.data.size() % 2) out.push_back(0);
        }
        return out;
    }

private:
    struct Entry {
        std::uint16_t tag = 0, type = 0;
        std::uint32_t count = 0, value = 0;
        Bytes data;
    };
    static void append(Bytes& out, std::size_t value, int bytes) {
        for (int i = 0; i < bytes; ++i) out.push_back(static_cast<std::uint8_t>(value >> (8 * i)));
    }
    std::vector<Entry> m_entries;
};

Json matrix_json(Affine const& m) {
    Json rows{Json::Array{}};
    for (auto const& row : {std::array{m.a, m.b, m.tx}, std::array{m.c, m.d, m.ty}}) {
        Json numbers{Json::Array{}};
        for (double const number : row) numbers.push(number);
        rows.push(std::move(numbers));
    }
    return rows;
}

} // namespace

std::int64_t materials_memory_bytes(std::span<Size const> files, int materials) {
    std::int64_t maps = 0, map_px = 0, other_px = 0;
    for (Size const& size : files) {
        auto const alike = std::count(files.begin(), files.end(), size);
        if (alike > maps || (alike == maps && size.area() < map_px)) {
            maps = alike;
            map_px = size.area();
        }
    }
    for (Size const& size : files)
        if (size.area() != map_px) other_px = std::max(other_px, size.area());
    // As measured on sets of 6 and 12 maps, 5 to 12 materials: bytes per pixel of the maps, and of the SE image.
    constexpr std::int64_t k_per_map = 14, k_per_material = 9, k_per_map_pixel = 16, k_per_se_pixel = 40,
                           k_always = std::int64_t{32} << 20;
    std::int64_t const count = materials > 0 ? materials : 10;
    return k_always + map_px * (k_per_map * maps + k_per_material * count + k_per_map_pixel) +
           other_px * k_per_se_pixel;
}

std::string materials_set_name(Scene const& members) {
    std::vector<std::string_view> stems;
    for (Channel const& channel : members.channels) {
        if (channel.role == Role::se_image) return file_name_part(stem_of(channel.file_name));
        if (channel.role == Role::element_map) stems.push_back(stem_of(channel.file_name));
    }
    std::string const common = common_beginning(stems);
    if (!common.empty()) return file_name_part(common);
    Channel const* ground = first_of(members, Role::lab_image);
    if (!ground && !members.channels.empty()) ground = &members.channels.front();
    return ground ? file_name_part(stem_of(ground->file_name)) : "set";
}

std::string materials_output_name(Scene const& members) {
    return "edx_composite_" + materials_set_name(members) + ".png";
}

Result<Bytes> encode_materials(Scene const& scene, Recipe const& recipe, std::vector<InputHash> const& inputs,
                               Job const& job) {
    std::size_t composite = 0;
    while (composite < scene.channels.size() && scene.channels[composite].role != Role::composite) ++composite;
    return encode_channel(scene, composite, recipe, inputs, job);
}

Result<Bytes> encode_labels_png(Materials const& materials, std::string const& provenance) {
    MG_TRY(auto labels, labels_of(materials));
    MG_TRY(Plane plane, Plane::create(labels.size));
    for (int y = 0; y < labels.height(); ++y)
        for (int x = 0; x < labels.width(); ++x) plane.at(x, y) = static_cast<float>(labels.at(x, y)) / 255;
    PngOptions options;
    options.level = 6;
    options.texts = {{"Software", std::string("Micrographia ") + k_version}};
    if (!provenance.empty()) options.texts.push_back({"micrographia:recipe", provenance});
    return encode_png({plane.view()}, options);
}

Result<Bytes> encode_labels_tiff(Materials const& materials) {
    MG_TRY(auto labels, labels_of(materials));
    std::string meaning(k_label_meaning);
    for (std::size_t i = 0; i < materials.list.size(); ++i)
        meaning += " " + std::to_string(i) + " = " + materials.list[i].name + ";";
    meaning += " " + std::to_string(k_no_material) + " = none";
    auto const width = static_cast<std::uint32_t>(labels.width()), height = static_cast<std::uint32_t>(labels.height());
    constexpr std::uint16_t k_strip_offsets = 273;
    TiffDirectory directory;
    directory.add_number(256, width);
    directory.add_number(257, height);
    directory.add_number(258, 8); // bits per sample
    directory.add_number(259, 1); // not compressed
    directory.add_number(262, 1); // black is zero
    directory.add_text(270, meaning);
    directory.add_number(k_strip_offsets, 0);
    directory.add_number(277, 1);      // samples per pixel
    directory.add_number(278, height); // rows per strip
    directory.add_number(279, width * height);
    directory.add_fraction(282, 1, 1); // square pixels of no known size
    directory.add_fraction(283, 1, 1);
    directory.add_number(296, 1);
    directory.add_text(305, std::string("Micrographia ") + k_version);
    Bytes out = directory.file(k_strip_offsets);
    out.reserve(out.size() + static_cast<std::size_t>(labels.size.area()));
    for (int y = 0; y < labels.height(); ++y) out.insert(out.end(), labels.row(y), labels.row(y) + labels.width());
    return out;
}

bool is_label_tiff(ByteView file) {
    // The texts stand before the pixels.
    return as_text(file).substr(0, std::size_t{64} << 10).find(k_label_meaning) != std::string_view::npos;
}

std::string materials_csv(Materials const& materials) {
    std::string csv = "material,colour,area (%),mixed (% of its pixels),uncertain (% of its pixels),brushed (% of its "
                      "pixels)";
    for (Element const& element : materials.elements) {
        std::string const unit = " (counts/px)";
        csv += "," + csv_field(element.label + " mean" + unit) + "," +
               csv_field(element.label + " standard deviation" + unit);
    }
    csv += "\r\n";
    auto const shares = flag_shares(materials);
    for (std::size_t i = 0; i < materials.list.size(); ++i) {
        Material const& material = materials.list[i];
        FlagShares const& flagged = shares[i];
        csv += csv_field(material.name) + "," + hex_text(material.colour) + "," + format_fixed(100 * material.share, 3);
        for (std::int64_t const pixels : {flagged.mixed, flagged.uncertain, flagged.brushed}) {
            csv += ",";
            if (flagged.pixels > 0)
                csv += format_fixed(100 * static_cast<double>(pixels) / static_cast<double>(flagged.pixels), 3);
        }
        auto const number = [](std::vector<double> const& values, std::size_t k) {
            return k < values.size() && std::isfinite(values[k]) ? format_fixed(values[k], 4) : std::string();
        };
        for (std::size_t k = 0; k < materials.elements.size(); ++k)
            csv += "," + number(material.mean, k) + "," + number(material.deviation, k);
        csv += "\r\n";
    }
    return csv;
}

Json materials_json(Materials const& materials) {
    Json rows{Json::Array{}};
    for (Material const& material : materials.list) {
        auto const by_element = [&](std::vector<double> const& values) {
            Json object{Json::Object{}};
            for (std::size_t k = 0; k < materials.elements.size() && k < values.size(); ++k)
                if (!object.find(materials.elements[k].label)) object.add(materials.elements[k].label, values[k]);
            return object;
        };
        Json row;
        row.add("label", material.name);
        row.add("color", hex_text(material.colour));
        row.add("share", material.share);
        row.add("composition", by_element(material.mean));
        row.add("deviation", by_element(material.deviation));
        rows.push(std::move(row));
    }
    return rows;
}

Json map_registration_json(Scene const& members) {
    Channel const* map = nullptr;
    for (Channel const& channel : members.channels)
        if (!map && channel.role == Role::element_map && channel.alignment) map = &channel;
    Alignment const none{{}, Trust::refused, 0, 0, "not looked for"};
    Alignment const& found = map ? *map->alignment : none;
    Json json;
    Projective const to_se = found.from_reference.inverse();
    json.add("matrix", found.trust == Trust::refused ? Json() : matrix_json(to_se.affine));
    if (!to_se.is_affine()) {
        Json projective{Json::Array{}};
        projective.push(to_se.px);
        projective.push(to_se.py);
        json.add("projective", std::move(projective));
    }
    json.add("score", found.confidence);
    json.add("trust", map ? trust_name(found.trust) : "not aligned");
    json.add("residual_px", found.residual_px);
    json.add("source", !map                                 ? ""
                       : found.trust == Trust::by_hand      ? "by hand"
                       : first_of(members, Role::lab_image) ? "Lab image"
                                                            : "element maps");
    json.add("reason", found.reason);
    return json;
}

} // namespace mg
