#include "page/fake_page.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <map>
#include <tuple>

#include "app/pixels.h"
#include "imgui.h"
#include "ui/theme.h"

namespace mg::test {

class FakePage::Pictures : public app::PictureSink {
public:
    void draw(app::PicturePtr const& picture, app::Rectangle t, app::Rectangle c, Rgb tint) override {
        auto const known = std::find(m_known.begin(), m_known.end(), picture);
        auto const index = static_cast<std::size_t>(known - m_known.begin());
        if (known == m_known.end()) {
            m_known.push_back(picture);
            textures.push_back(texture_of(*picture));
        }
        add_image(index + 1, picture->size, t, c, tint);
    }
    /// Its pixels are made when somebody looks at them: most frames are drawn for what is on them.
    void draw_placed(app::PlacedPtr const& placed, app::PlacedView const& view_of, app::Rectangle t,
                     app::Rectangle c) override {
        views.push_back(view_of);
        m_placed.push_back({m_known.size(), placed, view_of});
        m_known.push_back(nullptr);
        textures.push_back({});
        add_image(m_known.size(), placed->size, t, c, {1, 1, 1});
    }
    void make_pixels() {
        for (Placed const& drawn : m_placed) {
            bool const smooth = textures[drawn.index + 1].smooth;
            textures[drawn.index + 1] = texture_of(joint(*drawn.placed, drawn.view));
            textures[drawn.index + 1].smooth = smooth;
        }
        m_placed.clear();
    }
    int largest_texture() const override { return 8192; }

    std::vector<app::PlacedView> views;
    std::vector<Texture> textures{1}; ///< the first is the font's

private:
    struct Placed {
        std::size_t index;
        app::PlacedPtr placed;
        app::PlacedView view;
    };

    static Texture texture_of(app::Picture const& picture) {
        Texture texture{picture.size.width, picture.size.height, {}, true};
        auto n = static_cast<std::size_t>(picture.bytes_per_pixel);
        for (std::size_t i = 0; i < static_cast<std::size_t>(picture.size.area()); ++i) {
            std::uint8_t const* p = picture.pixels.data() + i * n;
            for (int j = 0; j < 3; ++j) texture.rgba.push_back(n == 1 ? p[0] : p[j]);
            texture.rgba.push_back(picture.translucent ? p[3] : std::uint8_t{255});
        }
        return texture;
    }
    /// Sum of the tinted channels; enough to look at.
    static app::Picture joint(app::PlacedPictures const& placed, app::PlacedView const& view) {
        app::Picture picture;
        picture.size = placed.size;
        picture.bytes_per_pixel = 4;
        for (std::size_t i = 0; i < static_cast<std::size_t>(placed.size.area()); ++i) {
            float sum[3] = {};
            for (int layer = 0; layer < placed.channels; ++layer) {
                std::uint16_t half;
                std::memcpy(&half, placed.pyramids[static_cast<std::size_t>(layer)]->data() + 2 * i, 2);
                float const value =
                    std::ldexp(static_cast<float>(1024 + (half & 1023)), (half >> 10 & 31) - 25); // normal numbers
                ChannelLook const& look = view.look.channels[static_cast<std::size_t>(layer)];
                for (std::size_t k = 0; k < 3 && look.shown; ++k) sum[k] += look.gain * look.tint[k] * value / 2;
            }
            for (float v : sum)
                picture.pixels.push_back(static_cast<std::uint8_t>(std::sqrt(std::clamp(v, 0.0f, 1.0f)) * 255));
            picture.pixels.push_back(255);
        }
        return picture;
    }
    void add_image(std::size_t texture, Size size, app::Rectangle t, app::Rectangle c, Rgb tint) {
        textures[texture].smooth = t.width <= static_cast<float>(size.width);
        ImDrawList& list = *ImGui::GetWindowDrawList();
        list.PushClipRect({c.x, c.y}, {c.x + c.width, c.y + c.height}, true);
        list.AddImage(reinterpret_cast<ImTextureID>(texture), {t.x, t.y}, {t.x + t.width, t.y + t.height}, {0, 0},
                      {1, 1},
                      IM_COL32(static_cast<int>(tint.r * 255), static_cast<int>(tint.g * 255),
                               static_cast<int>(tint.b * 255), 255));
        list.PopClipRect();
    }

    std::vector<app::PicturePtr> m_known; ///< null: of placed channels
    std::vector<Placed> m_placed;         ///< whose pixels are not made yet
};

FakePage::FakePage(Screen screen, app::Theme theme, float font_scale)
    : m_screen(screen), m_pictures(std::make_unique<Pictures>()) {
    m_context = ImGui::CreateContext();
    ImGui::SetCurrentContext(m_context);
    ImGuiIO& io = ImGui::GetIO();
    io.BackendFlags |= ImGuiBackendFlags_RendererHasVtxOffset;
    io.DisplaySize = {static_cast<float>(screen.width), static_cast<float>(screen.height)};
    io.DisplayFramebufferScale = {screen.ratio, screen.ratio};
    ui::build_fonts(screen.ratio, font_scale);
    ui::apply_theme(theme, font_scale);
    unsigned char* pixels = nullptr;
    int width = 0, height = 0;
    io.Fonts->GetTexDataAsRGBA32(&pixels, &width, &height);
    Texture& texture = m_pictures->textures[0];
    texture.width = width;
    texture.height = height;
    texture.rgba.assign(pixels, pixels + static_cast<std::ptrdiff_t>(width) * height * 4);
    io.Fonts->SetTexID(nullptr);
    view.theme = theme;
    view.font_scale = font_scale;
    activity.workers = 2;
    document.recipe = annotate_recipe();
    document.overlay = overlay_recipe();
    document.materials = materials_recipe();
}

FakePage::~FakePage() {
    ImGui::DestroyContext(m_context);
}

void FakePage::frame() {
    ImGui::SetCurrentContext(m_context);
    ImGui::GetIO().DeltaTime = 1 / 60.0f;
    time_s += 1 / 60.0;
    ImGui::NewFrame();
    items.begin_frame();
    commands.clear();
    m_plots.update(results.materials, view.materials, view.theme);
    app::PanelInput input{document,    1,
                          results,     view,
                          activity,    true,
                          false,       m_screen.width < 1200,
                          time_s,      {0, 0, static_cast<float>(m_screen.width), static_cast<float>(m_screen.height)},
                          *m_pictures, items,
                          notices};
    app::draw_page(input, commands);
    ImGui::Render();
    for (app::Command const& command : commands) apply(command);
    all.insert(all.end(), commands.begin(), commands.end());
}

void FakePage::apply(app::Command const& command) {
    if (auto const* set = std::get_if<app::SetView>(&command)) view = set->view;
    if (auto const* select = std::get_if<app::Select>(&command)) view.selected = select->id;
    document = app::applied(std::move(document), command, m_next_id, view.workspace);
}

Raster FakePage::raster() const {
    ImGui::SetCurrentContext(m_context);
    m_pictures->make_pixels();
    return drawn(*ImGui::GetDrawData(), m_pictures->textures);
}

void FakePage::move_to(float x, float y) {
    ImGui::SetCurrentContext(m_context);
    ImGui::GetIO().AddMousePosEvent(x, y);
}
void FakePage::drag(ImVec2 from, ImVec2 to) {
    move_to(from.x, from.y);
    frames(2);
    press(true);
    frames(2);
    for (int i = 1; i <= 6; ++i) {
        float const t = static_cast<float>(i) / 6;
        move_to(from.x + (to.x - from.x) * t, from.y + (to.y - from.y) * t);
        frames(2);
    }
    press(false);
    frames(3);
}

void FakePage::press(bool down) {
    ImGui::SetCurrentContext(m_context);
    ImGui::GetIO().AddMouseButtonEvent(0, down);
}

app::Item const* FakePage::item(std::string_view id) const {
    for (app::Item const& each : items.items())
        if (each.id == id) return &each;
    return nullptr;
}

bool FakePage::click(std::string_view id) {
    app::Item const* found = item(id);
    if (!found) return false;
    move_to(found->x + found->width / 2, found->y + found->height / 2);
    frames(2);
    press(true);
    frame();
    press(false);
    frames(2);
    return true;
}

void FakePage::key(int imgui_key, bool shift, bool ctrl) {
    ImGui::SetCurrentContext(m_context);
    ImGuiIO& io = ImGui::GetIO();
    if (shift) io.AddKeyEvent(ImGuiMod_Shift, true);
    if (ctrl) io.AddKeyEvent(ImGuiMod_Ctrl, true);
    io.AddKeyEvent(static_cast<ImGuiKey>(imgui_key), true);
    frames(2);
    io.AddKeyEvent(static_cast<ImGuiKey>(imgui_key), false);
    if (shift) io.AddKeyEvent(ImGuiMod_Shift, false);
    if (ctrl) io.AddKeyEvent(ImGuiMod_Ctrl, false);
    frames(2);
}

void FakePage::type(std::string_view text) {
    ImGui::SetCurrentContext(m_context);
    for (char c : text) {
        ImGui::GetIO().AddInputCharacter(static_cast<unsigned char>(c));
        frame();
    }
}

namespace {

app::Picture made_grains(Size size, int databar, std::uint32_t seed, float gain) {
    app::Picture picture;
    picture.size = {size.width, size.height + databar};
    picture.serial = seed;
    picture.pixels.assign(static_cast<std::size_t>(picture.size.area()), 0);
    std::uint32_t state = seed;
    auto next = [&] {
        state = state * 1664525u + 1013904223u;
        return static_cast<float>(state >> 8) / 16777216.0f;
    };
    std::vector<float> sum(static_cast<std::size_t>(size.area()));
    for (int i = 0; i < 260; ++i) {
        float cx = next() * static_cast<float>(size.width), cy = next() * static_cast<float>(size.height),
              r = 3 + 14 * next(), h = next() < 0.5f ? 0.4f : -0.35f;
        int x0 = std::max(0, static_cast<int>(cx - 3 * r)), x1 = std::min(size.width, static_cast<int>(cx + 3 * r));
        int y0 = std::max(0, static_cast<int>(cy - 3 * r)), y1 = std::min(size.height, static_cast<int>(cy + 3 * r));
        for (int y = y0; y < y1; ++y)
            for (int x = x0; x < x1; ++x) {
                float dx = (static_cast<float>(x) - cx) / r, dy = (static_cast<float>(y) - cy) / r;
                sum[static_cast<std::size_t>(y) * static_cast<std::size_t>(size.width) + static_cast<std::size_t>(x)] +=
                    h / (1 + std::exp(3 * (dx * dx + dy * dy) - 3));
            }
    }
    for (std::size_t i = 0; i < sum.size(); ++i)
        picture.pixels[i] = static_cast<std::uint8_t>(
            std::clamp((0.48f + gain * sum[i] + 0.10f * (next() - 0.5f)) * 255, 0.0f, 255.0f));
    return picture;
}

/// Grains of three greys, some bright, some dark; made once for all pages.
std::shared_ptr<app::Picture> grains(Size size, int databar, std::uint32_t seed, float gain) {
    static std::map<std::tuple<int, int, int, std::uint32_t, float>, app::Picture> made;
    auto const [at, is_new] = made.try_emplace({size.width, size.height, databar, seed, gain});
    if (is_new) at->second = made_grains(size, databar, seed, gain);
    return std::make_shared<app::Picture>(at->second);
}

} // namespace

int FakePage::add_file(std::string name, app::FileState state, std::string words) {
    int id = m_next_id++;
    document.inputs.push_back({.id = id, .name = name, .path = name, .bytes = {}, .twin = {}, .sidecar = {}});
    app::FileResult& r = results.files[id];
    r.state = state;
    r.words = std::move(words);
    r.format = "TIFF, 8 bit, 712 × 484";
    r.milliseconds = 38;
    if (state == app::FileState::failed) return id;
    r.thumbnail = grains({104, 72}, 0, static_cast<std::uint32_t>(id % 8) * 77u, 0.7f);
    r.metadata.raw = std::make_shared<std::vector<RawKey> const>(144, RawKey{"Vector", "Magnification", "10000"});
    return id;
}

void FakePage::add_session() {
    using app::FileState;
    int first = add_file("S10K.TIF", FileState::done, "SE · 15.9 nm/px");
    add_file("10K405.TIF", FileState::done, "CL · 405 nm");
    add_file("10K415.TIF", FileState::done, "CL · 415 nm");
    int working = add_file("10K425.TIF", FileState::working, "CL · 425 nm");
    results.files[working].stage = "beam-spot filter";
    results.files[working].progress = 0.4;
    add_file("10K435_a_very_long_name_from_the_microscope.TIF", FileState::attention, "no pixel size: set one");
    add_file("broken.tif", FileState::failed, "ends after 12 of 49 strips");
    view.selected = first;
    app::FileResult& r = results.files[first];
    Size size{712, 536};
    r.picture = grains(size, 76, 5, 0.8f);
    r.recorded_picture = grains({712, 484}, 0, 5, 0.5f);
    r.picture_databar_rows = 76;
    r.picture_to_recorded = {.a = 1, .b = 0, .tx = 0, .c = 0, .d = 484.0 / 536, .ty = 0};
    r.pixel_size_x_nm = 15.91;
    r.pixel_size_y_nm = 15.91;
    r.range = {0, 255};
    auto plane = Plane::filled({712, 484}, 0.46f);
    if (plane) r.recorded = std::make_shared<Plane const>(std::move(*plane));
    for (std::size_t i = 0; i < 256; ++i) {
        double x = (static_cast<double>(i) - 96) / 34;
        r.histogram.counts[i] = static_cast<float>(std::exp(-x * x / 2) * 0.012 +
                                                   (i > 40 ? 0.0002 * std::exp(-static_cast<double>(i) / 120) : 0));
    }
    r.histogram.low = 0.07;
    r.histogram.high = 0.82;
    r.histogram.below = 0.001;
    r.histogram.above = 0.0012;
    Acquisition& a = r.metadata.acquisition;
    r.metadata.vendor = "Philips/FEI XL";
    a.pixel_size_x_nm = {15.91, "header: [Vector] Magnification"};
    a.pixel_size_y_nm = {17.56, "header: [Vector] Magnification"};
    a.magnification = {10000, "header: [Vector] Magnification"};
    a.beam_energy_kv = {10, "header: [Vector] HighTension"};
    a.spot_size = {4, "header: [Vector] Spot"};
    a.detector = {"SE", "header: [Vector] Detector"};
    a.acquired = {"2025-04-10", "folder name AB01_FH_250410"};
    a.sample = {"AB01", "folder name AB01_FH_250410"};
    r.notes.push_back({"despike", "removed_px", 2748.0, "removed 2 748 spikes (0.20 %)"});
    r.notes.push_back({"beam_spot", "radius_px", 1.41, "1.41 px, from spot 4.0 at 10 000×"});
    r.notes.push_back({"square_pixels", "size", 15.91, "15.91 × 17.56 → 15.91 nm/px"});
    r.notes.push_back({"contrast", "limits", 0.0, "black at 18, white at 209 of 255"});
    activity.done = 4;
    activity.total = 6;
    activity.fraction = 0.66;
    activity.stage = "10K425.TIF: beam-spot filter";
}

std::vector<app::PlacedView> const& FakePage::placed_views() const {
    return m_pictures->views;
}

void FakePage::add_overlay_session() {
    using app::FileState;
    view.workspace = app::Workspace::overlay;
    struct Made {
        char const* file;
        char const* label;
        Role role;
        double x, y;
        Trust trust;
        char const* reason;
    };
    Made const made[] = {
        {"10K405.TIF", "405 nm", Role::signal, 0, 0, Trust::reference, ""},
        {"10K415.TIF", "415 nm", Role::signal, 6.2, -3.1, Trust::accepted, ""},
        {"10K425.TIF", "425 nm", Role::signal, 9.8, -7.4, Trust::accepted, ""},
        {"10K435.TIF", "435 nm", Role::signal, 14.0, -8.8, Trust::doubtful, "two scales disagree by 6 px"},
        {"10K445.TIF", "445 nm", Role::signal, 0, 0, Trust::refused, "nothing in common was found"},
        {"S10K.TIF", "SE", Role::extra, 11.5, -2.2, Trust::accepted, ""}};
    app::OverlayResult& overlay = results.overlay;
    app::OverlaySeries series{"10K · AB01", {}, {}};
    Size const size{178, 121};
    auto placed = std::make_shared<app::PlacedPictures>();
    placed->size = size;
    placed->serial = 1;
    std::vector<Channel> channels;
    std::vector<ChannelMeasure> measures;
    auto pixel = std::make_shared<Plane const>(Plane::filled({1, 1}, 0.0f).value());
    for (Made const& m : made) {
        int const id = add_file(m.file, FileState::done, "CL");
        results.files[id].recorded_size = {712, 484};
        Channel channel;
        channel.file_name = m.file;
        channel.label = m.label;
        channel.role = m.role;
        channel.settings.slot = static_cast<int>(series.members.size());
        channel.settings.value = 405 + 10.0 * static_cast<double>(series.members.size());
        channel.settings.quantity = "wavelength";
        channel.alignment = Alignment{Projective(Affine::translation(m.x, m.y)), m.trust, 0.93,
                                      m.trust == Trust::accepted ? 0.08 : 0, m.reason};
        channel.pixel_size_x_nm = channel.pixel_size_y_nm = Sourced<double>{15.91, {}};
        series.members.push_back({id, false, channel});
        series.given.push_back(id);
        app::PlacedChannel entry{id, channel, -1, {}, Projective(Affine::translation(m.x + 0.05, m.y))};
        if (m.trust != Trust::refused) {
            entry.layer = placed->channels++;
            auto const picture = grains(size, 0, static_cast<std::uint32_t>(id) * 31u, 0.9f);
            Plane plane = Plane::create(size).value();
            for (std::size_t i = 0; i < picture->pixels.size(); ++i)
                plane.data()[i] = static_cast<float>(picture->pixels[i]) / 255;
            placed->pyramids.push_back(std::make_shared<Bytes const>(app::half_pyramid(plane, nullptr, 0, size)));
            channel.planes = {std::make_shared<Plane const>(std::move(plane))};
            entry.measure = measured(channel);
            channel.planes = {pixel};
        }
        channels.push_back(channel);
        measures.push_back(entry.measure);
        overlay.channels.push_back(std::move(entry));
    }
    overlay.palette_slots = 5;
    overlay.look = look_for(channels, measures, 5, {});
    overlay.series = {std::move(series)};
    overlay.shown = 0;
    overlay.placed = std::move(placed);
    overlay.size = size;
    overlay.residual_px = 0.08;
    overlay.pixel_size_x_nm = overlay.pixel_size_y_nm = 15.91;
    overlay.databar = grains({178, 20}, 0, 9, 0.1f);
    overlay.joint = grains({128, 128}, 0, 10, 1);
    overlay.joint_across = overlay.channels[0].id;
    overlay.joint_up = overlay.channels[1].id;
    for (app::PlacedChannel const& channel : overlay.channels)
        overlay.recorded[channel.id] = grains(size, 0, static_cast<std::uint32_t>(channel.id) * 31u, 0.9f);
    view.selected = overlay.channels[2].id;
    activity = {};
    activity.workers = 2;
}

void FakePage::add_materials_session() {
    using app::FileState;
    view.workspace = app::Workspace::materials;
    struct Made {
        char const* name;
        Rgb colour;
        std::vector<double> counts;
    };
    // Mean counts per pixel of C, N, O, Al, Si, Ni, Cu, Ga.
    std::vector<Made> const made{
        {"Sapphire", {0.42f, 0.68f, 0.95f}, {0.31, 0.15, 2.64, 2.34, 0.21, 0.15, 0.13, 0.17}},
        {"Ga N", {0.86f, 0.60f, 0.30f}, {0.29, 0.87, 0.23, 0.27, 0.22, 0.12, 0.15, 2.94}},
        {"Ga N Al", {0.80f, 0.52f, 0.78f}, {0.28, 0.94, 0.24, 1.04, 0.23, 0.13, 0.15, 2.05}},
        {"C Si", {0.45f, 0.76f, 0.52f}, {1.99, 0.20, 1.06, 0.22, 1.76, 0.12, 0.12, 0.16}},
        {"Contact, top", {0.93f, 0.50f, 0.50f}, {0.34, 0.14, 0.37, 0.31, 0.18, 2.11, 1.55, 0.14}}};
    char const* const labels[] = {"CK", "NK", "OK", "AlK", "SiK", "NiK", "CuK", "GaK"};
    Size const size{256, 200}, se_size{712, 484};
    std::uint32_t state = 7;
    auto next = [&] {
        state = state * 1664525u + 1013904223u;
        return static_cast<double>(state >> 8) / 16777216.0;
    };
    auto found = std::make_shared<Materials>();
    found->size = size;
    auto kind = Image<std::uint8_t>::create(size).value();
    struct Grain {
        double x, y;
        std::uint8_t kind;
    };
    std::vector<Grain> grains_of(70);
    for (Grain& grain : grains_of) {
        double const pick = next();
        grain = {next() * size.width, next() * size.height,
                 static_cast<std::uint8_t>(pick < 0.34   ? 0
                                           : pick < 0.48 ? 1
                                           : pick < 0.61 ? 2
                                           : pick < 0.92 ? 3
                                                         : 4)};
    }
    auto const kind_at = [&](double x, double y) {
        double nearest = 1e9;
        std::uint8_t of = 0;
        for (Grain const& grain : grains_of) {
            double const d = (grain.x - x) * (grain.x - x) + (grain.y - y) * (grain.y - y);
            if (d < nearest) nearest = d, of = grain.kind;
        }
        return of;
    };
    for (int y = 0; y < size.height; ++y)
        for (int x = 0; x < size.width; ++x) kind.view().at(x, y) = kind_at(x, y);
    auto flags = Mask::filled(size, std::uint8_t{0}).value();
    std::vector<std::int64_t> area(made.size());
    for (int y = 0; y < size.height; ++y)
        for (int x = 0; x < size.width; ++x) {
            ++area[kind.view().at(x, y)];
            bool const border = (x > 0 && kind.view().at(x - 1, y) != kind.view().at(x, y)) ||
                                (y > 0 && kind.view().at(x, y - 1) != kind.view().at(x, y));
            flags.view().at(x, y) = border          ? std::uint8_t{k_flag_mixed}
                                    : next() < 0.02 ? std::uint8_t{k_flag_uncertain}
                                                    : std::uint8_t{0};
        }
    for (std::size_t e = 0; e < 8; ++e) {
        Plane plane = Plane::create(size).value();
        for (int y = 0; y < size.height; ++y)
            for (int x = 0; x < size.width; ++x) {
                double const mean = made[kind.view().at(x, y)].counts[e];
                double limit = std::exp(-mean), product = next(); // Knuth's way to Poisson numbers
                int count = 0;
                while (product > limit && count < 40) ++count, product *= next();
                plane.view().at(x, y) = static_cast<float>(count);
            }
        found->counts.push_back(std::make_shared<Plane const>(std::move(plane)));
        found->elements.push_back({.label = labels[e],
                                   .symbol = std::string(labels[e]).substr(0, std::strlen(labels[e]) - 1),
                                   .file_name = "map_" + std::string(labels[e]) + ".bmp",
                                   .largest_counts = 12,
                                   .counts_estimated = true});
    }
    for (std::size_t m = 0; m < made.size(); ++m) {
        Material material;
        material.name = made[m].name;
        material.name_given = m == 0 || m == 4;
        material.colour = made[m].colour;
        if (m == 4) material.picked = made[m].colour;
        material.locked = m == 0;
        material.share = static_cast<double>(area[m]) / static_cast<double>(size.area());
        material.mean = made[m].counts;
        for (double mean : material.mean) material.deviation.push_back(std::sqrt(mean));
        material.centres = {material.mean};
        found->list.push_back(std::move(material));
    }
    for (int k = 1; k <= 12; ++k)
        found->curve.push_back({k, 4.2 + 5.0 / (k * k) + (k > 5 ? 0.05 * (k - 5) : 0.35 * (5 - k) / 5.0)});
    found->proposed = 5;
    found->flags = std::make_shared<Mask const>(std::move(flags));
    found->labels = std::make_shared<Image<std::uint8_t> const>(std::move(kind));

    app::MaterialsResult& result = results.materials;
    app::MapSetEntry set{"AB01", {}, {}};
    auto const add = [&](std::string name, std::string label, Role role, Trust trust, Size stored) {
        int const id = add_file(name, FileState::done, role == Role::element_map ? "at most 12 counts" : "");
        results.files[id].recorded_size = stored;
        results.files[id].thumbnail = grains({104, 72}, 0, static_cast<std::uint32_t>(id % 8) * 77u, 0.7f);
        Channel channel;
        channel.file_name = channel.relative_path = name;
        channel.label = label;
        channel.role = role;
        channel.map.element = label;
        channel.map.counts_at_white = 12;
        channel.map.counts_estimated = true;
        channel.map.counts_source = "13 grey levels: at most 12 counts";
        channel.alignment = Alignment{Projective(Affine{.a = 0.3457, .b = 0, .tx = 4.4, .c = 0, .d = 0.4, .ty = 3.1}),
                                      trust, 0.94, trust == Trust::reference ? 0 : 0.08, ""};
        set.members.push_back({id, false, channel});
        set.given.push_back(id);
        result.facts.push_back({id, channel});
        return id;
    };
    for (char const* label : labels)
        add("map_" + std::string(label) + ".bmp", label, Role::element_map, Trust::accepted, size);
    add("map_Lab1.bmp", "Lab", Role::lab_image, Trust::accepted, size);
    int const se = add("SE01.TIF", "SE", Role::se_image, Trust::reference, se_size);
    result.sets = {std::move(set)};
    result.shown = 0;
    result.maps_size = size;
    result.found_serial = 1;
    result.certainty.assign(static_cast<std::size_t>(size.area()), 230);
    auto fine = std::make_shared<std::vector<std::uint8_t>>();
    for (int y = 0; y < se_size.height; ++y)
        for (int x = 0; x < se_size.width; ++x) fine->push_back(kind_at(x * 0.3457 + 4.4, y * 0.4 + 3.1));
    auto const electron = grains(se_size, 0, 5, 0.8f);
    auto const coloured = [&](float saturation, std::uint64_t serial) {
        auto picture = std::make_shared<app::Picture>();
        picture->size = se_size;
        picture->bytes_per_pixel = 4;
        picture->serial = serial;
        for (int y = 0; y < se_size.height; ++y)
            for (int x = 0; x < se_size.width; ++x) {
                Rgb const c = made[(*fine)[static_cast<std::size_t>(y * se_size.width + x)]].colour;
                float const grey =
                    static_cast<float>(electron->pixels[static_cast<std::size_t>(y * se_size.width + x)]);
                for (float v : {c.r, c.g, c.b})
                    picture->pixels.push_back(static_cast<std::uint8_t>(
                        std::clamp(v * (saturation * 255 + (1 - saturation) * grey * 1.4f), 0.0f, 255.0f)));
                picture->pixels.push_back(255);
            }
        return picture;
    };
    result.electron = electron;
    result.tinted = coloured(0.0f, 1001);
    result.flat = coloured(1.0f, 1002);
    result.picture_to_map = Projective(Affine{.a = 0.3457, .b = 0, .tx = 4.4, .c = 0, .d = 0.4, .ty = 3.1});
    result.laid = true;
    result.pixel_size_x_nm = result.pixel_size_y_nm = 15.91;
    result.fine_labels = std::move(fine);
    result.found = std::move(found);
    result.notes.push_back({"lay_over", "placement", 1.04,
                            "the maps cover 1.040 \u00D7 the SE image's width, shifted by +3.2, \u22121.1 px, found "
                            "through the Lab image; expected error 0.08 px"});
    result.notes.push_back({"cluster", "blur_px", 1.1, "each map pixel sees its surroundings with a blur of 1.1 px"});
    result.notes.push_back({"cluster", "materials", 5.0, "5 materials"});
    for (char const* name : {"Resin", "Solder"})
        result.notes.push_back({"cluster", "warning", std::string(name),
                                std::string(name) + ": no material of this composition was found"});
    result.notes.push_back({"colours", "colour_vision", "Ga N / C Si",
                            "hard to tell apart with a colour vision deficiency: Ga N and C Si (deutan)"});
    view.selected = se;
    activity = {};
    activity.workers = 2;
}

} // namespace mg::test
