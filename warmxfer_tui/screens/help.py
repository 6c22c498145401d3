"""What every key does now, and why the others are off."""

from __future__ import annotations

from collections.abc import Sequence
from textwrap import wrap
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static

from warmxfer_tui.core.advice import Help
from warmxfer_tui.widgets.paint import DIM, KEY, fitted

_KEYS, _TITLE, _WORDS = 10, 26, 37


class HelpScreen(ModalScreen[None]):
    """A list to read; any of the keys that opened it closes it."""

    CSS = """
    HelpScreen { align: center middle; }
    HelpScreen > VerticalScroll {
        width: 100%; max-width: 80; height: auto; max-height: 100%;
        border: round $accent; border-title-color: $text-accent; padding: 0 1; background: $surface;
        scrollbar-size-vertical: 1;
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,question_mark,f1,q", "close", "close"),
    ]

    def __init__(self, lines: Sequence[Help], state: str) -> None:
        super().__init__()
        self._lines, self._state = lines, state

    def compose(self) -> ComposeResult:
        """Those that work first."""
        with VerticalScroll() as box:
            box.border_title = f"Keys in {self._state}"
            box.border_subtitle = "↑↓ more   Esc closes"
            on = [line_of(line) for line in self._lines if not line.off]
            off = [line_of(line) for line in self._lines if line.off]
            heading = [Content(), Content.assemble(("Off now, and why:", DIM))] if off else []
            yield Static(Content("\n").join([*on, *heading, *off]), markup=False)

    def action_close(self) -> None:
        """Back to the console."""
        self.dismiss(None)


def line_of(line: Help) -> Content:
    """One verb: its keys, its title, what it does or why it does not."""
    words = line.off or f"{line.words} {line.doubt}".rstrip()
    first, *more = wrap(words, _WORDS) or [""]
    picture = Content.assemble(
        (fitted(line.key, _KEYS), DIM if line.off else KEY),
        (fitted(line.title, _TITLE), DIM if line.off else "bold"),
        (first, DIM if line.off else ""),
    )
    indent = " " * (_KEYS + _TITLE)
    return Content("\n").join(
        [picture, *(Content.assemble(indent, (text, DIM if line.off else "")) for text in more)]
    )
