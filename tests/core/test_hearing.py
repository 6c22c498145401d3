"""Who hears whom, as believed: a pending change is judged at its worst (I1, I9)."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.core.stories import Story, calling, consult, held, out, ring, talk, three
from warmxfer_tui.core.hearing import HOLD_SOUND, RINGING, SPEECH, Hears, hears, silent
from warmxfer_tui.core.model import Desk, Leg
from warmxfer_tui.core.terms import CallId, Clock, LegId, Means, Phase, Timer

C, A, B = LegId("c1.C"), LegId("line.1"), LegId("c1.B1")


def _silent(desk: Desk) -> bool:
    return silent(desk, desk.calls[CallId("c1")])


def _with(story: Story, leg: LegId, **changes: object) -> Desk:
    """The story's desk with one leg believed otherwise."""
    changed: Leg = replace(story.desk.legs[leg], **changes)  # type: ignore[arg-type]
    return replace(story.desk, legs={**story.desk.legs, leg: changed})


def test_those_who_are_proven_in_one_room_hear_each_other() -> None:
    desk = three().desk
    assert hears(desk, C) == Hears(frozenset({A, B}))
    assert hears(desk, A) == Hears(frozenset({B, C}))
    assert hears(desk, B) == Hears(frozenset({A, C}))
    assert not _silent(desk)


def test_a_proven_hold_is_hold_sound_and_nobody() -> None:
    desk = held().desk
    assert hears(desk, C) == Hears(sound=HOLD_SOUND)
    assert hears(desk, A).silent
    assert not _silent(desk)


def test_a_hold_that_is_not_proven_leaves_the_customer_in_earshot() -> None:
    story = talk()
    story.keep("reply Hold", "reply ReadRoom")
    story.key("hold")
    heard = hears(story.desk, C)
    assert A in heard.people | heard.maybe, "I9: C hears the room"
    assert heard.sound == "", "hold sound is not claimed before it is proven"
    assert _silent(story.desk), "I1: the hold may have worked, and without sound"


def test_an_unhold_counts_from_the_moment_it_is_sent() -> None:
    story = consult()
    story.keep("reply Unhold", "reply ReadRoom")
    story.key("merge")
    heard = hears(story.desk, C)
    assert heard.maybe == {A, B}, "I9: C hears the room, the panel says: may hear you"
    assert heard.people == frozenset()
    assert heard.sound == "", "I1: C hears nothing"
    assert _silent(story.desk)
    assert {C} <= hears(story.desk, B).maybe, "and is heard"


def test_a_join_counts_from_the_moment_it_is_sent() -> None:
    story = calling()
    story.keep("reply Join", "webhook conference.participant.joined")
    story.does("B", "answers")
    assert hears(story.desk, A).maybe == {B}
    assert hears(story.desk, B).maybe == {A}
    assert hears(story.desk, C) == Hears(sound=HOLD_SOUND), "C is proven held, whoever comes in"


def test_a_partner_who_is_being_taken_away_is_no_partner() -> None:
    story = talk()
    assert not _silent(story.desk)
    assert _silent(_with(story, A, hanging_up=True))
    assert _silent(_with(story, A, held=True))
    assert _silent(_with(story, A, room=None))
    assert _silent(_with(story, A, phase=Phase.ENDED))


@pytest.mark.parametrize("means", [Means.SPOKEN, Means.APART])
def test_without_a_hold_file_only_speech_that_was_proven_to_start_is_heard(means: Means) -> None:
    story = held()
    room = None if means is Means.APART else story.call.room
    mute = _with(story, C, means=means, room=room, saying="One moment, please.")
    assert hears(mute, C).silent
    assert _silent(mute)
    speaking = _with(story, C, means=means, room=room, heard_at=story.now)
    assert hears(speaking, C) == Hears(sound=SPEECH)
    assert not _silent(speaking)


def test_a_muted_partner_is_not_heard_and_may_be_while_the_unmute_is_under_way() -> None:
    story = talk()
    story.key("mute")
    assert hears(story.desk, C).people == frozenset()
    story.keep("reply Unmute", "reply ReadRoom")
    story.key("mute")
    assert hears(story.desk, C).maybe == {A}


def test_an_agent_who_muted_themselves_is_a_partner_all_the_same() -> None:
    story = talk()
    story.key("mute")
    story.pass_time(5_000)
    assert not _silent(story.desk), "I1: one muted by A's own key is a partner"
    assert not story.told("HEARS NOTHING")


def test_a_ringing_customer_hears_ringing_and_is_outside_of_i1() -> None:
    story = ring()
    assert hears(story.desk, C) == Hears(sound=RINGING)
    assert not _silent(story.desk)


def test_a_customer_called_into_the_room_may_hear_the_agent_at_ringback() -> None:
    story = out()
    story.pass_time(1_000)
    assert hears(story.desk, C).maybe == {A}


def test_a_leg_that_has_ended_hears_nothing() -> None:
    story = talk()
    story.does("C", "hangs up")
    assert hears(story.desk, C).silent


def test_two_seconds_of_silence_raise_the_red_banner_once_and_something_is_done() -> None:
    story = talk()
    story.flat("hold")
    story.flat("join")
    story.flat("speak")
    story.breaks("A")
    story.pass_time(1_900)
    assert not story.told("THE CUSTOMER HEARS NOTHING")
    story.pass_time(200)
    assert story.told("THE CUSTOMER HEARS NOTHING")
    assert story.desk.timers or story.desk.asks
    banners = [notice for notice in story.desk.notices if "HEARS NOTHING" in notice.text]
    assert len(banners) == 1
    story.mend()
    story.pass_time(6_000)
    assert story.truly("C") == "speech", "the ladder of hold sound has come to its last rung meanwhile"
    assert story.call.silent_at is None
    assert Timer(Clock.SILENT, "c1") not in story.desk.timers
