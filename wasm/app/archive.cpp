#include "app/archive.h"

#include <utility>

#include "base/text.h"
#include "codecs/zip.h"

namespace mg::app {

void Archive::add(std::string name, SharedFile file) { m_entries.push_back({zip_safe_name(name), std::move(file), {}}); }

void Archive::add_text(std::string name, std::string text) { m_entries.push_back({zip_safe_name(name), nullptr, std::move(text)}); }

Result<std::vector<platform::Part>> Archive::parts() {
    std::vector<ZipPart> list;
    for (Entry const& entry : m_entries)
        if (entry.file) list.push_back({entry.name, static_cast<std::uint64_t>(entry.file->size), entry.file->crc});
        else list.push_back({entry.name, entry.text.size(), zip_crc(as_bytes(entry.text))});
    MG_TRY(m_frames, zip_frames(list));
    std::vector<platform::Part> parts;
    for (std::size_t i = 0; i < m_frames.size(); ++i) {
        parts.push_back({m_frames[i], 0});
        if (i == m_entries.size()) break;
        if (m_entries[i].file) parts.push_back({{}, m_entries[i].file->number});
        else parts.push_back({as_bytes(m_entries[i].text), 0});
    }
    return parts;
}

} // namespace mg::app
