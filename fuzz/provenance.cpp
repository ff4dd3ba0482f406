// The recipe inside a PNG: any file, and any text in the chunk where it stands.
#include "base/text.h"
#include "fuzz/checks.h"
#include "fuzz/png_file.h"
#include "recipe/pipeline.h"

namespace mg::fuzz {
namespace {

void check_provenance(ByteView png) {
    auto const provenance = read_provenance(png);
    if (!provenance) {
        check_text(provenance.error().message);
        return;
    }
    check_recipe(provenance->recipe, {});
    check_text(provenance->version);
    for (InputHash const& input : provenance->inputs) {
        check_text(input.file_name);
        check_text(input.sha256);
        MG_CHECK(input.page >= 0);
    }
    for (std::string const& warning : provenance->warnings) check_text(warning);
    std::string const json = provenance_json(provenance->recipe, provenance->inputs, {});
    auto const again = parse_recipe_json(json, {});
    MG_CHECK(again.has_value());
    MG_CHECK(*again == provenance->recipe);
}

} // namespace

void fuzz_provenance(ByteView bytes) {
    check_provenance(bytes);
    for (Recipe const& base : {Recipe{}, annotate_recipe()}) {
        auto const recipe = read_recipe(bytes, base);
        if (recipe)
            check_recipe(*recipe, base);
        else
            check_text(recipe.error().message);
    }
    // Keyword, no compression, no language and translation.
    using namespace std::string_view_literals;
    std::string text("micrographia:recipe\0\0\0\0\0"sv);
    text.append(as_text(bytes));
    Bytes png = png_signature();
    append_png_chunk(png, "iTXt", as_bytes(text));
    check_provenance(png);
}

} // namespace mg::fuzz
