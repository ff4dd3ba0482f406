// Sets that no page can hold are refused in words before any work is asked for.
#include <gtest/gtest.h>

#include <type_traits>

#include "app/desk_tools.h"
#include "app/materials_desk.h"
#include "app/overlay_desk.h"
#include "recipe/materials.h"
#include "recipe/overlay.h"

namespace mg::app {
namespace {

/// Images of which all is known but the pixels.
struct LargeSet {
    LargeSet(int images, Size size, std::string const& name) {
        for (int i = 0; i < images; ++i) {
            InputEntry input;
            input.id = i + 1;
            input.name = name + std::to_string(i) + ".TIF";
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
    std::uint64_t revision = 0;
    Scheduler scheduler{2};
};

TEST(SetMemory, IsSaidInWordsForBothKindsOfSets) {
    LargeSet maps(12, {4096, 4096}, "AlK");
    EXPECT_NE(maps.words("materials").find("12 images need about 4.3 GB"), std::string::npos)
        << maps.words("materials");
    EXPECT_NE(maps.words("materials_export").find("a page has 4.0 GB"), std::string::npos);
    LargeSet images(15, {4096, 4096}, "10K4");
    EXPECT_NE(images.words("overlay").find("15 images need about 5.1 GB"), std::string::npos)
        << images.words("overlay");
    EXPECT_EQ(LargeSet(12, {2048, 2048}, "AlK").words("materials"), "");
    EXPECT_EQ(LargeSet(10, {4096, 4096}, "10K4").words("overlay"), "");
}

template <class Desk>
void update(Desk& desk, LargeSet& set) {
    set.view.workspace = std::is_same_v<Desk, OverlayDesk> ? Workspace::overlay : Workspace::materials;
    desk.update({set.document, ++set.revision, set.view, set.results, set.scheduler});
}

TEST(SetMemory, AStackThatIsTooLargeIsNotBegunUntilImagesAreLeftOut) {
    LargeSet set(15, {4096, 4096}, "10K4");
    OverlayDesk desk;
    update(desk, set);
    std::string const& failure = set.results.overlay.failure;
    EXPECT_NE(failure.find("leave images out"), std::string::npos) << failure;
    EXPECT_FALSE(set.scheduler.set_under_way("overlay"));
    EXPECT_TRUE(desk.settled());
    for (std::size_t i = 0; i < 8; ++i)
        set.document.overlay.overrides.push_back({set.document.inputs[i].name, "channel", "role", std::int64_t{3}});
    update(desk, set);
    EXPECT_TRUE(set.scheduler.set_under_way("overlay"));
    EXPECT_EQ(set.results.overlay.busy, "aligning");
}

TEST(SetMemory, ASetOfMapsThatIsTooLargeIsNotBegun) {
    LargeSet set(12, {4096, 4096}, "map_AlK");
    MaterialsDesk desk;
    update(desk, set);
    std::string const& failure = set.results.materials.failure;
    EXPECT_NE(failure.find("leave maps out"), std::string::npos) << failure;
    EXPECT_FALSE(set.scheduler.set_under_way("materials"));
    EXPECT_TRUE(desk.settled());
}

} // namespace
} // namespace mg::app
