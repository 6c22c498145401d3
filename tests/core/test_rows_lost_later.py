"""Rows LOST, further on: several calls, the agent's line, what happens later, the console's return."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.core.stories import back_with_the_agent, consult, talk, two_calls, unattended, watch
from tests.pair import LINE
from warmxfer_tui.core.actions import Off, allowed
from warmxfer_tui.core.events import Configured
from warmxfer_tui.core.terms import Clock, LineState, Number, NumberKind, State
from warmxfer_tui.core.words import STILL_WAITING, UNMUTED

row = pytest.mark.row
MINUTE = 60_000


# --- several calls ------------------------------------------------------------------------------------------


@row("LOST-HELD")
def test_the_agent_is_not_taken_from_one_customer_for_another_who_hears_a_word_a_minute() -> None:
    story = unattended(two_calls())
    story.pass_time(3 * MINUTE + 5_000)
    assert story.said("C") == [STILL_WAITING] * 3
    assert story.asked_for("Leave", "A") == []
    assert (story.hears("c2.C"), story.desk.line.seat) == ("A", "c2")
    assert story.longest_silence() == 0
    assert "A" not in story.truly("C")


@row("LOST-HELD")
def test_when_the_other_customer_has_gone_the_one_on_hold_has_the_agent() -> None:
    story = unattended(two_calls())
    story.pass_time(5_000)
    story.does("c2.C", "hangs up")
    back_with_the_agent(story)
    assert not [timer for timer in story.desk.timers if timer.clock is Clock.WORD]
    assert story.said("C") == []


@row("LOST-HELD")
def test_an_agent_who_hung_up_with_the_other_customer_is_called_for_the_one_on_hold() -> None:
    story = unattended(two_calls())
    story.does("A", "hangs up")
    assert story.state("c2") is State.RESCUE
    story.does("c2.C", "hangs up")
    story.pass_time(1_000)
    assert story.state() is State.RESCUE
    assert story.truly("C") == "hold"
    story.line_comes_up()
    back_with_the_agent(story)


@row("LOST-HELD")
def test_of_two_who_wait_the_one_who_has_waited_longest_comes_first() -> None:
    story = two_calls()
    story.ring_in("+12025550122", "Mrs Chen")
    story.quiet()
    story.key("answer", call="c3", leg="c3.C")
    story.until(State.TALK, "c3")
    unattended(story)
    story.does("c3.C", "hangs up")
    story.until(State.TALK, limit=3_000)
    assert story.settled(State.HELD, "c2")
    story.does("C", "hangs up")
    story.until(State.TALK, "c2", limit=3_000)
    assert story.hears("c2.C") == "A"


@row("LOST-HELD")
def test_a_change_of_calls_in_flight_is_finished_and_the_other_customer_waits() -> None:
    story = two_calls()
    story.keep("reply Leave", "webhook conference.participant.left")
    story.key("hold", call="c1")
    story.pass_time(1_000)
    unattended(story)
    story.let_go()
    story.until(State.TALK, limit=5_000)
    assert (story.hears("C"), story.hears("c2.C")) == ("A", "hold")
    story.pass_time(MINUTE + 5_000)
    assert story.said("c2.C") == [STILL_WAITING]


@row("LOST-HELD")
@pytest.mark.parametrize("sound", [{"hold_media": None}], ids=["no hold file"])
def test_a_customer_who_is_spoken_to_all_the_time_needs_no_other_word(sound: dict[str, None]) -> None:
    story = unattended(two_calls(**sound))
    story.pass_time(2 * MINUTE)
    assert story.said("C")
    assert STILL_WAITING not in story.said("C")
    assert story.longest_silence() <= 2_000


# --- the agent's own line -----------------------------------------------------------------------------------


@row("LOST-LINE")
def test_a_muted_agent_is_unmuted_and_told() -> None:
    story = talk()
    story.key("mute")
    story.pass_time(1_000)
    assert story.truly("C") == "nothing"
    unattended(story)
    story.pass_time(1_000)
    assert story.said("A") == [UNMUTED]
    assert story.hears("C") == "A"


@row("LOST-LINE")
@pytest.mark.parametrize("before", [True, False], ids=["lost before the last call ended", "lost after it"])
def test_a_parked_line_that_nobody_can_use_is_kept_for_a_minute(before: bool) -> None:
    story = talk()
    if before:
        unattended(story)
    story.does("C", "hangs up")
    story.quiet()
    assert story.line is LineState.PARKED
    if not before:
        story.lose_console()
    for wait, state in ((MINUTE - 5_000, LineState.PARKED), (10_000, LineState.DOWN)):
        story.pass_time(wait)
        assert story.line is state


@row("LOST-LINE")
def test_only_a_digit_confirms_a_trusted_line_that_is_still_ringing() -> None:
    story = two_calls(line=Number(LINE, LINE, NumberKind.SIP))
    story._step(Configured(story.now, replace(story.desk.policy, trust_sip_line=True)))
    story.does("c2.C", "hangs up")
    story.does("A", "hangs up")
    story.key("hold", call="c1")
    assert (story.line, story.desk.line.must_press) == (LineState.DIALLING, False)
    unattended(story)
    story.does("A", "answers")
    assert story.line is LineState.PROVING
    story.does("A", "presses")
    back_with_the_agent(story)


# --- afterwards ---------------------------------------------------------------------------------------------


@row("LOST-TALK")
@pytest.mark.parametrize("how", ["breaks", "hangs up"])
def test_an_agent_lost_later_is_called_back_while_the_customer_has_sound(how: str) -> None:
    story = unattended(talk())
    story.breaks("A") if how == "breaks" else story.does("A", how)
    story.pass_time(6_000)
    story.line_comes_up()
    back_with_the_agent(story)
    assert story.leg("A").number.e164 == LINE


@row("LOST-TALK")
def test_a_colleague_who_leaves_early_brings_the_agent_back() -> None:
    story = unattended(watch())
    story.does("B", "hangs up")
    story.until(State.TALK, limit=10_000)
    assert story.hears("C") == "A"
    assert story.longest_silence() <= 2_000


def test_no_key_works_at_an_unattended_desk() -> None:
    story = unattended(talk())
    assert all(isinstance(answer, Off) for answer in allowed(story.desk).values())
    story.key("hold")
    assert story.settled(State.TALK)
    assert story.requests() == []


def test_a_console_that_is_back_takes_keys_and_takes_nothing_back() -> None:
    story = unattended(two_calls())
    story.fresh().console_returns()
    story.pass_time(2 * MINUTE)
    assert story.requests() == []
    story.key("hold", call="c1")
    story.until(State.TALK)
    assert story.hears("C") == "A"


def test_a_console_lost_or_back_twice_is_lost_or_back_once() -> None:
    story = unattended(consult())
    before = len(story.desk.notices)
    story.lose_console()
    assert len(story.desk.notices) == before
    story.console_returns()
    once = story.desk
    story.console_returns()
    assert story.desk.notices == once.notices
