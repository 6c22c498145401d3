"""Rows TALK: the customer or the agent is lost, and holds that fail."""

from __future__ import annotations

import pytest

from tests.core.stories import FOR_EVER, Story, talk
from tests.pair import MARIA
from warmxfer_tui.core.actions import Off, allowed
from warmxfer_tui.core.hearing import HOLD_SOUND, hears
from warmxfer_tui.core.terms import LegId, LineState, Result, State
from warmxfer_tui.core.words import NOT_POSSIBLE, ONE_MOMENT
from warmxfer_tui.simulator.world import Knobs

row = pytest.mark.row


@row("TALK-h", "HELD-h")
def test_hold_gives_the_customer_hold_sound_and_the_same_key_brings_them_back() -> None:
    story = talk()
    story.key("hold")
    assert story.settled(State.HELD)
    assert (story.hears("C"), story.hears("A")) == ("hold", "nothing")
    story.key("hold")
    assert story.settled(State.TALK)
    assert (story.hears("C"), story.hears("A")) == ("A", "C")
    assert story.requests() == ["Hold C", "Unhold C"]
    assert story.longest_silence() <= 10


@row("TALK-h")
def test_a_hold_is_believed_only_once_it_is_read() -> None:
    story = talk()
    story.keep("reply ReadRoom")
    story.key("hold")
    assert not story.settled(State.HELD)
    heard = hears(story.desk, LegId("c1.C"))
    assert heard.people, "not proven: C may hear the room"
    assert heard.sound != HOLD_SOUND
    story.let_go()
    assert story.settled(State.HELD)


@row("TALK-1")
@pytest.mark.parametrize("keep", [0, 600_000])
def test_after_the_customer_leaves_the_line_is_kept_as_the_settings_say(keep: int) -> None:
    story = talk(line_keep=keep)
    story.does("C", "hangs up")
    assert (story.state(), story.call.outcome) == (State.WRAP, Result.ENDED)
    if keep:
        story.pass_time(keep - 10)
        assert (story.line, story.alive("A")) == (LineState.PARKED, True)
    story.pass_time(20)
    assert story.line is LineState.DOWN
    assert [request.split()[0] for request in story.requests()] == ["Leave", "Hangup"]


@row("TALK-2")
def test_a_customer_whose_agent_breaks_off_has_hold_sound_within_a_second() -> None:
    story = talk()
    story.breaks("A")
    assert story.state() is State.RESCUE
    story.pass_time(1_000)
    assert story.truly("C").startswith("hold")
    assert story.said("C") == [ONE_MOMENT]
    assert story.longest_silence() <= 1_000
    assert "Dial A" in story.requests(), "A's phone is called back first"


@row("TALK-2")
def test_the_agent_who_is_called_back_talks_on_with_the_customer() -> None:
    story = talk()
    story.breaks("A")
    story.line_comes_up()
    story.until(State.TALK)
    story.pass_time(5_000)
    assert (story.hears("C"), story.hears("A")) == ("A", "C")


@row("TALK-3", "RESCUE-0")
def test_an_agent_who_puts_the_phone_down_is_asked_for_five_seconds_and_then_called() -> None:
    story = talk()
    story.does("A", "hangs up")
    assert story.state() is State.RESCUE
    assert story.told("[x] ends the call, [a] calls you back")
    assert story.said("C") == [ONE_MOMENT]
    story.pass_time(1_000)
    assert story.truly("C").startswith("hold")
    assert story.longest_silence() <= 1_000
    story.pass_time(3_900)
    assert story.asked_for("Dial") == []
    story.pass_time(200)
    assert len(story.asked_for("Dial", "A")) == 1
    assert story.alive("C")


@row("TALK-3")
def test_a_calls_back_at_once() -> None:
    story = talk()
    story.does("A", "hangs up")
    story.key("answer")
    assert len(story.asked_for("Dial", "A")) == 1
    story.line_comes_up()
    story.until(State.TALK)
    story.pass_time(5_000)
    assert story.hears("C") == "A"


@row("TALK-3")
def test_x_pressed_twice_ends_the_call() -> None:
    story = talk()
    story.does("A", "hangs up")
    story.key("drop")
    assert story.alive("C"), "a customer is hung up by two presses (I3)"
    story.key("drop")
    assert not story.alive("C")
    assert (story.state(), story.call.outcome) == (State.WRAP, Result.ENDED)
    story.pass_time(8_000)
    assert story.asked_for("Dial") == []


# --- TALK-4: a hold that fails ------------------------------------------------------------------------------


def _b_never_met(story: Story) -> None:
    assert not any(ask.leg and ask.leg.startswith("c1.B") for ask in story.asked_for("Join"))
    assert story.c_heard() == ["A"], "C hears A as before"


@row("TALK-4")
def test_a_hold_that_is_refused_cancels_the_targets_ring_and_the_talk_goes_on() -> None:
    story = talk()
    story.flat("hold")
    story.key("consult", MARIA)
    assert story.settled(State.TALK)
    assert story.told("The customer could not be held")
    assert story.leg("C").contradicted
    assert not story.alive("B")
    assert story.said("B") == []
    story.pass_time(10_000)
    assert len(story.asked_for("Hold")) == 1, "a definite no is not asked again"
    _b_never_met(story)


@row("TALK-4")
def test_a_target_who_has_answered_already_hears_one_sentence_and_is_hung_up() -> None:
    story = talk()
    story.flat("hold")
    story.keep("reply Hold")
    story.key("consult", MARIA)
    story.does("B", "answers")
    story.let_go()
    assert story.settled(State.TALK)
    story.pass_time(8_000)
    assert story.said("B")[-1] == NOT_POSSIBLE
    assert not story.alive("B")
    _b_never_met(story)


@row("TALK-4")
@pytest.mark.parametrize("status", [0, 408, 503])
def test_a_hold_of_unknown_outcome_is_read_and_sent_once_more(status: int) -> None:
    story = talk()
    story.fault("hold", times=FOR_EVER, status=status)
    story.key("consult", MARIA)
    first = story.asked_for("Hold")[0]
    reads = story.asked_for("ReadRoom")
    assert reads, "participants are read at once"
    story.run(lambda pair: pair.settled(State.TALK), 10_000)
    holds = story.asked_for("Hold")
    assert len(holds) == 2, "one resend"
    assert holds[1].at - first.at >= 2_000, "a read sent earlier may not contradict"
    assert any(first.at + 2_000 <= ask.at <= holds[1].at for ask in story.asked_for("ReadRoom"))
    assert story.told("The customer could not be held")
    assert not story.alive("B")
    _b_never_met(story)


@row("TALK-4")
@pytest.mark.parametrize("status", [0, 503])
def test_a_hold_that_worked_without_a_reply_is_found_by_reading(status: int) -> None:
    story = talk()
    story.fault("hold", status=status, works=True)
    story.key("hold")
    assert story.settled(State.HELD)
    assert story.hears("C") == "hold"
    story.pass_time(5_000)
    assert len(story.asked_for("Hold")) == 1


@row("TALK-4")
def test_a_hold_that_never_left_is_sent_once_more() -> None:
    story = talk()
    story.fault("hold", left=False)
    story.key("hold")
    story.until(State.HELD, limit=2_000)
    assert story.hears("C") == "hold"


@row("TALK-4", "ANY-4")
def test_a_hold_that_is_told_to_slow_down_is_sent_once_more() -> None:
    story = talk()
    story.fault("hold", status=429, headers=(("x-ratelimit-reset", "2"),))
    story.key("hold")
    assert len(story.asked_for("Hold")) == 1
    story.until(State.HELD, limit=3_000)
    first, second = story.asked_for("Hold")
    assert second.at - first.at >= 2_000
    assert story.c_heard() == ["A", "hold"]


@row("TALK-4", "ANY-4")
def test_a_hold_that_is_told_to_slow_down_twice_is_given_up() -> None:
    story = talk()
    story.fault("hold", status=429, times=FOR_EVER, headers=(("retry-after", "1"),))
    story.key("consult", MARIA)
    story.until(State.TALK, limit=10_000)
    assert len(story.asked_for("Hold")) == 2, "one resend, as ANY-4"
    assert not story.alive("B")
    _b_never_met(story)


# --- TALK-5: the ladder of hold sound -----------------------------------------------------------------------


@row("TALK-5")
def test_with_the_hold_file_gone_the_customer_is_held_and_spoken_to_again_and_again() -> None:
    story = talk(hold_media="missing-file")
    story.key("hold")
    story.until(State.HELD, limit=3_000)
    assert story.told("The hold music cannot be played")
    assert story.hears("C") == "speech"
    story.pass_time(30_000)
    assert story.longest_silence() <= 2_000, "never bare silence"
    assert not story.c_ever_heard("B")
    story.key("hold")
    story.until(State.TALK, limit=5_000)
    story.pass_time(2_000)  # the sentence that was begun is finished
    assert story.hears("C") == "A"


@row("TALK-5")
@pytest.mark.parametrize("prompts", ["nobody, no event", "heard"])
def test_prompts_that_do_not_start_move_to_the_customers_own_leg(prompts: str) -> None:
    story = talk(hold_media="missing-file", knobs=Knobs(speak_to_held=prompts))  # type: ignore[arg-type]
    story.key("hold")
    story.pass_time(5_000)
    assert story.settled(State.HELD)
    assert story.hears("C") == "speech"
    apart = story.leg("C").room is None
    assert apart == (prompts != "heard")
    assert story.longest_silence() <= 2_000
    story.pass_time(30_000)
    assert story.longest_silence() <= 2_000
    story.key("hold")
    story.until(State.TALK, limit=5_000)
    story.pass_time(2_000)
    assert (story.hears("C"), story.hears("A")) == ("A", "C")
    if apart:
        assert story.asked_for("StopPlayback", "C")


@row("TALK-5")
@pytest.mark.parametrize(
    ("url", "words"), [(None, "No hold sound is set up"), ("https://x.example/a.mp3", "not proven yet")]
)
@pytest.mark.parametrize("verb", ["hold", "consult"])
def test_without_a_proven_hold_sound_the_desk_says_so_once_before_the_first_hold(
    verb: str, url: str | None, words: str
) -> None:
    story = talk(hold_media=None, hold_audio_url=url)
    story.keep("reply Hold")
    story.key(verb, MARIA if verb == "consult" else "")
    assert story.told(words)
    story.let_go()
    story.key("back" if verb == "consult" else "hold")
    story.until(State.TALK, limit=10_000)
    story.key("hold")
    assert sum(words in notice.text for notice in story.desk.notices) == 1


@row("TALK-5")
def test_without_any_hold_sound_the_customer_is_spoken_to() -> None:
    story = talk(hold_media=None)
    story.key("hold")
    story.pass_time(3_000)
    assert story.truly("C") == "speech"
    assert story.longest_silence() <= 2_000


@row("TALK-5")
def test_a_consult_without_hold_sound_says_so_as_well_and_stays_private() -> None:
    story = talk(hold_media="missing-file")
    story.key("consult", MARIA)
    story.does("B", "answers")
    story.until(State.CONSULT, limit=10_000)
    assert (story.hears("C"), story.hears("A")) == ("speech", "B")
    story.pass_time(20_000)
    assert story.longest_silence() <= 2_000
    assert not story.c_ever_heard("B")


@row("TALK-c", "TALK-o")
def test_a_consult_needs_somebody_to_call() -> None:
    story = talk()
    for verb in ("consult", "aside"):
        story.key(verb)
        assert story.settled(State.TALK)
    assert story.told("Nobody was named")
    assert story.requests() == []
    assert not isinstance(allowed(story.desk)["consult"], Off)
