"""What the engine does, and what it does first (`design.md` §1, §3.6)."""

from __future__ import annotations

import asyncio
from dataclasses import replace

from warmxfer_tui.core.events import Accepted, Event, Noted, Pressed, Replied, Reply
from warmxfer_tui.core.machine import Stepped
from warmxfer_tui.core.model import Desk
from warmxfer_tui.core.terms import AskId
from warmxfer_tui.engine import Engine

from .diary import ALARM, HANGUP, Diary, fact, hang_up_on_key, never, play, press, quietly


def test_a_request_leaves_only_when_its_event_is_durable_and_the_desk_is_shown_at_once() -> None:
    diary = Diary(commit_s=0.5)

    async def scene(engine: Engine) -> None:
        engine.submit(press())
        await engine.settled()

    play(diary, hang_up_on_key, scene)
    written = ["record Pressed 1", "show", "durable 1", "send 1"]
    assert diary.lines == [*written, "record Replied 0", "show", "durable 0"]


def test_no_event_waits_for_the_disk_and_the_requests_leave_in_the_order_of_the_events() -> None:
    diary = Diary(commit_s=0.5)

    async def scene(engine: Engine) -> None:
        engine.submit(press())
        engine.offer(fact(1))
        engine.submit(press())
        await engine.settled()

    play(diary, hang_up_on_key, scene)
    first, second = [n for n, line in enumerate(diary.lines) if line == "record Pressed 1"]
    assert diary.lines[first : second + 2] == [
        "record Pressed 1", "show", "record Noted 0", "show", "record Pressed 1", "show",
    ]  # fmt: skip
    assert diary.lines[second + 2 :].count("send 1") == 2


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


def test_a_request_without_a_reply_holds_up_no_event() -> None:
    diary = Diary(reply=never)

    async def scene(engine: Engine) -> None:
        engine.submit(press())
        engine.offer(fact(1))
        await asyncio.sleep(1)

    play(diary, hang_up_on_key, scene)
    assert [type(event) for event in diary.recorded] == [Pressed, Noted]


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


def test_any4_a_reply_says_how_much_of_the_rate_limit_is_left() -> None:
    diary = Diary(spare=7)

    async def scene(engine: Engine) -> None:
        engine.submit(press())
        await engine.settled()

    play(diary, hang_up_on_key, scene)
    assert diary.recorded[-1] == replace(
        Replied(at=0, ask=AskId(1), reply=Accepted(), spare=7), at=diary.recorded[-1].at
    )
