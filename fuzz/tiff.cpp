// TIFF files: directories, pages, reduced reading, and what the readers make of their tags.
#include "codecs/image_size.h"
#include "fuzz/checks.h"
#include "metadata/metadata.h"

namespace mg::fuzz {

void fuzz_tiff(ByteView bytes) {
    constexpr std::string_view k_name = "image.tif";
    Size const claimed = claimed_size(bytes);
    constexpr int k_pages = 3;
    int page_count = 1;
    for (int page = 0; page < page_count && page < k_pages; ++page) {
        auto const decoded = decode_image(bytes, k_name, {.page = page});
        check_decoded(decoded, k_name);
        MetadataInput input{.file = bytes, .file_name = k_name, .relative_path = k_name};
        input.page = page;
        if (decoded) {
            page_count = decoded->page_count;
            input.decoded = &*decoded;
            if (page == 0) MG_CHECK(decoded->stored_size == claimed);
        }
        check_metadata(read_metadata(input));
    }
    auto const reduced = decode_image(bytes, k_name, {.largest_pixels = 40});
    check_decoded(reduced, k_name);
}

} // namespace mg::fuzz
