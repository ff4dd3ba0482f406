#include "app/fake_platform.h"

#include <utility>

#include "platform/platform.h"

namespace {
std::vector<mg::fake::Sent> g_sent;
double g_now_s = 0;
} // namespace

namespace mg::platform {

void tell(int to, std::string_view head, std::vector<ByteView> const& buffers) {
    fake::Sent sent{to, parse_json(head).value(), {}};
    for (ByteView buffer : buffers) sent.buffers.push_back(std::make_shared<Bytes const>(buffer.begin(), buffer.end()));
    g_sent.push_back(std::move(sent));
}
double now_s() { return g_now_s; }
void request_frame() {}
bool create_gl_context() { return false; }

} // namespace mg::platform

namespace mg::fake {

std::vector<Sent> take_sent() { return std::exchange(g_sent, {}); }
void set_now_s(double now) { g_now_s = now; }

app::Packet packet(std::string const& head, std::vector<SharedBytes> buffers) {
    return {parse_json(head).value(), std::move(buffers)};
}

} // namespace mg::fake
