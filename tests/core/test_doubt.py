"""A dial of which nobody knows whether it was carried out: looked for, never repeated unread (§3.5)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise
from typing import Any

import pytest

from tests.core import stories
from tests.core.stories import FOR_EVER, Story, talk
from tests.core.test_survey import begins_again
from tests.pair import CUSTOMER, MARIA
from warmxfer_tui.core.actions import Allowed, Off, allowed
from warmxfer_tui.core.advice import next_best, waiting_for
from warmxfer_tui.core.commands import Survey
from warmxfer_tui.core.doubt import APART
from warmxfer_tui.core.events import Replied, Unclear
from warmxfer_tui.core.policy import RECONCILE
from warmxfer_tui.core.survey import LONGEST
from warmxfer_tui.core.terms import CallId, LegId, LineState, Phase, Result, State
from warmxfer_tui.core.view import panels
from warmxfer_tui.simulator.world import Knobs

HELD_BACK = ("webhook call.initiated", "webhook conference")
TRAILS = Knobs(reads_lag_ms=30_000)
"""The list of calls knows of nobody for as long as a ring lasts."""


def doubtful(verb: str = "consult", *, works: bool = False, **how: Any) -> Story:
    """B's dial has no reply; the carrier is asked only by key, unless `reconcile` is given."""
    story = talk(**how)
    if works:
        story.keep(*HELD_BACK)
    story.fault("dial", "B", works=works)
    story.key(verb, MARIA)
    assert story.leg("B").phase is Phase.DIALLED
    return story


def out(*, works: bool = False, **how: Any) -> Story:
    """C's dial has no reply."""
    story = stories.idle(**how)
    if works:
        story.keep(*HELD_BACK)
    story.fault("dial", "C", works=works)
    story.key("dial", CUSTOMER)
    story.line_comes_up()
    assert story.state() is State.OUT
    return story


def looked_for(story: Story) -> Story:
    """Two complete surveys, far enough apart, know nothing."""
    story.key("look")
    story.pass_time(APART)
    story.key("look")
    return story.fresh()


def why_not(story: Story, verb: str = "again") -> str:
    answer = allowed(story.desk)[verb]
    return answer.reason if isinstance(answer, Off) else ""


# --- looked for -----------------------------------------------------------------------------------------


def test_a_dial_that_has_no_reply_is_told_and_looked_for_closely_until_it_was_missed_twice() -> None:
    story = doubtful(reconcile=RECONCILE)
    assert story.told("may already be ringing")
    story.run(lambda pair: not why_not(story), 15_000)
    asked = [ask.at for ask in story.asked_for("Survey")]
    assert max(b - a for a, b in pairwise(asked)) < RECONCILE + 500
    count = len(asked)
    story.pass_time(8_000)
    assert len(story.asked_for("Survey")) <= count + 1, "it is no longer in a hurry"


def test_the_key_that_looks_asks_at_once_and_once() -> None:
    story = doubtful().fresh()
    story.keep("reply Survey")
    story.key("look")
    assert len(story.asked_for("Survey")) == 1
    assert why_not(story, "look") == "Telnyx is being asked already"
    story.let_go()
    assert allowed(story.desk)["look"] == Allowed(LegId("c1.B1"))


def test_it_may_be_looked_for_while_the_consult_is_pending() -> None:
    story = talk()
    story.keep("reply Hold")
    story.fault("dial", "B")
    story.key("consult", MARIA)
    assert story.call.origin is not None
    assert allowed(story.desk)["look"] == Allowed(LegId("c1.B1"))


def test_the_agents_own_line_is_never_in_doubt() -> None:
    story = stories.idle()
    story.fault("dial", "A")
    story.key("dial", CUSTOMER)
    assert story.line is LineState.DIALLING
    assert story.leg("A").doubt is None
    assert not story.told("may already be ringing")


@pytest.mark.parametrize("by", ["webhook", "survey"])
def test_who_is_found_is_not_in_doubt_any_more(by: str) -> None:
    story = doubtful(works=True)
    if by == "webhook":
        story.let_go()
    else:
        story.pass_time(1_100)
        story.key("look")
    assert story.leg("B").phase is Phase.RINGING
    assert story.leg("B").doubt is None
    assert story.told("the call was placed after all")
    assert why_not(story) == why_not(story, "look") == "no call of this customer's is in doubt"
    assert len([a for a in story.sent if type(a.request).__name__ == "Dial"]) == 1


def test_a_reply_that_is_lost_when_the_webhook_has_come_leaves_no_doubt() -> None:
    story = talk()
    story.keep("reply Dial")
    story.fault("dial", "B", works=True)
    story.key("consult", MARIA)
    story.let_go()
    assert story.leg("B").phase is Phase.RINGING
    assert story.leg("B").doubt is None
    assert not story.told("may already be ringing")


def test_who_is_in_doubt_for_as_long_as_a_ring_lasts_is_given_up_and_the_customer_is_back() -> None:
    story = doubtful()
    story.pass_time(26_000)
    stories.back_with_the_agent(story)
    assert story.call.consult_outcome is Result.NO_ANSWER


# --- called again ---------------------------------------------------------------------------------------


def test_nobody_is_called_again_before_two_complete_surveys_five_seconds_apart() -> None:
    story = doubtful()
    assert "so far none" in why_not(story)
    story.key("look")
    assert "so far one" in why_not(story)
    story.pass_time(APART - 100)
    story.key("look")
    assert "so far one" in why_not(story)
    story.fresh().key("again")
    assert not story.asked_for("Dial")
    assert story.told("call again: only after two looks 5 s apart, so far one.")
    story.pass_time(200)
    story.key("look")
    assert allowed(story.desk)["again"] == Allowed(LegId("c1.B1"))
    assert not story.asked_for("Dial"), "only the agent's key calls again"


def test_the_five_seconds_count_from_one_reply_to_the_next_request() -> None:
    story = doubtful()
    story.keep("reply Survey")
    story.key("look")
    story.pass_time(APART)
    story.let_go()
    story.key("look")
    assert "so far one" in why_not(story)


def test_the_second_survey_is_as_old_as_its_request() -> None:
    story = doubtful()
    story.key("look")
    story.keep("reply Survey")
    story.key("look")
    story.pass_time(APART)
    story.let_go()
    assert "so far one" in why_not(story)


def test_a_survey_that_could_not_be_read_counts_for_nothing() -> None:
    story = doubtful()
    story.fault("active_calls", times=FOR_EVER, status=503, code="10007")
    looked_for(story)
    assert "so far none" in why_not(story)


def test_a_survey_that_is_older_than_the_doubt_counts_for_nothing() -> None:
    story = talk(reconcile=RECONCILE)
    story.keep("reply Dial", "reply Survey")
    story.fault("dial", "B")
    story.key("consult", MARIA)
    story.run(lambda pair: any(isinstance(a.request, Survey) for a in story.desk.asks.values()))
    story._pass(1)
    dial = next(ask for ask in story.desk.asks.values() if type(ask.request).__name__ == "Dial")
    story._step(Replied(story.now, dial.id, Unclear("No reply.")))
    doubt = story.leg("B").doubt
    story.keeping, story.flight, story.late = (), story.late, ()
    story.quiet()
    assert doubt is not None
    assert story.leg("B").doubt == doubt


@pytest.mark.row("CALLING-z")
@pytest.mark.parametrize(("verb", "state"), [("consult", State.CALLING), ("aside", State.ASIDE)])
def test_a_target_is_called_again_by_the_agents_key(verb: str, state: State) -> None:
    story = looked_for(doubtful(verb))
    story.key("again")
    assert story.asked_for("Dial", "c1.B2")
    assert story.state() is state
    story.does("B", "answers")
    story.pass_time(1_000)
    assert story.state() is (State.CONSULT if verb == "consult" else State.ASIDE)
    assert story.longest_silence() <= 1_000
    assert why_not(story) == "that attempt is over: call them as you would anybody"


@pytest.mark.row("CALLING-z")
def test_the_first_attempt_that_shows_up_after_all_is_hung_up() -> None:
    story = looked_for(doubtful(works=True, knobs=TRAILS))
    story.key("again")
    story.let_go()
    first, second = story.desk.legs[LegId("c1.B1")], story.desk.legs[LegId("c1.B2")]
    assert first.ccid is not None
    assert not story.world.legs[first.ccid].alive
    assert second.phase is Phase.RINGING
    assert story.state() is State.CALLING


@pytest.mark.row("OUT-z")
def test_a_customer_is_called_again_by_the_agents_key() -> None:
    story = looked_for(out())
    story.key("again")
    assert story.asked_for("Dial", "c2.C")
    assert story.line is LineState.PARKED, "the line is kept for it"
    assert (story.state(), story.state("c2"), story.desk.focus) == (State.WRAP, State.OUT, "c2")
    assert story.call.outcome is Result.NOT_PLACED
    story.does("c2.C", "answers")
    story.until(State.TALK, "c2")
    assert story.hears("c2.C") == "A"


@pytest.mark.row("OUT-z")
def test_a_customer_of_the_first_attempt_is_hung_up_when_they_show() -> None:
    unseen = replace(TRAILS, participants_lag_ms=30_000)  # in no list, nor in the room's own
    story = looked_for(out(works=True, knobs=unseen))
    story.key("again")
    story.let_go()
    first = story.desk.legs[LegId("c1.C")]
    assert first.ccid is not None
    assert not story.world.legs[first.ccid].alive
    assert CallId("c2") in story.desk.calls


def test_of_two_attempts_in_doubt_it_is_the_newest_that_is_called_again() -> None:
    story = looked_for(doubtful())
    story.fault("dial", "B")
    story.key("again")
    assert "so far none" in why_not(story)
    looked_for(story).key("again")
    assert story.asked_for("Dial", "c1.B3")


def test_a_customer_who_is_not_waited_for_any_more_is_not_called_again() -> None:
    story = out()
    story.key("drop")
    assert [row.state for row in panels(story.desk) if row.leg == "c1.C"] == ["ENDED"]
    assert why_not(looked_for(story)) == "that attempt is over: call them as you would anybody"


def test_a_customer_who_is_hung_up_with_everybody_else_is_not_called_again() -> None:
    story = out()
    story.key("quit", text="drop")
    story.key("quit", text="drop")
    assert story.leg("C").hanging_up
    assert why_not(story) == "that attempt is over: call them as you would anybody"


# --- other ways to the same number ----------------------------------------------------------------------


@pytest.mark.parametrize("verb", ["consult", "aside", "blind"])
def test_no_other_key_calls_the_same_number_before_that(verb: str) -> None:
    story = doubtful()
    story.key("back")
    story.until(State.TALK)
    story.fresh().key(verb, MARIA)
    assert not story.asked_for("Dial") + story.asked_for("Transfer")
    assert story.told("They are called again only after two looks")
    looked_for(story).key(verb, MARIA)
    assert story.asked_for("Dial") + story.asked_for("Transfer")


def test_somebody_else_is_called_at_any_time() -> None:
    story = doubtful()
    story.key("back")
    story.until(State.TALK)
    story.fresh().key("consult", stories.OTHER)
    assert story.asked_for("Dial", "c1.B2")


def test_a_customer_is_not_dialled_twice_either() -> None:
    story = out()
    story.key("drop")
    assert story.state() is State.WRAP
    story.fresh().key("dial", CUSTOMER)
    assert list(story.desk.calls) == ["c1"]
    assert story.told("They are called again only after two looks")
    looked_for(story).key("dial", CUSTOMER)
    assert story.asked_for("Dial", "c2.C")


# --- a console that begins again ------------------------------------------------------------------------


def test_a_console_that_begins_again_doubts_a_dial_without_a_reply_and_never_repeats_it_by_itself() -> None:
    story = talk()
    story.keep("reply Dial", "webhook call.initiated")
    story.fault("dial", "B")
    story.key("consult", MARIA)
    begins_again(story, 2_000).quiet()
    assert story.desk.absence is not None
    assert story.desk.absence.doubtful == ("c1.B1",)
    assert "so far one" in why_not(story)
    story.pass_time(8_000)
    assert not story.asked_for("Dial")
    assert allowed(story.desk)["again"] == Allowed(LegId("c1.B1"))
    story.key("again")
    assert story.asked_for("Dial", "c1.B2")


def test_a_customer_who_was_not_dialled_yet_is_in_no_doubt() -> None:
    story = stories.idle()
    story.key("dial", CUSTOMER)
    story.run(lambda pair: story.leg("A").ccid is not None)
    begins_again(story).quiet()
    assert story.desk.absence is not None
    assert story.desk.absence.doubtful == ()


def test_a_dial_that_the_first_survey_finds_is_never_told_as_a_doubt() -> None:
    story = talk()
    story.keep("reply Dial", "webhook call.initiated")
    story.key("consult", MARIA)
    begins_again(story, 1_100).quiet()
    assert story.leg("B").phase is Phase.RINGING
    assert not story.told("may already be ringing")
    assert not story.told("after all")


def test_where_the_carrier_cannot_be_asked_the_doubt_is_told_all_the_same() -> None:
    story = talk()
    story.keep("reply Dial", "webhook call.initiated")
    story.fault("dial", "B")
    story.key("consult", MARIA)
    story.fault("active_calls", times=FOR_EVER, status=503, code="10007")
    begins_again(story)
    story.pass_time(LONGEST + 2_000)
    assert not story.desk.resuming
    assert story.desk.absence is not None
    assert story.desk.absence.doubtful == ("c1.B1",)
    assert story.told("may already be ringing")


def test_a_target_of_a_blind_transfer_that_has_not_shown_is_told_of() -> None:
    story = talk()
    story.keep("reply Transfer", "webhook")
    story.fault("transfer")
    story.key("blind", MARIA)
    begins_again(story).quiet()
    assert story.desk.absence is not None
    assert story.desk.absence.doubtful == ("c1.B1",)


def test_a_target_of_a_blind_transfer_who_rings_is_not() -> None:
    story = begins_again(stories.blind(), 2_000)
    story.quiet()
    assert story.desk.absence is not None
    assert story.desk.absence.doubtful == ()


# --- shown ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("begin", [doubtful, lambda: doubtful("aside"), out])
def test_the_console_says_that_nobody_knows_and_offers_the_keys(begin: Callable[[], Story]) -> None:
    story = begin()
    assert waiting_for(story.desk).endswith("may be ringing: nobody knows")
    assert "RINGING?" in [row.state for row in panels(story.desk)]
    assert [hint.verb for hint in next_best(story.desk)][:1] == ["look"]
    looked_for(story)
    assert [hint.verb for hint in next_best(story.desk)][:2] == ["again", "look"]


def test_whoever_was_given_up_is_no_hint_but_may_still_be_looked_for() -> None:
    story = doubtful()
    story.key("back")
    story.until(State.TALK)
    assert next_best(story.desk)[0].verb == "consult"
    assert isinstance(allowed(story.desk)["look"], Allowed)
