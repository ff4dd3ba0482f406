#include <gtest/gtest.h>

#include "base/text.h"
#include "metadata/metadata.h"
#include "samples/sample_xl.h"

namespace mg {
namespace {

Bytes xl_file(Size size) {
    std::vector<std::uint8_t> pixels(static_cast<std::size_t>(size.area()), 100);
    return write_xl_tiff(ImageView<std::uint8_t const>{pixels.data(), size, size.width}, {.user_text = "original"});
}

Metadata read_edited(ByteView twin, Size size) {
    Decoded decoded;
    decoded.size = size;
    return read_metadata({.file = as_bytes("an edited file without a header"),
                          .decoded = &decoded,
                          .file_name = "x.tif",
                          .relative_path = "x.tif",
                          .twin = twin});
}

TEST(Twin, LendsItsHeaderToAnEditedFile) {
    Bytes twin = xl_file({712, 484});
    Metadata m = read_edited(twin, {712, 484});
    EXPECT_EQ(m.vendor, "Philips/FEI XL");
    ASSERT_TRUE(m.acquisition.magnification && m.acquisition.pixel_size_x_nm);
    EXPECT_EQ(m.acquisition.magnification->source, "header of _x.tif: [Vector] Magnification");
    EXPECT_NEAR(m.acquisition.pixel_size_x_nm->value, 15.914, 0.0005);
    EXPECT_EQ(m.acquisition.pixel_size_x_nm->source.rfind("header of _x.tif: ", 0), 0u);
    EXPECT_EQ(m.acquisition.user_text->value, "original");
    EXPECT_EQ(m.raw->size(), 174u);
    EXPECT_TRUE(m.warnings.empty());
}

TEST(Twin, OfAnotherSizeLendsNoPixelSize) {
    Bytes twin = xl_file({712, 484});
    for (Size size : {Size{600, 484}, Size{712, 440}, Size{1424, 968}}) {
        Metadata m = read_edited(twin, size);
        EXPECT_TRUE(m.acquisition.magnification);
        EXPECT_FALSE(m.acquisition.pixel_size_x_nm);
        EXPECT_FALSE(m.acquisition.pixel_size_y_nm);
        ASSERT_EQ(m.warnings.size(), 1u);
        EXPECT_NE(m.warnings[0].find("_x.tif is 712 x 484 px"), std::string::npos) << m.warnings[0];
    }
}

TEST(Twin, IsNotAskedWhenTheFileHasAHeader) {
    Bytes twin = xl_file({712, 484});
    std::string own = xl_header_text({.magnification = 20000});
    Decoded decoded;
    decoded.size = {712, 484};
    Metadata m = read_metadata(
        {.file = as_bytes(own), .decoded = &decoded, .file_name = "x.tif", .relative_path = "x.tif", .twin = twin});
    EXPECT_EQ(m.acquisition.magnification->value, 20000);
    EXPECT_EQ(m.raw->size(), 174u);
}

TEST(Twin, ThatCannotBeReadIsNamed) {
    Bytes garbage = {1, 2, 3, 4};
    Metadata m = read_edited(garbage, {712, 484});
    ASSERT_EQ(m.warnings.size(), 1u);
    EXPECT_NE(m.warnings[0].find("_x.tif"), std::string::npos);
    // A header in front of a lost image: its values hold, its pixel size is not known.
    Bytes cut = xl_file({712, 484});
    cut.resize(4300);
    cut[4] = cut[5] = 0xFF;
    Metadata header_only = read_edited(cut, {712, 484});
    EXPECT_TRUE(header_only.acquisition.magnification);
    EXPECT_FALSE(header_only.acquisition.pixel_size_x_nm);
    EXPECT_FALSE(header_only.warnings.empty());
}

} // namespace
} // namespace mg
