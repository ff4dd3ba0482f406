// The messages to the page's script, as functions. Heads are small; buffers are copied once, by the receiver.
#include <cmath>

#include "base/json.h"
#include "platform/platform.h"

namespace mg::platform {

namespace {

Json message(char const* type) {
    Json head;
    head.add("type", type);
    return head;
}

void send(Json const& head, std::vector<ByteView> const& buffers = {}) { tell(k_page, to_text(head), buffers); }

} // namespace

void request_frame_after(double seconds) {
    Json head = message("frame_after");
    head.add("seconds", seconds);
    send(head);
}

void open_dialog(bool folder, std::string_view purpose) {
    Json head = message("open_dialog");
    head.add("folder", folder);
    head.add("purpose", purpose);
    send(head);
}

void download(std::string_view name, std::string_view mime, ByteView bytes) {
    Json head = message("download");
    head.add("name", name);
    head.add("mime", mime);
    send(head, {bytes});
}

void copy_png(ByteView png) { send(message("copy_png"), {png}); }

void copy_text(std::string_view text) {
    Json head = message("copy_text");
    head.add("text", text);
    send(head);
}

void set_full_screen(bool on) {
    Json head = message("full_screen");
    head.add("on", on);
    send(head);
}

void set_cursor(Cursor cursor) {
    static constexpr char const* k_css[] = {"default",   "pointer", "text",      "ew-resize",
                                            "ns-resize", "move",    "crosshair", "not-allowed"};
    Json head = message("cursor");
    head.add("css", k_css[static_cast<int>(cursor)]);
    send(head);
}

void set_text_input(bool wanted, float x, float y) {
    Json head = message("text_input");
    head.add("wanted", wanted);
    head.add("x", std::round(double{x}));
    head.add("y", std::round(double{y}));
    send(head);
}

void save_setting(std::string_view key, std::string_view value) {
    Json head = message("save_setting");
    head.add("key", key);
    head.add("value", value);
    send(head);
}

void mirror_items(std::string_view json) { tell(k_page, json, {}); }

void start_work(int worker, std::string_view request_json, std::vector<ByteView> const& buffers) {
    tell(worker, request_json, buffers);
}

void restart_worker(int worker) {
    Json head = message("restart_worker");
    head.add("worker", worker);
    send(head);
}

} // namespace mg::platform
