// Texts in a recipe that have a grammar of their own: known materials, brush strokes, hand points. What is written of
// them reads back the same.
#include "base/text.h"
#include "fuzz/checks.h"
#include "ops/known_materials.h"
#include "ops/registration.h"

namespace mg::fuzz {
namespace {

/// parse(text) and write(parse(text)) agree: writing what was read and reading it again changes nothing.
template <class Parse, class Write>
void check_grammar(std::string_view text, Parse parse, Write write) {
    auto const read = parse(text);
    if (!read) {
        MG_CHECK(!is_utf8(text) || is_utf8(read.error().message));
        return;
    }
    std::string const written = write(*read);
    auto const again = parse(written);
    MG_CHECK(again.has_value());
    MG_CHECK(write(*again) == written);
}

} // namespace

void fuzz_material_texts(ByteView bytes) {
    std::string_view const text = as_text(bytes);
    if (!is_utf8(text)) return; // no such text comes into a recipe
    check_grammar(text, parse_known_materials, known_materials_text);
    check_grammar(text, parse_brush, brush_text);
    check_grammar(text, parse_hand_points, hand_points_text);
}

} // namespace mg::fuzz
