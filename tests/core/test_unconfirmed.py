"""ANY-2: while webhooks do not come, what nothing has proven since is marked; the keys go on working."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.core.stories import Story, aside, calling, consult, out, talk
from tests.core.test_reconcile import watched
from tests.core.test_rows_unheard import LATE, picked_up, unheard
from tests.pair import MARIA
from warmxfer_tui.core.actions import Allowed, allowed
from warmxfer_tui.core.advice import aims, help_of
from warmxfer_tui.core.terms import Phase, Role, State
from warmxfer_tui.core.unconfirmed import unconfirmed
from warmxfer_tui.core.view import panels
from warmxfer_tui.publishing.picture import picture

row = pytest.mark.row


def marked(story: Story) -> set[Role]:
    return {panel.role for panel in panels(story.desk) if panel.unconfirmed}


@row("ANY-2")
def test_who_is_in_a_room_is_proven_by_the_next_read_of_it() -> None:
    story = talk()
    story.pass_time(1_000)
    story = unheard(story)
    assert marked(story) == {Role.CUSTOMER, Role.AGENT}, "nothing has been asked yet"
    story.pass_time(2_100)
    assert marked(story) == set()
    story.pass_time(60_000)
    assert marked(story) == set()


@row("ANY-2")
def test_a_leg_that_rings_is_unconfirmed_until_a_read_shows_it_in_the_room() -> None:
    story = unheard(calling(**LATE))
    story.pass_time(6_000)
    assert marked(story) == {Role.TARGET}
    picked_up(story)
    story.until(State.CONSULT)
    assert marked(story) == set()


@row("ANY-2")
def test_an_answer_that_only_a_list_of_events_tells_is_unconfirmed_until_something_proves_it() -> None:
    """B has answered and waits on its own leg, where no read shows it; that it hears our words is a proof."""
    story = unheard(aside())
    picked_up(story)
    story.run(lambda _: story.leg("B").up, 6_000)
    assert marked(story) == {Role.TARGET}
    story.run(lambda _: story.leg("B").heard_at is not None, 6_000)
    assert marked(story) == set()


@row("ANY-2")
def test_a_customer_who_is_called_is_unconfirmed_and_so_is_the_parked_line() -> None:
    story = unheard(out(**LATE))
    story.pass_time(2_100)
    assert marked(story) == {Role.CUSTOMER, Role.AGENT}


@row("ANY-2")
def test_who_has_ended_is_not_marked_and_nobody_is_once_webhooks_arrive_again() -> None:
    story = unheard(calling())
    story.pass_time(2_100)
    assert story.party("declines", story.ccid("B"))
    story.run(lambda _: not story.leg("B").alive, 9_000)
    assert not unconfirmed(story.desk, story.leg("B"))
    assert unconfirmed(story.desk, replace(story.leg("B"), phase=Phase.RINGING))
    story.desk = replace(story.desk, unheard_since=None)
    assert marked(story) == set()


@row("ANY-2")
def test_with_webhooks_nobody_is_marked_however_old_the_proof() -> None:
    story = watched(calling())
    story.pass_time(20_000)
    assert marked(story) == set()


@row("ANY-2")
def test_the_keys_go_on_working_and_those_of_an_unconfirmed_leg_are_marked() -> None:
    story = unheard(calling(**LATE))
    story.pass_time(2_100)
    assert {hint.verb: hint.unconfirmed for hint in aims(story.desk)} == {"drop": True, "mute": False}
    on = {line.title: line.doubt for line in help_of(story.desk) if not line.off}
    assert on["drop"] == f"Unconfirmed: only polls tell of {MARIA}."
    assert on["mute"] == ""
    assert isinstance(allowed(story.desk)["drop"], Allowed)
    story.key("drop")
    assert not story.alive("B")


@row("ANY-2")
def test_keys_of_proven_legs_and_of_a_console_that_only_watches_are_not_marked() -> None:
    story = unheard(consult())
    story.pass_time(2_100)
    assert not any(hint.unconfirmed for hint in aims(story.desk))
    assert not any(line.doubt for line in help_of(story.desk))
    doubtful = unheard(calling()).desk
    assert not any(line.doubt for line in help_of(doubtful, watches=True))


@row("ANY-2")
def test_the_plain_picture_says_it_in_words() -> None:
    story = unheard(calling(**LATE))
    story.pass_time(2_100)
    (line,) = (line for line in picture(story.desk, story.now, None) if line.startswith("B "))
    assert line.endswith("(unconfirmed)")
