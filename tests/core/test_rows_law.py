"""The law: what happens in the cells that have no row of their own."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.core import stories
from tests.core.stories import FOR_EVER, Story, calling, consult, held, ring, swapped, talk, three
from warmxfer_tui.core.terms import Lane, LineState, Result, State
from warmxfer_tui.core.words import NOT_POSSIBLE

row = pytest.mark.row


# --- LAW-1: A lost ------------------------------------------------------------------------------------------


@row("LAW-1")
@pytest.mark.parametrize("how", ["breaks", "hangs up"])
@pytest.mark.parametrize("begin", [held, stories.aside, swapped, calling, consult])
def test_a_lost_agent_leaves_the_customer_with_hold_sound_and_the_target_is_told(
    begin: Callable[[], Story], how: str
) -> None:
    story = begin()
    story.breaks("A") if how == "breaks" else story.does("A", how)
    assert story.state() is State.RESCUE
    story.pass_time(1_000)
    assert "hold" in story.truly("C").split("+")
    assert story.longest_silence() <= 1_000
    assert "Dial A" in story.requests()
    story.pass_time(8_000)
    assert "B" not in story.truly("C")
    for leg in story.desk.legs.values():
        if leg.id.startswith("c1.B"):
            assert not story.alive("B")
    assert not story.c_ever_heard("B")


@row("LAW-1")
def test_a_swapped_target_is_told_before_it_is_hung_up() -> None:
    story = swapped()
    story.breaks("A")
    story.pass_time(8_000)
    assert NOT_POSSIBLE in story.said("B")


@row("LAW-1")
@pytest.mark.parametrize("how", ["breaks", "hangs up"])
def test_where_customer_and_target_are_together_they_go_on(how: str) -> None:
    story = three()
    story.breaks("A") if how == "breaks" else story.does("A", how)
    assert story.state() is State.WATCH
    story.pass_time(5_000)
    assert (story.hears("C"), story.hears("B")) == ("B", "C")
    assert story.requests() == []
    assert story.longest_silence() == 0


@row("LAW-1")
def test_an_agent_lost_before_the_connection_is_called_back() -> None:
    story = ring()
    story.flat("join", "A")
    story.key("answer")
    story.line_comes_up()
    story.run(lambda pair: pair.state() is State.CONNECT)
    story.breaks("A")
    assert story.state() is State.RESCUE
    story.pass_time(2_000)
    assert story.hears("C") == "hold"
    assert story.longest_silence() <= 2_000


# --- LAW-2: B lost ------------------------------------------------------------------------------------------


@row("LAW-2")
@pytest.mark.parametrize("begin", [consult, swapped, three])
def test_when_the_target_is_lost_the_customer_is_with_the_agent(begin: Callable[[], Story]) -> None:
    story = begin()
    before = story.truly("C")
    story.breaks("B")
    story.until(State.TALK, limit=1_000)
    assert (story.truly("C"), story.longest_silence()) == ("A", 0)
    if before != "hold":
        assert not [request for request in story.requests() if request.endswith(" C")], (
            "nothing changes for C"
        )


@row("LAW-2")
def test_a_target_who_leaves_the_talk_that_outlived_the_customer_ends_the_call() -> None:
    story = consult()
    story.does("C", "hangs up")
    story.does("B", "hangs up")
    assert (story.state(), story.call.outcome) == (State.WRAP, Result.CUSTOMER_LEFT)
    assert story.line is LineState.PARKED


# --- LAW-3: C lost ------------------------------------------------------------------------------------------


@row("LAW-3")
@pytest.mark.parametrize("begin", [consult, swapped, three])
def test_a_target_in_the_room_stays_with_the_agent_when_the_customer_is_lost(
    begin: Callable[[], Story],
) -> None:
    story = begin()
    story.breaks("C")
    story.pass_time(2_500)
    assert (story.hears("A"), story.hears("B")) == ("B", "A")


@row("LAW-3")
@pytest.mark.parametrize("begin", [calling, stories.aside])
def test_a_ring_stops_when_the_customer_is_lost(begin: Callable[[], Story]) -> None:
    story = begin()
    story.breaks("C")
    assert not story.alive("B")
    assert story.state() is State.WRAP


@row("LAW-3")
def test_a_customer_lost_while_being_connected_frees_the_line() -> None:
    story = ring()
    story.flat("join", "A")
    story.key("answer")
    story.line_comes_up()
    story.run(lambda pair: pair.state() is State.CONNECT)
    story.does("C", "hangs up")
    assert (story.state(), story.line) == (State.WRAP, LineState.PARKED)


# --- LAW-4: requests that fail ------------------------------------------------------------------------------


@row("LAW-4")
def test_a_mute_that_fails_leaves_the_state_as_it_was_and_says_why() -> None:
    story = talk()
    story.flat("mute", times=1)
    story.key("mute")
    assert story.told("Mute could not be changed")
    assert story.settled(State.TALK)
    assert (story.truly("C"), story.desk.line.mute) == ("A", False)


@row("LAW-4")
def test_an_unmute_that_fails_leaves_the_agent_muted_and_says_why() -> None:
    story = talk()
    story.key("mute")
    story.flat("unmute", times=1)
    story.key("mute")
    assert story.told("Mute could not be changed")
    assert story.settled(State.TALK)
    assert (story.truly("C"), story.desk.line.mute) == ("nothing", True)
    story.key("mute")
    story.pass_time(2_000)
    assert (story.hears("C"), story.desk.line.mute) == ("A", False)


@row("LAW-4")
@pytest.mark.parametrize("proven", [True, False])
def test_an_unmute_of_unknown_outcome_is_repeated_for_the_customers_ear(proven: bool) -> None:
    story = talk()
    story.keep(*(() if proven else ("reply ReadRoom",)))
    story.key("mute")
    story.fault("unmute", status=503, code="10007", works=False)
    story.key("mute")
    story.pass_time(700)
    assert story.truly("C") == "A"
    story.let_go()
    story.pass_time(2_000)
    assert (story.hears("C"), story.desk.line.mute) == ("A", False)
    assert not story.told("Mute could not be changed")


@row("LAW-4")
@pytest.mark.parametrize("proven", [True, False])
def test_an_unmute_that_nobody_answers_is_given_up_in_time_and_the_agent_told(proven: bool) -> None:
    story = talk()
    story.keep(*(() if proven else ("reply ReadRoom",)))
    story.key("mute")
    story.fault("unmute", times=FOR_EVER, status=503, code="10007")
    story.key("mute")
    story.pass_time(1_700)
    assert story.told("Mute could not be changed")
    assert story.desk.line.mute, "it is A's own key again that C hears nothing"
    story.let_go()
    story.pass_time(3_000)
    assert (story.truly("C"), story.desk.line.mute) == ("nothing", True)
    story.mend()
    story.key("mute")
    story.pass_time(2_000)
    assert (story.hears("C"), story.desk.line.mute) == ("A", False)


@row("LAW-4")
def test_a_hold_of_unknown_outcome_is_repeated_where_a_muted_agent_is_on_the_way_to_another_call() -> None:
    story = talk()
    story.ring_in(stories.OTHER)
    story.quiet()
    story.key("mute")
    story.fault("hold", status=503, code="10007", works=False)
    story.key("answer")
    story.key("mute")
    story.pass_time(900)
    assert story.truly("C") == "hold"


@row("LAW-4")
@pytest.mark.parametrize("status", [0, 422, 503])
def test_an_unhold_for_the_customers_ear_is_repeated_until_it_works(status: int) -> None:
    story = calling()
    story.fault("unhold", times=FOR_EVER, status=status, code="10015")
    story.key("back")
    story.pass_time(2_200)
    assert len(story.asked_for("Unhold", "C")) >= 2 or status != 422
    story.pass_time(20_000)
    assert "A" in story.truly("C").split("+") or len(story.asked_for("Unhold", "C")) >= 3
    story.mend()
    story.until(State.TALK, limit=15_000)
    assert (story.hears("C"), story.hears("A")) == ("A", "C")
    assert story.longest_silence() <= 2_000


@row("LAW-4", "CALLING-11")
def test_a_hold_of_unknown_outcome_is_asked_for_again_while_nobody_is_with_the_customer() -> None:
    story = stories.aside()
    story.fault("hold", status=500, code="10007")
    story.press("swap")
    story.party("hangs up", story.ccid("A"))
    story.quiet()
    story.pass_time(3_000)
    assert story.truly("C") == "hold"
    assert story.longest_silence() <= 1_000
    first, second = story.asked_for("Hold", "C")
    assert 500 <= second.at - first.at <= 600


@row("LAW-4", "BLIND-6")
def test_a_join_of_unknown_outcome_is_asked_for_again_while_the_customer_is_outside() -> None:
    story = stories.blind()
    story.fault("join", status=503, code="10007")
    story.key("back")
    stories.back_with_the_agent(story)
    first, second = story.asked_for("Join", "C")
    assert 500 <= second.at - first.at <= 600


@row("LAW-4")
def test_what_is_asked_for_again_takes_the_place_of_what_nobody_knows() -> None:
    story = stories.aside()
    story.fault("hold", times=FOR_EVER, status=500, code="10007")
    story.press("swap")
    story.party("hangs up", story.ccid("A"))
    story.pass_time(700)
    assert len(story.asked_for("Hold", "C")) == 2
    assert [pending.verb for pending in story.leg("C").pending] == [Lane.HOLD]


@row("LAW-4")
@pytest.mark.parametrize(("status", "code"), [(0, ""), (422, "90032"), (503, "10007")])
@pytest.mark.parametrize("begin", [talk, three, swapped, stories.watch])
def test_a_customer_alone_who_cannot_be_held_is_spoken_to_on_the_own_leg(
    begin: Callable[[], Story], status: int, code: str
) -> None:
    story = begin()
    story.fault("hold", "C", times=FOR_EVER, status=status, code=code)
    story.keep("reply Dial")  # nobody else comes to the rescue
    if begin is three:
        story.breaks("B")
    story.breaks("B" if begin is stories.watch else "A")
    story.pass_time(12_000)
    assert story.longest_silence() <= 2_000
    assert story.truly("C") in ("speech", "A")


@row("LAW-4", "BLIND-6")
@pytest.mark.parametrize(("status", "code"), [(0, ""), (422, "90032"), (503, "10007")])
def test_a_customer_who_is_not_let_in_is_spoken_to_and_then_has_a_new_room(status: int, code: str) -> None:
    story = stories.blind()
    first = story.call.room
    story.fault("join", "C", times=FOR_EVER, status=status, code=code)
    story.key("back")
    story.until(State.TALK, limit=10_000)
    assert story.longest_silence() <= 1_000
    assert story.told("cannot be brought back")
    assert story.call.room != first
    story.pass_time(1_000)
    assert (story.hears("C"), story.hears("A")) == ("A", "C")
    assert story.c_heard() == ["ringing", "speech", "A"]


@row("LAW-4")
@pytest.mark.parametrize(("verb", "key"), [("hold", "hold"), ("mute", "mute"), ("leave", "complete")])
@pytest.mark.parametrize("code", ["90015", "10005"])
def test_who_is_said_not_to_be_in_the_room_is_not_taken_for_gone(verb: str, key: str, code: str) -> None:
    story = three() if verb == "leave" else talk()
    story.fault(verb, status=422, code=code)
    story.key(key)
    assert story.asked_for("ReadCall")
    story.pass_time(5_000)
    assert story.alive("C")
    assert story.leg("C").up
    assert story.leg("A").up
    assert story.state() in (State.HELD, State.TALK, State.WATCH)


@row("LAW-4", "LAW-3")
@pytest.mark.parametrize("code", ["90015", "10005"])
def test_whoever_is_gone_although_no_webhook_says_so_is_found_by_a_read(code: str) -> None:
    story = talk()
    story.keep("webhook call.hangup", "webhook conference.participant.left")
    story.does("C", "hangs up")
    story.fault("hold", status=422, code=code)
    story.key("hold")
    assert not story.leg("C").alive
    assert story.state() is State.WRAP


@row("LAW-4", "CONNECT-1")
@pytest.mark.parametrize(("status", "code"), [(422, "90032"), (503, "10007")])
def test_a_customer_who_has_waited_for_the_agent_is_not_held_twice_in_vain(status: int, code: str) -> None:
    story = ring()
    story.fault("join", "A", times=FOR_EVER, status=422, code="90032")
    story.fault("hold", "C", times=FOR_EVER, status=status, code=code)
    story.key("answer")
    story.line_comes_up()
    story.pass_time(8_000)
    assert story.longest_silence() < 2_000
    assert story.truly("C") == "speech"


@row("LAW-4", "LAW-1")
def test_a_transfer_of_unknown_outcome_does_not_keep_hold_sound_from_a_customer_left_alone() -> None:
    story = talk()
    story.fault("transfer", status=503, code="10007")
    story.press("blind", stories.OTHER)
    story.party("hangs up", story.ccid("A"))
    story.quiet()
    assert story.state() is State.RESCUE
    story.pass_time(3_000)
    assert story.longest_silence() <= 1_000
    assert story.truly("C") == "hold"
    assert len(story.asked_for("Transfer")) == 1


@row("LAW-4")
def test_a_customer_taken_out_of_a_room_that_has_ended_is_led_into_another_to_the_waiting_agent() -> None:
    story = three()
    story.keep("webhook call.hangup")
    story.key("complete")
    for verb, leg, times in (("join", "A", 4), ("hold", "C", 2)):
        story.fault(verb, leg, times=times, status=503, code="10007")
    story.does("B", "hangs up")
    story.pass_time(3_000)
    story.let_go()
    story.pass_time(12_000)
    assert story.truly("C") == "A", story.fired
    assert story.longest_silence() <= 2_000
