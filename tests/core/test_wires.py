"""The line beside the panels joins those who are proven to talk with each other, and nobody else."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.core import stories
from tests.core.story import Story
from tests.core.test_actions import BEGIN
from warmxfer_tui.core.hearing import hears
from warmxfer_tui.core.view import panels
from warmxfer_tui.core.wires import Joint, wires

NOBODY = [Joint.NONE] * 3


def _joints(story: Story) -> list[Joint]:
    return [row.wire.joint for row in panels(story.desk)]


@pytest.mark.parametrize(
    ("begin", "joints"),
    [
        (stories.ring, [Joint.NONE]),
        (stories.talk, [Joint.FIRST, Joint.LAST]),
        (BEGIN["HELD"], NOBODY[:2]),
        (BEGIN["CALLING"], NOBODY),
        (BEGIN["ASIDE"], [Joint.FIRST, Joint.LAST, Joint.NONE]),
        (stories.consult, [Joint.NONE, Joint.FIRST, Joint.LAST]),
        (BEGIN["SWAPPED"], [Joint.FIRST, Joint.LAST, Joint.NONE]),
        (stories.three, [Joint.FIRST, Joint.INNER, Joint.LAST]),
        (BEGIN["WATCH"], [Joint.FIRST, Joint.PAST, Joint.LAST]),
        (BEGIN["RESCUE"], NOBODY),
    ],
)
def test_the_line_runs_between_those_who_talk_and_past_whoever_does_not(
    begin: Callable[[], Story], joints: list[Joint]
) -> None:
    assert _joints(begin()) == joints


@pytest.mark.parametrize("state", BEGIN)
def test_whoever_is_joined_hears_somebody_on_the_line_or_is_heard_there(state: str) -> None:
    desk = BEGIN[state]().desk
    joined = [row.leg for row in panels(desk) if row.wire.joint not in (Joint.NONE, Joint.PAST)]
    for leg in joined:
        heard = hears(desk, leg).people.intersection(joined)
        assert heard or any(leg in hears(desk, other).people for other in joined)


def test_a_line_on_which_one_is_muted_is_not_whole() -> None:
    story = stories.talk()
    assert [row.wire.sure for row in panels(story.desk)] == [True, True]
    story.key("mute")
    story.quiet()
    assert _joints(story) == [Joint.FIRST, Joint.LAST]
    assert [row.wire.sure for row in panels(story.desk)] == [False, False]


def test_a_hold_that_is_only_asked_for_joins_nobody_who_may_still_hear() -> None:
    """I9: whom a pending change may reach stands in words; the line shows proofs."""
    story = stories.consult()
    story.keep("reply Unhold")
    story.key("merge")
    assert _joints(story)[0] is Joint.NONE
    assert panels(story.desk)[0].doubt.startswith("may hear")


def test_without_legs_there_is_no_line() -> None:
    assert wires(stories.idle().desk, []) == ()
