"""The few strokes that every picture is made of: cells, times, and a symbol beside every colour.

Text from outside becomes `Content` here and nowhere is it markup (style §3f).
"""

from __future__ import annotations

from collections.abc import Mapping

from rich.cells import cell_len, set_cell_size
from textual.content import Content
from textual.style import Style

from warmxfer_tui.core.view import Tone

STYLES: Mapping[Tone, str] = {
    Tone.TALK: "$text-success",
    Tone.HOLD: "$text-primary",
    Tone.RING: "$text-accent",
    Tone.WAIT: "$foreground",
    Tone.ALARM: "bold $text-error",
    Tone.OVER: "$secondary",
}
SYMBOLS: Mapping[Tone, str] = {
    Tone.TALK: "●",
    Tone.HOLD: "‖",
    Tone.RING: "○",
    Tone.WAIT: "◌",
    Tone.ALARM: "!",
    Tone.OVER: "·",
}
DIM = "$secondary"
KEY = "bold $text-accent"
BEST = "bold reverse $text-accent"
"""The key that is pressed next: the one thing on the screen that stands out while all is well."""
VERB = "verb"
"""Under this name a piece of a picture carries the verb that a click on it means."""


def clickable(piece: Content, verb: str) -> Content:
    """A piece that means a verb when clicked. That is data: a text that looks like a key means nothing."""
    return piece.stylize(Style.from_meta({VERB: verb}))


def fitted(text: str, cells: int) -> str:
    """Text in exactly so many cells; what does not fit ends in an ellipsis."""
    if cell_len(text) <= cells:
        return set_cell_size(text, cells)
    return f"{set_cell_size(text, cells - 1)}…"


def apart(left: Content, right: Content, width: int) -> Content:
    """Two pieces at the two ends of a line; the right one goes where both do not fit."""
    gap = width - left.cell_length - right.cell_length
    return Content.assemble(left, " " * gap, right) if gap >= 1 else left.truncate(width, ellipsis=True)
