#pragma once
// Signs drawn as lines, so that they are sharp at any size and in any colour.
#include "ui/frame.h"

namespace mg::ui {

enum class Icon {
    undo,
    redo,
    open,
    folder,
    search,
    close,
    chevron_down,
    fold_closed,
    fold_open,
    swipe,
    check,
    reset,
    help,
    sun,
    moon,
    plus,
    minus,
    more,
    locked,
    unlocked,
    brush,
    marquee,
    lasso,
    polygon
};

/// Centred in `box`, which is best square; strokes are 1.5 CSS px wide.
void icon(Frame const& frame, Box box, Icon kind, Colour colour);

} // namespace mg::ui
