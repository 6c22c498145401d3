"""How a story is written, and what its author is told when it makes no sense."""

from __future__ import annotations

import pytest

from warmxfer_tui.demos.parser import WAIT_S, StoryError, read
from warmxfer_tui.demos.story import (
    Acts,
    Claim,
    Deed,
    Dials,
    Moment,
    Part,
    Party,
    Passes,
    Presses,
    Rings,
    Waits,
)

HEAD = """\
title    A story          # with a remark
customer Ms Ortiz  +12025550141
you                +12025550101  like line
target   Maria     sip:maria@example.com
knob     creator_leaves = goes on | ends
knob     hold_media = once
"""
MOMENT = """\
moment Here
  the call is CONSULT
  the line is IN
  Ms Ortiz hears hold sound
  you hear Maria and speech
  Maria is ringing
  keys x b space
"""


def does(step: str) -> object:
    return read("a", HEAD + step + "\n" + MOMENT).steps[0].does


def flaw(text: str) -> StoryError:
    with pytest.raises(StoryError) as caught:
        read("a", text)
    return caught.value


def test_the_head_names_the_cast_and_the_knobs() -> None:
    story = read("a", HEAD + MOMENT)
    assert story.title == "A story"
    assert story.cast == (
        Party("Ms Ortiz", Part.CUSTOMER, "+12025550141"),
        Party("you", Part.AGENT, "+12025550101", "line"),
        Party("Maria", Part.TARGET, "sip:maria@example.com"),
    )
    assert list(story.worlds()) == [
        {"creator_leaves": "goes on", "hold_media": "once"},
        {"creator_leaves": "ends", "hold_media": "once"},
    ]


@pytest.mark.parametrize(
    ("line", "meaning"),
    [
        ("Ms Ortiz rings in", Rings("Ms Ortiz")),
        ("Maria answers", Acts("Maria", Deed.ANSWER)),
        ("you answer", Acts("you", Deed.ANSWER)),
        ("Ms Ortiz hangs up", Acts("Ms Ortiz", Deed.HANG_UP)),
        ("you hang up", Acts("you", Deed.HANG_UP)),
        ("Maria declines", Acts("Maria", Deed.DECLINE)),
        ("Maria is busy", Acts("Maria", Deed.BUSY)),
        ("you dial 1", Dials("you", "1")),
        ("Maria dials 12#", Dials("Maria", "12#")),
        ("press x", Presses("x")),
        ("press c for Maria", Presses("c", "Maria")),
        ("2.5 seconds pass", Passes(2.5)),
        ("1 second passes  # a remark", Passes(1.0)),
        ("wait until the call is TALK", Waits(Claim("the call", "TALK", 7), WAIT_S)),
        ("wait until Maria is ringing, within 3 seconds", Waits(Claim("Maria", "is ringing", 7), 3.0)),
        ("wait until you hear nothing", Waits(Claim("you", "hears nothing", 7), WAIT_S)),
    ],
)
def test_a_step_is_one_sentence(line: str, meaning: object) -> None:
    assert does(line) == meaning


def test_the_indented_lines_below_a_moment_are_its_claims() -> None:
    moment = does("")
    assert isinstance(moment, Moment)
    assert moment.title == "Here"
    assert {claim.subject: claim.said for claim in moment.claims} == {
        "the call": "CONSULT",
        "the line": "IN",
        "Ms Ortiz": "hears hold sound",
        "you": "hears Maria and speech",
        "Maria": "is ringing",
        "keys": "b space x",
    }


def test_what_is_heard_and_the_keys_may_stand_in_any_order() -> None:
    one = read("a", HEAD + MOMENT)
    other = read(
        "a", HEAD + MOMENT.replace("Maria and speech", "speech, Maria").replace("x b space", "space x b")
    )
    assert one.steps == other.steps


@pytest.mark.parametrize("left_out", MOMENT.splitlines()[1:])
def test_a_moment_that_leaves_somebody_out_is_no_moment(left_out: str) -> None:
    error = flaw(HEAD + MOMENT.replace(left_out + "\n", ""))
    assert "says nothing of" in error.hint
    assert error.line == 7


def test_a_moment_speaks_once_of_everything() -> None:
    assert "speaks twice" in flaw(HEAD + MOMENT + "  you hear nothing\n").hint


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("Tom answers", "called 'Tom'"),
        ("Maria rings in", "no customer called 'Maria'"),
        ("press c for you", "called 'you'"),
        ("press q", "no verb has the key"),
        ("press c for", "no step"),
        ("Maria sings", "no step"),
        ("wait until Maria sings", "claims nothing"),
        ("wait until the call is FINE", "'FINE' is none of"),
        ("wait until the line is TALK", "'TALK' is none of"),
        ("wait until you hear Tom", "called 'Tom'"),
        ("wait until the call of Ms Ortiz is TALK", "several customers"),
        ("customer +12025550142", "everybody but you has a name"),
        ("  you hear nothing", "belongs to a moment"),
    ],
)
def test_a_line_that_makes_no_sense_is_named_with_its_number(line: str, words: str) -> None:
    error = flaw(HEAD + line + "\n" + MOMENT)
    assert words in error.hint
    assert error.title == "a.story, line 7"


def test_with_two_customers_calls_are_named_and_the_focus_is_told() -> None:
    two = HEAD.replace("you ", "customer Mr Lind +12025550142\nyou ", 1)
    error = flaw(two + MOMENT)
    assert "several customers" in error.hint
    named = MOMENT.replace(
        "the call is CONSULT", "the call of Ms Ortiz is HELD\n  the call of Mr Lind is TALK"
    )
    assert "nothing of the focus, Mr Lind" in flaw(two + named).hint


@pytest.mark.parametrize("text", [HEAD, MOMENT, ""])
def test_a_story_without_title_or_moment_is_none(text: str) -> None:
    flaw(text)
