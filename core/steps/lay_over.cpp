// Where element maps and their Lab image lie over the SE image; no pixel is changed. Maps and Lab image are scans of
// one field, whatever their pixel counts: the outer borders of their frames coincide. They are matched as they are at
// this point of the chain; what is found is told between the pixels stored in their files, so that cropping the SE
// image, before or after, moves nothing.
#include <algorithm>
#include <array>
#include <cmath>
#include <optional>

#include "base/text.h"
#include "ops/map_registration.h"
#include "recipe/step.h"
#include "steps/masked.h"

namespace mg {
namespace {

enum class MotionChoice { shift, similarity, affine };
constexpr Choice k_motions[] = {
    {"shift", "Shift"}, {"similarity", "Shift, scale, rotation"}, {"affine", "Shift, scale, rotation, shear"}};
enum class Through { automatic, lab, maps };
constexpr Choice k_through[] = {{"auto", "Lab image, else the maps"}, {"lab", "Lab image"}, {"maps", "Element maps"}};

struct LayOverParams {
    Through use = Through::automatic;
    double start_scale = MapRegistrationSettings{}.start_scale;
    MotionChoice motion = MotionChoice::affine;
    double largest_shift = MapRegistrationSettings{}.largest_shift;
    std::string shift;
};

constexpr auto k_params = std::to_array<Param>({
    param<&LayOverParams::use>({.key = "use",
                                .label = "Match",
                                .help = "What is compared with the SE image: the Lab image taken with the maps, or the "
                                        "element maps, which are coarser and noisier.",
                                .choices = k_through}),
    param<&LayOverParams::start_scale>({.key = "start_scale",
                                        .label = "Expected size",
                                        .help = "Width of the area that the maps cover over the width of the SE image. "
                                                "It is looked for within a quarter of this.",
                                        .minimum = 0.1,
                                        .maximum = 10,
                                        .slider_minimum = 0.7,
                                        .slider_maximum = 1.4}),
    param<&LayOverParams::motion>({.key = "motion",
                                   .label = "Motion",
                                   .help =
                                       "What may differ between the two scans. Shift: the expected size is taken as "
                                       "exact. A richer motion is kept only where the images ask for it.",
                                   .choices = k_motions}),
    param<&LayOverParams::largest_shift>({.key = "largest_shift",
                                          .label = "Largest shift",
                                          .help = "How far the middle of the maps may lie from the middle of the SE "
                                                  "image, as a share of the SE image's height.",
                                          .minimum = 0,
                                          .maximum = 1,
                                          .slider_minimum = 0.02,
                                          .slider_maximum = 0.5}),
    param<&LayOverParams::shift>({.key = "shift",
                                  .label = "Shift",
                                  .help = "Where the middle of the maps lies against the middle of the SE image, right "
                                          "and down in pixels of the SE image: 9.4,-14.6. The expected size is then "
                                          "taken as exact.",
                                  .maximum = 60,
                                  .unset = "found"}),
});

std::string const& name_of(Channel const& channel) {
    return channel.file_name.empty() ? channel.label : channel.file_name;
}

double aspect_of(Channel const& channel) {
    if (!channel.pixel_size_x_nm || !channel.pixel_size_y_nm) return 1;
    double const aspect = channel.pixel_size_y_nm->value / channel.pixel_size_x_nm->value;
    return aspect > 0.01 && aspect < 100 ? aspect : 1;
}

/// The micrograph as one plane; `mean` keeps that of a colour picture.
Result<ImageView<float const>> grey_of(Channel const& channel, Plane& mean) {
    Size const size = channel.micrograph_size();
    Rect const micrograph{0, 0, size.width, size.height};
    if (channel.planes.size() == 1) return channel.planes.front()->view().cropped(micrograph);
    MG_TRY(mean, Plane::filled(size, 0));
    float const share = 1.0F / static_cast<float>(channel.planes.size());
    for (PlanePtr const& plane : channel.planes)
        for (int y = 0; y < size.height; ++y)
            for (int x = 0; x < size.width; ++x) mean.at(x, y) += share * plane->at(x, y);
    return ImageView<float const>(mean.view());
}

/// Pixel of one grid -> pixel of another one of the same frame.
Affine same_frame(Size from, Size to) {
    double const x = double(to.width) / from.width, y = double(to.height) / from.height;
    return {x, 0, (x - 1) / 2, 0, y, (y - 1) / 2};
}

std::optional<Motion> motion_named(std::string_view name) {
    if (name == "shift") return Motion::shift;
    if (name == "similarity") return Motion::similarity;
    if (name == "affine") return Motion::affine;
    if (name == "projective") return Motion::projective;
    return std::nullopt;
}

std::string signed_px(double px) {
    std::string text = format_fixed(std::fabs(px), 1);
    return (px < 0 && text != "0.0" ? "\u2212" : "+") + text;
}

class LayOver {
public:
    LayOver(Scene& scene, LayOverParams const& params, Job& job) : m_scene(scene), m_params(params), m_job(job) {}

    Status run() {
        sort_out();
        if (m_followers.empty() && !m_se) return Done{};
        if (!m_se) return lay_over_each_other();
        m_se->alignment = Alignment{{}, Trust::reference, 1, 0, {}};
        if (m_followers.empty()) return Done{};
        return lay_over_se();
    }

private:
    void sort_out() {
        for (Channel& channel : m_scene.channels) {
            channel.alignment.reset();
            if (channel.micrograph_size().empty()) continue;
            if (channel.role == Role::se_image && !m_se) m_se = &channel;
            if (channel.role == Role::lab_image && !m_lab) m_lab = &channel;
            if (channel.role == Role::element_map || channel.role == Role::lab_image) m_followers.push_back(&channel);
        }
        // The size that most of the maps have; of equally many, that of the first.
        std::size_t most = 0;
        for (Channel const* one : m_followers) {
            if (one->role != Role::element_map) continue;
            std::size_t count = 0;
            for (Channel const* other : m_followers)
                count += other->role == Role::element_map && other->micrograph_size() == one->micrograph_size() ? 1 : 0;
            if (count > most) most = count, m_grid = one->micrograph_size();
        }
        if (most == 0 && m_lab) m_grid = m_lab->micrograph_size();
    }

    /// Without an SE image: the Lab image, else the first map, is the ground.
    Status lay_over_each_other() {
        Channel& base = m_lab ? *m_lab : *m_followers.front();
        Size const size = base.micrograph_size();
        for (Channel* channel : m_followers)
            place(*channel, base.to_recorded.inverse(), size, Alignment{{}, Trust::accepted, 1, 0, {}});
        base.alignment = Alignment{{}, Trust::reference, 1, 0, {}};
        m_job.note("placement", name_of(base), "there is no SE image: the materials are laid over " + name_of(base));
        return Done{};
    }

    /// `to_grid`: pixel stored in the reference's file -> pixel of a grid of `grid` pixels over the maps' frame.
    static void place(Channel& channel, Projective const& to_grid, Size grid, Alignment alignment) {
        Affine const to_stored = channel.to_recorded.after(same_frame(grid, channel.micrograph_size()));
        alignment.from_reference = Projective(to_stored).after(to_grid);
        channel.alignment = std::move(alignment);
    }

    Status lay_over_se() {
        bool const by_maps = m_params.use == Through::maps;
        Plane se_mean, lab_mean;
        MapRegistrationInput input;
        MG_TRY(input.se, grey_of(*m_se, se_mean));
        input.se_mask = mask_view(*m_se);
        if (input.se_mask.data) input.se_mask = input.se_mask.cropped({0, 0, input.se.width(), input.se.height()});
        input.se_pixel_aspect = aspect_of(*m_se);
        bool any_maps = false;
        for (Channel const* channel : m_followers) any_maps = any_maps || channel->role == Role::element_map;
        if (m_lab && !(by_maps && any_maps)) {
            MG_TRY(input.lab, grey_of(*m_lab, lab_mean));
        }
        std::vector<Plane> means(m_followers.size());
        for (std::size_t i = 0; i < m_followers.size(); ++i) {
            Channel const& channel = *m_followers[i];
            if (channel.role != Role::element_map || !(channel.micrograph_size() == m_grid)) continue;
            MG_TRY(ImageView<float const> map, grey_of(channel, means[i]));
            input.maps.push_back(map);
        }
        Size const matched = input.lab.data ? input.lab.size : m_grid;
        // With the Lab image alone the maps have no say, but their pixels are still what is asked about.
        if (m_params.use == Through::lab && input.lab.data) input.maps.clear();
        Size const answered = input.maps.empty() ? matched : m_grid;
        read_points(input, matched);

        MapRegistrationSettings settings;
        settings.start_scale = m_params.start_scale;
        settings.largest_shift = m_params.largest_shift;
        settings.motion = static_cast<Motion>(m_params.motion);
        MG_TRY_DO(read_shift(settings));
        MG_TRY(MapRegistration const found, register_maps(input, settings, m_job));

        Alignment alignment;
        alignment.trust = found.trust;
        alignment.confidence = found.confidence;
        alignment.reason = found.reason;
        alignment.residual_px = found.residual_px * std::sqrt(std::fabs(m_se->to_recorded.determinant()));
        Projective const to_grid = found.to_se.inverse().after(Projective(m_se->to_recorded.inverse()));
        for (Channel* channel : m_followers) place(*channel, to_grid, answered, alignment);
        tell(found, alignment, answered);
        return Done{};
    }

    bool is_called(Channel const& channel, std::string_view name) const {
        return channel.relative_path == name || channel.file_name == name;
    }

    void warn(Channel const& of, std::string const& what) {
        m_job.note("warning", of.file_name, name_of(of) + ": " + what);
    }

    /// Points placed by hand on the Lab image or a map against the SE image, or on the SE image against one of them.
    void read_points(MapRegistrationInput& input, Size matched) {
        std::vector<Channel*> holders;
        if (m_lab) holders.push_back(m_lab);
        for (Channel* channel : m_followers)
            if (channel != m_lab) holders.push_back(channel);
        holders.push_back(m_se);
        for (Channel const* holder : holders) {
            auto const named = parse_hand_points(holder->settings.points);
            if (!named) {
                warn(*holder, named.error().message + "; the points are left out");
                continue;
            }
            for (NamedHandPoints const& points : *named) {
                Channel const* map = holder;
                if (holder == m_se) {
                    map = nullptr;
                    for (Channel const* channel : m_followers)
                        if (!map && is_called(*channel, points.other)) map = channel;
                } else if (!is_called(*m_se, points.other)) {
                    map = nullptr;
                }
                if (!map) {
                    warn(*holder, "points refer to \"" + sanitized_utf8(points.other) +
                                      (holder == m_se ? "\", which is neither a map nor the Lab image"
                                                      : "\", which is not the SE image") +
                                      "; they are left out");
                    continue;
                }
                if (!input.hand.empty() || points.points.empty()) continue; // the first ones count
                Affine const to_target = same_frame(map->micrograph_size(), matched).after(map->to_recorded.inverse());
                Affine const to_se = m_se->to_recorded.inverse();
                for (PointPair const& pair : points.points) {
                    Point const on_se = holder == m_se ? pair.to : pair.from,
                                on_map = holder == m_se ? pair.from : pair.to;
                    input.hand.push_back({to_target(on_map), to_se(on_se)});
                }
                input.hand_motion = motion_named(holder->settings.motion).value_or(points.motion);
            }
        }
    }

    Status read_shift(MapRegistrationSettings& settings) const {
        if (trimmed(m_params.shift).empty()) return Done{};
        auto const words = split(m_params.shift, ',');
        Point shift;
        bool fits = words.size() == 2;
        for (std::size_t i = 0; fits && i < 2; ++i) {
            double const px = parse_double(trimmed(words[i])).value_or(1e9);
            fits = std::fabs(px) <= k_max_side_px;
            (i == 0 ? shift.x : shift.y) = px;
        }
        if (!fits)
            return Error{ErrorCode::bad_value,
                         "shift: \"" + excerpt(trimmed(m_params.shift)) +
                             "\" is not a shift; write right and down in pixels of the SE image, such as 9.4,-14.6"};
        Affine const back = m_se->to_recorded.inverse();
        settings.shift_given = true;
        settings.shift_px = {back.a * shift.x + back.b * shift.y, back.c * shift.x + back.d * shift.y};
        return Done{};
    }

    void tell(MapRegistration const& found, Alignment const& alignment, Size grid) {
        std::string const what = m_lab || m_followers.size() > 1 ? "the maps" : name_of(*m_followers.front());
        if (found.trust == Trust::refused) {
            warn(*m_se, what + " could not be laid over it: " +
                            (found.reason.empty() ? "no common structure was found" : found.reason) +
                            "; they are shown in its middle. Place points by hand, or give a shift");
        }
        Size const se = m_se->micrograph_size();
        Affine const& stored = m_se->to_recorded;
        Point const middle = stored({(se.width - 1) / 2.0, (se.height - 1) / 2.0});
        Point const there = stored(found.to_se({(grid.width - 1) / 2.0, (grid.height - 1) / 2.0}));
        double const x = there.x - middle.x, y = there.y - middle.y;
        std::string text = what + " cover " + format_fixed(found.scale, 3) +
                           " \u00D7 the SE image's width, shifted by " + signed_px(x) + ", " + signed_px(y) + " px";
        if (found.trust == Trust::by_hand) {
            text += found.source == "points" ? ", by points" : ", as given";
            if (alignment.residual_px > 0)
                text += "; the points disagree by " + format_significant(alignment.residual_px, 2) + " px";
        } else if (found.trust == Trust::refused) {
            text += ", a guess";
        } else {
            text += ", found through the " + found.source + "; expected error " +
                    format_significant(alignment.residual_px, 2) + " px";
        }
        m_job.note("placement", found.scale, text);
        if (found.trust == Trust::doubtful)
            warn(*m_se, "where " + what + " lie is doubtful: " + found.reason +
                            ". Look whether borders meet; else place points by hand, or give a shift");
        if (found.source == "element maps" && m_lab && m_params.use != Through::maps)
            warn(*m_lab, "it does not tell where the maps lie; the maps themselves do");
    }

    Scene& m_scene;
    LayOverParams const& m_params;
    Job& m_job;
    Channel *m_se = nullptr, *m_lab = nullptr;
    std::vector<Channel*> m_followers; ///< maps and Lab images
    Size m_grid{};                     ///< of the maps
};

Status run(Scene& scene, LayOverParams const& params, Job& job) {
    return LayOver(scene, params, job).run();
}

} // namespace

extern constinit Step const k_step_lay_over =
    make_step<LayOverParams, k_params, run>({.id = "lay_over",
                                             .title = "Fit to SE",
                                             .group = StepGroup::geometry,
                                             .summary = "Finds where the element maps lie over the SE image, and says "
                                                        "how sure that is.",
                                             .workflows = k_materials,
                                             .whole_set = true});

} // namespace mg
