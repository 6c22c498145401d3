"""Why a customer is hung up: asked each time, answered with one more key (I3)."""

from __future__ import annotations

from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content

from warmxfer_tui.core.advice import REASONS
from warmxfer_tui.screens.modal import Modal, box
from warmxfer_tui.widgets.menu import Menu


class Reason(Modal[str | None]):
    """Returns the reason, or None to let them stay. The key that opened it confirms it: x, x hangs up."""

    DEFAULT_CSS = """
    Reason > Vertical { width: 48; }
    Reason Menu { height: 5; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("x,enter", "hang_up", "hang up"),
        Binding("escape", "leave", "stay"),
        Binding("down", "move(1)", "next"),
        Binding("up", "move(-1)", "previous"),
    ]

    def __init__(self, who: str) -> None:
        super().__init__()
        self._who = who

    def compose(self) -> ComposeResult:
        """The reasons, the usual one first and marked."""
        with box(f"Hang up {self._who}?", "x hang up   ↑↓ reason   Esc stay"):
            yield Menu([Content(reason) for reason in REASONS], at=0)

    def action_move(self, by: int) -> None:
        """Mark another reason."""
        self.query_one(Menu).move(by)

    @on(Menu.Taken)
    def action_hang_up(self) -> None:
        """Hang up for the marked reason."""
        self.dismiss(REASONS[self.query_one(Menu).at or 0])

    def action_leave(self) -> None:
        """They stay on the line."""
        self.dismiss(None)
