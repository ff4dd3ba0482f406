// The user's corrections of what the file says. A value that is not set (0, -1 or no text) changes nothing.
#include <array>

#include "base/text.h"
#include "recipe/step.h"

namespace mg {
namespace {

struct CorrectParams {
    double pixel_size_x_nm = 0;
    double pixel_size_y_nm = 0;
    double known_length_nm = 0;
    double known_length_px = 0;
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
         .help = "Length of something in the picture, measured along a scan line; together "
                 "with its length in pixels it gives the pixel size.",
         .unit = "nm",
         .minimum = 0,
         .maximum = 1e12,
         .unset = "none"}),
    param<&CorrectParams::known_length_px>({.key = "known_length_px",
                                            .label = "Its length in pixels",
                                            .help = "How many pixels of the file as stored the known length takes.",
                                            .unit = "px",
                                            .minimum = 0,
                                            .maximum = 1e6,
                                            .unset = "none"}),
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
                                              "change the pixel size.",
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

/// Sets the size of the stored pixels, and with it that of the planes as they are: whatever has happened to the planes
/// since, by the same factor.
void correct_pixel_size(std::optional<Sourced<double>>& stored, std::optional<Sourced<double>>& current,
                        double corrected, double preview_scale) {
    if (!(corrected > 0)) return;
    bool const both = stored && current && stored->value > 0;
    double const factor = both ? current->value / stored->value : 1 / preview_scale;
    stored = {corrected, k_source};
    current = {corrected * factor, k_source};
}

void correct_channel(Channel& channel, CorrectParams const& params, double preview_scale) {
    Acquisition& facts = channel.metadata.acquisition;
    double x_nm = params.pixel_size_x_nm, y_nm = params.pixel_size_y_nm;
    if (!(x_nm > 0) && params.known_length_nm > 0 && params.known_length_px > 0)
        x_nm = params.known_length_nm / params.known_length_px;
    if (x_nm > 0 && !(y_nm > 0)) {
        auto const &x = facts.pixel_size_x_nm, &y = facts.pixel_size_y_nm;
        y_nm = x && y && x->value > 0 ? x_nm * y->value / x->value : x_nm;
    }
    correct_pixel_size(facts.pixel_size_x_nm, channel.pixel_size_x_nm, x_nm, preview_scale);
    correct_pixel_size(facts.pixel_size_y_nm, channel.pixel_size_y_nm, y_nm, preview_scale);
    correct_number(facts.beam_energy_kv, params.beam_energy_kv);
    correct_number(facts.working_distance_mm, params.working_distance_mm);
    correct_number(facts.magnification, params.magnification);
    correct_number(facts.spot_size, params.spot_size);
    correct_number(facts.wavelength_nm, params.wavelength_nm);
    correct_text(facts.detector, params.detector);
    correct_text(facts.sample, params.sample);
    correct_text(facts.author, params.author);
    correct_text(facts.acquired, params.acquired);
    correct_text(facts.instrument, params.instrument);
    if (params.databar_rows >= 0) facts.databar_rows = {params.databar_rows, k_source};
}

Status run(Scene& scene, CorrectParams const& params, Job&) {
    for (Channel& channel : scene.channels) correct_channel(channel, params, scene.preview_scale);
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
