#include "fuzz/checks.h"

#include <cmath>

#include "base/text.h"

namespace mg::fuzz {
namespace {

void check_fact(double value) {
    MG_CHECK(std::isfinite(value));
}
void check_fact(int) {}
void check_fact(std::string const& text) {
    check_text(text);
    MG_CHECK(!text.empty());
}

void check_pixel_size(double nm) {
    MG_CHECK(std::isfinite(nm) && nm > 0);
}

} // namespace

void check_text(std::string_view text) {
    MG_CHECK(is_utf8(text));
}

void check_decoded(Result<Decoded> const& result, std::string_view name) {
    if (!result) {
        std::string_view const message = result.error().message;
        check_text(message);
        MG_CHECK(message.starts_with(name) && message.substr(name.size()).starts_with(": "));
        return;
    }
    Decoded const& image = *result;
    MG_CHECK(image.planes.size() == 1 || image.planes.size() == 3);
    MG_CHECK(!image.size.empty() && image.size.area() <= k_max_pixels);
    MG_CHECK(image.size.width <= k_max_side_px && image.size.height <= k_max_side_px);
    MG_CHECK(image.reduction >= 1 && image.page_count >= 1);
    MG_CHECK(image.stored_size.width >= image.size.width && image.stored_size.height >= image.size.height);
    MG_CHECK(image.reduction > 1 || image.stored_size == image.size);
    MG_CHECK(std::isfinite(image.range.black) && std::isfinite(image.range.white));
    MG_CHECK(image.range.black != image.range.white);
    MG_CHECK(image.bits >= 1 && image.bits <= 64);
    for (PlanePtr const& plane : image.planes) {
        MG_CHECK(plane->size() == image.size);
        bool within = true;
        for (std::int64_t i = 0; i < image.size.area(); ++i) within &= plane->data()[i] >= 0 && plane->data()[i] <= 1;
        MG_CHECK(within);
    }
    if (image.resolution) MG_CHECK(std::isfinite(image.resolution->x) && std::isfinite(image.resolution->y));
    for (std::string const& warning : image.warnings) check_text(warning);
}

void check_metadata(Metadata const& metadata) {
    check_text(metadata.vendor);
    Acquisition const& a = metadata.acquisition;
    for_each_fact([&](char const*, auto member) {
        if (!(a.*member)) return;
        check_fact((a.*member)->value);
        check_text((a.*member)->source);
        MG_CHECK(!(a.*member)->source.empty());
    });
    MG_CHECK(a.pixel_size_x_nm.has_value() == a.pixel_size_y_nm.has_value());
    if (a.pixel_size_x_nm) check_pixel_size(a.pixel_size_x_nm->value);
    if (a.pixel_size_y_nm) check_pixel_size(a.pixel_size_y_nm->value);
    if (a.magnification) MG_CHECK(a.magnification->value > 0);
    if (a.beam_energy_kv) MG_CHECK(a.beam_energy_kv->value >= 0);
    if (a.databar_rows) MG_CHECK(a.databar_rows->value >= 0 && a.databar_rows->value <= k_max_side_px);
    if (a.beam_kind) MG_CHECK(a.beam_kind->value == "electron" || a.beam_kind->value == "ion");
    if (a.acquired) {
        std::string_view const text = a.acquired->value;
        MG_CHECK(text.size() == 10 || text.size() == 19);
        for (std::size_t i = 0; i < text.size(); ++i)
            MG_CHECK(is_digit(text[i]) ? i != 4 && i != 7 : text[i] == "----------T--:--:--"[i]);
    }
    for (StatedPixelSize const& stated : metadata.pixel_sizes) {
        check_pixel_size(stated.x_nm);
        check_pixel_size(stated.y_nm);
        check_text(stated.source);
    }
    MG_CHECK(metadata.raw != nullptr);
    for (RawKey const& key : *metadata.raw) {
        check_text(key.section);
        check_text(key.key);
        check_text(key.value);
    }
    for (std::string const& warning : metadata.warnings) {
        check_text(warning);
        MG_CHECK(!warning.empty());
    }
}

void check_recipe(Recipe const& recipe, Recipe const& base) {
    for (StepUse const& use : recipe.steps) {
        MG_CHECK(use.values.size() == use.step->params.size());
        for (std::size_t i = 0; i < use.values.size(); ++i)
            MG_CHECK(check_value(use.step->params[i], use.values[i]).has_value());
    }
    for (Override const& change : recipe.overrides) {
        check_text(change.file_name);
        StepUse const* use = find_use(recipe, change.step);
        MG_CHECK(use);
        if (change.key.empty()) {
            MG_CHECK(std::holds_alternative<bool>(change.value));
            continue;
        }
        int const index = param_index(*use->step, change.key);
        MG_CHECK(index >= 0);
        MG_CHECK(check_value(use->step->params[static_cast<std::size_t>(index)], change.value).has_value());
    }
    auto const from_text = parse_recipe(to_text(recipe), base);
    MG_CHECK(from_text.has_value());
    MG_CHECK(to_text(*from_text) == to_text(recipe));
    auto const from_json = parse_recipe_json(to_json(recipe), base);
    MG_CHECK(from_json.has_value());
    MG_CHECK(*from_json == recipe);
}

} // namespace mg::fuzz
