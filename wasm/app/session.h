#pragma once
// What the browser keeps of a session when the user allows it: which files were open (names and checksums, never their
// bytes), the recipes with all that was said of single files, and where the user was. The form is JSON with a version;
// what comes back is checked like a file from anywhere.
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "app/command.h"
#include "app/document.h"
#include "app/results.h"
#include "base/result.h"

namespace mg::app {

struct SessionFile {
    std::string path;    ///< "folder/name.tif" or "name.tif"
    int page = 0;        ///< counted from 0
    std::int64_t size = 0;
    std::string sha256;  ///< empty: it had not been read
    bool operator==(SessionFile const&) const = default;
};

struct Session {
    std::vector<SessionFile> files; ///< in the tray's order
    int selected = -1;              ///< index of them; -1: none
    Recipe recipe, overlay, materials;
    std::vector<std::string> stack;
    Workspace workspace{};
    bool fit = true;
    double zoom = 1, centre_x = 0.5, centre_y = 0.5;
    bool operator==(Session const&) const = default;
};

Session session_of(Document const& document, ViewState const& view, Results const& results);
std::string session_text(Session const& session);
/// The text may be anything. Fails in words when it is not a session, or one of a later form.
Result<Session> read_session(std::string_view text);

/// One of these files has the name and the size of one of the session's.
bool expects(Session const& session, std::vector<DroppedFile> const& files);

/// The last session's files, as far as they are not open again.
class Reunion {
public:
    Reunion() = default;
    explicit Reunion(Session session) : m_session(std::move(session)), m_taken(m_session.files.size()) {}
    Session const& session() const { return m_session; }
    /// How many are missing.
    std::size_t waiting() const;

    /// Files that have just come stand in their old order and show their old pages.
    Document joined(Document document, int& next_id);

    struct Word {
        enum class Kind { changed, renamed } kind{};
        std::string path, old_path;
    };
    struct Recognised {
        std::vector<Word> words;
        std::optional<Document> document; ///< when it changes
    };
    /// Once a file's checksum is known: one that differs is told; one that is expected under another name gets back what
    /// was said of it.
    Recognised recognise(Document const& document, Results const& results);
    /// The files that are missing, as they were.
    std::vector<SessionFile> missing() const;
    /// Of the input of this place in the session; 0: it is not there.
    int input_of(int index) const;

private:
    void sort(Document& document) const;

    Session m_session;
    std::vector<int> m_taken;          ///< input of each file, 0: none yet
    std::map<int, std::size_t> m_check; ///< inputs whose checksum is to be compared
};

} // namespace mg::app
