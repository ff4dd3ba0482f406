#pragma once
// The application without a window: what the user has and sees, the workers' scheduler, and the carrying out of commands.
// It draws nothing; main.cpp gives panel_input() to the panels and their commands back to carry_out().
#include <optional>
#include <string>
#include <vector>

#include "app/archive.h"
#include "app/command.h"
#include "app/drop.h"
#include "app/items.h"
#include "app/material_plots.h"
#include "app/materials_desk.h"
#include "app/overlay_desk.h"
#include "app/packet.h"
#include "app/results.h"
#include "app/scheduler.h"
#include "app/session.h"
#include "panels/panel.h"

namespace mg::app {

class App {
public:
    /// `start`: the page's first message, with "workers" and the kept "settings".
    explicit App(Packet const& start);

    /// A message of the page's script (from < 0) or of a worker, but for the input events.
    void receive(Packet const& message, int from);
    void carry_out(CommandSink commands);
    /// Called before a frame is drawn and about once a second while work runs.
    void tick();

    PanelInput panel_input(PictureSink& pictures, float width, float height);
    ItemTable& items() { return m_items; }
    ViewState const& view() const { return m_view; }
    Document const& document() const { return m_history.now(); }
    Results const& results() const { return m_results; }
    /// True once after anything changed that may show.
    bool take_changed() { return std::exchange(m_changed, false); }
    /// To be called when a frame has been drawn.
    void drawn();
    /// When the next frame is due without any event; nothing: never.
    std::optional<double> next_frame_s() const;
    Json state() const;
    bool idle() const { return m_scheduler.idle() && m_waiting.empty() && m_set_exports.empty() && m_desk.settled() && m_materials.settled(); }

private:
    struct Handler; ///< carries out one command
    enum class Purpose { save_png, save_zip, copy, answer_png, answer_zip };
    struct SetExport { ///< of sets of files
        Workspace workspace{};
        Purpose purpose{};
        int answer = 0;
        std::vector<std::string> waiting; ///< kinds of the requests that are not answered
        std::vector<std::pair<std::string, SharedFile>> files;
        std::vector<std::string> failures;
        bool cancelled = false;
    };
    struct Waiting { ///< an export that was asked for
        int token = 0;
        Purpose purpose{};
        int answer = 0; ///< of an automation call
    };

    void change(Document next, std::string gesture = {});
    void add_files(std::vector<DroppedFile> const& files);
    void set_logo(std::string const& path, SharedBytes const& bytes);
    void take_file(Packet const& message);
    void toast(Toast::Kind kind, std::string text);
    void select(int id);
    void start_export(Purpose purpose, std::vector<int> const& ids, int answer = 0);
    void take_finished();
    void finish(Waiting const& waiting, Finished const& finished);
    Archive archive_of(Finished const& finished) const;
    void start_set_export(Purpose purpose, int answer = 0);
    void take_set_answer(SetAnswer const& set_answer);
    void finish(SetExport const& finished);
    void keep_point(PlacePoint const& point);
    void go_to(Workspace workspace);
    Json overlay_state() const;
    void edit_materials(Command const& command, std::string gesture = {});
    void take_materials(SetAnswer const& set_answer);
    Json materials_state() const;
    void receive_call(Packet const& message);
    Status run(Packet const& message);
    void update();
    void go_on();
    void reunite();
    void save_session(double now_s);

    History m_history;
    ViewState m_view;
    Results m_results;
    Scheduler m_scheduler;
    OverlayDesk m_desk;
    MaterialsDesk m_materials;
    MaterialPlots m_plots;
    std::vector<SetExport> m_set_exports;
    std::vector<std::pair<std::uint64_t, PlacePoint>> m_points; ///< that are being refined
    ItemTable m_items;
    Activity m_activity;
    std::optional<int> m_to_open; ///< files that the script is about to hand over; 0: it is still listing them
    std::vector<DroppedFile> m_arriving;
    SharedBytes m_arrived; ///< what has come of the last of them
    std::vector<Waiting> m_waiting;
    std::vector<int> m_idle_calls; ///< automation calls that wait for idleness
    std::vector<Toast> m_toasts;
    int m_next_id = 1;
    int m_next_set = 1;
    int m_frames = 0;
    double m_last_ms = 0;
    std::optional<double> m_shown_wanted_s;
    bool m_changed = true;
    std::optional<Session> m_last;     ///< as the browser kept it, until it is gone on with or other files come
    std::optional<Reunion> m_reunion;  ///< of the session that was gone on with
    std::string m_last_words;          ///< of these, for the user
    std::string m_kept_session;        ///< what the browser keeps now
    bool m_session_due = false;
    double m_session_s = -1e9;         ///< when it was looked at last
};

} // namespace mg::app
