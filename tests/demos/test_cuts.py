"""The journal of a story is cut after each of its rows: a console begins from there, and finds its way."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from functools import cache

import pytest

from tests.property.ending import come_to_rest, unsettled
from tests.property.test_restart import next_key_works
from tests.property.wire import Wire
from warmxfer_tui import demos
from warmxfer_tui.clock import JumpClock, run_jump
from warmxfer_tui.core.events import Event
from warmxfer_tui.core.machine import step
from warmxfer_tui.core.model import Desk
from warmxfer_tui.demos import stage
from warmxfer_tui.demos.teller import tell
from warmxfer_tui.simulator.service import Simulator
from warmxfer_tui.simulator.world import World

STORIES = [
    pytest.param(name, marks=() if name == "busy-target" else pytest.mark.proof) for name in demos.names()
]


@dataclass(frozen=True, slots=True)
class Row:
    """A row of the journal, and the world when it was written."""

    event: Event
    desk: Desk
    world: World


@cache
def rows(name: str) -> tuple[Row, ...]:
    """Every row that a story's console writes, with the truth beside it."""
    story, found, carriers = demos.load(name), list[Row](), list[Simulator]()

    class Carrier(Simulator):
        async def start(self) -> None:
            carriers.append(self)
            await super().start()

    class Recorder(stage.Recorder):
        def publish(self, desk: Desk) -> None:
            if self._event is not None:
                found.append(Row(self._event, desk, carriers[-1].world.clone()))
            super().publish(desk)

    async def telling() -> None:
        clock = JumpClock(asyncio.get_running_loop())
        await tell(story, clock, lambda line: None, world=next(iter(story.worlds())))

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(stage, "Simulator", Carrier)
        patch.setattr(stage, "Recorder", Recorder)
        run_jump(telling())
    return tuple(found)


@pytest.mark.parametrize("name", STORIES)
def test_cut_after_each_row_belief_becomes_truth_and_the_next_key_works(name: str) -> None:
    desk = Desk()
    for row in rows(name):
        desk = step(desk, row.event).desk
        assert desk == row.desk, "the fold is what the console believed"
        wire = Wire(desk, row.world)
        wire.let_go = {ccid for ccid, leg in row.world.legs.items() if not leg.alive}
        wire.killed(700, heard=True, remembered=True)
        come_to_rest(wire)
        if wrong := unsettled(wire):
            wire.fail(wrong)
        next_key_works(wire)
