#pragma once
// The platform for tests: messages are kept instead of sent, and time stands still until it is moved.
#include <string>
#include <vector>

#include "app/command.h"
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
/// Has the script keep these bytes, as it does with a dropped file.
app::SharedFile kept(ByteView bytes);
app::SharedFile kept(std::string_view text);
app::DroppedFile dropped(std::string path, ByteView bytes);
app::DroppedFile dropped(std::string path, std::string_view text);
/// Null when it has been forgotten.
SharedBytes bytes_of(int number);
SharedBytes bytes_of(app::SharedFile const& file);
/// Keeps the bytes until the module says that it has no use for them.
int keep_result(ByteView bytes);
/// How many the script keeps.
std::size_t kept_count();
/// What a packet with this head and these buffers is after its way through the script.
app::Packet packet(std::string const& head, std::vector<SharedBytes> buffers = {});

} // namespace mg::fake
