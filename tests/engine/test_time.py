"""Deadlines of the desk become ticks, whatever the machine's clock does (`design.md` §3.9)."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from warmxfer_tui.core.events import Event, Noted, Pressed, Ticked
from warmxfer_tui.core.machine import Stepped
from warmxfer_tui.core.model import Desk
from warmxfer_tui.engine import IDLE_TICK_MS, Engine, Fold

from .diary import ALARM, Diary, fact, play, press, quietly

HOUR_MS = 3_600_000


class SetClock:
    """A clock that follows the loop until somebody sets it."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self.ahead_ms = HOUR_MS
        self._loop = loop

    def now_ms(self) -> int:
        return int(self._loop.time() * 1000 + 1e-6) + self.ahead_ms


def due_once(at: int) -> Fold:
    """Arm one deadline on a key; the tick that finds it due clears it."""

    def fold(desk: Desk, event: Event) -> Stepped:
        timers = dict(desk.timers)
        match event:
            case Pressed():
                timers[ALARM] = event.at + at
            case Ticked() if ALARM in timers and timers[ALARM] <= event.at:
                del timers[ALARM]
        return Stepped(replace(desk, now=event.at, timers=timers), (), ())

    return fold


def test_a_deadline_of_the_desk_becomes_a_tick_at_its_very_millisecond() -> None:
    diary = Diary()

    async def scene(engine: Engine) -> None:
        engine.submit(press())
        await asyncio.sleep(10)
        assert engine.desk.timers == {}

    play(diary, due_once(1_537), scene)
    assert diary.recorded[1:] == [Ticked(at=1_537)]


def test_a_deadline_that_was_moved_ticks_at_the_new_time_only() -> None:
    diary = Diary()

    async def scene(engine: Engine) -> None:
        engine.submit(press())
        await asyncio.sleep(1)
        engine.submit(press())
        await asyncio.sleep(10)

    play(diary, due_once(1_500), scene)
    assert [event.at for event in diary.recorded if isinstance(event, Ticked)] == [2_500]


def test_a_tick_that_changes_nothing_is_not_written_down_and_does_not_spin() -> None:
    diary = Diary()
    ticks: list[int] = []

    def deaf(desk: Desk, event: Event) -> Stepped:
        if isinstance(event, Ticked):
            ticks.append(event.at)
        return Stepped(replace(desk, now=event.at), (), ())

    async def scene(engine: Engine) -> None:
        engine.offer(fact(1))
        await asyncio.sleep(5)

    play(diary, deaf, scene, desk=Desk(timers={ALARM: 500}))
    assert ticks == [500 + IDLE_TICK_MS * beat for beat in range(5)]
    assert [type(event) for event in diary.recorded] == [Noted]


@pytest.mark.parametrize("set_by", [-HOUR_MS, -1, 0, 1], ids=["an hour back", "a moment back", "not", "on"])
def test_a_clock_that_is_set_moves_no_deadline(set_by: int) -> None:
    """Were time to stand still until the clock caught up, a customer could wait for an hour in silence."""
    diary = Diary()
    clocks: list[SetClock] = []
    rang: list[float] = []

    def clock(loop: asyncio.AbstractEventLoop) -> SetClock:
        clocks.append(SetClock(loop))
        return clocks[0]

    def fold(desk: Desk, event: Event) -> Stepped:
        if isinstance(event, Ticked):
            rang.append(asyncio.get_running_loop().time())
        return due_once(1_537)(desk, event)

    async def scene(engine: Engine) -> None:
        engine.submit(press())
        await asyncio.sleep(1)
        clocks[0].ahead_ms += set_by
        engine.offer(fact(1))
        await asyncio.sleep(10)

    play(diary, fold, scene, clock=clock)
    assert rang == [pytest.approx(1.537, abs=0.002)]


def test_time_never_goes_back_and_never_stands_still() -> None:
    diary = Diary()
    clocks: list[SetClock] = []

    def clock(loop: asyncio.AbstractEventLoop) -> SetClock:
        clocks.append(SetClock(loop))
        return clocks[0]

    async def scene(engine: Engine) -> None:
        for ahead_ms in (HOUR_MS, 0, 5_000, 2 * HOUR_MS):
            clocks[0].ahead_ms = ahead_ms
            engine.offer(fact(1))
            await asyncio.sleep(1)

    play(diary, quietly, scene, clock=clock)
    assert [event.at for event in diary.recorded] == [
        HOUR_MS,
        HOUR_MS + 1_000,
        HOUR_MS + 2_000,
        2 * HOUR_MS + 3_000,
    ]


def test_a_desk_of_a_later_time_than_the_clocks_goes_on_from_its_own() -> None:
    """A journal of yesterday, read on a machine whose clock has been set back since."""
    diary = Diary()

    async def scene(engine: Engine) -> None:
        engine.offer(fact(1))
        await asyncio.sleep(2)
        engine.offer(fact(2))
        await engine.settled()

    play(diary, quietly, scene, desk=Desk(now=HOUR_MS))
    assert [event.at for event in diary.recorded] == [HOUR_MS, HOUR_MS + 2_000]
