#include "support/scene_maker.h"

#include <cmath>

namespace mg::test {
namespace {

class Random {
public:
    explicit Random(std::uint32_t seed) : m_state(seed * 2654435761u + 1) {}
    /// 0..1
    float next() {
        m_state = m_state * 1664525u + 1013904223u;
        return static_cast<float>(m_state >> 8) / 16777216.f;
    }

private:
    std::uint32_t m_state;
};

void mix(std::uint64_t& hash, void const* data, std::size_t bytes) {
    auto const* p = static_cast<unsigned char const*>(data);
    for (std::size_t i = 0; i < bytes; ++i) hash = (hash ^ p[i]) * 1099511628211u;
}

} // namespace

Scene make_scene(SceneSpec const& spec) {
    Random random(spec.seed);
    Channel channel;
    channel.label = "SE";
    channel.file_name = "10K420.TIF";
    channel.relative_path = "AB01_FH_250410/10K420.TIF";
    channel.range = {0, 255};
    for (int p = 0; p < spec.planes; ++p) {
        Plane plane = std::move(Plane::create(spec.size)).value();
        for (int y = 0; y < spec.size.height; ++y)
            for (int x = 0; x < spec.size.width; ++x) {
                float value = 0.2f + 0.3f * static_cast<float>(x) / static_cast<float>(spec.size.width);
                if ((x / 7 + y / 5 + p) % 2) value += 0.15f;
                value += 0.1f * (random.next() - 0.5f);
                float const chance = random.next();
                if (chance > 0.995f)
                    value = 0.98f;
                else if (chance > 0.99f)
                    value = 1;
                plane.at(x, y) = value;
            }
        channel.planes.push_back(std::make_shared<Plane const>(std::move(plane)));
    }
    channel.metadata.raw = std::make_shared<std::vector<RawKey> const>();
    if (spec.header) {
        channel.metadata.vendor = "Philips/FEI XL";
        channel.metadata.raw = std::make_shared<std::vector<RawKey> const>(
            std::vector<RawKey>{{"DatabarData", "flAccV", "10000"}, {"Vector", "Magnification", "10000"}});
        Acquisition& a = channel.metadata.acquisition;
        a.beam_energy_kv = {10, "header"};
        a.working_distance_mm = {10.85, "header"};
        a.magnification = {10000, "header"};
        a.spot_size = {4, "header"};
        a.pixel_size_x_nm = {15.914, "header"};
        a.pixel_size_y_nm = {17.562, "header"};
        a.detector = {"CL", "header"};
        a.wavelength_nm = {420, "file name"};
        a.beam_kind = {"electron", "header"};
        a.acquired = {"2025-04-10", "folder name"};
        a.sample = {"AB01", "folder name"};
        a.author = {"FH", "folder name"};
        channel.pixel_size_x_nm = a.pixel_size_x_nm;
        channel.pixel_size_y_nm = a.pixel_size_y_nm;
    }
    Scene scene;
    scene.channels.push_back(std::move(channel));
    return scene;
}

std::uint64_t fingerprint(Scene const& scene) {
    std::uint64_t hash = 14695981039346656037u;
    for (Channel const& channel : scene.channels) {
        for (PlanePtr const& plane : channel.planes) {
            Size const size = plane->size();
            mix(hash, &size, sizeof size);
            mix(hash, plane->data(), static_cast<std::size_t>(size.area()) * sizeof(float));
        }
        if (channel.mask) mix(hash, channel.mask->data(), static_cast<std::size_t>(channel.mask->size().area()));
        for (auto const& size : {channel.pixel_size_x_nm, channel.pixel_size_y_nm})
            if (size) mix(hash, &size->value, sizeof(double));
        mix(hash, &channel.to_recorded, sizeof(Affine));
        mix(hash, &channel.databar_rows_px, sizeof(int));
    }
    mix(hash, &scene.output.bits, sizeof(int));
    return hash;
}

std::string first_not_finite(Scene const& scene) {
    for (Channel const& channel : scene.channels)
        for (PlanePtr const& plane : channel.planes)
            for (int y = 0; y < plane->height(); ++y)
                for (int x = 0; x < plane->width(); ++x)
                    if (!std::isfinite(plane->at(x, y)))
                        return "value at " + std::to_string(x) + ", " + std::to_string(y) + " of " + channel.label;
    return {};
}

} // namespace mg::test
