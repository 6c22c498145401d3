"""An application with one dialog on it, and bindings below that no key of the dialog may reach."""

from __future__ import annotations

import string
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, ClassVar

from hypothesis import strategies as st
from textual.app import App, ComposeResult
from textual.binding import Binding, BindingType
from textual.pilot import Pilot
from textual.screen import Screen
from textual.widgets import Static

from warmxfer_tui.core.directory import Person
from warmxfer_tui.numbers import parse

#: What was seen to act or to crash as markup, and what a terminal would obey (style §3f).
TRAPS = (
    "[@click=app.trap]x[/]",
    "[/]",
    "[/foo]",
    "[bold",
    "$name",
    "\x1b[2J",
    "\x1b]52;c;eA==\x07",
    "\u202eevil",
    "\ud800",
    "e\u0301" * 40,
    "名" * 60,
    "👩‍👩‍👧‍👦",
    "a\nb\tc",
    "\x00",
    "",
    " ",
)
HOSTILE = st.sampled_from(TRAPS) | st.text(max_size=60)


class Stage(App[None]):
    """Below the dialog every plain key is a trap, with priority."""

    ENABLE_COMMAND_PALETTE = False
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(key, "trap", priority=True)
        for key in (*string.ascii_lowercase, *string.digits, "enter", "space", "tab", "question_mark")
    ]

    def __init__(self, dialog: Screen[Any]) -> None:
        super().__init__()
        self.dialog = dialog
        self.answers: list[object] = []
        self.trapped = 0

    def compose(self) -> ComposeResult:
        yield Static("the console")

    def on_mount(self) -> None:
        self.animation_level = "none"
        self.push_screen(self.dialog, self.answers.append)

    def action_trap(self) -> None:
        self.trapped += 1

    @property
    def words(self) -> str:
        """Everything that the dialog's texts say."""
        return "\n".join(str(block.render()) for block in self.dialog.query(Static))

    @property
    def picture(self) -> list[str]:
        """The lines of the screen."""
        return ["".join(part.text for part in strip) for strip in self.screen._compositor.render_strips()]


@asynccontextmanager
async def shown(dialog: Screen[Any]) -> AsyncIterator[tuple[Stage, Pilot[None]]]:
    app = Stage(dialog)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        yield app, pilot
        assert app.trapped == 0


def person(name: str, number: str, team: str = "") -> Person:
    return Person(name, parse(number, "US"), team)


MARIA = person("Maria Lopez", "+12025550110", "billing")
TOM = person("Tom", "+12025550142", "support")
ZOE = person("Zoë", "sip:zoe@example.com;transport=tls")
COSTLY = person("Costly", "+19005551234", "hotline")
PEOPLE = (MARIA, TOM, ZOE, COSTLY)
