#pragma once
// Texts that microscopes write beside their images, and whose they are.
#include <map>
#include <set>
#include <string>
#include <vector>

#include "cli/files.h"

namespace mg::cli {

/// Whether a file is a text by name and content: one of a microscope, or any other.
bool is_text_file(fs::path const& path);

class Sidecars {
public:
    /// Texts among the files given, and the images that they may belong to.
    Sidecars(std::vector<fs::path> const& texts, std::vector<fs::path> const& images);
    /// The image's: one that was given from the same folder, else one that lies there, else one that was given from
    /// another folder in which no image claims it. Empty: none.
    fs::path of(fs::path const& image);
    /// What is to be said of each text given, in their order.
    std::vector<Problem> told() const;

private:
    struct Text {
        fs::path path;
        bool is_known = false;       ///< content of a microscope
        bool has_image_here = false; ///< among the images, in its own folder
        bool is_used = false;
    };
    std::vector<fs::path> const& beside(fs::path const& folder);

    std::vector<Text> m_texts;
    std::map<fs::path, std::vector<fs::path>> m_folders; ///< sidecars of each, by name
};

} // namespace mg::cli
