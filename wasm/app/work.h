#pragma once
// What a worker does: it is asked in packets and answers in packets, and knows nothing of pages, messages or browsers.
// It keeps what it has decoded of the latest files, and the intermediate pictures of the file it worked on last, so that
// a changed setting runs only what follows it.
//
// Request: {"job","kind","file":{"id","name","path","page","sidecar_name","bytes","twin","sidecar"},"recipe","plain"}; the last three of a file are
// indices of buffers, and missing when the worker holds it
//   kind "load"     facts, thumbnail                       (recipe: its corrections of metadata count)
//   kind "process"  the result for the screen; "plain": the recorded picture too
//   kind "export"   the PNG
//   kind "measure"  values to be linked over a set
//   kind "samples"  the generated files of a "set", "images" or "maps"; needs no file
//   kind "overlay", "overlay_finish", "overlay_export", "refine_point"  on "files", see app/work_overlay.cpp
//   kind "materials", "materials_export"  on "files", see app/work_materials.cpp
//   kind "crash", "sleep"  for tests of what the page does then
// Replies: {"job","progress","stage"} any number of times, then {"job","done":true,"holds":[ids],...} or
//   {"job","failed":"words","holds":[ids]}; {"job","missing":true,...} when the file's bytes must come along.
// The buffers of "samples" and of exports are results, which the page's script keeps: {"crc":[of each]}.
#include <functional>
#include <list>
#include <string>

#include "app/packet.h"
#include "app/results.h"
#include "recipe/overlay.h"
#include "recipe/pipeline.h"

namespace mg::app {

class Workbench {
public:
    struct SetTask; ///< work on several files
    using Post = std::function<void(PacketWriter const& reply)>;
    /// Calls `post` for every reply, the last one included, before it returns. `now_s`: a clock for the pace of progress.
    void work(Packet const& request, double (*now_s)(), Post const& post);

    /// Decoded files are dropped, the one used longest ago first, above this.
    std::size_t largest_bytes = std::size_t{192} << 20;
    /// A stack that takes more memory than this to be aligned and composed is worked on anew at each request, and nothing
    /// but the placed channels is kept of it.
    std::int64_t largest_kept_stack_bytes = std::int64_t{1} << 30;
    /// A larger image is read at half its size, a third, ...
    std::int64_t largest_pixels = k_page_largest_pixels;

private:
    struct Held {
        int id = 0, page = 0;
        Loaded loaded;
        std::size_t bytes = 0;
        StepCache steps;
        Recipe histogram_recipe; ///< the steps before the contrast, as last run
        Channel before_contrast;
        std::optional<BurnedBar> bar; ///< once it was sought
        bool bar_sought = false;
    };
    struct Task;

    Held* find(int id, int page);
    Result<Held*> open(Packet const& request, Json const& file);
    /// Files named in `pinned` stay.
    void keep_within_bounds(std::vector<int> const& pinned = {});
    Json holds() const;
    Status work_on_set(std::string const& kind, SetTask& task, PacketWriter& reply);
    void begin_stack(SetTask& task);
    void end_stack(SetTask const& task);
    Status place(SetTask& task, PacketWriter& reply);
    Status finish(SetTask& task, PacketWriter& reply);
    Status export_set(SetTask& task, PacketWriter& reply);
    Status show_recorded(SetTask& task, PacketWriter& reply);
    Status refine(SetTask& task, PacketWriter& reply);
    Status find_materials(SetTask& task, PacketWriter& reply);
    Status export_materials(SetTask& task, PacketWriter& reply);

    Status load(Task& task, PacketWriter& reply);
    Status process(Task& task, PacketWriter& reply);
    Status show(Task& task, Channel const& channel, Channel const& before, PacketWriter& reply);
    Status make_png(Task& task, PacketWriter& reply);
    Status measure(Task& task, PacketWriter& reply);

    std::list<Held> m_held; ///< last used first
    std::vector<Bytes> m_out; ///< buffers of the reply under way
    SetRun m_overlay, m_materials;
    Scene m_placed;             ///< channels of the set in hand, before they are composed
    std::vector<int> m_placed_ids;
    double m_placed_key = 0;
    std::vector<ChannelMeasure> m_measures;
};

/// Of the generated sample files.
inline constexpr std::uint64_t k_sample_seed = 1;

/// The state line of a file: "CL · 420 nm", "SE · 15.9 nm/px", "no pixel size: set one".
struct FileWords {
    std::string text;
    bool attention = false;
};
FileWords file_words(Metadata const& metadata, std::vector<std::string> const& warnings);

/// Of an image that was read at less than its size: why, and what to do; empty: it was read whole.
std::string reduction_words(Decoded const& decoded);

/// An error's message without the file's name before it, which stands above it in the tray.
std::string without_name(std::string message, std::string_view file_name);

} // namespace mg::app
