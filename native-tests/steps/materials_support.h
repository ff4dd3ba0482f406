#pragma once
// Made scenes for the steps of materials: an SE image of squares, maps over it, and the materials that they gave.
#include <memory>

#include "steps/geometry_support.h"

namespace mg {

extern Step const k_step_spread, k_step_colours, k_step_tint;

namespace test {

inline constexpr Size k_map_size{24, 20};
inline constexpr int k_map_finer = 5; ///< SE pixels per map pixel

/// Map pixel -> SE pixel: the maps begin 10 px right and 8 px down of the SE image's corner.
inline Affine map_to_se() {
    return {k_map_finer, 0, 12, 0, k_map_finer, 10};
}
/// Of a pixel of the maps.
inline int material_at(int x, int y) {
    return y >= 14 ? 2 : (x >= 12 ? 1 : 0);
}

inline PlanePtr shared_plane(Size size, double (*value)(int, int)) {
    Plane plane = std::move(Plane::create(size)).value();
    for (int y = 0; y < size.height; ++y)
        for (int x = 0; x < size.width; ++x) plane.at(x, y) = static_cast<float>(value(x, y));
    return std::make_shared<Plane const>(std::move(plane));
}

inline MaterialsPtr made_materials() {
    auto materials = std::make_shared<Materials>();
    materials->size = k_map_size;
    materials->elements = {
        {.label = "AlK", .symbol = "Al"}, {.label = "OK", .symbol = "O"}, {.label = "CK", .symbol = "C"}};
    double const means[3][3] = {{4, 5, 0.5}, {0.2, 8, 1}, {0.1, 0.3, 6}};
    char const* const names[] = {"Sapphire", "Glass", "Resin"};
    for (int k = 0; k < 3; ++k) {
        Material material;
        material.name = names[k];
        material.share = k == 2 ? 0.3 : 0.35;
        material.mean.assign(means[k], means[k] + 3);
        material.deviation.assign(3, 0.5);
        materials->list.push_back(material);
    }
    materials->memberships = {
        shared_plane(k_map_size, [](int x, int y) { return material_at(x, y) == 0 ? 1.0 : 0.0; }),
        shared_plane(k_map_size, [](int x, int y) { return material_at(x, y) == 1 ? 1.0 : 0.0; }),
        shared_plane(k_map_size, [](int x, int y) { return material_at(x, y) == 2 ? 1.0 : 0.0; })};
    Mask flags = std::move(Mask::filled(k_map_size, 0)).value();
    for (int x = 0; x < 4; ++x)
        for (int y = 0; y < 4; ++y) flags.at(x, y) = k_flag_uncertain;
    materials->flags = std::make_shared<Mask const>(std::move(flags));
    return materials;
}

/// SE image of 140 x 120 with 20 nm pixels, one map, a Lab image, and the materials, as `lay_over` leaves them.
inline Scene materials_scene() {
    Scene scene = scene_of(
        {140, 120},
        [](int x, int y) {
            int const material = material_at((x - 10) / k_map_finer, (y - 8) / k_map_finer);
            return 0.2 + 0.2 * material + 0.05 * ((x * 7 + y * 5) % 11) / 11;
        },
        20, 22);
    Channel& se = scene.channels[0];
    se.label = "SE";
    se.file_name = "SE01.TIF";
    se.relative_path = "set/SE01.TIF";
    se.role = Role::se_image;
    se.metadata.acquisition.beam_energy_kv = {10, "header"};
    se.alignment = Alignment{{}, Trust::reference, 1, 0, {}};
    for (Role role : {Role::element_map, Role::lab_image}) {
        Channel follower;
        follower.role = role;
        follower.label = role == Role::lab_image ? "Lab" : "AlK";
        follower.file_name = role == Role::lab_image ? "map_Lab1.bmp" : "map_AlK.bmp";
        follower.metadata.raw = scene.channels[0].metadata.raw;
        follower.planes = {shared_plane(k_map_size, [](int x, int y) { return 0.3 + 0.3 * material_at(x, y); })};
        follower.alignment = Alignment{Projective(map_to_se().inverse()), Trust::accepted, 1, 0.05, {}};
        scene.channels.push_back(std::move(follower));
    }
    scene.materials = made_materials();
    return scene;
}

} // namespace test
} // namespace mg
