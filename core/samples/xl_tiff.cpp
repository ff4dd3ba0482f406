// Writer of XL-series TIFFs, for samples and tests. Sections, keys, their order and the layout of the file are those of
// real ones; the values that no reader uses are fixed.
#include <algorithm>
#include <numeric>

#include "base/text.h"
#include "samples/sample_xl.h"

namespace mg {

namespace {

struct TiffEntry {
    int tag = 0;
    int type = 0; ///< 2 text, 3 short, 4 long, 5 rational
    std::uint32_t count = 1;
    std::uint32_t value = 0; ///< or offset
};

void append_number(Bytes& out, std::uint32_t value, int byte_count) {
    for (int i = 0; i < byte_count; ++i) out.push_back(static_cast<std::uint8_t>(value >> (8 * i)));
}

template <class T>
Bytes write_tiff(ImageView<T const> image, XlHeader const& header) {
    constexpr std::uint32_t k_rows_per_strip = 10;
    auto width = static_cast<std::uint32_t>(image.width());
    auto height = static_cast<std::uint32_t>(image.height());
    std::uint32_t strips = (height + k_rows_per_strip - 1) / k_rows_per_strip;
    auto row_bytes = width * static_cast<std::uint32_t>(sizeof(T));
    std::uint32_t levels = sizeof(T) == 1 ? 256 : 0; // the grey response curve is written for 8 bits only

    std::string text = xl_header_text(header);
    if (text.size() % 2 == 1) text.push_back('\0');
    auto text_size = static_cast<std::uint32_t>(text.size());
    std::uint32_t directory = 8 + text_size;
    std::uint32_t entry_count = levels > 0 ? 16 : 14;
    std::uint32_t offsets = directory + 2 + 12 * entry_count + 4;
    std::uint32_t counts = offsets + 4 * strips;
    std::uint32_t x_resolution = counts + 4 * strips;
    std::uint32_t y_resolution = x_resolution + 8;
    std::uint32_t curve = y_resolution + 8;
    std::uint32_t data = curve + 2 * levels;

    std::vector<TiffEntry> entries = {{254, 4, 1, 0},      {256, 3, 1, width},
                                      {257, 3, 1, height}, {258, 3, 1, 8 * sizeof(T)},
                                      {259, 3, 1, 1},      {262, 3, 1, 1}};
    entries.push_back({273, 4, strips, strips == 1 ? data : offsets});
    entries.push_back({277, 3, 1, 1});
    entries.push_back({278, 4, 1, k_rows_per_strip});
    entries.push_back({279, 4, strips, strips == 1 ? row_bytes * height : counts});
    entries.push_back({282, 5, 1, x_resolution});
    entries.push_back({283, 5, 1, y_resolution});
    if (levels > 0) {
        entries.push_back({290, 3, 1, 3});
        entries.push_back({291, 3, levels, curve});
    }
    entries.push_back({296, 3, 1, 3});
    entries.push_back({34680, 2, text_size, 8});

    Bytes out = {'I', 'I', 42, 0};
    out.reserve(data + std::size_t{row_bytes} * height);
    append_number(out, directory, 4);
    out.insert(out.end(), text.begin(), text.end());
    append_number(out, entry_count, 2);
    for (TiffEntry const& entry : entries) {
        append_number(out, static_cast<std::uint32_t>(entry.tag), 2);
        append_number(out, static_cast<std::uint32_t>(entry.type), 2);
        append_number(out, entry.count, 4);
        append_number(out, entry.value, 4);
    }
    append_number(out, 0, 4);
    auto rows_in = [&](std::uint32_t strip) { return std::min(k_rows_per_strip, height - strip * k_rows_per_strip); };
    for (std::uint32_t i = 0; i < strips; ++i) append_number(out, data + i * k_rows_per_strip * row_bytes, 4);
    for (std::uint32_t i = 0; i < strips; ++i) append_number(out, rows_in(i) * row_bytes, 4);
    // As a photograph of 24 cm x 18 cm.
    for (auto [pixels, centimetres] : {std::pair{width, 24u}, std::pair{height, 18u}}) {
        std::uint32_t divisor = std::gcd(pixels, centimetres);
        append_number(out, pixels / divisor, 4);
        append_number(out, centimetres / divisor, 4);
    }
    for (std::uint32_t i = 0; i < levels; ++i) append_number(out, 2000 * (levels - 1 - i) / (levels - 1), 2);
    for (int y = 0; y < image.height(); ++y)
        for (int x = 0; x < image.width(); ++x) append_number(out, image.at(x, y), sizeof(T));
    return out;
}

} // namespace

std::string xl_header_text(XlHeader const& header) {
    std::string text;
    auto line = [&](std::string_view content) { text.append(content).append("\r\n"); };
    auto set = [&](std::string_view key, std::string_view value) {
        text.append(key).append(" = ");
        line(value);
    };
    auto real = [&](std::string_view key, double value, int decimals = 3) { set(key, format_fixed(value, decimals)); };
    auto integer = [&](std::string_view key, int value) { set(key, std::to_string(value)); };
    auto indexed = [](std::string_view before, int index, std::string_view after = {}) {
        return std::string(before).append(std::to_string(index)).append(after);
    };

    line("");
    line("[DatabarData]");
    real("flAccV", header.beam_energy_v);
    real("flSpot", header.spot);
    std::string half_height = format_fixed(header.size_y_mm / 2 / header.magnification, 11);
    set("flMagn", std::string(half_height.size() < 18 ? 18 - half_height.size() : 0, ' ').append(half_height));
    integer("lDetName", header.detector);
    real("flWD", header.working_distance_mm);
    integer("lScanSpeed", 3);
    integer("FilterMode", 136);
    integer("Definition", 177);
    set("szUserText", header.user_text);
    set("ImageName", header.image_name);
    real("flIonAccV", header.ion_energy_v);
    real("flIonSpot", header.ion_spot);
    real("flIonMagn", header.size_y_mm / 2 / header.ion_magnification, 5);
    real("flIonWD", header.ion_working_distance_mm);
    integer("iImageType", header.image_type);
    line("");
    line("[ImageDevice]");
    integer("DeviceName", 3);
    real("SizeY", header.size_y_mm, 5);
    real("RatioXY", header.ratio_xy, 5);
    line("");
    line("[MachineData]");
    integer("Magic", 19544);
    integer("Version", 1536);
    integer("MachineType", 4);
    integer("MachineNumber", 1);
    integer("NrOfVectors", 1);
    integer("XLFileType", 0);
    line("");
    line("[Vector]");
    integer("flStageXPosition", -1627000);
    integer("flStageYPosition", -2711000);
    integer("SpecimenRotation", 288000000);
    integer("SpecimenTilt", 0);
    real("Magnification", header.magnification);
    real("HighTension", header.beam_energy_v);
    real("FWD", header.working_distance_mm);
    real("ScanRotation", header.scan_rotation_deg);
    real("BeamShiftX", -0.01926, 5);
    real("BeamShiftY", 0.00294, 5);
    real("ProbeCurrent", header.spot);
    real("StigmatorX", -7.61299, 5);
    real("StigmatorY", -9.09427, 5);
    integer("NrOfScanPresets", 5);
    line("");
    line("[Vector.Sysscan]");
    integer("Index", 3);
    constexpr int k_line_times[5] = {1, 3, 5, 5, 0};
    for (int i = 0; i < 5; ++i) integer(indexed("LinesPerFrameIndex", i), i == 3 ? 3 : 2);
    for (int i = 0; i < 5; ++i) integer(indexed("LineTimeIndex", i), k_line_times[i]);
    integer("Mode", 7);
    integer("Application", 0);
    real("PositionX", -4.49438, 5);
    real("PositionY", -7.46888, 5);
    real("SizeX", 31.46067, 5);
    real("SizeY", 34.85477, 5);
    integer("TVFilterMode", 107);
    integer("TVPow2Frames", 2);
    integer("SSFilterMode", 136);
    integer("SSPow2Frames", 0);
    integer("TVResolution", 177);
    integer("SSResolution", 177);
    integer("TvOver4", 0);
    line("");
    line("[Vector.Video]");
    integer("MaxNrDetectors", 8);
    integer("MaxNrNlimChannels", 2);
    line("");
    line("[Vector.Video.Detectors]");
    integer("NrDetectorsConnected", 5);
    integer("ActualSelected", header.detector);
    constexpr int k_codes[8] = {12, 11, 14, 32, 52, 0, 0, 0};
    for (int i = 0; i < 8; ++i) integer(indexed("Detector_", i, "_Name"), k_codes[i]);
    for (int i = 0; i < 8; ++i) real(indexed("Detector_", i, "_Contrast"), 30);
    for (int i = 0; i < 8; ++i) real(indexed("Detector_", i, "_Brightness"), 50);
    for (int i = 0; i < 8; ++i) real(indexed("Detector_", i, "_Extra1"), 5);
    line("");
    for (int channel = 0; channel < 2; ++channel) {
        line(indexed("[Vector.Video.Channel.", channel, "]"));
        integer("Contents", channel == 0 ? 62 : 0);
        real("Contrast", 57.8);
        real("MultiContrast", 8.913);
        real("Brightness", 5);
        real("MultiBrightness", 48.69);
        auto selected = [&](int i) { return channel == 0 && i == header.detector; };
        for (int i = 0; i < 8; ++i) real(indexed("MixFactor_Det_", i), selected(i) ? 100 : 0);
        for (int i = 0; i < 8; ++i) real(indexed("PrevMixFactor_Det_", i), 0);
        for (int i = 0; i < 8; ++i) integer(indexed("Selection_Det_", i), selected(i) ? 1 : 0);
        line("");
    }
    line("[Vector.IonColumn]");
    integer("VectMask", 0);
    integer("ImageType", 12289);
    integer("IonAperPresetNo", 6);
    real("IonBeamShiftX", 4.58465, 5);
    real("IonBeamShiftY", 16.20608, 5);
    real("IonStigX", 0.07743, 5);
    real("IonStigY", 0.02794, 5);
    real("IonWD", 1000 * header.ion_working_distance_mm, 5);
    real("IonMagn", header.ion_magnification, 5);
    real("IonScanRot", 0);
    for (int i = 0; i < 4; ++i) {
        real(indexed("IonContr", i), 3);
        real(indexed("IonBright", i), 50);
    }
    return text;
}

Bytes write_xl_tiff(ImageView<std::uint8_t const> image, XlHeader const& header) {
    return write_tiff(image, header);
}
Bytes write_xl_tiff(ImageView<std::uint16_t const> image, XlHeader const& header) {
    return write_tiff(image, header);
}

} // namespace mg
