// The module's five doors. On the page: mg_start, mg_message, mg_frame. In a worker: mg_work. main() does nothing: boot.js
// decides which of the two an instance is to be.
//
// A frame is drawn only when something has happened: input, a worker's answer, or a moment that was waited for (a toast's
// end, a tooltip). An idle page draws none.
#include <algorithm>
#include <iterator>
#include <memory>
#include <optional>

#include <GLES3/gl3.h>

#include "app/app.h"
#include "app/command_names.h"
#include "app/input.h"
#include "app/work.h"
#include "imgui.h"
#include "imgui_impl_opengl3.h"
#include "notices.h"
#include "platform/platform.h"
#include "render/textures.h"
#include "ui/frame.h"
#include "ui/theme.h"

namespace mg::app {

namespace {

/// Frames after an event: ImGui learns what is under the pointer in one and shows it in the next. What panels ask for is
/// done after their frame, so it takes another one.
constexpr int k_frames_after_input = 2, k_frames_after_change = 1;
/// And at most so many until scroll bars have followed their content.
constexpr int k_frames_for_layout = 3;
/// Tooltips come after the pointer has rested.
constexpr double k_tooltip_moments_s[] = {0.2, 0.5, 0.8};
constexpr double k_mirror_every_s = 0.3;

class Window {
public:
    explicit Window(Packet const& start) : m_app(start) {
        ImGui::CreateContext();
        ImGuiIO& io = ImGui::GetIO();
        io.IniFilename = nullptr;
        io.LogFilename = nullptr;
        io.ConfigInputTextCursorBlink = false; // would need frames for ever
        io.BackendFlags |= ImGuiBackendFlags_HasMouseCursors;
        io.SetClipboardTextFn = [](void*, char const* text) { platform::copy_text(text); };
        io.GetClipboardTextFn = [](void*) -> char const* { return ""; }; // pasted text arrives as text
        resize(start);
        m_has_gl = platform::create_gl_context();
        if (m_has_gl) create_device();
        else platform::tell(platform::k_page, R"({"type":"no_webgl"})", {});
        wake(k_frames_after_input);
    }

    void receive(Packet const& message, int from) {
        std::string const type = from < 0 ? message.text("type") : std::string{};
        if (from < 0 && take_input(message, ImGui::GetIO())) {
            m_input_s = platform::now_s();
            m_moment = 0;
            return wake(k_frames_after_input);
        }
        if (type == "resize") {
            resize(message);
            return wake(k_frames_after_input);
        }
        if (type == "context") {
            if (message.flag("lost")) lose_device();
            else create_device();
            return wake(k_frames_after_input);
        }
        m_app.receive(message, from);
        if (m_app.take_changed()) wake(k_frames_after_change);
    }

    void frame() {
        m_app.tick();
        bool const moment_came = m_moment < std::size(k_tooltip_moments_s) &&
                                 platform::now_s() >= m_input_s + k_tooltip_moments_s[m_moment];
        if (moment_came) ++m_moment;
        if (m_app.take_changed() || moment_came) m_wanted = std::max(m_wanted, 1);
        if (m_wanted > 0) {
            --m_wanted;
            draw();
        }
        mirror();
        plan_next();
    }

private:
    void wake(int frames) {
        m_wanted = std::max(m_wanted, frames);
        platform::request_frame();
    }

    void resize(Packet const& message) {
        m_width = static_cast<float>(std::clamp(message.number("width", 800), 1.0, 32768.0));
        m_height = static_cast<float>(std::clamp(message.number("height", 600), 1.0, 32768.0));
        m_ratio = static_cast<float>(std::clamp(message.number("ratio", 1), 0.25, 8.0));
    }

    void create_device() {
        m_has_gl = ImGui_ImplOpenGL3_Init("#version 300 es") && m_textures.create();
        m_fonts_for.reset();
    }

    void lose_device() {
        m_has_gl = false;
        m_textures.forget();
        ImGui_ImplOpenGL3_Shutdown(); // its calls to a lost context do nothing
    }

    struct FontsFor {
        float ratio = 0;
        double scale = 0;
        Theme theme{};
        bool operator==(FontsFor const&) const = default;
    };

    void prepare_fonts() {
        FontsFor const wanted{m_ratio, m_app.view().font_scale, m_app.view().theme};
        if (m_fonts_for == wanted) return;
        bool const rasterise = !m_fonts_for || m_fonts_for->ratio != wanted.ratio || m_fonts_for->scale != wanted.scale;
        auto const scale = static_cast<float>(wanted.scale);
        if (rasterise) {
            ui::build_fonts(m_ratio, scale);
            ImGui_ImplOpenGL3_DestroyFontsTexture();
            ImGui_ImplOpenGL3_CreateFontsTexture();
        }
        ui::apply_theme(wanted.theme, scale);
        m_fonts_for = wanted;
    }

    void draw() {
        if (!m_has_gl) return;
        ImGuiIO& io = ImGui::GetIO();
        double const now = platform::now_s();
        io.DisplaySize = {m_width, m_height};
        io.DisplayFramebufferScale = {m_ratio, m_ratio};
        io.DeltaTime = static_cast<float>(std::clamp(now - m_drawn_s, 1e-4, 1.0));
        m_drawn_s = now;
        prepare_fonts();
        ImGui_ImplOpenGL3_NewFrame();
        ImGui::NewFrame();
        m_app.items().begin_frame();
        m_textures.begin_frame(m_ratio, m_width, m_height);
        CommandSink commands;
        PanelInput input = m_app.panel_input(m_textures, m_width, m_height);
        input.notices = third_party_notices();
        draw_page(input, commands);
        ImGui::Render();
        m_app.carry_out(std::move(commands)); // before the pixels: workers start while they are drawn
        glBindFramebuffer(GL_FRAMEBUFFER, 0);
        glViewport(0, 0, static_cast<int>(m_width * m_ratio + 0.5f), static_cast<int>(m_height * m_ratio + 0.5f));
        glDisable(GL_SCISSOR_TEST);
        ImVec4 const ground = ImGui::GetStyle().Colors[ImGuiCol_WindowBg];
        glClearColor(ground.x, ground.y, ground.z, 1);
        glClear(GL_COLOR_BUFFER_BIT);
        ImGui_ImplOpenGL3_RenderDrawData(ImGui::GetDrawData());
        m_textures.end_frame();
        m_app.drawn();
        m_mirror_due = true;
        show_cursor();
        if (m_app.take_changed()) m_wanted = std::max(m_wanted, k_frames_after_change);
        m_layout_frames = ui::layout_moved() ? m_layout_frames + 1 : 0;
        if (m_layout_frames > 0 && m_layout_frames <= k_frames_for_layout) m_wanted = std::max(m_wanted, 1);
    }

    void show_cursor() {
        using platform::Cursor;
        static constexpr Cursor k_cursors[] = {Cursor::arrow,      Cursor::text,      Cursor::move,
                                               Cursor::vertical,   Cursor::horizontal, Cursor::move,
                                               Cursor::move,       Cursor::hand,      Cursor::forbidden};
        int const shape = ImGui::GetMouseCursor();
        if (shape != m_cursor && shape >= 0 && shape < ImGuiMouseCursor_COUNT) {
            m_cursor = shape;
            platform::set_cursor(k_cursors[shape]);
        }
        ImGuiIO const& io = ImGui::GetIO();
        if (io.WantTextInput != m_text_input) {
            m_text_input = io.WantTextInput;
            platform::set_text_input(m_text_input, io.MousePos.x, io.MousePos.y);
        }
    }

    /// The list for screen readers: whenever it has changed, but not at every step of a drag.
    void mirror() {
        if (!m_mirror_due) return;
        double const now = platform::now_s(), rest = m_mirrored_s + k_mirror_every_s - now;
        if (rest > 0) return platform::request_frame_after(rest);
        m_mirror_due = false;
        m_mirrored_s = now;
        Json head;
        head.add("type", "items");
        head.add("items", items_json(m_app.items().items()));
        std::string text = to_text(head);
        if (text == m_mirrored) return;
        m_mirrored = std::move(text);
        platform::mirror_items(m_mirrored);
    }

    void plan_next() {
        if (m_wanted > 0 || is_held()) {
            m_wanted = std::max(m_wanted, 1);
            return platform::request_frame();
        }
        if (auto const next = m_app.next_frame_s()) platform::request_frame_after(*next);
        if (m_moment < std::size(k_tooltip_moments_s))
            platform::request_frame_after(m_input_s + k_tooltip_moments_s[m_moment] - platform::now_s());
    }

    /// A key that repeats while it is down.
    static bool is_held() {
        for (int key = ImGuiKey_Tab; key < ImGuiKey_GamepadStart; ++key)
            if (ImGui::IsKeyDown(static_cast<ImGuiKey>(key)) &&
                !(key >= ImGuiKey_LeftCtrl && key <= ImGuiKey_RightSuper))
                return true;
        return false;
    }

    App m_app;
    Textures m_textures;
    std::optional<FontsFor> m_fonts_for;
    std::string m_mirrored;
    float m_width = 0, m_height = 0, m_ratio = 1;
    double m_drawn_s = 0, m_input_s = -1e9, m_mirrored_s = -1e9;
    std::size_t m_moment = std::size(k_tooltip_moments_s); ///< next of them
    int m_wanted = 0, m_layout_frames = 0, m_cursor = -1;
    bool m_has_gl = false, m_text_input = false, m_mirror_due = false;
};

/// One instance of the module is either the page or one worker; these are its two roots.
std::unique_ptr<Window> g_window;
std::unique_ptr<Workbench> g_workbench;

} // namespace

} // namespace mg::app

int main() { return 0; }

extern "C" {

void mg_start(std::uint8_t const* run, std::uint32_t length) {
    if (auto packet = mg::app::unpacked({run, length})) mg::app::g_window = std::make_unique<mg::app::Window>(*packet);
}

/// `from`: the worker's index, or -1 for the page's script.
void mg_message(std::uint8_t const* run, std::uint32_t length, int from) {
    auto packet = mg::app::unpacked({run, length});
    if (packet && mg::app::g_window) mg::app::g_window->receive(*packet, from);
}

void mg_frame() {
    if (mg::app::g_window) mg::app::g_window->frame();
}

void mg_work(std::uint8_t const* run, std::uint32_t length) {
    using namespace mg::app;
    if (!g_workbench) g_workbench = std::make_unique<Workbench>();
    if (auto packet = unpacked({run, length}))
        g_workbench->work(*packet, &mg::platform::now_s, [](PacketWriter const& reply) {
            mg::platform::tell(reply.keep ? mg::platform::k_page_keeps : mg::platform::k_page, reply.head_text(),
                               reply.buffers());
        });
}

} // extern "C"
