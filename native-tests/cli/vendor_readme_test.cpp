// The table of microscopes in README.md says what is found in generated files of each layout, no more and no less.
#include "base/text.h"
#include "cli/cli_fixture.h"
#include "metadata/readers.h"
#include "support/layout_reading.h"

namespace mg::test {
namespace {

FileField number_tag(int tag, std::initializer_list<std::uint8_t> bytes) {
    return {0, tag, {}, bytes};
}

/// 50 000 pixels per centimetre.
VendorLayout resolution_layout() {
    VendorLayout layout;
    layout.name = "resolution";
    layout.tags = {number_tag(282, {0x50, 0xC3, 0, 0, 1, 0, 0, 0}), number_tag(283, {0x50, 0xC3, 0, 0, 1, 0, 0, 0}),
                   number_tag(296, {3, 0})};
    return layout;
}

VendorLayout imagej_layout() {
    VendorLayout layout = resolution_layout();
    layout.name = "imagej";
    layout.tags.insert(layout.tags.begin(), text_tag(270, "ImageJ=1.53c\nunit=micron\n"));
    return layout;
}

/// Generated files for a reader.
std::vector<Metadata> read_examples(std::string_view reader) {
    struct Source {
        std::string_view reader;
        std::vector<VendorLayout> (*layouts)();
    };
    static constexpr Source k_sources[] = {{"fei_xt", fei_layouts},
                                           {"zeiss", zeiss_layouts},
                                           {"tescan", tescan_layouts},
                                           {"openfibsem", openfibsem_layouts},
                                           {"jeol", jeol_layouts},
                                           {"hitachi", hitachi_layouts},
                                           {"olympus_sis", olympus_sis_layouts},
                                           {"ome_xml", ome_xml_layouts},
                                           {"gatan_dm", gatan_dm_layouts},
                                           {"tvips", tvips_layouts}};
    std::vector<Metadata> examples;
    for (Source const& source : k_sources)
        if (source.reader == reader)
            for (VendorLayout const& layout : source.layouts()) examples.push_back(read_layout(layout));
    if (reader == "imagej") examples.push_back(read_layout(imagej_layout()));
    if (reader == "resolution") examples.push_back(read_layout(resolution_layout()));
    if (reader == "philips_xl") {
        VendorLayout xl;
        examples.push_back(read_file_of(xl, small_tiff()));
    }
    return examples;
}

/// " yes | | yes |": one cell for each column of facts.
std::string cells_of(std::vector<Metadata> const& examples) {
    std::string cells;
    auto add = [&](auto has_fact) {
        bool const found = std::any_of(examples.begin(), examples.end(),
                                       [&](Metadata const& one) { return has_fact(one.acquisition); });
        cells += found ? " yes |" : " |";
    };
    add([](Acquisition const& a) { return a.pixel_size_x_nm.has_value(); });
    add([](Acquisition const& a) { return a.beam_energy_kv.has_value(); });
    add([](Acquisition const& a) { return a.working_distance_mm.has_value(); });
    add([](Acquisition const& a) { return a.magnification.has_value(); });
    add([](Acquisition const& a) { return a.spot_size || a.probe_current_na; });
    add([](Acquisition const& a) { return a.detector.has_value(); });
    add([](Acquisition const& a) { return a.stage_tilt_deg.has_value(); });
    add([](Acquisition const& a) { return a.databar_rows.has_value(); });
    add([](Acquisition const& a) { return a.acquired.has_value(); });
    return cells;
}

TEST(VendorsInReadme, HaveARowForEveryReaderWithWhatItFinds) {
    std::string const readme = text_of((fs::path(MG_TEST_DATA_DIR) / "../../README.md").lexically_normal());
    ASSERT_TRUE(has(readme, "| pixel size | kV | WD | mag. | spot | detector | tilt | databar | date |"));
    for (MetadataReader const* reader : all_readers()) {
        if (reader->id == "twin" || reader->id == "names") continue; // of no vendor
        std::string const mark = "<!-- " + std::string(reader->id) + " -->";
        std::string row;
        for (std::string_view line : split_lines(readme))
            if (line.find(mark) != std::string_view::npos) row = line;
        std::vector<Metadata> const examples = read_examples(reader->id);
        ASSERT_FALSE(examples.empty()) << "no generated files for the reader " << reader->id;
        std::string const cells = cells_of(examples);
        EXPECT_TRUE(row.ends_with("|" + cells))
            << "README.md, Microscopes: write the row of " << reader->title << " anew:\n| NAME " << mark
            << " | WHAT IS READ |" << cells << "\nit is\n"
            << row;
    }
}

} // namespace
} // namespace mg::test
