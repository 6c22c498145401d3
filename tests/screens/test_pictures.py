"""The console in each state, at both sizes, and once each in light, in 16 colours and without colour."""

from __future__ import annotations

import pytest
from textual.pilot import Pilot

from tests.core import stories
from tests.core.story import Story
from tests.core.test_actions import BEGIN
from tests.core.test_rows_unheard import unheard
from tests.screens.behind import Behind, console
from tests.screens.snap import Snap, Steps
from warmxfer_tui.app import Console

SMALL, LARGE = (80, 24), (120, 36)


def _console(state: str) -> tuple[Console, Steps]:
    return _showing(BEGIN[state]())


def _showing(story: Story) -> tuple[Console, Steps]:
    app = console(Behind(), story.now + 41_000)

    async def show(pilot: Pilot[None]) -> None:
        while app.session is None:
            await pilot.pause()
        await app.workers.wait_for_complete()  # the badge is there
        app.publish(story.desk)
        app.base.draw()
        await pilot.pause()  # every line has its place
        app.base.draw()

    return app, show


@pytest.mark.parametrize("size", [SMALL, LARGE], ids=["80x24", "120x36"])
@pytest.mark.parametrize("state", BEGIN)
async def test_a_state_looks_as_it_was_accepted(state: str, size: tuple[int, int], snap: Snap) -> None:
    app, show = _console(state)
    await snap(app, size, show)


@pytest.mark.parametrize("size", [SMALL, LARGE], ids=["80x24", "120x36"])
async def test_without_webhooks_a_colleague_who_rings_is_unconfirmed(
    size: tuple[int, int], snap: Snap
) -> None:
    story = unheard(stories.calling())
    story.pass_time(2_100)
    app, show = _showing(story)
    await snap(app, size, show)


async def test_without_webhooks_the_help_says_which_keys_are_unconfirmed(snap: Snap) -> None:
    story = unheard(stories.calling())
    story.pass_time(2_100)
    app, show = _showing(story)

    async def ask(pilot: Pilot[None]) -> None:
        await show(pilot)
        await pilot.press("question_mark")
        await pilot.pause()

    await snap(app, SMALL, ask)


@pytest.mark.parametrize("state", ["CONSULT", "RESCUE"])
@pytest.mark.parametrize("theme", ["warmxfer-light", "ansi-dark"])
async def test_it_reads_in_light_and_in_sixteen_colours(theme: str, state: str, snap: Snap) -> None:
    app, show = _console(state)
    app.theme = theme
    await snap(app, SMALL, show)


@pytest.mark.parametrize("state", ["CONSULT", "RESCUE"])
async def test_it_reads_without_colour(state: str, snap: Snap, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    app, show = _console(state)
    await snap(app, SMALL, show)


@pytest.mark.parametrize("theme", ["warmxfer-light", "ansi-dark", "no colour"])
async def test_the_picker_reads_in_light_in_sixteen_colours_and_without_colour(
    theme: str, snap: Snap, monkeypatch: pytest.MonkeyPatch
) -> None:
    if theme == "no colour":
        monkeypatch.setenv("NO_COLOR", "1")
    app, show = _console("TALK")
    if theme != "no colour":
        app.theme = theme

    async def ask(pilot: Pilot[None]) -> None:
        await show(pilot)
        await pilot.press("c")

    await snap(app, SMALL, ask)
