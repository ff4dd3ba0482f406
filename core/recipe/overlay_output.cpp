// What an overlay leaves behind: names of files, PNGs, tables of the alignment.
#include <cmath>

#include "base/csv.h"
#include "base/text.h"
#include "base/version.h"
#include "codecs/codec.h"
#include "math/portable.h"
#include "recipe/channel_set.h"
#include "recipe/overlay.h"

namespace mg {
namespace {

bool is_composite(Channel const& channel) {
    return channel.role == Role::composite || channel.role == Role::composite_saturated;
}

std::string_view role_name(Role role) {
    switch (role) {
    case Role::signal:
        return "signal";
    case Role::extra:
        return "extra";
    case Role::element_map:
        return "element map";
    case Role::lab_image:
        return "lab image";
    case Role::se_image:
        return "SE image";
    case Role::composite:
        return "composite";
    case Role::composite_saturated:
        return "saturated composite";
    }
    return {};
}

constexpr double k_pi = 3.14159265358979323846;

/// Angle of the vector (x, y) in degrees, -180..180; 0 for (0, 0). Newton's method on sine and cosine, which are the
/// same on every platform.
double angle_deg(double x, double y) {
    double const length = std::sqrt(x * x + y * y);
    if (!(length > 0) || !std::isfinite(length)) return 0;
    double const c = x / length, s = y / length;
    double angle = s > std::fabs(c) ? k_pi / 2 : -s > std::fabs(c) ? -k_pi / 2 : c > 0 ? 0 : s < 0 ? -k_pi : k_pi;
    for (int i = 0; i < 6; ++i) angle += s * cos_portable(angle) - c * sin_portable(angle);
    return angle / k_pi * 180;
}

double stored_aspect(Channel const& channel) {
    auto const& x = channel.metadata.acquisition.pixel_size_x_nm;
    auto const& y = channel.metadata.acquisition.pixel_size_y_nm;
    return x && y && x->value > 0 && y->value > 0 ? y->value / x->value : 1;
}

/// A map of stored pixels in words of motion: what it does on square pixels, near `centre`.
struct Motions {
    double shift_x_px = 0, shift_y_px = 0;
    double scale = 1, rotation_deg = 0;
    double stretch = 1; ///< larger / smaller of the two principal scales
};

Motions motions_of(Projective const& map, Point centre, double reference_aspect, double aspect) {
    Point const at = map(centre);
    // Slopes at the centre; those of an affine map are its own. Then the same in units of each image's pixel width.
    double const w = map.px * centre.x + map.py * centre.y + 1;
    Affine const& m = map.affine;
    double const a = (m.a - at.x * map.px) / w, b = (m.b - at.x * map.py) / w;
    double const c = (m.c - at.y * map.px) / w, d = (m.d - at.y * map.py) / w;
    double const sa = a, sb = b / reference_aspect, sc = c * aspect, sd = d * aspect / reference_aspect;
    Motions motions;
    motions.shift_x_px = at.x - centre.x;
    motions.shift_y_px = at.y - centre.y;
    double const determinant = sa * sd - sb * sc;
    motions.scale = std::sqrt(std::fabs(determinant));
    motions.rotation_deg = angle_deg(sa + sd, sc - sb);
    // Principal scales from the invariants of the matrix.
    double const sum = sa * sa + sb * sb + sc * sc + sd * sd;
    double const spread = std::sqrt(std::fmax(0, sum * sum - 4 * determinant * determinant));
    if (sum - spread > 0) motions.stretch = std::sqrt((sum + spread) / (sum - spread));
    return motions;
}

Channel const* reference_of(Scene const& scene) {
    for (Channel const& channel : scene.channels)
        if (channel.alignment && channel.alignment->trust == Trust::reference) return &channel;
    return nullptr;
}

bool is_placed(Channel const& channel) {
    return channel.alignment && channel.alignment->trust != Trust::refused;
}

Json pair_of(double a, double b) {
    Json pair{Json::Array{}};
    pair.push(a);
    pair.push(b);
    return pair;
}

Json row_of(double a, double b, double c) {
    Json row = pair_of(a, b);
    row.push(c);
    return row;
}

} // namespace

std::string_view trust_name(Trust trust) {
    switch (trust) {
    case Trust::reference:
        return "reference";
    case Trust::by_hand:
        return "by hand";
    case Trust::accepted:
        return "accepted";
    case Trust::doubtful:
        return "doubtful";
    case Trust::refused:
        return "refused";
    }
    return {};
}

std::int64_t overlay_memory_bytes(std::span<Size const> files) {
    std::int64_t all_px = 0, grid_px = 0;
    for (Size const& size : files) {
        all_px += size.area();
        grid_px = std::max(grid_px, size.area());
    }
    // As measured on sets of 2 to 20 images: bytes per pixel of each, and of the grid that all are placed on.
    constexpr std::int64_t k_per_image_pixel = 16, k_per_grid_pixel = 40, k_always = std::int64_t{32} << 20;
    return k_always + all_px * k_per_image_pixel + grid_px * k_per_grid_pixel;
}

std::vector<std::string> overlay_output_names(Scene const& scene) {
    std::string const name = set_name(scene.channels);
    std::size_t const digits = std::max<std::size_t>(2, std::to_string(scene.channels.size()).size());
    std::vector<std::string> names;
    int number = 0;
    for (Channel const& channel : scene.channels) {
        if (is_composite(channel)) {
            names.push_back((channel.role == Role::composite ? "composite_" : "composite_saturate_") + name + ".png");
            continue;
        }
        std::string count = std::to_string(++number);
        count.insert(0, digits - std::min(digits, count.size()), '0');
        names.push_back((channel.role == Role::extra ? "extra" : "channel") + count + "_" +
                        file_name_part(stem_of(channel.file_name)) + ".png");
    }
    return names;
}

bool refer_to(Scene& scene, std::size_t channel) {
    if (channel >= scene.channels.size() || !is_placed(scene.channels[channel])) return false;
    Projective const to_old = scene.channels[channel].alignment->from_reference.inverse();
    for (std::size_t i = 0; i < scene.channels.size(); ++i) {
        auto& alignment = scene.channels[i].alignment;
        if (!alignment) continue;
        // Exactly the identity, not within rounding.
        alignment->from_reference = i == channel ? Projective() : alignment->from_reference.after(to_old);
    }
    return true;
}

Json alignment_json(Scene const& scene) {
    Json rows{Json::Array{}};
    for (Channel const& channel : scene.channels) {
        if (is_composite(channel)) continue;
        Json row;
        row.add("file", channel.file_name);
        row.add("role", role_name(channel.role));
        row.add("label", channel.label);
        // Where nothing was aligned, the images are laid over each other as they are.
        Alignment const alignment = channel.alignment.value_or(Alignment{{}, Trust::reference, 0, 0, "not aligned"});
        if (alignment.trust == Trust::refused) {
            row.add("matrix", nullptr);
        } else {
            Projective const& map = alignment.from_reference;
            Json matrix{Json::Array{}};
            matrix.push(row_of(map.affine.a, map.affine.b, map.affine.tx));
            matrix.push(row_of(map.affine.c, map.affine.d, map.affine.ty));
            row.add("matrix", std::move(matrix));
            if (!map.is_affine()) row.add("projective", pair_of(map.px, map.py));
        }
        row.add("score", alignment.confidence);
        row.add("trust", channel.alignment ? trust_name(alignment.trust) : "not aligned");
        row.add("residual_px", alignment.residual_px);
        row.add("reason", alignment.reason);
        rows.push(std::move(row));
    }
    return rows;
}

std::string transforms_csv(Scene const& scene) {
    std::string csv = "file,role,label,a,b,tx,c,d,ty,px,py,shift_x_px,shift_y_px,scale,rotation_deg,stretch,confidence,"
                      "trust,residual_px,reason\n";
    Channel const* reference = reference_of(scene);
    if (!reference && !scene.channels.empty()) reference = &scene.channels.front();
    for (Channel const& channel : scene.channels) {
        if (is_composite(channel)) continue;
        csv += csv_field(channel.file_name) + "," + std::string(role_name(channel.role)) + "," +
               csv_field(channel.label) + ",";
        Alignment const alignment = channel.alignment.value_or(Alignment{{}, Trust::reference, 0, 0, "not aligned"});
        if (alignment.trust == Trust::refused) {
            csv += std::string(13, ',');
        } else {
            Projective const& map = alignment.from_reference;
            Affine const& m = map.affine;
            Size const size = reference->micrograph_size();
            Point const centre = reference->to_recorded({(size.width - 1) / 2.0, (size.height - 1) / 2.0});
            Motions const motions = motions_of(map, centre, stored_aspect(*reference), stored_aspect(channel));
            for (double const value : {m.a, m.b, m.tx, m.c, m.d, m.ty, map.px, map.py}) csv += format_shortest(value) + ",";
            csv += format_fixed(motions.shift_x_px, 3) + "," + format_fixed(motions.shift_y_px, 3) + "," +
                   format_fixed(motions.scale, 6) + "," + format_fixed(motions.rotation_deg, 4) + "," +
                   format_fixed(motions.stretch, 6) + ",";
        }
        csv += format_fixed(alignment.confidence, 4) + "," +
               std::string(channel.alignment ? trust_name(alignment.trust) : "not aligned") + "," +
               format_fixed(alignment.residual_px, 3) + "," + csv_field(alignment.reason) + "\n";
    }
    return csv;
}

} // namespace mg
