#pragma once
// One message between the page's script, the page's module and a worker's module: a JSON head and any number of buffers.
// Laid out in one run of bytes (all numbers little-endian uint32): length of the head, number of buffers, their lengths,
// the head, the buffers. The script only ever copies; see docs/page.md for the messages themselves.
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "app/kept_file.h"
#include "base/bytes.h"
#include "base/json.h"

namespace mg::app {

struct Packet {
    Json head;
    std::vector<SharedBytes> buffers;

    /// "" when the head has no such text, and so on.
    std::string text(std::string_view key) const;
    double number(std::string_view key, double otherwise = 0) const;
    bool flag(std::string_view key) const;
    /// The buffer whose index stands under `key`; null when there is none.
    SharedBytes buffer(std::string_view key) const;
    /// The buffer under `key` that the script has kept (PacketWriter::keep); null when there is none.
    SharedFile kept(std::string_view key) const;
    SharedFile kept(std::size_t index) const;
};

/// The same for any object within a head.
std::string text_of(Json const& object, std::string_view key);
double number_of(Json const& object, std::string_view key, double otherwise = 0);
bool flag_of(Json const& object, std::string_view key);

Bytes packed(std::string_view head, std::vector<ByteView> const& buffers);
/// Nothing when the run is not a packet.
std::optional<Packet> unpacked(ByteView run);

/// Gathers a head and borrowed buffers before they are sent.
class PacketWriter {
public:
    Json head;
    /// The page's script keeps the buffers as files, and the page's module gets their numbers.
    bool keep = false;
    /// Adds a buffer, which must outlive the writer, and names its index in the head.
    void add_buffer(std::string key, ByteView bytes);
    std::string head_text() const { return to_text(head); }
    std::vector<ByteView> const& buffers() const { return m_buffers; }
    Bytes packed() const { return app::packed(head_text(), m_buffers); }

private:
    std::vector<ByteView> m_buffers;
};

} // namespace mg::app
