"""Leaving the console while somebody is on the line (ANY-8)."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from enum import Enum
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Static

from warmxfer_tui.screens.modal import Modal, box, choice
from warmxfer_tui.widgets.menu import MARK
from warmxfer_tui.widgets.paint import KEY

SURE_S = 2.0
"""Seconds within which the second press of the key drops everybody (I3)."""


class Leave(Enum):
    """What is to become of those on the line."""

    STAY = "stay"
    GO = "leave"
    """Those who have been handed over talk on."""
    DROP = "drop"


class Leaving(Modal[Leave]):
    """Asks once more. What it returns is `Leave.STAY` unless the user says otherwise."""

    DEFAULT_CSS = """
    Leaving > Vertical { width: 60; }
    Leaving VerticalScroll { height: auto; max-height: 8; margin: 0 0 1 0; }
    Leaving #answers { height: auto; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,s", "stay", "stay"),
        Binding("l", "go", "leave"),
        Binding("enter", "first", "the marked answer"),
        Binding("d", "drop", "drop everybody"),
    ]

    def __init__(
        self, names: Sequence[str], *, handed_over: bool = False, now: Callable[[], float] = time.monotonic
    ) -> None:
        """``handed_over``: they talk on without this console. ``now`` in seconds, from any beginning."""
        super().__init__()
        self._handed_over = handed_over
        self._names, self._now = tuple(names), now
        self._pressed: float | None = None

    def compose(self) -> ComposeResult:
        """Who would be dropped, and the two answers."""
        with box("Leave warmxfer?", "Esc stay"):
            with VerticalScroll(can_focus=False):
                yield Static(f"Still on the line: {', '.join(self._names)}.", markup=False)
            yield Static(id="answers", markup=False)

    def on_mount(self) -> None:
        """Nobody has pressed anything yet."""
        self._draw()

    @property
    def _warned(self) -> bool:
        """A second press would drop everybody now."""
        return self._pressed is not None and self._now() - self._pressed <= SURE_S

    def _draw(self) -> None:
        drop = (
            Content.assemble(
                ("[d]", KEY), (" ! press d again within 2 s: everybody is hung up", "bold $text-error")
            )
            if self._warned
            else choice("d", "drop everybody", "twice, within 2 s")
        )
        answers = [choice("s", "stay", "nobody notices"), drop]
        if self._handed_over:
            answers.insert(0, choice("l", "leave", "they talk on without you"))
        marks = [(MARK, KEY), *[(" " * len(MARK), "")] * (len(answers) - 1)]
        lines = [Content.assemble(mark, answer) for mark, answer in zip(marks, answers, strict=True)]
        self.query_one("#answers", Static).update(Content("\n").join(lines))

    def action_stay(self) -> None:
        """Back to the console."""
        self.dismiss(Leave.STAY)

    def action_go(self) -> None:
        """Leave those who have been handed over to themselves."""
        if self._handed_over:
            self.dismiss(Leave.GO)

    def action_first(self) -> None:
        """The marked answer: the one that hurts nobody."""
        self.dismiss(Leave.GO if self._handed_over else Leave.STAY)

    def action_drop(self) -> None:
        """The first press warns, a second one in time drops."""
        if self._warned:
            self.dismiss(Leave.DROP)
            return
        self._pressed = self._now()
        self._draw()
        self.set_timer(SURE_S + 0.05, self._draw)
