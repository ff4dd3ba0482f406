// The scene is drawn once on square pixels as wide as the SE image's: which material is where, and how bright it looks.
// The SE image takes that as it is; a pixel of the maps takes the mean of the materials around it (beam and pixel), and
// counts from their mixture.
#include "samples/sample_edx.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "samples/random_field.h"

namespace mg {
namespace {

enum Material : std::uint8_t { k_sapphire, k_gan, k_algan, k_resin, k_contact, k_material_count };
constexpr std::array<char const*, k_material_count> k_names{"Sapphire", "GaN", "AlGaN", "Resin", "Contact"};
constexpr std::array<float, k_material_count> k_brightness{0.45f, 0.85f, 0.7f, 0.28f, 1.3f};

constexpr std::size_t k_element_count = 8;
constexpr std::array<char const*, k_element_count> k_elements{"CK", "NK", "OK", "AlK", "SiK", "NiK", "GaK", "AuM"};
constexpr std::array<std::array<double, k_element_count>, k_material_count> k_counts{{
    {0.20, 0.05, 2.70, 2.35, 0.10, 0.03, 0.05, 0.04},
    {0.15, 0.80, 0.10, 0.12, 0.10, 0.03, 3.00, 0.06},
    {0.15, 0.90, 0.10, 1.05, 0.12, 0.03, 1.95, 0.05},
    {2.05, 0.10, 0.90, 0.10, 1.55, 0.02, 0.04, 0.03},
    {0.25, 0.05, 0.15, 0.08, 0.08, 1.80, 0.05, 1.60},
}};
constexpr double k_background_counts = 0.1;

constexpr double k_ratio_xy = 1.333; ///< of the SE field, as on the microscope
constexpr double k_margin = 0.1;     ///< of the SE image's width on each side: room for the maps' field

struct Scene {
    Size size;
    double margin_px = 0;
    double row_step = 1; ///< height of a row of the SE image
    std::vector<std::uint8_t> materials;
    Field electrons{{1, 1}};

    std::uint8_t material(int x, int y) const {
        return materials[static_cast<std::size_t>(std::clamp(y, 0, size.height - 1)) *
                             static_cast<std::size_t>(size.width) +
                         static_cast<std::size_t>(std::clamp(x, 0, size.width - 1))];
    }
    /// Pixel of the SE image -> of the scene.
    Point from_se(Point p) const { return {p.x + margin_px, p.y * row_step + margin_px}; }
};

/// Layers from the lower right to the upper left, with rough borders; contacts sit on the border to the resin.
std::vector<std::uint8_t> drawn_materials(Random& random, Size size, double width) {
    Field const rough = random_field(random, size, 0.03 * width);
    Field const grains = random_field(random, size, 0.022 * width);
    Field const pores = random_field(random, size, 0.016 * width);
    constexpr double k_cos = 0.92, k_sin = 0.391918358845308; // of about 23 degrees
    std::vector<std::uint8_t> materials;
    materials.reserve(static_cast<std::size_t>(size.area()));
    for (int y = 0; y < size.height; ++y)
        for (int x = 0; x < size.width; ++x) {
            double const u = (x - 0.5 * size.width) / width, v = (y - 0.5 * size.height) / width;
            double const depth = k_cos * v + k_sin * u + 0.018 * double{rough.row(y)[x]};
            double const along = k_cos * u - k_sin * v + 0.6;
            float const grain = grains.row(y)[x], pore = pores.row(y)[x];
            bool const under_contact = along / 0.19 - std::floor(along / 0.19) < 0.3;
            Material here = k_resin;
            if (depth > 0.13) {
                here = pore > 1.7f ? k_resin : grain > 1.6f ? k_gan : k_sapphire;
            } else if (depth > -0.05) {
                here = grain > 1.3f ? k_algan : k_gan;
            } else if (depth > -0.13) {
                here = k_algan;
            }
            if (under_contact && std::fabs(depth + 0.14) < 0.016) here = k_contact;
            materials.push_back(here);
        }
    return materials;
}

/// Brightness by material, lit from the left, brighter where the surface is steep.
Field electrons_of(Random& random, Scene const& scene, double width) {
    Field const fine = random_field(random, scene.size, 0.004 * width);
    Field height = random_field(random, scene.size, 0.012 * width);
    Field field(scene.size);
    for (std::size_t i = 0; i < height.values.size(); ++i) {
        float const bright = k_brightness[scene.materials[i]];
        height.values[i] = 0.12f * height.values[i] + 0.5f * bright;
        field.values[i] = bright * (1 + 0.06f * fine.values[i]);
    }
    blur(height, std::max(1.0, 1.2 * width / 1424));
    blur(field, std::max(0.7, 0.8 * width / 1424));
    float const relief = static_cast<float>(width / 1424 * 1.6);
    for (int y = 1; y + 1 < scene.size.height; ++y) {
        float const *above = height.row(y - 1), *here = height.row(y), *below = height.row(y + 1);
        float* row = field.row(y);
        for (int x = 1; x + 1 < scene.size.width; ++x) {
            float const gx = (here[x + 1] - here[x - 1]) * relief, gy = (below[x] - above[x]) * relief;
            row[x] = std::max(0.04f, row[x] + 0.6f * gx + 0.5f * std::sqrt(gx * gx + gy * gy));
        }
    }
    return field;
}

Scene drawn(std::uint64_t seed, SampleEdxOptions const& options) {
    Random random(seed);
    Size const frame = options.se_image;
    double const width = frame.width;
    Scene scene;
    scene.row_step = frame.width / (k_ratio_xy * frame.height);
    scene.margin_px = std::ceil(k_margin * width);
    int const margin = static_cast<int>(scene.margin_px);
    scene.size = {frame.width + 2 * margin, static_cast<int>(frame.height * scene.row_step) + 1 + 2 * margin};
    scene.materials = drawn_materials(random, scene.size, width);
    scene.electrons = electrons_of(random, scene, width);
    return scene;
}

/// Shot noise of so many counts at brightness 1, 8 bits.
Image<std::uint8_t> recorded(Random& random, Field const& clean, double counts) {
    Image<std::uint8_t> image = std::move(Image<std::uint8_t>::create(clean.size)).value();
    constexpr double k_grey = 150, k_offset = 9; // of brightness 1; of none
    for (std::size_t i = 0; i < clean.values.size(); ++i) {
        double const mean = std::max(0.0f, clean.values[i]) * counts;
        double const seen = mean + std::sqrt(mean) * double{quick_normal(random)};
        double const grey = seen * (k_grey / counts) + k_offset + 1.3 * double{quick_normal(random)};
        image.data()[i] = static_cast<std::uint8_t>(std::clamp(grey + 0.5, 0.0, 255.0));
    }
    return image;
}

Field se_image_of(Scene const& scene, Size frame) {
    Field seen(frame);
    int const left = static_cast<int>(scene.margin_px);
    for (int y = 0; y < frame.height; ++y) {
        double const position = scene.from_se({0, static_cast<double>(y)}).y;
        int const top = static_cast<int>(position);
        auto const part = static_cast<float>(position - top);
        float const* above = scene.electrons.row(top) + left;
        float const* below = scene.electrons.row(std::min(top + 1, scene.size.height - 1)) + left;
        for (int x = 0; x < frame.width; ++x) seen.row(y)[x] = above[x] + part * (below[x] - above[x]);
    }
    return seen;
}

/// Where the pixels of the maps along one axis lie in the scene, and with what weights they see it.
struct Reach {
    int begin = 0;
    std::vector<float> weights; ///< their sum is 1
};
std::vector<Reach> reaches(double first, double pitch, int count, int limit) {
    std::vector<Reach> all;
    double const sigma = 0.55 * pitch;
    for (int i = 0; i < count; ++i) {
        double const centre = first + i * pitch;
        Reach reach;
        reach.begin = std::clamp(static_cast<int>(std::floor(centre - 2.5 * sigma)), 0, limit - 1);
        int const end = std::clamp(static_cast<int>(std::ceil(centre + 2.5 * sigma)), reach.begin + 1, limit);
        double sum = 0;
        for (int k = reach.begin; k < end; ++k) {
            double const off = (k - centre) / sigma;
            reach.weights.push_back(static_cast<float>(exp_portable(-0.5 * off * off)));
            sum += double{reach.weights.back()};
        }
        for (float& weight : reach.weights) weight = static_cast<float>(weight / std::max(sum, 1e-30));
        all.push_back(std::move(reach));
    }
    return all;
}

struct Coarse {
    std::vector<std::array<float, k_material_count>> shares; ///< per pixel of the maps
    Field electrons;
};

Coarse coarse_of(Scene const& scene, Affine const& maps_to_se, Size maps) {
    Point const first = scene.from_se(maps_to_se({0, 0}));
    Point const next = scene.from_se(maps_to_se({1, 1}));
    std::vector<Reach> const across = reaches(first.x, next.x - first.x, maps.width, scene.size.width);
    std::vector<Reach> const down = reaches(first.y, next.y - first.y, maps.height, scene.size.height);
    Coarse coarse{{}, Field(maps)};
    coarse.shares.reserve(static_cast<std::size_t>(maps.area()));
    for (int y = 0; y < maps.height; ++y)
        for (int x = 0; x < maps.width; ++x) {
            Reach const &rows = down[static_cast<std::size_t>(y)], &columns = across[static_cast<std::size_t>(x)];
            std::array<float, k_material_count> share{};
            float bright = 0;
            for (std::size_t r = 0; r < rows.weights.size(); ++r) {
                int const scene_y = rows.begin + static_cast<int>(r);
                std::uint8_t const* materials =
                    scene.materials.data() + std::ptrdiff_t{scene_y} * scene.size.width + columns.begin;
                float const* electrons = scene.electrons.row(scene_y) + columns.begin;
                for (std::size_t c = 0; c < columns.weights.size(); ++c) {
                    float const weight = rows.weights[r] * columns.weights[c];
                    share[materials[c]] += weight;
                    bright += weight * electrons[c];
                }
            }
            coarse.shares.push_back(share);
            coarse.electrons.row(y)[x] = bright;
        }
    return coarse;
}

void count_elements(Random& random, Coarse const& coarse, SampleEdxOptions const& options, SampleEdxTruth& truth) {
    truth.map_labels = std::move(Image<std::uint8_t>::create(options.maps)).value();
    truth.purity = std::move(Plane::create(options.maps)).value();
    for (std::size_t i = 0; i < coarse.shares.size(); ++i) {
        auto const most = std::max_element(coarse.shares[i].begin(), coarse.shares[i].end());
        truth.map_labels.data()[i] = static_cast<std::uint8_t>(most - coarse.shares[i].begin());
        truth.purity.data()[i] = *most;
    }
    for (std::size_t m = 0; m < k_material_count; ++m) {
        truth.materials.push_back(k_names[m]);
        truth.mean_counts.emplace_back();
        for (double const counts : k_counts[m])
            truth.mean_counts[m].push_back((counts + k_background_counts) * options.dose);
    }
    for (std::size_t e = 0; e < k_element_count; ++e) {
        truth.elements.push_back(k_elements[e]);
        auto counts = std::move(Image<std::uint16_t>::create(options.maps)).value();
        int largest = 1;
        for (std::size_t i = 0; i < coarse.shares.size(); ++i) {
            double mean = 0;
            for (std::size_t m = 0; m < k_material_count; ++m)
                mean += double{coarse.shares[i][m]} * truth.mean_counts[m][e];
            auto const counted = static_cast<std::uint16_t>(std::min(random.poisson(mean), 65535.0));
            counts.data()[i] = counted;
            largest = std::max<int>(largest, counted);
        }
        truth.counts.push_back(std::move(counts));
        truth.largest_counts.push_back(largest);
    }
}

std::string path_of(std::string const& name) {
    return "EDX01_FH_250410/" + name;
}

void append_number(Bytes& out, std::uint32_t value, int bytes) {
    for (int i = 0; i < bytes; ++i) out.push_back(static_cast<std::uint8_t>(value >> (8 * i)));
}

SampleFile map_file(std::string const& name, ImageView<std::uint8_t const> levels, std::uint32_t tint,
                    Affine const& from_se) {
    SampleFile file{path_of(name), write_edx_bmp(levels, tint), {}};
    file.truth.from_reference = from_se;
    return file;
}

} // namespace

Bytes write_edx_bmp(ImageView<std::uint8_t const> levels, std::uint32_t tint) {
    auto const width = static_cast<std::uint32_t>(levels.width()), height = static_cast<std::uint32_t>(levels.height());
    std::uint32_t const padded = (width + 3) / 4 * 4, pixels_at = 14 + 40 + 4 * 256;
    Bytes file;
    file.reserve(pixels_at + std::size_t{padded} * height);
    file.push_back('B');
    file.push_back('M');
    append_number(file, pixels_at + padded * height, 4);
    append_number(file, 0, 4);
    append_number(file, pixels_at, 4);
    append_number(file, 40, 4);
    append_number(file, width, 4);
    append_number(file, height, 4);
    append_number(file, 0, 2); // planes
    append_number(file, 8, 2);
    for (std::uint32_t const field : {0u, 0u, 0u, 0u, 65536u, 0u}) append_number(file, field, 4);
    for (std::uint32_t level = 0; level < 256; ++level) {
        for (int shift = 0; shift < 24; shift += 8) append_number(file, level * (tint >> shift & 255) / 255, 1);
        file.push_back(0);
    }
    for (int y = levels.height() - 1; y >= 0; --y) {
        file.insert(file.end(), levels.row(y), levels.row(y) + levels.width());
        file.insert(file.end(), padded - width, 0);
    }
    return file;
}

Affine sample_edx_maps_to_se(SampleEdxOptions const& options) {
    Size const se = options.se_image, maps = options.maps;
    double const scale_x = options.scale * se.width / maps.width, scale_y = options.scale * se.height / maps.height;
    double const unit = se.width / 1424.0;
    return {scale_x, 0,       (se.width - 1) / 2.0 + options.shift_px.x * unit - scale_x * (maps.width - 1) / 2.0,
            0,       scale_y, (se.height - 1) / 2.0 + options.shift_px.y * unit - scale_y * (maps.height - 1) / 2.0};
}

SampleEdx sample_edx_set(std::uint64_t seed, SampleEdxOptions const& options) {
    Random random(seed);
    Scene const scene = drawn(random.bits(), options);
    SampleEdx set;
    SampleEdxTruth& truth = set.truth;
    truth.maps_to_se = sample_edx_maps_to_se(options);
    Affine const from_se = truth.maps_to_se.inverse();

    truth.se_labels = std::move(Image<std::uint8_t>::create(options.se_image)).value();
    for (int y = 0; y < options.se_image.height; ++y)
        for (int x = 0; x < options.se_image.width; ++x) {
            Point const p = scene.from_se({static_cast<double>(x), static_cast<double>(y)});
            truth.se_labels.at(x, y) = scene.material(static_cast<int>(p.x + 0.5), static_cast<int>(p.y + 0.5));
        }

    XlHeader header{.magnification = 2000,
                    .spot = 4,
                    .working_distance_mm = 11.08,
                    .user_text = "sample data, made by a program",
                    .image_name = "SE01.TIF"};
    auto const se_image = recorded(random, se_image_of(scene, options.se_image), 110);
    SampleFile se_file{path_of(header.image_name), write_xl_tiff(se_image.view(), header), {}};
    se_file.truth.pixel_size_y_nm = header.size_y_mm * 1e6 / header.magnification / options.se_image.height;
    se_file.truth.pixel_size_x_nm =
        header.size_y_mm * header.ratio_xy * 1e6 / header.magnification / options.se_image.width;
    set.files.push_back(std::move(se_file));

    Coarse const coarse = coarse_of(scene, truth.maps_to_se, options.maps);
    auto const lab_image = recorded(random, coarse.electrons, 60);
    set.files.push_back(map_file("map_Lab1.bmp", lab_image.view(), 0xFFFFFF, from_se));
    count_elements(random, coarse, options, truth);
    for (std::size_t e = 0; e < k_element_count; ++e) {
        auto levels = std::move(Image<std::uint8_t>::create(options.maps)).value();
        for (std::int64_t i = 0; i < options.maps.area(); ++i)
            levels.data()[i] = static_cast<std::uint8_t>(truth.counts[e].data()[i] * 255 / truth.largest_counts[e]);
        set.files.push_back(map_file("map_" + truth.elements[e] + ".bmp", levels.view(), 0xFFFF00, from_se));
    }
    return set;
}

} // namespace mg
