"""Which keys work in which state, and that every other one says why not (behaviour §2, LAW-5)."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from tests.core import stories
from tests.core.stories import Story, aside, calling, consult, held, idle, ring, swapped, talk, three
from tests.pair import MARIA
from warmxfer_tui.core.actions import Allowed, Off, allowed
from warmxfer_tui.core.model import Desk
from warmxfer_tui.core.policy import Policy
from warmxfer_tui.core.terms import LegId, State
from warmxfer_tui.core.verbs import BY_NAME, VERBS

# behaviour §2 "Enabled in", as far as the console goes today; `quit` works everywhere.
ON = {
    "IDLE": "dial quit",
    "RING": "answer reject quit",
    "OUT": "drop quit mute",
    "CONNECT": "drop keypad quit",
    "TALK": "hold consult aside blind drop mute keypad quit",
    "HELD": "hold consult blind drop mute keypad quit",
    "CALLING": "swap back drop mute quit",
    "ASIDE": "swap back drop mute quit",
    "BLIND": "back drop mute quit",
    "CONSULT": "swap merge complete back drop mute keypad quit",
    "SWAPPED": "swap merge complete back drop mute keypad quit",
    "THREE": "hold complete drop mute keypad quit",
    "FINISH": "drop quit",
    "WATCH": "drop keypad quit",
    "RESCUE": "drop keypad quit",
    "WRAP": "dial quit",
}


def _out() -> Story:
    story = stories.out()
    story.pass_time(1_000)
    return story


def _connecting() -> Story:
    story = ring()
    story.flat("join", "A")
    story.key("answer")
    story.line_comes_up()
    story.run(lambda pair: pair.state() is State.CONNECT)
    return story


def _over() -> Story:
    story = talk()
    story.does("C", "hangs up")
    return story


BEGIN: dict[str, Callable[[], Story]] = {
    "IDLE": idle,
    "RING": ring,
    "OUT": _out,
    "CONNECT": _connecting,
    "TALK": talk,
    "HELD": held,
    "CALLING": calling,
    "ASIDE": aside,
    "BLIND": stories.blind,
    "CONSULT": consult,
    "SWAPPED": swapped,
    "THREE": three,
    "FINISH": stories.finishing,
    "WATCH": stories.watch,
    "RESCUE": stories.rescue,
    "WRAP": _over,
}


def on(desk: Desk) -> set[str]:
    """The verbs that work now."""
    return {verb for verb, answer in allowed(desk).items() if isinstance(answer, Allowed)}


def off(desk: Desk) -> dict[str, str]:
    """Why each of the others does not."""
    return {verb: answer.reason for verb, answer in allowed(desk).items() if isinstance(answer, Off)}


def test_the_table_has_every_state() -> None:
    assert ON.keys() == BEGIN.keys() == {"IDLE", *State}


@pytest.mark.parametrize("state", ON)
def test_the_keys_of_a_state(state: str) -> None:
    story = BEGIN[state]()
    assert (story.state() or "IDLE") == state
    assert on(story.desk) == set(ON[state].split())


@pytest.mark.parametrize("state", ON)
def test_every_key_that_is_off_says_why_in_a_sentence(state: str) -> None:
    story = BEGIN[state]()
    answers = allowed(story.desk)
    assert answers.keys() == BY_NAME.keys()
    for verb, reason in off(story.desk).items():
        assert re.fullmatch(r"[a-z][^.]{8,}[^. ]", reason), f"{verb}: {reason!r}"
        assert len(reason.split()) >= 3, f"{verb}: {reason!r} is no sentence"
        assert not re.search(r"[A-Z]{3,}(?<!LINE)\b|None|State", reason.replace("AGENT_LINE", ""))


@pytest.mark.parametrize("state", ON)
def test_a_key_that_is_off_does_nothing_but_answer(state: str) -> None:
    story = BEGIN[state]()
    for verb, reason in off(story.desk).items():
        if story.state() and story.call.by == verb:
            continue  # absorbed: see below
        before = story.desk
        story.press(verb)
        assert story.asked == (), verb
        assert (story.desk.calls, story.desk.legs) == (before.calls, before.legs), verb
        assert story.desk.notices[-1].text == f"{BY_NAME[verb].title}: {reason}."


@pytest.mark.parametrize(
    ("begin", "leg"),
    [(talk, "c1.C"), (held, "c1.C"), (calling, "c1.B1"), (consult, "c1.B1"), (three, "c1.B1")],
)
def test_drop_acts_on_the_target_while_there_is_one(begin: Callable[[], Story], leg: str) -> None:
    assert allowed(begin().desk)["drop"] == Allowed(LegId(leg))


# --- pending keys -------------------------------------------------------------------------------------------

PENDING: dict[str, tuple[Callable[[], Story], str]] = {
    "hold": (talk, ""),
    "consult": (talk, MARIA),
    "blind": (talk, MARIA),
    "merge": (consult, ""),
    "swap": (consult, ""),
    "complete": (consult, ""),
    "back": (consult, ""),
}
CANCELS = {"back", "drop", "quit"}


def _pending(verb: str) -> Story:
    begin, to = PENDING[verb]
    story = begin()
    story.keep("reply Hold", "reply Unhold", "reply ReadRoom", "reply Transfer")
    if verb == "blind":
        story.keep(*story.keeping, "webhook conference.participant.left")
    story.key(verb, to)
    assert story.call.origin is not None, "the key is pending"
    return story.fresh()


@pytest.mark.parametrize("verb", PENDING)
def test_a_second_press_of_a_pending_key_is_absorbed(verb: str) -> None:
    story = _pending(verb)
    notices = story.desk.notices
    story.press(verb, PENDING[verb][1])
    assert story.asked == ()
    assert story.desk.notices == notices
    assert story.call.by == verb


@pytest.mark.parametrize("verb", PENDING)
def test_while_a_key_is_pending_the_others_wait_for_it(verb: str) -> None:
    story = _pending(verb)
    assert on(story.desk) <= CANCELS
    works_here = set(ON[story.call.state].split()) - CANCELS
    for other in works_here:
        assert off(story.desk)[other] == f"waiting for {BY_NAME[verb].title}"


@pytest.mark.row("LAW-5")
@pytest.mark.parametrize("verb", ["hold", "consult", "merge", "swap"])
def test_back_cancels_a_pending_key(verb: str) -> None:
    story = _pending(verb)
    assert "back" in on(story.desk)
    story.key("back")
    story.let_go()
    story.until(State.TALK, limit=8_000)
    story.pass_time(6_000)
    assert (story.truly("C"), story.truly("A")) == ("A", "C")


@pytest.mark.parametrize("verb", PENDING)
def test_drop_and_quit_work_while_a_key_is_pending(verb: str) -> None:
    assert {"drop", "quit"} <= on(_pending(verb).desk)


# --- the registry -------------------------------------------------------------------------------------------


def test_one_key_does_one_thing() -> None:
    keys = [key for verb in VERBS for key in (verb.key, verb.twin) if key]
    assert len(keys) == len(set(keys))
    assert not {"ctrl+h", "ctrl+m", "ctrl+i", "ctrl+j", "ctrl+s", "ctrl+a", "ctrl+b", "ctrl+z"} & set(keys)


def test_no_two_verbs_differ_by_upper_case_only() -> None:
    keys = [verb.key.lower() for verb in VERBS if verb.key]
    assert len(keys) == len(set(keys))


def test_without_a_line_of_their_own_the_agent_is_told_which_setting_is_missing() -> None:
    answer = allowed(Desk(policy=Policy(line=None)))["dial"]
    assert isinstance(answer, Off)
    assert "AGENT_LINE" in answer.reason


def test_the_next_call_is_shown_only_where_there_is_one() -> None:
    assert "focus" in off(talk().desk)
    story = stories.two_calls()
    first = story.desk.focus
    assert "focus" in on(story.desk)
    story.key("focus")
    assert story.desk.focus != first
