#pragma once
// Pictures on the GPU: one texture per picture (several tiles when it is larger than the device's largest texture),
// made when first drawn, dropped when not drawn for a while. Shrunk pictures are filtered by mipmaps, enlarged ones
// show their pixels.
#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "panels/panel.h"

struct ImDrawList;
struct ImDrawCmd;

namespace mg::app {

class Textures : public PictureSink {
public:
    /// Memory of all textures together, above which the ones drawn longest ago go.
    static constexpr std::size_t k_largest_bytes = std::size_t{256} << 20;

    /// Makes the shader; false when the device cannot (the log says why).
    bool create();
    /// Forgets everything without freeing it: the context is gone.
    void forget();
    void begin_frame(float pixel_ratio, float page_width, float page_height);
    void end_frame();

    void draw(PicturePtr const& picture, Rectangle target, Rectangle clip, Rgb tint) override;
    void draw_placed(PlacedPtr const& placed, PlacedView const& view, Rectangle target, Rectangle clip) override;
    int largest_texture() const override { return m_largest_px; }

private:
    struct Tile {
        unsigned texture = 0;
        float x0 = 0, y0 = 0, x1 = 1, y1 = 1; ///< of the picture, as fractions
    };
    struct Entry {
        std::vector<Tile> tiles;
        bool grey = true, translucent = false;
        bool has_mipmaps = false; ///< made when the picture is first shrunk
        std::size_t bytes = 0;
        std::uint64_t drawn_in = 0; ///< frame
    };
    struct Stack { ///< placed channels: one texture of layers
        unsigned texture = 0;
        int layers = 0;
        std::size_t bytes = 0;
        std::uint64_t drawn_in = 0;
    };
    struct PlacedCall {
        Textures* owner = nullptr;
        Stack const* stack = nullptr;
        PlacedView view;
        Rectangle target, clip;
        bool enlarged = false;
    };
    struct Call { ///< what a draw callback needs, alive until the frame has been rendered
        Textures* owner = nullptr;
        Entry const* entry = nullptr;
        Rectangle target, clip;
        bool enlarged = false;
        Rgb tint{1, 1, 1};
    };
    struct Scissor {
        int left, bottom, width, height;
        bool empty() const { return width <= 0 || height <= 0; }
    };

    bool create_composer();
    Scissor scissor(Rectangle clip) const;
    void place(int uniform, Rectangle target) const;
    Stack& upload(PlacedPictures const& placed);
    static void render_placed(ImDrawList const* list, ImDrawCmd const* command);
    void render(PlacedCall const& call) const;
    void forget_placed();
    void drop_unused_placed();
    Entry& upload(Picture const& picture);
    static void render(ImDrawList const* list, ImDrawCmd const* command);
    void render(Call const& call) const;
    void drop(Entry& entry);

    std::map<std::uint64_t, Entry> m_entries; ///< by picture serial
    std::deque<Call> m_calls;
    std::uint64_t m_frame = 0;
    float m_ratio = 1, m_height = 0, m_width = 0;
    int m_largest_px = 2048;
    unsigned m_program = 0, m_vertices = 0;
    int m_place = -1, m_grey = -1, m_enlarged = -1, m_tint = -1;

    std::map<std::uint64_t, Stack> m_stacks; ///< by serial
    std::deque<PlacedCall> m_placed_calls;
    unsigned m_composer = 0;
    int m_largest_layers = 256;
    std::map<std::string, int> m_composer_uniforms;
};

} // namespace mg::app
