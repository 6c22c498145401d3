"""The console as one plain list: who is on the line, in which state, and who hears whom (`core.view`).

Draws the newest desk, turns keys into presses, knows nothing else. What comes from outside is never markup.
"""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Callable
from functools import partial
from typing import ClassVar, Protocol

from rich.cells import set_cell_size
from textual import work
from textual.app import App, ComposeResult
from textual.binding import Binding, BindingType
from textual.widgets import Static

from warmxfer_tui.core.actions import Allowed, allowed, live
from warmxfer_tui.core.events import Pressed
from warmxfer_tui.core.model import Desk
from warmxfer_tui.core.terms import Number
from warmxfer_tui.core.verbs import BY_NAME, VERBS
from warmxfer_tui.core.view import Row, board
from warmxfer_tui.errors import WarmxferError
from warmxfer_tui.ports import Publisher

SURE_S = 2.0  # a second ctrl+q within this time hangs up everybody (ANY-8)
_CALLING = frozenset({"consult", "aside", "dial"})


class Session(Protocol):
    """What runs behind the screen (`runtime.Session`)."""

    async def ready(self) -> str:
        """Return when keys and webhooks are taken, with a word on where. Raises `WarmxferError`."""

    async def stop(self) -> None:
        """Close everything."""

    def submit(self, intent: Pressed) -> None:
        """Hand over a key."""

    def whom(self, verb: str) -> tuple[str, Number] | None:
        """Name and number that a verb calls where nobody is named."""


class Console(App[None]):
    """The console. `start` opens what runs behind it, and is called when the first frame is on the screen."""

    ENABLE_COMMAND_PALETTE = False
    CSS = "#next { color: $accent; margin: 1 0; } #events { color: $text-muted; }"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(",".join(filter(None, (v.key, v.twin))), f"verb('{v.name}')", v.title, priority=True)
        for v in VERBS
    ]

    def __init__(self, start: Callable[[Publisher], Session], now: Callable[[], int]) -> None:
        super().__init__()
        self._start, self._now = start, now
        self._session: Session | None = None
        self._failure: WarmxferError | None = None
        self._status, self._desk = "opening the desk ...", Desk()
        self._drawn: object = None
        self._asked_at = -SURE_S

    def compose(self) -> ComposeResult:
        """Four blocks of plain text."""
        yield from (Static(id=name, markup=False) for name in ("header", "legs", "next", "events"))

    def on_mount(self) -> None:
        """Paint first; only then begin to open what takes time to import."""
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGHUP):  # else the terminal would be left as it is
            loop.add_signal_handler(number, partial(self.exit, return_code=128 + number))
        self.set_interval(1 / 20, self._draw)
        self.call_after_refresh(self._begin)

    @work(exit_on_error=False)
    async def _begin(self) -> None:
        self._session = self._start(self)
        try:
            self._status = await self._session.ready()
        except WarmxferError as error:
            self._failure = error
            self.exit()

    async def on_unmount(self) -> None:
        """Close everything, however the screen came to its end."""
        if self._session is not None:
            await self._session.stop()

    def publish(self, desk: Desk) -> None:
        """Take the newest desk; the next frame shows it (`ports.Publisher`)."""
        self._desk = desk

    def action_verb(self, name: str) -> None:
        """Hand a key to the desk, with somebody to call where the verb calls somebody."""
        if name == "quit":
            self._quit()
        elif name in _CALLING and self._session is not None and self._session.whom(name) is None:
            self.notify(f"{BY_NAME[name].title}: nobody to call; name them in TARGETS_FILE", markup=False)
        else:
            self._press(name)

    def _quit(self) -> None:
        """Nobody on the line: leave. Else say so, and hang up everybody on the second press in time (I3)."""
        anybody, now = live(self._desk), asyncio.get_running_loop().time()
        self._press("quit", "drop" if anybody else "")
        if not anybody or now - self._asked_at <= SURE_S:
            self._press("quit")  # with nobody left, it hangs up the agent's own line
            self.exit()
        self._asked_at = now

    def _press(self, verb: str, text: str = "") -> None:
        if self._session:
            who, number = self._session.whom(verb) or ("", None)
            self._session.submit(Pressed(0, verb, number=number, name=who, text=text))

    def _draw(self) -> None:
        desk, seconds, width = self._desk, self._now() // 1000, max(self.size.width, 1)
        if (drawn := (desk, self._status, seconds, width)) == self._drawn:
            return
        self._drawn = drawn
        call, answers = desk.calls.get(desk.focus) if desk.focus else None, allowed(desk)
        keys = [f"[{v.key}] {v.title}" for v in VERBS if isinstance(answers[v.name], Allowed)]
        head = f"{call.state if call else 'IDLE'}   your line: {desk.line.state}   {self._status}"
        lines = {
            "header": [f" warmxfer   {head}"],
            "legs": [_line(row, seconds) for row in board(desk)] or [" Nobody is on the line."],
            "events": [f" {notice.text}" for notice in reversed(desk.notices[-6:])],
        }
        for name, texts in lines.items():
            self.query_one(f"#{name}", Static).update("\n".join(set_cell_size(t, width) for t in texts))
        self.query_one("#next", Static).update(f" Next: {'   '.join(keys)}")  # wraps

    def run_to_the_end(self) -> int:
        """Run until closed and return the exit status. Raises `WarmxferError` when it could not begin."""
        self.run()
        if self._failure is None:
            return self.return_code or 0
        raise self._failure


def _line(row: Row, seconds: int) -> str:
    lasts, busy = max(seconds - row.since // 1000, 0), " ..." if row.pending else ""
    who, state = set_cell_size(f" {row.who}", 22), set_cell_size(f" {row.state}{busy}", 15)
    return f"{who}{state}{lasts // 60:3}:{lasts % 60:02}   hears: {row.hears}"
