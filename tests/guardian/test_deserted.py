"""How long a guardian stays with a desk that nobody is on."""

from __future__ import annotations

import asyncio
from dataclasses import replace

from tests.core import stories
from tests.flow.screen import Screen
from tests.memory_journal import MemoryJournal
from warmxfer_tui.clock import JumpClock, run_jump
from warmxfer_tui.core.commands import Ask
from warmxfer_tui.core.events import Accepted, Configured, Event, Reply
from warmxfer_tui.core.machine import Stepped
from warmxfer_tui.core.model import Desk
from warmxfer_tui.engine import Engine
from warmxfer_tui.guardian.program import LONGEST_LEG_MS, deserted, somebody_is_on

MINUTE_S = 60.0


class Nobody:
    spare = None

    async def send(self, ask: Ask) -> Reply:
        return Accepted()


def test_a_desk_is_deserted_when_nobody_has_been_on_it_for_a_minute() -> None:
    talking, over = stories.talk().desk, Desk()
    shown = iter((over, talking, over))

    def fold(desk: Desk, event: Event) -> Stepped:
        return Stepped(next(shown), (), ())

    async def scene() -> None:
        loop = asyncio.get_running_loop()
        engine = Engine(
            carrier=Nobody(),
            journal=MemoryJournal("journal"),
            clock=JumpClock(loop),
            publisher=Screen(),
            fold=fold,
            desk=talking,
        )
        async with engine:
            ends = asyncio.create_task(deserted(engine))
            for wait_s in (1_000.0, MINUTE_S - 1, 1_000.0):  # talk; nobody for not quite a minute; talk again
                await asyncio.sleep(wait_s)
                assert not ends.done()
                engine.submit(Configured(0, talking.policy))
                await asyncio.sleep(0)
            began = loop.time()
            await ends
            assert loop.time() - began >= MINUTE_S - 0.001

    run_jump(scene())


def test_whoever_rings_is_on_the_desk_and_whoever_is_hung_up_is_not() -> None:
    ring = stories.ring().desk
    assert somebody_is_on(ring)
    assert somebody_is_on(stories.talk().desk)
    assert not somebody_is_on(replace(ring, now=ring.now + LONGEST_LEG_MS)), "Telnyx has ended it by now"
    going = {leg.id: replace(leg, hanging_up=True) for leg in ring.legs.values()}
    assert not somebody_is_on(replace(ring, legs=going))
    assert not somebody_is_on(Desk())
