"""What the screen advises: the first key leads on with the warm transfer, and none names the wrong leg."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from tests.core import stories
from tests.core.story import Story
from tests.core.test_actions import BEGIN
from tests.pair import MARIA
from warmxfer_tui.core.actions import Allowed, allowed
from warmxfer_tui.core.advice import (
    Leave,
    Need,
    aims,
    alarm_of,
    always,
    beside,
    help_of,
    lesson,
    need_of,
    next_best,
    question_of,
    waiting_for,
    ways_to_leave,
)
from warmxfer_tui.core.verbs import SCREEN, VERBS
from warmxfer_tui.core.view import alarms, head, panels

FIRST = {
    "IDLE": "dial", "RING": "answer", "OUT": "drop", "CONNECT": "drop", "TALK": "consult", "HELD": "consult",
    "CALLING": "back", "ASIDE": "swap", "CONSULT": "complete", "SWAPPED": "complete", "THREE": "complete",
    "RESCUE": "drop", "WRAP": "dial",
}  # fmt: skip
WAITS = {"IDLE", "OUT", "CONNECT", "CALLING", "ASIDE", "FINISH", "WATCH", "RESCUE", "WRAP", "BLIND"}
"""States in which it is not the agent's turn: the line begins with what is waited for."""


@pytest.mark.parametrize("state", BEGIN)
def test_the_first_key_leads_on_and_every_key_that_is_named_works(state: str) -> None:
    desk = BEGIN[state]().desk
    hints = next_best(desk)
    assert [hint.verb for hint in hints[:1]] == ([FIRST[state]] if state in FIRST else [])
    assert all(isinstance(allowed(desk)[hint.verb], Allowed) for hint in hints)
    assert bool(waiting_for(desk)) == (state in WAITS)


def test_whoever_presses_the_first_key_every_time_hands_the_customer_over() -> None:
    story = stories.ring()
    for _ in range(8):
        if story.told("Transfer complete"):
            break
        if not waiting_for(story.desk):
            verb = next_best(story.desk)[0].verb
            story.key(verb, MARIA if need_of(story.desk, verb) is Need.NUMBER else "")
        elif story.leg("A").phase.name == "RINGING":
            story.line_comes_up()
        elif story.call.target is not None:
            story.does("B", "answers")
        story.pass_time(1_000)
    assert story.told("Transfer complete: Ms Ortiz is with")
    assert story.hears("C") == "B"


def test_a_call_that_is_being_answered_offers_no_key_that_would_end_it() -> None:
    story = stories.ring()
    story.key("answer")
    assert next_best(story.desk) == ()
    assert "your own phone rings" in waiting_for(story.desk)


def test_a_line_that_waits_for_its_owner_offers_enter_and_the_phone() -> None:
    story = stories.ring()
    story.key("answer")
    story.run(lambda pair: story.leg("A").ccid is not None)
    story.does("A", "answers")
    assert [hint.verb for hint in next_best(story.desk)] == ["confirm"]
    assert waiting_for(story.desk) == "press any digit on your phone"


def test_without_a_customer_the_way_on_is_the_end_of_the_call() -> None:
    story = stories.consult()
    story.does("C", "hangs up")
    assert [(hint.verb, hint.words) for hint in next_best(story.desk)] == [
        ("back", f"end the call with {MARIA}")
    ]


def test_a_second_call_that_rings_is_the_next_best_thing_while_talking() -> None:
    story = stories.talk()
    story.ring_in(stories.OTHER, "Mr Berg")
    story.quiet()
    first = next_best(story.desk)[0]
    assert (first.verb, first.words) == ("answer", "answer Mr Berg")
    assert "focus" in {hint.verb for hint in always(story.desk)}


def test_the_footer_names_the_customer_the_target_or_whoever_is_focused() -> None:
    story = stories.consult()
    assert {hint.verb: hint.words for hint in aims(story.desk)}["drop"] == MARIA
    story.press("aim", leg="c1.C")
    assert {hint.verb: hint.words for hint in aims(story.desk)}["drop"] == "Ms Ortiz"
    story.press("aim", leg="c1.C")
    assert story.desk.aim is None


@pytest.mark.parametrize("state", BEGIN)
def test_help_has_every_verb_those_that_work_first_and_the_others_with_their_reason(state: str) -> None:
    desk = BEGIN[state]().desk
    lines = help_of(desk)
    assert sorted(line.title for line in lines) == sorted(verb.title for verb in (*VERBS, *SCREEN))
    offs = [bool(line.off) for line in lines]
    assert offs == sorted(offs)


def test_only_an_answered_customer_takes_a_reason() -> None:
    assert need_of(stories.talk().desk, "drop") is Need.REASON
    assert need_of(stories.out().desk, "drop") is Need.NOTHING
    assert need_of(stories.consult().desk, "drop") is Need.NOTHING
    assert need_of(stories.talk().desk, "quit") is Need.LEAVE
    assert need_of(stories.idle().desk, "quit") is Need.NOTHING
    assert need_of(stories.ring().desk, "consult") is Need.NOTHING, "a key that is off only says why"


def _bells(story: Story, happens: Callable[[], None]) -> int:
    before = story.desk
    happens()
    return len(alarms(before, story.desk))


@pytest.mark.parametrize("state", [state for state in BEGIN if state not in ("IDLE", "OUT", "WRAP")])
def test_a_customer_who_leaves_is_told_with_the_bell_in_every_state(state: str) -> None:
    story = BEGIN[state]()
    story.let_go()
    assert _bells(story, lambda: story.does("C", "hangs up")) == 1


@pytest.mark.parametrize("begin", [stories.calling, stories.aside, stories.blind])
def test_a_colleague_who_answers_is_told_with_the_bell(begin: Callable[[], Story]) -> None:
    story = begin()
    assert _bells(story, lambda: story.does("B", "answers")) == 1


@pytest.mark.parametrize("state", BEGIN)
def test_a_call_that_rings_is_told_with_the_bell_in_every_state(state: str) -> None:
    story = BEGIN[state]()

    def rings() -> None:
        story.ring_in(stories.OTHER, "Mr Berg")
        story.quiet()

    assert _bells(story, rings) == 1


@pytest.mark.parametrize("state", BEGIN)
def test_the_first_way_to_leave_hurts_nobody_and_only_who_was_handed_over_is_left(state: str) -> None:
    """ANY-8."""
    ways = ways_to_leave(BEGIN[state]().desk)
    assert ways[0] is (Leave.GO if state == "WATCH" else Leave.STAY)
    assert (Leave.GO in ways) == (state == "WATCH")
    assert ways[-1] is Leave.DROP


@pytest.mark.parametrize("state", BEGIN)
def test_a_guardian_is_an_answer_where_there_is_one_and_never_the_marked_one(state: str) -> None:
    """ANY-8."""
    desk = BEGIN[state]().desk
    assert Leave.GUARDIAN not in ways_to_leave(desk)
    guarded = ways_to_leave(desk, guarded=True)
    assert (Leave.GUARDIAN in guarded) == (state != "WATCH"), "who talks on without us needs nobody"
    assert guarded[0] is ways_to_leave(desk)[0]


def test_the_panels_are_gone_through_round_and_round() -> None:
    story = stories.three()
    seen = []
    for by in (1, 1, 1, 1, -1, -1):
        leg = beside(story.desk, by)
        assert leg is not None
        story.press("aim", leg=leg)
        seen.append(leg)
    c, a, b = (row.leg for row in panels(story.desk))
    assert seen == [c, a, b, c, b, a]
    assert beside(stories.idle().desk, 1) is None


def test_a_webhook_is_late_from_the_time_on_that_telnyx_itself_would_wait() -> None:
    desk = stories.talk().desk
    assert [head(replace(desk, webhook_late=late)).late for late in (0, 2_000, 2_001)] == [False, False, True]


def test_whoever_may_be_heard_is_no_silence() -> None:
    story = stories.talk()
    quiet = replace(story.desk.calls[story.call.id], silent_at=story.now)
    desk = replace(story.desk, calls={quiet.id: quiet})
    assert panels(desk)[0].silent_since is None
    alone = {**desk.legs, quiet.customer: replace(story.leg("C"), room=None)}
    assert panels(replace(desk, legs=alone))[0].silent_since == story.now


def test_a_customer_in_silence_is_told_across_the_screen_whichever_call_is_shown() -> None:
    """I1: from two seconds on; the call in view first."""
    story = stories.two_calls()
    first, second = story.desk.calls.values()
    assert alarm_of(story.desk, story.now) == ""
    late = story.now + 2_000
    quiet = replace(story.desk, calls={first.id: replace(first, silent_at=story.now), second.id: second})
    assert alarm_of(replace(quiet, now=late - 1), late) == ""
    told = alarm_of(replace(quiet, now=late), late + 1_000)
    assert told == "Ms Ortiz HEARS NOTHING for 3 s: it is being repaired"


def test_a_rescue_is_told_across_the_screen_with_what_the_customer_hears_meanwhile() -> None:
    story = BEGIN["RESCUE"]()
    assert alarm_of(story.desk, story.now) == "Ms Ortiz is alone and hears hold sound"
    deaf = replace(stories.talk().desk, unheard_since=1)
    assert "Webhooks do not arrive" in alarm_of(deaf, deaf.now)
    assert "the guardian looks after the calls" in alarm_of(replace(deaf, lost_at=1), deaf.now)
    assert [state for state in BEGIN if alarm_of((s := BEGIN[state]()).desk, s.now)] == ["RESCUE"]


def test_an_empty_desk_teaches_the_keys_of_a_warm_transfer_in_their_order() -> None:
    assert [hint.key for hint in lesson()] == ["a", "c", "m", "t"]


@pytest.mark.parametrize("verb", [verb.name for verb in VERBS])
def test_whoever_is_asked_for_a_number_is_told_what_it_means_for_the_customer(verb: str) -> None:
    desk = stories.talk().desk
    if need_of(desk, verb) is Need.NUMBER:
        assert "Ms Ortiz" in question_of(desk, verb)
    assert question_of(stories.idle().desk, "dial") == "Call a customer"


def test_whoever_is_muted_is_reminded_beside_the_key_that_leads_on() -> None:
    story = stories.talk()
    story.key("mute")
    story.quiet()
    assert [hint.verb for hint in next_best(story.desk)] == ["consult", "mute", "hold", "aside"]
    story.key("mute")
    story.quiet()
    assert "mute" not in {hint.verb for hint in next_best(story.desk)}
