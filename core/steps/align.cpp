// Where each image of a set lies over the others; no pixel is changed. The images are matched as they are at this point
// of the chain; what is found is told between the pixels stored in their files, so that cropping one of them, before or
// after, moves nothing.
#include <algorithm>
#include <array>
#include <cmath>

#include "base/text.h"
#include "ops/registration.h"
#include "recipe/step.h"

namespace mg {
namespace {

enum class MotionChoice { shift, similarity, affine };
constexpr Choice k_motions[] = {
    {"shift", "Shift"}, {"similarity", "Shift, scale, rotation"}, {"affine", "Shift, scale, rotation, shear"}};
constexpr Choice k_pairs[] = {
    {"all", "All with all"}, {"consecutive", "Each with the one before"}, {"to_first", "Each with the first"}};

struct AlignParams {
    MotionChoice motion = MotionChoice::shift;
    PairChoice pairs = PairChoice::all;
    double largest_shift = RegistrationSettings{}.largest_shift;
    std::string area;
    std::string exclude;
    double ignore_bottom = 0.01;
    bool use_extras = false;
    double deviation = 1;
};

constexpr auto k_params = std::to_array<Param>({
    param<&AlignParams::motion>({.key = "motion",
                                 .label = "Motion",
                                 .help = "What may differ between the images. A richer motion is kept only where the "
                                         "images ask for it.",
                                 .choices = k_motions}),
    param<&AlignParams::pairs>({.key = "pairs",
                                .label = "Compare",
                                .help =
                                    "Which images are matched with each other directly. All with all tells most and "
                                    "lets errors be found by contradiction.",
                                .choices = k_pairs}),
    param<&AlignParams::largest_shift>({.key = "largest_shift",
                                        .label = "Largest shift",
                                        .help = "How far two images may lie apart, as a share of the image's height.",
                                        .minimum = 0,
                                        .maximum = 1,
                                        .slider_minimum = 0.02,
                                        .slider_maximum = 0.5,
                                        .older_key = "rel_max_shift"}),
    param<&AlignParams::area>({.key = "area",
                               .label = "Area",
                               .help = "Only this part of the reference is looked for in the other images: left, top, "
                                       "width and height in stored pixels, 40,20,300,200.",
                               .maximum = 60,
                               .unset = "everything"}),
    param<&AlignParams::exclude>({.key = "exclude",
                                  .label = "Leave out",
                                  .help = "Areas of every image that play no part, such as a mark on the screen: "
                                          "40,20,300,200; 0,0,60,30 in stored pixels.",
                                  .maximum = 2000,
                                  .unset = "nothing"}),
    param<&AlignParams::ignore_bottom>({.key = "ignore_bottom",
                                        .label = "Ignore at the bottom",
                                        .help = "Share of the image's height at the bottom that plays no part: what a "
                                                "databar has left behind.",
                                        .maximum = 0.5,
                                        .slider_maximum = 0.2,
                                        .advanced = true,
                                        .older_key = "databar_pct"}),
    param<&AlignParams::use_extras>(
        {.key = "use_extras",
         .label = "Extra images help",
         .help = "Extra images have a say in where the channels lie; else they only follow.",
         .advanced = true}),
    param<&AlignParams::deviation>({.key = "deviation",
                                    .label = "Share of the deformation",
                                    .help =
                                        "How much of the scale, rotation and shear that were found is undone, about "
                                        "the middle of the image: 1 all, 0 none.",
                                    .maximum = 2,
                                    .advanced = true,
                                    .older_key = "trmatrix_factor"}),
});

/// "x,y,w,h; x,y,w,h" in stored pixels.
Result<std::vector<Rect>> parse_areas(std::string_view key, std::string_view text) {
    std::vector<Rect> areas;
    for (std::string_view part : split(text, ';')) {
        if (trimmed(part).empty()) continue;
        auto const words = split(part, ',');
        std::array<int, 4> numbers{};
        bool fits = words.size() == 4;
        for (std::size_t i = 0; fits && i < 4; ++i) {
            auto const number = parse_int(trimmed(words[i]));
            fits = number && *number >= (i < 2 ? 0 : 1) && *number <= k_max_side_px;
            if (fits) numbers[i] = static_cast<int>(*number);
        }
        if (!fits)
            return Error{ErrorCode::bad_value,
                         std::string(key) + ": \"" + excerpt(trimmed(part)) +
                             "\" is not an area; write left,top,width,height in pixels, such as 40,20,300,200"};
        areas.push_back({numbers[0], numbers[1], numbers[2], numbers[3]});
    }
    return areas;
}

std::string const& name_of(Channel const& channel) {
    return channel.file_name.empty() ? channel.label : channel.file_name;
}

double aspect_of(Channel const& channel) {
    if (!channel.pixel_size_x_nm || !channel.pixel_size_y_nm) return 1;
    double const aspect = channel.pixel_size_y_nm->value / channel.pixel_size_x_nm->value;
    return aspect > 0.01 && aspect < 100 ? aspect : 1;
}

/// How many stored pixels long a pixel of the planes is.
double stored_px(Channel const& channel) {
    return std::sqrt(std::fabs(channel.to_recorded.determinant()));
}

Projective between_stored(Projective const& map, Channel const& from, Channel const& to) {
    return Projective(to.to_recorded).after(map.after(Projective(from.to_recorded.inverse())));
}

/// Smallest rectangle of the channel's planes that holds an area of stored pixels.
Rect area_in(Channel const& channel, Rect stored) {
    Affine const to_plane = channel.to_recorded.inverse();
    double left = 1e9, top = 1e9, right = -1e9, bottom = -1e9;
    for (double const x : {stored.x - 0.5, stored.x + stored.width - 0.5})
        for (double const y : {stored.y - 0.5, stored.y + stored.height - 0.5}) {
            Point const p = to_plane({x, y});
            left = std::min(left, p.x), right = std::max(right, p.x);
            top = std::min(top, p.y), bottom = std::max(bottom, p.y);
        }
    Size const size = channel.micrograph_size();
    auto const cell = [](double edge, int limit) {
        return static_cast<int>(std::clamp(std::floor(edge + 0.5 + 1e-6), 0.0, static_cast<double>(limit)));
    };
    Rect rect{cell(left, size.width), cell(top, size.height), 0, 0};
    rect.width = cell(right, size.width) - rect.x;
    rect.height = cell(bottom, size.height) - rect.y;
    return rect;
}

/// One image as it is matched, and what it borrows from.
struct Prepared {
    std::size_t channel = 0; ///< position in the scene
    Plane grey;              ///< of a colour picture
    Mask mask;
    RegistrationImage image;
};

Status prepare(Prepared& prepared, Channel const& channel, AlignParams const& params,
               std::vector<Rect> const& excluded) {
    Size const size = channel.micrograph_size();
    Rect const micrograph{0, 0, size.width, size.height};
    prepared.image.pixels = channel.planes.front()->view().cropped(micrograph);
    if (channel.planes.size() > 1) {
        MG_TRY(prepared.grey, Plane::filled(size, 0));
        float const share = 1.0F / static_cast<float>(channel.planes.size());
        for (PlanePtr const& plane : channel.planes)
            for (int y = 0; y < size.height; ++y)
                for (int x = 0; x < size.width; ++x) prepared.grey.at(x, y) += share * plane->at(x, y);
        prepared.image.pixels = prepared.grey.view();
    }
    prepared.image.pixel_aspect = aspect_of(channel);
    prepared.image.weightless = channel.role != Role::signal && !params.use_extras;

    int const rows = static_cast<int>(std::floor(params.ignore_bottom * size.height + 0.5));
    if (!channel.mask && excluded.empty() && rows == 0) return Done{};
    MG_TRY(prepared.mask, Mask::filled(size, 0));
    for (int y = 0; y < size.height; ++y) {
        bool const bottom = y >= size.height - rows;
        for (int x = 0; x < size.width; ++x)
            if (bottom || (channel.mask && channel.mask->at(x, y) != 0)) prepared.mask.at(x, y) = 1;
    }
    for (Rect const& stored : excluded) {
        Rect const area = area_in(channel, stored);
        for (int y = area.y; y < area.y + area.height; ++y)
            for (int x = area.x; x < area.x + area.width; ++x) prepared.mask.at(x, y) = 1;
    }
    prepared.image.mask = prepared.mask.view();
    return Done{};
}

std::optional<Motion> motion_named(std::string_view name) {
    if (name == "shift") return Motion::shift;
    if (name == "similarity") return Motion::similarity;
    if (name == "affine") return Motion::affine;
    if (name == "projective") return Motion::projective;
    return std::nullopt;
}

/// The images of a set, as they are matched.
class Alignments {
public:
    Alignments(Scene& scene, AlignParams const& params, Job& job) : m_scene(scene), m_params(params), m_job(job) {}

    Status run(std::vector<Rect> const& area, std::vector<Rect> const& excluded) {
        m_scene.pairs.clear();
        for (std::size_t i = 0; i < m_scene.channels.size(); ++i) {
            Channel& channel = m_scene.channels[i];
            channel.alignment.reset();
            if (channel.micrograph_size().empty() || channel.role == Role::composite ||
                channel.role == Role::composite_saturated)
                continue;
            m_images.emplace_back().channel = i;
            MG_TRY_DO(prepare(m_images.back(), channel, m_params, excluded));
        }
        if (m_images.empty()) return Done{};
        read_points();
        MG_TRY_DO(find(area));
        tell();
        return Done{};
    }

private:
    Channel& channel(std::size_t image) const { return m_scene.channels[m_images[image].channel]; }

    int image_named(std::string_view name) const {
        for (std::size_t i = 0; i < m_images.size(); ++i)
            if (channel(i).relative_path == name) return static_cast<int>(i);
        for (std::size_t i = 0; i < m_images.size(); ++i)
            if (channel(i).file_name == name) return static_cast<int>(i);
        return -1;
    }

    void read_points() {
        auto const warn = [&](Channel const& of, std::string const& what) {
            m_job.note("warning", of.file_name, name_of(of) + ": " + what);
        };
        for (std::size_t i = 0; i < m_images.size(); ++i) {
            Channel const& own = channel(i);
            auto const points = parse_hand_points(own.settings.points);
            if (!points) {
                warn(own, points.error().message + "; the points are left out");
                continue;
            }
            auto const motion = motion_named(own.settings.motion);
            for (NamedHandPoints const& named : *points) {
                int const other = image_named(named.other);
                if (other < 0 || other == static_cast<int>(i)) {
                    warn(own, "points refer to \"" + sanitized_utf8(named.other) +
                                  (other < 0 ? "\", which is not in the set; they are left out"
                                             : "\", the image itself; they are left out"));
                    continue;
                }
                HandPoints hand{other, motion.value_or(std::max(named.motion, set_motion())), {}};
                Affine const from = channel(static_cast<std::size_t>(other)).to_recorded.inverse();
                Affine const to = own.to_recorded.inverse();
                for (PointPair const& pair : named.points) hand.points.push_back({from(pair.from), to(pair.to)});
                if (!hand.points.empty()) m_images[i].image.hand.push_back(std::move(hand));
            }
        }
    }

    Motion set_motion() const { return static_cast<Motion>(m_params.motion); }

    /// The images with points on the reference placed the other way round: the reference stays, its partners move.
    std::vector<RegistrationImage> images_for(std::size_t reference) const {
        std::vector<RegistrationImage> images;
        for (Prepared const& prepared : m_images) images.push_back(prepared.image);
        for (HandPoints const& hand : images[reference].hand) {
            HandPoints turned{static_cast<int>(reference), hand.motion, {}};
            for (PointPair const& pair : hand.points) turned.points.push_back({pair.to, pair.from});
            auto& other = images[static_cast<std::size_t>(hand.other)].hand;
            bool const known = std::any_of(other.begin(), other.end(),
                                           [&](HandPoints const& own) { return own.other == turned.other; });
            if (!known) other.push_back(std::move(turned));
        }
        images[reference].hand.clear();
        return images;
    }

    /// The first channel; the next one when that one shows nothing to align by.
    Status find(std::vector<Rect> const& area) {
        std::vector<std::size_t> candidates;
        for (std::size_t i = 0; i < m_images.size(); ++i)
            if (channel(i).role == Role::signal) candidates.push_back(i);
        if (candidates.empty()) candidates.push_back(0);
        if (m_images.size() == 1) {
            channel(0).alignment = Alignment{{}, Trust::reference, 1, 0, {}};
            return Done{};
        }
        for (std::size_t const reference : candidates) {
            MG_TRY(Registration found, registered(reference, area));
            bool const serves = found.images[reference].reason.empty() ||
                                std::any_of(found.images.begin(), found.images.end(),
                                            [](Alignment const& a) { return a.trust == Trust::by_hand; });
            // When none serves, the first one's answer stands.
            if (serves || reference == candidates.front()) keep(std::move(found), reference);
            if (serves) break;
        }
        return Done{};
    }

    Result<Registration> registered(std::size_t reference, std::vector<Rect> const& area) {
        std::vector<RegistrationImage> images = images_for(reference);
        std::vector<Mask> masks;
        if (!area.empty()) {
            if (area_in(channel(reference), area.front()).empty())
                return Error{ErrorCode::bad_value,
                             "area: it lies outside of " + name_of(channel(reference)) +
                                 ", the image that the others are laid over; choose another area"};
            MG_TRY(masks, masks_around(area.front(), reference));
            for (std::size_t i = 0; i < images.size(); ++i) images[i].mask = masks[i].view();
        }
        // Without any image of weight the others could not be placed.
        images[reference].weightless = false;
        return register_set(images,
                            {.motion = set_motion(),
                             .pairs = m_params.pairs,
                             .largest_shift = m_params.largest_shift,
                             .reference = static_cast<int>(reference)},
                            m_job);
    }

    /// The masks, and all that is not in the area; in other images than the reference, what cannot be in it.
    Result<std::vector<Mask>> masks_around(Rect area, std::size_t reference) const {
        Channel const& base = channel(reference);
        int const reach =
            static_cast<int>(std::ceil(m_params.largest_shift * base.micrograph_size().height * stored_px(base)));
        std::vector<Mask> masks;
        for (std::size_t i = 0; i < m_images.size(); ++i) {
            int const more = i == reference ? 0 : reach;
            Rect const wanted =
                area_in(channel(i), {area.x - more, area.y - more, area.width + 2 * more, area.height + 2 * more});
            ImageView<std::uint8_t const> const own = m_images[i].image.mask;
            MG_TRY(Mask mask, Mask::filled(channel(i).micrograph_size(), 1));
            for (int y = wanted.y; y < wanted.y + wanted.height; ++y)
                for (int x = wanted.x; x < wanted.x + wanted.width; ++x) mask.at(x, y) = own.data ? own.at(x, y) : 0;
            masks.push_back(std::move(mask));
        }
        return masks;
    }

    void keep(Registration found, std::size_t reference) {
        Channel const& base = channel(reference);
        for (std::size_t i = 0; i < m_images.size(); ++i) {
            Alignment& alignment = found.images[i];
            if (i == reference || alignment.trust == Trust::refused)
                alignment.from_reference = {};
            else
                alignment.from_reference = between_stored(scaled(alignment, base), base, channel(i));
            alignment.residual_px *= stored_px(base);
            channel(i).alignment = std::move(alignment);
        }
        m_scene.pairs.clear();
        for (PairMatch& pair : found.pairs) {
            std::size_t const from = static_cast<std::size_t>(pair.from), to = static_cast<std::size_t>(pair.to);
            pair.map = between_stored(pair.map, channel(from), channel(to));
            pair.disagreement_px *= stored_px(channel(to));
            pair.from = static_cast<int>(m_images[from].channel);
            pair.to = static_cast<int>(m_images[to].channel);
            m_scene.pairs.push_back(std::move(pair));
        }
        m_residual_px = found.residual_px * stored_px(base);
    }

    /// The found deformation, or the user's share of it; what the middle of the reference shows stays where it was
    /// found.
    Projective scaled(Alignment const& alignment, Channel const& base) const {
        double const share = m_params.deviation;
        if (share == 1 || alignment.trust == Trust::by_hand || !alignment.from_reference.is_affine())
            return alignment.from_reference;
        Size const size = base.micrograph_size();
        Point const centre{(size.width - 1) / 2.0, (size.height - 1) / 2.0};
        Affine map = alignment.from_reference.affine;
        Point const there = map(centre);
        map.a = 1 + share * (map.a - 1), map.d = 1 + share * (map.d - 1);
        map.b *= share, map.c *= share;
        map.tx = there.x - map.a * centre.x - map.b * centre.y;
        map.ty = there.y - map.c * centre.x - map.d * centre.y;
        return map;
    }

    void tell() {
        std::array<int, 5> counts{};
        Channel const* base = nullptr;
        for (std::size_t i = 0; i < m_images.size(); ++i) {
            Alignment const& alignment = *channel(i).alignment;
            ++counts[static_cast<std::size_t>(alignment.trust)];
            if (alignment.trust == Trust::reference) base = &channel(i);
        }
        for (std::size_t i = 0; i < m_images.size(); ++i) {
            Channel const& own = channel(i);
            if (&own == base) {
                if (m_images.size() > 1 && !own.alignment->reason.empty())
                    m_job.note("warning", own.file_name,
                               name_of(own) + ": nothing can be aligned with it: " + own.alignment->reason +
                                   "; leave it out of the set, or place points by hand");
            } else if (own.alignment->trust == Trust::refused) {
                m_job.note(
                    "warning", own.file_name,
                    name_of(own) + ": not aligned: " +
                        (own.alignment->reason.empty() ? "no common structure was found" : own.alignment->reason) +
                        "; place points by hand, or leave it out of the set");
            } else if (base) {
                tell_shift(own, *base);
            }
        }
        std::string text;
        auto const add = [&](int count, std::string_view what) {
            if (count > 0) text += (text.empty() ? "" : " \u00B7 ") + std::to_string(count) + " " + std::string(what);
        };
        add(counts[static_cast<std::size_t>(Trust::accepted)], "accepted");
        add(counts[static_cast<std::size_t>(Trust::by_hand)], "by hand");
        add(counts[static_cast<std::size_t>(Trust::doubtful)], "doubtful");
        add(counts[static_cast<std::size_t>(Trust::refused)], "refused");
        if (m_residual_px > 0 && !text.empty()) text += " \u00B7 residual " + format_fixed(m_residual_px, 2) + " px";
        if (text.empty()) text = "one image: nothing to align";
        m_job.note("summary", text, text);
    }

    /// Of what the middle of the reference shows.
    void tell_shift(Channel const& own, Channel const& base) {
        Size const size = base.micrograph_size();
        Point const centre = base.to_recorded({(size.width - 1) / 2.0, (size.height - 1) / 2.0});
        Point const there = own.alignment->from_reference(centre);
        double const x = there.x - centre.x, y = there.y - centre.y;
        auto const part = [](double shift) {
            std::string text = format_fixed(std::fabs(shift), 2);
            return (shift < 0 && text != "0.00" ? "\u2212" : "+") + text;
        };
        std::string text = name_of(own) + ": " + part(x) + ", " + part(y) + " px";
        if (own.alignment->trust == Trust::by_hand) text += ", by hand";
        if (own.alignment->trust == Trust::doubtful) text += ", doubtful: " + own.alignment->reason;
        m_job.note("shift_px", std::sqrt(x * x + y * y), std::move(text));
    }

    Scene& m_scene;
    AlignParams const& m_params;
    Job& m_job;
    std::vector<Prepared> m_images;
    double m_residual_px = 0;
};

Status run(Scene& scene, AlignParams const& params, Job& job) {
    MG_TRY(std::vector<Rect> const area, parse_areas("area", params.area));
    MG_TRY(std::vector<Rect> const excluded, parse_areas("exclude", params.exclude));
    if (area.size() > 1)
        return Error{ErrorCode::bad_value, "area: there can be one only; to leave parts out of it, use exclude"};
    return Alignments(scene, params, job).run(area, excluded);
}

} // namespace

extern constinit Step const k_step_align = make_step<AlignParams, k_params, run>(
    {.id = "align",
     .title = "Align",
     .group = StepGroup::geometry,
     .summary = "Finds where each image of a set lies over the others, and says how sure that is.",
     .workflows = k_overlay,
     .whole_set = true});

} // namespace mg
