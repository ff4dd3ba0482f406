// The whole way of one file in memory, from its bytes to the PNG and back to the recipe.
#include <gtest/gtest.h>

#include "base/hash.h"
#include "draw/label_shapes.h"
#include "recipe/pipeline.h"
#include "samples/sample_xl.h"

namespace mg {
namespace {

Bytes xl_file(int seed = 0, double magnification = 10000, Size size = {142, 97}) {
    auto image = Image<std::uint8_t>::create(size);
    for (int y = 0; y < size.height; ++y)
        for (int x = 0; x < size.width; ++x)
            image->at(x, y) =
                static_cast<std::uint8_t>(60 + (x * 3 + y * 7 + seed * 31) % 90 + (x / 9 + y / 6) % 2 * 40);
    XlHeader header;
    header.magnification = magnification;
    return write_xl_tiff(ImageView<std::uint8_t const>(image->view()), header);
}

InputFile input_of(Bytes const& bytes) {
    return {.file_name = "10K420.TIF", .relative_path = "AB01_FH_250410/10K420.TIF", .bytes = bytes};
}

Result<Annotated> annotated(Recipe const& recipe, Bytes const& bytes) {
    Job job;
    return annotate(recipe, input_of(bytes), job);
}

/// A PNG with this text as its recipe.
Bytes png_with(std::string text) {
    auto const plane = Plane::filled({2, 2}, 0.5f);
    return encode_png({plane->view()}, {.texts = {{"micrographia:recipe", std::move(text)}}}).value();
}

TEST(LoadFile, GivesOneChannelWithItsFacts) {
    Bytes const bytes = xl_file();
    auto const loaded = load_file(input_of(bytes));
    ASSERT_TRUE(loaded) << loaded.error().message;
    EXPECT_EQ(loaded->sha256, sha256_hex(bytes));
    EXPECT_EQ(loaded->inputs, (std::vector<InputHash>{{"10K420.TIF", loaded->sha256}}));
    ASSERT_EQ(loaded->scene.channels.size(), 1u);
    Channel const& channel = loaded->scene.channels[0];
    EXPECT_EQ(channel.role, Role::signal);
    EXPECT_EQ(channel.file_name, "10K420.TIF");
    EXPECT_EQ(channel.relative_path, "AB01_FH_250410/10K420.TIF");
    EXPECT_EQ(channel.size(), (Size{142, 97}));
    EXPECT_EQ(channel.planes[0], loaded->decoded.planes[0]) << "shared, not copied";
    ASSERT_TRUE(channel.pixel_size_x_nm);
    EXPECT_NEAR(channel.pixel_size_x_nm->value, 85e6 * 1.333 / 10000 / 142, 1e-6);
    EXPECT_NEAR(channel.pixel_size_y_nm->value, 85e6 / 10000 / 97, 1e-6);
}

TEST(LoadFile, ErrorsNameTheFile) {
    Bytes const bytes{1, 2, 3};
    auto const loaded = load_file(input_of(bytes));
    ASSERT_FALSE(loaded);
    EXPECT_FALSE(loaded.error().message.empty());
}

TEST(Annotate, ScaleBarAgreesWithThePixelSize) {
    for (double const magnification : {50.0, 1234.0, 10000.0, 200000.0}) {
        auto const result = annotated(annotate_recipe(), xl_file(0, magnification));
        ASSERT_TRUE(result) << result.error().message;
        ASSERT_TRUE(result->pixel_size_nm && result->scale_bar_nm && result->scale_bar_px);
        EXPECT_NEAR(*result->scale_bar_px, *result->scale_bar_nm / *result->pixel_size_nm, 0.5);
        EXPECT_LT(*result->scale_bar_px, result->size.width);
    }
}

TEST(Annotate, TheScaleBarOfAPictureThatIsReadReducedIsTrue) {
    Bytes const bytes = xl_file(0, 10000, {640, 480});
    for (char const* line : {"", "correct pixel_size_x_nm=12.5 pixel_size_y_nm=12.5",
                             "correct known_length_nm=1000 known_length_px=80",
                             "correct microscope_width_mm=100 microscope_first=1"}) {
        Recipe const recipe = parse_recipe("micrographia recipe 1\n" + std::string(line) + "\n", annotate_recipe()).value();
        auto const whole = annotated(recipe, bytes);
        InputFile input = input_of(bytes);
        input.largest_pixels = 640 * 480 / 4;
        Job job;
        auto const half = annotate(recipe, input, job);
        ASSERT_TRUE(whole && half) << line;
        ASSERT_TRUE(whole->pixel_size_nm && half->pixel_size_nm && half->scale_bar_px) << line;
        EXPECT_EQ(half->size.width, whole->size.width / 2) << line;
        EXPECT_NEAR(*half->pixel_size_nm / *whole->pixel_size_nm, 2, 1e-9) << line;
        EXPECT_NEAR(*half->scale_bar_px, *half->scale_bar_nm / *half->pixel_size_nm, 0.5) << line;
        auto const bar = burned_scale_bar(decode_image(half->png, "a.png").value().planes, 1);
        ASSERT_TRUE(bar) << line;
        EXPECT_NEAR(bar->pixel_size_nm() / *half->pixel_size_nm, 1, 0.005) << "as it is drawn: " << line;
        std::string const text = read_png_texts(half->png).back().text;
        EXPECT_NE(text.find("read at 1/2 of its size"), std::string::npos) << text;
    }
}

TEST(Annotate, GivesTheSameBytesAgainAlsoFromItsOwnPicture) {
    Bytes const bytes = xl_file();
    Recipe recipe = annotate_recipe();
    ASSERT_TRUE(set_value(recipe, "correct.sample", "µ \"×\" \n #1"));
    ASSERT_TRUE(set_override(recipe, "10K420.TIF", "despike", "off"));
    auto const first = annotated(recipe, bytes), second = annotated(recipe, bytes);
    ASSERT_TRUE(first && second);
    EXPECT_TRUE(first->png == second->png);
    auto const provenance = read_provenance(first->png);
    ASSERT_TRUE(provenance) << provenance.error().message;
    EXPECT_EQ(provenance->recipe, recipe_for_file(recipe, "10K420.TIF"));
    EXPECT_EQ(provenance->version, "0.1.0");
    auto const third = annotated(provenance->recipe, bytes);
    ASSERT_TRUE(third);
    EXPECT_TRUE(first->png == third->png);
}

TEST(Annotate, AgreesWithTheCachedRun) {
    Bytes const bytes = xl_file();
    Recipe const recipe = annotate_recipe();
    auto const expected = annotated(recipe, bytes);
    ASSERT_TRUE(expected);
    auto const loaded = load_file(input_of(bytes));
    StepCache cache;
    for (int n = 0; n < 2; ++n) {
        Job job;
        Scene scene;
        ASSERT_TRUE(cache.run(recipe, *loaded, scene, job));
        auto const png = encode_scene(scene, recipe, *loaded, job);
        ASSERT_TRUE(png);
        EXPECT_TRUE(*png == expected->png);
    }
}

TEST(Annotate, EveryStepThatRanIsNamed) {
    auto const result = annotated(annotate_recipe(), xl_file());
    ASSERT_TRUE(result);
    std::vector<std::string> expected;
    for (StepUse const& use : annotate_recipe().steps)
        if (use.enabled) expected.emplace_back(use.step->id);
    EXPECT_EQ(result->steps, expected);
    auto const decoded = decode_image(result->png, "a.png");
    ASSERT_TRUE(decoded);
    EXPECT_EQ(decoded->size, result->size);
}

TEST(Annotate, CompatibleRecipeWorksOnAHeaderAndWithoutOne) {
    ASSERT_TRUE(annotated(compatible_annotate_recipe(), xl_file()));
    auto const plane = Plane::filled({33, 21}, 0.5f);
    auto const result = annotated(compatible_annotate_recipe(), encode_png({plane->view()}, {}).value());
    ASSERT_TRUE(result) << result.error().message;
    EXPECT_FALSE(result->scale_bar_nm);
}

TEST(Annotate, EveryTruncationIsAnErrorOrAPicture) {
    Bytes const bytes = xl_file(0, 10000, {64, 31});
    for (std::size_t n = 0; n < bytes.size(); n += 37) {
        auto const result =
            annotated(annotate_recipe(), Bytes(bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(n)));
        if (!result) EXPECT_FALSE(result.error().message.empty());
    }
}

TEST(ReadProvenance, WarnsOfOtherStepVersions) {
    auto const provenance = read_provenance(
        png_with(R"({"micrographia":"9.9","steps":[{"step":"despike","enabled":true,"version":77,"values":{}},)"
                 R"({"step":"crop","enabled":false,"version":77,"values":{}}],"inputs":[],"notes":[]})"));
    ASSERT_TRUE(provenance) << provenance.error().message;
    EXPECT_EQ(provenance->version, "9.9");
    EXPECT_EQ(provenance->warnings, (std::vector<std::string>{"despike was version 77, is 1 now: pixels may differ"}));
}

TEST(ReadProvenance, RefusesWhatIsNoRecipe) {
    for (char const* text : {"", "{", "{}", "[]", R"({"steps":5})", R"({"steps":[{"step":"none"}]})",
                             R"({"micrographia":1,"steps":[{"step":"despike","values":{"none":1}}]})"})
        EXPECT_FALSE(read_provenance(png_with(text))) << text;
    auto const plane = Plane::filled({2, 2}, 0.5f);
    auto const without = read_provenance(encode_png({plane->view()}, {}).value());
    ASSERT_FALSE(without);
    EXPECT_NE(without.error().message.find("carries no recipe"), std::string::npos);
    EXPECT_FALSE(read_provenance({}));
}

TEST(ReadRecipe, TellsTextJsonAndPictureApart) {
    Recipe recipe = annotate_recipe();
    ASSERT_TRUE(set_value(recipe, "despike", "off"));
    auto const picture = annotated(recipe, xl_file());
    ASSERT_TRUE(picture);
    std::string const text = to_text(recipe), json = to_json(recipe);
    for (Bytes const& file : {Bytes(text.begin(), text.end()), Bytes(json.begin(), json.end()), picture->png}) {
        auto const read = read_recipe(file, annotate_recipe());
        ASSERT_TRUE(read) << read.error().message;
        EXPECT_EQ(*read, recipe);
    }
    EXPECT_FALSE(read_recipe({}, annotate_recipe()));
}

} // namespace
} // namespace mg
