"""An engine whose desk another process has taken over sends nothing more, and says so."""

from __future__ import annotations

import asyncio

from warmxfer_tui.core.model import Desk
from warmxfer_tui.engine import Engine
from warmxfer_tui.errors import LeaseLost

from .diary import ALARM, Diary, fact, hang_up_on_key, never, play, press, quietly

LOST = LeaseLost("another process runs this desk now (guardian 7)", "Quit, and start again.")


def test_a_request_whose_row_the_lease_refused_never_leaves_and_the_person_is_told() -> None:
    diary = Diary(journal_works=False, failure=LOST)

    async def scene(engine: Engine) -> None:
        engine.submit(press())
        engine.submit(press())
        await engine.settled()

    play(diary, hang_up_on_key, scene)
    assert "send 1" not in diary.lines
    assert [(notice.level, notice.text) for notice in diary.shown[-1].notices] == [("alarm", str(LOST))]


def test_nothing_is_taken_in_any_more_and_each_key_is_answered() -> None:
    diary = Diary(journal_works=False, failure=LOST)

    async def scene(engine: Engine) -> None:
        engine.offer(fact(1))
        await engine.settled()
        diary.journal_works = True
        assert engine.offer(fact(2)) is False, "Telnyx is to offer it to the other process"
        engine.submit(press())
        await engine.settled()

    play(diary, hang_up_on_key, scene)
    assert diary.recorded == [diary.recorded[0]]
    assert "send 1" not in diary.lines
    assert diary.shown[-1].notices[-1].text == f"Nothing was done: {LOST}"


def test_a_request_that_is_on_its_way_is_broken_off_before_it_is_sent_again() -> None:
    broken_off = []

    async def slow() -> None:
        try:
            await never()
        except asyncio.CancelledError:
            broken_off.append(True)
            raise

    diary = Diary(reply=slow)  # type: ignore[arg-type]  # it never comes to a reply

    async def scene(engine: Engine) -> None:
        engine.submit(press())
        await asyncio.sleep(0.1)
        assert diary.lines.count("send 1") == 1
        diary.journal_works, diary.failure = False, LOST
        engine.offer(fact(1))
        await engine.settled()
        assert broken_off

    play(diary, hang_up_on_key, scene)
    assert diary.lines.count("send 1") == 1


def test_no_timer_acts_after_the_loss() -> None:
    diary = Diary(journal_works=False, failure=LOST)

    async def scene(engine: Engine) -> None:
        engine.offer(fact(1))
        await asyncio.sleep(5)

    play(diary, quietly, scene, desk=Desk(timers={ALARM: 500}))
    assert [type(event).__name__ for event in diary.recorded] == ["Noted"]


def test_a_request_whose_row_is_written_leaves_no_more_once_the_desk_is_known_to_be_anothers() -> None:
    diary = Diary(taken=LOST)

    async def scene(engine: Engine) -> None:
        engine.submit(press())
        await engine.settled()
        await engine.fenced()

    play(diary, hang_up_on_key, scene)
    assert "durable 1" in diary.lines
    assert "send 1" not in diary.lines
