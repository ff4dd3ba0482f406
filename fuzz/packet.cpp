// Messages between the page and its workers.
#include "app/packet.h"
#include "fuzz/checks.h"
#include "platform/platform.h"

/// Without a page there are no files to forget.
void mg::platform::forget_file(int) {}

namespace mg::fuzz {

void fuzz_packet(ByteView bytes) {
    auto const packet = app::unpacked(bytes);
    if (!packet) return;
    std::vector<ByteView> buffers;
    for (SharedBytes const& buffer : packet->buffers) buffers.push_back(*buffer);
    Bytes const again = app::packed(to_text(packet->head), buffers);
    auto const packet_again = app::unpacked(again);
    MG_CHECK(packet_again.has_value());
    MG_CHECK(packet_again->head == packet->head && packet_again->buffers.size() == buffers.size());
    for (std::size_t i = 0; i < buffers.size(); ++i) MG_CHECK(*packet_again->buffers[i] == *packet->buffers[i]);
    (void)packet->buffer("file");
    (void)packet->kept("file");
}

} // namespace mg::fuzz
