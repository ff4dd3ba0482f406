// What one file is among element maps: a map of which element, the electron image taken together with the maps (the Lab
// image), or the SE image; and the counts behind a map's grey levels. What can be known only from the whole set (which
// of several electron images is which) is settled when the files are put together: recipe/map_set.h.
#include <algorithm>
#include <array>

#include "base/text.h"
#include "ops/element_map.h"
#include "recipe/step.h"
#include "steps/hand_points.h"

namespace mg {
namespace {

enum class RoleChoice { automatic, element_map, lab_image, se_image, off };
constexpr Choice k_roles[] = {
    {"auto", "Automatic"}, {"map", "Element map"}, {"lab", "Lab image"}, {"se", "SE image"}, {"off", "Left out"}};

struct MapParams {
    RoleChoice role = RoleChoice::automatic;
    std::string element;
    double counts = 0;
    HandMotion motion = HandMotion::automatic;
    std::string points;
};

constexpr auto k_params = std::to_array<Param>({
    param<&MapParams::role>(
        {.key = "role",
         .label = "Role",
         .help =
             "An element map tells materials apart; the Lab image is the electron image taken together with the maps "
             "and shows where they lie; the SE image takes the colours. Automatic: by file name and header.",
         .choices = k_roles}),
    param<&MapParams::element>({.key = "element",
                                .label = "Element",
                                .help = "Element of this map, with its line if you like: Al, AlK. Empty: from the file "
                                        "name.",
                                .maximum = 100,
                                .unset = "from the file name"}),
    param<&MapParams::counts>({.key = "counts",
                               .label = "Largest counts",
                               .help = "X-ray counts of this map's brightest pixel; 0: found from the grey levels.",
                               .maximum = 1e9,
                               .slider_maximum = 1000,
                               .unset = "found"}),
    param<&MapParams::motion>(k_hand_motion),
    param<&MapParams::points>(k_hand_points),
});

std::string_view stem_of_name(std::string_view name) {
    std::size_t const dot = name.rfind('.');
    return dot == 0 ? name : name.substr(0, dot);
}

/// A header that only a microscope writes.
bool is_from_microscope(Acquisition const& facts) {
    return facts.detector || facts.beam_energy_kv || facts.magnification || facts.databar_rows;
}

/// Names of electron images as the makers of spectrometers give them: "9-ROI.png", "Electron Image 1.tif",
/// "SiO2_HAADF.tif", "SiO2_total.tif", "SEM.bmp", "SE01.TIF".
bool is_named_electron_image(std::string_view stem) {
    std::string const name = lowered(stem);
    for (std::size_t i = 0; i < name.size();) {
        std::size_t end = i;
        while (end < name.size() && is_alpha(name[end])) ++end;
        std::string_view const word = std::string_view(name).substr(i, end - i);
        for (std::string_view known : {"se", "sei", "sem", "bse", "bsd", "bei", "abse", "etd", "roi", "haadf", "adf",
                                       "stem", "tem", "image", "electron", "total", "fsd", "inlens"})
            if (word == known) return true;
        i = std::max(end, i + 1);
    }
    return false;
}

struct FoundRole {
    Role role = Role::element_map;
    bool named = false; ///< no guess
};

FoundRole role_of(Channel const& channel, MapName const& name) {
    if (name.kind == MapName::Kind::lab) return {Role::lab_image, true};
    bool const header = is_from_microscope(channel.metadata.acquisition);
    if (name.kind == MapName::Kind::element && !header) return {Role::element_map, true};
    if (header || is_named_electron_image(stem_of_name(channel.file_name))) return {Role::se_image, true};
    // Element maps that carry no element's name come as bitmaps, electron images as TIFF and with a pixel size.
    std::string const file = lowered(channel.file_name);
    bool const likely = channel.pixel_size_x_nm.has_value() || file.ends_with(".tif") || file.ends_with(".tiff");
    return {likely ? Role::se_image : Role::element_map, false};
}

/// Mean of the colours, for electron images with coloured drawings in them.
Result<Plane> mean_of(std::vector<PlanePtr> const& planes) {
    MG_TRY(Plane mean, Plane::create(planes.front()->size()));
    float const share = 1.0f / static_cast<float>(planes.size());
    for (std::int64_t i = 0, n = mean.size().area(); i < n; ++i) {
        float sum = 0;
        for (PlanePtr const& plane : planes) sum += plane->data()[i];
        mean.data()[i] = sum * share;
    }
    return mean;
}

void add_mask(Channel& channel, Mask off_tint) {
    if (off_tint.empty()) return;
    if (channel.mask)
        for (std::int64_t i = 0, n = off_tint.size().area(); i < n; ++i) off_tint.data()[i] |= channel.mask->data()[i];
    channel.mask = std::make_shared<Mask const>(std::move(off_tint));
}

CountScale scale_of(Channel const& channel, double largest_counts) {
    Plane const& plane = *channel.planes.front();
    if (!(largest_counts > 0))
        return count_scale(plane.view(), channel.range, channel.recorded_float,
                           channel.mask ? channel.mask->view() : ImageView<std::uint8_t const>());
    float top = 0;
    for (std::int64_t i = 0, n = plane.size().area(); i < n; ++i) top = std::max(top, plane.data()[i]);
    return {.counts_at_white = top > 0 ? largest_counts / double{top} : largest_counts, .source = "set by you"};
}

/// The plane becomes counts / counts_at_white.
Status find_counts(Channel& channel, double largest_counts) {
    CountScale const scale = scale_of(channel, largest_counts);
    double const white = scale.counts_at_white + scale.offset > 0 ? scale.counts_at_white + scale.offset : 1;
    channel.map.counts_at_white = white;
    channel.map.counts_estimated = scale.estimated;
    channel.map.counts_source = scale.source;
    // What is an electron image by guess stays as it is; it may turn out to be a map all the same.
    if (channel.role != Role::element_map) return Done{};
    MG_TRY(Plane counts, counts_of(channel.planes.front()->view(), scale));
    float const factor = static_cast<float>(1 / white);
    for (std::int64_t i = 0, n = counts.size().area(); i < n; ++i) counts.data()[i] *= factor;
    channel.planes = {std::make_shared<Plane const>(std::move(counts))};
    return Done{};
}

std::string role_text(Channel const& channel) {
    switch (channel.role) {
    case Role::lab_image:
        return "Lab image";
    case Role::se_image:
        return "SE image";
    default:
        return "element map " + channel.label + ": " + channel.map.counts_source;
    }
}

Status read_channel(Channel& channel, MapParams const& params, Job& job) {
    MapSettings& map = channel.map;
    map = {};
    MapName const name = map_name(channel.file_name);
    std::string_view const given = trimmed(params.element);
    map.role_given = params.role != RoleChoice::automatic;
    switch (params.role) {
    case RoleChoice::automatic: {
        FoundRole const found = given.empty() ? role_of(channel, name) : FoundRole{Role::element_map, true};
        channel.role = found.role;
        map.role_named = found.named;
        break;
    }
    case RoleChoice::lab_image:
        channel.role = Role::lab_image;
        break;
    case RoleChoice::se_image:
        channel.role = Role::se_image;
        break;
    case RoleChoice::element_map:
    case RoleChoice::off:
        channel.role = Role::element_map;
    }
    channel.settings.left_out = params.role == RoleChoice::off;
    channel.settings.motion = motion_text(params.motion);
    channel.settings.points = trimmed(params.points);

    channel.settings.label_given = !given.empty();
    if (channel.role == Role::element_map) {
        MapName const known = given.empty() ? name : map_name(given);
        bool const is_element = known.kind == MapName::Kind::element;
        map.element = is_element ? known.element : std::string();
        channel.label = !given.empty() ? std::string(given)
                        : is_element   ? known.label
                                       : sanitized_utf8(stem_of_name(channel.file_name));
    } else if (!given.empty()) {
        channel.label = given;
    }
    if (channel.settings.left_out || channel.planes.empty()) return Done{};

    bool const is_map = channel.role == Role::element_map;
    if (channel.is_colour()) {
        auto grey = untinted(channel.planes);
        if (grey) {
            channel.planes = {std::make_shared<Plane const>(std::move(grey->plane))};
            if (is_map) add_mask(channel, std::move(grey->off_tint));
        } else if (grey.error().code == ErrorCode::out_of_memory) {
            return grey.error();
        } else if (!is_map) {
            MG_TRY(Plane mean, mean_of(channel.planes));
            channel.planes = {std::make_shared<Plane const>(std::move(mean))};
        } else if (map.role_given || map.role_named) {
            return grey.error();
        } else {
            channel.settings.left_out = true;
            job.note("warning", "left out",
                     "left out, it is neither an element map nor an electron image: " + grey.error().message);
            return Done{};
        }
    }
    bool const is_guess = !map.role_given && !map.role_named;
    if (is_map || is_guess) MG_TRY_DO(find_counts(channel, params.counts));
    job.note("role", role_text(channel), role_text(channel));
    return Done{};
}

Status run(Scene& scene, MapParams const& params, Job& job) {
    for (Channel& channel : scene.channels) MG_TRY_DO(read_channel(channel, params, job));
    return Done{};
}

} // namespace

extern constinit Step const k_step_map = make_step<MapParams, k_params, run>(
    {.id = "map",
     .title = "Map",
     .group = StepGroup::input,
     .summary = "What each file is among element maps: a map of which element, the Lab image or the SE image.",
     .workflows = k_materials});

} // namespace mg
