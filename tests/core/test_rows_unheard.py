"""Rows CALLING-12 and ANY-2: no webhook tells who has answered, and a command is the question."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from typing import Any

import pytest

from tests.core.stories import FOR_EVER, Story, aside, calling, out, ring
from tests.core.test_reconcile import watched
from tests.pair import MARIA, OFFICE
from warmxfer_tui.core.advice import waiting_for
from warmxfer_tui.core.events import Ticked
from warmxfer_tui.core.hearing import hears
from warmxfer_tui.core.terms import LegId, LineState, Phase, Result, State
from warmxfer_tui.simulator.world import Knobs

row = pytest.mark.row
LATE: dict[str, Any] = {"knobs": Knobs(reads_lag_ms=30_000)}
"""No list tells anything in time."""


def unheard(story: Story) -> Story:
    """From here on no webhook comes, and that is known."""
    story = watched(story)
    story.keep("webhook")
    story.desk = replace(story.desk, unheard_since=story.now)
    story._step(Ticked(story.now))
    return story.fresh()


def picked_up(story: Story) -> None:
    """B answers, and nobody tells."""
    assert story.party("answers", story.ccid("B"))
    story.quiet()


@row("CALLING-12")
def test_a_target_who_has_answered_unheard_is_found_by_the_join_within_two_seconds() -> None:
    story = unheard(calling(**LATE))
    story.pass_time(3_000)
    picked_up(story)
    begin = story.now
    story.until(State.CONSULT, limit=2_100)
    assert story.now - begin <= 2_100
    assert (story.hears("A"), story.hears("B"), story.c_heard()) == ("B", "A", ["hold"])
    assert "CALLING-12" in story.fired
    assert "CALLING-1" in story.fired, "it is told as ever"
    assert not story.c_ever_heard("B")


@row("CALLING-12")
def test_while_it_rings_the_join_is_refused_and_changes_nothing() -> None:
    story = unheard(calling(**LATE))
    before = story.leg("B")
    story.pass_time(12_500)
    joins = story.asked_for("Join", "B")
    assert [b.at - a.at for a, b in pairwise(joins)] == [2_000] * 5
    assert story.settled(State.CALLING)
    assert replace(story.leg("B"), pending=()) == before
    assert [r for r in story.requests() if r not in ("Join B", "Survey None")] == []
    assert not [n for n in story.desk.notices if "CALLING-2" in n.text]


@row("CALLING-12", "CALLING-4")
def test_whoever_never_answers_is_given_up_as_ever() -> None:
    story = unheard(calling(**LATE))
    story.pass_time(26_700)
    assert story.settled(State.TALK)
    assert story.call.consult_outcome is Result.NO_ANSWER
    assert not story.alive("B")
    assert story.hears("C") == "A"


@row("CALLING-12", "CALLING-5")
def test_whoever_has_declined_unheard_is_gone() -> None:
    story = unheard(calling(**LATE))
    assert story.party("declines", story.ccid("B"))
    story.pass_time(2_100)
    assert not story.leg("B").alive
    story.until(State.TALK, limit=1_000)
    assert story.hears("C") == "A"


@row("CALLING-12", "CALLING-5")
def test_why_is_told_when_a_list_tells_it() -> None:
    story = unheard(calling())
    assert story.party("busy", story.ccid("B"))
    story.fault("active_calls", times=2, status=503, code="10007")
    story.until(State.TALK, limit=3_000)
    outcomes = [story.call.consult_outcome]
    story.pass_time(4_000)
    outcomes.append(story.call.consult_outcome)
    assert outcomes == [Result.UNKNOWN, Result.BUSY], "C does not wait for the reason"
    assert story.desk.notices[-1].text == f"{MARIA}: busy."
    told = len(story.desk.notices)
    story.pass_time(10_000)
    assert len(story.desk.notices) == told


@row("CALLING-12", "CALLING-5")
def test_the_reason_of_an_older_target_is_not_told_of_the_next_one() -> None:
    story = unheard(calling(**LATE))
    assert story.party("declines", story.ccid("B"))
    story.until(State.TALK, limit=3_000)
    story.key("consult", OFFICE)
    story.pass_time(35_000)
    assert not story.told(f"{MARIA}: declined.")


@row("CALLING-12")
def test_a_reply_that_says_it_is_in_the_room_already_is_an_answer_too() -> None:
    """The first join took effect and its reply was lost: it is asked again, and one read proves it."""
    story = unheard(calling(**LATE))
    picked_up(story)
    story.fault("join", "B", status=422, code="90044", works=True)
    story.keep("webhook", "reply ReadRoom")
    story.pass_time(2_050)
    assert (story.leg("B").phase, story.leg("B").room) == (Phase.ANSWERED, None)
    story.let_go()
    story.keep("webhook")
    assert story.settled(State.CONSULT)
    assert story.hears("B") == "A"


@row("CALLING-12")
@pytest.mark.parametrize("works", [True, False])
@pytest.mark.parametrize("status", [0, 503])
def test_a_join_of_unknown_outcome_is_settled_by_a_read(status: int, works: bool) -> None:
    story = unheard(calling(**LATE))
    picked_up(story)
    story.fault("join", "B", status=status, code="10007", works=works)
    story.pass_time(2_600 if works else 8_100)
    assert story.settled(State.CONSULT)
    assert story.hears("B") == "A"
    assert not story.c_ever_heard("B")


@row("CALLING-12")
def test_a_join_of_unknown_outcome_of_a_ringing_leg_gives_nobody_up() -> None:
    story = unheard(calling(**LATE))
    story.fault("join", "B", times=2, status=503, code="10007")
    story.pass_time(16_000)
    assert story.settled(State.CALLING)
    assert story.leg("B").phase is Phase.RINGING
    assert len(story.asked_for("Join", "B")) >= 4
    picked_up(story)
    story.until(State.CONSULT, limit=2_100)


@row("CALLING-12")
def test_a_customer_who_is_not_proven_held_forbids_the_try() -> None:
    """I4. The customer talks with the agent: only the list of events can tell."""
    story = unheard(aside())
    picked_up(story)
    story.pass_time(1_500)
    assert story.asked_for("Join", "B") == []
    story.pass_time(3_000)
    assert story.asked_for("Join", "B") == []
    assert story.told("answered and waits")
    assert story.hears("C") == "A"


@row("CALLING-12")
def test_a_hold_that_is_not_proven_forbids_it_too() -> None:
    story = unheard(calling(**LATE))
    leg = replace(story.leg("C"), held=False, contradicted=True)
    story.fault("hold", times=FOR_EVER)
    story.fault("participants", times=FOR_EVER, status=503, code="10007")
    story.desk = replace(story.desk, legs={**story.desk.legs, leg.id: leg})
    story.pass_time(3_000)
    assert story.asked_for("Join", "B") == []


@row("CALLING-12", "CALLING-9")
def test_a_target_who_rings_on_while_the_customer_is_brought_back_is_not_asked() -> None:
    """C is proven held still, and is about to be with A."""
    story = unheard(calling(**LATE))
    story.pass_time(1_500)
    story.flat("unhold", times=5)
    story.key("swap")
    story.fresh().pass_time(700)
    assert story.asked_for("Join", "B") == []
    story.until(State.ASIDE)


@row("CALLING-12")
def test_one_join_is_under_way_at_a_time() -> None:
    story = unheard(calling(**LATE))
    story.keep("webhook", "reply Join")
    story.pass_time(9_000)
    assert len(story.asked_for("Join", "B")) == 1


@row("CALLING-12")
@pytest.mark.parametrize("key", ["back", "swap"])
def test_a_key_pressed_while_the_join_is_under_way_lets_nobody_meet(key: str) -> None:
    story = unheard(calling(**LATE))
    picked_up(story)
    story.keep("webhook", "reply Join", "reply ReadRoom")
    story.pass_time(2_050)
    assert story.truly("B") == "A", "it has taken effect"
    assert LegId("c1.B1") in hears(story.desk, LegId("line.1")).maybe, "I9: judged at its worst"
    story.key(key)
    story.pass_time(500)
    assert story.truly("C") == "hold"
    story.let_go()
    story.keep("webhook")
    story.pass_time(9_000)
    assert story.truly("C") == "A"
    assert not story.c_ever_heard("B")
    assert story.longest_silence() <= 1_000


@row("CALLING-12")
def test_with_webhooks_it_is_tried_once_before_the_target_is_given_up() -> None:
    story = watched(calling())
    story.pass_time(24_000)
    assert story.asked_for("Join", "B") == []
    story.pass_time(3_000)
    assert len(story.asked_for("Join", "B")) == 1
    assert story.settled(State.TALK)
    assert story.call.consult_outcome is Result.NO_ANSWER
    assert not story.alive("B")


@row("CALLING-12")
def test_one_answer_that_no_webhook_told_is_found_before_the_target_is_given_up() -> None:
    story = watched(calling(**LATE))
    story.keep("webhook call.answered")
    story.pass_time(18_000)
    picked_up(story)
    story.until(State.CONSULT, limit=8_000)
    story.pass_time(5_000)
    assert (story.hears("B"), story.c_heard()) == ("A", ["hold"])


@row("CALLING-12", "OUT-2")
def test_a_customer_who_may_have_answered_unheard_is_not_hung_up() -> None:
    """I3. The carrier was told how long to ring: who lives after that has answered."""
    story = watched(out(**LATE))
    story.keep("webhook")
    assert story.party("answers", story.ccid("C"))
    story.pass_time(30_000)
    assert story.state() is State.OUT
    assert story.asked_for("Hangup") == []
    story.until(State.TALK, limit=5_000)
    assert (story.hears("C"), story.call.outcome) == ("A", None)


@row("CALLING-12", "OUT-2")
@pytest.mark.parametrize("told", [True, False])
def test_a_customer_who_does_not_answer_is_given_up_by_the_carrier(told: bool) -> None:
    story = watched(out(**LATE))
    story.keep(*(() if told else ("webhook",)))
    story.pass_time(36_000)
    assert (story.state(), story.call.outcome) == (State.WRAP, Result.NO_ANSWER)
    assert not story.alive("C")
    assert story.asked_for("Hangup") == []


@row("CALLING-12", "ANY-4")
def test_nothing_is_tried_while_the_carrier_asks_us_to_slow_down() -> None:
    story = unheard(calling(**LATE))
    story.fault("join", "B", status=429, headers=(("x-ratelimit-reset", "5"),))
    story.pass_time(6_500)
    assert len(story.asked_for("Join", "B")) == 1
    story.pass_time(2_000)
    assert len(story.asked_for("Join", "B")) == 2
    assert story.settled(State.CALLING)


@row("CALLING-12")
def test_that_nobody_can_know_is_said() -> None:
    assert waiting_for(calling().desk) == "+12025550118 is ringing"
    assert waiting_for(unheard(calling()).desk) == (
        "+12025550118 rings or has answered: it is tried every 2 s"
    )
    assert waiting_for(unheard(aside()).desk) == "+12025550118 rings or has answered, unconfirmed"
    assert waiting_for(unheard(out()).desk) == "+12025550120 rings or has answered, unconfirmed"


# --- the agent's phone, and a customer who rings in ---------------------------------------------------------


def _line_dialled() -> Story:
    story = unheard(ring(**LATE))
    story.key("answer")
    return story


@row("ANY-2")
def test_the_agents_phone_that_was_picked_up_unheard_is_found_by_the_sentence_it_is_to_hear() -> None:
    story = _line_dialled()
    story.pass_time(4_500)
    assert story.line is LineState.DIALLING, "of a phone that rings it is refused"
    assert story.asked_for("LegSpeak", "A")
    assert story.party("answers", story.ccid("A"))
    story.fresh().run(lambda _: story.line is LineState.PROVING, 2_600)
    assert len(story.asked_for("LegSpeak", "A")) == 1, "what it hears already is not said once more"
    assert story.truly("A") == "speech"
    assert "ANY-2" in story.fired
    assert waiting_for(story.desk) == "press enter here: digits do not arrive"


@row("ANY-2", "RING-5")
@pytest.mark.parametrize("refusals", [0, 2])
def test_a_customer_whom_we_have_answered_is_with_the_agent_although_nobody_tells(refusals: int) -> None:
    story = _line_dialled()
    assert story.party("answers", story.ccid("A"))
    story.run(lambda _: story.line is LineState.PROVING, 3_000)
    story.fault("create", times=refusals, status=422, code="90034")
    begin = story.fresh().now
    story.key("confirm")
    story.until(State.TALK, limit=3_000)
    assert story.now - begin <= 1_600 + refusals * 600
    assert (story.hears("C"), story.hears("A")) == ("A", "C")
    assert len(story.asked_for("CreateRoom")) == refusals + 1
    assert story.longest_silence() <= 600 + refusals * 600


@row("ANY-2", "RING-2")
def test_a_customer_who_has_hung_up_unheard_meanwhile_is_gone() -> None:
    story = _line_dialled()
    assert story.party("answers", story.ccid("A"))
    story.run(lambda _: story.line is LineState.PROVING, 3_000)
    assert story.party("hangs up", story.ccid("C"))
    story.key("confirm")
    story.pass_time(1_500)
    assert story.state() is State.WRAP


@row("ANY-2", "RING-5")
def test_a_room_of_unknown_outcome_that_was_made_proves_the_answer_too() -> None:
    story = _line_dialled()
    assert story.party("answers", story.ccid("A"))
    story.run(lambda _: story.line is LineState.PROVING, 3_000)
    story.fault("create", status=503, code="10007", works=True)
    story.key("confirm")
    story.until(State.TALK, limit=2_000)
    assert len(story.asked_for("CreateRoom")) == 1
    assert story.hears("C") == "A"


@row("ANY-2")
@pytest.mark.parametrize("verb", ["CreateRoom", "LegSpeak"])
def test_nothing_is_asked_twice_at_once(verb: str) -> None:
    story = _line_dialled()
    if verb == "CreateRoom":
        assert story.party("answers", story.ccid("A"))
        story.run(lambda _: story.line is LineState.PROVING, 3_000)
        story.key("confirm")
    story.fresh().keep("webhook", f"reply {verb}")
    story.pass_time(5_900)
    assert len(story.asked_for(verb)) == 1


@row("ANY-2")
def test_a_phone_that_nobody_picks_up_is_given_up_in_its_time() -> None:
    story = _line_dialled()
    story.pass_time(20_500)
    assert story.line is LineState.DOWN
    assert story.told("The customer rings on")
    assert story.truly("C") in ("ringing", "nothing")
    assert story.leg("C").phase is Phase.RINGING


@row("ANY-2")
def test_a_call_that_nobody_has_accepted_is_asked_nothing() -> None:
    story = unheard(ring(**LATE))
    story.pass_time(10_000)
    assert story.asked_for("CreateRoom") == []
    assert story.requests() == ["Survey None"] * len(story.requests())
