#pragma once
// The part of Materials in the application: which files are the maps of one field, what the workers are to do with
// them, and what their answers mean. Nothing here is drawn.
#include <cstdint>
#include <span>
#include <string>

#include "app/document.h"
#include "app/material_plots.h"
#include "app/results.h"
#include "app/scheduler.h"
#include "app/view_state.h"

namespace mg::app {

class MaterialsDesk {
public:
    struct Now {
        Document const& document;
        std::uint64_t revision = 0;
        ViewState const& view;
        Results& results;
        Scheduler& scheduler;
    };
    /// Groups the files when something about them has changed, and asks for what is not there yet. Nothing while
    /// another workspace is shown.
    void update(Now const& now);
    /// Of "materials".
    void take(SetAnswer const& answer, Results& results);
    /// Forgets that something failed or was stopped, so that it is tried again.
    void retry() { m_asked = 0; }
    /// Nothing is wanted that is not there.
    bool settled() const { return m_settled; }

    /// What "Save all" asks of a worker for one set.
    static SetRequest export_request(Document const& document, MapSetEntry const& set, std::string folder);

private:
    void group(Now const& now);
    void ask(Now const& now);
    void paint(Now const& now);
    void take_whole(Packet const& reply, MaterialsResult& result, Materials& found);

    std::uint64_t m_grouped_for = 0;       ///< hash of what the sets depend on
    std::uint64_t m_asked = 0, m_have = 0; ///< keys of what was asked for last, and of what there is
    PixelSet m_gated, m_area;              ///< as painted last
    int m_sets_seen = 0;                   ///< how often they have changed
    std::uint64_t m_flat_for = 0, m_element_for = 0, m_certain_for = 0, m_highlight_for = 0;
    std::uint64_t m_next_serial = 1;
    bool m_settled = true;
    MaterialPlots m_plots;
};

/// Files that are maps of one field by their names: what makes the page show Materials when they are opened.
bool are_element_maps(std::vector<InputEntry> const& inputs);

} // namespace mg::app
