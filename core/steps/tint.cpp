// The SE image in the colours of its materials, as a further channel.
#include "ops/tint.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "recipe/step.h"
#include "steps/geometry.h"
#include "steps/masked.h"

namespace mg {
namespace {

constexpr Choice k_blends[] = {{"luminance", "Image gives the brightness"}, {"multiply", "As the Python tools"}};

struct TintParams {
    TintBlend blend = TintBlend::luminance;
    double strength = TintSettings{}.strength;
    double desaturation = TintSettings{}.desaturation;
    double exponent = TintSettings{}.exponent;
    double low_percent = TintSettings{}.low_percent;
    double high_percent = TintSettings{}.high_percent;
    double show_uncertain = 0;
};

constexpr auto k_params = std::to_array<Param>({
    param<&TintParams::blend>({.key = "blend",
                               .label = "Blend",
                               .help = "The image gives the brightness and the material the colour; or the image is "
                                       "multiplied by the colour, which brightens some materials.",
                               .choices = k_blends}),
    param<&TintParams::strength>({.key = "strength",
                                  .label = "Strength",
                                  .help = "Of the colours. 0 leaves the image grey.",
                                  .minimum = 0,
                                  .maximum = 2}),
    param<&TintParams::desaturation>({.key = "desaturation",
                                      .label = "Paler",
                                      .help = "Share of the colourfulness that is taken away.",
                                      .minimum = 0,
                                      .maximum = 1}),
    param<&TintParams::exponent>({.key = "exponent",
                                  .label = "Exponent",
                                  .help = "Of the image's brightness; below 1 its dark parts become brighter.",
                                  .minimum = 0.1,
                                  .maximum = 5,
                                  .slider_minimum = 0.3,
                                  .slider_maximum = 2,
                                  .logarithmic = true}),
    param<&TintParams::low_percent>({.key = "low_percent",
                                     .label = "Black",
                                     .help = "Share of the pixels that may become black.",
                                     .unit = "%",
                                     .minimum = 0,
                                     .maximum = 50,
                                     .slider_maximum = 5,
                                     .advanced = true}),
    param<&TintParams::high_percent>({.key = "high_percent",
                                      .label = "White",
                                      .help = "Share of the pixels that may become white.",
                                      .unit = "%",
                                      .minimum = 0,
                                      .maximum = 50,
                                      .slider_maximum = 5,
                                      .advanced = true}),
    param<&TintParams::show_uncertain>(
        {.key = "show_uncertain",
         .label = "Show doubt",
         .help = "Share of the colourfulness that mixed and uncertain pixels of the maps lose; 0: they look like the "
                 "others.",
         .minimum = 0,
         .maximum = 1}),
});

/// The channel that the materials were brought to.
Channel const* ground_of(Scene const& scene) {
    for (Role role : {Role::se_image, Role::lab_image})
        for (Channel const& channel : scene.channels)
            if (channel.role == role && !channel.planes.empty() && channel.size() == scene.materials->spread->size())
                return &channel;
    return nullptr;
}

/// Chroma kept, 0..255: less where the maps are in doubt, interpolated between their pixels.
Result<Image<std::uint8_t>> kept_chroma(Materials const& materials, double lost, Work& work) {
    SpreadMap const& spread = *materials.spread;
    Mask const& flags = *materials.flags;
    MG_TRY(Image<std::uint8_t> kept, Image<std::uint8_t>::create(spread.size()));
    auto const doubt = [&](int x, int y) {
        return (flags.at(std::clamp(x, 0, flags.width() - 1), std::clamp(y, 0, flags.height() - 1)) &
                (k_flag_mixed | k_flag_uncertain)) != 0
                   ? 1.0
                   : 0.0;
    };
    auto const held = [](double v, int limit) { return std::clamp(v, 0.0, limit - 1.0); };
    work.for_each(static_cast<std::size_t>(kept.height()), [&](std::size_t row) {
        int const y = static_cast<int>(row);
        for (int x = 0; x < kept.width(); ++x) {
            Point const p = spread.to_maps({static_cast<double>(x), static_cast<double>(y)});
            double const u = held(p.x, flags.width()), v = held(p.y, flags.height());
            int const i = static_cast<int>(u), j = static_cast<int>(v);
            double const fx = u - i, fy = v - j;
            double const upper = doubt(i, j) + (doubt(i + 1, j) - doubt(i, j)) * fx;
            double const lower = doubt(i, j + 1) + (doubt(i + 1, j + 1) - doubt(i, j + 1)) * fx;
            double const share = 1 - lost * (upper + (lower - upper) * fy);
            kept.at(x, y) = static_cast<std::uint8_t>(std::clamp(255 * share + 0.5, 0.0, 255.0));
        }
    });
    return kept;
}

/// Where the composite shows nothing.
Result<MaskPtr> outside_mask(Channel const& ground, SpreadMap const& spread) {
    MG_TRY(Mask mask, Mask::filled(ground.size(), 0));
    bool any = false;
    for (std::int64_t i = 0, n = mask.size().area(); i < n; ++i) {
        if (ground.mask) mask.data()[i] = ground.mask->data()[i];
        if (spread.first.data()[i] == k_no_material) mask.data()[i] |= k_mask_outside;
        any = any || mask.data()[i] != 0;
    }
    if (!any) return MaskPtr{};
    return std::make_shared<Mask const>(std::move(mask));
}

Status run(Scene& scene, TintParams const& params, Job& job) {
    if (!scene.materials || !scene.materials->spread) return Done{};
    Materials const& materials = *scene.materials;
    Channel const* ground = ground_of(scene);
    if (!ground) return Done{};
    job.progress(0, "Colouring");
    std::vector<Rgb> colours;
    for (Material const& material : materials.list) colours.push_back(material.colour);
    TintSource source{.image = ground->planes.front()->view(),
                      .mask = mask_view(*ground),
                      .materials = materials.spread.get(),
                      .colours = colours,
                      .chroma = {}};
    Image<std::uint8_t> chroma;
    if (params.show_uncertain > 0 && materials.flags) {
        MG_TRY(chroma, kept_chroma(materials, params.show_uncertain, job));
        source.chroma = chroma.view();
    }
    MG_TRY(auto planes, tinted(source,
                               {.blend = params.blend,
                                .strength = params.strength,
                                .desaturation = params.desaturation,
                                .exponent = params.exponent,
                                .low_percent = params.low_percent,
                                .high_percent = params.high_percent},
                               job));
    Channel composite = *ground;
    composite.label = "Materials";
    composite.role = Role::composite;
    composite.range = {0, 1};
    composite.alignment.reset();
    composite.caption.clear();
    composite.planes.clear();
    for (Plane& plane : planes) composite.planes.push_back(std::make_shared<Plane const>(std::move(plane)));
    MG_TRY(composite.mask, outside_mask(*ground, *materials.spread));
    std::erase_if(scene.channels, [](Channel const& channel) { return channel.role == Role::composite; });
    scene.channels.push_back(std::move(composite));
    return Done{};
}

} // namespace

extern constinit Step const k_step_tint = make_step<TintParams, k_params, run>(
    {.id = "tint",
     .title = "Tint",
     .group = StepGroup::tone,
     .summary = "Colours the SE image by its materials: brightness from the image, colour from the material.",
     .workflows = k_materials,
     .whole_set = true});

} // namespace mg
