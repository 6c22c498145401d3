"""Rows BLIND-1 and BLIND-2: the carrier rings B for C and bridges the two; until then A stays in the room."""

from __future__ import annotations

import pytest

from tests.core.stories import back_with_the_agent, blind, bridged, held, talk
from tests.pair import CUSTOMER, MARIA, OFFICE
from warmxfer_tui.core.commands import Transfer
from warmxfer_tui.core.hearing import RINGING, Hears, hears, silent
from warmxfer_tui.core.terms import LegId, LineState, Result, State
from warmxfer_tui.core.words import CLOSING, ONE_MOMENT, TARGET_LEFT
from warmxfer_tui.simulator.world import Knobs

row = pytest.mark.row
C, B = LegId("c1.C"), LegId("c1.B1")


# --- BLIND-1: the key ---------------------------------------------------------------------------------------


@row("BLIND-1")
def test_the_key_has_the_carrier_ring_the_target_and_the_agent_stays() -> None:
    story = talk()
    story.key("blind", MARIA)
    assert story.requests() == ["Transfer C"]
    assert story.state() is State.BLIND
    story.pass_time(300)
    assert story.settled(State.BLIND)
    assert (story.hears("C"), story.hears("A")) == ("ringing", "nothing")
    assert story.line is LineState.IN
    story.pass_time(15_000)
    assert story.requests() == ["Transfer C"], "C is not fetched back, A stays"
    assert story.fired == ["BLIND-1"]
    assert not story.told("HEARS NOTHING")


@row("BLIND-1")
def test_the_transfer_names_the_target_our_number_and_what_the_new_leg_is() -> None:
    story = talk()
    story.key("blind", MARIA)
    request = story.asked_for("Transfer")[0].request
    assert isinstance(request, Transfer)
    assert (request.ccid, request.to, request.from_) == (story.ccid("C"), MARIA, OFFICE)
    assert request.timeout_secs == 30, "a little longer than our own patience"
    assert (request.tag.leg, request.tag.role, request.tag.other) == ("c1.B1", "B", CUSTOMER)
    assert story.leg("B").ccid is not None, "call.initiated with our tag made it known"


@row("BLIND-1")
def test_whatever_audio_is_set_none_is_played_to_the_target_before_the_bridge() -> None:
    """telnyx-facts §2.3: `audio_url` is for the target, on answer: hold music would keep the two apart."""
    story = blind(hold_media=None, hold_audio_url="https://media.test/hold.mp3")
    assert not {"audio_url", "media_name"} & set((story.http[-1].body or {}).keys())
    story.does("B", "answers")
    assert story.truly("C") == "B"


@row("BLIND-1")
def test_a_customer_on_hold_is_transferred_from_the_hold() -> None:
    story = held()
    story.key("blind", MARIA)
    story.pass_time(500)
    assert story.requests() == ["Transfer C"], "no unhold: A does not speak with C any more"
    assert story.settled(State.BLIND)
    assert (story.hears("C"), story.hears("A")) == ("ringing", "nothing")
    story.does("B", "answers")
    story.until(State.WATCH)
    story.pass_time(1_000)
    assert (story.hears("C"), story.hears("B")) == ("B", "C")
    assert not story.c_ever_heard("A")


@row("BLIND-1")
def test_what_is_said_to_a_customer_outside_the_room_is_stopped_first() -> None:
    story = talk(hold_media=None, knobs=Knobs(speak_to_held="nobody, no event"))
    story.key("hold")
    story.pass_time(10_000)
    assert story.leg("C").room is None, "the last rung of the ladder of hold sound"
    story.fresh().key("blind", MARIA)
    story.pass_time(500)
    assert story.requests() == ["StopPlayback C", "Transfer C"]
    assert story.settled(State.BLIND)
    assert story.hears("C") == "ringing"
    story.does("B", "declines")
    back_with_the_agent(story)


@row("BLIND-1")
def test_without_a_number_nothing_happens() -> None:
    story = talk()
    story.key("blind")
    assert story.told("Nobody was named")
    assert (story.requests(), story.state()) == ([], State.TALK)


@row("BLIND-1")
def test_the_target_may_be_heard_from_the_moment_the_carrier_is_asked() -> None:
    """I9: the answer and the bridge come together, and the news of them later."""
    story = blind()
    assert hears(story.desk, C) == Hears(maybe=frozenset({B}), sound=RINGING)
    assert hears(story.desk, B).maybe == {C}
    assert not silent(story.desk, story.call)


@row("BLIND-1")
def test_until_the_customer_is_proven_out_of_the_room_the_key_is_pending() -> None:
    story = talk()
    story.keep("webhook conference.participant.left", "reply ReadRoom")
    story.key("blind", MARIA)
    story.pass_time(1_000)
    assert (story.state(), story.call.origin, story.call.by) == (State.BLIND, State.TALK, "blind")
    story.lose()
    story.pass_time(1_000)
    assert story.asked_for("ReadRoom"), "the event is late: read"
    assert story.settled(State.BLIND)
    assert story.hears("C") == "ringing"


@row("BLIND-1")
def test_while_the_carrier_lets_nothing_through_the_transfer_waits_and_is_sent_once() -> None:
    story = talk()
    story.fault("transfer", status=429, code="10011", headers=(("retry-after", "2"),))
    story.key("blind", MARIA)
    story.pass_time(1_500)
    assert story.hears("C") == "A"
    assert story.state() is State.BLIND
    story.pass_time(1_500)
    assert story.hears("C") == "ringing"
    assert len(story.asked_for("Transfer")) == 2, "the first was turned away"


# --- BLIND-2: the bridge ------------------------------------------------------------------------------------


@row("BLIND-2")
@pytest.mark.parametrize("told", ["both", "target"])
def test_the_bridge_releases_the_agent_and_says_that_it_was_blind(told: str) -> None:
    story = blind(knobs=Knobs(transfer_bridged=told))  # type: ignore[arg-type]
    story.does("B", "answers")
    assert story.settled(State.WATCH)
    assert story.told("It was blind")
    story.pass_time(1_000)
    assert story.requests() == ["Leave A"]
    assert (story.hears("C"), story.hears("B"), story.hears("A")) == ("B", "C", "nothing")
    assert story.line is LineState.PARKED
    story.pass_time(95_000)
    assert story.requests() == ["Leave A"], "the room has ended, and no other is made"
    assert story.call.outcome is Result.COMPLETED
    assert story.longest_silence() == 0


@row("BLIND-2")
@pytest.mark.parametrize("lost", ["webhook call.answered", "webhook call.initiated", "webhook conference"])
def test_the_bridge_proves_the_answer_the_target_and_that_the_customer_has_left(lost: str) -> None:
    story = talk()
    story.keep(lost)
    story.key("blind", MARIA)
    story.pass_time(1_000)
    (ccid,) = [c for c, leg in story.world.legs.items() if leg.to == MARIA]
    assert story.party("answers", ccid)
    story.quiet()
    story.lose()
    assert story.settled(State.WATCH)
    story.pass_time(2_500)
    assert (story.hears("C"), story.hears("B"), story.hears("A")) == ("B", "C", "nothing")


@row("BLIND-2")
def test_a_bridge_that_is_told_late_does_not_undo_the_way_back() -> None:
    story = blind()
    story.keep("webhook call.bridged", "webhook call.answered")
    story.does("B", "answers")
    story.key("back")
    story.pass_time(3_000)
    story.let_go()
    back_with_the_agent(story)
    assert story.leg("C").bridged is None


@row("BLIND-2")
def test_the_agent_is_free_for_the_next_call() -> None:
    story = bridged()
    story.ring_in("+12025550121", "Mr Berg")
    story.quiet()
    story.key("answer", call="c2")
    story.until(State.TALK, "c2")
    assert (story.hears("A"), story.hears("C"), story.state()) == ("c2.C", "B", State.WATCH)


# --- WATCH, outside every room ------------------------------------------------------------------------------


@row("WATCH-1")
def test_a_bridged_target_who_leaves_early_leaves_the_customer_alive_and_the_agent_comes_back() -> None:
    story = bridged()
    story.pass_time(20_000)
    story.does("B", "hangs up")
    assert story.alive("C"), "park_after_unbridge"
    assert story.said("C") == [ONE_MOMENT]
    story.pass_time(2_900)
    assert (story.state(), story.truly("C")) == (State.WATCH, "hold"), "in a new room"
    story.pass_time(200)
    assert story.state() in (State.RESCUE, State.TALK)
    story.until(State.TALK)
    story.pass_time(2_000)
    assert (story.hears("C"), story.hears("A")) == ("A", "C")
    assert story.longest_silence() <= 1_000
    assert TARGET_LEFT not in story.said("C")


@row("WATCH-1")
def test_a_target_who_leaves_before_the_agent_has_left_the_room() -> None:
    story = blind()
    story.keep("reply Leave", "webhook conference.participant.left")
    story.does("B", "answers")
    story.does("B", "hangs up")
    story.let_go()
    story.until(State.TALK)
    story.pass_time(3_000)
    assert (story.hears("C"), story.hears("A")) == ("A", "C")
    assert story.longest_silence() <= 1_000


@row("WATCH-2")
def test_when_the_bridged_customer_hangs_up_the_target_is_gone_too() -> None:
    story = bridged()
    story.does("C", "hangs up")
    assert not story.alive("B")
    assert (story.state(), story.call.outcome) == (State.WRAP, Result.COMPLETED)


@row("WATCH-3")
def test_after_ninety_seconds_the_customer_hears_the_closing_sentence_on_its_own_leg() -> None:
    story = bridged()
    story.pass_time(91_000)
    story.fresh().does("B", "hangs up")
    assert story.said("C") == [CLOSING]
    assert story.truly("C") == "speech"
    story.run(lambda pair: not story.alive("C"), 5_100)
    assert story.c_heard() == ["B", "speech"]
    assert story.longest_silence() <= 1_000
    assert story.requests() == ["LegSpeak C", "Hangup C"]
    assert (story.state(), story.call.outcome) == (State.WRAP, Result.COMPLETED)


@row("KEY-x")
def test_the_agent_may_hang_up_a_bridged_target() -> None:
    story = bridged()
    story.key("drop")
    assert not story.alive("B")
    assert story.said("C") == [ONE_MOMENT]
    story.until(State.TALK)
    story.pass_time(2_000)
    assert story.hears("C") == "A"
