"""An idle console looks who is there, and writes nothing down as long as nobody is."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field, replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.pair import policy
from warmxfer_tui.core.commands import Ask, Survey
from warmxfer_tui.core.events import (
    CallEnded,
    CallInitiated,
    Configured,
    Event,
    LiveLeg,
    Reply,
    Resumed,
    Surveyed,
    Unclear,
)
from warmxfer_tui.core.machine import step
from warmxfer_tui.core.model import Desk
from warmxfer_tui.core.policy import RECONCILE
from warmxfer_tui.core.reconcile import LAG
from warmxfer_tui.core.terms import Ccid, Clock, Number, Timer
from warmxfer_tui.engine import Engine

from .diary import Diary, fact, play, press

NOBODY = Surveyed((), (), (), ())
HOUR_S = 3_600.0
CALLER = Number("+12025550120", "")


@dataclass
class Carrier(Diary):
    """A diary whose surveys find what they are told to, after a while."""

    finds: list[Reply] = field(default_factory=list)
    takes_s: float = 0.05
    surveys: list[int] = field(default_factory=list)
    asked: list[tuple[Event, tuple[Ask, ...]]] = field(default_factory=list)

    async def send(self, ask: Ask) -> Reply:
        if not isinstance(ask.request, Survey):
            return await super().send(ask)
        self.surveys.append(ask.at)
        await asyncio.sleep(self.takes_s)
        return self.finds.pop(0) if self.finds else NOBODY

    def record(self, event: Event, asks: Sequence[Ask]) -> asyncio.Future[None]:
        self.asked.append((event, tuple(asks)))
        return super().record(event, asks)


def begin(engine: Engine) -> None:
    engine.submit(Configured(0, policy(reconcile=RECONCILE)))
    engine.submit(Resumed(0))


def idle(carrier: Carrier, scene: Callable[[Engine], Awaitable[None]]) -> Engine:
    """An idle console for as long as a new one looks closely, and then a scene."""

    async def whole(engine: Engine) -> None:
        begin(engine)
        await asyncio.sleep(LAG / 1000 + 10)
        await scene(engine)

    return play(carrier, step, whole)


def folded(carrier: Carrier) -> Desk:
    """What the journal makes of it. Each event there causes what it caused then."""
    desk = Desk()
    for event, asks in carrier.asked:
        desk, again, _ = step(desk, event)
        assert again == asks
    return desk


def rings(number: int) -> CallInitiated:
    ccid = Ccid(f"v3:{number}")
    return CallInitiated(0, f"e{number}", 1_000 + number, ccid, True, CALLER, CALLER, "Ms Ortiz", None)


def gives_up(number: int) -> CallEnded:
    return CallEnded(0, f"h{number}", 2_000 + number, Ccid(f"v3:{number}"), "originator_cancel", "487", None)


def kinds(carrier: Carrier) -> list[str]:
    return [type(event).__name__ for event in carrier.recorded]


@pytest.mark.parametrize("hours", [1, pytest.param(24, marks=pytest.mark.proof)])
def test_hours_without_a_call_are_looked_at_every_ten_seconds_and_not_written_down(hours: int) -> None:
    carrier = Carrier()

    async def scene(engine: Engine) -> None:
        await asyncio.sleep(hours * HOUR_S)
        await engine.settled()

    engine = idle(carrier, scene)
    assert kinds(carrier) == ["Configured", "Resumed", "Replied"]
    late = [at for at in carrier.surveys if at > 2 * LAG]
    every_ten = (hours * HOUR_S - 2 * LAG / 1_000) / 10
    assert 0.9845 * every_ten < len(late) <= every_ten + 6
    assert engine.desk == folded(carrier)


def test_a_carrier_that_cannot_be_asked_is_asked_again_and_again_and_nothing_is_written_down() -> None:
    carrier = Carrier()

    async def scene(engine: Engine) -> None:
        carrier.finds = [Unclear("No reply.")] * 60
        await asyncio.sleep(50)

    idle(carrier, scene)
    assert kinds(carrier) == ["Configured", "Resumed", "Replied"]
    assert len([at for at in carrier.surveys if at > LAG + 10_000]) > 40


def test_who_is_found_is_written_down_behind_the_look_that_found_them() -> None:
    carrier = Carrier()

    async def scene(engine: Engine) -> None:
        rung = replace(rings(1), at=0)
        carrier.finds = [NOBODY, Surveyed((LiveLeg(Ccid("v3:1"), None),), (), (), (rung,))]
        await engine.until(lambda desk: bool(desk.calls))

    engine = idle(carrier, scene)
    assert kinds(carrier)[3:5] == ["Ticked", "Replied"]
    assert engine.desk == folded(carrier)


def test_what_happens_during_a_look_is_written_down_behind_it_and_each_once() -> None:
    carrier = Carrier()

    async def scene(engine: Engine) -> None:
        before = len(carrier.surveys)
        carrier.takes_s = 1.0
        await engine.until(lambda desk: bool(desk.asks))
        await asyncio.sleep(0.5)
        assert len(carrier.surveys) == before + 1
        engine.offer(rings(1))
        await asyncio.sleep(0.6)
        await engine.settled()
        assert engine.desk == folded(carrier)
        assert len(carrier.surveys) == before + 1

    idle(carrier, scene)
    assert kinds(carrier)[3:6] == ["Ticked", "CallInitiated", "Replied"]


def test_a_desk_that_is_settled_has_no_look_under_way() -> None:
    carrier = Carrier(takes_s=1.0)

    async def scene(engine: Engine) -> None:
        await engine.until(lambda desk: bool(desk.asks))
        await engine.settled()
        assert not engine.desk.asks

    idle(carrier, scene)


def test_a_deadline_that_comes_up_after_a_look_in_vain_does_not_wait_for_the_next_look() -> None:
    carrier = Carrier()

    async def scene(engine: Engine) -> None:
        looked = len(carrier.surveys)
        await engine.until(lambda desk: len(carrier.surveys) > looked)
        await engine.settled()
        engine.submit(Configured(0, policy(reconcile=RECONCILE, line_wait=1_000)))
        engine.submit(replace(press("dial"), number=CALLER))
        await engine.until(lambda desk: Timer(Clock.LINE, "line.1") in desk.timers)
        begun = asyncio.get_running_loop().time()
        await engine.until(lambda desk: Timer(Clock.LINE, "line.1") not in desk.timers)
        assert asyncio.get_running_loop().time() - begun == pytest.approx(1.0, abs=0.01)

    idle(carrier, scene)


def test_news_that_a_look_brings_is_not_lost_where_something_meaningless_came_before_it() -> None:
    carrier = Carrier(takes_s=1.0)

    async def scene(engine: Engine) -> None:
        await engine.until(lambda desk: not desk.asks)
        carrier.finds = [Surveyed((LiveLeg(Ccid("v3:1"), None),), (), (), (rings(1),))]
        await engine.until(lambda desk: bool(desk.asks))
        engine.offer(fact(1))
        await engine.settled()
        assert engine.desk.calls

    idle(carrier, scene)
    assert kinds(carrier)[3:6] == ["Ticked", "Noted", "Replied"]


def test_while_somebody_rings_every_look_is_written_down_and_when_they_are_forgotten_none() -> None:
    """How long the console was away is told by the newest event, where there is a call to be away from."""
    carrier = Carrier()

    async def scene(engine: Engine) -> None:
        engine.offer(rings(1))
        await asyncio.sleep(1)
        before = len(carrier.recorded)
        await asyncio.sleep(60)
        assert len(carrier.recorded) >= before + 10
        engine.offer(gives_up(1))
        await asyncio.sleep(60)
        assert not engine.desk.calls
        before = len(carrier.recorded)
        await asyncio.sleep(600)
        assert len(carrier.recorded) == before

    engine = idle(carrier, scene)
    assert engine.desk == folded(carrier)


def test_while_anything_else_is_due_every_look_is_written_down() -> None:
    carrier = Carrier()

    async def scene(engine: Engine) -> None:
        begin(engine)
        await asyncio.sleep(100)

    keep = Timer(Clock.KEEP, "line")
    play(carrier, step, scene, desk=Desk(timers={keep: 3_600_000}))
    assert kinds(carrier).count("Ticked") >= 10


_WAITS = st.floats(0.0, 15.0)
_MOMENTS = st.lists(st.tuples(_WAITS, st.integers(0, 3), st.booleans()), max_size=8)
_FINDS = st.lists(st.sampled_from([NOBODY, Unclear("No reply.")]), max_size=8)


@settings(max_examples=60, deadline=None)
@given(_MOMENTS, _FINDS, st.sampled_from([0.0, 0.05, 3.0]))
def test_the_desk_is_what_the_journal_makes_of_it(
    moments: list[tuple[float, int, bool]], finds: list[Reply], takes_s: float
) -> None:
    carrier = Carrier(takes_s=takes_s)

    async def scene(engine: Engine) -> None:
        carrier.finds = list(finds)
        for wait_s, number, comes in moments:
            await asyncio.sleep(wait_s)
            engine.offer(rings(number) if comes else gives_up(number))
        await asyncio.sleep(20)
        await engine.settled()
        assert engine.desk == folded(carrier)

    idle(carrier, scene)
