"""The console's one screen: the call in full, the other calls, the next keys, what happened."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.screen import Screen
from textual.widget import Widget
from textual.widgets import Static

from warmxfer_tui.core.advice import (
    aims,
    alarm_of,
    always,
    beside,
    lesson,
    next_best,
    waiting_for,
    watcher_keys,
)
from warmxfer_tui.core.model import Desk
from warmxfer_tui.core.terms import LegId
from warmxfer_tui.core.verbs import AIM, HELP, PALETTE, PAUSE, VERBS
from warmxfer_tui.core.view import head, others, panels
from warmxfer_tui.widgets import lines
from warmxfer_tui.widgets.leg import LegPanel
from warmxfer_tui.widgets.lines import Line, banner, events, footer, header, next_keys, other_calls

PANELS = 6
"""Legs that one call can show: C, A, B, one being parted with, and two strangers."""
WATCHING = "this console only watches: the one that runs the desk has the keys."
"""What stands in place of the next keys where none works."""
FRAME_S = 1 / 20
"""Least time from one drawing to the next."""
CLOCK_S = 1 / 4
"""How often the seconds are looked at: a clock may be so late, and an idle console costs next to nothing."""
WHOLE = (80, 24)
"""Cells and lines in which all of it is seen (behaviour §2)."""
ROOMY = (100, 30)
"""From here on the panels have air around their text."""
_AROUND, _AROUND_ROOMY = 10, 14
"""Lines that are no panel's: header, banner, next keys, an event, caption, footer."""
_OWN = {HELP.name: "app.help", PALETTE.name: "app.command_palette"}
"""What a click on a key of the screen's own does; every other one is a verb."""


class ConsoleScreen(Screen[None]):
    """Draws the newest desk, twenty times a second at most, and turns keys into `Console.action_*`."""

    BINDINGS: ClassVar[list[BindingType]] = [
        *(Binding(verb.key, f"app.verb('{verb.name}')", verb.title) for verb in VERBS if verb.key),
        *(Binding(str(place), f"aim({place})", AIM.title) for place in range(1, 10)),
        Binding("right_square_bracket", "step(1)", "next panel"),
        Binding("left_square_bracket", "step(-1)", "previous panel"),
        Binding(HELP.key, "app.help", HELP.title),
        Binding("colon", "app.command_palette", PALETTE.title),
        Binding(PAUSE.key, "app.pause", PAUSE.title),
    ]

    def __init__(self, now: Callable[[], int], aim: Callable[[LegId], None]) -> None:
        super().__init__()
        self._now, self._aim = now, aim
        self._desk = Desk()
        self._badge, self._idle, self._caption = "", "opening the desk ...", ""
        self.watches = False
        """Another console runs the desk: no key is named as if it worked here."""
        self._drawn: object = None
        self._shape: object = None
        self._drawn_at, self._due = -FRAME_S, False
        self._legs = [LegPanel() for _ in range(PANELS)]

    def compose(self) -> ComposeResult:
        """From top to bottom, as the eye reads."""
        yield Line("header")
        yield Line("banner")
        with Vertical(id="legs"):
            yield from self._legs
            yield Line("idle")
        yield Line("others")
        yield Line("next")
        happened = Line("events")
        happened.border_title = "events"
        yield happened
        yield Line("small")
        yield Line("caption")
        yield Line("footer")

    def on_mount(self) -> None:
        """One clock for everything on the screen, which is whole from the first frame on."""
        self.draw()
        self.set_interval(CLOCK_S, self.draw)
        self.call_after_refresh(self.draw)

    def on_resize(self) -> None:
        """Another width is another picture."""
        self.call_after_refresh(self.draw)

    def show(self, desk: Desk) -> None:
        """Take the newest desk; the next frame shows it."""
        self._desk = desk
        self._soon()

    def tell(self, *, badge: str | None = None, idle: str | None = None, caption: str | None = None) -> None:
        """Change what stands beside the desk: the badge, the words of an empty desk, a demo's caption."""
        self._badge = self._badge if badge is None else badge
        self._idle = self._idle if idle is None else idle
        self._caption = self._caption if caption is None else caption
        self._soon()

    def _soon(self) -> None:
        """Draw: at once after a quiet moment, and never twice within a frame."""
        if not self._due and self.children:
            self._due = True
            wait = self._drawn_at + FRAME_S - asyncio.get_running_loop().time()
            self.set_timer(max(wait, 0.001), self.draw)

    def draw(self) -> None:
        """Bring the screen up to the newest desk and the present second."""
        self._due, self._drawn_at = False, asyncio.get_running_loop().time()
        desk = self._desk
        now = self._now() if desk.stale_at is None else desk.stale_at  # what stands still has no age to count
        if not self.children:
            return
        height = self.query_one("#events", Line).content_size.height  # as of the last layout
        frame = (desk, now // 1000, self.size, height, self._badge, self._idle, self._caption, self.watches)
        if frame == self._drawn:
            return
        self._drawn = frame
        rows, waiting = panels(desk), others(desk)
        gap, pad = self._air(len(rows), len(waiting))
        for place, panel in enumerate(self._legs, 1):
            row = rows[place - 1] if place <= len(rows) else None
            panel.show(row, place, now, self._room(panel), gap=gap if place > 1 else 0, pad=pad)
        self._line(
            "idle",
            lambda width: lines.lesson(() if self.watches else lesson(), self._idle, width),
            hide=bool(rows),
        )
        self._line("header", lambda width: header(head(desk), self._badge, now, width))
        alarm = alarm_of(desk, now) if desk.stale_at is None else lines.stale(desk.stale_at)
        self._line("banner", lambda width: banner(alarm, width))
        self._line("others", lambda width: other_calls(waiting, now, width), hide=not waiting)
        hints, waiting_words = ((), WATCHING) if self.watches else (next_best(desk), waiting_for(desk))
        self._line("next", lambda width: next_keys(hints, waiting_words, width))
        self._line("events", lambda width: events(desk.notices, width, height))
        small = self._small()
        self._line("small", lambda width: Content(f" {small}").truncate(width), hide=not small)
        self._line("caption", lambda width: lines.caption(self._caption, width), hide=not self._caption)
        named, keys = ((), watcher_keys()) if self.watches else (aims(desk), always(desk))
        self._line("footer", lambda width: footer(named, keys, width))
        shape = [(block.display, block.picture.plain.count("\n")) for block in self._blocks]
        if shape != self._shape:
            self._shape = shape
            self._soon()  # the events have another height after the next layout

    def _air(self, panels: int, calls: int) -> tuple[int, int]:
        """Empty lines above each panel, and within it: none where they would push a line off the screen."""
        width, height = self.size
        roomy = width >= ROOMY[0] and height >= ROOMY[1]
        if roomy and panels * 5 + calls + _AROUND_ROOMY <= height:
            return 1, 1
        return (1 if panels * 3 + calls + _AROUND <= height else 0), 0

    def _small(self) -> str:
        """That not everything has its place, where that is so: better said than guessed."""
        width, height = self.size
        if width >= WHOLE[0] and height >= WHOLE[1]:
            return ""
        return f"{width}x{height} cuts some of it: make it {WHOLE[0]}x{WHOLE[1]}"

    def words(self) -> list[str]:
        """What is on the screen, line by line, as plain text: for whoever cannot see it."""
        return [line for block in self._blocks if block.display for line in block.picture.plain.splitlines()]

    @property
    def _blocks(self) -> list[Line | LegPanel]:
        return [block for block in self.query(Static) if isinstance(block, Line | LegPanel)]

    def _line(self, name: str, picture: Callable[[int], Content], *, hide: bool = False) -> None:
        line = self.query_one(f"#{name}", Line)
        line.display = not hide
        if not hide:
            line.draw(picture(self._room(line)))

    def _room(self, widget: Widget) -> int:
        """Cells of one line, known before a widget that was hidden has been laid out."""
        return max(self.size.width - widget.gutter.width - widget.styles.margin.width, 1)

    @on(Line.Chosen)
    async def _clicked(self, chosen: Line.Chosen) -> None:
        """A key that was clicked is that key."""
        await self.run_action(_OWN.get(chosen.verb, f"app.verb('{chosen.verb}')"))

    @on(LegPanel.Chosen)
    def _pointed(self, chosen: LegPanel.Chosen) -> None:
        """A panel that was clicked is its number."""
        self.action_aim(chosen.place)

    def action_aim(self, place: int) -> None:
        """Focus a panel by its number."""
        rows = panels(self._desk)
        if place <= len(rows):
            self._aim(rows[place - 1].leg)

    def action_step(self, by: int) -> None:
        """Focus the next panel, or the one before."""
        if (leg := beside(self._desk, by)) is not None:
            self._aim(leg)
