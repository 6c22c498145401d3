"""Rows OUT and CONNECT: a customer is called, answers, and meets A."""

from __future__ import annotations

import pytest

from tests.core.stories import FOR_EVER, Story, idle, out, ring
from tests.pair import CUSTOMER, MARIA
from warmxfer_tui.core.commands import CreateRoom, Dial
from warmxfer_tui.core.terms import LineState, Result, State
from warmxfer_tui.simulator.world import MANUAL, Knobs, Persona, Ring

row = pytest.mark.row


@row("OUT-0")
def test_the_line_is_confirmed_before_a_customer_is_called() -> None:
    story = idle()
    story.key("dial", CUSTOMER)
    story.pass_time(2_000)
    assert story.requests() == ["Dial A"]
    story.does("A", "answers")
    story.pass_time(2_000)
    assert [ask.leg for ask in story.asked_for("Dial")] == ["line.1"]
    story.does("A", "presses")
    (dial,) = story.asked_for("Dial", "C")
    assert isinstance(dial.request, Dial)
    assert dial.request.room_name


@row("OUT-0")
def test_nobody_is_called_before_the_agent_is_out_of_the_last_room() -> None:
    story = ring()
    story.key("answer")
    story.line_comes_up()
    story.until(State.TALK)
    story.keep("reply Leave", "webhook conference.participant.left", "webhook conference.ended")
    story.does("C", "hangs up")
    story.fresh().key("dial", CUSTOMER)
    assert story.asked_for("Dial") == []
    story.let_go()
    assert [ask.leg for ask in story.asked_for("Dial")] == ["c2.C"]


@row("OUT-1")
def test_the_agent_hears_it_ring_and_is_in_talk_the_moment_the_customer_answers() -> None:
    story = out()
    story.run(lambda pair: story.line is LineState.IN)
    assert (story.state(), story.hears("A")) == (State.OUT, "ringing")
    story.does("C", "answers")
    assert story.settled(State.TALK)
    assert (story.hears("C"), story.hears("A")) == ("A", "C")
    assert story.longest_silence() == 0


@row("OUT-1")
def test_a_customer_who_answers_before_the_agent_is_proven_in_the_room_is_connected() -> None:
    story = out()
    story.keep("webhook conference.participant.joined", "reply Join")
    story.pass_time(100)
    story.does("C", "answers")
    assert story.state() is State.CONNECT
    story.let_go()
    assert story.settled(State.TALK)
    assert story.hears("C") == "A"


@row("OUT-1")
def test_an_application_that_knows_no_such_room_is_asked_for_a_plain_call() -> None:
    """telnyx-facts §6.2 #53."""
    story = out(knobs=Knobs(dial_into_unknown_room="404/90058"))
    assert story.state() is State.OUT
    story.does("C", "answers")
    assert story.until(State.TALK).hears("C") == "A"
    assert story.longest_silence() <= 1_000


@row("OUT-2")
@pytest.mark.parametrize(
    ("how", "outcome"),
    [
        ("busy", Result.BUSY),
        ("declines", Result.DECLINED),
        ("rings out", Result.NO_ANSWER),
        ("not found", Result.WRONG_NUMBER),
        ("refused", Result.NOT_PLACED),
    ],
)
def test_a_customer_who_is_not_reached_has_a_typed_outcome_and_the_agent_keeps_the_line(
    how: str, outcome: Result
) -> None:
    persona = Persona("wrong", on_ring=Ring.NOT_FOUND, after=0.5) if how == "not found" else MANUAL
    story = idle(personas={CUSTOMER: persona})
    if how == "refused":
        story.fault("dial", "C", status=403, code="10010", times=FOR_EVER)
    story.key("dial", CUSTOMER)
    story.line_comes_up()
    match how:
        case "busy" | "declines":
            story.does("C", how)
        case "rings out":
            story.pass_time(24_900)
            assert story.state() is State.OUT, "a customer has 25 s"
            story.pass_time(200)
        case _:
            story.pass_time(1_000)
    assert (story.state(), story.call.outcome) == (State.WRAP, outcome)
    assert story.told(str(outcome)) or story.told("could not be called")
    assert story.alive("A")
    story.pass_time(60_000)
    assert (story.line, story.alive("A")) == (LineState.PARKED, True)


@row("OUT-3")
def test_one_press_cancels_a_ring_that_nobody_has_answered() -> None:
    story = out()
    story.pass_time(1_000)
    story.fresh().key("drop")
    assert story.requests()[:1] == ["Hangup C"]
    assert (story.state(), story.call.outcome) == (State.WRAP, Result.CANCELLED)
    assert not story.alive("C")
    assert story.alive("A")


@row("OUT-3")
def test_a_call_dropped_before_the_line_is_up_never_reaches_the_customer() -> None:
    story = idle()
    story.key("dial", CUSTOMER)
    story.key("drop")
    story.pass_time(40_000)
    assert story.asked_for("Dial", "c1.C") == []
    assert story.line is LineState.DOWN


@row("OUT-4")
def test_without_the_agents_line_a_ringing_customer_is_cancelled() -> None:
    story = out()
    story.pass_time(1_000)
    story.breaks("A")
    assert story.state() is State.WRAP
    assert not story.alive("C")
    assert story.told("Your line is not up")


@row("OUT-4")
def test_a_line_that_never_comes_up_calls_nobody() -> None:
    story = idle()
    story.key("dial", CUSTOMER)
    story.does("A", "busy")
    assert (story.state(), story.call.outcome) == (State.WRAP, Result.NOT_PLACED)
    assert [ask.leg for ask in story.asked_for("Dial")] == ["line.1"]


@row("OUT-4")
def test_a_customer_whose_answer_is_known_first_has_hold_sound_and_the_agent_is_called_back() -> None:
    story = out()
    story.pass_time(1_000)
    line = story.ccid("A")
    story.party("answers", story.ccid("C"))
    story.party("hangs up", line)
    story.quiet()
    assert story.state() is State.RESCUE
    assert story.alive("C"), "an answered customer is not hung up"
    story.pass_time(3_000)
    assert story.hears("C") == "hold"
    assert story.longest_silence() <= 1_000


@row("OUT-4")
def test_a_customer_who_answers_before_the_cancel_works_is_kept_and_the_agent_is_called_back() -> None:
    story = out()
    story.pass_time(1_000)
    story.fault("hangup", "C", status=503)
    story.breaks("A")
    story.does("C", "answers")
    assert story.state() is State.RESCUE
    story.pass_time(3_000)
    assert story.hears("C") == "hold"
    story.pass_time(10_000)
    assert story.alive("C"), "the cancel is not repeated on a customer who has answered"


# --- CONNECT ------------------------------------------------------------------------------------------------


def _answered_without(*faults: str) -> Story:
    """C is being answered; what A or the room would need fails."""
    story = ring()
    for verb in faults:
        story.flat(verb, "A" if verb == "join" else "")
    story.key("answer")
    story.line_comes_up()
    story.run(lambda pair: pair.state() is State.CONNECT)
    return story.fresh()


@row("CONNECT-1")
def test_a_customer_without_the_agent_has_hold_sound_after_a_second() -> None:
    story = _answered_without("join")
    story.pass_time(1_100)
    assert story.hears("C") == "hold"
    assert story.state() is State.CONNECT
    assert story.asked_for("ReadRoom")
    assert len(story.asked_for("Join", "A")) >= 2, "the join is tried again"
    assert story.longest_silence() <= 1_100


@row("CONNECT-1")
def test_an_agent_who_gets_in_late_finds_the_customer_unheld() -> None:
    story = _answered_without("join")
    story.pass_time(2_500)
    story.mend()
    story.until(State.TALK)
    story.pass_time(1_000)
    assert (story.hears("C"), story.hears("A")) == ("A", "C")
    assert story.c_heard()[-2:] == ["hold", "A"]


@row("CONNECT-1")
def test_after_five_seconds_without_the_agent_there_is_a_rescue() -> None:
    story = _answered_without("join")
    story.pass_time(4_800)
    assert story.state() is State.CONNECT
    story.pass_time(300)
    assert story.state() is State.RESCUE
    assert "hold" in story.truly("C").split("+")
    story.mend()
    story.until(State.TALK)
    story.pass_time(2_000)
    assert story.hears("C") == "A"


@row("CONNECT-1")
def test_a_join_whose_news_is_lost_is_read() -> None:
    story = ring()
    story.keep("webhook conference.participant.joined")
    story.key("answer")
    story.line_comes_up()
    story.run(lambda pair: pair.state() is State.CONNECT)
    story.lose()
    story.keep("webhook conference.participant.joined")
    story.until(State.TALK, limit=3_000)
    assert story.asked_for("ReadRoom")
    assert story.hears("C") == "A"


@row("CONNECT-2")
def test_a_customer_without_a_room_is_spoken_to_until_another_name_is_taken() -> None:
    story = _answered_without("create")
    story.pass_time(100)
    assert story.hears("C") == "speech"
    story.pass_time(3_000)
    assert story.hears("C") == "speech"
    story.mend()
    story.until(State.TALK)
    assert story.hears("C") == "A"
    names = [ask.request.name for ask in story.asked_for("CreateRoom") if isinstance(ask.request, CreateRoom)]
    assert len(names) == len(set(names)) >= 2
    assert story.longest_silence() <= 1_000


@row("CONNECT-2")
@pytest.mark.parametrize("how", ["the name is in use", "no reply"])
def test_a_room_of_ours_that_exists_after_all_is_adopted(how: str) -> None:
    story = ring()
    if how == "no reply":
        story.fault("create", works=True)
    else:
        story.fault("create", works=True, status=422, code="90033")
    story.key("answer")
    story.line_comes_up()
    story.until(State.TALK)
    assert story.hears("C") == "A"
    assert len(story.asked_for("CreateRoom")) == len(story.world.rooms) == 1
    assert story.asked_for("FindRoom")


@row("CONNECT-2")
def test_a_name_taken_by_a_room_without_our_customer_still_ends_in_talk() -> None:
    story = ring()
    stranger = story.world.handle(
        "POST",
        "/calls",
        {},
        {"to": MARIA, "from": "+12025550100", "connection_id": story.desk.policy.connection},
    )
    ccid = str(stranger.body["data"]["call_control_id"])  # type: ignore[index]
    story.world.party_answers(ccid)
    story.world.handle("POST", "/conferences", {}, {"call_control_id": ccid, "name": "wx-d-c1-0"})
    story.world.take_webhooks()
    story.key("answer")
    story.line_comes_up()
    story.until(State.TALK)
    assert "A" in story.truly("C").split("+")


@row("OUT-4")
def test_a_cancel_that_the_carrier_turned_away_is_not_sent_to_a_customer_who_has_answered() -> None:
    story = out()
    story.fault("hangup", "C", status=429, times=2, headers=(("x-ratelimit-reset", "3"),))
    assert story.party("hangs up", story.ccid("A"))
    assert story.party("answers", story.ccid("C"))
    story.key("drop")
    assert story.state() is State.RESCUE
    story.pass_time(5_000)
    assert story.alive("C")
    assert story.hears("C") == "hold"
