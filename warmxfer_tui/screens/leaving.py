"""Leaving the console while somebody is on the line (ANY-8)."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Static

from warmxfer_tui.core.advice import Leave
from warmxfer_tui.screens.modal import Modal, box, choice
from warmxfer_tui.widgets.menu import MARK
from warmxfer_tui.widgets.paint import KEY


class Leaving(Modal[Leave]):
    """Asks once more. What it returns is one of the answers that it was given."""

    DEFAULT_CSS = """
    Leaving > Vertical { width: 60; }
    Leaving VerticalScroll { height: auto; max-height: 8; margin: 0 0 1 0; }
    Leaving #answers { height: auto; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,s", "stay", "stay"),
        Binding("l", "go", "leave"),
        Binding("g", "guardian", "leave the guardian in charge"),
        Binding("enter", "first", "the marked answer"),
        Binding("d", "drop", "drop everybody"),
    ]

    def __init__(
        self,
        names: Sequence[str],
        answers: Sequence[Leave],
        within_ms: int,
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        """The first answer is marked; dropping takes two presses ``within_ms``. ``now`` is in seconds."""
        super().__init__()
        self._names, self._answers = tuple(names), tuple(answers)
        self._within, self._now = within_ms / 1000, now
        self._pressed: float | None = None

    def compose(self) -> ComposeResult:
        """Who would be dropped, and the answers."""
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
        return self._pressed is not None and self._now() - self._pressed <= self._within

    def _draw(self) -> None:
        marks = [(MARK, KEY), *[(" " * len(MARK), "")] * (len(self._answers) - 1)]
        lines = [
            Content.assemble(mark, self._line(answer))
            for mark, answer in zip(marks, self._answers, strict=True)
        ]
        self.query_one("#answers", Static).update(Content("\n").join(lines))

    def _line(self, answer: Leave) -> Content:
        seconds = f"{self._within:g} s"
        match answer:
            case Leave.GO:
                return choice("l", "leave", "they talk on without you")
            case Leave.STAY:
                return choice("s", "stay", "nobody notices")
            case Leave.GUARDIAN:
                return choice("g", "leave the guardian in charge", "customers stay on")
            case Leave.DROP if self._warned:
                words = f" ! press d again within {seconds}: everybody is hung up"
                return Content.assemble(("[d]", KEY), (words, "bold $text-error"))
            case Leave.DROP:
                return choice("d", "drop everybody", f"twice, within {seconds}")

    def action_stay(self) -> None:
        """Back to the console."""
        self.dismiss(Leave.STAY)

    def action_go(self) -> None:
        """Leave those who have been handed over to themselves."""
        if Leave.GO in self._answers:
            self.dismiss(Leave.GO)

    def action_guardian(self) -> None:
        """Leave them to the guardian."""
        if Leave.GUARDIAN in self._answers:
            self.dismiss(Leave.GUARDIAN)

    def action_first(self) -> None:
        """The marked answer."""
        self.dismiss(self._answers[0])

    def action_drop(self) -> None:
        """The first press warns, a second one in time drops."""
        if self._warned:
            self.dismiss(Leave.DROP)
            return
        self._pressed = self._now()
        self._draw()
        self.set_timer(self._within + 0.05, self._draw)
