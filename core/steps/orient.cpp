// Quarter turns and mirror images: pixels move, none is computed.
#include <algorithm>
#include <array>
#include <utility>

#include "recipe/step.h"
#include "steps/geometry.h"

namespace mg {
namespace {

enum class QuarterTurn { none, right, half, left };
constexpr Choice k_turns[] = {
    {"0", "None"}, {"90", "90\u00B0 clockwise"}, {"180", "180\u00B0"}, {"270", "90\u00B0 anticlockwise"}};

struct OrientParams {
    QuarterTurn turn = QuarterTurn::none;
    bool flip_horizontally = false;
    bool flip_vertically = false;
};

constexpr auto k_params = std::to_array<Param>({
    param<&OrientParams::turn>({.key = "turn",
                                .label = "Turn",
                                .help = "Turns the image clockwise by quarter turns.",
                                .unit = "\u00B0",
                                .choices = k_turns}),
    param<&OrientParams::flip_horizontally>(
        {.key = "flip_horizontally", .label = "Mirror left-right", .help = "Swaps left and right, after the turn."}),
    param<&OrientParams::flip_vertically>(
        {.key = "flip_vertically", .label = "Mirror top-bottom", .help = "Swaps top and bottom, after the turn."}),
});

/// Where a pixel of the new image comes from: new pixel -> old pixel.
Affine new_to_old(OrientParams const& params, Size old) {
    bool swapped = params.turn == QuarterTurn::right || params.turn == QuarterTurn::left;
    double last_x = old.width - 1, last_y = old.height - 1;
    Affine turn;
    switch (params.turn) {
    case QuarterTurn::none:
        break;
    case QuarterTurn::right:
        turn = {0, 1, 0, -1, 0, last_y};
        break;
    case QuarterTurn::half:
        turn = {-1, 0, last_x, 0, -1, last_y};
        break;
    case QuarterTurn::left:
        turn = {0, -1, last_x, 1, 0, 0};
        break;
    }
    double new_last_x = swapped ? last_y : last_x, new_last_y = swapped ? last_x : last_y;
    Affine flip{params.flip_horizontally ? -1.0 : 1.0,     0,
                params.flip_horizontally ? new_last_x : 0, 0,
                params.flip_vertically ? -1.0 : 1.0,       params.flip_vertically ? new_last_y : 0};
    return turn.after(flip);
}

template <class T>
Result<Image<T>> moved(ImageView<T const> view, Size size, Affine const& map) {
    MG_TRY(Image<T> out, Image<T>::create(size));
    // Whole numbers throughout: a step along the output is a fixed step through the source.
    auto offset = [&](double x, double y) {
        return static_cast<std::ptrdiff_t>(y) * view.stride + static_cast<std::ptrdiff_t>(x);
    };
    std::ptrdiff_t along_x = offset(map.a, map.c), along_y = offset(map.b, map.d), start = offset(map.tx, map.ty);
    constexpr int k_block = 32; // a turn reads columns: stay within the cache
    for (int by = 0; by < size.height; by += k_block)
        for (int bx = 0; bx < size.width; bx += k_block)
            for (int y = by; y < std::min(by + k_block, size.height); ++y)
                for (int x = bx; x < std::min(bx + k_block, size.width); ++x)
                    out.at(x, y) = view.data[start + y * along_y + x * along_x];
    return out;
}

Status run(Scene& scene, OrientParams const& params, Job&) {
    if (params.turn == QuarterTurn::none && !params.flip_horizontally && !params.flip_vertically) return Done{};
    bool swapped = params.turn == QuarterTurn::right || params.turn == QuarterTurn::left;
    for (Channel& channel : scene.channels) {
        if (channel.planes.empty()) continue;
        Size old = channel.size(), size = swapped ? Size{old.height, old.width} : old;
        Affine map = new_to_old(params, old);
        MG_TRY_DO(replace_planes(channel, [&](ImageView<float const> view) { return moved(view, size, map); }));
        MG_TRY_DO(replace_mask(channel, [&](ImageView<std::uint8_t const> view) { return moved(view, size, map); }));
        channel.to_recorded = channel.to_recorded.after(map);
        if (swapped) std::swap(channel.pixel_size_x_nm, channel.pixel_size_y_nm);
    }
    return Done{};
}

} // namespace

extern constinit Step const k_step_orient =
    make_step<OrientParams, k_params, run>({.id = "orient",
                                            .title = "Turn and mirror",
                                            .group = StepGroup::geometry,
                                            .summary = "Turns the image by quarter turns and mirrors it, without loss.",
                                            .on_by_default = false});

} // namespace mg
