"""Every story in the real console, frame by frame: played to its end, and nothing on the screen flickers.

On virtual time: the pace is the one that people see. A frame is what the terminal is given to draw.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

import pytest
from textual import _time

from warmxfer_tui import demos
from warmxfer_tui.app import Console
from warmxfer_tui.clock import JumpClock, run_jump
from warmxfer_tui.core.model import Desk
from warmxfer_tui.core.view import panels
from warmxfer_tui.demos import theatre
from warmxfer_tui.demos.live import Ending
from warmxfer_tui.screens.console import FRAME_S

SIZE = (80, 24)
NARROW = 79
"""Cells that a caption has in a console of 80."""
GLIMPSE_S = 0.3
"""What is seen for a shorter time, and then gone again, is a flicker."""
_MEASURED = re.compile(r"\d+\.\ds\b")  # how late the newest webhook was: it may be this, that, and this again


@dataclass
class Film:
    """What was on the screen, frame by frame, and what was to be shown."""

    frames: list[tuple[float, list[str]]] = field(default_factory=list)
    desks: list[tuple[float, Desk]] = field(default_factory=list)
    captions: list[str] = field(default_factory=list)
    ending: Ending | None = None

    def shown_at(self, when: float) -> list[Desk]:
        """The desks of which a frame may tell: the newest, and those of the two frames' time before it."""
        recent = [desk for at, desk in self.desks if when - 2 * FRAME_S <= at <= when]
        before = [desk for at, desk in self.desks if at < when - 2 * FRAME_S]
        return [*(before[-1:] or [Desk()]), *recent]


def filmed(name: str, monkeypatch: pytest.MonkeyPatch) -> Film:
    """Play a story to its end."""
    film = Film()
    display, publish, caption = Console._display, Console.publish, Console.caption

    def now() -> float:
        return asyncio.get_running_loop().time()

    def displayed(console: Any, screen: Any, renderable: Any) -> None:
        display(console, screen, renderable)
        strips = screen._compositor.render_strips()
        lines = [_MEASURED.sub("0.0s", strip.text.rstrip()) for strip in strips]
        film.frames.append((now(), lines))

    def published(console: Any, desk: Desk) -> None:
        film.desks.append((now(), desk))
        publish(console, desk)

    def captioned(console: Any, text: str) -> None:
        film.captions.append(text)
        caption(console, text)

    # Textual's timers look at the machine's own clock: on a loop that jumps they would tick ever more rarely.
    monkeypatch.setattr(_time, "get_time", now)
    monkeypatch.setattr(Console, "_display", displayed)
    monkeypatch.setattr(Console, "publish", published)
    monkeypatch.setattr(Console, "caption", captioned)

    async def evening() -> Ending | None:
        console, ending = theatre.opened(demos.load(name), JumpClock(asyncio.get_running_loop()))
        async with console.run_test(size=SIZE) as pilot:
            async with asyncio.timeout(600):
                while ending() is None:
                    await pilot.pause(0.5)
            await pilot.pause(1)
        return ending()

    film.ending = run_jump(evening())
    return film


def glimpses(frames: Sequence[tuple[float, list[str]]]) -> list[str]:
    """Lines that change, and a moment later are what they were."""
    found = []
    for (before, first), (_, second), (after, third) in zip(frames, frames[1:], frames[2:], strict=False):
        if after - before < GLIMPSE_S:
            lines = zip(first, second, third, strict=True)
            found += [f"{before:.3f}: {a!r} -> {b!r}" for a, b, c in lines if a == c != b]
    return found


def half_drawn(frame: Sequence[str]) -> list[str]:
    """What every frame has, and this one has not."""
    lacks = [] if "warmxfer" in frame[0] else ["the header"]
    lacks += [] if any(line.lstrip().startswith("Next:") for line in frame) else ["the next keys"]
    return lacks + ([] if any("[ctrl+q]" in line for line in frame[-2:]) else ["the footer"])


def tells_of(frame: Sequence[str], desk: Desk) -> bool:
    """Whether every leg of a desk has its panel, in order, below the header and above the next keys."""
    above = frame[: next(y for y, line in enumerate(frame) if "Next:" in line)]
    places = [
        next((y for y, line in enumerate(above) if f" {place} " in line and row.who in line), -1)
        for place, row in enumerate(panels(desk), 1)
    ]
    return -1 not in places and places == sorted(places)


OFTEN = "happy"
"""The story that every run plays; the others are played by the proofs."""


@pytest.mark.parametrize(
    "name",
    [pytest.param(name, marks=[] if name == OFTEN else pytest.mark.proof) for name in demos.names()],
)
def test_a_story_plays_live_to_its_end_and_no_frame_of_it_flickers(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    film = filmed(name, monkeypatch)
    assert film.ending is not None
    assert film.ending.held, film.ending
    assert any(film.ending.caption[:NARROW] in line for line in film.frames[-1][1]), film.frames[-2:]
    assert [text for text in film.captions if len(text) > NARROW] == []
    for at, frame in film.frames:
        assert half_drawn(frame) == [], at
        assert any(tells_of(frame, desk) for desk in film.shown_at(at)), (at, frame)
    assert glimpses(film.frames) == []
    assert len(film.frames) > 30, "something was filmed"
    assert all(before <= after for (before, _), (after, _) in pairwise(film.frames))


def test_a_glimpse_and_a_frame_that_is_half_drawn_would_be_seen() -> None:
    """The judge is judged."""
    whole = [" warmxfer  IDLE", " Next: wait", " [ctrl+q] quit"]
    blank = ["", "", ""]
    assert half_drawn(whole) == []
    assert half_drawn(blank) == ["the header", "the next keys", "the footer"]
    assert len(glimpses([(0.0, whole), (0.05, blank), (0.1, whole)])) == 3
    assert glimpses([(0.0, whole), (0.05, blank), (0.5, whole)]) == []
    assert glimpses([(0.0, blank), (0.05, whole), (0.1, whole)]) == []
