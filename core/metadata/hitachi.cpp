// What Hitachi's microscopes write: NAME.txt beside the image ("[SemImageFile]" and "key=value" lines, UTF-16 with a
// byte order mark on the TM4000, 8-bit text without the section's line on the TM3000), and in the TIFF a shortened copy
// in tag 40092 (UTF-16) with the model in tag 40093.
//
// PixelSize is in nanometres, of the frame of DataSize. EmissionCurrent is the gun's, not the probe's, and left out.
#include <algorithm>

#include "base/text.h"
#include "metadata/header_facts.h"
#include "metadata/header_text.h"
#include "metadata/sidecar.h"
#include "metadata/units.h"

namespace mg {

namespace {

constexpr int k_tag_header = 40092;
constexpr int k_tag_model = 40093;

/// A key of the section, or of a text that has none.
class HitachiReader : public HeaderReader {
public:
    HitachiReader(std::vector<RawKey> keys, std::string origin) : HeaderReader(std::move(keys), std::move(origin)) {
        for (RawKey const& entry : this->keys())
            if (entry.section == "SemImageFile" || entry.section == "TemImageFile") m_section = entry.section;
    }
    std::string_view section() const { return m_section; }
    std::optional<Sourced<double>> number_of(std::string_view key, double low, double high) {
        return measured(m_section, key, parse_double, low, high);
    }
    std::optional<Sourced<std::string>> text_of(std::string_view key) const { return text(m_section, key); }
    /// A word of "Condition=Vacc=15.0kV Mag=x1.20k WD=7.9mm".
    std::optional<Sourced<double>> condition(std::string_view name, std::optional<double> (*parse)(std::string_view),
                                             double low, double high) const {
        auto line = text_of("Condition");
        if (!line) return std::nullopt;
        for (std::string_view word : split_words(line->value)) {
            if (!word.starts_with(name) || word.substr(name.size(), 1) != "=") continue;
            auto value = parse(word.substr(name.size() + 1));
            if (value && *value >= low && *value <= high)
                return Sourced<double>{*value, line->source + " " + std::string(name)};
        }
        return std::nullopt;
    }

private:
    std::string m_section;
};

bool is_hitachi_text(std::string_view text) {
    if (text.find("[SemImageFile]") != std::string_view::npos) return true;
    if (text.find("[TemImageFile]") != std::string_view::npos) return true;
    return text.find("InstructName=") != std::string_view::npos && text.find("PixelSize=") != std::string_view::npos;
}

std::string model(MetadataInput const& input) {
    FileField const* field = input.tag(k_tag_model);
    return field ? std::string(trimmed(utf8_from_bytes(field->bytes))) : std::string();
}

std::optional<Size> size_from(std::string_view text) {
    std::vector<std::string_view> sides = split(text, 'x');
    auto width = sides.size() == 2 ? parse_int(trimmed(sides[0])) : std::nullopt;
    auto height = sides.size() == 2 ? parse_int(trimmed(sides[1])) : std::nullopt;
    if (!width || !height || *width < 1 || *height < 1 || *width > 1 << 20 || *height > 1 << 20) return std::nullopt;
    return Size{static_cast<int>(*width), static_cast<int>(*height)};
}

/// What the sidecar and the tag both may state.
Acquisition common_facts(HitachiReader& header) {
    Acquisition a;
    a.beam_energy_kv = header.measured(header.section(), "AcceleratingVoltage", kilovolts, 0.01, 3000);
    if (!a.beam_energy_kv) a.beam_energy_kv = header.condition("Vacc", kilovolts, 0.01, 3000);
    a.magnification = header.number_of("Magnification", 0.1, 1e8);
    if (!a.magnification) a.magnification = header.condition("Mag", magnification_from, 0.1, 1e8);
    a.working_distance_mm = header.measured(header.section(), "WorkingDistance", millimetres, 0.01, 1000);
    if (!a.working_distance_mm) a.working_distance_mm = header.condition("WD", millimetres, 0.01, 1000);
    a.scan_rotation_deg = header.number_of("RasterRotation", -360, 360);
    a.stage_tilt_deg = header.number_of("StagePositionT", -90, 90);
    a.detector = header.text_of("SignalName");
    a.instrument = header.text_of("InstructName");
    a.sample = header.text_of("SampleName");
    if (auto author = header.text_of("UserName"); author && names_a_person(author->value)) a.author = author;
    a.user_text = header.text_of("Comment");
    a.acquired = header.date_time(header.section(), "Date", "Time");
    if (header.section() == "SemImageFile") a.beam_kind = {"electron", "header: [SemImageFile]"};
    return a;
}

void add_missing(Acquisition& known, Acquisition&& more) {
    for_each_fact([&](char const*, auto member) {
        if (!(known.*member)) known.*member = std::move(more.*member);
    });
}

bool sniff(MetadataInput const& input) {
    return input.tag(k_tag_header) || (!input.sidecar.empty() && is_hitachi_text(sidecar_text(input)));
}

/// Facts and warnings of one source; its pixel size under pixel_sizes alone.
struct Found {
    Metadata metadata;
    std::vector<RawKey> raw;
    /// Pixels of the recorded frame in one of the image, as far as this source knows.
    std::optional<double> scale = 1.0;
};

void state_pixel_size(Found& found, HitachiReader& header, std::optional<double> scale) {
    auto nm = header.number_of("PixelSize", 1e-3, 1e7);
    if (nm && scale) found.metadata.pixel_sizes.push_back({nm->value * *scale, nm->value * *scale, nm->source});
}

Found read_sidecar(MetadataInput const& input) {
    std::string title = sidecar_title(input);
    std::string text = sidecar_text(input);
    HitachiReader header(parse_header_text(whole_lines(text)), title);
    Found found{{}, parse_header_text(text)};
    Metadata& metadata = found.metadata;
    metadata.acquisition = common_facts(header);
    Acquisition& a = metadata.acquisition;
    if (a.beam_kind) a.beam_kind->source = title + ": [SemImageFile]";

    auto deceleration = header.measured(header.section(), "DecelerationVoltage", kilovolts, 0, 3000);
    if (a.beam_energy_kv && deceleration && deceleration->value > 0)
        header.warn(deceleration->source + " is " + format_shortest(deceleration->value) +
                    " kV: the electrons reach the sample with less than the beam energy shown");

    auto data_size = header.text_of("DataSize");
    auto frame = data_size ? size_from(data_size->value) : std::nullopt;
    if (data_size && !frame) header.warn(data_size->source + " is no size and was left out");
    FrameFit fit{1.0, 0, {}};
    if (frame) fit = fit_to_frame(input.stored_size(), *frame, data_size->source);
    if (!fit.warning.empty()) header.warn(fit.warning);
    if (fit.databar_rows > 0)
        a.databar_rows = {fit.databar_rows, "rows stored below the frame of " + data_size->source};
    found.scale = fit.scale;
    state_pixel_size(found, header, fit.scale);
    auto image_name = header.text_of("ImageName");
    if (image_name && !fit.warning.empty() && !iequals(image_name->value, input.file_name))
        header.warn(title + " was written for " + image_name->value +
                    " of another size: it may not belong to this image");
    metadata.warnings = header.warnings();
    return found;
}

/// `scale` as the sidecar knows it: the tag states no size of the frame.
Found read_tag(MetadataInput const& input, std::optional<double> scale) {
    FileField const* field = input.tag(k_tag_header);
    constexpr std::size_t k_longest = std::size_t{1} << 20; // real ones take about 600 bytes
    std::string text = utf8_from_bytes(ByteView(field->bytes).first(std::min(field->bytes.size(), k_longest)));
    HitachiReader header(parse_header_text(whole_lines(text)), "header");
    Found found{{}, parse_header_text(text)};
    found.metadata.acquisition = common_facts(header);
    if (std::string name = model(input); !name.empty())
        found.metadata.acquisition.instrument = {name, "header: tag 40093"};
    state_pixel_size(found, header, scale);
    found.metadata.warnings = header.warnings();
    return found;
}

Metadata read(MetadataInput const& input) {
    Metadata metadata;
    std::vector<RawKey> raw;
    std::optional<double> scale = 1.0;
    auto take = [&](Found found) {
        add_missing(metadata.acquisition, std::move(found.metadata.acquisition));
        raw.insert(raw.end(), found.raw.begin(), found.raw.end());
        auto& sizes = metadata.pixel_sizes;
        sizes.insert(sizes.end(), found.metadata.pixel_sizes.begin(), found.metadata.pixel_sizes.end());
        auto& warnings = metadata.warnings;
        warnings.insert(warnings.end(), found.metadata.warnings.begin(), found.metadata.warnings.end());
        scale = found.scale;
    };
    if (!input.sidecar.empty() && is_hitachi_text(sidecar_text(input))) take(read_sidecar(input));
    if (input.tag(k_tag_header)) take(read_tag(input, scale));
    if (!metadata.pixel_sizes.empty()) {
        StatedPixelSize const& best = metadata.pixel_sizes.front();
        metadata.acquisition.pixel_size_x_nm = {best.x_nm, best.source};
        metadata.acquisition.pixel_size_y_nm = {best.y_nm, best.source};
    }
    metadata.vendor = "Hitachi";
    metadata.raw = std::make_shared<std::vector<RawKey> const>(std::move(raw));
    return metadata;
}

} // namespace

extern constinit MetadataReader const k_reader_hitachi{"hitachi", "Hitachi, text beside the image and tag 40092", sniff,
                                                       read};

} // namespace mg
