// Sets that no page can hold are refused in words before any work is asked for.
#include <gtest/gtest.h>

#include "app/desk_tools.h"
#include "app/materials_desk.h"
#include "app/overlay_desk.h"
#include "recipe/materials.h"
#include "recipe/overlay.h"

namespace mg::app {
namespace {

/// Images of which all is known but the pixels.
struct LargeSet {
    LargeSet(int images, Size size, std::vector<std::string> const& names) {
        for (int i = 0; i < images; ++i) {
            InputEntry input;
            input.id = i + 1;
            input.name = names[static_cast<std::size_t>(i) % names.size()] + std::to_string(i) + ".TIF";
            input.path = "S/" + input.name;
            document.inputs.push_back(input);
            FileResult& result = results.files[input.id];
            result.state = FileState::done;
            result.recorded_size = size;
        }
        document.overlay = overlay_recipe();
        document.materials = materials_recipe();
    }
    std::string words(std::string kind) const {
        return too_large(SetRequest{std::move(kind), document.inputs, {}, 0}, results);
    }
    Document document;
    Results results;
    ViewState view;
    Scheduler scheduler{2};
};

TEST(SetMemory, IsSaidInWordsForBothKindsOfSets) {
    LargeSet maps(12, {4096, 4096}, {"AlK"});
    EXPECT_NE(maps.words("materials").find("12 images need about 4.3 GB"), std::string::npos)
        << maps.words("materials");
    EXPECT_NE(maps.words("materials_export").find("a page has 4.0 GB"), std::string::npos);
    LargeSet images(15, {4096, 4096}, {"10K4"});
    EXPECT_NE(images.words("overlay").find("15 images need about 5.1 GB"), std::string::npos)
        << images.words("overlay");
    EXPECT_EQ(LargeSet(12, {2048, 2048}, {"AlK"}).words("materials"), "");
    EXPECT_EQ(LargeSet(10, {4096, 4096}, {"10K4"}).words("overlay"), "");
}

TEST(SetMemory, ASetThatIsTooLargeIsNotBegun) {
    LargeSet images(15, {4096, 4096}, {"10K4"});
    images.view.workspace = Workspace::overlay;
    OverlayDesk overlay;
    overlay.update({images.document, 1, images.view, images.results, images.scheduler});
    EXPECT_NE(images.results.overlay.failure.find("leave images out"), std::string::npos)
        << images.results.overlay.failure;
    EXPECT_FALSE(images.scheduler.set_under_way("overlay"));
    EXPECT_TRUE(overlay.settled());
    // As the words advise.
    for (int i = 0; i < 8; ++i)
        images.document.overlay.overrides.push_back(
            {images.document.inputs[static_cast<std::size_t>(i)].name, "channel", "role", std::int64_t{3}});
    overlay.update({images.document, 2, images.view, images.results, images.scheduler});
    EXPECT_TRUE(images.scheduler.set_under_way("overlay"));
    EXPECT_EQ(images.results.overlay.busy, "aligning");

    LargeSet maps(12, {4096, 4096}, {"map_AlK"});
    maps.view.workspace = Workspace::materials;
    MaterialsDesk materials;
    materials.update({maps.document, 1, maps.view, maps.results, maps.scheduler});
    EXPECT_NE(maps.results.materials.failure.find("leave maps out"), std::string::npos)
        << maps.results.materials.failure;
    EXPECT_FALSE(maps.scheduler.set_under_way("materials"));
    EXPECT_TRUE(materials.settled());
}

} // namespace
} // namespace mg::app
