"""What the console's dialogs have in common: a box in the middle, and no key that goes through it."""

from __future__ import annotations

from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen, ScreenResultType

from warmxfer_tui.widgets.paint import DIM, KEY

_SWALLOWED = frozenset({"enter", "tab", "shift+tab"})


class Modal(ModalScreen[ScreenResultType]):
    """A dialog. Keys without Ctrl or F mean what it says they mean, and nothing to what lies below."""

    DEFAULT_CSS = """
    Modal {
        align: center middle;
    }
    Modal > Vertical {
        width: 64;
        max-width: 100%;
        height: auto;
        max-height: 100%;
        padding: 1 2;
        border: round $accent;
        border-title-color: $text-accent;
        border-subtitle-color: $text-muted;
        background: $surface;
    }
    """

    def check_consume_key(self, key: str, character: str | None) -> bool:
        """Hide the application's own bindings of plain keys, even those with priority."""
        return key in _SWALLOWED or (character is not None and character.isprintable())


def box(title: str, keys: str) -> Vertical:
    """The box of a dialog: its title in the border above, its keys in the border below."""
    made = Vertical()
    made.border_title = titled(title)
    made.border_subtitle = Content(keys)
    return made


def titled(title: str) -> Content:
    """A title that is never markup, and never more than a line."""
    return Content(title.replace("\n", " ").strip() or " ")


def choice(key: str, words: str, remark: str = "") -> Content:
    """An answer with its key in front."""
    return Content.assemble((f"[{key}]", KEY), f" {words}", (f"   {remark}" if remark else "", DIM))
