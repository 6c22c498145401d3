"""The real console plays a demo: its own keys, its own screen, on virtual time."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from textual.pilot import Pilot

from warmxfer_tui import demos
from warmxfer_tui.app import Console
from warmxfer_tui.clock import JumpClock, run_jump
from warmxfer_tui.demos import theatre
from warmxfer_tui.demos.live import Ending
from warmxfer_tui.demos.parser import read
from warmxfer_tui.demos.story import Story
from warmxfer_tui.errors import UsageError

SHORT = """\
title    A story
customer Ms Ortiz  +12025550141
you                +12025550101  like line
target   Maria     +12025550151

moment Nobody is there
  the call is IDLE
  the line is DOWN
  Ms Ortiz is away
  you are away
  Maria is away
  keys d

Ms Ortiz rings in
wait until the call is RING
"""
Visit = Callable[[Pilot[None], Console], Awaitable[None]]


def screen(console: Console) -> str:
    """Everything that is on the screen, as text."""
    shot = console.export_screenshot()
    return " ".join(shot.replace("&#160;", " ").split())


async def reads(pilot: Pilot[None], console: Console, words: str) -> None:
    """Return when something is to be read on the screen."""
    for _ in range(600):
        if words in screen(console):
            return
        await pilot.pause(0.25)
    raise AssertionError(f"'{words}' is never to be read: {screen(console)[-3_000:]}")


def visit(story: Story, visitor: Visit) -> Ending | None:
    """Sit in front of the console while it plays a story; return how that ended."""

    async def evening() -> Ending | None:
        console, ending = theatre.opened(story, JumpClock(asyncio.get_running_loop()))
        async with console.run_test(size=(80, 24)) as pilot:
            await visitor(pilot, console)
        return ending()

    return run_jump(evening())


def test_the_console_plays_a_story_to_its_last_words() -> None:
    async def watching(pilot: Pilot[None], console: Console) -> None:
        await reads(pilot, console, "== Nobody is there == as told")
        await reads(pilot, console, "next: Ms Ortiz rings in")
        await reads(pilot, console, "HELD: 1 moment, believed and true. ctrl+q leaves")
        assert "RING" in screen(console)

    ending = visit(read("a", SHORT), watching)
    assert ending is not None
    assert ending.held


def test_the_key_that_pauses_pauses_and_any_other_is_answered() -> None:
    async def pausing(pilot: Pilot[None], console: Console) -> None:
        await reads(pilot, console, "next: Ms Ortiz rings in")
        await pilot.press("full_stop")
        await reads(pilot, console, "paused: [.] goes on")
        await pilot.pause(10)
        assert "Nobody is on the line." in screen(console), "no step is played"
        await pilot.press("full_stop", "space")
        await reads(pilot, console, "this is a demo: [.] pauses it, ctrl+q leaves")
        await reads(pilot, console, "HELD: 1 moment")

    ending = visit(read("a", SHORT), pausing)
    assert ending is not None
    assert ending.held


def test_a_demo_that_is_left_leaves_nothing_behind() -> None:
    """Everything that was opened is closed, or `filterwarnings = error` would say so."""

    async def leaving(pilot: Pilot[None], console: Console) -> None:
        await reads(pilot, console, "next: Ms Ortiz rings in")

    assert visit(read("a", SHORT), leaving) is None


def test_without_headless_the_story_is_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    shown: list[Story] = []

    def show(story: Story) -> int:
        shown.append(story)
        return 1

    monkeypatch.setattr(theatre, "show", show)
    assert demos.main(["happy"]) == 1
    assert [story.name for story in shown] == ["happy"]


def test_the_status_is_the_consoles_own_where_that_failed_and_else_the_storys(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def closed(status: int, ending: Ending | None) -> int:
        class Closed:
            def run_to_the_end(self) -> int:
                return status

        def opened(_story: Story, _clock: Any) -> tuple[Closed, Callable[[], Ending | None]]:
            return Closed(), lambda: ending

        monkeypatch.setattr(theatre, "opened", opened)
        return theatre.show(read("a", SHORT))

    assert closed(0, Ending(True, "HELD")) == 0
    assert closed(0, Ending(False, "NOT AS TOLD")) == 1
    assert closed(0, None) == 1
    assert closed(143, None) == 143


def test_a_stage_that_cannot_be_set_is_told_on_the_command_line() -> None:
    odd = read("odd", SHORT.replace("like line", "like thunder"))

    async def evening() -> int:
        console, _ = theatre.opened(odd, JumpClock(asyncio.get_running_loop()))
        async with console.run_test() as pilot:
            await pilot.pause(1)
        assert isinstance(console._failure, UsageError)
        return 0

    run_jump(evening())
