"""The engine alone: a fold, a carrier and a journal of the test's own, on virtual time."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field, replace

import pytest

from warmxfer_tui.clock import JumpClock, run_jump
from warmxfer_tui.core.commands import Ask, Hangup
from warmxfer_tui.core.events import Accepted, Event, Noted, Pressed, Replied, Reply, Ticked, Unclear
from warmxfer_tui.core.machine import Stepped
from warmxfer_tui.core.model import Desk, Notice
from warmxfer_tui.core.terms import AskId, Ccid, Clock, Timer
from warmxfer_tui.engine import IDLE_TICK_MS, Engine, Fold

HANGUP = Ask(AskId(1), Hangup(Ccid("v3:c")), "c1/hangup/c1.C/1", 0)
ALARM = Timer(Clock.RING, "c1.C")


@dataclass
class Diary:
    """Every port of the engine in one, writing down what it was used for and in which order."""

    reply: Callable[[], Awaitable[Reply]] | None = None
    journal_works: bool = True
    screen_works: bool = True
    lines: list[str] = field(default_factory=list)
    recorded: list[Event] = field(default_factory=list)
    shown: list[Desk] = field(default_factory=list)

    id = "journal"

    async def send(self, ask: Ask) -> Reply:
        self.lines.append(f"send {ask.id}")
        return await self.reply() if self.reply else Accepted()

    async def receive(self, event_id: str, body: bytes, at: int) -> bool:
        raise AssertionError("the engine never receives webhooks")

    async def record(self, event: Event, asks: Sequence[Ask]) -> None:
        await asyncio.sleep(0)
        if not self.journal_works:
            raise OSError("disk full")
        self.lines.append(f"record {type(event).__name__} {len(asks)}")
        self.recorded.append(event)

    def publish(self, desk: Desk) -> None:
        if not self.screen_works:
            raise RuntimeError("no screen")
        self.lines.append("show")
        self.shown.append(desk)


def quietly(desk: Desk, event: Event) -> Stepped:
    """Take note of the time, and of nothing else."""
    return Stepped(replace(desk, now=event.at), (), ())


def hang_up_on_key(desk: Desk, event: Event) -> Stepped:
    asks = (HANGUP,) if isinstance(event, Pressed) else ()
    return Stepped(replace(desk, now=event.at), asks, ())


def play(
    diary: Diary, fold: Fold, scene: Callable[[Engine], Awaitable[None]], desk: Desk | None = None
) -> Engine:
    """Run a scene with an engine on virtual time."""

    async def run() -> Engine:
        clock = JumpClock(asyncio.get_running_loop(), epoch_ms=0)
        async with Engine(
            carrier=diary, journal=diary, clock=clock, publisher=diary, fold=fold, desk=desk
        ) as engine:
            await scene(engine)
        return engine

    return run_jump(run())


def press(verb: str = "drop") -> Pressed:
    return Pressed(at=0, verb=verb)


def fact(number: int) -> Noted:
    return Noted(at=0, event_id=f"e{number}", occurred_at=0, ccid=None, kind="call.cost")


def test_a_request_leaves_only_after_its_event_is_written_down_and_shown() -> None:
    diary = Diary()

    async def scene(engine: Engine) -> None:
        engine.submit(press())
        await engine.settled()

    play(diary, hang_up_on_key, scene)
    assert diary.lines == ["record Pressed 1", "show", "send 1", "record Replied 0", "show"]


def test_a_reply_comes_back_as_the_event_that_closes_its_request() -> None:
    diary = Diary()

    async def scene(engine: Engine) -> None:
        engine.submit(press())
        await engine.settled()

    play(diary, hang_up_on_key, scene)
    assert diary.recorded[-1] == Replied(at=0, ask=AskId(1), reply=Accepted())


def test_events_are_folded_one_at_a_time_in_the_order_of_their_arrival() -> None:
    diary = Diary()

    async def scene(engine: Engine) -> None:
        for number in range(20):
            assert engine.offer(fact(number))
        await engine.settled()

    play(diary, quietly, scene)
    assert [event.event_id for event in diary.recorded if isinstance(event, Noted)] == [
        f"e{number}" for number in range(20)
    ]


async def test_the_time_of_events_never_goes_back_even_if_the_clock_does() -> None:
    times = iter([5_000, 4_000, 6_000])

    class Erratic:
        def now_ms(self) -> int:
            return next(times, 6_000)

    diary = Diary()
    async with Engine(carrier=diary, journal=diary, clock=Erratic(), publisher=diary, fold=quietly) as engine:
        for number in range(3):
            engine.offer(fact(number))
        await engine.settled()
    assert [event.at for event in diary.recorded] == [5_000, 5_000, 6_000]


def test_a_request_without_a_reply_holds_up_no_event() -> None:
    diary = Diary(reply=never)

    async def scene(engine: Engine) -> None:
        engine.submit(press())
        engine.offer(fact(1))
        await asyncio.sleep(1)

    play(diary, hang_up_on_key, scene)
    assert [type(event) for event in diary.recorded] == [Pressed, Noted]


async def never() -> Reply:
    await asyncio.sleep(3_600)
    raise AssertionError("nobody waits that long")


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


def crash_on(kind: type) -> Fold:
    def fold(desk: Desk, event: Event) -> Stepped:
        if isinstance(event, kind):
            raise ZeroDivisionError
        return Stepped(replace(desk, now=event.at, next_call=desk.next_call + 1), (), ())

    return fold


def test_a_step_that_raises_loses_its_event_and_nothing_else(caplog: pytest.LogCaptureFixture) -> None:
    diary = Diary()

    async def scene(engine: Engine) -> None:
        for event in (fact(1), fact(2)):
            engine.offer(event)
        engine.submit(press())
        engine.offer(fact(3))
        await engine.settled()
        assert engine.desk.next_call == 4

    engine = play(diary, crash_on(Pressed), scene)
    assert list(engine.set_aside) == [press()]
    assert [event.event_id for event in diary.recorded if isinstance(event, Noted)] == ["e1", "e2", "e3"]
    assert "ZeroDivisionError" in caplog.text


def test_a_step_that_raises_is_told_to_the_agent_and_stays_on_the_screen() -> None:
    diary = Diary()

    async def scene(engine: Engine) -> None:
        engine.submit(press())
        engine.offer(fact(1))
        await engine.settled()
        assert engine.desk.notices == (), "the desk itself is changed by steps only"

    play(diary, crash_on(Pressed), scene)
    assert len(diary.shown) == 2
    assert all([notice.level for notice in desk.notices] == ["alarm"] for desk in diary.shown)


def test_a_deadline_whose_step_raises_does_not_spin() -> None:
    diary = Diary()

    async def scene(engine: Engine) -> None:
        engine.offer(fact(1))
        await asyncio.sleep(5)

    engine = play(diary, crash_on(Ticked), scene, desk=Desk(timers={ALARM: 500}))
    assert len(engine.set_aside) == 5


def test_a_journal_that_cannot_be_written_stops_no_request_and_is_told_once() -> None:
    diary = Diary(journal_works=False)

    async def scene(engine: Engine) -> None:
        engine.submit(press())
        engine.submit(press())
        await engine.settled()

    play(diary, hang_up_on_key, scene)
    assert diary.lines.count("send 1") == 2
    assert [notice.level for notice in diary.shown[-1].notices] == ["alarm"]


def test_a_screen_that_fails_does_not_stop_the_calls() -> None:
    diary = Diary(screen_works=False)

    async def scene(engine: Engine) -> None:
        engine.submit(press())
        await engine.settled()

    play(diary, hang_up_on_key, scene)
    assert "send 1" in diary.lines


def test_a_carrier_that_raises_leaves_the_outcome_unclear() -> None:
    async def broken() -> Reply:
        raise KeyError("oops")

    diary = Diary(reply=broken)

    async def scene(engine: Engine) -> None:
        engine.submit(press())
        await engine.settled()

    play(diary, hang_up_on_key, scene)
    closing = diary.recorded[-1]
    assert isinstance(closing, Replied)
    assert isinstance(closing.reply, Unclear)


def test_settled_waits_for_replies_and_for_what_they_cause() -> None:
    async def slowly() -> Reply:
        await asyncio.sleep(2)
        return Accepted()

    diary = Diary(reply=slowly)

    def twice(desk: Desk, event: Event) -> Stepped:
        again = isinstance(event, Replied) and event.ask == 1
        asks = (HANGUP,) if isinstance(event, Pressed) else (replace(HANGUP, id=AskId(2)),) if again else ()
        return Stepped(replace(desk, now=event.at), asks, ())

    async def scene(engine: Engine) -> None:
        engine.submit(press())
        await engine.settled()
        assert engine.desk.now == 4_000

    play(diary, twice, scene)


async def test_stopping_leaves_no_task_and_refuses_what_comes_later() -> None:
    diary = Diary(reply=never)

    class Standing:
        def now_ms(self) -> int:
            return 0

    before = asyncio.all_tasks()
    desk = Desk(timers={ALARM: 10_000})
    async with Engine(
        carrier=diary, journal=diary, clock=Standing(), publisher=diary, fold=hang_up_on_key, desk=desk
    ) as engine:
        engine.submit(press())
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        assert asyncio.all_tasks() > before
    assert asyncio.all_tasks() == before
    assert not engine.offer(fact(1))
    await engine.settled()


def test_a_complaint_of_the_wiring_is_shown_at_once_and_among_the_desks_own_notices() -> None:
    diary = Diary()

    def noticing(desk: Desk, event: Event) -> Stepped:
        notice = Notice(event.at, "info", "a customer rings")
        return Stepped(replace(desk, now=event.at, notices=(*desk.notices, notice)), (), ())

    async def scene(engine: Engine) -> None:
        engine.offer(fact(1))
        await engine.settled()
        await asyncio.sleep(1)
        engine.complain("PUBLIC_URL is not set.")
        assert [notice.text for notice in diary.shown[-1].notices] == [
            "a customer rings",
            "PUBLIC_URL is not set.",
        ]
        assert len(engine.desk.notices) == 1

    play(diary, noticing, scene)
