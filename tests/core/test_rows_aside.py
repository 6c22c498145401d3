"""Rows ASIDE: B is called, or waits, while A and C go on talking."""

from __future__ import annotations

import pytest

from tests.core.stories import FOR_EVER, Story, aside, talk
from tests.pair import MARIA
from warmxfer_tui.core.terms import Result, State
from warmxfer_tui.core.words import CUSTOMER_GONE, NO_TRANSFER, please_wait
from warmxfer_tui.simulator.world import MANUAL, Persona, Ring

row = pytest.mark.row


def waiting() -> Story:
    """B has answered and waits."""
    story = aside()
    story.does("B", "answers")
    return story


@row("TALK-o")
def test_a_consult_on_the_side_calls_the_target_and_touches_nobody_else() -> None:
    story = talk()
    story.key("aside", MARIA)
    assert story.settled(State.ASIDE)
    assert story.requests() == ["Dial B"]
    assert (story.hears("C"), story.hears("A")) == ("A", "C")


@row("ASIDE-1")
def test_a_target_who_answers_waits_on_its_own_leg_until_the_agent_comes() -> None:
    story = waiting()
    story.pass_time(20_000)
    assert story.settled(State.ASIDE)
    assert story.hears("B") == "speech"
    assert story.said("B") == [please_wait("Anna")]
    assert story.told("answered and waits. [s] takes you there")
    assert story.asked_for("Join", "B") == []
    assert story.c_heard() == ["A"]


@row("ASIDE-1")
def test_s_takes_the_agent_to_a_waiting_target_with_the_customer_on_hold() -> None:
    story = waiting()
    story.keep("reply ReadRoom")
    story.key("swap")
    assert story.asked_for("Join", "B") == [], "not before the hold is proven"
    story.let_go()
    story.until(State.CONSULT, limit=3_000)
    assert (story.hears("C"), story.hears("A"), story.hears("B")) == ("hold", "B", "A")
    assert story.requests() == ["LegSpeak B", "Hold C", "StopPlayback B", "Join B"]
    assert story.c_heard() == ["A", "hold"]


@row("ASIDE-1")
def test_a_waiting_target_whose_customer_cannot_be_held_is_told_and_the_talk_goes_on() -> None:
    story = waiting()
    story.flat("hold")
    story.key("swap")
    assert story.state() is State.TALK
    story.pass_time(8_000)
    assert not story.alive("B")
    assert story.c_heard() == ["A"]
    assert story.asked_for("Join", "B") == []


@row("ASIDE-2")
def test_swap_while_the_target_rings_holds_the_customer() -> None:
    story = aside()
    story.key("swap")
    assert story.settled(State.CALLING)
    assert story.requests() == ["Hold C"]
    assert story.alive("B")
    assert story.hears("C") == "hold"


@row("ASIDE-3")
@pytest.mark.parametrize("answered", [False, True])
def test_back_parts_with_the_target_and_the_customer_notices_nothing(answered: bool) -> None:
    story = waiting() if answered else aside()
    story.key("back")
    assert story.settled(State.TALK)
    story.pass_time(8_000)
    assert not story.alive("B")
    assert (NO_TRANSFER in story.said("B")) == answered
    assert story.c_heard() == ["A"]
    assert not any(request.endswith((" C", " A")) for request in story.requests())


@row("ASIDE-4")
@pytest.mark.parametrize(
    ("how", "outcome"),
    [
        ("busy", Result.BUSY),
        ("declines", Result.DECLINED),
        ("rings out", Result.NO_ANSWER),
        ("not found", Result.WRONG_NUMBER),
        ("refused", Result.NOT_PLACED),
        ("leaves", Result.TARGET_LEFT),
    ],
)
def test_a_target_who_does_not_come_is_a_toast_and_the_customer_notices_nothing(
    how: str, outcome: Result
) -> None:
    wrong = Persona("wrong", on_ring=Ring.NOT_FOUND, after=0.5)
    story = talk(personas={MARIA: wrong if how == "not found" else MANUAL})
    if how == "refused":
        story.fault("dial", "B", times=FOR_EVER, status=422, code="10015")
    story.key("aside", MARIA)
    match how:
        case "busy" | "declines":
            story.does("B", how)
        case "leaves":
            story.does("B", "answers")
            story.pass_time(3_000)
            story.does("B", "hangs up")
        case "rings out":
            story.pass_time(24_900)
            assert story.state() is State.ASIDE
            story.pass_time(200)
        case _:
            story.pass_time(600)
    assert story.settled(State.TALK)
    assert story.call.consult_outcome is outcome
    assert story.told(str(outcome))
    assert story.c_heard() == ["A"]
    assert story.requests()[0] == "Dial B"
    assert "ASIDE-4" in story.fired or how == "refused"
    assert not [r for r in story.requests() if r.startswith(("Hold", "Join", "Leave", "Unhold"))]


@row("ASIDE-5")
def test_a_customer_who_leaves_stops_the_ring() -> None:
    story = aside()
    story.does("C", "hangs up")
    assert story.state() is State.WRAP
    assert not story.alive("B")
    assert story.said("B") == []


@row("ASIDE-5")
def test_a_waiting_target_is_told_that_the_customer_has_left() -> None:
    story = waiting()
    story.does("C", "hangs up")
    assert story.state() is State.WRAP
    story.pass_time(8_000)
    assert story.said("B")[-1] == CUSTOMER_GONE
    assert not story.alive("B")
    assert story.asked_for("Join", "B") == []
