"""Digits for somebody on the line."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Grid
from textual.content import Content
from textual.widgets import Static

from warmxfer_tui.screens.modal import Modal, box
from warmxfer_tui.widgets.paint import DIM, KEY

DIGITS = "123456789*0#"
_ECHO = 24
"""How many of the digits sent are seen."""


class Key(Static):
    """One digit on the pad."""

    def __init__(self, digit: str) -> None:
        super().__init__(Content.assemble((digit, KEY)), markup=False)
        self.digit = digit


class Keypad(Modal[None]):
    """Every digit goes out as it is pressed; there is nothing to take back, so there is nothing to send."""

    DEFAULT_CSS = """
    Keypad > Vertical { width: 40; }
    Keypad Grid { grid-size: 3 4; grid-rows: 1; grid-gutter: 1 2; width: 25; height: 7; margin: 0 4; }
    Keypad Key { content-align: center middle; background: $panel; }
    Keypad Key:hover { background: $accent 40%; }
    Keypad #echo { height: 1; margin: 1 0 0 0; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "leave", "close")]

    def __init__(self, who: str, send: Callable[[str], None]) -> None:
        super().__init__()
        self._who, self._send, self._sent = who, send, ""

    def compose(self) -> ComposeResult:
        """The pad as on a telephone."""
        with box(f"Digits go to {self._who}", "Esc close"):
            with Grid():
                yield from map(Key, DIGITS)
            yield Static(id="echo", markup=False)

    def on_mount(self) -> None:
        """Nothing is sent yet."""
        self._echo()

    def on_key(self, event: events.Key) -> None:
        """Send a digit; no other key does anything here."""
        if event.character and event.character in DIGITS:
            event.stop()
            self._press(event.character)

    def on_click(self, event: events.Click) -> None:
        """A digit may be clicked as well."""
        if isinstance(event.widget, Key):
            self._press(event.widget.digit)

    def _press(self, digit: str) -> None:
        self._send(digit)
        self._sent += digit
        self._echo()

    def _echo(self) -> None:
        words = "sent " if self._sent else "press 0-9 * #"
        seen = self._sent if len(self._sent) <= _ECHO else f"…{self._sent[-_ECHO:]}"
        self.query_one("#echo", Static).update(Content.assemble((words, DIM), (seen, "bold")))

    def action_leave(self) -> None:
        """Back to the console."""
        self.dismiss(None)
