// The user's corrections of what the file says, and what the pixel size follows from when the file does not say it: a
// known length, a microscope's display width and the magnification, the tilt of the stage. A value that is not set (0,
// -1 or no text) changes nothing.
#include <array>
#include <cmath>
#include <utility>

#include "base/text.h"
#include "math/portable.h"
#include "recipe/step.h"

namespace mg {
namespace {

enum class Tilt { none, surface, cross_section };
constexpr Choice k_tilts[] = {{"none", "Not corrected"}, {"surface", "Tilted surface"}, {"cross_section", "Upright cross-section"}};

struct CorrectParams {
    double pixel_size_x_nm = 0;
    double pixel_size_y_nm = 0;
    double known_length_nm = 0;
    double known_length_px = 0;
    double known_length_rows_px = 0;
    std::string microscope;
    double microscope_width_mm = 0;
    double microscope_aspect = 1;
    bool microscope_first = false;
    Tilt tilt = Tilt::none;
    double tilt_deg = 0;
    double beam_energy_kv = 0;
    double working_distance_mm = 0;
    double magnification = 0;
    double spot_size = 0;
    std::string detector;
    double wavelength_nm = 0;
    std::string sample;
    std::string author;
    std::string acquired;
    std::string instrument;
    int databar_rows = -1;
};

constexpr auto k_params = std::to_array<Param>({
    param<&CorrectParams::pixel_size_x_nm>(
        {.key = "pixel_size_x_nm",
         .label = "Pixel width",
         .help = "Width of a pixel of the file as stored; 0 keeps what the file says.",
         .unit = "nm",
         .minimum = 0,
         .maximum = 1e9,
         .unset = "as recorded"}),
    param<&CorrectParams::pixel_size_y_nm>(
        {.key = "pixel_size_y_nm",
         .label = "Pixel height",
         .help = "Height of a pixel of the file as stored. 0: what the file says, or, with a "
                 "corrected width, the same proportion as before.",
         .unit = "nm",
         .minimum = 0,
         .maximum = 1e9,
         .unset = "as recorded"}),
    param<&CorrectParams::known_length_nm>(
        {.key = "known_length_nm",
         .label = "Known length",
         .help = "Length of something in the picture; together with its length in pixels it gives the pixel size.",
         .unit = "nm",
         .minimum = 0,
         .maximum = 1e12,
         .unset = "none"}),
    param<&CorrectParams::known_length_px>(
        {.key = "known_length_px",
         .label = "Its length in pixels",
         .help = "How many pixels of the file as stored the known length takes along the scan lines.",
         .unit = "px",
         .minimum = 0,
         .maximum = 1e6,
         .unset = "none"}),
    param<&CorrectParams::known_length_rows_px>(
        {.key = "known_length_rows_px",
         .label = "Its rise in rows",
         .help = "How many rows of the file as stored the known length takes across the scan lines; 0 when it lies "
                 "along them.",
         .unit = "px",
         .minimum = 0,
         .maximum = 1e6,
         .unset = "none"}),
    param<&CorrectParams::microscope>(
        {.key = "microscope",
         .label = "Microscope",
         .help = "Name of the microscope whose display width stands below; it is shown with the pixel size.",
         .maximum = 100,
         .unset = "none"}),
    param<&CorrectParams::microscope_width_mm>(
        {.key = "microscope_width_mm",
         .label = "Display width",
         .help = "The width on which the microscope's magnification is based: the image is this wide divided by the "
                 "magnification. Used for files that state a magnification and no pixel size.",
         .unit = "mm",
         .minimum = 0,
         .maximum = 1e5,
         .unset = "none"}),
    param<&CorrectParams::microscope_aspect>({.key = "microscope_aspect",
                                              .label = "Pixel proportion",
                                              .help = "Width of that microscope's pixels divided by their height.",
                                              .minimum = 0.1,
                                              .maximum = 10}),
    param<&CorrectParams::microscope_first>(
        {.key = "microscope_first",
         .label = "Instead of the file's own",
         .help = "The microscope's display width counts even where the file states a pixel size."}),
    param<&CorrectParams::tilt>(
        {.key = "tilt",
         .label = "Stage tilt",
         .help = "What the picture shows of a tilted sample: its surface, foreshortened by the cosine of the tilt, or "
                 "an upright cross-section, foreshortened by the sine. The pixel size across the tilt axis is corrected.",
         .choices = k_tilts}),
    param<&CorrectParams::tilt_deg>({.key = "tilt_deg",
                                     .label = "Tilt angle",
                                     .help = "0 takes the stage tilt that the file states.",
                                     .unit = "\u00B0",
                                     .minimum = -90,
                                     .maximum = 90,
                                     .unset = "as recorded"}),
    param<&CorrectParams::beam_energy_kv>({.key = "beam_energy_kv",
                                           .label = "Beam energy",
                                           .help = "Accelerating voltage; 0 keeps what the file says.",
                                           .unit = "kV",
                                           .minimum = 0,
                                           .maximum = 1000,
                                           .unset = "as recorded"}),
    param<&CorrectParams::working_distance_mm>({.key = "working_distance_mm",
                                                .label = "Working distance",
                                                .help = "From the lens to the sample; 0 keeps what the file says.",
                                                .unit = "mm",
                                                .minimum = 0,
                                                .maximum = 1000,
                                                .unset = "as recorded"}),
    param<&CorrectParams::magnification>({.key = "magnification",
                                          .label = "Magnification",
                                          .help =
                                              "As the microscope displays it; 0 keeps what the file says. It does not "
                                              "change the pixel size, but where a display width gives it.",
                                          .unit = "\u00D7",
                                          .minimum = 0,
                                          .maximum = 1e8,
                                          .unset = "as recorded"}),
    param<&CorrectParams::spot_size>({.key = "spot_size",
                                      .label = "Spot size",
                                      .help = "The microscope's spot number; 0 keeps what the file says.",
                                      .minimum = 0,
                                      .maximum = 100,
                                      .unset = "as recorded"}),
    param<&CorrectParams::detector>({.key = "detector",
                                     .label = "Detector",
                                     .help = "SE, BSE, CL and so on; empty keeps what the file says.",
                                     .maximum = 100,
                                     .unset = "as recorded"}),
    param<&CorrectParams::wavelength_nm>(
        {.key = "wavelength_nm",
         .label = "Wavelength",
         .help = "Of a cathodoluminescence image; 0 keeps what the file or its name says.",
         .unit = "nm",
         .minimum = 0,
         .maximum = 1e6,
         .unset = "as recorded"}),
    param<&CorrectParams::sample>({.key = "sample",
                                   .label = "Sample",
                                   .help = "Name of the sample; empty keeps what the file or its folder says.",
                                   .maximum = 500,
                                   .unset = "as recorded"}),
    param<&CorrectParams::author>({.key = "author",
                                   .label = "Author",
                                   .help = "Who took the image; empty keeps what the file or its folder says.",
                                   .maximum = 200,
                                   .unset = "as recorded"}),
    param<&CorrectParams::acquired>(
        {.key = "acquired",
         .label = "Date",
         .help = "When the image was taken, such as 2025-04-10; empty keeps what the file says.",
         .maximum = 40,
         .unset = "as recorded"}),
    param<&CorrectParams::instrument>({.key = "instrument",
                                       .label = "Instrument",
                                       .help = "Name of the microscope; empty keeps what the file says.",
                                       .maximum = 200,
                                       .unset = "as recorded"}),
    param<&CorrectParams::databar_rows>({.key = "databar_rows",
                                         .label = "Burned-in databar",
                                         .help = "Rows of the vendor's databar at the bottom of the file as stored; "
                                                 "\u22121 keeps what the file says, 0 means that there is none.",
                                         .unit = "px",
                                         .minimum = -1,
                                         .maximum = 100000,
                                         .unset = "as recorded"}),
});

constexpr char k_source[] = "corrected by you";

void correct_number(std::optional<Sourced<double>>& value, double corrected) {
    if (corrected > 0) value = {corrected, k_source};
}

void correct_text(std::optional<Sourced<std::string>>& value, std::string const& corrected) {
    if (std::string_view const text = trimmed(corrected); !text.empty()) value = {std::string(text), k_source};
}

struct StoredSize {
    double x_nm = 0, y_nm = 0; ///< 0: unknown
    std::string source;
};

/// Height over width of the stored pixels, as far as the file knows; 1 otherwise.
double proportion(Acquisition const& facts) {
    auto const &x = facts.pixel_size_x_nm, &y = facts.pixel_size_y_nm;
    return x && y && x->value > 0 && y->value > 0 ? y->value / x->value : 1;
}

/// What the user's values give; nothing where they give none.
StoredSize corrected_size(CorrectParams const& params, Acquisition const& facts, double stored_width_px) {
    double const height = proportion(facts);
    if (params.pixel_size_x_nm > 0 || params.pixel_size_y_nm > 0) {
        double const y = params.pixel_size_x_nm > 0 ? params.pixel_size_x_nm * height : 0;
        return {params.pixel_size_x_nm, params.pixel_size_y_nm > 0 ? params.pixel_size_y_nm : y, k_source};
    }
    double const rows = params.known_length_rows_px * height;
    if (double const px = std::sqrt(params.known_length_px * params.known_length_px + rows * rows);
        params.known_length_nm > 0 && px > 0)
        return {params.known_length_nm / px, params.known_length_nm / px * height, k_source};
    double const magnification = facts.magnification ? facts.magnification->value : 0;
    bool const wanted = params.microscope_first || !facts.pixel_size_x_nm;
    if (wanted && params.microscope_width_mm > 0 && magnification > 0 && stored_width_px > 0) {
        double const x = params.microscope_width_mm * 1e6 / magnification / stored_width_px;
        std::string source = "microscope preset";
        if (std::string_view const name = trimmed(params.microscope); !name.empty()) source += " " + std::string(name);
        return {x, x / params.microscope_aspect, source + ": " + format_shortest(params.microscope_width_mm) + " mm / magnification"};
    }
    return {};
}

/// Sets the size of the stored pixels, and with it that of the planes as they are: whatever has happened to the planes
/// since, by the same factor.
struct SizeChange {
    double nm = 0;
    std::string source;
    double preview_scale = 1;
};
void correct_pixel_size(std::optional<Sourced<double>>& stored, std::optional<Sourced<double>>& current,
                        SizeChange const& change) {
    if (!(change.nm > 0)) return;
    bool const both = stored && current && stored->value > 0;
    double const factor = both ? current->value / stored->value : 1 / change.preview_scale;
    stored = {change.nm, change.source};
    current = {change.nm * factor, change.source};
}

/// The pixel size across the tilt axis. The axis is level in the picture, or upright when the scan is turned by a right
/// angle; any other scan rotation skews the picture, and one number per direction cannot say how.
void correct_tilt(Channel& channel, CorrectParams const& params, Job& job) {
    if (params.tilt == Tilt::none) return;
    Acquisition& facts = channel.metadata.acquisition;
    auto const refuse = [&](std::string const& why) { job.note("tilt", "not corrected", "stage tilt not corrected: " + why); };
    if (auto const& done = facts.tilt_correction_deg; done && std::fabs(done->value) > 0.01)
        return refuse("the microscope has corrected for " + format_shortest(done->value) + "\u00B0 already");
    double const given = params.tilt_deg != 0 ? params.tilt_deg : facts.stage_tilt_deg ? facts.stage_tilt_deg->value : 0;
    if (given == 0 && !facts.stage_tilt_deg) return refuse("the file states no tilt; set the angle");
    double const tilt = std::fabs(given);
    bool const surface = params.tilt == Tilt::surface;
    std::string const angle = format_shortest(tilt) + "\u00B0";
    if (surface && !(tilt < 80)) return refuse(angle + " is too steep for a surface");
    if (!surface && !(tilt > 10 && tilt <= 90)) return refuse(angle + " shows too little of a cross-section");
    double const turned = facts.scan_rotation_deg ? facts.scan_rotation_deg->value : 0;
    double const quarter = std::fabs(turned) < 1e6 ? turned - 180 * std::floor(turned / 180) : 45;
    bool const level = quarter < 1 || quarter > 179, upright = std::fabs(quarter - 90) < 1;
    if (!level && !upright) return refuse("the scan is turned by " + format_shortest(turned) + "\u00B0");
    if (!facts.pixel_size_x_nm || !facts.pixel_size_y_nm) return refuse("no pixel size is known");
    if (tilt == 0) return;

    constexpr double k_radians = 3.14159265358979323846 / 180;
    double const share = surface ? cos_portable(tilt * k_radians) : sin_portable(tilt * k_radians);
    auto const stretch = [&](std::optional<Sourced<double>>& size) {
        if (!size) return;
        size->value /= share;
        size->source += (surface ? " / cos " : " / sin ") + angle + " (stage tilt)";
    };
    stretch(upright ? facts.pixel_size_x_nm : facts.pixel_size_y_nm);
    stretch(upright ? channel.pixel_size_x_nm : channel.pixel_size_y_nm);
    job.note("tilt", tilt, std::string(upright ? "pixel width" : "pixel height") + " / " + (surface ? "cos " : "sin ") +
                               angle + " for the stage tilt");
}

void correct_channel(Channel& channel, CorrectParams const& params, double preview_scale, Job& job) {
    Acquisition& facts = channel.metadata.acquisition;
    correct_number(facts.magnification, params.magnification);
    StoredSize const size = corrected_size(params, facts, channel.size().width / preview_scale);
    correct_pixel_size(facts.pixel_size_x_nm, channel.pixel_size_x_nm, {size.x_nm, size.source, preview_scale});
    correct_pixel_size(facts.pixel_size_y_nm, channel.pixel_size_y_nm, {size.y_nm, size.source, preview_scale});
    correct_tilt(channel, params, job);
    correct_number(facts.beam_energy_kv, params.beam_energy_kv);
    correct_number(facts.working_distance_mm, params.working_distance_mm);
    correct_number(facts.spot_size, params.spot_size);
    correct_number(facts.wavelength_nm, params.wavelength_nm);
    correct_text(facts.detector, params.detector);
    correct_text(facts.sample, params.sample);
    correct_text(facts.author, params.author);
    correct_text(facts.acquired, params.acquired);
    correct_text(facts.instrument, params.instrument);
    if (params.databar_rows >= 0) facts.databar_rows = {params.databar_rows, k_source};
}

Status run(Scene& scene, CorrectParams const& params, Job& job) {
    for (Channel& channel : scene.channels) correct_channel(channel, params, scene.preview_scale, job);
    return Done{};
}

} // namespace

extern constinit Step const k_step_correct = make_step<CorrectParams, k_params, run>(
    {.id = "correct",
     .title = "Corrections",
     .group = StepGroup::input,
     .summary = "Replaces what the file says about itself, or supplies what it does not say.",
     .workflows = k_annotate | k_overlay | k_materials});

} // namespace mg
