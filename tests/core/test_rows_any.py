"""Rows ANY: too fast for the carrier, webhooks twice, late or unknown, and leaving the console."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from tests.core import stories
from tests.core.stories import calling, consult, held, talk
from tests.pair import MARIA
from warmxfer_tui.core.events import Noted
from warmxfer_tui.core.machine import step
from warmxfer_tui.core.model import Desk
from warmxfer_tui.core.terms import Result, State

row = pytest.mark.row
SLOW: dict[str, Any] = {"status": 429, "headers": (("x-ratelimit-reset", "3"), ("retry-after", "9"))}


# --- ANY-4: 429 ---------------------------------------------------------------------------------------------


@row("ANY-4")
def test_after_a_429_nothing_but_a_hang_up_leaves_until_the_limit_is_over() -> None:
    story = consult()
    story.fault("unhold", **SLOW)
    begin = story.now
    story.key("merge")
    story.key("back")
    story.pass_time(2_800)
    assert story.requests() == ["Unhold C"]
    assert story.told("slow down")
    story.until(State.TALK, limit=3_000)
    assert story.now - begin >= 3_000
    assert story.hears("C") == "A"


@row("ANY-4")
def test_x_ratelimit_reset_comes_before_retry_after() -> None:
    story = held()
    story.fault("unhold", **SLOW)
    story.key("hold")
    story.until(State.TALK, limit=5_000)
    first, second = story.asked_for("Unhold")
    assert 3_000 <= second.at - first.at <= 3_100


@row("ANY-4")
def test_a_hang_up_leaves_whatever_the_limit_says() -> None:
    story = talk()
    story.fault("hold", **SLOW)
    story.key("consult", MARIA)
    story.key("back")
    assert "Hangup B" in story.requests()
    assert not story.alive("B")


@row("ANY-4")
def test_when_the_limit_is_over_the_customers_ear_comes_first() -> None:
    story = consult()
    story.fault("hold", **SLOW)
    story.key("swap")
    story.does("B", "hangs up")
    story.fresh()
    story.pass_time(3_100)
    assert story.requests()[0] == "Unhold C"


@row("ANY-4")
def test_the_read_after_an_unknown_outcome_is_never_shed() -> None:
    story = talk()
    story.fault("mute", **SLOW)
    story.keep("reply Hold")
    story.fault("hold", works=True)
    story.key("hold")
    story.press("mute")
    story.quiet()
    story.let_go()
    assert story.asked_for("ReadRoom")
    story.until(State.HELD, limit=1_000)


# --- ANY-7: duplicates, late and unknown --------------------------------------------------------------------


def _same(before: Desk, after: Desk) -> bool:
    return replace(after, now=before.now) == before


@row("ANY-7")
def test_a_webhook_that_comes_twice_changes_nothing_the_second_time() -> None:
    story = calling()
    story.party("answers", story.ccid("B"))
    for _ in range(20):
        if not story.flight:
            break
        item = story.flight[0]
        story.deliver()
        if item.webhook is not None:
            before = story.desk
            story.flight = (item, *story.flight)
            story.deliver()
            assert (story.rows, story.asked) == (("ANY-7",), ())
            assert _same(before, story.desk)
    assert story.settled(State.CONSULT)


@row("ANY-7")
def test_a_webhook_that_is_older_than_what_is_known_changes_no_belief() -> None:
    story = talk()
    story.keep("webhook conference.participant.left")
    story.ring_in(stories.OTHER, "Mr Berg")
    story.quiet()
    story.key("answer", call="c2")
    story.until(State.TALK, "c2")
    story.key("hold", call="c1")
    story.until(State.TALK)
    story.let_go()
    assert story.settled(State.TALK)
    assert (story.hears("C"), story.hears("A")) == ("A", "C")


@row("ANY-7")
def test_an_answer_that_arrives_after_the_hang_up_wakes_nobody() -> None:
    story = calling()
    story.party("answers", story.ccid("B"))
    story.party("hangs up", story.ccid("B"))
    answered = next(i for i in story.flight if i.what == "webhook call.answered")
    story.flight = (*(i for i in story.flight if i is not answered), answered)
    story.quiet()
    story.until(State.TALK, limit=1_000)
    assert story.hears("C") == "A"
    assert story.asked_for("Join", "B") == []


@row("ANY-7")
def test_an_unknown_kind_of_webhook_is_shown_and_changes_nothing_else() -> None:
    story = talk()
    before = story.desk
    noted = Noted(story.now, "id-1", story.now, None, "call.something.new")
    desk, asks, rows = step(before, noted)
    assert (asks, rows) == ((), ("ANY-7",))
    assert any("call.something.new" in notice.text for notice in desk.notices)
    assert (desk.legs, desk.calls, desk.line, desk.timers) == (
        before.legs,
        before.calls,
        before.line,
        before.timers,
    )


# --- ANY-8: quit --------------------------------------------------------------------------------------------


@row("ANY-8")
def test_quit_with_somebody_on_the_line_asks_and_changes_nothing() -> None:
    story = consult()
    story.key("quit")
    assert story.requests() == []
    assert story.told("Still on the line: Ms Ortiz")
    story.pass_time(5_000)
    assert story.settled(State.CONSULT)


@row("ANY-8")
def test_drop_pressed_twice_hangs_up_everybody() -> None:
    story = consult()
    story.key("quit")
    story.key("quit", text="drop")
    assert (story.alive("C"), story.alive("B")) == (True, True)
    story.key("quit", text="drop")
    assert (story.alive("C"), story.alive("B")) == (False, False)
    story.pass_time(1_000)
    assert story.call.outcome is Result.ENDED
    assert not story.told("call them back")


@row("ANY-8")
def test_a_second_drop_that_comes_too_late_asks_again() -> None:
    story = talk()
    story.key("quit", text="drop")
    story.pass_time(2_100)
    story.key("quit", text="drop")
    assert story.alive("C")
    story.key("quit", text="drop")
    assert not story.alive("C")


@row("ANY-8")
def test_quit_with_nobody_on_the_line_hangs_up_the_parked_line() -> None:
    story = talk()
    story.does("C", "hangs up")
    story.pass_time(11_000)
    phone = story.ccid("A")
    story.key("quit")
    assert not story.world.legs[phone].alive


@row("ANY-8")
def test_quit_leaves_those_who_were_handed_over_to_themselves() -> None:
    story = stories.watch()
    phone = story.ccid("A")
    story.key("quit")
    assert story.told("Still on the line"), "it asks even then"
    story.fresh().key("quit", text="leave")
    assert story.requests() == ["Hangup A"]
    assert not story.world.legs[phone].alive
    story.pass_time(5_000)
    assert (story.truly("C"), story.truly("B")) == ("B", "C")


@row("ANY-8")
def test_quit_leaves_nobody_who_was_not_handed_over() -> None:
    story = consult()
    story.key("quit", text="leave")
    assert story.requests() == []
    assert story.told("Still on the line")


# --- what is refused --------------------------------------------------------------------------------------


def test_a_refused_hang_up_is_sent_again_half_a_second_later() -> None:
    story = calling()
    story.flat("hangup", "B", times=2)
    story.key("back")
    story.pass_time(1_700)
    assert len(story.asked_for("Hangup", "B")) == 3
    assert not story.alive("B")


def test_a_refused_read_is_repeated_soon() -> None:
    story = talk()
    story.fault("participants", status=500)
    story.key("hold")
    story.until(State.HELD, limit=700)


def test_a_hold_of_unknown_outcome_is_watched_though_the_unhold_after_it_is_refused() -> None:
    story = talk()
    story.fault("hold", times=1, status=503)
    story.fault("participants", times=1, status=503)
    story.flat("unhold", times=1)
    story.key("hold")
    story.key("back")
    story.until(State.TALK, limit=10_000)
    assert story.leg("C").pending == ()
    assert story.hears("C") == "A"
