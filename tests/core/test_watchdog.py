"""I1's watchdog: a customer who may hear nothing gets a repair, and then another one, until they hear."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise
from typing import Any

import pytest

from tests.core.stories import FOR_EVER, OTHER, Story, calling, consult, held, rescue, talk
from tests.core.test_reconcile import meddle, watched
from tests.pair import MARIA
from warmxfer_tui.core.advice import alarm_of
from warmxfer_tui.core.hearing import hears, silent
from warmxfer_tui.core.model import Desk
from warmxfer_tui.core.terms import Clock, LegId, LineState, State, Timer
from warmxfer_tui.simulator.world import Knobs

row = pytest.mark.row
FILE = 90_000
"""Milliseconds that the file of these stories sounds, and no longer."""
ONCE: dict[str, Any] = {"hold_length": FILE, "knobs": Knobs(hold_media="once", hold_twice="restart")}


def believed_silent(story: Story) -> bool:
    return silent(story.desk, story.call)


# --- the file runs out ------------------------------------------------------------------------------------


@row("LAW-4", "TALK-4")
@pytest.mark.parametrize(("status", "code"), [(422, "90032"), (503, "10007"), (0, "")])
@pytest.mark.parametrize("begin", [held, consult])
def test_hold_sound_that_cannot_be_played_again_gives_the_customer_back_when_it_ends(
    begin: Callable[..., Story], status: int, code: str
) -> None:
    story = begin(**ONCE)
    story.fault("hold", times=FOR_EVER, status=status, code=code)
    story.pass_time(FILE - 6_000)
    state = story.call.state
    story.pass_time(3_000)
    assert story.settled(state), "it sounds still"
    assert story.hears("C") == "hold"
    story.pass_time(8_000)
    assert story.longest_silence() <= 2_000
    assert story.settled(State.TALK)
    assert (story.hears("C"), story.c_heard()) == ("A", ["hold", "A"])
    story.pass_time(8_000)
    assert begin is held or not story.alive("B"), "who is told and hung up"


@row("LAW-4")
@pytest.mark.parametrize(("status", "code"), [(422, "90032"), (503, "10007"), (0, "")])
def test_one_refusal_in_time_disturbs_nobody(status: int, code: str) -> None:
    story = consult(**ONCE)
    story.fault("hold", times=2, status=status, code=code)
    story.pass_time(3 * FILE)
    assert story.settled(State.CONSULT)
    assert (story.hears("C"), story.hears("B"), story.c_heard()) == ("hold", "A", ["hold"])
    assert len(story.asked_for("Hold")) <= 8, "after a pause each time"


def test_a_hold_of_unknown_outcome_is_no_proof_that_the_file_plays_again() -> None:
    """Who was held before is held still, whatever became of the request."""
    story = held(**ONCE)
    until = story.leg("C").sound_until
    story.fault("hold", times=1, status=503, code="10007")
    story.pass_time(FILE - 5_500)
    assert len(story.asked_for("Hold")) == 0
    story.pass_time(700)
    assert len(story.asked_for("Hold")) == 1
    assert story.leg("C").sound_until == until
    story.pass_time(1_500)
    assert len(story.asked_for("Hold")) == 2
    assert story.leg("C").sound_until > until + FILE - 10_000


def test_the_file_runs_from_the_request_however_late_the_proof() -> None:
    story = talk(**ONCE)
    story.fault("participants", times=FOR_EVER, status=503, code="10007")
    sent = story.now
    story.key("hold")
    story.pass_time(1_700)
    story.mend()
    story.until(State.HELD, limit=1_500)
    assert story.now - sent >= 1_700
    assert sent <= story.leg("C").sound_until - FILE <= sent + 10
    story.fresh()
    story.pass_time(2 * FILE)
    assert story.c_heard() == ["hold"]


def test_a_file_of_a_few_seconds_is_not_asked_for_without_pause() -> None:
    story = held(hold_length=4_000)
    story.pass_time(40_000)
    gaps = [b.at - a.at for a, b in pairwise(story.asked_for("Hold"))]
    assert gaps
    assert all(1_900 <= gap <= 4_000 for gap in gaps), gaps


def test_a_file_that_has_run_out_is_silence() -> None:
    story = held()
    assert not believed_silent(story)
    leg = replace(story.leg("C"), sound_until=story.desk.now)
    desk = replace(story.desk, legs={**story.desk.legs, leg.id: leg})
    assert hears(desk, leg.id).silent
    assert silent(desk, story.call)


# --- a hold without a sound of ours -----------------------------------------------------------------------


def test_whom_somebody_else_has_held_hears_nothing_as_far_as_is_known() -> None:
    story = watched(talk())
    story.fault("unhold", times=FOR_EVER)
    meddle(story, "hold", "c1.C")
    story.pass_time(2_100)
    assert story.leg("C").held
    assert hears(story.desk, LegId("c1.C")).sound == ""
    story.pass_time(2_000)
    assert "HEARS NOTHING" in alarm_of(story.desk, story.now)
    story.mend()
    story.pass_time(3_000)
    assert (story.hears("C"), alarm_of(story.desk, story.now)) == ("A", "")


def test_a_file_that_was_played_before_counts_for_no_later_hold() -> None:
    story = held()
    story.key("hold")
    story.until(State.TALK)
    story = watched(story)
    story.flat("unhold")
    meddle(story, "hold", "c1.C")
    story.pass_time(2_100)
    assert story.leg("C").held
    assert story.leg("C").pending == ()
    assert hears(story.desk, LegId("c1.C")).sound == ""


# --- nothing that C hears is proven -----------------------------------------------------------------------


@row("LAW-4")
@pytest.mark.parametrize("begin", [held, consult])
def test_without_any_sound_for_its_time_the_customer_is_with_the_agent_again(
    begin: Callable[..., Story],
) -> None:
    """Every rung of the ladder of hold sound is refused: the file, speech in the room, the way out of it."""
    story = begin(**ONCE)
    story.fault("hold", times=FOR_EVER, status=400, code="90040")
    story.flat("speak")
    story.flat("leave", "C")
    story.run(lambda _: story.call.silent_at is not None, FILE + 5_000)
    gone = story.now
    story.run(lambda _: story.settled(State.TALK), 4_500)
    assert story.now - gone >= 2_000, "there was another rung to try"
    assert (story.hears("C"), story.hears("A")) == ("A", "C")
    assert story.told("THE CUSTOMER HEARS NOTHING")


@row("LAW-4")
def test_a_hold_that_nobody_can_prove_is_read_at_two_seconds_and_taken_back_a_proof_later() -> None:
    story = talk()
    story.keep("reply ReadRoom")
    story.key("hold")
    story.pass_time(1_900)
    before = len(story.asked_for("ReadRoom"))
    story.pass_time(150)
    assert len(story.asked_for("ReadRoom")) > before
    assert "HEARS NOTHING for 2 s" in alarm_of(story.desk, story.now)
    assert story.state() is State.HELD
    story.pass_time(1_500)
    assert story.state() is State.TALK
    assert story.truly("C") == "A"
    story.let_go()
    story.until(State.TALK, limit=4_000)
    assert (story.hears("C"), alarm_of(story.desk, story.now)) == ("A", "")


@row("LAW-4", "LAW-5")
def test_a_hold_that_is_undone_before_its_proof_is_proven_all_the_same() -> None:
    """Else the unhold, whose outcome nobody knows, would not be asked for again while C hears nothing."""
    story = talk(hold_media=None)
    story.fault("participants", status=503, code="10007")
    story.fault("unhold", status=503, code="10007")
    story.press("hold")
    story.key("back")
    story.pass_time(1_600)
    assert story.truly("C") in ("A", "speech")
    assert story.longest_silence() <= 1_100
    story.until(State.TALK, limit=3_000)
    story.pass_time(2_000)
    assert story.hears("C") == "A"


@row("LAW-4")
def test_without_an_agent_in_the_room_the_agents_phone_is_called() -> None:
    story = _left_alone_on_hold()
    story.fault("hold", times=FOR_EVER, status=400, code="90040")
    story.flat("speak")
    story.flat("leave", "C")
    _lose_the_sound(story)
    story.pass_time(4_000)
    assert story.state() is State.RESCUE
    assert "Dial A" in story.requests()
    story.mend()
    story.line_comes_up()
    story.until(State.TALK)
    story.pass_time(2_000)
    assert story.hears("C") == "A"


def _left_alone_on_hold() -> Story:
    """C waits on hold, and the agent belongs nowhere: their line is down."""
    story = held()
    agent = story.leg("A")
    desk = story.desk
    line = replace(desk.line, seat=None)
    story.desk = replace(desk, line=line)
    story.world.party_hangs_up(str(agent.ccid))
    story._gather()
    story.quiet()
    assert story.line in (LineState.DOWN, LineState.LOST)
    assert story.state() is State.HELD
    return story.fresh()


def _lose_the_sound(story: Story) -> None:
    leg = replace(story.leg("C"), sound_until=0)
    story.desk = replace(story.desk, legs={**story.desk.legs, leg.id: leg})
    story.pass_time(1)


@row("LAW-4")
def test_an_agent_who_talks_in_another_call_is_not_taken_from_it() -> None:
    story = held()
    story.ring_in(OTHER)
    story.quiet()
    story.key("answer", call="c2")
    story.until(State.TALK, "c2")
    story.fresh().flat("hold", "C")
    story.flat("speak", "C")
    story.flat("leave", "C")
    _lose_the_sound(story)
    story.pass_time(6_000)
    assert story.settled(State.TALK, "c2")
    assert story.settled(State.HELD)
    assert "HEARS NOTHING" in alarm_of(story.desk, story.now)
    story.mend()
    story.pass_time(3_000)
    assert hears(story.desk, LegId("c1.C")).sound == "speech", "there are other ways to give them a sound"
    assert story.truly("C") == "speech"


@row("LAW-4")
def test_words_that_only_a_lost_webhook_could_prove_are_no_reason_to_end_a_hold() -> None:
    story = watched(talk(hold_media=None))
    story.keep("webhook")
    story.key("hold")
    story.pass_time(7_500)
    assert story.desk.unheard_since is not None
    assert believed_silent(story), "nothing proves it"
    assert "HEARS NOTHING" in alarm_of(story.desk, story.now)
    assert story.state() is State.HELD
    assert story.truly("C") == "speech"


@row("LAW-4")
def test_words_that_webhooks_would_prove_are_missed() -> None:
    story = talk(hold_media=None)
    story.keep("webhook call.speak", "webhook conference.participant.speak")
    story.key("hold")
    story.pass_time(5_500)
    assert story.state() is State.TALK
    assert story.truly("C") == "A"


# --- the banner -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("begin", [rescue, calling])
def test_the_banner_is_red_for_as_long_as_nothing_is_heard_and_told_once(begin: Callable[..., Story]) -> None:
    story = begin()
    story.fault("hold", times=FOR_EVER, status=400, code="90040")
    story.flat("speak")
    story.flat("leave", "C")
    story.flat("unhold")
    _lose_the_sound(story)
    for _ in range(20):
        story.pass_time(500)
        silence = story.now - (story.call.silent_at or story.now)
        assert (silence >= 2_000) == ("HEARS NOTHING" in alarm_of(story.desk, story.now))
        assert silence < 2_000 or _something_is_done(story.desk)
    assert len([n for n in story.desk.notices if "HEARS NOTHING" in n.text]) == 1


def _something_is_done(desk: Desk) -> bool:
    quiet = {Clock.SILENT, Clock.WRAP, Clock.KEEP}
    return bool(desk.asks) or any(t.clock not in quiet for t in desk.timers if t.subject != "desk")


def test_a_customer_who_hears_again_has_no_watchdog() -> None:
    story = talk()
    story.key("consult", MARIA)
    story.until(State.CALLING)
    assert story.call.silent_at is None
    assert Timer(Clock.SILENT, "c1") not in story.desk.timers
