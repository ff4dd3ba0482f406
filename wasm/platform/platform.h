#pragma once
// What the page needs from the browser. Four functions are made by a platform: platform_web.cpp is the one file that
// names Emscripten, the tests have a stand-in. The rest are messages through tell(), written in app/page_messages.cpp.
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/json.h"

namespace mg::platform {

inline constexpr int k_page = -1;
/// From a worker: to the page, whose script keeps the buffers as files and passes on their numbers in "kept".
inline constexpr int k_page_keeps = -2;
/// Sends a message (a JSON head and buffers, which are copied) to the page's script, or to a worker by its index. In a
/// worker the only receiver is the page. See docs/page.md for the messages.
void tell(int to, std::string_view head, std::vector<ByteView> const& buffers);
double now_s();
/// Asks for one more frame; an idle page draws none.
void request_frame();
/// A WebGL2 context for the page's canvas, made current; false when the browser has none.
bool create_gl_context();

/// Asks for a frame after some time (toasts that go, spinners that come). The earliest such wish counts.
void request_frame_after(double seconds);
/// The answer arrives as "file" messages, then "files_end" with that purpose: "images" or "logo".
void open_dialog(bool folder, std::string_view purpose);
/// A piece of what is put together by the script: bytes of this module, or a file that the script keeps.
struct Part {
    ByteView bytes{};
    int file = 0; ///< its number; 0: `bytes`
};
void download(std::string_view name, std::string_view mime, std::vector<Part> const& parts);
/// The answer to a call of the automation API; `parts` are put together into one buffer. `head_json`: an object.
void answer(int id, Json head, std::vector<Part> const& parts = {});
void copy_png(int file);
/// The whole of a file is wanted of which the script has sent the first bytes: it comes as another "file" message.
void want_whole(int file);
void forget_file(int file);
void copy_text(std::string_view text);
void set_full_screen(bool on);
enum class Cursor { arrow, hand, text, horizontal, vertical, move, crosshair, forbidden };
void set_cursor(Cursor cursor);
/// A hidden text field takes focus so that touch keyboards and input methods work.
void set_text_input(bool wanted, float x, float y);
/// Kept by the browser where it allows that; what was kept arrives with the "start" message.
void save_setting(std::string_view key, std::string_view value);
void mirror_items(std::string_view json); ///< accessible list

/// Workers share nothing: a request is a head, and the bytes of these files, which the script keeps, as its buffers. When
/// one of them cannot be read, the script answers in the worker's place that the job has failed, and why.
void start_work(int worker, int job, std::string_view request_json, std::vector<int> const& files);
/// Kills the worker and starts another in its place.
void restart_worker(int worker);

} // namespace mg::platform
