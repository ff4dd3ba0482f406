// Files to begin with, one folder per target: fuzz_seeds FOLDER. They come from the generators of the tests.
#include <cstdio>
#include <filesystem>
#include <fstream>

#include <tiffio.h>

#include "app/packet.h"
#include "base/text.h"
#include "codecs/picture_files.h"
#include "codecs/tiff_writer.h"
#include "fuzz/png_file.h"
#include "fuzz/reader_case.h"
#include "metadata/readers.h"
#include "recipe/overlay.h"
#include "samples/sample_xl.h"
#include "support/vendor_layouts.h"

using namespace mg;
using namespace mg::fuzz;
using namespace mg::test;

namespace {

class Seeds {
public:
    explicit Seeds(std::filesystem::path folder) : m_folder(std::move(folder)) {}
    void add(std::string const& target, ByteView bytes) {
        std::filesystem::path const folder = m_folder / target;
        std::error_code error;
        std::filesystem::create_directories(folder, error);
        std::string const name = "seed" + std::to_string(++m_count);
        std::ofstream(folder / name, std::ios::binary)
            .write(reinterpret_cast<char const*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
    }
    void add(std::string const& target, std::string_view text) { add(target, as_bytes(text)); }
    int count() const { return m_count; }

private:
    std::filesystem::path m_folder;
    int m_count = 0;
};

Plane grey_plane(Size size) {
    Plane plane = Plane::create(size).value();
    for (std::int64_t i = 0; i < size.area(); ++i) plane.data()[i] = static_cast<float>(i % 11) / 10.0f;
    return plane;
}

Bytes xl_tiff(XlHeader const& header) {
    auto image = Image<std::uint8_t>::filled({12, 8}, 77).value();
    return write_xl_tiff(image.view(), header);
}

// --- files of pictures -----------------------------------------------------------------------------------------------

void add_tiffs(Seeds& seeds) {
    auto add = [&](TiffSpec const& spec) {
        seeds.add(
            "tiff",
            write_tiff({{spec, ramp_values(spec), {{270, "ImageJ=1.53\nunit=nm\n"}, {305, "text"}}, {300, 300, 3}}}));
    };
    for (int const bits : {1, 2, 4, 8, 12, 16, 32})
        for (char const* mode : {"wl", "wb8"}) add({.bits = bits, .mode = mode, .palette = {}});
    for (int const bits : {8, 16, 32}) add({.bits = bits, .format = 2, .palette = {}});
    for (int const bits : {16, 32, 64}) add({.bits = bits, .format = 3, .palette = {}});
    for (int const compression :
         {COMPRESSION_LZW, COMPRESSION_PACKBITS, COMPRESSION_ADOBE_DEFLATE, COMPRESSION_DEFLATE, COMPRESSION_ZSTD}) {
        add({.compression = compression, .palette = {}});
        add({.bits = 16, .compression = compression, .tile = 16, .palette = {}});
    }
    for (int const compression : {COMPRESSION_LZW, COMPRESSION_ADOBE_DEFLATE}) {
        add({.bits = 16, .samples = 3, .photometric = 2, .compression = compression, .predictor = 2, .palette = {}});
        add({.bits = 32, .format = 3, .compression = compression, .predictor = 3, .mode = "wb", .palette = {}});
    }
    for (int const photometric : {2, 6})
        add({.size = {16, 16},
             .samples = 3,
             .photometric = photometric,
             .compression = COMPRESSION_JPEG,
             .rows_per_strip = 16,
             .palette = {}});
    add({.size = {16, 16}, .compression = COMPRESSION_JPEG, .tile = 16, .palette = {}});
    add({.size = {16, 16}, .samples = 3, .photometric = 6, .rows_per_strip = 16, .palette = {}});
    for (int const compression : {COMPRESSION_CCITTRLE, COMPRESSION_CCITTFAX3, COMPRESSION_CCITTFAX4})
        add({.bits = 1, .photometric = 0, .compression = compression, .palette = {}});
    add({.samples = 3, .photometric = 2, .separate = true, .palette = {}});
    add({.samples = 4, .photometric = 2, .palette = {}, .extra_samples = {2}});
    add({.samples = 4, .photometric = 5, .palette = {}});
    add({.bits = 4, .photometric = 3, .palette = std::vector<std::uint16_t>(48, 7000)});
    std::vector<std::uint16_t> ramp;
    for (int i = 0; i < 768; ++i) ramp.push_back(static_cast<std::uint16_t>(i % 256 * 257));
    add({.photometric = 3, .palette = ramp});
    TiffSpec const page{.size = {3, 3}, .palette = {}};
    seeds.add("tiff", write_tiff({{page, ramp_values(page)}, {page, ramp_values(page)}, {page, ramp_values(page)}}));
    seeds.add("tiff", xl_tiff({}));
}

void add_pictures(Seeds& seeds) {
    auto add_png = [&](PngSpec const& spec) {
        std::vector<int> numbers;
        for (int i = 0; i < spec.size.area() * spec.samples(); ++i) numbers.push_back(i * 7 & ((1 << spec.depth) - 1));
        Bytes const plain = write_png(spec, numbers);
        seeds.add("pictures", plain);
        seeds.add("pictures", with_chunk(plain, png_chunk("tEXt", std::string("Title\0text", 10))));
    };
    for (int const type : {0, 2, 4, 6})
        for (int const depth : {8, 16}) {
            add_png({.size = {9, 7}, .depth = depth, .colour_type = type});
            add_png({.size = {9, 7}, .depth = depth, .colour_type = type, .interlaced = true, .data_chunks = 3});
        }
    for (int const depth : {1, 2, 4}) add_png({.size = {9, 7}, .depth = depth});
    add_png({.depth = 2, .colour_type = 3, .palette = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12}});
    Plane const plane = grey_plane({6, 5});
    seeds.add(
        "pictures",
        encode_png({plane.view()}, {.pixel_size_x_nm = 12, .pixel_size_y_nm = 13, .texts = {{"a", "\u00B5"}}}).value());
    std::string const packed_text = std::string(as_text(deflated(as_bytes(std::string_view("text")))));
    Bytes const png = encode_png({plane.view()}, {.texts = {}}).value();
    seeds.add("pictures", with_chunk(png, png_chunk("zTXt", std::string("Title\0\0", 7) + packed_text)));
    seeds.add("pictures", with_chunk(png, png_chunk("iTXt", std::string("Title\0\1\0en\0T\0", 13) + packed_text)));

    for (bool const progressive : {false, true})
        for (int const channels : {1, 3, 4})
            seeds.add("pictures",
                      write_jpeg({.size = {24, 17},
                                  .channels = channels,
                                  .progressive = progressive,
                                  .density = 300,
                                  .comment = "x"},
                                 std::vector<std::uint8_t>(static_cast<std::size_t>(24 * 17 * channels), 77)));
    std::vector<std::uint32_t> const pixels(13 * 11, 1);
    std::vector<std::uint32_t> const colours(16, 0x123456);
    for (int const bits : {1, 4, 8}) seeds.add("pictures", write_bmp({.bits = bits, .palette = colours}, pixels));
    for (int const bits : {16, 24, 32})
        seeds.add("pictures", write_bmp({.bits = bits, .top_down = bits == 24}, pixels));
    seeds.add("pictures", write_bmp({.bits = 8, .header_bytes = 12, .palette = colours}, pixels));
    seeds.add("pictures", write_bmp({.bits = 32, .compression = 3, .masks = {0xFF, 0xFF00, 0xFF0000}}, pixels));
    seeds.add("pictures", write_bmp({.bits = 16, .compression = 3, .masks = {0x1F, 0x7E0, 0xF800}}, pixels));
    Bytes const runs{3, 5, 0, 3, 1, 2, 3, 0, 0, 0, 1, 9, 0, 2, 2, 0, 1, 7, 0, 1};
    for (int const bits : {4, 8})
        seeds.add(
            "pictures",
            write_bmp(
                {.size = {6, 3}, .bits = bits, .compression = bits == 8 ? 1 : 2, .palette = colours, .runs = runs},
                {}));

    for (std::uint8_t const type : {0, 2, 3, 4, 6})
        for (std::uint8_t const interlaced : {0, 1}) {
            Bytes rows{6, 5, 8, type, interlaced, static_cast<std::uint8_t>(type == 3 ? 4 : 0)};
            for (int i = 0; i < 300; ++i) rows.push_back(static_cast<std::uint8_t>(i % 5));
            seeds.add("png_rows", rows);
        }
}

// --- metadata --------------------------------------------------------------------------------------------------------

void add_layouts(Seeds& seeds, std::string const& reader, std::vector<VendorLayout> const& layouts) {
    for (VendorLayout const& layout : layouts) {
        ReaderCase content;
        content.path = layout.file_name;
        content.decoded.size = layout.size;
        content.decoded.fields = layout.tags;
        content.sidecar = layout.sidecar;
        content.sidecar_name = layout.sidecar_name;
        seeds.add("reader_" + reader, case_bytes(content));
        if (!layout.tags.empty()) seeds.add("tiff", layout_tiff(layout));
    }
}

void add_cases(Seeds& seeds) {
    XlHeader const headers[] = {
        {}, {.detector = 3, .scan_rotation_deg = 90}, {.image_type = 2, .user_text = "\xB5-LED"}};
    for (XlHeader const& header : headers) {
        std::string const text = xl_header_text(header);
        ReaderCase content;
        content.decoded.size = {712, 484};
        content.decoded.fields.push_back({0, 34680, {}, Bytes(text.begin(), text.end())});
        seeds.add("reader_philips_xl", case_bytes(content));
        ReaderCase whole;
        whole.decoded.size = {12, 8};
        whole.file = xl_tiff(header);
        seeds.add("reader_philips_xl", case_bytes(whole));
        ReaderCase twin;
        twin.decoded.size = {12, 8};
        twin.twin = xl_tiff(header);
        seeds.add("reader_twin", case_bytes(twin));
    }
    for (char const* unit : {"nm", "micron", "\\u00B5m", "inch", "pixel"}) {
        ReaderCase content;
        content.decoded.size = {100, 80};
        content.decoded.fields.push_back(text_tag(270, "ImageJ=1.53t\nimages=2\nunit=" + std::string(unit) +
                                                           "\nyunit=um\nspacing=1.0\nmin=0.0\nmax=255.0\n"));
        content.decoded.resolution = Resolution{12.5, 12.5, Resolution::Unit::none};
        seeds.add("reader_imagej", case_bytes(content));
    }
    for (auto const unit : {Resolution::Unit::inch, Resolution::Unit::centimetre, Resolution::Unit::metre}) {
        ReaderCase content;
        content.decoded.size = {100, 80};
        content.decoded.resolution = Resolution{654321, 654321, unit};
        seeds.add("reader_resolution", case_bytes(content));
    }
    for (char const* path :
         {"AB01_FH_250410/10K405.TIF", "GaN~on~Si_FH_250410/edge/orig/x.tif", "10K5000_420.TIF", "/"}) {
        ReaderCase content;
        content.decoded.size = {100, 80};
        content.path = path;
        seeds.add("reader_names", case_bytes(content));
    }
}

// --- texts -----------------------------------------------------------------------------------------------------------

void add_recipes(Seeds& seeds) {
    Recipe const bases[] = {{}, annotate_recipe(), overlay_recipe(), materials_recipe()};
    Recipe changed = annotate_recipe();
    (void)set_value(changed, "despike.threshold_sigma", "4");
    (void)set_value(changed, "correct.sample", "AB \"01\" \u00B5");
    (void)set_override(changed, "10K 420.TIF", "correct.pixel_size_x_nm", "15.9");
    (void)set_override(changed, "b.tif", "despike", "off");
    Bytes text;
    auto add = [&](int base, std::string_view content) {
        text.assign(1, static_cast<std::uint8_t>(base));
        text.insert(text.end(), content.begin(), content.end());
        seeds.add("recipe", text);
    };
    for (int base = 0; base < 4; ++base) {
        add(base, to_text(bases[base]));
        add(base, to_json(bases[base]));
    }
    for (int const base : {0, 1}) {
        add(base, to_text(changed));
        add(base, to_json(changed));
    }
    add(1, "correct.sample=AB 01");
    add(1, "despike=off");
    add(2, "gamma=1.2");
    add(0, R"({"a":[1,-2.5e3,true,false,null,"\u00e9\ud83d\ude00\n"],"b":{}})");

    seeds.add("provenance", provenance_json(changed, {{"a.tif", std::string(64, 'a'), 2}}, {}));
    seeds.add("provenance", to_text(changed));
    Plane const plane = grey_plane({2, 2});
    seeds.add(
        "provenance",
        encode_png({plane.view()}, {.texts = {{"micrographia:recipe", provenance_json(changed, {}, {})}}}).value());

    std::vector<std::string> const files{"a.tif", "dummy", "it's.tif"};
    seeds.add("config_text", write_config_text(overlay_recipe(), files));
    seeds.add(
        "config_text",
        "extra_img_ident = 'S#'   # a comment\r\nuse_affine_transform = True\nunsharp_weight = .5\ndecim = 4\n"
        "input_files = ['a.tif',   # first\n  \"dummy\",\n  'b b.tif'\n]\n"
        "align = False\ncompose.gamma = 1_0.\nonly 'a.tif' channel.label = 'x\\x41'\nonly 'a.tif' despike = off\n");
    seeds.add(
        "material_texts",
        R"(Sapphire #5aa9e6 locked = OK:2.6 AlK:2.31; "Contact, top" = NiK:2 CuK:1.5 + CuK:3; Resin parts=2 = SiK:1.7 CK:1.9)");
    seeds.add("material_texts", "Sapphire: 10,12,3 14,15,3; \"Re\\\"sin\": 90,40,2; -: 1,2,3");
    seeds.add("material_texts", "10K405.TIF affine 10.5,20=12,21 30,40=31.5,42; S10K.TIF shift 5,5=6,7");

    app::PacketWriter writer;
    Bytes const buffer{1, 2, 3};
    writer.head.add("kind", "load");
    writer.head.add("page", 2);
    writer.add_buffer("file", buffer);
    writer.add_buffer("twin", {});
    seeds.add("packet", writer.packed());
}

} // namespace

int main(int argc, char** argv) {
    if (argc != 2) {
        std::fputs("usage: fuzz_seeds FOLDER\n", stderr);
        return 2;
    }
    Seeds seeds(argv[1]);
    add_tiffs(seeds);
    add_pictures(seeds);
    add_cases(seeds);
    add_recipes(seeds);
    add_layouts(seeds, "fei_xt", fei_layouts());
    add_layouts(seeds, "zeiss", zeiss_layouts());
    add_layouts(seeds, "tescan", tescan_layouts());
    add_layouts(seeds, "openfibsem", openfibsem_layouts());
    add_layouts(seeds, "jeol", jeol_layouts());
    add_layouts(seeds, "hitachi", hitachi_layouts());
    add_layouts(seeds, "olympus_sis", olympus_sis_layouts());
    add_layouts(seeds, "ome_xml", ome_xml_layouts());
    add_layouts(seeds, "gatan_dm", gatan_dm_layouts());
    add_layouts(seeds, "tvips", tvips_layouts());
    std::printf("%d seeds\n", seeds.count());
    return 0;
}
