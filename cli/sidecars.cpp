#include "cli/sidecars.h"

#include <algorithm>

#include "base/text.h"
#include "codecs/image_size.h"
#include "metadata/metadata.h"

namespace mg::cli {
namespace {

constexpr std::uintmax_t k_longest_text = 4 << 20; // real ones take about 3000 bytes

std::string name_of(fs::path const& path) {
    return path.filename().string();
}

fs::path folder_of(fs::path const& path) {
    std::error_code error;
    fs::path const folder = path.parent_path().empty() ? fs::path(".") : path.parent_path();
    fs::path const canonical = fs::weakly_canonical(folder, error);
    return error ? folder : canonical;
}

bool is_known(fs::path const& path) {
    std::error_code error;
    if (fs::file_size(path, error) > k_longest_text || error) return false;
    auto const bytes = read_file(path);
    return bytes && is_known_sidecar(name_of(path), *bytes);
}

/// "x.txt" before "x-tif.hdr" before "x.hdr": endings first, then names.
bool comes_first(fs::path const& a, fs::path const& b) {
    auto rank = [](fs::path const& path) { return iends_with(name_of(path), ".txt") ? 0 : 1; };
    return rank(a) != rank(b) ? rank(a) < rank(b) : a < b;
}

} // namespace

bool is_text_file(fs::path const& path) {
    if (!is_sidecar_name(name_of(path))) return false;
    std::error_code error;
    if (fs::file_size(path, error) > k_longest_text || error) return false;
    auto const bytes = read_file(path);
    return bytes && claimed_size(*bytes).empty();
}

Sidecars::Sidecars(std::vector<fs::path> const& texts, std::vector<fs::path> const& images) {
    for (fs::path const& path : texts) {
        Text text{path, is_known(path), false, false};
        text.has_image_here = std::any_of(images.begin(), images.end(), [&](fs::path const& image) {
            return is_sidecar_of(name_of(path), name_of(image)) && folder_of(path) == folder_of(image);
        });
        m_texts.push_back(std::move(text));
    }
}

std::vector<fs::path> const& Sidecars::beside(fs::path const& folder) {
    auto const [entry, is_new] = m_folders.try_emplace(folder);
    std::vector<fs::path>& found = entry->second;
    if (!is_new) return found;
    std::error_code error;
    for (fs::directory_iterator file(folder, error); !error && file != fs::directory_iterator(); file.increment(error))
        if (is_sidecar_name(name_of(file->path()))) found.push_back(file->path());
    std::sort(found.begin(), found.end(), comes_first);
    return found;
}

fs::path Sidecars::of(fs::path const& image) {
    auto const given = [&](auto is_wanted) -> fs::path {
        for (Text& text : m_texts)
            if (text.is_known && is_sidecar_of(name_of(text.path), name_of(image)) && is_wanted(text)) {
                text.is_used = true;
                return text.path;
            }
        return {};
    };
    fs::path const folder = folder_of(image);
    if (fs::path const path = given([&](Text const& text) { return folder_of(text.path) == folder; }); !path.empty())
        return path;
    for (fs::path const& path : beside(folder))
        if (is_sidecar_of(name_of(path), name_of(image)) && is_known(path))
            return image.parent_path() / path.filename();
    return given([](Text const& text) { return !text.has_image_here; });
}

std::vector<Problem> Sidecars::told() const {
    std::vector<Problem> problems;
    for (Text const& text : m_texts) {
        std::string reason = "left out: read with its image";
        if (!text.is_known)
            reason = "left out: neither an image nor a text of a microscope that is known";
        else if (!text.is_used)
            reason = "left out: belongs to an image that was not given";
        problems.push_back({text.path.string(), std::move(reason)});
    }
    return problems;
}

} // namespace mg::cli
