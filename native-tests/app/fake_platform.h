#pragma once
// The platform for tests: messages are kept instead of sent, and time stands still until it is moved.
#include <string>
#include <vector>

#include "app/packet.h"

namespace mg::fake {

struct Sent {
    int to = 0;
    Json head;
    std::vector<SharedBytes> buffers;
};

/// Everything that was told since the last call.
std::vector<Sent> take_sent();
void set_now_s(double now);
/// What a packet with this head and these buffers is after its way through the script.
app::Packet packet(std::string const& head, std::vector<SharedBytes> buffers = {});

} // namespace mg::fake
