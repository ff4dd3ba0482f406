// micrographia info: what is known of a file, and from where.
#include "base/json.h"
#include "base/text.h"
#include "cli/batch.h"
#include "cli/commands.h"
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
};

Facts read_facts(Input const& input) {
    Facts facts;
    auto const bytes = read_input(input);
    if (!bytes) {
        facts.error = bytes.error().message;
        return facts;
    }
    InputFile const file = bytes->as_input(input);
    auto decoded = decode_image(file.bytes, file.file_name);
    facts.metadata = read_metadata({.file = file.bytes,
                                    .decoded = decoded ? &*decoded : nullptr,
                                    .file_name = file.file_name,
                                    .relative_path = file.relative_path,
                                    .twin = file.twin,
                                    .sidecar = file.sidecar});
    if (!decoded) {
        facts.error = without_name(decoded.error().message, input.path);
        return facts;
    }
    facts.decoded = std::move(decoded).value();
    facts.channels = static_cast<int>(facts.decoded.planes.size());
    facts.decoded.planes.clear();
    facts.decoded.fields.clear();
    return facts;
}

Json facts_json(std::string const& file, Facts const& facts, bool raw) {
    Json json;
    json.add("file", file);
    if (facts.error.empty()) {
        json.add("width", facts.decoded.size.width);
        json.add("height", facts.decoded.size.height);
        json.add("channels", facts.channels);
        json.add("bits", facts.decoded.bits);
        json.add("format", facts.decoded.format);
    }
    json.add("vendor", facts.metadata.vendor);
    Json acquisition{Json::Object{}}, sources{Json::Object{}};
    for_each_field(facts.metadata.acquisition, [&](char const* key, char const*, char const*, auto const& field) {
        if (!field) return;
        acquisition.add(key, field->value);
        sources.add(key, field->source);
    });
    json.add("acquisition", std::move(acquisition));
    json.add("sources", std::move(sources));
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
    Inputs const inputs = find_inputs(options.files, true);
    Json files{Json::Array{}};
    bool failed = false;
    for (Problem const& problem : inputs.skipped) report(problem.file, problem.message);
    auto const fail = [&](std::string const& file, std::string const& error) {
        report(file, error);
        failed = true;
    };
    std::vector<Facts> facts(inputs.files.size());
    for_each_file(
        inputs.files.size(), options.jobs, [&](std::size_t i) { facts[i] = read_facts(inputs.files[i]); },
        [&](std::size_t i) {
            Facts const one = std::move(facts[i]);
            std::string const file = inputs.files[i].path.string();
            if (!one.error.empty()) fail(file, one.error);
            if (options.json)
                files.push(facts_json(file, one, options.raw));
            else if (one.error.empty() || !one.metadata.vendor.empty())
                print(facts_text(file, one, options.raw));
        });
    for (Problem const& problem : inputs.missing) {
        fail(problem.file, problem.message);
        Facts unread;
        unread.error = problem.message;
        if (options.json) files.push(facts_json(problem.file, unread, false));
    }
    if (options.json) {
        Json json;
        json.add("files", std::move(files));
        print(to_text(json) + "\n");
    }
    return failed ? 1 : 0;
}

} // namespace mg::cli
