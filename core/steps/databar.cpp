// The databar below the micrograph, or a scale bar alone in one of its corners. Which facts stand there and in which
// order is the user's list; a fact that is unknown leaves no gap. The scale bar and the field follow from the pixel
// size that travelled with the image, never from the magnification.
#include <algorithm>
#include <array>
#include <cmath>

#include "codecs/codec.h"
#include "draw/databar.h"
#include "math/colour.h"
#include "ops/resample.h"
#include "recipe/step.h"
#include "steps/geometry.h"

namespace mg {
namespace {

enum class DatabarStyle { below, corner, none };
constexpr Choice k_styles[] = {{"below", "Below the image"}, {"corner", "Scale bar in a corner"}, {"none", "None"}};
enum class DatabarColours { dark, light };
constexpr Choice k_colours[] = {{"dark", "Dark"}, {"light", "Light"}};
enum class MaterialBars { common, by_element, none };
constexpr Choice k_material_bars[] = {
    {"common", "One scale"}, {"element", "A scale for each element"}, {"none", "None"}};
constexpr Choice k_corners[] = {{"bottom_right", "Bottom right"},
                                {"bottom_left", "Bottom left"},
                                {"top_right", "Top right"},
                                {"top_left", "Top left"}};

struct DatabarParams {
    DatabarStyle style = DatabarStyle::below;
    DatabarColours colours = DatabarColours::dark;
    double text_size = 100;
    double bar_length_nm = 0;
    Corner corner = Corner::bottom_right;
    std::string fields = "beam_energy spot working_distance magnification field detector / sample author date";
    std::string credit;
    Bytes logo;
    MaterialBars material_bars = MaterialBars::common;
    bool compatible = false;
};

constexpr auto k_params = std::to_array<Param>({
    param<&DatabarParams::style>({.key = "style",
                                  .label = "Style",
                                  .help = "A bar of facts below the image, or only a scale bar in one of its corners.",
                                  .choices = k_styles}),
    param<&DatabarParams::colours>(
        {.key = "colours", .label = "Colours", .help = "White on black, or black on white.", .choices = k_colours}),
    param<&DatabarParams::text_size>(
        {.key = "text_size",
         .label = "Text size",
         .help = "Relative to the image's width, so that a set of figures looks alike. Small images get "
                 "legible text all the same.",
         .unit = "%",
         .minimum = 25,
         .maximum = 400,
         .slider_minimum = 50,
         .slider_maximum = 200}),
    param<&DatabarParams::bar_length_nm>(
        {.key = "bar_length_nm",
         .label = "Scale bar",
         .help = "Length of the scale bar; 0: the largest of 1, 2, 5, 10 ... that is shorter than a fifth "
                 "of the width.",
         .unit = "nm",
         .maximum = 1e12,
         .slider_maximum = 10000}),
    param<&DatabarParams::corner>({.key = "corner",
                                   .label = "Corner",
                                   .help = "Where the scale bar stands when it stands alone.",
                                   .choices = k_corners}),
    param<&DatabarParams::fields>(
        {.key = "fields",
         .label = "Fields",
         .help = "What is shown, in this order, / begins a row: beam_energy spot probe_current "
                 "working_distance magnification field pixel_size detector wavelength dwell_time date author "
                 "sample instrument user_text, raw:KEY for any key of the file, \"text:your words\".",
         .maximum = 2000}),
    param<&DatabarParams::credit>(
        {.key = "credit", .label = "Credit", .help = "A line of small print under the facts.", .maximum = 500}),
    param<&DatabarParams::logo>({.key = "logo",
                                 .label = "Logo",
                                 .help = "A picture shown at the left, where there is room for it.",
                                 .maximum = 4e6}),
    param<&DatabarParams::material_bars>(
        {.key = "material_bars",
         .label = "Materials",
         .help =
             "Under a picture of materials: the counts of each element in each material as bars, as long as they are "
             "relative to the largest of all, or of the same element.",
         .choices = k_material_bars,
         .advanced = true}),
    param<&DatabarParams::compatible>(
        {.key = "compatible",
         .label = "As the Python tools",
         .help = "The Python tools' labels and units: AccV, Spot, WDist, Magnif, DimXY; Detector, Made, Sample "
                 "name.",
         .advanced = true}),
});

// --- facts in words --------------------------------------------------------------------------------------------------

std::string trimmed_decimals(double value, int decimals, int least) {
    std::string text = format_fixed(value, decimals);
    for (int kept = decimals; kept > least && text.back() == '0'; --kept) text.pop_back();
    if (text.back() == '.') text.pop_back();
    return text;
}

template <class T>
T const* known(std::optional<Sourced<T>> const& fact) {
    return fact ? &fact->value : nullptr;
}

/// What a token may look at.
struct Facts {
    Channel const& channel;
    DatabarParams const& params;
    double preview_scale;
    bool names_wavelength; ///< the wavelength has a field of its own

    Acquisition const& acquisition() const { return channel.metadata.acquisition; }
};

std::string date_of(Facts const& facts) {
    auto const* date = known(facts.acquisition().acquired);
    return date ? date->substr(0, date->find('T')) : std::string();
}
std::string magnification_of(double value) {
    return (value < 100 ? trimmed_decimals(value, 1, 0)
                        : grouped(static_cast<std::int64_t>(std::min(value, 1e12) + 0.5))) +
           "\u00D7";
}
std::string field_of(Facts const& facts) {
    Channel const& channel = facts.channel;
    if (!is_calibrated(channel)) return {};
    Size size = channel.micrograph_size();
    return field_text(size.width * channel.pixel_size_x_nm->value, size.height * channel.pixel_size_y_nm->value);
}
std::string detector_of(Facts const& facts) {
    auto const* detector = known(facts.acquisition().detector);
    auto const* wavelength = known(facts.acquisition().wavelength_nm);
    std::string text = detector ? *detector : std::string();
    if (text == "CL" && wavelength && !facts.names_wavelength)
        text.append(" ").append(trimmed_decimals(*wavelength, 1, 0)).append(" nm");
    return text;
}

struct Token {
    std::string_view name;
    std::string_view label;
    std::string (*text)(Facts const&);
};

/// Text of an optional number of the acquisition.
template <auto Member, auto Words>
std::string number_text(Facts const& facts) {
    double const* value = known(facts.acquisition().*Member);
    return value && std::isfinite(*value) ? Words(*value) : std::string();
}
template <auto Member>
std::string string_text(Facts const& facts) {
    std::string const* value = known(facts.acquisition().*Member);
    return value ? *value : std::string();
}

constexpr Token k_tokens[] = {
    {"beam_energy", "Beam energy",
     number_text<&Acquisition::beam_energy_kv, [](double v) { return trimmed_decimals(v, 2, 0) + " kV"; }>},
    {"spot", "Spot",
     number_text<&Acquisition::spot_size, [](double v) { return trimmed_decimals(v, 1, v < 100 ? 1 : 0); }>},
    {"probe_current", "Probe",
     number_text<&Acquisition::probe_current_na,
                 [](double v) {
                     return v >= 0.1 ? format_significant(v, 3) + " nA" : format_significant(v * 1000, 3) + " pA";
                 }>},
    {"working_distance", "WD",
     number_text<&Acquisition::working_distance_mm, [](double v) { return trimmed_decimals(v, 2, 1) + " mm"; }>},
    {"magnification", "Magnification", number_text<&Acquisition::magnification, magnification_of>},
    {"field", "Field", field_of},
    {"pixel_size", "Pixel size",
     [](Facts const& facts) {
         if (!is_calibrated(facts.channel)) return std::string();
         return pixel_size_text(facts.channel.pixel_size_x_nm->value, facts.channel.pixel_size_y_nm->value,
                                facts.preview_scale) +
                " nm";
     }},
    {"detector", "Detector", detector_of},
    {"wavelength", "Wavelength",
     number_text<&Acquisition::wavelength_nm, [](double v) { return trimmed_decimals(v, 1, 0) + " nm"; }>},
    {"dwell_time", "Dwell time",
     number_text<&Acquisition::dwell_time_us, [](double v) { return format_significant(v, 3) + " \u00B5s"; }>},
    {"date", "Date", date_of},
    {"author", "Author", string_text<&Acquisition::author>},
    {"sample", "Sample", string_text<&Acquisition::sample>},
    {"instrument", "Instrument", string_text<&Acquisition::instrument>},
    {"user_text", "Text", string_text<&Acquisition::user_text>},
};

/// One line: control characters would be drawn as boxes.
std::string clean_line(std::string_view text) {
    std::string line = sanitized_utf8(trimmed(text));
    for (char& c : line)
        if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) c = ' ';
    return line;
}

/// "KEY" or "Section.KEY", ignoring case; the first of several.
DatabarField raw_field(Channel const& channel, std::string_view name) {
    if (!channel.metadata.raw) return {};
    for (RawKey const& raw : *channel.metadata.raw)
        if (iequals(raw.key, name) || iequals(raw.section + "." + raw.key, name))
            return {clean_line(raw.key), clean_line(raw.value)};
    return {};
}

/// Words parted by blanks; double quotes hold blanks together.
std::vector<std::string> quoted_words(std::string_view text) {
    std::vector<std::string> words;
    std::string word;
    bool quoted = false, begun = false;
    auto end_word = [&] {
        if (begun) words.push_back(std::move(word));
        word.clear();
        begun = false;
    };
    for (char c : text) {
        if (c == '"') {
            quoted = !quoted;
            begun = true;
        } else if (!quoted && (c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == ',')) {
            end_word();
        } else {
            word += c;
            begun = true;
        }
    }
    end_word();
    return words;
}

constexpr std::string_view k_raw = "raw:", k_text = "text:";

/// Fields of one channel in rows, unknown ones left out. The first row has its labels above the values.
Result<std::vector<DatabarLine>> lines_of(Facts facts) {
    std::vector<std::string> words = quoted_words(facts.params.fields);
    facts.names_wavelength = std::find(words.begin(), words.end(), "wavelength") != words.end();
    std::vector<DatabarLine> lines{{.fields = {}, .stacked = true}};
    for (std::string const& word : words) {
        if (word == "/") {
            lines.push_back({});
            continue;
        }
        DatabarField field;
        if (word.starts_with(k_raw)) {
            field = raw_field(facts.channel, std::string_view(word).substr(k_raw.size()));
        } else if (word.starts_with(k_text)) {
            field.value = clean_line(std::string_view(word).substr(k_text.size()));
        } else {
            auto token =
                std::find_if(std::begin(k_tokens), std::end(k_tokens), [&](Token const& t) { return t.name == word; });
            if (token == std::end(k_tokens)) {
                std::vector<std::string_view> names;
                for (Token const& t : k_tokens) names.push_back(t.name);
                std::string message = "\"" + word + "\" is none of the databar's fields";
                auto near = nearest_names(word, names, 1);
                message +=
                    near.empty() ? "; see the help of fields" : "; did you mean " + std::string(near.front()) + "?";
                return Error{ErrorCode::bad_value, message};
            }
            field = {std::string(token->label), clean_line(token->text(facts))};
            // A date explains itself.
            if (word == "date" && !lines.back().stacked) field.label.clear();
        }
        if (!field.value.empty()) lines.back().fields.push_back(std::move(field));
    }
    std::erase_if(lines, [](DatabarLine const& line) { return line.fields.empty(); });
    return lines;
}

/// The Python tools' four rows of text.
std::vector<DatabarLine> compatible_lines(Facts const& facts) {
    Acquisition const& a = facts.acquisition();
    DatabarLine first{.fields = {}, .stacked = true}, second{.fields = {}, .stacked = true};
    auto add = [](DatabarLine& line, std::string label, std::string value) {
        if (!value.empty()) line.fields.push_back({std::move(label), clean_line(value)});
    };
    if (auto const* kv = known(a.beam_energy_kv)) add(first, "AccV", format_fixed(*kv * 1000, 0));
    if (auto const* spot = known(a.spot_size)) add(first, "Spot", format_fixed(*spot, 1));
    if (auto const* wd = known(a.working_distance_mm)) add(first, "WDist", format_fixed(*wd, 2));
    if (auto const* magnification = known(a.magnification)) add(first, "Magnif", format_fixed(*magnification, 0) + "x");
    std::string field = field_of(facts);
    constexpr std::string_view k_cross = " \u00D7 ";
    if (std::size_t at = field.find(k_cross); at != std::string::npos)
        field = field.substr(0, at).append("x").append(field.substr(at + k_cross.size()));
    add(first, "DimXY", field);
    std::string detector = known(a.detector) ? a.detector->value : std::string();
    if (auto const* wavelength = known(a.wavelength_nm); wavelength && detector == "CL")
        detector.append(" ~").append(trimmed_decimals(*wavelength, 1, 0)).append("nm");
    add(second, "Detector", detector);
    add(second, "Made", std::string(trimmed(string_text<&Acquisition::author>(facts) + " " + date_of(facts))));
    add(second, "Sample name", string_text<&Acquisition::sample>(facts));
    std::vector<DatabarLine> lines{std::move(first), std::move(second)};
    std::erase_if(lines, [](DatabarLine const& line) { return line.fields.empty(); });
    return lines;
}

/// Words without a colour of their own look like labels; colours are made to be read on the bar's ground.
DatabarRow caption_row(std::vector<CaptionPiece> const& caption, DatabarTheme const& theme) {
    DatabarRow row;
    for (CaptionPiece const& piece : caption) {
        Colour colour = theme.label;
        if (piece.colour) {
            Rgb const read = legible_on(*piece.colour, {theme.ground.r, theme.ground.g, theme.ground.b});
            colour = {read.r, read.g, read.b};
        }
        std::string text = clean_line(piece.text);
        if (!text.empty()) row.pieces.push_back({std::move(text), colour});
    }
    return row;
}

/// What each material consists of, and its share of the area.
DatabarTable materials_table(Materials const& materials, MaterialBars scale, DatabarTheme const& theme) {
    DatabarTable table;
    std::vector<double> largest(materials.elements.size(), 0);
    for (std::size_t e = 0; e < materials.elements.size(); ++e) {
        Element const& element = materials.elements[e];
        auto const same_symbol = std::count_if(materials.elements.begin(), materials.elements.end(),
                                               [&](Element const& other) { return other.symbol == element.symbol; });
        table.columns.push_back(clean_line(element.symbol.empty() || same_symbol > 1 ? element.label : element.symbol));
        for (Material const& material : materials.list)
            if (e < material.mean.size() && std::isfinite(material.mean[e]))
                largest[e] = std::max(largest[e], material.mean[e]);
    }
    if (scale == MaterialBars::common && !largest.empty())
        std::fill(largest.begin(), largest.end(), *std::max_element(largest.begin(), largest.end()));
    for (Material const& material : materials.list) {
        Rgb const read = legible_on(material.colour, {theme.ground.r, theme.ground.g, theme.ground.b});
        DatabarTable::Row row{.name = clean_line(material.name),
                              .name_colour = {read.r, read.g, read.b},
                              .bar_colour = {material.colour.r, material.colour.g, material.colour.b},
                              .text = format_share(material.share),
                              .values = {}};
        for (std::size_t e = 0; e < largest.size() && e < material.mean.size(); ++e)
            row.values.push_back(largest[e] > 0 ? material.mean[e] / largest[e] : 0);
        table.rows.push_back(std::move(row));
    }
    return table;
}

// --- scale bar -------------------------------------------------------------------------------------------------------

/// The bar in pixels of the planes; nothing when the pixel size is unknown.
struct ChosenBar {
    std::optional<ScaleBar> bar;
    double length_nm = 0;
    std::string remark;
};
ChosenBar choose_bar(Channel const& channel, double wanted_nm, double longest_px) {
    ChosenBar chosen;
    if (!channel.pixel_size_x_nm || !(channel.pixel_size_x_nm->value > 0)) return chosen;
    double pixel_nm = channel.pixel_size_x_nm->value;
    chosen.length_nm = wanted_nm;
    if (wanted_nm > 0 && !(wanted_nm / pixel_nm <= longest_px && wanted_nm / pixel_nm >= 2)) {
        chosen.remark = "a bar of " + format_length(wanted_nm, 6) + " does not fit the image";
        chosen.length_nm = 0;
    }
    if (chosen.length_nm <= 0) chosen.length_nm = nice_bar_length_nm(pixel_nm * channel.size().width);
    double length_px = chosen.length_nm / pixel_nm;
    if (!(length_px > 0 && length_px <= longest_px)) return {};
    chosen.bar = ScaleBar{length_px, format_length(chosen.length_nm, 6)};
    return chosen;
}

void note_bar(ChosenBar const& chosen, Channel const& channel, double preview_scale, Job& job) {
    if (!channel.pixel_size_x_nm) {
        job.note("pixel_size", "unknown", "no pixel size: set one");
        return;
    }
    if (!chosen.bar) {
        job.note("scale_bar", "none", "the image is too small for a scale bar");
        return;
    }
    double length_px = chosen.bar->length_px / preview_scale;
    job.note("scale_bar_nm", chosen.length_nm);
    job.note("scale_bar_px", length_px, chosen.bar->text + " bar, " + format_fixed(length_px, 1) + " px");
    if (!chosen.remark.empty()) job.note("bar_length_nm", chosen.length_nm, chosen.remark + ": chosen automatically");
    if (is_calibrated(channel) && std::fabs(channel.pixel_size_x_nm->value / channel.pixel_size_y_nm->value - 1) > 5e-4)
        job.note("anisotropic", channel.pixel_size_x_nm->value / channel.pixel_size_y_nm->value,
                 "pixels of " +
                     pixel_size_text(channel.pixel_size_x_nm->value, channel.pixel_size_y_nm->value, preview_scale) +
                     " nm: the bar is true along rows");
}

// --- drawing ---------------------------------------------------------------------------------------------------------

bool is_coloured(std::vector<PlanePtr> const& planes) {
    if (planes.size() != 3) return false;
    for (int y = 0; y < planes[0]->height(); ++y)
        for (int x = 0; x < planes[0]->width(); ++x)
            if (planes[0]->at(x, y) != planes[1]->at(x, y) || planes[0]->at(x, y) != planes[2]->at(x, y)) return true;
    return false;
}

/// Planes of `count` (1 or 3) and `extra_rows` more below, the picture copied.
Result<std::vector<Plane>> extended(Channel const& channel, std::size_t count, int extra_rows) {
    Size size = channel.size();
    std::vector<Plane> planes;
    for (std::size_t i = 0; i < count; ++i) {
        MG_TRY(Plane plane, Plane::create({size.width, size.height + extra_rows}));
        Plane const& source = *channel.planes[channel.planes.size() == count ? i : 0];
        std::copy(source.data(), source.data() + size.area(), plane.data());
        planes.push_back(std::move(plane));
    }
    return planes;
}

Canvas canvas_of(std::vector<Plane>& planes, Rect rect) {
    Canvas canvas;
    for (Plane& plane : planes) canvas.planes.push_back(plane.view().cropped(rect));
    return canvas;
}

void set_planes(Channel& channel, std::vector<Plane> planes) {
    channel.planes.clear();
    for (Plane& plane : planes) channel.planes.push_back(std::make_shared<Plane const>(std::move(plane)));
}

struct Tools {
    Fonts fonts;
    std::vector<PlanePtr> logo;
    bool logo_coloured = false;
};

Status draw_below(Channel& channel, DatabarSpec const& spec, Tools const& tools) {
    DatabarLayout layout = layout_databar(tools.fonts, spec);
    int rows = layout.size.height;
    if (rows == 0) return Done{};
    bool colour = channel.is_colour() || layout.coloured || (layout.logo && tools.logo_coloured);
    Size size = channel.size();
    MG_TRY(std::vector<Plane> planes, extended(channel, colour ? 3 : 1, rows));

    std::vector<Plane> logo;
    std::vector<ImageView<float const>> logo_views;
    if (layout.logo)
        for (PlanePtr const& plane : tools.logo) {
            MG_TRY(Plane fitted, resized(plane->view(), {.size = layout.logo->size(), .kernel = Kernel::cubic}));
            for (std::int64_t i = 0; i < fitted.size().area(); ++i)
                fitted.data()[i] = std::clamp(fitted.data()[i], 0.0F, 1.0F);
            logo.push_back(std::move(fitted));
        }
    for (Plane const& plane : logo) logo_views.push_back(plane.view());
    Canvas canvas = canvas_of(planes, {0, size.height, size.width, rows});
    draw_databar(canvas, tools.fonts, layout, logo_views);
    set_planes(channel, std::move(planes));

    if (channel.mask) {
        MG_TRY(Mask mask, Mask::filled(channel.size(), k_mask_databar));
        std::copy(channel.mask->data(), channel.mask->data() + size.area(), mask.data());
        channel.mask = std::make_shared<Mask const>(std::move(mask));
    }
    channel.databar_rows_px += rows;
    return Done{};
}

Status draw_in_corner(Channel& channel, CornerBar const& bar, Fonts const& fonts) {
    MG_TRY(std::vector<Plane> planes, extended(channel, channel.planes.size(), 0));
    Canvas canvas = canvas_of(planes, {0, 0, channel.size().width, channel.micrograph_size().height});
    draw_corner_bar(canvas, fonts, bar);
    set_planes(channel, std::move(planes));
    return Done{};
}

Status run(Scene& scene, DatabarParams const& params, Job& job) {
    if (params.style == DatabarStyle::none) return Done{};
    Tools tools;
    if (!params.logo.empty() && params.style == DatabarStyle::below) {
        MG_TRY(Decoded logo, decode_image(params.logo, "logo"));
        tools.logo = std::move(logo.planes);
        tools.logo_coloured = is_coloured(tools.logo);
    }
    bool noted = false;
    for (Channel& channel : scene.channels) {
        if (channel.planes.empty()) continue;
        DatabarSpec spec{.width_px = channel.size().width,
                         .text_percent = params.text_size,
                         .smallest_em_px = 10.5 * scene.preview_scale,
                         .theme = params.colours == DatabarColours::light ? k_light_theme : k_dark_theme};
        ChosenBar chosen = choose_bar(channel, params.bar_length_nm, longest_bar_px(spec));
        if (!noted) note_bar(chosen, channel, scene.preview_scale, job);
        noted = true;
        if (params.style == DatabarStyle::corner) {
            double em = databar_em_px(spec.width_px, params.text_size, spec.smallest_em_px);
            if (chosen.bar) MG_TRY_DO(draw_in_corner(channel, {*chosen.bar, params.corner, em}, tools.fonts));
            continue;
        }
        Facts facts{channel, params, scene.preview_scale, false};
        if (params.compatible) {
            spec.lines = compatible_lines(facts);
        } else {
            MG_TRY(spec.lines, lines_of(facts));
        }
        if (!channel.caption.empty()) spec.rows.push_back(caption_row(channel.caption, spec.theme));
        if (scene.materials && channel.role == Role::composite && params.material_bars != MaterialBars::none)
            spec.table = materials_table(*scene.materials, params.material_bars, spec.theme);
        spec.bar = chosen.bar;
        spec.credit = clean_line(params.credit);
        if (!tools.logo.empty()) spec.logo = tools.logo.front()->size();
        MG_TRY_DO(draw_below(channel, spec, tools));
    }
    return Done{};
}

} // namespace

extern constinit Step const k_step_databar = make_step<DatabarParams, k_params, run>(
    {.id = "databar",
     .title = "Databar",
     .group = StepGroup::databar,
     .summary = "Adds the facts of the acquisition and a true scale bar below the image.",
     .workflows = k_annotate | k_overlay | k_materials});

} // namespace mg
