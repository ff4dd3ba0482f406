// The browser. The functions of web/platform.js come in here, and nowhere else.
#include "platform/platform.h"

#include <cstdint>

#include <emscripten/html5.h>

extern "C" {
/// `views`: pointer and length of each buffer, alternating.
void mg_js_tell(int to, char const* head, int head_length, std::uint32_t const* views, int count);
double mg_js_now_s();
void mg_js_request_frame();
}

namespace mg::platform {

void tell(int to, std::string_view head, std::vector<ByteView> const& buffers) {
    std::vector<std::uint32_t> views;
    for (ByteView buffer : buffers) {
        views.push_back(static_cast<std::uint32_t>(reinterpret_cast<std::uintptr_t>(buffer.data())));
        views.push_back(static_cast<std::uint32_t>(buffer.size()));
    }
    mg_js_tell(to, head.data(), static_cast<int>(head.size()), views.data(), static_cast<int>(buffers.size()));
}

double now_s() { return mg_js_now_s(); }
void request_frame() { mg_js_request_frame(); }

bool create_gl_context() {
    EmscriptenWebGLContextAttributes attributes;
    emscripten_webgl_init_context_attributes(&attributes);
    attributes.majorVersion = 2;
    attributes.alpha = false;
    attributes.depth = false;
    attributes.antialias = false;
    attributes.preserveDrawingBuffer = false;
    EMSCRIPTEN_WEBGL_CONTEXT_HANDLE const context = emscripten_webgl_create_context("#canvas", &attributes);
    return context > 0 && emscripten_webgl_make_context_current(context) == EMSCRIPTEN_RESULT_SUCCESS;
}

} // namespace mg::platform
