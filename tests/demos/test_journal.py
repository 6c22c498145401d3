"""Every story, told, leaves a journal from which the same desk and the same requests are made again."""

from __future__ import annotations

import asyncio

import pytest

from warmxfer_tui import demos
from warmxfer_tui.clock import JumpClock, run_jump
from warmxfer_tui.core.commands import Ask
from warmxfer_tui.core.machine import step
from warmxfer_tui.core.model import Desk
from warmxfer_tui.demos.stage import Scene, set_up
from warmxfer_tui.demos.story import Story
from warmxfer_tui.demos.teller import Director, play
from warmxfer_tui.journal.reading import Line, reading

WORLDS = [
    pytest.param(name, number, marks=() if name in ("happy", "two-calls") else pytest.mark.proof)
    for name in demos.names()
    for number, _ in enumerate(demos.load(name).worlds())
]


def lived(story: Story, number: int) -> tuple[Desk, list[Ask], list[Line]]:
    """A telling in one of its worlds: the desk at its end, all that was asked, and what is written."""
    asked: list[Ask] = []

    def see(scene: Scene) -> None:
        asked.extend(scene.asks)

    async def telling() -> tuple[Desk, list[Line]]:
        world = list(story.worlds())[number]
        async with set_up(story, JumpClock(asyncio.get_running_loop()), see, world=world) as stage:
            await play(stage, Director())
            await stage.settled()
            with reading(stage.journal_file) as journal:
                (chapter,) = journal.chapters()
                return stage.desk, list(journal.lines(chapter))

    desk, lines = run_jump(telling())
    return desk, asked, lines


@pytest.mark.parametrize(("name", "number"), WORLDS)
def test_the_log_of_a_story_folds_to_the_same_desk_and_the_same_requests(name: str, number: int) -> None:
    """`design.md` §3.9."""
    desk, asked, lines = lived(demos.load(name), number)
    folded, asks = Desk(), list[Ask]()
    for line in lines:
        folded, caused, _ = step(folded, line.event)
        assert caused == line.asks
        asks += caused
    assert folded == desk
    assert asks == asked
    assert len(asks) > 5
    told = {
        ask.id for line in lines for ask, outcome in zip(line.asks, line.outcomes, strict=True) if outcome
    }
    assert told == {ask.id for ask in asks} - desk.asks.keys()
