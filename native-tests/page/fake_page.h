#pragma once
// The page with made-up files and results: draws frames without a window, and answers what was drawn and asked for.
#include <memory>
#include <string>
#include <vector>

#include "app/material_plots.h"
#include "page/ui_raster.h"
#include "panels/panel.h"

struct ImGuiContext;

namespace mg::test {

struct Screen {
    int width = 1440, height = 900; ///< CSS px
    float ratio = 1;
};

/// The last command of this kind, null when there is none; and how many there are.
template <class Kind>
Kind const* last(app::CommandSink const& commands) {
    for (auto command = commands.rbegin(); command != commands.rend(); ++command)
        if (auto const* found = std::get_if<Kind>(&*command)) return found;
    return nullptr;
}
template <class Kind>
int count(app::CommandSink const& commands) {
    int number = 0;
    for (app::Command const& command : commands) number += std::holds_alternative<Kind>(command);
    return number;
}

class FakePage {
public:
    explicit FakePage(Screen screen, app::Theme theme = app::Theme::dark, float font_scale = 1);
    ~FakePage();
    FakePage(FakePage const&) = delete;
    FakePage& operator=(FakePage const&) = delete;

    /// One frame; commands that change view or document are applied, all are kept in `commands`.
    void frame();
    void frames(int count) {
        for (int i = 0; i < count; ++i) frame();
    }
    Raster raster() const;

    void move_to(float x, float y);
    void press(bool down);
    void drag(ImVec2 from, ImVec2 to);
    /// Press and release in the middle of the item of this id; false when it is not on the page.
    bool click(std::string_view id);
    void key(int imgui_key, bool shift = false, bool ctrl = false);
    void type(std::string_view text);
    app::Item const* item(std::string_view id) const;

    /// Six files as in a session: four done, one without a pixel size, one broken.
    void add_session();
    /// Five CL images and an SE image, aligned and placed: one of them doubtful, one refused, with known truth.
    void add_overlay_session();
    /// Eight element maps, a Lab image and an SE image: five materials, found, coloured and laid over.
    void add_materials_session();
    /// How the composite was asked for in the frames so far.
    std::vector<app::PlacedView> const& placed_views() const;
    int add_file(std::string name, app::FileState state, std::string words);

    app::Document document;
    app::Results results;
    app::ViewState view;
    app::Activity activity;
    app::ItemTable items;
    app::CommandSink commands; ///< of the last frame
    app::CommandSink all;      ///< of all frames
    std::string notices = "zlib\nAcknowledgment and licence text.\n";
    double time_s = 0;

private:
    class Pictures;
    void apply(app::Command const& command);
    Screen m_screen;
    ImGuiContext* m_context = nullptr;
    std::unique_ptr<Pictures> m_pictures;
    app::MaterialPlots m_plots;
    int m_next_id = 1;
};

} // namespace mg::test
