// The scene and its images. Pits and particles are
// stamped Gaussians; light comes from a band whose wavelength varies from place to place. Image k is the scene sampled
// at a drifted position, so the shift between any two is known exactly. It is a picture of nothing real.
#include "samples/sample_xl.h"

#include <algorithm>
#include <cmath>

#include "base/text.h"
#include "math/random.h"
#include "samples/random_field.h"

namespace mg {

namespace {

struct Spot {
    double x = 0, y = 0, radius = 0, depth = 0;
};

/// Multiplies by 1 - depth exp(-r^2 / 2 radius^2).
void stamp(Field& field, Spot const& spot) {
    int reach = static_cast<int>(4 * spot.radius) + 2;
    int left = static_cast<int>(spot.x) - reach, top = static_cast<int>(spot.y) - reach;
    std::vector<float> along_x(static_cast<std::size_t>(2 * reach + 1));
    auto bell = [&](double d) { return exp_portable(-d * d / (2 * spot.radius * spot.radius)); };
    for (int i = 0; i <= 2 * reach; ++i)
        along_x[static_cast<std::size_t>(i)] = static_cast<float>(bell(left + i - spot.x));
    for (int y = std::max(0, top); y < std::min(field.size.height, top + 2 * reach + 1); ++y) {
        auto along_y = static_cast<float>(spot.depth * bell(y - spot.y));
        float* row = field.row(y);
        for (int x = std::max(0, left); x < std::min(field.size.width, left + 2 * reach + 1); ++x)
            row[x] *= 1 - along_y * along_x[static_cast<std::size_t>(x - left)];
    }
}

// What 712 x 484 pixels imply with a field 1.333 times as wide as high: pixels 0.906 times as wide as high.
constexpr Size k_frame{712, 484};
constexpr double k_ratio_xy = 1.333;
constexpr double k_anisotropy = k_ratio_xy * k_frame.height / k_frame.width;
constexpr double k_margin = 0.06; // of the frame's width, on each side: room for drift

/// Latent fields on square pixels as wide as the raw frame's.
struct Grown {
    Size frame;
    double anisotropy = 1; ///< raw pixel's width / height
    double margin_px = 0;
    Field electrons, wavelength, brightness;
};

Field electron_field(Random& random, Size size, double width, std::vector<Spot> const& pits) {
    Field height = random_field(random, size, 0.009 * width);
    Field terraces = random_field(random, size, 0.05 * width);
    auto roughness = static_cast<float>(3e-4 * width);
    for (std::size_t i = 0; i < height.values.size(); ++i)
        height.values[i] = roughness * height.values[i] + 0.17f * std::floor(2.6f * terraces.values[i] + 0.5f);
    blur(height, 1.3 * std::max(1.0, width / 1424));

    // Lit from the left, and brighter where the surface is steep.
    Field field(size, 1);
    constexpr float k_relief = 3;
    for (int y = 1; y + 1 < size.height; ++y) {
        float const* above = height.row(y - 1);
        float const* here = height.row(y);
        float const* below = height.row(y + 1);
        float* row = field.row(y);
        for (int x = 1; x + 1 < size.width; ++x) {
            float gx = (here[x + 1] - here[x - 1]) * k_relief;
            float gy = (below[x] - above[x]) * k_relief;
            row[x] = 1 + 0.9f * gx + 0.5f * std::sqrt(gx * gx + gy * gy);
        }
    }
    for (Spot pit : pits) {
        pit.radius *= 0.9;
        pit.depth *= 0.8;
        stamp(field, pit);
    }
    for (int i = 0; i < 60; ++i)
        stamp(field, {random.uniform(0, size.width), random.uniform(0, size.height),
                      random.uniform(0.002, 0.005) * width, -random.uniform(0.3, 0.9)});
    for (float& value : field.values) value = std::max(value, 0.05f);
    return field;
}

Grown grown(std::uint64_t seed, Size frame, bool with_light) {
    Random random(seed);
    double width = frame.width;
    double anisotropy = k_ratio_xy * frame.height / frame.width;
    double margin = std::ceil(k_margin * width);
    Size size{frame.width + 2 * static_cast<int>(margin),
              static_cast<int>(frame.height / anisotropy) + 1 + 2 * static_cast<int>(margin)};

    std::vector<Spot> pits(300);
    for (Spot& pit : pits)
        pit = {random.uniform(0, size.width), random.uniform(0, size.height), random.uniform(0.0035, 0.009) * width,
               random.uniform(0.35, 0.9)};
    Field electrons = electron_field(random, size, width, pits);
    if (!with_light) return {frame, anisotropy, margin, std::move(electrons), Field({1, 1}), Field({1, 1})};

    Field wavelength = random_field(random, size, 0.022 * width);
    Field fine = random_field(random, size, 0.007 * width);
    for (std::size_t i = 0; i < wavelength.values.size(); ++i)
        wavelength.values[i] = 422 + 10 * wavelength.values[i] + 5 * fine.values[i];
    Field brightness = random_field(random, size, 0.014 * width);
    for (float& value : brightness.values) value = static_cast<float>(exp_portable(0.3 * value));
    for (Spot const& pit : pits) stamp(brightness, pit);
    blur(brightness, 1.3);
    return {frame, anisotropy, margin, std::move(electrons), std::move(wavelength), std::move(brightness)};
}

/// The four weights of a cubic through its points (Keys 1981, a = -1/2) for a position `t` after the second.
struct Weights {
    float w[4];
    explicit Weights(double t) {
        w[0] = static_cast<float>(((-0.5 * t + 1) * t - 0.5) * t);
        w[1] = static_cast<float>((1.5 * t - 2.5) * t * t + 1);
        w[2] = static_cast<float>(((-1.5 * t + 2) * t + 0.5) * t);
        w[3] = static_cast<float>((0.5 * t - 0.5) * t * t);
    }
};

/// The field as the raw frame sees it, drifted by (x, y) square pixels; it must lie inside the field.
Field sampled(Grown const& scene, Field const& field, Point drift) {
    Field out(scene.frame);
    double x0 = scene.margin_px + drift.x;
    int left = static_cast<int>(x0);
    Weights across(x0 - left);
    std::vector<float> line(static_cast<std::size_t>(scene.frame.width) + 3);
    for (int y = 0; y < scene.frame.height; ++y) {
        double position = scene.margin_px + drift.y + y / scene.anisotropy;
        int top = static_cast<int>(position);
        Weights down(position - top);
        float const* rows[4];
        for (int i = 0; i < 4; ++i) rows[i] = field.row(std::clamp(top - 1 + i, 0, field.size.height - 1)) + left - 1;
        for (std::size_t x = 0; x < line.size(); ++x)
            line[x] = down.w[0] * rows[0][x] + down.w[1] * rows[1][x] + down.w[2] * rows[2][x] + down.w[3] * rows[3][x];
        float* row = out.row(y);
        for (std::size_t x = 0; x + 3 < line.size(); ++x)
            row[x] = across.w[0] * line[x] + across.w[1] * line[x + 1] + across.w[2] * line[x + 2] +
                     across.w[3] * line[x + 3];
    }
    return out;
}

struct Detection {
    double mean_counts = 90;
    double spike_share = 0;
    double offset = 9, brightest = 200, read_noise = 1.3; ///< grey levels of 255
};

struct Detected {
    Field grey; ///< 0..255
    SampleTruth truth;
};

/// Shot noise, gain such that the brightest half per cent lies at `brightest`, spikes with a tail along the line.
Detected detected(Random& random, Field clean, Detection const& how) {
    double sum = 0;
    for (float value : clean.values) sum += value;
    double to_counts = how.mean_counts / (sum / static_cast<double>(clean.values.size()));
    std::vector<float> sorted;
    for (std::size_t i = 0; i < clean.values.size(); i += 16) sorted.push_back(clean.values[i]);
    auto rank = sorted.begin() + static_cast<std::ptrdiff_t>(sorted.size() * 995 / 1000);
    std::nth_element(sorted.begin(), rank, sorted.end());
    double gain = (how.brightest - how.offset) / (*rank * to_counts);

    Detected result{std::move(clean), {}};
    Field& grey = result.grey;
    if (Result<Plane> plane = Plane::create(grey.size)) {
        for (std::size_t i = 0; i < grey.values.size(); ++i)
            plane->data()[i] = static_cast<float>((grey.values[i] * to_counts * gain + how.offset) / 255);
        result.truth.clean = std::make_shared<Plane const>(std::move(plane).value());
    }
    bool many = how.mean_counts > 50; // a normal deviate will do
    for (float& value : grey.values) {
        double mean = value * to_counts;
        double counts = many ? mean + std::sqrt(mean) * quick_normal(random) : random.poisson(mean);
        value = static_cast<float>(counts * gain + how.offset + how.read_noise * quick_normal(random));
    }
    auto total = static_cast<std::uint64_t>(grey.values.size());
    auto spikes = static_cast<std::size_t>(how.spike_share * static_cast<double>(total));
    std::vector<std::int32_t>& places = result.truth.spikes;
    for (std::size_t i = 0; i < spikes; ++i) places.push_back(static_cast<std::int32_t>(random.below(total)));
    std::sort(places.begin(), places.end());
    places.erase(std::unique(places.begin(), places.end()), places.end());
    for (std::int32_t place : places) {
        auto amplitude = static_cast<float>(40 + 140 * random.exponential());
        grey.values[static_cast<std::size_t>(place)] += amplitude;
        if ((place + 1) % grey.size.width != 0) grey.values[static_cast<std::size_t>(place) + 1] += 0.35f * amplitude;
    }
    return result;
}

/// A hand-made mark of pure white: a frame round a place, and an arrow that points at it.
void burn_in_drawing(Detected& image) {
    Field& grey = image.grey;
    auto set = [&](int x, int y) {
        grey.row(y)[x] = 255;
        image.truth.drawing.push_back(y * grey.size.width + x);
    };
    constexpr Rect k_mark{508, 300, 92, 72};
    constexpr int k_thick = 2;
    for (int y = k_mark.y; y < k_mark.y + k_mark.height; ++y)
        for (int x = k_mark.x; x < k_mark.x + k_mark.width; ++x) {
            int from_edge = std::min(std::min(x - k_mark.x, k_mark.x + k_mark.width - 1 - x),
                                     std::min(y - k_mark.y, k_mark.y + k_mark.height - 1 - y));
            if (from_edge < k_thick) set(x, y);
        }
    constexpr int k_tip_x = 502, k_tip_y = 336, k_length = 60, k_head = 14;
    for (int i = 0; i < k_length; ++i) {
        int half_height = i < k_head ? i / 2 : 1;
        for (int d = -half_height; d <= half_height; ++d) set(k_tip_x - i, k_tip_y + d);
    }
    std::sort(image.truth.drawing.begin(), image.truth.drawing.end());
}

template <class T>
Bytes recorded(Field const& grey, XlHeader const& header) {
    constexpr float k_step = sizeof(T) == 1 ? 1 : 257;
    std::vector<T> pixels(grey.values.size());
    for (std::size_t i = 0; i < pixels.size(); ++i)
        pixels[i] = static_cast<T>(std::clamp(grey.values[i], 0.0f, 255.0f) * k_step + 0.5f);
    return write_xl_tiff(ImageView<T const>{pixels.data(), grey.size, grey.size.width}, header);
}

std::string sample_path(std::string const& name) {
    return "AB01_FH_250410/" + name;
}

SampleFile finished(Detected image, XlHeader header, std::string name, bool deep) {
    SampleTruth& truth = image.truth;
    truth.pixel_size_y_nm = header.size_y_mm * 1e6 / header.magnification / image.grey.size.height;
    truth.pixel_size_x_nm = header.size_y_mm * header.ratio_xy * 1e6 / header.magnification / image.grey.size.width;
    header.image_name = name;
    Bytes bytes = deep ? recorded<std::uint16_t>(image.grey, header) : recorded<std::uint8_t>(image.grey, header);
    return {sample_path(name), std::move(bytes), std::move(truth)};
}

struct LightImage {
    int wavelength_nm = 0;
    Point drift; ///< since the first image, square pixels

    std::string name() const { return "10K" + std::to_string(wavelength_nm) + ".TIF"; }
    Affine from_reference() const { return Affine::translation(-drift.x, -drift.y * k_anisotropy); }
};

/// Drawn apart from the pixels, so that the drift can be told without making them.
std::vector<LightImage> light_images(std::uint64_t seed) {
    constexpr std::uint64_t k_drift_stream = 0x6472696674; // "drift"
    Random random(seed ^ k_drift_stream);
    double const limit = 0.035 * k_frame.width;
    std::vector<LightImage> images;
    Point drift;
    for (int wavelength_nm = 405; wavelength_nm <= 445; wavelength_nm += 10) {
        drift.x = std::clamp(drift.x + random.uniform(-14, 14), -limit, limit);
        drift.y = std::clamp(drift.y + random.uniform(-14, 14), -limit, limit);
        images.push_back({wavelength_nm, drift});
    }
    return images;
}

} // namespace

std::vector<SampleMap> sample_xl_truth(std::uint64_t seed) {
    std::vector<SampleMap> maps{{sample_path("S10K.TIF"), {}}};
    for (LightImage const& image : light_images(seed))
        maps.push_back({sample_path(image.name()), image.from_reference()});
    return maps;
}

std::vector<SampleFile> sample_xl_set(std::uint64_t seed) {
    std::vector<SampleFile> files;
    Random random(seed);
    XlHeader electrons{.spot = 3, .detector = 0, .user_text = "sample data, made by a program"};
    XlHeader light{.spot = 4, .working_distance_mm = 11.16, .detector = 3, .user_text = electrons.user_text};

    Grown scene = grown(random.bits(), k_frame, true);
    Detected first = detected(random, sampled(scene, scene.electrons, {}), {.mean_counts = 90});
    burn_in_drawing(first);
    files.push_back(finished(std::move(first), electrons, "S10K.TIF", false));

    for (LightImage const& image : light_images(seed)) {
        Field seen = sampled(scene, scene.brightness, image.drift);
        Field peak = sampled(scene, scene.wavelength, image.drift);
        for (std::size_t i = 0; i < seen.values.size(); ++i) {
            double off = (image.wavelength_nm - double{peak.values[i]}) / 13;
            seen.values[i] =
                std::max(0.0f, seen.values[i] * static_cast<float>(exp_portable(-0.5 * off * off))) + 0.02f;
        }
        Detected recording = detected(random, std::move(seen), {.mean_counts = 14, .spike_share = 0.002});
        recording.truth.from_reference = image.from_reference();
        files.push_back(finished(std::move(recording), light, image.name(), false));
    }

    Grown other = grown(random.bits(), {1424, 968}, false);
    XlHeader closer = electrons;
    closer.magnification = 20000;
    Detected large = detected(random, sampled(other, other.electrons, {}), {.mean_counts = 120});
    files.push_back(finished(std::move(large), closer, "S20K.TIF", true));
    return files;
}

} // namespace mg
