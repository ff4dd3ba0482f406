#pragma once
// The files of a batch: reading, finding what belongs together, naming the results, and writing them whole or not at
// all.
#include <filesystem>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "cli/options.h"

namespace mg::cli {

namespace fs = std::filesystem;

/// One read call for the whole file. Errors name the cause and the remedy, not the file.
Result<Bytes> read_file(fs::path const& path);
/// Writes beside the goal under a temporary name and renames: a reader sees the old file or the new one.
Status write_file(fs::path const& path, ByteView bytes);

struct Input {
    fs::path path;             ///< as given, or found in a folder that was given
    fs::path inside;           ///< place within the given folder, "sub/x.tif"; else the file name
    std::string relative_path; ///< up to three folders and the name, for the rules about names
    fs::path twin, sidecar;    ///< empty when there is none
    int page = 0;              ///< of a file with several, counted from 0
    bool has_page = false;     ///< the page was named, as in "stack.p2.tif"
    bool shares_file = false;  ///< other inputs are pages of the same file

    /// The path, with the page's name in place of the file's: as recipes, overrides and results call it.
    fs::path named() const;
    /// For people: "stack.tif, page 2".
    std::string told() const;
};

/// The core's errors name the file; a line that begins with its path need not say it twice.
std::string without_name(std::string message, fs::path const& path);

struct Problem {
    std::string file, message;
};

struct Inputs {
    std::vector<Input> files;
    std::vector<Problem> missing; ///< arguments that name no file
    std::vector<Problem> skipped; ///< files left out for a good reason
};
/// Files as given; folders give the image files in them and below, sorted by name. Left out are twins and sidecars of
/// other inputs (they are read with them), other texts, files given twice, and this program's own pictures found in a folder or made
/// from another input; with `every_image`, only sidecars and files given twice.
/// A name that no file has may be a page's, "stack.p2.tif".
Inputs find_inputs(std::vector<std::string> const& arguments, bool every_image = false);
/// The same with an input for each page chosen; pages that a file does not have are told among the missing ones.
Inputs with_pages(Inputs inputs, PageChoice const& pages);

/// What the reader of files says about pages, in the words of the command line: nothing when pages were chosen, else
/// with what to do. Other warnings as they are.
std::vector<std::string> told_warnings(std::vector<std::string> warnings, PageChoice const& pages);

/// Content of a file and its hash, which is found once.
class FileBytes {
public:
    explicit FileBytes(Bytes bytes) : m_bytes(std::move(bytes)) {}
    Bytes const& bytes() const { return m_bytes; }
    std::string const& sha256() const;

private:
    Bytes m_bytes;
    mutable std::once_flag m_once;
    mutable std::string m_sha256;
};

/// Reads a file with several pages once, as long as one of them is worked on or it was the last one asked for.
class FileStore {
public:
    Result<std::shared_ptr<FileBytes const>> read(fs::path const& path);

private:
    std::mutex m_mutex;
    fs::path m_path;
    std::shared_ptr<FileBytes const> m_last;
};

/// Names of results that harm no file: not an input, not a name given out before, not a file that this program did not
/// write.
class OutputNames {
public:
    explicit OutputNames(Inputs const& inputs);
    bool is_free(fs::path const& path) const;
    /// An input, or an output of this run.
    bool is_taken(fs::path const& path) const;
    /// `path`, or with a number before its extension, "x_2.png"; taken from now on.
    fs::path free_path(fs::path const& path);
    void take(fs::path const& path);

private:
    std::set<std::string> m_taken;
};

/// Where each result goes: `folder`/inside/NAME.png, or beside the input when `folder` is empty. Never an input, never
/// twice the same, never over a picture that this program did not write: those give NAME_annotated.png or NAME_2.png.
std::vector<fs::path> plan_outputs(Inputs const& inputs, fs::path const& folder);

} // namespace mg::cli
