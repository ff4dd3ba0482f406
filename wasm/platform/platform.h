#pragma once
// What the page needs from the browser. Four functions are made by a platform: platform_web.cpp is the one file that
// names Emscripten, the tests have a stand-in. The rest are messages through tell(), written in app/page_messages.cpp.
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"

namespace mg::platform {

inline constexpr int k_page = -1;
/// Sends a message (a JSON head and buffers, which are copied) to the page's script, or to a worker by its index. In a
/// worker the only receiver is k_page. See docs/page.md for the messages.
void tell(int to, std::string_view head, std::vector<ByteView> const& buffers);
double now_s();
/// Asks for one more frame; an idle page draws none.
void request_frame();
/// A WebGL2 context for the page's canvas, made current; false when the browser has none.
bool create_gl_context();

/// Asks for a frame after some time (toasts that go, spinners that come). The earliest such wish counts.
void request_frame_after(double seconds);
/// The answer arrives as "file" messages with that purpose: "images" or "logo".
void open_dialog(bool folder, std::string_view purpose);
void download(std::string_view name, std::string_view mime, ByteView bytes);
void copy_png(ByteView png);
void copy_text(std::string_view text);
void set_full_screen(bool on);
enum class Cursor { arrow, hand, text, horizontal, vertical, move, crosshair, forbidden };
void set_cursor(Cursor cursor);
/// A hidden text field takes focus so that touch keyboards and input methods work.
void set_text_input(bool wanted, float x, float y);
/// Kept by the browser where it allows that; what was kept arrives with the "start" message.
void save_setting(std::string_view key, std::string_view value);
void mirror_items(std::string_view json); ///< accessible list

/// Workers share nothing: a request is a head with buffers that are copied over.
void start_work(int worker, std::string_view request_json, std::vector<ByteView> const& buffers);
/// Kills the worker and starts another in its place.
void restart_worker(int worker);

} // namespace mg::platform
