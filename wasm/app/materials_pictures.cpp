#include "app/materials_pictures.h"

#include <algorithm>
#include <cmath>

namespace mg::app {

namespace {

/// Pictures laid over the micrograph need no more pixels than this; larger ones are enlarged on the screen.
constexpr std::int64_t k_most_pixels = std::int64_t{3} << 20;

struct Pixel {
    std::uint8_t r = 0, g = 0, b = 0, a = 255;
};

std::uint8_t byte_of(double value) {
    return static_cast<std::uint8_t>(std::clamp(value, 0.0, 1.0) * 255 + 0.5);
}

/// A picture over the micrograph: `pixel(x, y)` is asked for the colour at a pixel of the micrograph.
template <class PixelAt>
PicturePtr made(MaterialsResult const& result, std::uint64_t serial, bool translucent, PixelAt pixel) {
    Size const size = micrograph_of(result);
    if (size.empty()) return nullptr;
    int step = 1;
    while (size.area() / step / step > k_most_pixels) ++step;
    auto picture = std::make_shared<Picture>();
    picture->size = {(size.width + step - 1) / step, (size.height + step - 1) / step};
    picture->bytes_per_pixel = 4;
    picture->serial = serial;
    picture->translucent = translucent;
    picture->pixels.resize(static_cast<std::size_t>(picture->size.area()) * 4);
    std::uint8_t* to = picture->pixels.data();
    double const sx = static_cast<double>(size.width) / picture->size.width,
                 sy = static_cast<double>(size.height) / picture->size.height;
    for (int y = 0; y < picture->size.height; ++y)
        for (int x = 0; x < picture->size.width; ++x, to += 4) {
            Pixel const p = pixel((x + 0.5) * sx - 0.5, (y + 0.5) * sy - 0.5);
            to[0] = p.r, to[1] = p.g, to[2] = p.b, to[3] = p.a;
        }
    return picture;
}

Pixel opaque(Rgb colour) {
    return {byte_of(double{colour.r}), byte_of(double{colour.g}), byte_of(double{colour.b}), 255};
}

/// Material under a pixel of the micrograph; -1: none.
int material_at(MaterialsResult const& result, Size size, double x, double y) {
    int label = k_no_material;
    if (result.fine_labels) {
        int const px = std::clamp(static_cast<int>(x + 0.5), 0, size.width - 1),
                  py = std::clamp(static_cast<int>(y + 0.5), 0, size.height - 1);
        label = (*result.fine_labels)[static_cast<std::size_t>(py) * static_cast<std::size_t>(size.width) +
                                      static_cast<std::size_t>(px)];
    } else if (int const at = found_pixel(result, x, y); at >= 0 && result.found->labels) {
        label = result.found->labels->data()[at];
    }
    return label < static_cast<int>(result.found->list.size()) ? label : -1;
}

} // namespace

Size micrograph_of(MaterialsResult const& result) {
    if (result.electron) return result.electron->size;
    if (result.tinted) return {result.tinted->size.width, result.tinted->size.height - result.databar_rows};
    return {};
}

int found_pixel(MaterialsResult const& result, double x, double y) {
    if (!result.found || !result.laid || result.found->size.empty()) return -1;
    Point const at = result.picture_to_map({x, y});
    if (!(std::fabs(at.x) < 1e6 && std::fabs(at.y) < 1e6)) return -1;
    // A pixel of the grid stands for `step` pixels of the maps from itself on.
    double const step = result.step;
    int const px = static_cast<int>(std::floor((at.x + 0.5) / step)),
              py = static_cast<int>(std::floor((at.y + 0.5) / step));
    Size const size = result.found->size;
    if (px < 0 || py < 0 || px >= size.width || py >= size.height) return -1;
    return py * size.width + px;
}

PicturePtr flat_picture(MaterialsResult const& result, std::uint64_t serial) {
    if (!result.found) return nullptr;
    std::vector<Pixel> colours;
    for (Material const& material : result.found->list) colours.push_back(opaque(material.colour));
    Size const size = micrograph_of(result);
    return made(result, serial, false, [&](double x, double y) {
        int const material = material_at(result, size, x, y);
        return material < 0 ? Pixel{} : colours[static_cast<std::size_t>(material)];
    });
}

PicturePtr element_picture(MaterialsResult const& result, int element, std::uint64_t serial) {
    if (!result.found || element < 0 || static_cast<std::size_t>(element) >= result.found->counts.size())
        return nullptr;
    PlanePtr const& plane = result.found->counts[static_cast<std::size_t>(element)];
    if (!plane || plane->empty()) return nullptr;
    std::vector<float> values(plane->data(), plane->data() + plane->size().area());
    auto const rank = static_cast<std::ptrdiff_t>(static_cast<double>(values.size() - 1) * 0.998);
    std::nth_element(values.begin(), values.begin() + rank, values.end());
    double const white =
        values[static_cast<std::size_t>(rank)] > 0 ? double{values[static_cast<std::size_t>(rank)]} : 1;
    return made(result, serial, false, [&](double x, double y) {
        int const at = found_pixel(result, x, y);
        if (at < 0) return Pixel{};
        std::uint8_t const grey = byte_of(double{plane->data()[at]} / white);
        return Pixel{grey, grey, grey, 255};
    });
}

PicturePtr certainty_picture(MaterialsResult const& result, std::uint64_t serial) {
    if (!result.found || result.certainty.size() != static_cast<std::size_t>(result.found->size.area())) return nullptr;
    double const least = 1.0 / static_cast<double>(std::max<std::size_t>(result.found->list.size(), 2));
    MaskPtr const& flags = result.found->flags;
    Picture const* ground = result.electron.get();
    Size const size = micrograph_of(result);
    auto const grey_at = [&](double x, double y) {
        if (!ground || ground->bytes_per_pixel != 1) return 0.3;
        int const px = std::clamp(static_cast<int>(x + 0.5), 0, size.width - 1),
                  py = std::clamp(static_cast<int>(y + 0.5), 0, size.height - 1);
        return ground->pixels[static_cast<std::size_t>(py) * static_cast<std::size_t>(size.width) +
                              static_cast<std::size_t>(px)] /
                   255.0 * 0.5 +
               0.06;
    };
    return made(result, serial, false, [&](double x, double y) {
        int const at = found_pixel(result, x, y);
        if (at < 0) return Pixel{};
        double const grey = grey_at(x, y);
        double const sure = (result.certainty[static_cast<std::size_t>(at)] / 255.0 - least) / (1 - least);
        bool const mixed = flags && (flags->data()[at] & k_flag_mixed);
        double doubt = std::clamp(1 - sure, 0.0, 1.0);
        doubt = 0.9 * (mixed ? std::max(doubt, 0.75) : doubt);
        auto const part = [&](double colour) { return byte_of(grey + doubt * (colour - grey)); };
        return mixed ? Pixel{part(0.95), part(0.70), part(0.30), 255} : Pixel{part(0.93), part(0.33), part(0.33), 255};
    });
}

PicturePtr highlight_picture(MaterialsResult const& result, MaterialsView const& view,
                             std::vector<BrushedDisc> const& discs, std::uint64_t serial) {
    if (!result.found) return nullptr;
    auto const pixels = static_cast<std::size_t>(result.found->size.area());
    // What the pointer is over on the picture itself is plain to see.
    int const lit = view.hovered >= 0 && view.hovered_pixel < 0 ? view.hovered : view.material;
    bool const some = lit >= 0 && static_cast<std::size_t>(lit) < result.found->list.size() && !view.brushing;
    bool const gated = view.gated && view.gated->size() == pixels, marked = view.area && view.area->size() == pixels;
    if (!some && !gated && !marked && discs.empty()) return nullptr;

    // The brush's discs on the grid: 0 none, 1 given back, 2 + index of a material.
    std::vector<std::uint8_t> brushed;
    if (!discs.empty()) {
        brushed.assign(pixels, 0);
        Size const size = result.found->size;
        double const step = result.step;
        for (BrushedDisc const& each : discs) {
            double const cx = each.disc.x / step, cy = each.disc.y / step, r = each.disc.radius_px / step;
            int const y0 = std::max(0, static_cast<int>(std::ceil(cy - r))),
                      y1 = std::min(size.height - 1, static_cast<int>(std::floor(cy + r)));
            for (int y = y0; y <= y1; ++y)
                for (int x = std::max(0, static_cast<int>(std::ceil(cx - r)));
                     x <= std::min(size.width - 1, static_cast<int>(std::floor(cx + r))); ++x)
                    if ((x - cx) * (x - cx) + (y - cy) * (y - cy) <= r * r)
                        brushed[static_cast<std::size_t>(y) * static_cast<std::size_t>(size.width) +
                                static_cast<std::size_t>(x)] =
                            static_cast<std::uint8_t>(each.material < 0 ? 0 : 2 + each.material);
        }
    }
    bool const on_maps = gated || marked || !brushed.empty();
    Size const size = micrograph_of(result);
    return made(result, serial, true, [&](double x, double y) {
        int const at = on_maps ? found_pixel(result, x, y) : -1;
        if (at >= 0) {
            auto const i = static_cast<std::size_t>(at);
            if (gated && (*view.gated)[i]) return Pixel{255, 255, 255, 170};
            if (marked && (*view.area)[i]) return Pixel{255, 214, 92, 110};
            if (!brushed.empty() && brushed[i] >= 2 && brushed[i] - 2u < result.found->list.size()) {
                Pixel colour = opaque(result.found->list[brushed[i] - 2u].colour);
                // A weave, so that it is told from the picture's own colours.
                colour.a = (static_cast<int>(x + y) / 3) % 2 ? 235 : 120;
                return colour;
            }
        }
        if (some && material_at(result, size, x, y) != lit) return Pixel{8, 9, 12, 165};
        if (gated && !some) return Pixel{8, 9, 12, 90};
        return Pixel{0, 0, 0, 0};
    });
}

} // namespace mg::app
