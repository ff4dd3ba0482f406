// Which files are element maps of one field, and which electron images go with them.
#include <gtest/gtest.h>

#include "metadata/metadata.h"
#include "recipe/channel_set.h"
#include "recipe/materials.h"

namespace mg {
namespace {

struct FoundFile {
    std::string path;
    Size size{256, 200};
    std::string detector{};
};
constexpr Size k_se_size{1424, 968};

/// "name: SiK=map_SiK lab=map_Lab1 se=SE01", in the order of the files.
std::vector<std::string> sets_in(std::vector<FoundFile> const& files) {
    std::vector<Metadata> metadata(files.size());
    std::vector<std::string> names;
    for (std::size_t i = 0; i < files.size(); ++i) {
        names.push_back(files[i].path.substr(files[i].path.rfind('/') + 1));
        Acquisition& facts = metadata[i].acquisition;
        if (!files[i].detector.empty()) facts.detector = {files[i].detector, "header"};
        if (auto const nm = facts_from_names(files[i].path).wavelength_nm) facts.wavelength_nm = {*nm, "file name"};
    }
    std::vector<SetInput> inputs;
    for (std::size_t i = 0; i < files.size(); ++i)
        inputs.push_back(
            {.file_name = names[i], .relative_path = files[i].path, .metadata = &metadata[i], .size = files[i].size});
    std::vector<std::string> found;
    for (MapSet const& set : find_map_sets(inputs)) {
        std::string text = set.name + ":";
        for (MapSetMember const& member : set.members) {
            std::string const role = member.role == Role::lab_image  ? "lab"
                                     : member.role == Role::se_image ? "se"
                                                                     : member.element;
            text += " " + role + "=" + std::string(stem_of(names[static_cast<std::size_t>(member.index)]));
        }
        found.push_back(text);
    }
    return found;
}

using Found = std::vector<std::string>;

TEST(MapSets, MapsLabImageAndElectronImageOfAFolderAreOneSet) {
    EXPECT_EQ(sets_in({{"AB01/SE01.TIF", k_se_size, "SE"},
                       {"AB01/map_Lab1.bmp"},
                       {"AB01/map_CK.bmp"},
                       {"AB01/map_OK.bmp"},
                       {"AB01/map_CuK.bmp"}}),
              (Found{"SE01 \u00B7 AB01: se=SE01 lab=map_Lab1 CK=map_CK OK=map_OK CuK=map_CuK"}));
}

TEST(MapSets, PublishedSetsAreFound) {
    Size const size{512, 384};
    EXPECT_EQ(sets_in({{"a/1-CK.png", size}, {"a/2-AlK.png", size}, {"a/8-MoK.png", size}, {"a/9-ROI.png", size}}),
              (Found{"9-ROI \u00B7 a: CK=1-CK AlK=2-AlK MoK=8-MoK se=9-ROI"}));
    Size const small{128, 128};
    EXPECT_EQ(sets_in({{"SiO2_C_Ka.tif", small},
                       {"SiO2_Cu_Ka.tif", small},
                       {"SiO2_total.tif", small},
                       {"SiO2_HAADF.tif", small},
                       {"SiO2_O_Ka.tif", small}}),
              (Found{"SiO2_HAADF: CK=SiO2_C_Ka CuK=SiO2_Cu_Ka se=SiO2_HAADF OK=SiO2_O_Ka"}));
}

TEST(MapSets, NamesAloneAreEnough) {
    EXPECT_EQ(sets_in({{"Si K\u03B11.tif", {}}, {"O K\u03B11.tif", {}}, {"Electron Image 1.tif", {}}}),
              (Found{"Electron Image 1: SiK=Si K\u03B11 OK=O K\u03B11 se=Electron Image 1"}));
}

TEST(MapSets, WavelengthSeriesAreNoMapsAndNoElectronImage) {
    EXPECT_EQ(
        sets_in(
            {{"AB01/S10K.TIF", k_se_size, "SE"}, {"AB01/10K405.TIF", k_se_size, "CL"}, {"AB01/10K415.TIF", k_se_size, "CL"}}),
        Found{});
    EXPECT_EQ(sets_in({{"AB01/10K405.TIF", k_se_size, "CL"},
                       {"AB01/10K415.TIF", k_se_size, "CL"},
                       {"AB01/SiK.bmp"},
                       {"AB01/OK.bmp"},
                       {"AB01/S10K.TIF", k_se_size, "SE"}}),
              (Found{"S10K \u00B7 AB01: SiK=SiK OK=OK se=S10K"}));
}

TEST(MapSets, AnElectronImageOfTheMapsSizeIsTheLabImageBesideALargerOne) {
    EXPECT_EQ(sets_in({{"a/SiK.bmp"}, {"a/OK.bmp"}, {"a/SEM small.bmp"}, {"a/SE.tif", k_se_size}}),
              (Found{"SE \u00B7 a: SiK=SiK OK=OK lab=SEM small se=SE"}));
}

TEST(MapSets, FoldersSizesAndNamesInFrontKeepFieldsApart) {
    EXPECT_EQ(sets_in({{"a/SiK.bmp"}, {"b/SiK.bmp"}, {"a/OK.bmp"}, {"b/OK.bmp"}}),
              (Found{"a: SiK=SiK OK=OK", "b: SiK=SiK OK=OK"}));
    EXPECT_EQ(sets_in({{"SiK_1.bmp"}, {"OK_1.bmp"}, {"SiK_2.bmp", {512, 400}}, {"OK_2.bmp", {512, 400}}}).size(), 2u);
    EXPECT_EQ(sets_in({{"siteB_SE.tif", k_se_size},
                       {"siteA_SiK.bmp"},
                       {"siteA_OK.bmp"},
                       {"siteA_SE.tif", k_se_size},
                       {"siteB_SiK.bmp"},
                       {"siteB_OK.bmp"},
                       {"siteB_Lab.bmp"},
                       {"siteA_Lab.bmp"}}),
              (Found{"siteA_SE: SiK=siteA_SiK OK=siteA_OK se=siteA_SE lab=siteA_Lab",
                     "siteB_SE: se=siteB_SE SiK=siteB_SiK OK=siteB_OK lab=siteB_Lab"}));
}

TEST(MapSets, AFileGivenTwiceMakesNoSecondSet) {
    EXPECT_EQ(sets_in({{"SiK.bmp"}, {"OK.bmp"}, {"SiK (2).bmp"}}).size(), 1u);
}

TEST(MapSets, DamagedMapsStayWithTheirSetToBeComplainedOf) {
    EXPECT_EQ(sets_in({{"a/SiK.bmp"}, {"a/OK.bmp"}, {"a/AlK.bmp", {}}}), (Found{"a: SiK=SiK OK=OK AlK=AlK"}));
    EXPECT_EQ(sets_in({{"A_SiK.bmp"}, {"A_OK.bmp"}, {"B_SiK.bmp"}, {"B_OK.bmp"}, {"B_AlK.bmp", {}}}),
              (Found{"A: SiK=A_SiK OK=A_OK", "B: SiK=B_SiK OK=B_OK AlK=B_AlK"}));
}

TEST(MapSets, WithoutElementNamesTheLabImageTellsTheMaps) {
    EXPECT_EQ(sets_in({{"a/first.bmp"}, {"a/second.bmp"}, {"a/Lab.bmp"}, {"a/SE1.tif", k_se_size}}),
              (Found{"SE1 \u00B7 a: =first =second lab=Lab se=SE1"}));
}

TEST(MapSets, LessThanTwoMapsAreNoSet) {
    EXPECT_EQ(sets_in({}), Found{});
    EXPECT_EQ(sets_in({{"SiK.bmp"}, {"SE01.TIF", k_se_size, "SE"}}), Found{});
    EXPECT_EQ(sets_in({{"a.bmp"}, {"b.bmp"}, {"c.png"}}), Found{});
    EXPECT_EQ(sets_in({{"SiK.bmp"}, {"OK.bmp", {128, 100}}}), Found{});
}

} // namespace
} // namespace mg
