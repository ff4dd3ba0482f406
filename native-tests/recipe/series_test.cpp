// Which files belong together, and what tells them apart.
#include <gtest/gtest.h>

#include "metadata/metadata.h"
#include "recipe/channel_set.h"
#include "recipe/overlay.h"

namespace mg {
namespace {

struct SeriesFile {
    std::string path;
    std::string detector;
    double magnification = 0;
    Size size{712, 484};
    double energy_kv = 0;
};

Metadata metadata_of(SeriesFile const& file) {
    Metadata metadata;
    Acquisition& facts = metadata.acquisition;
    NameFacts const names = facts_from_names(file.path);
    if (names.wavelength_nm) facts.wavelength_nm = {*names.wavelength_nm, "file name"};
    if (names.sample) facts.sample = {*names.sample, "folder"};
    if (!file.detector.empty()) facts.detector = {file.detector, "header"};
    if (file.magnification > 0) facts.magnification = {file.magnification, "header"};
    if (file.energy_kv > 0) facts.beam_energy_kv = {file.energy_kv, "header"};
    return metadata;
}

/// "name: *10K405 *10K415 S10K" in the members' order, '*' for signals.
std::vector<std::string> series_in(std::vector<SeriesFile> const& files) {
    std::vector<Metadata> metadata;
    std::vector<std::string> names;
    for (SeriesFile const& file : files) {
        metadata.push_back(metadata_of(file));
        names.push_back(file.path.substr(file.path.rfind('/') + 1));
    }
    std::vector<SetInput> inputs;
    for (std::size_t i = 0; i < files.size(); ++i)
        inputs.push_back(
            {.file_name = names[i], .relative_path = files[i].path, .metadata = &metadata[i], .size = files[i].size});
    std::vector<std::string> found;
    for (Series const& series : find_series(inputs)) {
        std::string text = series.name + ":";
        for (SeriesMember const& member : series.members)
            text += (member.role == Role::signal ? " *" : " ") +
                    std::string(stem_of(names[static_cast<std::size_t>(member.index)]));
        found.push_back(text);
    }
    return found;
}

using Found = std::vector<std::string>;

TEST(Series, TheSampleFolderIsOneSeriesAndAnImageOfAnotherPlace) {
    std::string const folder = "AB01_FH_250410/";
    std::vector<SeriesFile> files{{folder + "S10K.TIF", "SE", 10000},
                            {folder + "10K415.TIF", "CL", 10000},
                            {folder + "10K405.TIF", "CL", 10000},
                            {folder + "S20K.TIF", "SE", 20000, {1424, 968}}};
    EXPECT_EQ(series_in(files), (Found{"10K \u00B7 AB01: *10K405 *10K415 S10K"}));
}

TEST(Series, NamesAloneAreEnough) {
    EXPECT_EQ(series_in({{"S10K.tif"}, {"10K405.tif"}, {"10K415.tif"}, {"S20K.tif"}}),
              (Found{"10K: *10K405 *10K415 S10K"}));
    EXPECT_EQ(series_in({{"spot_420nm.tif"}, {"spot_430nm.tif"}, {"spot_pan.tif"}, {"other.tif"}}),
              (Found{"spot: *spot_420nm *spot_430nm *spot_pan"}));
}

TEST(Series, MagnificationFolderAndSizeKeepThemApart) {
    EXPECT_EQ(series_in({{"10K405.tif"}, {"10K415.tif"}, {"20K405.tif"}, {"20K415.tif"}}),
              (Found{"10K: *10K405 *10K415", "20K: *20K405 *20K415"}));
    EXPECT_EQ(series_in({{"a/10K405.tif"}, {"b/10K405.tif"}, {"a/10K415.tif"}, {"b/10K415.tif"}}),
              (Found{"10K: *10K405 *10K415", "10K: *10K405 *10K415"}));
    EXPECT_EQ(series_in({{"x405.tif", "CL", 5000},
                         {"x415.tif", "CL", 5000},
                         {"x425.tif", "CL", 10000},
                         {"x435.tif", "CL", 10000}}),
              (Found{"x: *x405 *x415", "x: *x425 *x435"}));
    EXPECT_EQ(series_in({{"10K405.tif"}, {"10K415.tif"}, {"10K425.tif", "", 0, {100, 100}}}),
              (Found{"10K: *10K405 *10K415"}));
}

TEST(Series, AFinerImageOfTheSameFieldRidesAlong) {
    EXPECT_EQ(series_in({{"10K405.tif", "CL", 10000},
                         {"10K415.tif", "CL", 10000},
                         {"overview.tif", "SE", 10000, {1424, 968}},
                         {"overview2.tif", "SE", 2000, {712, 484}}}),
              (Found{"10K: *10K405 *10K415 overview"}));
}

TEST(Series, ElectronImagesAtSeveralEnergiesAreASeriesOfTheirOwn) {
    EXPECT_EQ(series_in({{"S5kV.tif", "SE", 1000, {712, 484}, 5}, {"S10kV.tif", "SE", 1000, {712, 484}, 10}}),
              (Found{"S: *S5kV *S10kV"}));
}

TEST(Series, ImagesOfUnlikeNamesInOneFolderAreTakenTogether) {
    EXPECT_EQ(series_in({{"light.tif", "CL"}, {"electrons.tif", "SE"}}), (Found{"light: *light electrons"}));
    EXPECT_EQ(series_in({{"a.tif"}}), Found{});
    EXPECT_EQ(series_in({}), Found{});
}

TEST(Series, TwentyChannelsAndUnreadFilesAreTaken) {
    std::vector<SeriesFile> files;
    for (int i = 0; i < 20; ++i) files.push_back({"10K" + std::to_string(400 + 5 * i) + ".tif"});
    auto const found = series_in(files);
    ASSERT_EQ(found.size(), 1u);
    EXPECT_EQ(std::count(found[0].begin(), found[0].end(), '*'), 20);
    SetInput const unread[] = {{.file_name = "1.tif"}, {.file_name = "2.tif"}};
    EXPECT_EQ(find_series(unread).size(), 1u);
}

// --- putting channels together ----------------------------------------------------------------------------------------

Channel channel_of(SeriesFile const& file, NameRules const& rules = {}) {
    Channel channel;
    channel.relative_path = file.path;
    channel.file_name = file.path.substr(file.path.rfind('/') + 1);
    channel.metadata = metadata_of(file);
    channel.label = channel_label(channel.metadata, channel.file_name);
    channel.settings.names = rules;
    channel.role = file.detector == "SE" ? Role::extra : Role::signal;
    return channel;
}

struct Wanted {
    std::vector<std::string> labels;
    std::vector<int> ids, slots;
};

/// Files named "dummy" are placeholders.
ChannelSet series_of(std::vector<SeriesFile> const& files, NameRules const& rules = {}) {
    std::vector<SetMember> members;
    for (std::size_t i = 0; i < files.size(); ++i) {
        members.push_back({static_cast<int>(i), std::nullopt});
        if (files[i].path != "dummy") members.back().channel = channel_of(files[i], rules);
    }
    return channel_set(std::move(members));
}

std::vector<std::string> labels_of(ChannelSet const& set) {
    std::vector<std::string> labels;
    for (Channel const& channel : set.scene.channels) labels.push_back(channel.label);
    return labels;
}

using Labels = std::vector<std::string>;
using Ids = std::vector<int>;

TEST(ChannelSet, TheBeamEnergyLabelsWhenItTellsThemApart) {
    auto const set = series_of({{"b3.tif", "", 0, {}, 10}, {"b1.tif", "", 0, {}, 3}, {"b2.tif", "", 0, {}, 5.5}});
    EXPECT_EQ(labels_of(set), (Labels{"3 kV", "5.5 kV", "10 kV"}));
    EXPECT_EQ(set.ids, (Ids{1, 2, 0})) << "in the order of the values";
    EXPECT_EQ(set.scene.channels[0].settings.quantity, "beam energy");
    EXPECT_EQ(set.scene.channels[0].settings.unit, "kV");
    EXPECT_EQ(set.scene.channels[0].settings.value, 3.0);
}

TEST(ChannelSet, AWaveringBeamEnergyTellsNothing) {
    auto const set = series_of({{"10K415.tif", "", 0, {}, 10}, {"10K405.tif", "", 0, {}, 10.01}});
    EXPECT_EQ(labels_of(set), (Labels{"405 nm", "415 nm"}));
    EXPECT_EQ(set.scene.channels[0].settings.quantity, "wavelength");
}

TEST(ChannelSet, FileNamesFirstWhenAskedFor) {
    std::vector<SeriesFile> const files{{"10K405.tif", "", 0, {}, 10}, {"10K415.tif", "", 0, {}, 5}};
    EXPECT_EQ(labels_of(series_of(files)), (Labels{"5 kV", "10 kV"}));
    EXPECT_EQ(labels_of(series_of(files, {.before_header = true})), (Labels{"405 nm", "415 nm"}));
}

TEST(ChannelSet, TheFirstPartOfTheNamesThatDiffersIsTheLastResort) {
    EXPECT_EQ(labels_of(series_of({{"map_Al_1.tif"}, {"map_Ga_1.tif"}})), (Labels{"map_Al", "map_Ga"}));
    auto const set = series_of({{"at150K.tif"}, {"at15K.tif"}}, {.quantity = "T(K)"});
    EXPECT_EQ(labels_of(set), (Labels{"15 K", "150 K"}));
    EXPECT_EQ(set.scene.channels[0].settings.quantity, "T");
    EXPECT_EQ(set.scene.channels[0].settings.unit, "K");
}

TEST(ChannelSet, AnImageWithoutAValueStandsLastUnderItsName) {
    EXPECT_EQ(labels_of(series_of({{"asym_pan.tif"}, {"asym_620nm.tif"}, {"asym_570nm.tif"}})),
              (Labels{"570 nm", "620 nm", "asym_pan"}));
}

TEST(ChannelSet, TheNumberInTheNameIsAWavelengthWhereNoDetectorIsKnown) {
    // As read from files without a header.
    std::vector<SetMember> members{{0, channel_of({"10K420.tif"})}, {1, channel_of({"10K400.tif"})}};
    for (SetMember& member : members) member.channel->metadata.acquisition.wavelength_nm.reset();
    EXPECT_EQ(labels_of(channel_set(members)), (Labels{"400 nm", "420 nm"}));
    for (SetMember& member : members) member.channel->metadata.acquisition.detector = {"Aux", "header"};
    EXPECT_EQ(labels_of(channel_set(members)), (Labels{"400", "420"}));
}

TEST(ChannelSet, PlaceholdersTakeAColourAndKeepTheOrderAsGiven) {
    auto const set = series_of({{"dummy"}, {"10K420.tif"}, {"dummy"}, {"10K405.tif"}, {"S.tif", "SE"}});
    EXPECT_EQ(set.ids, (Ids{1, 3, 4}));
    EXPECT_EQ(set.scene.channels[0].settings.slot, 1);
    EXPECT_EQ(set.scene.channels[1].settings.slot, 3);
    EXPECT_EQ(set.scene.palette_slots, 4);
}

TEST(ChannelSet, PlacesGivenByTheUserComeFirst) {
    std::vector<SetMember> members;
    for (int i = 0; i < 3; ++i)
        members.push_back({i, channel_of({"10K4" + std::to_string(i) + "0.tif"})});
    members[2].channel->settings.order = 1;
    members[1].channel->settings.label_given = true;
    members[1].channel->label = "mine";
    auto const set = channel_set(members);
    EXPECT_EQ(set.ids, (Ids{2, 0, 1}));
    EXPECT_EQ(labels_of(set), (Labels{"420 nm", "400 nm", "mine"}));
    for (SetMember& member : members) member.channel->settings.names.order_as_given = true;
    members[2].channel->settings.order.reset();
    EXPECT_EQ(channel_set(members).ids, (Ids{0, 1, 2}));
}

TEST(ChannelSet, WhereAllWouldBeExtraNoneIs) {
    // An S in every name: it tells nothing.
    auto const set = series_of({{"Si405.tif", "SE"}, {"Si415.tif", "SE"}});
    EXPECT_EQ(set.scene.channels[0].role, Role::signal);
    EXPECT_EQ(set.scene.channels[1].role, Role::signal);
    // Those with a wavelength are the channels.
    auto const mixed = series_of({{"Sample_SE.tif", "SE"}, {"Sample_405nm.tif", "SE"}});
    EXPECT_EQ(mixed.ids, (Ids{1, 0}));
    EXPECT_EQ(mixed.scene.channels[1].role, Role::extra);
    // The user's word stands.
    std::vector<SetMember> given{{0, channel_of({"a.tif", "SE"})}};
    given[0].channel->settings.role_given = true;
    auto const only = channel_set(given);
    EXPECT_EQ(only.scene.channels[0].role, Role::extra);
    EXPECT_EQ(only.scene.palette_slots, 0);
}

TEST(ChannelSet, ExtraImagesOfOneDetectorAreToldApartByTheirNames) {
    EXPECT_EQ(labels_of(series_of({{"10K405.tif"}, {"S1.tif", "SE"}, {"S2.tif", "SE"}})), (Labels{"405 nm", "S1", "S2"}));
    EXPECT_EQ(labels_of(series_of({{"10K405.tif"}, {"S1.tif", "SE"}})), (Labels{"405 nm", "SE"}));
}

TEST(ChannelSet, ItsNameIsTheSampleAndWhatTheFilesShare) {
    std::string const folder = "AB01_FH_250410/";
    EXPECT_EQ(set_name(series_of({{folder + "10K405.tif"}, {folder + "10K415.tif"}, {folder + "S10K.tif", "SE"}})
                           .scene.channels),
              "AB01_10K");
    EXPECT_EQ(set_name(series_of({{"10K405.tif"}, {"10K415.tif"}}).scene.channels), "10K");
    EXPECT_EQ(set_name(series_of({{"405.tif"}, {"x415.tif"}}).scene.channels), "405");
    EXPECT_EQ(set_name({}), "set");
    EXPECT_EQ(file_name_part("a/b\\c:d\n\"e\""), "a_b_c_d__e_");
}

} // namespace
} // namespace mg
