#pragma once
// What the user has: input files and the recipe. Everything else on the page is cache or view. Undo is a list of these
// snapshots; the bytes of files are the script's, so a snapshot is small.
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "app/kept_file.h"
#include "app/view_state.h"
#include "base/bytes.h"
#include "recipe/recipe.h"

namespace mg::app {

struct InputEntry {
    int id = 0;               ///< never reused within a session
    std::string name;         ///< "10K420.TIF", unique or not; of a later page "stack.p2.tif"
    std::string path;         ///< "AB01_FH_250410/10K420.TIF", or the name alone; the same for all pages
    SharedFile bytes;
    SharedFile twin;          ///< `_NAME`, when it was dropped too
    SharedFile sidecar;       ///< NAME.txt, when it was dropped too
    int page = 0;             ///< of a file with several, counted from 0; the name says it: "stack.p2.tif" is its second
    std::string sidecar_name{}; ///< "10K420.txt", "10K420-tif.hdr"
    bool operator==(InputEntry const&) const = default;
};

/// A sidecar whose image has not come yet.
struct LooseFile {
    std::string path;
    SharedFile bytes;
    bool operator==(LooseFile const&) const = default;
};

struct Document {
    std::vector<InputEntry> inputs; ///< in the tray's order
    std::vector<LooseFile> loose;
    Recipe recipe;              ///< of Annotate
    Recipe overlay{};           ///< of Overlay; what is special to a file are overrides of its step "channel"
    Recipe materials{};         ///< of Materials; what is special to a file are overrides of its step "map"
    std::vector<std::string> stack{}; ///< names of a config.txt in its order, with placeholders; empty: found by names
    bool operator==(Document const&) const = default;
};

inline Recipe const& recipe_of(Document const& document, Workspace workspace) {
    switch (workspace) {
    case Workspace::overlay: return document.overlay;
    case Workspace::materials: return document.materials;
    default: return document.recipe;
    }
}
inline Recipe& recipe_of(Document& document, Workspace workspace) {
    return const_cast<Recipe&>(recipe_of(std::as_const(document), workspace));
}
/// The path with the page in its name: what results are called after.
std::string paged_path(InputEntry const& input);
/// A placeholder of a stack: takes a colour and shows nothing.
bool is_placeholder(std::string_view name);

InputEntry const* find_input(Document const& document, int id);

/// Undo and redo. Changes that carry the same non-empty `gesture` (one drag of one slider) are one entry.
class History {
public:
    explicit History(Document first) : m_now(std::move(first)) {}
    Document const& now() const { return m_now; }
    /// Counts up with every change, undo and redo included.
    std::uint64_t revision() const { return m_revision; }
    void change(Document next, std::string gesture = {});
    bool can_undo() const { return !m_past.empty(); }
    bool can_redo() const { return !m_future.empty(); }
    void undo();
    void redo();

private:
    Document m_now;
    std::vector<Document> m_past, m_future;
    std::string m_gesture;
    std::uint64_t m_revision = 1;
};

} // namespace mg::app
