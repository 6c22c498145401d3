"""Sentences of ours: proven, missed, refused; nobody who depends on them is left in silence."""

from __future__ import annotations

import pytest

from tests.core.stories import FOR_EVER, Story, aside, held, ring, swapped, talk
from tests.pair import MARIA
from warmxfer_tui.core.terms import Clock, LineState, Means, State
from warmxfer_tui.core.words import please_wait
from warmxfer_tui.simulator.world import Knobs

STARTED = ("webhook call.speak.started",)


def held_by_words() -> Story:
    """C is on hold, and there is no hold file."""
    story = talk(hold_media=None)
    story.key("hold")
    return story.until(State.HELD).fresh()


def consult_by_words() -> Story:
    """A talks with B, C is on hold, and there is no hold file."""
    story = held_by_words()
    story.key("consult", MARIA)
    story.does("B", "answers")
    return story.until(State.CONSULT, limit=10_000).fresh()


def test_words_on_a_leg_that_do_not_begin_within_a_second_are_said_again() -> None:
    story = aside()
    story.keep(*STARTED)
    story.does("B", "answers")
    assert len(story.said("B")) == 1
    story.pass_time(1_100)
    assert len(story.said("B")) == 2


def test_each_one_that_was_not_heard_is_waited_for_a_second_longer() -> None:
    """Where webhooks are dead, none will ever be heard: they must not become a flood."""
    story = aside()
    story.keep(*STARTED)
    story.does("B", "answers")
    first = story.now
    story.pass_time(20_000)
    assert [round((ask.at - first) / 1000) for ask in story.asked_for("LegSpeak", "B")] == [
        0,
        1,
        3,
        6,
        10,
        15,
    ]


def test_the_line_is_asked_again_for_its_digit_and_the_words_stop_when_it_comes() -> None:
    story = ring()
    story.keep(*STARTED)
    story.key("answer")
    story.run(lambda pair: story.line is LineState.DIALLING and story.leg("A").ccid is not None)
    story.does("A", "answers")
    story.pass_time(1_500)
    assert len(story.said("A")) == 2
    story.does("A", "presses")
    story.until(State.TALK)
    assert story.hears("A") == "C"


def test_words_that_wait_for_the_carriers_limit_are_not_missed() -> None:
    story = held_by_words()
    story.fault("speak", "C", status=429, headers=(("x-ratelimit-reset", "3"),))
    story.fresh().pass_time(9_000)
    assert story.leg("C").means is Means.SPOKEN, "the prompt was late, it was not unheard"
    assert story.asked_for("Leave", "C") == []
    assert story.hears("C") == "speech"


def test_a_prompt_that_is_refused_is_said_again_half_a_second_later() -> None:
    story = held_by_words()
    story.fault("speak", "C", status=503)
    story.fresh().pass_time(5_000)
    assert story.longest_silence() <= 1_000
    assert story.asked_for("Leave", "C") == []


@pytest.mark.row("LAW-4", "TALK-5")
@pytest.mark.parametrize(("status", "code"), [(422, "90032"), (503, "10007")])
def test_a_held_customer_whom_prompts_do_not_reach_is_spoken_to_on_the_own_leg(
    status: int, code: str
) -> None:
    story = held_by_words()
    story.fault("speak", str(story.call.room), times=FOR_EVER, status=status, code=code)
    story.fresh().pass_time(20_000)
    assert story.longest_silence() <= 2_000
    assert story.truly("C") == "speech"
    story.key("hold")
    story.until(State.TALK)
    assert story.hears("C") == "A"


@pytest.mark.parametrize("status", [422, 503])
def test_a_customer_without_music_is_spoken_to_while_the_unhold_fails(status: int) -> None:
    story = held_by_words()
    story.fault("unhold", times=2, status=status, code="10015")
    story.key("hold")
    story.until(State.TALK, limit=20_000)
    story.pass_time(2_000)
    assert story.hears("C") == "A"
    assert story.longest_silence() <= 1_000


def test_a_held_target_without_music_is_spoken_to_as_well() -> None:
    story = consult_by_words()
    story.key("swap")
    story.until(State.SWAPPED, limit=5_000)
    story.pass_time(10_000)
    assert (story.hears("B"), story.hears("C")) == ("speech", "A")


def test_a_customer_who_made_a_room_while_spoken_to_is_hushed_before_the_prompts_go_on() -> None:
    story = ring(hold_media=None, knobs=Knobs(playback_on_connect="continues"))
    story.flat("create", times=2)
    story.flat("join", "A")
    story.key("answer")
    story.line_comes_up()
    story.pass_time(4_000)
    assert story.leg("C").held
    assert story.asked_for("StopPlayback", "C")
    assert not story.leg("C").looping
    assert story.hears("C") == "speech"


def test_a_target_whose_room_is_gone_is_told_to_wait_until_there_is_another() -> None:
    story = swapped()
    story.flat("create", times=2)
    story.fault("hold", "C", status=422, code="90019")
    story.key("swap")
    assert story.leg("B").room is None
    assert story.said("B") == [please_wait("Anna")]
    story.pass_time(3_000)
    assert story.requests()[-1] == "Join B"


def test_hold_sound_of_a_file_is_not_talked_over() -> None:
    story = held()
    story.key("consult", MARIA)
    story.pass_time(10_000)
    assert story.said("C") == []


def test_a_sentence_that_waits_behind_another_is_watched_when_that_one_ends() -> None:
    story = held_by_words()
    story.fault("unhold", status=429, headers=(("x-ratelimit-reset", "1"),))
    story.fault("speak", "C", status=429, headers=(("x-ratelimit-reset", "3"),))
    story.key("hold")
    story.does("A", "hangs up")
    story.pass_time(3_900)
    story.keep("webhook conference.participant.speak.started")
    story.pass_time(200)
    assert story.asked_for("RoomSpeak", "C")
    assert any(timer.clock is Clock.SPEECH for timer in story.desk.timers), "it may not begin, and is watched"


def test_a_loop_that_could_not_be_stopped_is_stopped_again_before_the_target_joins() -> None:
    story = aside()
    story.does("B", "answers")
    story.fault("playback_stop", "B", status=401, code="10009")
    story.key("swap")
    assert not story.asked_for("Join", "B")
    story.until(State.CONSULT, limit=2_000)
    assert len(story.asked_for("StopPlayback", "B")) == 2
    assert story.truly("B") == "A"


def test_a_customer_out_of_reach_of_prompts_who_may_not_come_back_yet_waits_outside() -> None:
    story = consult_by_words()
    story.flat("hangup", "B")
    story.fault("speak", str(story.call.room), times=FOR_EVER, status=422, code="90032")
    story.key("drop")
    story.pass_time(20_000)
    assert story.alive("B"), "it cannot be hung up"
    assert story.longest_silence() <= 2_000
    assert not story.c_ever_heard("B")
    story.mend()
    story.pass_time(10_000)
    assert story.hears("C") == "A"


def test_a_customer_who_waits_outside_comes_back_only_when_the_target_is_proven_held() -> None:
    story = talk(hold_media=None, knobs=Knobs(speak_to_held="nobody, no event"))
    story.key("consult", MARIA)
    story.does("B", "answers")
    story.until(State.CONSULT, limit=10_000)
    story.pass_time(3_000)
    assert story.leg("C").means is Means.APART
    story.fresh().fault("hold", "B", times=1, status=503, code="10007")
    story.key("swap")
    story.until(State.SWAPPED, limit=10_000)
    assert story.hears("C") == "A"
    assert not story.c_ever_heard("B")


def test_a_loop_that_can_never_be_stopped_keeps_nobody_out_of_the_room() -> None:
    story = ring()
    story.fault("playback_stop", times=FOR_EVER, status=403, code="10010")
    story.key("answer")
    story.line_comes_up()
    story.until(State.TALK, limit=5_000)
    assert story.longest_silence() <= 1_000
    assert "A" in story.truly("C").split("+")


def test_where_the_room_cannot_be_left_prompts_are_tried_in_it_again() -> None:
    story = held_by_words()
    story.fault("speak", str(story.call.room), times=2, status=422, code="90032")
    story.fault("leave", "C", times=FOR_EVER, status=422, code="90032")
    story.pass_time(15_000)
    assert story.leg("C").means is Means.SPOKEN
    assert story.hears("C") == "speech"


# --- loops of unknown outcome, where joining a room does not stop what is played --------------------------

GOES_ON = Knobs(playback_on_connect="continues")


@pytest.mark.parametrize("after", [0, 400])
def test_a_loop_that_may_run_is_stopped_before_the_target_is_joined(after: int) -> None:
    story = aside(knobs=GOES_ON)
    story.fault("speak", "B", status=503, code="10007", works=True)
    story.does("B", "answers")
    story.pass_time(after)
    story.key("swap")
    story.until(State.CONSULT, limit=5_000)
    assert story.truly("B") == "A"


def test_a_loop_that_may_run_is_stopped_before_the_agent_is_joined() -> None:
    story = ring(knobs=GOES_ON)
    story.key("answer")
    story.fault("speak", "A", status=503, code="10007", works=True)
    story.line_comes_up()
    story.until(State.TALK, limit=5_000)
    assert story.truly("A") == "C"


@pytest.mark.parametrize("replied", ["before the room", "after it"])
@pytest.mark.parametrize("works", [True, False])
def test_a_loop_that_may_run_is_stopped_where_the_customer_makes_a_room(works: bool, replied: str) -> None:
    story = ring(knobs=GOES_ON)
    story.key("answer")
    if replied == "after it":
        story.keep("reply LegSpeak c1.C")
    story.fault("create", status=422, code="10015")
    story.fault("speak", "C", status=503, code="10007", works=works)
    story.line_comes_up()
    story.pass_time(900)
    assert story.leg("C").room is not None
    assert story.leg("C").voicing == (replied == "after it")
    story.let_go()
    story.pass_time(4_000)
    assert story.hears("C") == "A"
    assert not story.leg("C").looping


@pytest.mark.parametrize("party", ["A", "C"])
def test_a_loop_that_cannot_be_stopped_is_believed_to_be_heard_in_the_room(party: str) -> None:
    story = ring(knobs=GOES_ON)
    story.fault("playback_stop", times=FOR_EVER, status=403, code="10010")
    story.key("answer")
    if party == "C":
        story.fault("create", status=422, code="10015")
    story.line_comes_up()
    story.pass_time(6_000)
    assert story.hears(party) == {"A": "C+speech", "C": "A+speech"}[party]
    assert story.belief(str(story.leg(party).id))[1] == "speech"
