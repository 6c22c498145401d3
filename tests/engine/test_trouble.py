"""What goes wrong around the engine or within a step is told, and the calls go on."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace

import pytest

from warmxfer_tui.core.commands import Ask
from warmxfer_tui.core.events import Event, Noted, Pressed, Replied, Reply, Ticked, Unclear
from warmxfer_tui.core.machine import Stepped
from warmxfer_tui.core.model import Desk, Notice
from warmxfer_tui.engine import Engine, Fold

from .diary import ALARM, Diary, fact, hang_up_on_key, play, press


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
    assert diary.aside == [(press(), "ZeroDivisionError")]
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
    assert diary.aside == [(Ticked(at=500), "ZeroDivisionError")], "the same tick is not written every second"


def test_a_journal_that_cannot_be_written_stops_no_request_and_is_told_once() -> None:
    diary = Diary(journal_works=False)

    async def scene(engine: Engine) -> None:
        engine.submit(press())
        engine.submit(press())
        await engine.settled()

    play(diary, hang_up_on_key, scene)
    assert diary.lines.count("send 1") == 2
    assert [notice.level for notice in diary.shown[-1].notices] == ["alarm"]


def test_an_event_that_was_set_aside_keeps_its_place_in_the_order_and_its_failure_is_told() -> None:
    diary = Diary(journal_works=False, commit_s=0.5)

    async def scene(engine: Engine) -> None:
        engine.offer(fact(1))
        engine.submit(press())
        engine.offer(fact(2))
        await engine.settled()
        assert asyncio.get_running_loop().time() == 0.5, "a desk is settled when that is written too"

    play(diary, crash_on(Pressed), scene)
    written = [line for line in diary.lines if line.startswith(("record", "set aside"))]
    assert written == ["record Noted 0", "set aside Pressed", "record Noted 0"]
    assert "The journal cannot be written" in diary.shown[-1].notices[-1].text


def test_a_journal_that_is_written_again_is_told_too() -> None:
    diary = Diary(journal_works=False)

    async def scene(engine: Engine) -> None:
        engine.submit(press())
        await engine.settled()
        diary.journal_works = True
        for number in (1, 2):
            engine.offer(fact(number))
            await engine.settled()

    play(diary, hang_up_on_key, scene)
    told = [(notice.level, notice.text.partition(":")[0]) for notice in diary.shown[-1].notices]
    assert told == [("alarm", "The journal cannot be written"), ("good", "The journal is written again")]


def test_a_journal_that_raises_at_once_stops_no_request() -> None:
    class Raising(Diary):
        def record(self, event: Event, asks: Sequence[Ask]) -> asyncio.Future[None]:
            raise OSError("no disk at all")

    diary = Raising()

    async def scene(engine: Engine) -> None:
        engine.submit(press())
        await engine.settled()

    play(diary, hang_up_on_key, scene)
    assert diary.lines.count("send 1") == 1
    assert "no disk at all" in diary.shown[-1].notices[-1].text


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
