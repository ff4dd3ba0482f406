// TVIPS' EM-MENU: the TemData structure in TIFF tag 37706, or at the place in the file that the tag names. Version 1
// has 244 bytes of whole numbers, version 2 another 6068 behind them, with a mark at its end. No description is at
// hand; the fields are those of tifffile (https://github.com/cgohlke/tifffile), their units those of RosettaSciIO,
// whose real file has 99 000 for 99 kV and 1.4208 nm pixels at 32 000 times, and a date of 132122901, which is
// 0x07E00915: 2016-09-21. Version 1 states no pixel size; its unit of high tension is told by its size: no microscope
// has 3 MV or 5 V.
#include <cmath>
#include <cstring>

#include "base/text.h"
#include "metadata/header_text.h"
#include "metadata/metadata.h"
#include "metadata/sidecar.h"
#include "metadata/units.h"

namespace mg {

namespace {

constexpr int k_tag = 37706;
constexpr std::size_t k_bytes_1 = 244, k_bytes_2 = 6312;
constexpr std::uint32_t k_end_mark = 0xAAAAAAAA;
constexpr int k_diffraction = 3; // TemMode

enum class Kind { whole, real, latin, utf16, date, time };

/// A field that is shown; those without use for a picture are left out.
struct Place {
    std::string_view name;
    std::size_t at;
    Kind kind;
    std::size_t bytes = 4;
};

constexpr Place k_places_1[] = {
    {"Comment", 4, Kind::latin, 80},    {"HighTension", 84, Kind::whole},
    {"Magnification", 96, Kind::whole}, {"PostMagnification", 100, Kind::whole},
    {"Defocus", 108, Kind::whole},      {"PhysicalPixelSize", 176, Kind::whole},
    {"Binning", 180, Kind::whole},      {"ExposureTime", 196, Kind::whole},
    {"Date", 224, Kind::date},          {"Time", 228, Kind::time},
};
constexpr Place k_places_2[] = {
    {"ImageName", 244, Kind::utf16, 160},
    {"ImageSizeX", 564, Kind::whole},
    {"ImageSizeY", 568, Kind::whole},
    {"Date", 584, Kind::date},
    {"Time", 588, Kind::time},
    {"Comment", 592, Kind::utf16, 1024},
    {"PixelSizeX", 2968, Kind::real},
    {"PixelSizeY", 2972, Kind::real},
    {"TemType", 3112, Kind::utf16, 160},
    {"TemHighTension", 3272, Kind::real},
    {"TemMode", 3532, Kind::whole},
    {"TemMagnification", 3536, Kind::real},
    {"TemMagnificationCorrection", 3540, Kind::real},
    {"PostMagnification", 3544, Kind::real},
    {"TemStageAlpha", 3564, Kind::real},
    {"TemStageBeta", 3568, Kind::real},
    {"TemSpotSize", 3624, Kind::real},
    {"CameraType", 3768, Kind::utf16, 160},
    {"PhysicalPixelSizeX", 3928, Kind::real},
    {"PhysicalPixelSizeY", 3932, Kind::real},
    {"BinningX", 3944, Kind::whole},
    {"BinningY", 3948, Kind::whole},
    {"ExposureTime", 3952, Kind::real},
};

struct Data {
    ByteView bytes;
    bool is_big = false;

    std::uint32_t number(std::size_t at) const {
        std::uint32_t value = 0;
        for (std::size_t i = 0; i < 4; ++i) value = value << 8 | bytes[at + (is_big ? i : 3 - i)];
        return value;
    }
    std::string value(Place const& place) const {
        std::uint32_t bits = place.bytes == 4 ? number(place.at) : 0;
        ByteView view = bytes.subspan(place.at, place.bytes);
        auto two = [](std::uint32_t part) { return (part < 10 ? "0" : "") + std::to_string(part); };
        switch (place.kind) {
        case Kind::whole:
            return std::to_string(static_cast<std::int32_t>(bits));
        case Kind::real: {
            float real = 0;
            std::memcpy(&real, &bits, sizeof real);
            return format_shortest(static_cast<double>(real));
        }
        case Kind::latin: {
            std::string_view text = as_text(view);
            return utf8_from_unknown(trimmed(text.substr(0, text.find('\0'))));
        }
        case Kind::utf16: {
            std::string text = utf8_from_utf16(view, is_big);
            return std::string(trimmed(text.substr(0, text.find('\0'))));
        }
        case Kind::date:
            return std::to_string(bits >> 16) + "-" + two(bits >> 8 & 0xFF) + "-" + two(bits & 0xFF);
        case Kind::time:
            return bits >= 86400 ? "" : two(bits / 3600) + ":" + two(bits / 60 % 60) + ":" + two(bits % 60);
        }
        return {};
    }
};

/// The structure, as far as it is there; version() tells whether it is whole.
Data data_of(MetadataInput const& input) {
    FileField const* field = input.tag(k_tag);
    Data data{field->bytes, input.decoded->big_endian};
    if (field->bytes.size() > 8) return data;
    std::uint64_t offset = 0;
    std::size_t length = field->bytes.size();
    for (std::size_t i = 0; i < length; ++i) offset = offset << 8 | field->bytes[data.is_big ? i : length - 1 - i];
    data.bytes = offset < input.file.size() ? input.file.subspan(static_cast<std::size_t>(offset)) : ByteView();
    return data;
}

/// 1 or 2; 0 for what is neither or not whole.
int version_of(Data const& data) {
    if (data.bytes.size() < k_bytes_1) return 0;
    std::uint32_t version = data.number(0);
    if (version == 1) return 1;
    return version == 2 && data.bytes.size() >= k_bytes_2 && data.number(k_bytes_2 - 4) == k_end_mark ? 2 : 0;
}

bool sniff(MetadataInput const& input) {
    return input.tag(k_tag) != nullptr;
}

void read_1(HeaderReader& header, Acquisition& a) {
    a.beam_energy_kv = header.number("TVIPS", "HighTension", 1, 3e6);
    if (a.beam_energy_kv && a.beam_energy_kv->value > 3000) a.beam_energy_kv->value /= 1000;
    a.magnification = header.number("TVIPS", "Magnification", 0.1, 1e8);
}

void read_2(HeaderReader& header, Acquisition& a, Size stored) {
    a.beam_energy_kv = header.number("TVIPS", "TemHighTension", 10, 3e6);
    if (a.beam_energy_kv) a.beam_energy_kv->value /= 1000;
    a.instrument = header.text("TVIPS", "TemType");
    a.detector = header.text("TVIPS", "CameraType");
    a.stage_tilt_deg = header.number("TVIPS", "TemStageAlpha", -90, 90);
    a.spot_size = header.number("TVIPS", "TemSpotSize", 1, 100);
    auto mode = header.number("TVIPS", "TemMode", -1e9, 1e9);
    if (mode && mode->value == k_diffraction) {
        header.warn("header: the microscope was in diffraction: no magnification and no pixel size");
        return;
    }
    a.magnification = header.number("TVIPS", "TemMagnification", 0.1, 1e8);
    auto width = header.number("TVIPS", "ImageSizeX", 1, 1 << 20),
         height = header.number("TVIPS", "ImageSizeY", 1, 1 << 20);
    FrameFit fit{1.0, 0, {}};
    if (width && height)
        fit = fit_to_frame(stored, {static_cast<int>(width->value), static_cast<int>(height->value)},
                           "header: [TVIPS] ImageSizeX, ImageSizeY");
    if (!fit.warning.empty()) header.warn(fit.warning);
    auto x = header.number("TVIPS", "PixelSizeX", 1e-3, 1e7), y = header.number("TVIPS", "PixelSizeY", 1e-3, 1e7);
    if (!x || !y || !fit.scale) return;
    a.pixel_size_x_nm = {x->value * *fit.scale, x->source};
    a.pixel_size_y_nm = {y->value * *fit.scale, y->source};
}

Metadata read(MetadataInput const& input) {
    Metadata metadata;
    metadata.vendor = "TVIPS";
    Data data = data_of(input);
    int version = version_of(data);
    std::vector<RawKey> keys;
    auto read_places = [&](auto const& places) {
        for (Place const& place : places) keys.push_back({"TVIPS", std::string(place.name), data.value(place)});
    };
    if (version == 1) read_places(k_places_1);
    if (version == 2) read_places(k_places_2);
    HeaderReader header(std::move(keys));
    Acquisition& a = metadata.acquisition;
    if (version == 0) header.warn("header: the TVIPS data of tag 37706 are cut off or of an unknown version: not read");
    if (version == 1) read_1(header, a);
    if (version == 2) read_2(header, a, input.stored_size());
    if (version != 0) {
        a.beam_kind = {"electron", "header: [TVIPS]"};
        a.user_text = header.text("TVIPS", "Comment");
        RawKey const* date = header.find("TVIPS", "Date");
        auto iso = iso_date_time(date->value, header.find("TVIPS", "Time")->value, DateOrder::year_month_day);
        if (iso) a.acquired = {*iso, "header: [TVIPS] Date"};
    }
    metadata.warnings = header.warnings();
    metadata.raw = std::make_shared<std::vector<RawKey> const>(header.keys());
    return metadata;
}

} // namespace

extern constinit MetadataReader const k_reader_tvips{"tvips", "TVIPS, tag 37706", sniff, read};

} // namespace mg
