"""Rows RING: a customer rings in, and A's line comes first."""

from __future__ import annotations

import pytest

from tests.core.stories import Story, ring, talk
from tests.pair import LINE
from warmxfer_tui.core.actions import Allowed, Off, allowed
from warmxfer_tui.core.terms import CallId, LineState, Result, State
from warmxfer_tui.simulator.world import Persona, Ring

row = pytest.mark.row


def second_ring() -> Story:
    """A customer rings in while A's line is parked from the call before."""
    story = talk()
    story.does("C", "hangs up")
    story.run(lambda pair: not pair.desk.calls)
    story.ring_in()
    story.quiet()
    assert (story.line, story.state("c2")) == (LineState.PARKED, State.RING)
    return story.fresh()


@row("RING-0")
def test_a_call_that_rings_is_said_with_its_keys_and_costs_nothing() -> None:
    story = ring()
    assert story.told("is calling. [a] answer, [r] reject")
    story.pass_time(30_000)
    assert story.state() is State.RING
    assert story.requests() == []
    assert story.hears("C") == "ringing"


@row("RING-2")
def test_a_customer_who_stops_ringing_stops_the_agents_phone_and_is_logged_with_the_wait() -> None:
    story = ring()
    story.key("answer")
    story.pass_time(7_000)
    phone = story.ccid("A")
    story.does("C", "hangs up")
    assert story.state() is State.WRAP
    assert story.call.outcome is Result.ABANDONED_RINGING
    assert story.told("gave up after ringing 7 s")
    assert not story.world.legs[phone].alive
    assert story.asked_for("Answer") == []


@row("RING-2")
def test_an_abandoned_ring_leaves_a_parked_line_alone() -> None:
    story = second_ring()
    story.does("c2.C", "hangs up")
    assert story.state("c2") is State.WRAP
    assert story.requests() == []
    assert (story.line, story.alive("A")) == (LineState.PARKED, True)


@row("RING-3")
def test_no_customer_is_answered_before_the_line_is_parked() -> None:
    story = ring()
    story.key("answer")
    assert "RING-3" in story.fired
    story.pass_time(5_000)
    assert story.requests() == ["Dial A"]
    story.does("A", "answers")
    story.pass_time(5_000)
    assert story.line is LineState.PROVING
    assert story.asked_for("Answer") == []
    assert (story.state(), story.hears("C")) == (State.RING, "ringing")
    story.does("A", "presses")
    assert len(story.asked_for("Answer", "C")) == 1
    assert story.until(State.TALK).hears("C") == "A"


@row("RING-3")
def test_enter_at_the_console_confirms_the_line_as_well_as_a_digit() -> None:
    story = ring()
    story.key("answer")
    story.does("A", "answers")
    assert story.hears("A") == "speech"
    story.key("confirm")
    assert story.until(State.TALK).hears("A") == "C"


def _line_fails(how: str) -> Story:
    if how == "wrong number":
        story = ring(personas={LINE: Persona("wrong", on_ring=Ring.NOT_FOUND, after=0.5)})
        story.key("answer")
        story.pass_time(600)
        return story
    story = ring()
    story.key("answer")
    match how:
        case "busy" | "declines":
            story.does("A", how)
        case "not confirmed":
            story.pass_time(3_000)
            story.does("A", "answers")
    if how in ("no answer", "not confirmed"):
        story.pass_time(20_000 - (story.now - story.sent[0].at) - 10)
        assert story.line is not LineState.DOWN, "the agent has 20 s"
        story.pass_time(10)
    return story


@row("RING-4")
@pytest.mark.parametrize(
    ("how", "said"),
    [
        ("busy", "busy"),
        ("declines", "declined"),
        ("wrong number", "wrong number"),
        ("no answer", "no answer"),
        ("not confirmed", "not confirmed"),
    ],
)
def test_a_line_that_does_not_come_up_is_said_in_words_and_the_customer_rings_on(how: str, said: str) -> None:
    story = _line_fails(how)
    assert story.told(f"Your line: {said}")
    assert (story.state(), story.line) == (State.RING, LineState.DOWN)
    assert story.hears("C") == "ringing"
    assert story.asked_for("Answer") == []
    assert not any(leg.alive for ccid, leg in story.world.legs.items() if story.who(ccid).startswith("line"))
    keys = allowed(story.desk)
    assert isinstance(keys["answer"], Allowed)
    assert isinstance(keys["reject"], Allowed)


@row("RING-4")
def test_a_dial_of_the_line_that_is_refused_is_said_and_the_customer_rings_on() -> None:
    story = ring()
    story.flat("dial", times=1)
    story.key("answer")
    assert story.told("Your line: could not be called")
    assert (story.state(), story.hears("C")) == (State.RING, "ringing")


@row("RING-4")
def test_the_line_is_called_again_by_the_same_key() -> None:
    story = _line_fails("busy")
    story.fresh()
    story.key("answer")
    assert story.requests() == ["Dial A"]
    story.line_comes_up()
    assert story.until(State.TALK).hears("C") == "A"


@row("RING-4")
def test_a_parked_line_that_is_lost_before_the_answer_is_said_and_the_customer_rings_on() -> None:
    story = second_ring()
    story.fault("answer")
    story.key("answer")
    story.breaks("A")
    assert story.desk.notices[-1].text.startswith("Your line: lost.")
    assert (story.state("c2"), story.hears("c2.C")) == (State.RING, "ringing")
    assert not story.desk.calls[CallId("c2")].accepting
    assert isinstance(allowed(story.desk)["answer"], Allowed)


@row("RING-5")
def test_with_a_parked_line_the_customer_creates_the_room_and_the_agent_joins_it() -> None:
    story = second_ring()
    story.keep("webhook conference.participant.joined", "reply Join")
    story.key("answer")
    story.run(lambda pair: pair.state("c2") is State.CONNECT)
    story.quiet()
    assert story.requests() == ["Answer c2.C", "CreateRoom c2.C", "Join A"]
    since = story.world.silence_since(story.ccid("c2.C"))
    assert since is None or story.world.now - since <= 1_000_000
    story.let_go()
    story.until(State.TALK, "c2")
    assert (story.hears("c2.C"), story.hears("A")) == ("A", "c2.C")


@row("RING-5")
def test_an_answered_customer_is_with_the_agent_within_a_second() -> None:
    story = ring()
    story.key("answer")
    story.line_comes_up()
    story.until(State.TALK)
    assert story.longest_silence() <= 1_000
    assert story.fired.count("RING-5") >= 2


@row("RING-5")
def test_an_answer_that_is_refused_lets_the_customer_ring_on() -> None:
    story = second_ring()
    story.flat("answer", times=1)
    story.key("answer")
    assert story.told("could not be answered")
    assert (story.state("c2"), story.hears("c2.C")) == (State.RING, "ringing")
    story.key("answer")
    story.until(State.TALK, "c2")
    assert story.hears("c2.C") == "A"


@row("RING-6")
def test_a_rejected_customer_hears_busy_and_a_line_that_only_it_needed_stops_ringing() -> None:
    story = ring()
    story.key("answer")
    story.pass_time(2_000)
    phone = story.ccid("A")
    story.key("reject")
    reject = next(request for request in story.http if request.segments[-1] == "reject")
    assert reject.body is not None
    assert reject.body["cause"] == "USER_BUSY"
    assert (story.state(), story.call.outcome) == (State.WRAP, Result.REJECTED)
    assert not story.alive("C")
    assert not story.world.legs[phone].alive
    assert story.asked_for("Answer") == []


@row("RING-6")
def test_rejecting_leaves_a_parked_line_parked() -> None:
    story = second_ring()
    story.key("reject")
    assert story.requests() == ["Reject c2.C"]
    assert (story.line, story.alive("A")) == (LineState.PARKED, True)


@row("WRAP-0")
def test_an_ended_call_leaves_the_desk_after_ten_seconds() -> None:
    story = talk()
    story.does("C", "hangs up")
    story.pass_time(9_900)
    assert story.state() is State.WRAP
    story.pass_time(200)
    assert story.state() is None
    assert isinstance(allowed(story.desk)["hold"], Off)
