// micrographia info: what is known of a file, and from where.
#include "base/json.h"
#include "base/text.h"
#include "cli/batch.h"
#include "cli/commands.h"
#include "codecs/image_size.h"
#include "draw/label_shapes.h"
#include "metadata/metadata.h"

namespace mg::cli {
namespace {

/// Calls visit(key, label, unit, optional<Sourced<T>>) for every field, in the order of the listing.
template <class Visit>
void for_each_field(Acquisition const& a, Visit visit) {
    visit("beam_energy_kv", "beam energy", " kV", a.beam_energy_kv);
    visit("beam_kind", "beam", "", a.beam_kind);
    visit("spot_size", "spot", "", a.spot_size);
    visit("probe_current_na", "probe current", " nA", a.probe_current_na);
    visit("working_distance_mm", "working distance", " mm", a.working_distance_mm);
    visit("magnification", "magnification", "x", a.magnification);
    visit("detector", "detector", "", a.detector);
    visit("wavelength_nm", "wavelength", " nm", a.wavelength_nm);
    visit("dwell_time_us", "dwell time", " µs", a.dwell_time_us);
    visit("scan_rotation_deg", "scan rotation", "°", a.scan_rotation_deg);
    visit("stage_tilt_deg", "stage tilt", "°", a.stage_tilt_deg);
    visit("tilt_correction_deg", "tilt corrected", "°", a.tilt_correction_deg);
    visit("pixel_size_x_nm", "pixel size x", " nm", a.pixel_size_x_nm);
    visit("pixel_size_y_nm", "pixel size y", " nm", a.pixel_size_y_nm);
    visit("databar_rows", "databar rows", "", a.databar_rows);
    visit("acquired", "acquired", "", a.acquired);
    visit("instrument", "instrument", "", a.instrument);
    visit("sample", "sample", "", a.sample);
    visit("author", "author", "", a.author);
    visit("user_text", "user text", "", a.user_text);
}

std::string field_text(double value) {
    return format_shortest(value);
}
std::string field_text(int value) {
    return std::to_string(value);
}
std::string field_text(std::string const& value) {
    return value;
}

/// Facts of one file; an unreadable picture may still have a header.
struct Facts {
    std::string error; ///< empty: none
    Decoded decoded;   ///< without its pixels
    int channels = 0;
    Metadata metadata;
    std::optional<BurnedBar> bar; ///< drawn into the picture
    std::vector<PageClaim> pages; ///< of the whole file, as its directories claim
};

Facts read_facts(Input const& input, FileStore& store) {
    Facts facts;
    auto const bytes = read_input(input, store);
    if (!bytes) {
        facts.error = bytes.error().message;
        return facts;
    }
    InputFile const file = bytes->as_input(input);
    facts.pages = claimed_pages(file.bytes);
    auto decoded = decode_image(file.bytes, file.file_name, {.page = file.page});
    facts.metadata = read_metadata({.file = file.bytes,
                                    .decoded = decoded ? &*decoded : nullptr,
                                    .file_name = file.file_name,
                                    .relative_path = file.relative_path,
                                    .twin = file.twin,
                                    .sidecar = file.sidecar,
                                    .sidecar_name = file.sidecar_name,
                                    .page = file.page});
    if (!decoded) {
        facts.error = without_name(decoded.error().message, input.path);
        return facts;
    }
    facts.decoded = std::move(decoded).value();
    facts.channels = static_cast<int>(facts.decoded.planes.size());
    facts.bar = burned_scale_bar(facts.decoded.planes, facts.decoded.reduction);
    if (auto const& known = facts.metadata.acquisition.pixel_size_x_nm; known && facts.bar && contradicts(*facts.bar, known->value))
        facts.metadata.warnings.push_back(words_of(*facts.bar) + ", but the pixel size is " + format_length(known->value, 4) +
                                          " (" + known->source + ")");
    facts.decoded.planes.clear();
    facts.decoded.fields.clear();
    return facts;
}

/// "RGB", "grey": by the number of samples.
std::string colours_of(PageClaim const& page) {
    return page.samples == 3 || page.samples == 4 ? "colour" : page.samples > 1 ? std::to_string(page.samples) + " channels" : "grey";
}

Json pages_json(std::vector<PageClaim> const& pages) {
    Json list{Json::Array{}};
    for (std::size_t i = 0; i < pages.size(); ++i) {
        Json page;
        page.add("page", static_cast<int>(i) + 1);
        page.add("width", pages[i].size.width);
        page.add("height", pages[i].size.height);
        page.add("bits", pages[i].bits);
        page.add("samples", pages[i].samples);
        list.push(std::move(page));
    }
    return list;
}

/// Pages that are alike share a line.
std::string pages_text(std::vector<PageClaim> const& pages) {
    std::string text;
    for (std::size_t i = 0; i < pages.size();) {
        std::size_t end = i + 1;
        while (end < pages.size() && pages[end].size == pages[i].size && pages[end].bits == pages[i].bits &&
               pages[end].samples == pages[i].samples)
            ++end;
        text += end - i == 1 ? "  page " + std::to_string(i + 1)
                             : "  pages " + std::to_string(i + 1) + " to " + std::to_string(end);
        text += ": " + std::to_string(pages[i].size.width) + " x " + std::to_string(pages[i].size.height) + " px, " +
                colours_of(pages[i]) + ", " + std::to_string(pages[i].bits) + " bit\n";
        i = end;
    }
    return text;
}

/// A proposal: its pixel size is not among the facts.
Json bar_json(BurnedBar const& bar) {
    Json json, box{Json::Array{}};
    for (int value : {bar.box.x, bar.box.y, bar.box.width, bar.box.height}) box.push(value);
    json.add("length_px", bar.length_px);
    json.add("uncertainty_px", bar.uncertainty_px);
    json.add("box", std::move(box));
    json.add("found", bar.why);
    if (bar.is_read()) {
        json.add("label", bar.label);
        json.add("length_nm", bar.length_nm);
        json.add("proposed_pixel_size_nm", bar.pixel_size_nm());
        json.add("confidence", bar.confidence);
    }
    return json;
}

Json facts_json(std::string const& file, int page, Facts const& facts, bool raw) {
    Json json;
    json.add("file", file);
    if (page > 0) json.add("page", page + 1);
    if (facts.pages.size() > 1) json.add("pages", pages_json(facts.pages));
    if (facts.error.empty()) {
        json.add("width", facts.decoded.size.width);
        json.add("height", facts.decoded.size.height);
        json.add("channels", facts.channels);
        json.add("bits", facts.decoded.bits);
        json.add("format", facts.decoded.format);
    }
    json.add("vendor", facts.metadata.vendor);
    Json acquisition{Json::Object{}}, sources{Json::Object{}};
    for_each_fact([&](char const* key, auto member) {
        auto const& field = facts.metadata.acquisition.*member;
        if (!field) return;
        acquisition.add(key, field->value);
        sources.add(key, field->source);
    });
    json.add("acquisition", std::move(acquisition));
    json.add("sources", std::move(sources));
    Json stated{Json::Array{}};
    for (StatedPixelSize const& size : facts.metadata.pixel_sizes) {
        Json item;
        item.add("x_nm", size.x_nm);
        item.add("y_nm", size.y_nm);
        item.add("source", size.source);
        stated.push(std::move(item));
    }
    json.add("pixel_sizes", std::move(stated));
    if (facts.bar) json.add("bar_in_picture", bar_json(*facts.bar));
    Json warnings{Json::Array{}};
    for (auto const* list : {&facts.decoded.warnings, &facts.metadata.warnings})
        for (std::string const& warning : *list) warnings.push(warning);
    json.add("warnings", std::move(warnings));
    if (raw && facts.metadata.raw) {
        Json keys{Json::Array{}};
        for (RawKey const& key : *facts.metadata.raw) {
            Json item;
            item.add("section", key.section);
            item.add("key", key.key);
            item.add("value", key.value);
            keys.push(std::move(item));
        }
        json.add("raw", std::move(keys));
    }
    json.add("error", facts.error.empty() ? Json() : Json(facts.error));
    return json;
}

std::string facts_text(std::string const& file, Facts const& facts, bool raw) {
    std::string text = file + "\n";
    if (facts.error.empty())
        text += "  " + facts.decoded.format + ", " + std::to_string(facts.decoded.size.width) + " x " +
                std::to_string(facts.decoded.size.height) + " px, " + (facts.channels == 3 ? "colour" : "grey") + ", " +
                std::to_string(facts.decoded.bits) + " bit" + (facts.decoded.is_float ? " float" : "") +
                (facts.metadata.vendor.empty() ? "" : "; " + facts.metadata.vendor) + "\n";
    if (facts.pages.size() > 1) text += pages_text(facts.pages);
    for_each_field(facts.metadata.acquisition,
                   [&](char const*, char const* label, char const* unit, auto const& field) {
                       if (!field) return;
                       std::string line = std::string("  ") + label;
                       line.resize(20, ' ');
                       line += field_text(field->value) + unit;
                       std::size_t const width = count_code_points(line);
                       line.append(width < 44 ? 44 - width : 1, ' ');
                       text += line + "  " + field->source + "\n";
                   });
    if (facts.bar) {
        bool const known = facts.metadata.acquisition.pixel_size_x_nm.has_value();
        text += (known ? "  scale bar: " : "  proposal: ") + words_of(*facts.bar) + " (" + facts.bar->why + ")\n";
    }
    for (auto const* list : {&facts.decoded.warnings, &facts.metadata.warnings})
        for (std::string const& warning : *list) text += "  note: " + warning + "\n";
    if (raw && facts.metadata.raw) {
        std::string section;
        for (RawKey const& key : *facts.metadata.raw) {
            if (key.section != section) text += "  [" + key.section + "]\n";
            section = key.section;
            text += "  " + key.key + " = " + key.value + "\n";
        }
    }
    return text;
}

} // namespace

int run_info(Options const& options) {
    if (!options.values.empty())
        return wrong_usage("info: \"" + options.values.front().first + "=\" is no file; info takes no values");
    if (options.files.empty()) return wrong_usage("info: no files given; usage: micrographia info FILE... [--json]");
    Inputs const inputs = with_pages(find_inputs(options.files, true), options.pages);
    FileStore store;
    Json files{Json::Array{}};
    bool failed = false;
    for (Problem const& problem : inputs.skipped) report(problem.file, problem.message);
    auto const fail = [&](std::string const& file, std::string const& error) {
        report(file, error);
        failed = true;
    };
    std::vector<Facts> facts(inputs.files.size());
    for_each_file(
        inputs.files.size(), options.jobs, [&](std::size_t i) { facts[i] = read_facts(inputs.files[i], store); },
        [&](std::size_t i) {
            Facts one = std::move(facts[i]);
            Input const& input = inputs.files[i];
            PageChoice pages = options.pages;
            pages.is_given = pages.is_given || input.has_page;
            one.decoded.warnings = told_warnings(std::move(one.decoded.warnings), pages);
            if (!one.error.empty()) fail(input.told(), one.error);
            if (options.json)
                files.push(facts_json(input.path.string(), input.page, one, options.raw));
            else if (one.error.empty() || !one.metadata.vendor.empty())
                print(facts_text(input.told(), one, options.raw));
        });
    for (Problem const& problem : inputs.missing) {
        fail(problem.file, problem.message);
        Facts unread;
        unread.error = problem.message;
        if (options.json) files.push(facts_json(problem.file, 0, unread, false));
    }
    if (options.json) {
        Json json;
        json.add("files", std::move(files));
        print(to_text(json) + "\n");
    }
    return failed ? 1 : 0;
}

} // namespace mg::cli
