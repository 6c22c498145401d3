"""A console on a desk that another one runs."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime

import pytest
from textual.pilot import Pilot

from tests.core import stories
from tests.screens.behind import Behind, console, shown
from tests.screens.snap import Snap
from warmxfer_tui.app import WATCHES, Console
from warmxfer_tui.core.advice import help_of
from warmxfer_tui.core.model import Desk
from warmxfer_tui.widgets.lines import Line


async def test_a_console_that_only_shows_says_so_opens_no_dialog_and_can_always_be_left() -> None:
    behind = Behind(status=WATCHES)
    app = console(behind)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        assert WATCHES in shown(app, stories.consult().desk)
        for verb in ("dial", "keypad", "drop", "hold"):
            app.action_verb(verb)
        await pilot.pause()
        assert app.screen is app.base
        app.action_verb("quit")
        await pilot.pause()
    assert [intent.verb for intent in behind.pressed] == ["dial", "keypad", "drop", "hold", "quit"]
    assert app.return_code == 0
    assert behind.stopped == 1


@pytest.mark.parametrize("desk", [stories.idle().desk, stories.consult().desk], ids=["idle", "consult"])
async def test_no_key_is_named_as_if_it_worked_but_those_that_do(desk: Desk) -> None:
    app = console(Behind(status=WATCHES))
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        shown(app, desk)
        lines = [app.base.query_one(f"#{name}", Line) for name in ("next", "footer", "idle")]
        words = "\n".join(line.picture.plain for line in lines if line.display)
    assert "only watches" in words
    assert set(re.findall(r"\[([^]]+)\]", words)) == {"ctrl+p", "ctrl+q"}


async def test_help_and_palette_say_why_no_verb_works() -> None:
    app = console(Behind(status=WATCHES))
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        verbs = {command.title: command.help for command in app.get_system_commands(app.screen)}
    assert verbs["dial"] == "off: this console only watches"
    assert not verbs["quit"].startswith("off")
    works = [line.key for line in help_of(stories.consult().desk, watches=True) if not line.off]
    assert works == ["ctrl+q", "? F1", "ctrl+p F2"]


async def test_it_is_left_at_once_while_people_are_on_the_line() -> None:
    app = console(behind := Behind(status=WATCHES))
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        shown(app, stories.consult().desk)
        await pilot.press("ctrl+q")
    assert (app.return_code, behind.stopped) == (0, 1)


@pytest.mark.parametrize("size", [(80, 24), (120, 36)], ids=["80x24", "120x36"])
async def test_the_picture_of_a_console_that_only_shows(snap: Snap, size: tuple[int, int]) -> None:
    desk = stories.consult().desk
    app = console(Behind(status=WATCHES), desk.now + 41_000)

    async def show(pilot: Pilot[None]) -> None:
        await pilot.pause()
        app.publish(desk)
        app.base.draw()

    await snap(app, size, show)


async def test_what_nobody_keeps_up_to_date_says_since_when_and_its_seconds_stand_still() -> None:
    desk = stories.consult().desk
    clock = [desk.now + 5_000]
    app = Console(lambda publisher: Behind(status=WATCHES), lambda: clock[0])
    async with app.run_test(size=(120, 36)) as pilot:
        await pilot.pause()
        assert "OLD" not in shown(app, desk)
        stale = replace(desk, stale_at=desk.now + 5_000)
        told = shown(app, stale)
        clock[0] += 60_000
        assert shown(app, replace(stale, now=desk.now + 1)) == told
    since = datetime.fromtimestamp((desk.now + 5_000) / 1000).astimezone()
    assert f"OLD: so it was at {since:%H:%M:%S}, and nobody tells how it is now" in told


async def test_the_picture_of_a_desk_that_nobody_keeps_up_to_date(snap: Snap) -> None:
    desk = stories.consult().desk
    app = console(Behind(status=WATCHES), desk.now + 99_000)

    async def show(pilot: Pilot[None]) -> None:
        await pilot.pause()
        app.publish(replace(desk, stale_at=desk.now + 41_000))
        app.base.draw()

    await snap(app, (80, 24), show)
