#include "page/fake_platform.h"

#include <map>
#include <utility>

#include "app/drop.h"
#include "base/hash.h"
#include "base/text.h"
#include "codecs/zip.h"
#include "platform/platform.h"

namespace {
std::vector<mg::fake::Sent> g_sent;
double g_now_s = 0;
std::map<int, mg::SharedBytes> g_kept;
int g_next_file = 1;
} // namespace

namespace mg::platform {

void tell(int to, std::string_view head, std::vector<ByteView> const& buffers) {
    fake::Sent sent{to, parse_json(head).value(), {}};
    for (ByteView buffer : buffers) sent.buffers.push_back(std::make_shared<Bytes const>(buffer.begin(), buffer.end()));
    std::string const type = to == k_page ? app::text_of(sent.head, "type") : std::string{};
    auto const file = static_cast<int>(app::number_of(sent.head, "file"));
    if (type == "forget_file") return static_cast<void>(g_kept.erase(file));
    if (Json const* parts = sent.head.find("parts")) { // put together at once, as by the script
        Bytes whole;
        std::size_t next = 0;
        for (Json const& part : *parts->as_array()) {
            SharedBytes const bytes = *part.as_number() < 0 ? sent.buffers[next++] : g_kept.at(static_cast<int>(*part.as_number()));
            whole.insert(whole.end(), bytes->begin(), bytes->end());
        }
        sent.buffers = {std::make_shared<Bytes const>(std::move(whole))};
    }
    if (type == "copy_png") sent.buffers = {g_kept.at(file)};
    if (type == "work") { // goes on to the worker with the bytes
        fake::Sent request{static_cast<int>(app::number_of(sent.head, "worker")), parse_json(as_text(*sent.buffers.at(0))).value(), {}};
        for (Json const& number : *sent.head.find("files")->as_array())
            request.buffers.push_back(g_kept.at(static_cast<int>(*number.as_number())));
        sent = std::move(request);
    }
    g_sent.push_back(std::move(sent));
}
double now_s() { return g_now_s; }
void request_frame() {}
bool create_gl_context() { return false; }

} // namespace mg::platform

namespace mg::fake {

std::vector<Sent> take_sent() { return std::exchange(g_sent, {}); }
void set_now_s(double now) { g_now_s = now; }

int keep_result(ByteView bytes) {
    g_kept[g_next_file] = std::make_shared<Bytes const>(bytes.begin(), bytes.end());
    return g_next_file++;
}

app::SharedFile kept(ByteView bytes) {
    int const number = keep_result(bytes);
    return app::owned({.number = number, .size = static_cast<std::int64_t>(bytes.size()), .seal = sha256_hex(bytes), .crc = zip_crc(bytes)});
}
app::SharedFile kept(std::string_view text) { return kept(as_bytes(text)); }

app::DroppedFile dropped(std::string path, ByteView bytes) {
    SharedBytes start = app::kept_start(path, bytes, static_cast<std::int64_t>(bytes.size()));
    return {std::move(path), kept(bytes), std::move(start)};
}
app::DroppedFile dropped(std::string path, std::string_view text) { return dropped(std::move(path), as_bytes(text)); }

SharedBytes bytes_of(int number) {
    auto const found = g_kept.find(number);
    return found == g_kept.end() ? nullptr : found->second;
}
SharedBytes bytes_of(app::SharedFile const& file) { return file ? bytes_of(file->number) : nullptr; }
std::size_t kept_count() { return g_kept.size(); }

app::Packet packet(std::string const& head, std::vector<SharedBytes> buffers) {
    return {parse_json(head).value(), std::move(buffers)};
}

} // namespace mg::fake
