// The messages to the page's script, as functions. Heads are small; buffers are copied once, by the receiver.
#include <cmath>

#include "base/json.h"
#include "base/text.h"
#include "platform/platform.h"

namespace mg::platform {

namespace {

Json message(char const* type) {
    Json head;
    head.add("type", type);
    return head;
}

void send(Json const& head, std::vector<ByteView> const& buffers = {}) { tell(k_page, to_text(head), buffers); }

/// "parts": of each its file's number, or -1 for the next of the buffers.
void send(Json head, std::vector<Part> const& parts) {
    Json list{Json::Array{}};
    std::vector<ByteView> buffers;
    for (Part const& part : parts) {
        list.push(part.file != 0 ? part.file : -1);
        if (part.file == 0) buffers.push_back(part.bytes);
    }
    if (!parts.empty()) head.add("parts", std::move(list));
    send(head, buffers);
}

Json of_file(char const* type, int file) {
    Json head = message(type);
    head.add("file", file);
    return head;
}

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

void download(std::string_view name, std::string_view mime, std::vector<Part> const& parts) {
    Json head = message("download");
    head.add("name", name);
    head.add("mime", mime);
    send(std::move(head), parts);
}

void answer(int id, Json head, std::vector<Part> const& parts) {
    head.add("type", "answer");
    head.add("id", id);
    send(std::move(head), parts);
}

void copy_png(int file) { send(of_file("copy_png", file)); }
void want_whole(int file) { send(of_file("want_whole", file)); }
void forget_file(int file) { send(of_file("forget_file", file)); }

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

void start_work(int worker, int job, std::string_view request_json, std::vector<int> const& files) {
    if (files.empty()) return tell(worker, request_json, {});
    Json head = message("work");
    head.add("worker", worker);
    head.add("job", job);
    Json list{Json::Array{}};
    for (int file : files) list.push(file);
    head.add("files", std::move(list));
    send(head, {as_bytes(request_json)});
}

void restart_worker(int worker) {
    Json head = message("restart_worker");
    head.add("worker", worker);
    send(head);
}

} // namespace mg::platform
