#include <algorithm>
#include <cmath>

#include "draw/font.h"
#include "steps/materials_support.h"

namespace mg {
namespace {

using test::Key;
using test::run_ok;
using test::run_step;
using test::scene_of;
using test::Setting;

/// What an XL image of 712 x 484 at 10 000x says.
Scene xl_scene(int width = 712, int height = 484) {
    Scene scene = scene_of(
        {width, height}, [](int, int) { return 0.3; }, 15.914, 15.914);
    Acquisition& a = scene.channels[0].metadata.acquisition;
    a.beam_energy_kv = {10, "test"};
    a.spot_size = {4, "test"};
    a.working_distance_mm = {10.85, "test"};
    a.magnification = {10000, "test"};
    a.detector = {"CL", "test"};
    a.wavelength_nm = {420, "test"};
    a.acquired = {"2025-04-10T14:03:00", "test"};
    a.author = {"FH", "test"};
    a.sample = {"AB01", "test"};
    scene.channels[0].metadata.raw = std::make_shared<std::vector<RawKey> const>(
        std::vector<RawKey>{{"Vector", "lScanSpeed", "3"}, {"User", "lScanSpeed", "9"}, {"", "Text", "line\r\nnext"}});
    return scene;
}
Channel const& first_channel(Scene const& scene) {
    return scene.channels.front();
}

/// The pixels under the micrograph.
Plane bar_of(Scene const& scene, std::size_t plane = 0) {
    Channel const& channel = first_channel(scene);
    Rect rect{0, channel.micrograph_size().height, channel.size().width, channel.databar_rows_px};
    Plane copy = std::move(Plane::create(rect.size())).value();
    auto part = channel.planes[plane]->view().cropped(rect);
    for (int y = 0; y < rect.height; ++y) std::copy(part.row(y), part.row(y) + rect.width, copy.row(y));
    return copy;
}
bool same(Plane const& a, Plane const& b) {
    return a.size() == b.size() && std::equal(a.data(), a.data() + a.size().area(), b.data());
}
/// Bars of two settings over the same scene.
Plane bar_with(std::vector<Setting> const& settings, Scene scene = xl_scene()) {
    run_ok(k_step_databar, scene, settings);
    return bar_of(scene);
}
/// The same fields as free text must give the same pixels: the way to read what a bar says.
std::string texts(std::string const& words) {
    return "\"text:" + words + "\"";
}
void expect_value(char const* token, std::string const& value, Scene const& scene = xl_scene()) {
    // A token in an inline row without label is only the date; so compare stacked rows, hiding the label by a crop.
    Plane shown = bar_with({{"fields", token}}, scene), wanted = bar_with({{"fields", texts(value).c_str()}}, scene);
    ASSERT_EQ(shown.size(), wanted.size()) << token;
    int top = shown.height() / 2;
    for (int y = top; y < shown.height(); ++y)
        for (int x = 0; x < shown.width(); ++x) ASSERT_EQ(shown.at(x, y), wanted.at(x, y)) << token << ": " << value;
}

TEST(Databar, LengthensTheImageAndLeavesThePictureAlone) {
    Scene scene = xl_scene();
    PlanePtr before = scene.channels[0].planes[0];
    run_ok(k_step_databar, scene);
    Channel const& channel = first_channel(scene);
    EXPECT_GT(channel.databar_rows_px, 40);
    EXPECT_LT(channel.databar_rows_px, 110);
    EXPECT_EQ(channel.micrograph_size(), (Size{712, 484}));
    EXPECT_EQ(channel.planes.size(), 1U) << "grey stays grey";
    EXPECT_TRUE(std::equal(before->data(), before->data() + before->size().area(), channel.planes[0]->data()));
    EXPECT_EQ(before->size(), (Size{712, 484})) << "the input is untouched";
}

TEST(Databar, SaysWhatTheMicroscopeSaid) {
    expect_value("beam_energy", "10 kV");
    expect_value("spot", "4.0");
    expect_value("working_distance", "10.85 mm");
    expect_value("magnification", "10\u202F000\u00D7");
    expect_value("field", "11.3 \u00D7 7.7 \u00B5m");
    expect_value("pixel_size", "15.91 nm");
    expect_value("detector", "CL 420 nm");
    expect_value("wavelength", "420 nm");
    expect_value("date", "2025-04-10");
    expect_value("author", "FH");
    expect_value("sample", "AB01");
    expect_value("raw:lscanspeed", "3");
    expect_value("raw:User.lScanSpeed", "9");
    expect_value("raw:Text", "line  next");

    Scene scene = xl_scene();
    scene.channels[0].pixel_size_y_nm->value = 17.562;
    expect_value("field", "11.3 \u00D7 8.5 \u00B5m", scene);
    expect_value("pixel_size", "15.91 \u00D7 17.56 nm", scene);
    Acquisition& a = scene.channels[0].metadata.acquisition;
    a.beam_energy_kv->value = 0.5;
    a.working_distance_mm->value = 16.989;
    a.magnification->value = 15.5;
    a.spot_size->value = 1000;
    expect_value("beam_energy", "0.5 kV", scene);
    expect_value("working_distance", "16.99 mm", scene);
    expect_value("magnification", "15.5\u00D7", scene);
    expect_value("spot", "1000", scene);
}

TEST(Databar, FieldIsThatOfTheMicrographAlone) {
    // Applied twice, the second bar must not count the first one's rows as picture.
    Scene once = xl_scene();
    run_ok(k_step_databar, once, {{"fields", "field"}});
    Scene twice = once;
    run_ok(k_step_databar, twice, {{"fields", "field"}});
    int rows = first_channel(once).databar_rows_px;
    EXPECT_EQ(first_channel(twice).databar_rows_px, 2 * rows);
    auto view = first_channel(twice).planes[0]->view();
    for (int y = 0; y < rows; ++y)
        for (int x = 0; x < 712; ++x) ASSERT_EQ(view.at(x, 484 + y), view.at(x, 484 + rows + y));
}

TEST(Databar, LeavesOutWhatIsUnknownWithoutAGap) {
    Scene scene = xl_scene();
    scene.channels[0].metadata.acquisition.spot_size.reset();
    EXPECT_TRUE(same(bar_with({{"fields", "beam_energy spot magnification / user_text / sample"}}, scene),
                     bar_with({{"fields", "beam_energy magnification / sample"}}, scene)));
}

TEST(Databar, NamesTheNearestFieldForAMisspeltOne) {
    Scene scene = xl_scene();
    Job job;
    Status status = run_step(k_step_databar, scene, {{"fields", "beam_enrgy"}}, job);
    ASSERT_FALSE(status.has_value());
    EXPECT_NE(status.error().message.find("did you mean beam_energy?"), std::string::npos) << status.error().message;
}

TEST(Databar, NotesItsScaleBar) {
    Scene scene = xl_scene();
    Job job;
    ASSERT_TRUE(run_step(k_step_databar, scene, {}, job).has_value());
    EXPECT_EQ(test::number_of(test::find_note(job, "scale_bar_nm")), 2000);
    EXPECT_NEAR(test::number_of(test::find_note(job, "scale_bar_px")), 125.676, 5e-4);
    EXPECT_EQ(test::find_note(job, "scale_bar_px")->text, "2 \u00B5m bar, 125.7 px");
}

TEST(Databar, DrawsTheBarAtTheNotedLength) {
    for (char const* colours : {"dark", "light"})
        for (int width : {256, 712, 1424, 4096}) {
            Scene scene = xl_scene(width, 50);
            Job job;
            ASSERT_TRUE(run_step(k_step_databar, scene, {{"fields", ""}, {"colours", Key{colours}}}, job).has_value());
            double noted = test::number_of(test::find_note(job, "scale_bar_px"));
            // Nothing else stands there: the fullest row is the bar's line.
            Plane bar = bar_of(scene);
            float ground = bar.at(0, bar.height() - 1);
            double longest = 0;
            for (int y = bar.height() / 4; y < bar.height(); ++y) {
                double ink = 0;
                for (int x = 0; x < width; ++x) ink += std::fabs(static_cast<double>(bar.at(x, y) - ground));
                longest = std::max(longest, ink);
            }
            double full = std::string_view(colours) == "dark" ? 1 : 0.94;
            EXPECT_NEAR(longest / full, noted, 0.5) << width;
        }
}

TEST(Databar, TakesAFixedBarLengthThatFitsAndSaysWhenItDoesNot) {
    Scene scene = xl_scene();
    Job job;
    ASSERT_TRUE(run_step(k_step_databar, scene, {{"bar_length_nm", 750.0}}, job).has_value());
    EXPECT_EQ(test::number_of(test::find_note(job, "scale_bar_nm")), 750);
    for (double length : {50000.0, 0.001}) {
        Scene other = xl_scene();
        Job fallback;
        ASSERT_TRUE(run_step(k_step_databar, other, {{"bar_length_nm", length}}, fallback).has_value());
        EXPECT_EQ(test::number_of(test::find_note(fallback, "scale_bar_nm")), 2000);
        EXPECT_NE(test::find_note(fallback, "bar_length_nm"), nullptr);
    }
}

TEST(Databar, WithoutAPixelSizeShowsTheFactsAndAsksForOne) {
    Scene scene = xl_scene();
    scene.channels[0].pixel_size_x_nm.reset();
    scene.channels[0].pixel_size_y_nm.reset();
    Job job;
    ASSERT_TRUE(run_step(k_step_databar, scene, {}, job).has_value());
    EXPECT_GT(first_channel(scene).databar_rows_px, 0);
    EXPECT_EQ(test::find_note(job, "scale_bar_px"), nullptr);
    EXPECT_EQ(test::find_note(job, "pixel_size")->text, "no pixel size: set one");
}

TEST(Databar, OfUnsquarePixelsIsTrueAlongRows) {
    Scene scene = xl_scene();
    scene.channels[0].pixel_size_y_nm->value = 17.562;
    Job job;
    ASSERT_TRUE(run_step(k_step_databar, scene, {}, job).has_value());
    EXPECT_NEAR(test::number_of(test::find_note(job, "scale_bar_px")), 2000 / 15.914, 1e-9);
    EXPECT_NE(test::find_note(job, "anisotropic"), nullptr);
}

TEST(Databar, InACornerKeepsTheSize) {
    Scene scene = xl_scene();
    PlanePtr before = scene.channels[0].planes[0];
    run_ok(k_step_databar, scene, {{"style", Key{"corner"}}});
    EXPECT_EQ(first_channel(scene).size(), (Size{712, 484}));
    EXPECT_EQ(first_channel(scene).databar_rows_px, 0);
    EXPECT_FALSE(same(*before, *first_channel(scene).planes[0]));
    Scene none = xl_scene();
    PlanePtr kept = none.channels[0].planes[0];
    run_ok(k_step_databar, none, {{"style", Key{"none"}}});
    EXPECT_EQ(first_channel(none).planes[0], kept);
    EXPECT_EQ(first_channel(none).size(), (Size{712, 484}));
}

TEST(Databar, MasksItsRowsAndKeepsTheRestOfTheMask) {
    Scene scene = xl_scene();
    Mask mask = std::move(Mask::filled({712, 484}, 0)).value();
    mask.at(5, 6) = k_mask_drawing;
    scene.channels[0].mask = std::make_shared<Mask const>(std::move(mask));
    run_ok(k_step_databar, scene);
    ASSERT_EQ(first_channel(scene).mask->size(), first_channel(scene).size());
    EXPECT_EQ(first_channel(scene).mask->at(5, 6), k_mask_drawing);
    EXPECT_EQ(first_channel(scene).mask->at(0, 0), 0);
    EXPECT_EQ(first_channel(scene).mask->at(5, 490), k_mask_databar);
}

TEST(Databar, OfAColourImageIsGreyInAllThreePlanes) {
    Scene scene = xl_scene();
    scene.channels[0].planes.resize(3, scene.channels[0].planes[0]);
    run_ok(k_step_databar, scene);
    ASSERT_EQ(first_channel(scene).planes.size(), 3U);
    EXPECT_TRUE(same(bar_of(scene, 0), bar_of(scene, 1)));
    EXPECT_TRUE(same(bar_of(scene, 0), bar_with({})));
}

TEST(Databar, CompatibleHasTheToolsFourRows) {
    Scene scene = xl_scene();
    scene.channels[0].pixel_size_y_nm->value = 17.562;
    Plane compatible = bar_with({{"compatible", true}}, scene);
    Plane usual = bar_with({}, scene);
    EXPECT_GT(compatible.height(), usual.height()) << "two rows of labels and values each";
}

TEST(Databar, CaptionIsAFurtherRowInItsColours) {
    Scene scene = xl_scene();
    scene.channels[0].caption = {
        {"Colour by wavelength"}, {"405", Rgb{0.5F, 0.4F, 1}}, {"415", Rgb{1, 0.5F, 0}}, {"nm"}};
    Plane const plain = bar_with({});
    run_ok(k_step_databar, scene);
    ASSERT_EQ(first_channel(scene).planes.size(), 3U) << "coloured words make a colour picture of a grey one";
    Plane const red = bar_of(scene, 0), green = bar_of(scene, 1), blue = bar_of(scene, 2);
    EXPECT_GT(red.height(), plain.height() + 8);
    int violet = 0, orange = 0;
    for (int y = 0; y < red.height(); ++y)
        for (int x = 0; x < red.width(); ++x) {
            violet += blue.at(x, y) > red.at(x, y) + 0.3F ? 1 : 0;
            orange += red.at(x, y) > blue.at(x, y) + 0.6F ? 1 : 0;
        }
    EXPECT_GT(violet, 15);
    EXPECT_GT(orange, 15);
    // The rows above stay as they are.
    for (int x = 0; x < 300; ++x) EXPECT_EQ(green.at(x, 12), plain.at(x, 12)) << x;
}

TEST(Databar, CaptionStaysLegibleOnALightBar) {
    Scene scene = xl_scene();
    scene.channels[0].caption = {{"405", Rgb{1, 1, 0.6F}}};
    run_ok(k_step_databar, scene, {{"colours", Key{"light"}}});
    Plane const red = bar_of(scene, 0), blue = bar_of(scene, 2);
    float darkest = 1;
    for (int y = 0; y < red.height(); ++y)
        for (int x = 0; x < red.width(); ++x)
            if (red.at(x, y) > blue.at(x, y) + 0.1F) darkest = std::min(darkest, red.at(x, y));
    EXPECT_LT(darkest, 0.6F) << "pale yellow on white cannot be read";
}

/// A composite as the step "tint" leaves it.
Scene composite_scene() {
    Scene scene = xl_scene();
    scene.channels[0].role = Role::composite;
    scene.channels[0].planes.resize(3, scene.channels[0].planes[0]);
    scene.materials = test::made_materials();
    run_ok(k_step_colours, scene);
    return scene;
}
/// Pixels in the rows of the bar that are near a colour.
int pixels_of(Scene const& scene, Rgb colour) {
    Plane const r = bar_of(scene, 0), g = bar_of(scene, 1), b = bar_of(scene, 2);
    int count = 0;
    for (int y = 0; y < r.height(); ++y)
        for (int x = 0; x < r.width(); ++x)
            count +=
                std::fabs(r.at(x, y) - colour.r) + std::fabs(g.at(x, y) - colour.g) + std::fabs(b.at(x, y) - colour.b) <
                        0.02F
                    ? 1
                    : 0;
    return count;
}

TEST(Databar, OfMaterialsShowsTheirCountsAsBarsInTheirColours) {
    Scene scene = composite_scene(), none = composite_scene();
    run_ok(k_step_databar, scene);
    run_ok(k_step_databar, none, {{"material_bars", Key{"none"}}});
    EXPECT_GT(first_channel(scene).databar_rows_px, first_channel(none).databar_rows_px + 4 * 10) << "names and three rows";
    // Lengths of the bars of one material together are as its counts: 9.5 of Sapphire, 9.2 of Glass, 6.4 of Resin.
    auto const& list = scene.materials->list;
    double const sapphire = pixels_of(scene, list[0].colour), glass = pixels_of(scene, list[1].colour),
                 resin = pixels_of(scene, list[2].colour);
    EXPECT_NEAR(glass / sapphire, 9.2 / 9.5, 0.08);
    EXPECT_NEAR(resin / sapphire, 6.4 / 9.5, 0.08);
    EXPECT_EQ(pixels_of(none, list[0].colour), 0);
    Scene by_element = composite_scene();
    run_ok(k_step_databar, by_element, {{"material_bars", Key{"element"}}});
    // Each relative to the largest of its element: 1 + 5/8 + 1/12 of Sapphire, 0.05 + 1 + 1/6 of Glass.
    EXPECT_NEAR(static_cast<double>(pixels_of(by_element, list[1].colour)) / pixels_of(by_element, list[0].colour),
                1.217 / 1.708, 0.08);
}

TEST(Databar, OfMaterialsIsOnTheCompositeAlone) {
    Scene scene = composite_scene(), other = composite_scene();
    other.channels[0].role = Role::se_image;
    run_ok(k_step_databar, scene);
    run_ok(k_step_databar, other);
    EXPECT_GT(first_channel(scene).databar_rows_px, first_channel(other).databar_rows_px);
}

TEST(Databar, LeavesAnImageOfOnePixelAlone) {
    Scene scene = xl_scene(1, 1);
    run_ok(k_step_databar, scene);
    EXPECT_EQ(first_channel(scene).size(), (Size{1, 1}));
}

TEST(Databar, RefusesALogoThatIsNoPicture) {
    Scene scene = xl_scene();
    std::vector<Value> values = k_step_databar.defaults();
    for (std::size_t i = 0; i < values.size(); ++i)
        if (k_step_databar.params[i].info.key == "logo") values[i] = Bytes{1, 2};
    Job job;
    EXPECT_FALSE(k_step_databar.run(scene, values, job).has_value());
}

} // namespace
} // namespace mg
