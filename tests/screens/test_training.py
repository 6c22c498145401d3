"""A trainer's faults in the console: named in the palette, shown while they are on, absent on an account."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import pytest
from textual.pilot import Pilot

from tests.core import stories
from tests.screens.behind import Behind, console, shown
from tests.screens.snap import Snap
from warmxfer_tui.app import Console
from warmxfer_tui.core.model import Desk
from warmxfer_tui.core.verbs import VERBS

STOP, HOLD = "webhooks stop", "the next hold fails though it happens"


class Recorded:
    """What a trainer switches, written down; what is on is shown at once."""

    drills: Mapping[str, str] = {STOP: "None leaves.", HOLD: "The API holds the leg, and answers 500."}

    def __init__(self) -> None:
        self.on: tuple[str, ...] = ()
        self.show: Callable[[Sequence[str]], None] = lambda _: None

    def begin(self, name: str) -> None:
        self.on = (*self.on, name)
        self.show(self.on)

    def end(self) -> None:
        self.on = ()
        self.show(self.on)

    def follow(self, show: Callable[[Sequence[str]], None]) -> None:
        self.show = show
        show(self.on)


def trained(now: int = 0, *on: str) -> tuple[Console, Recorded]:
    behind, training = Behind(), Recorded()
    training.on = on
    behind.training = training
    return console(behind, now), training


async def choose(pilot: Pilot[None], words: str) -> None:
    await pilot.press("f2", *("space" if char == " " else char for char in words))
    await pilot.pause(1)
    await pilot.press("enter")
    await pilot.pause()


async def test_a_fault_chosen_in_the_palette_is_on_and_the_screen_says_so_until_it_is_off() -> None:
    app, training = trained()
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        assert "FAULTS" not in shown(app, Desk())
        await choose(pilot, "fault webhooks stop")
        assert training.on == (STOP,)
        seen = shown(app, Desk()).splitlines()
        assert "FAULTS ON" in seen[0]
        assert any(f"! FAULTS ON: {STOP}" in line for line in seen)
        await choose(pilot, "without faults")
        assert not training.on
        seen = shown(app, Desk()).splitlines()
        assert "SIMULATOR" in seen[0]
        assert not any("FAULTS" in line for line in seen)


async def test_a_desk_of_80_columns_still_says_how_late_webhooks_are_while_faults_are_on() -> None:
    story = stories.consult()
    app, _ = trained(story.now, STOP)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        top = shown(app, story.desk).splitlines()[0]
    assert "FAULTS ON" in top
    assert "webhooks ok" in top


async def test_a_console_that_comes_back_shows_what_is_still_on() -> None:
    app, _ = trained(0, STOP, HOLD)
    async with app.run_test(size=(120, 36)) as pilot:
        await pilot.pause()
        seen = shown(app, Desk())
    assert f"! FAULTS ON: {STOP}, {HOLD}" in seen


async def test_the_palette_says_what_each_does_and_which_is_on_behind_every_verb() -> None:
    app, _ = trained(0, STOP)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        listed = {command.title: command.help for command in app.get_system_commands(app.screen)}
    assert listed[f"with a fault: {STOP}"] == "ON. None leaves."
    assert listed[f"with a fault: {HOLD}"] == "The API holds the leg, and answers 500."
    last = sorted(listed)[-3:]
    assert last == [f"with a fault: {HOLD}", f"with a fault: {STOP}", "without faults"]
    assert not {verb.title for verb in VERBS} & set(last)


async def test_off_the_simulator_there_are_no_faults() -> None:
    app = console(Behind(status="webhooks: https://desk.example/webhooks"))
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        assert not [one for one in app.get_system_commands(app.screen) if "fault" in one.title]


@pytest.mark.parametrize("size", [(80, 24), (120, 36)], ids=["80x24", "120x36"])
@pytest.mark.parametrize("what", ["desk", "palette"])
async def test_faults_look_as_they_were_accepted(what: str, size: tuple[int, int], snap: Snap) -> None:
    story = stories.consult()
    app, _ = trained(story.now + 41_000, STOP, HOLD)

    async def show(pilot: Pilot[None]) -> None:
        while app.session is None:
            await pilot.pause()
        await app.workers.wait_for_complete()
        app.publish(story.desk)
        app.base.draw()
        await pilot.pause()
        app.base.draw()
        if what == "palette":
            await pilot.press("f2", *"fault")
            await pilot.pause(1)

    await snap(app, size, show)
