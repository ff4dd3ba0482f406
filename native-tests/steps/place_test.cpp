// Truth: one smooth scene, seen by every image through a known map from the reference's stored pixels to its own.
#include <cmath>
#include <functional>

#include "steps/geometry_support.h"

namespace mg {

extern Step const k_step_place;

namespace {

using test::find_note;
using test::Key;
using test::number_of;
using test::run_ok;
using test::run_step;
using test::Setting;

constexpr Size k_size{96, 72};

double scene_value(Point p) {
    return 0.5 + 0.2 * std::sin(p.x / 5.3 + 0.3) + 0.15 * std::sin(p.y / 4.1 + p.x / 17.0) +
           0.1 * std::cos((p.x + 2 * p.y) / 9.0);
}

Channel seen(Projective const& from_reference, Trust trust, char const* name, Size size = k_size) {
    Projective back = from_reference.inverse();
    Scene one = test::scene_of(size, [&](int x, int y) {
        return scene_value(back({static_cast<double>(x), static_cast<double>(y)}));
    });
    Channel channel = std::move(one.channels.front());
    channel.file_name = channel.label = name;
    channel.alignment = Alignment{.from_reference = from_reference, .trust = trust};
    return channel;
}
Channel reference() {
    return seen({}, Trust::reference, "A.TIF");
}
void calibrate(Channel& channel, double x_nm, double y_nm) {
    channel.pixel_size_x_nm = Sourced<double>{x_nm, "test"};
    channel.pixel_size_y_nm = Sourced<double>{y_nm, "test"};
}
/// Largest difference from the truth, where nothing is masked; the outermost `margin` pixels are left out.
double error_of(Channel const& channel, Affine const& stored_of_grid, int margin = 0) {
    double largest = 0;
    Plane const& plane = *channel.planes.front();
    for (int y = margin; y < plane.height() - margin; ++y)
        for (int x = margin; x < plane.width() - margin; ++x) {
            if (channel.mask && channel.mask->at(x, y)) continue;
            Point at = stored_of_grid({static_cast<double>(x), static_cast<double>(y)});
            largest = std::fmax(largest, std::fabs(plane.at(x, y) - scene_value(at)));
        }
    return largest;
}
std::vector<Note const*> warnings(Job const& job) {
    std::vector<Note const*> found;
    for (Note const& note : job.notes())
        if (note.key == "warning") found.push_back(&note);
    return found;
}
void expect_ok(Scene& scene, std::vector<Setting> const& settings, Job& job) {
    Status status = run_step(k_step_place, scene, settings, job);
    ASSERT_TRUE(status.has_value()) << status.error().message;
}

TEST(Place, LaysShiftedTurnedAndTiltedImagesOverTheReference) {
    Scene scene;
    scene.channels.push_back(seen(Affine::translation(3.4, -2.7), Trust::accepted, "B.TIF"));
    scene.channels.push_back(reference());
    scene.channels.push_back(seen(Affine{1.01, 0.02, -1.6, -0.015, 0.99, 2.2}, Trust::accepted, "C.TIF"));
    scene.channels.push_back(seen({{1.0, 0.01, 0.8, 0.005, 1.0, -0.6}, 2e-4, -1e-4}, Trust::by_hand, "D.TIF"));
    std::vector<Alignment> alignments;
    for (Channel const& channel : scene.channels) alignments.push_back(*channel.alignment);
    run_ok(k_step_place, scene);
    ASSERT_EQ(scene.channels.size(), 4u);
    Affine const grid = scene.channels[1].to_recorded;
    for (Channel const& channel : scene.channels) {
        EXPECT_EQ(channel.size(), scene.channels[0].size()) << channel.label;
        EXPECT_FALSE(channel.mask) << channel.label;
        // Where the spline's mirrored border is far, within its error for waves of this length.
        EXPECT_LT(error_of(channel, grid, 6), 1e-4) << channel.label;
        EXPECT_LT(error_of(channel, grid), 0.02) << channel.label;
    }
    EXPECT_GT(scene.channels[0].size().width, 85);
    EXPECT_GT(scene.channels[0].size().height, 62);
    // to_recorded of the others is the grid's, then the alignment; exactly so where that is affine.
    for (std::size_t i : {0u, 2u})
        for (Point p : {Point{0, 0}, Point{70, 3}, Point{11, 50}}) {
            Point expected = alignments[i].from_reference(grid(p)), found = scene.channels[i].to_recorded(p);
            EXPECT_NEAR(found.x, expected.x, 1e-9);
            EXPECT_NEAR(found.y, expected.y, 1e-9);
        }
    Size size = scene.channels[3].size();
    Point middle{(size.width - 1) / 2.0, (size.height - 1) / 2.0};
    Point expected = alignments[3].from_reference(grid(middle)), found = scene.channels[3].to_recorded(middle);
    EXPECT_NEAR(found.x, expected.x, 1e-9);
    EXPECT_NEAR(found.y, expected.y, 1e-9);
}

TEST(Place, TakesCropsOfTheImagesIntoAccount) {
    Scene scene;
    scene.channels.push_back(reference());
    scene.channels.push_back(seen(Affine::translation(5, 4), Trust::accepted, "B.TIF"));
    auto cropped = [](Channel& channel, Rect rect) {
        Plane part = std::move(Plane::create(rect.size())).value();
        for (int y = 0; y < rect.height; ++y)
            for (int x = 0; x < rect.width; ++x) part.at(x, y) = channel.planes.front()->at(rect.x + x, rect.y + y);
        channel.planes = {std::make_shared<Plane const>(std::move(part))};
        channel.to_recorded = Affine::translation(rect.x, rect.y);
    };
    cropped(scene.channels[0], {0, 0, 96, 60});
    cropped(scene.channels[1], {10, 3, 80, 62});
    run_ok(k_step_place, scene);
    // The reference's columns 5 to 84 and rows 0 to 59 are the other's 10 to 89 and 4 to 63.
    EXPECT_EQ(scene.channels[0].size(), (Size{80, 60}));
    EXPECT_EQ(scene.channels[0].to_recorded, Affine::translation(5, 0));
    EXPECT_EQ(scene.channels[1].to_recorded, Affine::translation(10, 4));
    for (Channel const& channel : scene.channels)
        EXPECT_LT(error_of(channel, scene.channels[0].to_recorded), 1e-5) << channel.label;
}

TEST(Place, PixelSizeIsRightAfterStretchingHalvingAndAChangeOfScale) {
    Scene scene;
    scene.channels.push_back(reference());
    // 2 % coarser pixels: the same spot lies closer to the origin.
    scene.channels.push_back(seen(Affine{1 / 1.02, 0, 1, 0, 1 / 1.02, 0.5}, Trust::accepted, "B.TIF"));
    calibrate(scene.channels[0], 18.2, 20);
    calibrate(scene.channels[1], 18.2 * 1.02, 20 * 1.02);
    Job job;
    expect_ok(scene, {{"halve", Key{"on"}}}, job);
    Channel const& grid = scene.channels[0];
    // 0.91 rows of the reference per row, twice that when halved.
    EXPECT_NEAR(grid.to_recorded.a, 2, 1e-12);
    EXPECT_NEAR(grid.to_recorded.d, 1.82, 1e-12);
    for (Channel const& channel : scene.channels) {
        EXPECT_DOUBLE_EQ(channel.pixel_size_x_nm->value, 36.4);
        EXPECT_DOUBLE_EQ(channel.pixel_size_y_nm->value, 36.4);
        EXPECT_LT(error_of(channel, grid.to_recorded, 4), 0.01) << channel.label;
    }
    EXPECT_LE(std::abs(grid.size().width - 47), 1);
    EXPECT_LE(std::abs(grid.size().height - 39), 1);
    EXPECT_TRUE(warnings(job).empty());
    // A length between two marks of the scene: 40 stored columns and 30 rows of the reference.
    Affine to_grid = grid.to_recorded.inverse();
    Point a = to_grid({20, 20}), b = to_grid({60, 50});
    EXPECT_NEAR(std::hypot(b.x - a.x, b.y - a.y) * 36.4, std::hypot(40 * 18.2, 30 * 20.0), 1e-6);
}

TEST(Place, TellsWhenACalibrationContradictsTheScaleFound) {
    Scene scene;
    scene.channels.push_back(reference());
    scene.channels.push_back(seen(Affine::translation(1, 1), Trust::accepted, "B.TIF"));
    calibrate(scene.channels[0], 10, 10);
    calibrate(scene.channels[1], 10.3, 10.3);
    Job job;
    expect_ok(scene, {}, job);
    ASSERT_EQ(warnings(job).size(), 1u);
    std::string const& text = warnings(job)[0]->text;
    EXPECT_NE(text.find("B.TIF"), std::string::npos) << text;
    EXPECT_NE(text.find("10.30 nm/px"), std::string::npos) << text;
    EXPECT_NE(text.find("10.00 nm/px"), std::string::npos) << text;
    EXPECT_EQ(scene.channels[1].pixel_size_x_nm->value, 10);
}

TEST(Place, AsksForAReferenceWithAPixelSize) {
    Scene scene;
    scene.channels.push_back(reference());
    scene.channels.push_back(seen({}, Trust::accepted, "B.TIF"));
    calibrate(scene.channels[1], 10, 10);
    Job job;
    expect_ok(scene, {}, job);
    EXPECT_EQ(warnings(job).size(), 1u);
    EXPECT_FALSE(scene.channels[1].pixel_size_x_nm);
}

TEST(Place, AssumesTheUsualRatioOfPhilipsXlOnly) {
    for (bool xl : {false, true}) {
        Scene scene;
        scene.channels.push_back(reference());
        if (xl) scene.channels[0].metadata.vendor = "Philips/FEI XL";
        run_ok(k_step_place, scene);
        EXPECT_EQ(scene.channels[0].size(), (Size{96, xl ? 79 : 72}));
        EXPECT_LT(error_of(scene.channels[0], scene.channels[0].to_recorded, 4), 2e-4);
    }
    Scene scene;
    scene.channels.push_back(reference());
    run_ok(k_step_place, scene, {{"anisotropy", 0.5}});
    EXPECT_EQ(scene.channels[0].size(), (Size{96, 144}));
}

TEST(Place, LeavesASingleSquareImageAsItIs) {
    Scene scene;
    scene.channels.push_back(reference());
    PlanePtr before = scene.channels[0].planes.front();
    run_ok(k_step_place, scene);
    Plane const& after = *scene.channels[0].planes.front();
    ASSERT_EQ(after.size(), before->size());
    EXPECT_TRUE(std::equal(after.data(), after.data() + after.size().area(), before->data()));
}

TEST(Place, LeavesRefusedImagesOutAndNamesThem) {
    Scene scene;
    scene.channels.push_back(reference());
    scene.channels.push_back(seen(Affine::translation(30, 0), Trust::refused, "B.TIF"));
    scene.channels.push_back(seen(Affine::translation(2, 0), Trust::accepted, "C.TIF"));
    scene.channels[1].alignment->reason = "two scales disagree by 6 px";
    scene.pairs = {{.from = 0, .to = 1}, {.from = 0, .to = 2}};
    Job job;
    Scene unmoved = scene;
    expect_ok(scene, {}, job);
    ASSERT_EQ(scene.channels.size(), 2u);
    EXPECT_EQ(scene.channels[1].file_name, "C.TIF");
    ASSERT_EQ(scene.pairs.size(), 1u);
    EXPECT_EQ(scene.pairs[0].to, 1);
    Note const* note = find_note(job, "left_out");
    ASSERT_TRUE(note);
    EXPECT_NE(note->text.find("B.TIF"), std::string::npos);
    EXPECT_NE(note->text.find("two scales disagree by 6 px"), std::string::npos);
    EXPECT_EQ(scene.channels[0].size().width, 94);

    run_ok(k_step_place, unmoved, {{"refused", Key{"keep_unmoved"}}});
    ASSERT_EQ(unmoved.channels.size(), 3u);
    EXPECT_EQ(unmoved.channels[1].to_recorded, unmoved.channels[0].to_recorded);
}

TEST(Place, DoubtfulImagesAreUsedUnlessTheUserSaysOtherwise) {
    Scene scene;
    scene.channels.push_back(reference());
    scene.channels.push_back(seen(Affine::translation(2, 0), Trust::doubtful, "B.TIF"));
    Scene strict = scene;
    run_ok(k_step_place, scene);
    EXPECT_EQ(scene.channels.size(), 2u);
    run_ok(k_step_place, strict, {{"doubtful", Key{"leave_out"}}});
    EXPECT_EQ(strict.channels.size(), 1u);
    EXPECT_EQ(strict.channels[0].size(), k_size);
}

TEST(Place, WithoutTransformImagesLieAsRecorded) {
    Scene scene;
    scene.channels.push_back(reference());
    scene.channels.push_back(seen(Affine::translation(9, 5), Trust::refused, "B.TIF", {90, 80}));
    PlanePtr before = scene.channels[1].planes.front();
    run_ok(k_step_place, scene, {{"transform", false}});
    ASSERT_EQ(scene.channels.size(), 2u);
    ASSERT_EQ(scene.channels[1].size(), (Size{90, 72}));
    for (int y = 0; y < 72; ++y)
        for (int x = 0; x < 90; ++x)
            ASSERT_NEAR(scene.channels[1].planes.front()->at(x, y), before->at(x, y), 1e-6);
}

TEST(Place, ImpossibleMapsAreLeftOut) {
    for (Affine map : {Affine{0, 0, 0, 0, 0, 0}, Affine{std::nan(""), 0, 0, 0, 1, 0}, Affine{1e6, 0, 0, 0, 1e6, 0}}) {
        Scene scene;
        scene.channels.push_back(reference());
        scene.channels.push_back(reference());
        scene.channels[1].alignment = Alignment{.from_reference = map, .trust = Trust::accepted};
        Job job;
        expect_ok(scene, {}, job);
        EXPECT_EQ(scene.channels.size(), 1u);
        EXPECT_TRUE(find_note(job, "left_out"));
    }
}

TEST(Place, UnionHoldsAllAndMasksWhatAnImageDoesNotShow) {
    Scene scene;
    scene.channels.push_back(reference());
    scene.channels.push_back(seen(Affine::translation(6, -4), Trust::accepted, "B.TIF"));
    run_ok(k_step_place, scene, {{"crop", Key{"union"}}});
    EXPECT_EQ(scene.channels[0].size(), (Size{102, 76}));
    EXPECT_EQ(scene.channels[0].to_recorded, Affine::translation(-6, 0));
    for (Channel const& channel : scene.channels) {
        ASSERT_TRUE(channel.mask);
        int covered = 0;
        for (int y = 0; y < 76; ++y)
            for (int x = 0; x < 102; ++x) {
                covered += channel.mask->at(x, y) == 0;
                if (channel.mask->at(x, y)) {
                    EXPECT_EQ(channel.mask->at(x, y), k_mask_outside);
                    EXPECT_EQ(channel.planes.front()->at(x, y), 0);
                }
            }
        EXPECT_EQ(covered, 96 * 72);
        EXPECT_LT(error_of(channel, scene.channels[0].to_recorded), 1e-5);
    }
}

TEST(Place, ReferenceFrameStaysWhole) {
    Scene scene;
    scene.channels.push_back(reference());
    scene.channels.push_back(seen(Affine::translation(6, -4), Trust::accepted, "B.TIF"));
    run_ok(k_step_place, scene, {{"crop", Key{"reference"}}});
    EXPECT_EQ(scene.channels[1].size(), k_size);
    EXPECT_FALSE(scene.channels[0].mask);
    ASSERT_TRUE(scene.channels[1].mask);
    EXPECT_EQ(scene.channels[1].mask->at(95, 3), k_mask_outside);
    EXPECT_EQ(scene.channels[1].mask->at(0, 71), 0);
}

TEST(Place, ExtraImagesDoNotCropUnlessAsked) {
    Scene scene;
    scene.channels.push_back(reference());
    scene.channels.push_back(seen(Affine::translation(-20, 0), Trust::accepted, "S.TIF"));
    scene.channels[1].role = Role::extra;
    Scene counted = scene;
    run_ok(k_step_place, scene);
    EXPECT_EQ(scene.channels[0].size(), k_size);
    ASSERT_TRUE(scene.channels[1].mask);
    EXPECT_EQ(scene.channels[1].mask->at(19, 5), k_mask_outside);
    EXPECT_EQ(scene.channels[1].planes.front()->at(19, 5), 0);
    EXPECT_EQ(scene.channels[1].mask->at(20, 5), 0);
    run_ok(k_step_place, counted, {{"crop_to_extras", true}});
    EXPECT_EQ(counted.channels[0].size(), (Size{76, 72}));
    EXPECT_FALSE(counted.channels[1].mask);
}

TEST(Place, NoDarkFringeAlongTheCrop) {
    // All white: whatever of the border leaked in would be darker.
    for (Projective map : {Projective(Affine::translation(3.4, 2.6)), Projective(Affine{0.99, 0.03, 2, -0.03, 1.01, 4})})
        for (char const* how : {"nearest", "linear", "cubic_spline", "lanczos3"})
            for (char const* halve : {"off", "on"}) {
                Scene scene = test::scene_of(k_size, [](int, int) { return 1; });
                scene.channels.push_back(scene.channels[0]);
                scene.channels[0].alignment = Alignment{.trust = Trust::reference};
                scene.channels[1].alignment = Alignment{.from_reference = map, .trust = Trust::accepted};
                Mask mask = std::move(Mask::filled(k_size, 0)).value();
                Plane plane = std::move(scene.channels[1].planes.front()->clone()).value();
                for (int x = 0; x < 96; ++x) { // a corner that was turned in, black and marked so
                    mask.at(x, 0) = mask.at(x, 1) = k_mask_outside;
                    plane.at(x, 0) = plane.at(x, 1) = 0;
                }
                scene.channels[1].mask = std::make_shared<Mask const>(std::move(mask));
                scene.channels[1].planes = {std::make_shared<Plane const>(std::move(plane))};
                run_ok(k_step_place, scene, {{"interpolation", Key{how}}, {"halve", Key{halve}}});
                Plane const& placed = *scene.channels[1].planes.front();
                double lowest = 1;
                for (int y = 0; y < placed.height(); ++y)
                    for (int x = 0; x < placed.width(); ++x) lowest = std::fmin(lowest, placed.at(x, y));
                // The spline and Lanczos ring by some per cent two pixels from a black border, and no more.
                EXPECT_GT(lowest, 0.9) << how << " halve " << halve;
                EXPECT_FALSE(scene.channels[1].mask) << how << " halve " << halve;
            }
}

TEST(Place, OvershootBelowZeroIsCutOnlyWhereNothingWasNegative) {
    for (double low : {0.0, -0.5}) {
        Scene scene = test::scene_of(k_size, [&](int x, int) { return x / 8 % 2 ? 1.0 : low; });
        scene.channels.push_back(scene.channels[0]);
        scene.channels[0].alignment = Alignment{.trust = Trust::reference};
        scene.channels[1].alignment =
            Alignment{.from_reference = Affine::translation(0.5, 0), .trust = Trust::accepted};
        run_ok(k_step_place, scene);
        Plane const& placed = *scene.channels[1].planes.front();
        double lowest = 1;
        for (int x = 0; x < placed.width(); ++x) lowest = std::fmin(lowest, placed.at(x, 9));
        if (low == 0)
            EXPECT_EQ(lowest, 0);
        else
            EXPECT_LT(lowest, -0.52);
    }
}

TEST(Place, HalvesLargeImagesOfHighMagnificationOnly) {
    struct Case {
        double magnification;
        int threshold;
        int width;
    };
    for (Case c : {Case{20000, 90, 48}, Case{5000, 90, 96}, Case{20000, 96, 96}, Case{0, 90, 96}}) {
        Scene scene;
        scene.channels.push_back(reference());
        if (c.magnification > 0) scene.channels[0].metadata.acquisition.magnification = {c.magnification, "test"};
        run_ok(k_step_place, scene, {{"halve", Key{"auto"}}, {"size_threshold", c.threshold}});
        EXPECT_EQ(scene.channels[0].size().width, c.width) << c.magnification << " " << c.threshold;
    }
}

TEST(Place, ImagesWithoutOverlapKeepTheReferencesFrameWithAWarning) {
    Scene scene;
    scene.channels.push_back(reference());
    scene.channels.push_back(seen(Affine::translation(500, 0), Trust::accepted, "B.TIF"));
    Job job;
    expect_ok(scene, {}, job);
    EXPECT_EQ(scene.channels[0].size(), k_size);
    EXPECT_EQ(warnings(job).size(), 1u);
    EXPECT_FALSE(scene.channels[0].mask);
    ASSERT_TRUE(scene.channels[1].mask);
    EXPECT_EQ(scene.channels[1].mask->at(40, 40), k_mask_outside);
}

TEST(Place, WithoutTheReferenceTheFirstImageStandsInForIt) {
    Scene scene;
    scene.channels.push_back(seen(Affine::translation(4, 1), Trust::accepted, "B.TIF"));
    scene.channels.push_back(seen(Affine::translation(7, 3), Trust::accepted, "C.TIF"));
    run_ok(k_step_place, scene);
    EXPECT_EQ(scene.channels[0].size(), (Size{93, 70}));
    EXPECT_EQ(scene.channels[1].to_recorded, Affine::translation(3, 2));
}

TEST(Place, PartsInAnyOrderGiveTheSamePixels) {
    class Backwards : public Job {
        void for_each(std::size_t count, std::function<void(std::size_t)> const& part) override {
            for (std::size_t i = count; i-- > 0;) part(i);
        }
    };
    Scene a;
    a.channels.push_back(reference());
    a.channels.push_back(seen(Affine{1.01, 0.02, -1.6, -0.015, 0.99, 2.2}, Trust::accepted, "B.TIF"));
    Scene b = a;
    Job job;
    Backwards backwards;
    expect_ok(a, {}, job);
    expect_ok(b, {}, backwards);
    for (std::size_t i = 0; i < 2; ++i) {
        Plane const &p = *a.channels[i].planes.front(), &q = *b.channels[i].planes.front();
        ASSERT_EQ(p.size(), q.size());
        EXPECT_TRUE(std::equal(p.data(), p.data() + p.size().area(), q.data()));
    }
}

} // namespace
} // namespace mg
