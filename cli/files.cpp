#include "cli/files.h"

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <memory>
#include <optional>
#include <set>

#include <unistd.h>

#include "base/hash.h"
#include "base/text.h"
#include "cli/sidecars.h"
#include "codecs/codec.h"
#include "codecs/image_size.h"
#include "metadata/metadata.h"
#include "recipe/materials.h"

namespace mg::cli {
namespace {

constexpr std::uintmax_t k_max_file_bytes = std::uintmax_t{2} << 30;

struct Close {
    void operator()(std::FILE* file) const { std::fclose(file); }
};
using File = std::unique_ptr<std::FILE, Close>;

Error system_error(std::string_view what, int code) {
    return {ErrorCode::bad_file, std::string(what) + " (" + std::strerror(code) + ")"};
}

/// Two spellings of one place are one file.
std::string identity(fs::path const& path) {
    std::error_code error;
    fs::path const canonical = fs::weakly_canonical(path, error);
    return (error ? path : canonical).string();
}

/// Lower case, so that results do not meet on a disk that ignores case either.
std::string taken_key(fs::path const& path) {
    return lowered(identity(path));
}

bool is_image_name(fs::path const& path) {
    std::string const extension = lowered(path.extension().string());
    return extension == ".tif" || extension == ".tiff" || extension == ".png" || extension == ".jpg" ||
           extension == ".jpeg" || extension == ".bmp";
}

fs::path existing(fs::path const& path) {
    std::error_code error;
    return fs::is_regular_file(path, error) ? path : fs::path();
}

/// The inputs named by a picture of this program; nothing for any other file.
Result<Provenance> provenance_of(fs::path const& path) {
    if (lowered(path.extension().string()) != ".png") return Error{ErrorCode::bad_file, "not a PNG"};
    MG_TRY(Bytes bytes, read_file(path));
    return read_provenance(bytes);
}

bool is_label_map(fs::path const& path) {
    if (lowered(path.extension().string()) != ".tif" || !path.filename().string().starts_with("labels_")) return false;
    auto const bytes = read_file(path);
    return bytes && is_label_tiff(*bytes);
}

std::string names_for_rules(fs::path const& path) {
    std::error_code error;
    fs::path const absolute = fs::absolute(path, error).lexically_normal();
    std::vector<std::string> parts;
    for (fs::path const& part : absolute.relative_path()) parts.push_back(part.string());
    if (parts.size() > 4) parts.erase(parts.begin(), parts.end() - 4);
    return joined(parts, "/");
}

struct Found {
    fs::path path, inside;
    bool in_folder = false;
    int page = 0; ///< of a page's name; 0: the name is the file's
};

/// The page that a name stands for which no file has.
std::optional<Found> found_page(fs::path const& path) {
    auto const named = page_of_name(path.filename().string());
    std::error_code error;
    if (!named) return std::nullopt;
    fs::path const file = path.parent_path() / named->file_name;
    if (!fs::is_regular_file(file, error)) return std::nullopt;
    return Found{file, file.filename(), false, named->page};
}

void find_in_folder(fs::path const& folder, std::vector<Found>& found, Inputs& inputs) {
    std::error_code error;
    std::vector<fs::path> paths;
    fs::recursive_directory_iterator entry(folder, fs::directory_options::skip_permission_denied, error);
    for (; !error && entry != fs::recursive_directory_iterator(); entry.increment(error)) {
        std::error_code ignored;
        bool const hidden = entry->path().filename().string().starts_with('.');
        if (hidden && entry->is_directory(ignored)) entry.disable_recursion_pending();
        if (!hidden && is_image_name(entry->path()) && entry->is_regular_file(ignored)) paths.push_back(entry->path());
    }
    if (error) inputs.missing.push_back({folder.string(), "the folder cannot be read (" + error.message() + ")"});
    if (!error && paths.empty())
        inputs.missing.push_back(
            {folder.string(), "no image files in this folder; looked for TIFF, PNG, JPEG and BMP"});
    std::sort(paths.begin(), paths.end());
    for (fs::path const& path : paths) found.push_back({path, path.lexically_relative(folder), true});
}

} // namespace

std::string without_name(std::string message, fs::path const& path) {
    std::string const prefix = path.filename().string() + ": ";
    return message.starts_with(prefix) ? message.substr(prefix.size()) : message;
}

Result<Bytes> read_file(fs::path const& path) {
    std::error_code error;
    fs::file_status const status = fs::status(path, error);
    if (!fs::exists(status)) return Error{ErrorCode::bad_file, "no such file; check the name"};
    if (!fs::is_regular_file(status)) return Error{ErrorCode::bad_file, "not a file that can be read"};
    std::uintmax_t const size = fs::file_size(path, error);
    if (error) return Error{ErrorCode::bad_file, "cannot be read (" + error.message() + ")"};
    if (size > k_max_file_bytes) return Error{ErrorCode::too_large, "more than the limit of 2 GiB"};
    File const file(std::fopen(path.c_str(), "rb"));
    if (!file) return system_error("cannot be opened; check its permissions", errno);
    std::setvbuf(file.get(), nullptr, _IONBF, 0);
    Bytes bytes(static_cast<std::size_t>(size));
    if (std::fread(bytes.data(), 1, bytes.size(), file.get()) != bytes.size())
        return system_error("reading stopped early", errno);
    return bytes;
}

Status write_file(fs::path const& path, ByteView bytes) {
    fs::path const part = path.string() + "." + std::to_string(::getpid()) + ".part";
    std::error_code ignored;
    {
        File file(std::fopen(part.c_str(), "wb"));
        if (!file) return system_error("cannot be written; check the folder and its permissions", errno);
        std::setvbuf(file.get(), nullptr, _IONBF, 0);
        bool written = std::fwrite(bytes.data(), 1, bytes.size(), file.get()) == bytes.size();
        int code = errno;
        if (std::fclose(file.release()) != 0) {
            written = false;
            code = errno;
        }
        if (!written) {
            fs::remove(part, ignored);
            return system_error("cannot be written; is the disk full?", code);
        }
    }
    std::error_code error;
    fs::rename(part, path, error);
    if (error) {
        fs::remove(part, ignored);
        return Error{ErrorCode::bad_file, "cannot be written (" + error.message() + ")"};
    }
    return Done{};
}

Inputs find_inputs(std::vector<std::string> const& arguments, bool every_image) {
    Inputs inputs;
    std::vector<Found> found;
    for (std::string const& argument : arguments) {
        std::error_code error;
        fs::path const path = argument;
        if (fs::is_directory(path, error))
            find_in_folder(path, found, inputs);
        else if (fs::is_regular_file(path, error))
            found.push_back({path, path.filename(), false});
        else if (fs::exists(path, error))
            inputs.missing.push_back({argument, "not a file that can be read"});
        else if (auto page = found_page(path))
            found.push_back(*page);
        else
            inputs.missing.push_back({argument, "no such file; check the name"});
    }

    // Which files are given, by place, and which names stand for them in a picture's provenance.
    std::set<std::string> given;
    std::set<std::pair<std::string, int>> pages;
    std::vector<bool> keep(found.size(), true);
    std::vector<fs::path> texts, images;
    std::set<std::string> names;
    for (std::size_t i = 0; i < found.size(); ++i) {
        given.insert(identity(found[i].path));
        if (!pages.emplace(identity(found[i].path), found[i].page).second) keep[i] = false;
        names.insert(found[i].path.filename().string());
        if (!keep[i]) continue;
        bool const is_text = is_text_file(found[i].path);
        (is_text ? texts : images).push_back(found[i].path);
        keep[i] = !is_text;
    }
    Sidecars sidecars(texts, images);
    for (std::size_t i = 0; i < found.size(); ++i) {
        if (!keep[i]) continue;
        fs::path const& path = found[i].path;
        std::string const name = path.filename().string();
        auto const skip = [&](std::string reason) {
            inputs.skipped.push_back({path.string(), std::move(reason)});
            keep[i] = false;
        };
        if (every_image && is_image_name(path)) continue;
        if (name.size() > 1 && name[0] == '_') {
            fs::path const edited = path.parent_path() / name.substr(1);
            if (given.count(identity(edited)) && twin_name(name.substr(1)) == name)
                skip("left out: the untouched twin of " + name.substr(1) + ", whose header is taken from it");
        } else if (found[i].in_folder && is_label_map(path)) {
            skip("left out: a label map made by Micrographia");
        } else if (found.size() > 1 || found[i].in_folder) {
            auto const provenance = provenance_of(path);
            if (!provenance) continue;
            bool made_from_another = found[i].in_folder;
            for (InputHash const& input : provenance->inputs)
                made_from_another = made_from_another || (input.file_name != name && names.count(input.file_name));
            if (made_from_another) skip("left out: a picture made by Micrographia");
        }
    }
    for (std::size_t i = 0; i < found.size(); ++i) {
        if (!keep[i]) continue;
        Input input;
        input.path = found[i].path;
        input.inside = found[i].inside;
        input.relative_path = names_for_rules(input.path);
        input.page = found[i].page;
        input.has_page = found[i].page > 0;
        input.shares_file = input.has_page;
        input.twin = existing(input.path.parent_path() / twin_name(input.path.filename().string()));
        input.sidecar = sidecars.of(input.path);
        inputs.files.push_back(std::move(input));
    }
    // A text alone is no work done: then it is an error.
    std::vector<Problem>& told = inputs.files.empty() ? inputs.missing : inputs.skipped;
    for (Problem& problem : sidecars.told()) told.push_back(std::move(problem));
    return inputs;
}

fs::path Input::named() const {
    return page > 0 ? path.parent_path() / paged_name(path.filename().string(), page) : path;
}

std::string Input::told() const {
    return page > 0 ? path.string() + ", page " + std::to_string(page + 1) : path.string();
}

Inputs with_pages(Inputs inputs, PageChoice const& pages) {
    if (!pages.is_given) return inputs;
    std::vector<Input> files = std::move(inputs.files);
    inputs.files.clear();
    std::set<fs::path> named; // pages that are inputs of their own
    for (Input const& input : files)
        if (input.has_page) named.insert(input.named());
    for (Input const& input : files) {
        auto const bytes = input.has_page ? Result<Bytes>(Bytes()) : read_file(input.path);
        if (input.has_page || !bytes) { // what cannot be read is told when its turn comes
            inputs.files.push_back(input);
            continue;
        }
        auto const count = static_cast<int>(claimed_pages(*bytes).size());
        std::vector<int> const chosen = pages.pages_of(count);
        for (int const page : chosen) {
            if (page >= count) {
                inputs.missing.push_back({input.path.string(), "has no page " + std::to_string(page + 1) +
                                                                   "; its last is page " + std::to_string(count)});
                break;
            }
            Input one = input;
            one.page = page;
            one.shares_file = chosen.size() > 1;
            if (page == 0 || !named.count(one.named())) inputs.files.push_back(std::move(one));
        }
    }
    return inputs;
}

std::vector<std::string> told_warnings(std::vector<std::string> warnings, PageChoice const& pages) {
    auto const is_of_pages = [](std::string const& warning) {
        std::size_t const words = warning.find_first_not_of("0123456789");
        return words > 0 && words != std::string::npos && warning.substr(words).starts_with(" pages: page ");
    };
    if (pages.is_given) std::erase_if(warnings, is_of_pages);
    for (std::string& warning : warnings)
        if (is_of_pages(warning)) warning += "; --pages all takes every page, --pages 2-5,7 some";
    return warnings;
}

std::string const& FileBytes::sha256() const {
    std::call_once(m_once, [this] { m_sha256 = sha256_hex(m_bytes); });
    return m_sha256;
}

Result<std::shared_ptr<FileBytes const>> FileStore::read(fs::path const& path) {
    std::lock_guard const lock(m_mutex);
    if (m_last && path == m_path) return m_last;
    MG_TRY(Bytes bytes, read_file(path));
    m_path = path;
    m_last = std::make_shared<FileBytes const>(std::move(bytes));
    return m_last;
}

OutputNames::OutputNames(Inputs const& inputs) {
    for (Input const& input : inputs.files)
        for (fs::path const& path : {input.path, input.twin, input.sidecar})
            if (!path.empty()) take(path);
    for (Problem const& skipped : inputs.skipped)
        if (!provenance_of(skipped.file)) take(skipped.file);
}

bool OutputNames::is_taken(fs::path const& path) const {
    return m_taken.count(taken_key(path)) > 0;
}

bool OutputNames::is_free(fs::path const& path) const {
    if (is_taken(path)) return false;
    std::error_code error;
    return !fs::exists(path, error) || provenance_of(path).has_value();
}

void OutputNames::take(fs::path const& path) {
    m_taken.insert(taken_key(path));
}

fs::path OutputNames::free_path(fs::path const& path) {
    fs::path const stem = fs::path(path).replace_extension();
    fs::path output = path;
    for (int number = 2; !is_free(output); ++number)
        output = stem.string() + "_" + std::to_string(number) + path.extension().string();
    take(output);
    return output;
}

std::vector<fs::path> plan_outputs(Inputs const& inputs, fs::path const& folder) {
    OutputNames names(inputs);
    std::vector<fs::path> outputs;
    for (Input const& input : inputs.files) {
        fs::path const goal =
            folder.empty() ? input.named() : (folder / input.inside).parent_path() / input.named().filename();
        fs::path const stem = fs::path(goal).replace_extension();
        fs::path output = stem.string() + ".png";
        // Another output of this run under that name: number them. A file of the user's: say what ours is.
        if (!names.is_free(output) && std::find(outputs.begin(), outputs.end(), output) == outputs.end())
            output = stem.string() + "_annotated.png";
        outputs.push_back(names.free_path(output));
    }
    return outputs;
}

} // namespace mg::cli
