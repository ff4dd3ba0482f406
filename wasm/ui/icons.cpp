#include "ui/icons.h"

#include <numbers>

namespace mg::ui {

void icon(Frame const& frame, Box box, Icon kind, Colour colour) {
    ImDrawList& list = draw_list(frame);
    float r = std::fmin(box.width, box.height) / 2;
    ImVec2 c{box.middle_x(), box.middle_y()};
    float w = 1.5f * frame.scale;
    constexpr float pi = std::numbers::pi_v<float>;
    // Coordinates are in units of half the box.
    auto at = [&](float x, float y) { return ImVec2{c.x + x * r, c.y + y * r}; };
    auto line = [&](std::initializer_list<ImVec2> points, bool closed = false) {
        for (ImVec2 p : points) list.PathLineTo(at(p.x, p.y));
        list.PathStroke(colour, closed ? ImDrawFlags_Closed : 0, w);
    };
    auto filled = [&](ImVec2 p, ImVec2 q, ImVec2 s) {
        list.AddTriangleFilled(at(p.x, p.y), at(q.x, q.y), at(s.x, s.y), colour);
    };
    switch (kind) {
    case Icon::undo:
    case Icon::redo: {
        float m = kind == Icon::undo ? 1.0f : -1.0f;
        line({{-0.7f * m, -0.3f}, {0.2f * m, -0.3f}});
        list.PathArcTo(at(0.2f * m, 0.2f), 0.5f * r, -pi / 2, m > 0 ? pi / 2 : -3 * pi / 2);
        list.PathLineTo(at(-0.3f * m, 0.7f));
        list.PathStroke(colour, 0, w);
        line({{-0.35f * m, -0.7f}, {-0.75f * m, -0.3f}, {-0.35f * m, 0.1f}});
        break;
    }
    case Icon::open:
        line({{0, -0.8f}, {0, 0.3f}});
        line({{-0.4f, -0.1f}, {0, 0.35f}, {0.4f, -0.1f}});
        line({{-0.75f, 0.35f}, {-0.75f, 0.75f}, {0.75f, 0.75f}, {0.75f, 0.35f}});
        break;
    case Icon::folder:
        line({{-0.8f, 0.65f}, {-0.8f, -0.6f}, {-0.2f, -0.6f}, {0, -0.35f}, {0.8f, -0.35f}, {0.8f, 0.65f}}, true);
        break;
    case Icon::search:
        list.AddCircle(at(-0.15f, -0.15f), 0.5f * r, colour, 0, w);
        line({{0.22f, 0.22f}, {0.7f, 0.7f}});
        break;
    case Icon::close:
        line({{-0.5f, -0.5f}, {0.5f, 0.5f}});
        line({{-0.5f, 0.5f}, {0.5f, -0.5f}});
        break;
    case Icon::chevron_down:
        line({{-0.5f, -0.25f}, {0, 0.25f}, {0.5f, -0.25f}});
        break;
    case Icon::fold_closed:
        filled({-0.35f, -0.55f}, {0.55f, 0}, {-0.35f, 0.55f});
        break;
    case Icon::fold_open:
        filled({-0.55f, -0.35f}, {0.55f, -0.35f}, {0, 0.55f});
        break;
    case Icon::swipe:
        line({{-0.8f, 0}, {0.8f, 0}});
        line({{-0.4f, -0.4f}, {-0.8f, 0}, {-0.4f, 0.4f}});
        line({{0.4f, -0.4f}, {0.8f, 0}, {0.4f, 0.4f}});
        break;
    case Icon::check:
        line({{-0.6f, 0}, {-0.15f, 0.45f}, {0.65f, -0.5f}});
        break;
    case Icon::reset:
        list.PathArcTo(c, 0.6f * r, -pi * 0.75f, pi * 0.9f);
        list.PathStroke(colour, 0, w);
        filled({-0.85f, -0.75f}, {0.05f, -0.55f}, {-0.55f, 0.05f});
        break;
    case Icon::help:
        list.PathArcTo(at(0, -0.3f), 0.35f * r, -pi, pi * 0.35f);
        list.PathLineTo(at(0, 0.2f));
        list.PathStroke(colour, 0, w);
        list.AddCircleFilled(at(0, 0.6f), 0.12f * r, colour);
        break;
    case Icon::sun:
        list.AddCircle(c, 0.35f * r, colour, 0, w);
        for (int i = 0; i < 8; ++i) {
            float a = pi * 0.25f * static_cast<float>(i);
            line({{0.6f * std::cos(a), 0.6f * std::sin(a)}, {0.85f * std::cos(a), 0.85f * std::sin(a)}});
        }
        break;
    case Icon::moon:
        list.PathArcTo(c, 0.65f * r, -pi * 0.35f, pi * 1.15f);
        list.PathArcTo(at(0.4f, -0.3f), 0.55f * r, pi * 0.85f, pi * 0.02f);
        list.PathStroke(colour, ImDrawFlags_Closed, w);
        break;
    case Icon::more:
        for (float y : {-0.6f, 0.0f, 0.6f}) list.AddCircleFilled(at(0, y), 0.16f * r, colour);
        break;
    case Icon::plus:
        line({{-0.6f, 0}, {0.6f, 0}});
        line({{0, -0.6f}, {0, 0.6f}});
        break;
    case Icon::minus:
        line({{-0.6f, 0}, {0.6f, 0}});
        break;
    case Icon::locked:
    case Icon::unlocked: {
        bool const open = kind == Icon::unlocked;
        list.AddRectFilled(at(-0.6f, -0.05f), at(0.6f, 0.85f), colour, 0.18f * r);
        float const y = open ? -0.42f : -0.38f;
        list.PathLineTo(at(-0.36f, -0.05f));
        list.PathArcTo(at(0, y), 0.36f * r, -pi, open ? -0.25f * pi : 0);
        if (!open) list.PathLineTo(at(0.36f, -0.05f));
        list.PathStroke(colour, 0, w);
        break;
    }
    case Icon::brush:
        line({{0.8f, -0.8f}, {-0.05f, 0.05f}});
        list.AddCircleFilled(at(-0.35f, 0.35f), 0.34f * r, colour);
        line({{-0.35f, 0.35f}, {-0.85f, 0.8f}});
        break;
    case Icon::marquee:
        for (float m : {-1.0f, 1.0f})
            for (float n : {-1.0f, 1.0f}) {
                line({{0.75f * m, 0.25f * n}, {0.75f * m, 0.6f * n}, {0.3f * m, 0.6f * n}});
            }
        break;
    case Icon::lasso:
        list.AddEllipse(at(0.05f, -0.2f), 0.75f * r, 0.48f * r, colour, -0.15f, 0, w);
        list.PathLineTo(at(-0.4f, 0.2f));
        list.PathBezierCubicCurveTo(at(-0.6f, 0.4f), at(-0.25f, 0.6f), at(-0.5f, 0.85f));
        list.PathStroke(colour, 0, w);
        break;
    case Icon::polygon:
        line({{-0.7f, 0.1f}, {-0.1f, -0.75f}, {0.75f, -0.25f}, {0.45f, 0.7f}, {-0.4f, 0.7f}}, true);
        break;
    }
}

} // namespace mg::ui
