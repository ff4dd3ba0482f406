// config.txt of the original tools: what is read is a valid recipe, and what is written of it reads back the same.
#include "base/text.h"
#include "fuzz/checks.h"
#include "recipe/overlay.h"

namespace mg::fuzz {

void fuzz_config_text(ByteView bytes) {
    std::string_view const text = as_text(bytes);
    (void)looks_like_config_text(text);
    (void)is_unedited_config_text(text);
    Recipe const base = overlay_recipe();
    ConfigText const config = read_config_text(text, base);
    check_recipe(config.recipe, base);
    for (std::string const& warning : config.warnings) check_text(warning);
    for (std::string const& name : config.input_files) check_text(name);

    std::string const written = write_config_text(config.recipe, config.input_files);
    check_text(written);
    if (written.size() > k_config_max_bytes) return;
    MG_CHECK(looks_like_config_text(written));
    MG_CHECK(is_unedited_config_text(written));
    ConfigText const again = read_config_text(written, base);
    MG_CHECK(again.recipe == config.recipe);
    MG_CHECK(again.input_files == config.input_files);
    MG_CHECK(again.warnings.empty());
}

} // namespace mg::fuzz
