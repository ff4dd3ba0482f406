#pragma once
// A ZIP of results that the page's script keeps and of texts: this module makes the few bytes between them, the script puts
// them together.
#include <string>
#include <vector>

#include "app/kept_file.h"
#include "base/bytes.h"
#include "base/result.h"
#include "platform/platform.h"

namespace mg::app {

class Archive {
public:
    void add(std::string name, SharedFile file);
    void add_text(std::string name, std::string text);
    std::size_t count() const { return m_entries.size(); }
    /// Valid as long as the archive; fails as zip_frames() does.
    Result<std::vector<platform::Part>> parts();

private:
    struct Entry {
        std::string name;
        SharedFile file; ///< null: `text`
        std::string text;
    };
    std::vector<Entry> m_entries;
    std::vector<Bytes> m_frames;
};

} // namespace mg::app
