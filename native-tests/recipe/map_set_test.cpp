// Roles, order and labels of a set of element maps, from what is known of each file alone.
#include "recipe/map_set.h"

#include <algorithm>
#include <cctype>

#include <gtest/gtest.h>

namespace mg {
namespace {

constexpr Size k_small{8, 6}, k_large{40, 30};

struct MapFile {
    std::string name;
    Role role = Role::element_map;
    Size size = k_small;
    enum class Sure { guessed, named, given } sure = Sure::named;
    std::string content = {}; ///< default: like no other
    float level = 0.5f;       ///< of its right half
};

MapMember member(int id, MapFile const& file) {
    MapMember made;
    made.id = id;
    made.sha256 = file.content.empty() ? "hash of " + file.name + std::to_string(id) : file.content;
    Channel& channel = made.channel;
    channel.file_name = file.name.substr(file.name.rfind('/') + 1);
    channel.relative_path = file.name;
    channel.role = file.role;
    channel.map.role_given = file.sure == MapFile::Sure::given;
    channel.map.role_named = file.sure == MapFile::Sure::named;
    channel.label = channel.file_name.substr(0, channel.file_name.find('.'));
    if (std::size_t const line = channel.label.find("K"); line != std::string::npos && file.role == Role::element_map) {
        std::size_t begin = line;
        while (begin > 0 && std::isalpha(static_cast<unsigned char>(channel.label[begin - 1]))) --begin;
        channel.label = channel.label.substr(begin, line + 1 - begin);
        channel.map.element = channel.label.substr(0, channel.label.size() - 1);
    }
    auto plane = Plane::filled(file.size, 0);
    for (int y = 0; y < file.size.height; ++y)
        for (int x = file.size.width / 2; x < file.size.width; ++x) plane->at(x, y) = file.level;
    channel.planes = {std::make_shared<Plane const>(std::move(plane).value())};
    return made;
}

MapFiles set_of(std::vector<MapFile> const& files) {
    std::vector<MapMember> members;
    for (std::size_t i = 0; i < files.size(); ++i) members.push_back(member(static_cast<int>(i) + 1, files[i]));
    return map_set(std::move(members));
}

/// "CK AlK lab:map_Lab1 se:SE01"
std::string listed(MapFiles const& set) {
    std::string text;
    for (Channel const& channel : set.scene.channels) {
        text += text.empty() ? "" : " ";
        text += channel.role == Role::lab_image ? "lab:" : channel.role == Role::se_image ? "se:" : "";
        text += channel.role == Role::element_map ? channel.label
                                                  : channel.file_name.substr(0, channel.file_name.find('.'));
    }
    return text;
}

using Sure = MapFile::Sure;
MapFile const k_aluminium{"map_AlK.bmp"}, k_carbon{"map_CK.bmp"}, k_gallium{"map_GaK.bmp"};
MapFile const k_lab{"map_Lab1.bmp", Role::lab_image}, k_se{"SE01.TIF", Role::se_image, k_large};

TEST(MapFilesOfASet, AreOrderedByAtomicNumberWhateverTheirOrder) {
    std::vector<MapFile> files{k_se, k_gallium, k_aluminium, k_lab, k_carbon, {"other.bmp", Role::element_map}};
    std::string const expected = "CK AlK GaK other lab:map_Lab1 se:SE01";
    auto const by_name = [](MapFile const& a, MapFile const& b) { return a.name < b.name; };
    std::sort(files.begin(), files.end(), by_name);
    int orders = 0;
    do {
        MapFiles const set = set_of(files);
        ASSERT_EQ(listed(set), expected);
        for (std::size_t i = 0; i < set.ids.size(); ++i)
            EXPECT_EQ(files[static_cast<std::size_t>(set.ids[i]) - 1].name, set.scene.channels[i].file_name);
    } while (++orders < 100 && std::next_permutation(files.begin(), files.end(), by_name));
}

TEST(MapFilesOfASet, AFileGivenTwiceIsUsedOnce) {
    MapFiles const set = set_of({{"a/map_AlK.bmp", Role::element_map, k_small, Sure::named, "same"},
                                 {"b/map_AlK.bmp", Role::element_map, k_small, Sure::named, "same"},
                                 k_carbon});
    EXPECT_EQ(listed(set), "CK AlK");
    ASSERT_EQ(set.left_out.size(), 1u);
    EXPECT_EQ(set.left_out[0].id, 2);
    EXPECT_EQ(set.left_out[0].text, "map_AlK.bmp: left out, it has the same content as map_AlK.bmp");
}

TEST(MapFilesOfASet, ACopyWithoutAnElementYieldsToTheOneWithIt) {
    MapFiles const set = set_of({{"copy.bmp", Role::element_map, k_small, Sure::guessed, "same"},
                                 {"map_AlK.bmp", Role::element_map, k_small, Sure::named, "same"}});
    EXPECT_EQ(listed(set), "AlK");
    EXPECT_EQ(set.ids, std::vector<int>{2});
}

TEST(MapFilesOfASet, TwoElementsOfOneContentAreKeptAndToldUnlessTheyAreEmpty) {
    MapFile first = k_aluminium, second = k_gallium;
    first.content = second.content = "same";
    EXPECT_EQ(listed(set_of({first, second})), "AlK GaK");
    EXPECT_EQ(set_of({first, second}).remarks.size(), 1u);
    first.level = second.level = 0;
    EXPECT_EQ(set_of({first, second}).remarks.size(), 0u);
}

TEST(MapFilesOfASet, MapsOfOneElementAreToldApart) {
    EXPECT_EQ(listed(set_of({{"1-AlK.png"}, {"2-AlK.png"}, k_carbon})), "CK 1-AlK 2-AlK");
    EXPECT_EQ(listed(set_of({{"a/AlK.png"}, {"b/AlK.png"}})), "AlK AlK_2");
}

TEST(MapFilesOfASet, ThereIsOneLabImageAndTheLargestSeImage) {
    MapFiles const set = set_of({k_aluminium,
                                 k_carbon,
                                 k_lab,
                                 {"map_Lab2.bmp", Role::lab_image},
                                 k_se,
                                 {"SE02.TIF", Role::se_image, {80, 60}}});
    EXPECT_EQ(listed(set), "CK AlK lab:map_Lab1 se:SE02");
    EXPECT_EQ(set.left_out.size(), 2u);
}

TEST(MapFilesOfASet, TheUsersRolesWin) {
    EXPECT_EQ(
        listed(set_of(
            {k_aluminium, {"SE02.TIF", Role::se_image, {80, 60}}, {"mine.TIF", Role::se_image, k_large, Sure::given}})),
        "AlK se:mine");
    EXPECT_EQ(listed(set_of({k_aluminium, k_carbon, k_lab, {"mine.bmp", Role::lab_image, k_small, Sure::given}, k_se})),
              "CK AlK lab:mine se:SE01");
}

TEST(MapFilesOfASet, AnElectronImageOfTheMapsSizeIsTheLabImage) {
    EXPECT_EQ(listed(set_of({k_aluminium, k_carbon, {"9-ROI.bmp", Role::se_image}, k_se})), "CK AlK lab:9-ROI se:SE01");
}

TEST(MapFilesOfASet, TheOnlyElectronImageIsTheLabImageWhenItHasTheirSize) {
    for (MapFile const& only :
         {k_lab, MapFile{"9-ROI.bmp", Role::se_image}, MapFile{"x.tif", Role::se_image, k_small, Sure::guessed},
          MapFile{"Lab_fine.bmp", Role::lab_image, k_large}})
        EXPECT_EQ(listed(set_of({k_aluminium, k_carbon, only})),
                  "CK AlK lab:" + only.name.substr(0, only.name.find('.')));
    EXPECT_EQ(listed(set_of({k_aluminium, {"mine.bmp", Role::se_image, k_small, Sure::given}})), "AlK se:mine");
    MapFiles const two = set_of({k_aluminium, {"SiO2_total.bmp", Role::se_image}, {"SiO2_HAADF.bmp", Role::se_image}});
    EXPECT_EQ(listed(two), "AlK lab:SiO2_HAADF");
    EXPECT_EQ(two.left_out.size(), 1u);
}

TEST(MapFilesOfASet, GuessesYieldToTheSet) {
    MapFile const one{"p1.tif", Role::se_image, k_small, Sure::guessed},
        two{"p2.tif", Role::se_image, k_small, Sure::guessed}, large{"p3.tif", Role::se_image, k_large, Sure::guessed};
    EXPECT_EQ(listed(set_of({one, two, large})), "p1 p2 se:p3") << "nothing is named: the commonest size is the maps'";
    EXPECT_EQ(listed(set_of({k_aluminium, one, two, large})), "AlK p1 p2 se:p3");
    EXPECT_EQ(listed(set_of({k_aluminium, one, large})), "AlK lab:p1 se:p3");
    EXPECT_EQ(listed(set_of({k_aluminium, k_se, large})), "AlK se:SE01") << "a name is more than a guess";
}

TEST(MapFilesOfASet, MayBeOneFileOrNone) {
    EXPECT_EQ(listed(set_of({k_aluminium})), "AlK");
    EXPECT_EQ(listed(set_of({k_se})), "se:SE01");
    EXPECT_EQ(listed(set_of({})), "");
}

} // namespace
} // namespace mg
