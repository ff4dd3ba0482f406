// Materials on the SE image's grid. The SE image is cropped to what the maps cover, so that every pixel has a material;
// maps and Lab image have then done their part and go. Without an SE image the Lab image takes its place, without both
// an even grey, three times as fine as the maps.
#include "ops/spread.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "ops/place.h"
#include "recipe/step.h"
#include "steps/geometry.h"

namespace mg {
namespace {

constexpr Choice k_methods[] = {
    {"guided", "Along the image's edges"}, {"linear", "Interpolated"}, {"nearest", "Pixels of the maps"}};
enum class Unaligned { as_guessed, whole_frame };
constexpr Choice k_unaligned[] = {{"guess", "As guessed"}, {"frame", "Over the whole image"}};

struct SpreadParams {
    SpreadMethod method = SpreadMethod::guided;
    double radius = SpreadSettings{}.radius_map_px;
    double edge_contrast = 100 * SpreadSettings{}.edge_contrast;
    double sharpness = SpreadSettings{}.sharpness;
    bool crop = true;
    Unaligned unaligned = Unaligned::as_guessed;
};

constexpr auto k_params = std::to_array<Param>({
    param<&SpreadParams::method>({.key = "method",
                                  .label = "Borders",
                                  .help = "How materials come from the coarse maps to the fine image: up to its edges, "
                                          "interpolated between the maps' pixels, or as these pixels are.",
                                  .choices = k_methods}),
    param<&SpreadParams::radius>({.key = "radius",
                                  .label = "Reach",
                                  .help = "How far a border may go from where the maps have it to meet an edge of the "
                                          "image, in pixels of the maps.",
                                  .unit = "px",
                                  .minimum = 0.25,
                                  .maximum = 4}),
    param<&SpreadParams::edge_contrast>({.key = "edge_contrast",
                                         .label = "Least edge",
                                         .help = "Grey differences well below this share of the image's range are no "
                                                 "edges.",
                                         .unit = "%",
                                         .minimum = 0.01,
                                         .maximum = 100,
                                         .slider_minimum = 0.1,
                                         .slider_maximum = 20,
                                         .logarithmic = true,
                                         .advanced = true}),
    param<&SpreadParams::sharpness>({.key = "sharpness",
                                     .label = "Sharpness",
                                     .help = "1: borders about one pixel wide; 0: as wide as they are uncertain.",
                                     .minimum = 0,
                                     .maximum = 1}),
    param<&SpreadParams::crop>({.key = "crop",
                                .label = "Crop to the maps",
                                .help = "The image is cropped to what the maps cover. Off: the rest is black."}),
    param<&SpreadParams::unaligned>({.key = "unaligned",
                                     .label = "If the maps do not fit",
                                     .help = "Where the materials go when it was not found where the maps lie: where "
                                             "they probably are, or over the whole image.",
                                     .choices = k_unaligned,
                                     .advanced = true}),
});

std::string const& name_of(Channel const& channel) {
    return channel.file_name.empty() ? channel.label : channel.file_name;
}

/// Pixel of one grid -> pixel of another one over the same frame.
Affine same_frame(Size from, Size to) {
    double const x = static_cast<double>(to.width) / from.width, y = static_cast<double>(to.height) / from.height;
    return {x, 0, (x - 1) / 2, 0, y, (y - 1) / 2};
}

bool has_pixels(Channel const& channel) {
    return !channel.micrograph_size().empty();
}
Channel* first_of(Scene& scene, Role role) {
    for (Channel& channel : scene.channels)
        if (channel.role == role && has_pixels(channel)) return &channel;
    return nullptr;
}

/// Half a grey over the maps' frame.
Result<Channel> even_grey(Scene const& scene, Size map) {
    constexpr int k_finer = 3;
    Channel ground;
    ground.label = "Materials";
    ground.role = Role::se_image;
    ground.metadata.raw = std::make_shared<std::vector<RawKey> const>();
    Size const size{map.width * k_finer, map.height * k_finer};
    MG_TRY(Plane grey, Plane::filled(size, 0.5F));
    ground.planes.push_back(std::make_shared<Plane const>(std::move(grey)));
    for (Channel const& channel : scene.channels) {
        if (channel.role != Role::element_map || !has_pixels(channel)) continue;
        Affine const to_map = same_frame(size, channel.micrograph_size());
        ground.file_name = channel.file_name;
        ground.relative_path = channel.relative_path;
        ground.metadata = channel.metadata;
        ground.pixel_size_x_nm = channel.pixel_size_x_nm;
        ground.pixel_size_y_nm = channel.pixel_size_y_nm;
        scale_pixel_size(ground, to_map.a, to_map.d);
        ground.to_recorded = channel.to_recorded.after(to_map);
        break;
    }
    return ground;
}

/// The micrograph alone, as one plane.
Status make_ground(Channel& channel) {
    Size const size = channel.micrograph_size();
    if (size != channel.size()) MG_TRY_DO(crop_channel(channel, {0, 0, size.width, size.height}));
    channel.databar_rows_px = 0;
    if (channel.planes.size() == 1) return Done{};
    MG_TRY(Plane mean, Plane::filled(size, 0));
    float const share = 1.0F / static_cast<float>(channel.planes.size());
    for (PlanePtr const& plane : channel.planes)
        for (std::int64_t i = 0, n = size.area(); i < n; ++i) mean.data()[i] += share * plane->data()[i];
    channel.planes = {std::make_shared<Plane const>(std::move(mean))};
    return Done{};
}

/// Pixel of the ground's planes -> pixel of the materials' grid.
Projective to_maps(Scene const& scene, Channel const& ground, Size map, SpreadParams const& params, Job& job) {
    Projective const frames = same_frame(ground.size(), map);
    // Of the maps, one of the materials' own grid says best where that lies.
    Channel const* follower = nullptr;
    for (Role role : {Role::element_map, Role::lab_image})
        for (Channel const& channel : scene.channels) {
            if (channel.role != role || !channel.alignment || !has_pixels(channel)) continue;
            if (!follower ||
                (follower->role == role && follower->micrograph_size() != map && channel.micrograph_size() == map))
                follower = &channel;
        }
    if (!follower) return frames;
    bool const refused = follower->alignment->trust == Trust::refused;
    if (refused) {
        bool const guess = params.unaligned == Unaligned::as_guessed;
        job.note("warning", name_of(ground),
                 name_of(ground) + ": where the maps lie is not known; the materials are laid " +
                     (guess ? "where they probably are" : "over the whole image"));
        if (!guess) return frames;
    }
    Affine const to_map = same_frame(follower->micrograph_size(), map).after(follower->to_recorded.inverse());
    return Projective(to_map).after(follower->alignment->from_reference).after(Projective(ground.to_recorded));
}

/// The part of the ground that the maps cover; all of it when there is none.
Result<Rect> covered_part(Channel const& ground, Projective const& map, Size map_size, Job& job) {
    Size const size = ground.size();
    Rect const all{0, 0, size.width, size.height};
    MG_TRY(Mask blocked, Mask::filled(size, 0));
    if (ground.mask)
        for (std::int64_t i = 0, n = size.area(); i < n; ++i)
            blocked.data()[i] = (ground.mask->data()[i] & (k_mask_outside | k_mask_databar)) != 0 ? 1 : 0;
    MG_TRY_DO(block_uncovered(blocked.view(), {.size = map_size, .to_source = map}));
    Rect const part = largest_clear_rectangle(blocked.view());
    if (!part.empty()) return part;
    job.note("warning", name_of(ground), name_of(ground) + ": the maps cover no part of it");
    return all;
}

Status run(Scene& scene, SpreadParams const& params, Job& job) {
    if (!scene.materials || scene.materials->memberships.empty()) return Done{};
    Size const map_size = scene.materials->size;
    Channel ground;
    Channel const* se = first_of(scene, Role::se_image);
    if (se) {
        ground = *se;
    } else if (Channel const* lab = first_of(scene, Role::lab_image)) {
        ground = *lab;
    } else {
        MG_TRY(ground, even_grey(scene, map_size));
    }
    job.progress(0, "Fitting borders");
    MG_TRY_DO(make_ground(ground));
    // Maps, Lab image and even grey are of one frame.
    Projective map = se ? to_maps(scene, ground, map_size, params, job) : same_frame(ground.size(), map_size);
    if (!is_usable_map(map, ground.size())) {
        job.note("warning", name_of(ground),
                 name_of(ground) + ": the place of the maps is impossible; they are laid over the whole image");
        map = same_frame(ground.size(), map_size);
    }
    if (params.crop) {
        MG_TRY(Rect const part, covered_part(ground, map, map_size, job));
        if (part.size() != ground.size()) {
            job.note("size", size_text(part.size()),
                     size_text(part.size()) + " px of " + size_text(ground.size()) + " are covered by the maps");
            MG_TRY_DO(crop_channel(ground, part));
            map = map.after(Affine::translation(part.x, part.y));
        }
    }

    std::vector<ImageView<float const>> memberships;
    for (PlanePtr const& plane : scene.materials->memberships) memberships.push_back(plane->view());
    SpreadSettings const settings{.method = params.method,
                                  .radius_map_px = params.radius,
                                  .edge_contrast = params.edge_contrast / 100,
                                  .sharpness = params.sharpness};
    MG_TRY(SpreadMap made, spread_memberships(memberships, ground.planes.front()->view(), map, settings, job));
    auto materials = std::make_shared<Materials>(*scene.materials);
    materials->spread = std::make_shared<SpreadMap const>(std::move(made));
    scene.materials = std::move(materials);

    ground.alignment = Alignment{{}, Trust::reference, 1, 0, {}};
    std::vector<Channel> kept{std::move(ground)};
    for (Channel& channel : scene.channels)
        if (channel.role != Role::element_map && channel.role != Role::lab_image && channel.role != Role::se_image)
            kept.push_back(std::move(channel));
    scene.channels = std::move(kept);
    scene.pairs.clear();
    return Done{};
}

} // namespace

extern constinit Step const k_step_spread = make_step<SpreadParams, k_params, run>(
    {.id = "spread",
     .title = "Borders",
     .group = StepGroup::geometry,
     .summary = "Brings the materials to the SE image's pixels, with borders where the image has edges.",
     .workflows = k_materials,
     .whole_set = true});

} // namespace mg
