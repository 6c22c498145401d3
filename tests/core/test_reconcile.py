"""Belief is checked: what no webhook tells is read, seen, shown and settled (issue: "Belief is checked")."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from typing import Literal

import pytest

from tests.core.stories import Story, consult, held, stranger_comes, talk
from warmxfer_tui.core.commands import ReadRoom, Survey
from warmxfer_tui.core.events import Accepted, Configured, Pressed, Replied, Resumed
from warmxfer_tui.core.policy import RECONCILE
from warmxfer_tui.core.terms import AskId, Role, State
from warmxfer_tui.simulator.world import Knobs

row = pytest.mark.row
SOON = RECONCILE + 1_000


def watched(story: Story) -> Story:
    """With the loop, and nothing that a webhook says from now on."""
    story._step(Configured(story.now, replace(story.desk.policy, reconcile=RECONCILE)))
    story.quiet()
    return story.fresh()


def meddle(story: Story, verb: str, leg: str) -> None:
    """Somebody else does something to a member; hold and its like have no webhook."""
    body = {"call_control_ids": [story.ccid(leg)]}
    path = f"/conferences/{story.call.room}/actions/{verb}"
    assert story.world.handle("POST", path, {}, body).status == 200
    story.world.take_webhooks()


def reads(story: Story) -> list[str]:
    return [type(ask.request).__name__ for ask in story.sent]


def test_the_room_of_an_answered_customer_is_read_every_two_seconds_and_everything_every_ten() -> None:
    story = watched(talk())
    story.pass_time(20_500)
    asked = [ask.request for ask in story.sent]
    assert len(asked) == 10, "a survey reads the rooms too: none is read twice at once"
    assert sum(isinstance(request, Survey) for request in asked) == 2
    assert all(isinstance(request, ReadRoom | Survey) for request in asked)


@pytest.mark.parametrize(("due", "read"), [(2_000, "ReadRoom"), (10_000, "Survey")])
def test_nothing_is_read_while_a_command_to_a_member_has_no_reply(due: int, read: str) -> None:
    story = watched(talk())
    story.pass_time(due - 1_000)
    story.fresh().keep("reply Hold")
    story.key("hold")
    story.pass_time(1_100)
    assert "ReadRoom" not in reads(story)
    assert "Survey" not in reads(story)
    story.let_go()
    story.pass_time(400 if read == "Survey" else 2_000)
    assert read in reads(story)


def scarce(story: Story, percent: int | None) -> None:
    """A reply tells how much of the rate limit is left; that of the read is like all the others."""
    story._step(Replied(story.now, AskId(0), Accepted(), percent))


def _gaps(story: Story, kind: type[ReadRoom] | type[Survey]) -> set[int]:
    return {b.at - a.at for a, b in pairwise(ask for ask in story.sent if isinstance(ask.request, kind))}


@row("ANY-4")
@pytest.mark.parametrize(("percent", "every"), [(19, 5_000), (0, 5_000), (20, 2_000), (None, 2_000)])
def test_rooms_are_read_every_five_seconds_while_the_rate_limit_is_nearly_used_up(
    percent: int | None, every: int
) -> None:
    story = watched(talk())
    story.spare = percent
    story.pass_time(2_000)
    begin = story.fresh().now
    story.pass_time(12_000)
    assert min(_gaps(story, ReadRoom)) == every
    assert every - 100 <= story.sent[0].at - begin <= every + 100


@row("ANY-4")
def test_the_first_reply_that_tells_of_it_puts_off_the_read_that_is_timed_already() -> None:
    story = watched(talk())
    story.pass_time(1_000)
    story.spare = 5
    scarce(story, 5)
    scarce(story, 4)
    story.pass_time(3_900)
    assert reads(story) == []
    story.pass_time(200)
    assert reads(story) == ["ReadRoom"]


@row("ANY-4")
def test_when_there_is_enough_again_the_rooms_are_read_as_before() -> None:
    story = watched(talk())
    scarce(story, 5)
    story.pass_time(9_500)
    assert max(_gaps(story, ReadRoom)) <= 2_100, "the reply to the first read has told so"


@row("ANY-4", "ANY-2")
def test_the_survey_of_a_desk_without_webhooks_gives_way_too() -> None:
    story = watched(talk())
    story.desk = replace(story.desk, unheard_since=story.now)
    story.spare = 5
    story.pass_time(40_000)
    assert _gaps(story, Survey) <= {2_000, 5_000}
    assert 7 <= sum(isinstance(ask.request, Survey) for ask in story.sent) <= 9


@row("ANY-4")
def test_the_survey_that_comes_every_ten_seconds_stays_as_it_is() -> None:
    story = watched(talk())
    story.spare = 5
    begin = story.now
    story.pass_time(5_000)
    scarce(story, 5)
    story.pass_time(26_000)
    first = next(ask.at for ask in story.sent if isinstance(ask.request, Survey))
    assert first - begin <= 10_000
    assert _gaps(story, Survey) == {10_000}


@row("ANY-4")
def test_the_read_after_an_unknown_outcome_is_not_put_off_however_scarce() -> None:
    story = watched(talk())
    story.spare = 0
    scarce(story, 0)
    story.fault("hold", works=True)
    begin = story.now
    story.key("hold")
    story.until(State.HELD, limit=2_000)
    assert story.now - begin <= 1_000


@row("ANY-4")
def test_nor_is_the_read_that_proves_a_hold() -> None:
    story = watched(talk())
    story.spare = 0
    scarce(story, 0)
    story.key("hold")
    assert story.settled(State.HELD)


def test_without_a_customer_only_the_survey_goes_on() -> None:
    story = Story.open(reconcile=RECONCILE)
    assert isinstance(story, Story)
    story.pass_time(35_000)
    assert set(reads(story)) == {"Survey"}
    assert len(story.sent) == 3


def test_a_hold_that_somebody_else_has_taken_away_is_seen_and_mended() -> None:
    story = watched(held())
    meddle(story, "unhold", "c1.C")
    story.pass_time(SOON)
    assert story.truly("C") == "hold"
    assert story.hears("C") == "hold"


def test_a_customer_whom_somebody_else_has_held_is_brought_back() -> None:
    story = watched(talk())
    meddle(story, "hold", "c1.C")
    story.pass_time(SOON)
    assert story.truly("C") == "A"


def test_a_member_whom_nobody_knows_is_shown() -> None:
    story = watched(talk())
    story.keep("webhook conference.participant.joined")
    ccid = stranger_comes(story)
    story.pass_time(SOON)
    assert [leg.role for leg in story.desk.legs.values() if leg.ccid == ccid] == [Role.STRANGER]


@row("ANY-2")
def test_a_hangup_that_nobody_told_of_is_found_and_webhooks_are_doubted() -> None:
    story = watched(talk())
    story.world.party_hangs_up(story.ccid("c1.C"))
    story.world.take_webhooks()
    story.pass_time(11_000)
    assert story.state() is State.WRAP
    assert story.desk.unheard_since is not None
    assert story.told("Webhooks do not arrive")


@row("ANY-2")
def test_a_command_that_was_accepted_and_is_followed_by_nothing_for_five_seconds_is_told() -> None:
    story = watched(consult())
    story.keep("webhook")
    story.key("back")
    story.pass_time(4_500)
    assert story.desk.unheard_since is None
    story.pass_time(1_000)
    assert story.told("a request was accepted 5 s ago")
    assert story.state() is State.TALK


@row("ANY-2")
def test_the_first_webhook_in_time_ends_the_doubt() -> None:
    story = watched(talk())
    story.world.party_hangs_up(story.ccid("c1.C"))
    story.world.take_webhooks()
    story.pass_time(14_000)
    story.ring_in("+12025550121")
    story.quiet()
    assert story.desk.unheard_since is None
    assert story.told("Webhooks arrive again")


@pytest.mark.parametrize("lag", [1_000, 10_000], ids=["told at once", "told late"])
def test_webhooks_that_found_no_console_are_no_reason_to_doubt_those_to_come(
    lag: Literal[1_000, 10_000],
) -> None:
    story = watched(consult(knobs=Knobs(reads_lag_ms=lag)))
    story.keep("webhook")
    story.key("drop")
    began = story.now
    story.world.advance((began + 8_000) * 1_000)
    story.lose()
    story.world.take_webhooks()
    story._step(Resumed(began + 8_000, began))
    story.pass_time(10_000)
    assert story.desk.unheard_since is None
    assert story.state() is State.TALK


@row("ANY-2")
def test_a_doubt_ends_with_the_console_that_had_it() -> None:
    story = watched(talk())
    story.world.party_hangs_up(story.ccid("c1.C"))
    story.world.take_webhooks()
    story.pass_time(14_000)
    assert story.desk.unheard_since is not None
    story._step(Resumed(story.now, story.now))
    story.pass_time(10_000)
    assert story.desk.unheard_since is None


def test_a_key_before_the_first_survey_is_refused_with_its_reason() -> None:
    story = talk()
    story._step(Resumed(story.now, story.now))
    story._step(Pressed(story.now, "hold"))
    assert story.told("waiting for Telnyx to say how things stand")
    story.quiet()
    story.key("hold")
    assert story.truly("C") == "hold"


@pytest.mark.parametrize("status", [403, 503])
def test_a_survey_that_is_refused_for_good_holds_nobody_up_for_more_than_three_seconds(status: int) -> None:
    story = held()
    story.fault("active_calls", times=10**6, status=status, code="10010")
    story._step(Resumed(story.now, story.now))
    story.pass_time(4_500)
    assert story.told("The desk goes on as it remembers")
    story.key("hold")
    assert story.truly("C") == "A"


def test_a_target_of_unknown_outcome_who_was_busy_meanwhile_gives_the_customer_back() -> None:
    story = talk()
    story.keep("webhook", "reply")
    story.key("blind", "+12025550111")
    story.lose()
    story._step(Configured(story.now, replace(story.desk.policy, reconcile=RECONCILE)))
    story._step(Resumed(story.now, story.now))
    story.quiet()
    story.world.take_webhooks()
    story.keep("webhook")
    story.pass_time(6_000)
    assert story.state() is State.TALK
    assert story.truly("C") == "A"
