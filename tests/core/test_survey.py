"""How a console begins again: what is settled by the survey, what it rebuilds, and what it leaves alone."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.core import stories
from tests.core.stories import Story, blind, held, talk
from tests.pair import CUSTOMER, MARIA
from warmxfer_tui.core.commands import Hangup, Survey, Tag
from warmxfer_tui.core.events import (
    Configured,
    LiveLeg,
    Member,
    Members,
    Pressed,
    Replied,
    Resumed,
    Surveyed,
    Ticked,
)
from warmxfer_tui.core.model import Desk
from warmxfer_tui.core.policy import RECONCILE
from warmxfer_tui.core.survey import UNREMEMBERED
from warmxfer_tui.core.terms import Ccid, Clock, Result, Role, State, Timer

NEWCOMER = Ccid("v3:newcomer")


def lost(story: Story, *what: str) -> None:
    """From now on nothing of that kind reaches the console, which is killed soon."""
    story.keep(*(what or ("webhook", "reply")))


def begins_again(story: Story, after: int = 0, *, remembered: bool = True) -> Story:
    """The console is started again: nothing happened in it meanwhile."""
    story.keeping, story.late, story.flight = (), (), ()
    story._pass(after)
    story.flight = ()
    since, policy = story.desk.now, replace(story.desk.policy, reconcile=RECONCILE)
    if not remembered:
        story.desk, since, policy = Desk(), 0, replace(policy, session="another")
    story._step(Configured(story.now, policy))
    story.fresh()
    story._step(Resumed(story.now, since))
    return story


def told(story: Story, *live: LiveLeg) -> None:
    """The carrier's list of calls, when it is asked next, and nothing else."""
    story._step(Resumed(story.now, story.desk.now))
    survey = next(ask for ask in story.desk.asks.values() if isinstance(ask.request, Survey))
    story.flight = ()
    story._step(Replied(story.now, survey.id, Surveyed(live, (), (), ())))


def tag(role: Role, leg: str, *, desk: str = "d", session: str = "lost", call: str = "c1") -> Tag:
    return Tag(desk, call, role.value, leg, CUSTOMER, session=session)


# --- what is settled ------------------------------------------------------------------------------------


def test_nothing_but_reads_leaves_before_the_survey_is_in() -> None:
    story = talk()
    story.ring_in(stories.OTHER)
    story.quiet()
    lost(story, "webhook", "reply Leave")
    story.key("answer")
    assert story.asked_for("Leave", "A")
    begins_again(story)
    assert [item.what.split()[1] for item in story.flight] == ["ReadRoom", "Survey"]
    story.deliver(0)  # the room says that A has left: the other customer could be answered now
    assert not story.asked_for("Answer")
    story.quiet()
    assert story.asked_for("Answer", "c2.C")


def test_no_id_of_a_request_that_may_be_forgotten_is_used_again() -> None:
    story = talk()
    before = story.desk.next_ask
    begins_again(story)
    assert min(story.desk.asks) >= before + UNREMEMBERED
    assert min(begins_again(talk(), remembered=False).desk.asks) < before


def test_a_request_that_was_lost_long_ago_is_made_again_at_once() -> None:
    story = talk()
    story.fault("hold", works=False)
    lost(story)
    story.key("hold")
    begins_again(story, 5_000).quiet()
    assert story.hears("C") == "hold"


def test_whoever_is_spoken_to_on_hold_is_spoken_to_again_at_once() -> None:
    story = held_by_words()
    lost(story)
    begins_again(story, 1_500).quiet()
    assert story.truly("C") == "speech"


def held_by_words() -> Story:
    story = talk(hold_media=None)
    story.key("hold")
    story.pass_time(300)
    assert story.truly("C") == "speech"
    return story


def test_a_dial_that_was_carried_out_is_found_in_the_list_of_calls() -> None:
    story = talk()
    story.keep("reply Dial", "webhook")
    story.key("consult", MARIA)
    story.lose()
    leg = story.leg("B")
    told(story, LiveLeg(NEWCOMER, tag(Role.TARGET, leg.id, session=story.desk.policy.session)))
    assert story.leg("B").ccid == NEWCOMER


def test_a_customer_whose_dial_was_of_unknown_outcome_and_dropped_is_hung_up_when_it_shows() -> None:
    story = stories.idle()
    story.key("dial", CUSTOMER)
    story.keep("webhook call.initiated", "webhook conference")
    story.fault("dial", "C", status=503, code="10007", works=True)
    story.line_comes_up()
    story.key("drop")
    assert not story.asked_for("Hangup", "C")
    story.let_go()
    assert not story.alive("C")


def test_who_is_found_over_keeps_the_reason_that_comes_a_moment_later() -> None:
    story = talk()
    story._step(Configured(story.now, replace(story.desk.policy, reconcile=RECONCILE)))
    story.key("consult", MARIA)
    due = story.desk.timers[Timer(Clock.SURVEY, "desk")]
    story.pass_time(due - story.now - 50)
    story.keep("webhook call.hangup")
    story.does("B", "declines")
    story.pass_time(100)
    assert story.leg("B").alive, "it is looked at once more"
    story.let_go()
    assert story.call.consult_outcome is Result.DECLINED


# --- what is rebuilt ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("begin", "state"),
    [
        (talk, State.TALK), (held, State.HELD), (stories.consult, State.CONSULT),
        (stories.swapped, State.SWAPPED), (stories.three, State.THREE), (stories.calling, State.CALLING),
        (stories.aside, State.ASIDE), (blind, State.BLIND),
    ],
)  # fmt: skip
def test_each_state_is_rebuilt_from_the_carrier_alone(begin: object, state: State) -> None:
    assert callable(begin)
    story: Story = begin()
    heard = story.truly("C")
    begins_again(story, 2_000, remembered=False).quiet()
    assert story.state() is state
    assert story.truly("C") == heard
    assert story.leg("C").number.e164 == CUSTOMER


def test_a_customer_bridged_with_a_target_is_watched_again() -> None:
    story = blind()
    story.does("B", "answers")
    assert story.state() is State.WATCH
    begins_again(story, 2_000, remembered=False).quiet()
    assert story.state() is State.WATCH
    assert story.hears("C") == "B"


def test_whoever_is_found_on_hold_is_held_again_at_once_for_nobody_knows_how_long_the_file_lasts() -> None:
    story = begins_again(held(), 2_000, remembered=False)
    story.pass_time(100)
    assert story.asked_for("Hold", "C")


def test_an_older_line_of_the_agents_is_hung_up() -> None:
    story = talk()
    told(story, LiveLeg(NEWCOMER, tag(Role.AGENT, "line.1", call="")))
    assert [a.request for a in story.sent if isinstance(a.request, Hangup)] == [Hangup(NEWCOMER)]
    assert story.desk.line.leg == "line.1"


def test_the_legs_of_another_desk_are_left_alone() -> None:
    story = talk()
    told(story, LiveLeg(NEWCOMER, tag(Role.CUSTOMER, "c1.C", desk="another")))
    assert NEWCOMER not in [leg.ccid for leg in story.desk.legs.values()]
    assert list(story.desk.calls) == ["c1"]


def test_a_line_that_was_forgotten_because_it_is_over_does_not_come_back() -> None:
    story = stories.idle()
    first = None
    for _ in range(6):
        story.key("dial", CUSTOMER)
        first = first or story.ccid("A")
        story.does("A", "declines")
        story.pass_time(11_000)
    told(story, LiveLeg(Ccid(first or ""), tag(Role.AGENT, "line.1", call="")))
    assert first not in [leg.ccid for leg in story.desk.legs.values()]


def test_a_stranger_who_is_on_hold_is_left_there() -> None:
    story = talk()
    story._step(Configured(story.now, replace(story.desk.policy, reconcile=RECONCILE)))
    ccid = stories.stranger_comes(story)
    held_by_another = {"call_control_ids": [ccid]}
    story.world.handle("POST", f"/conferences/{story.call.room}/actions/hold", {}, held_by_another)
    story.pass_time(6_000)
    assert [leg.held for leg in story.desk.legs.values() if leg.role is Role.STRANGER] == [True]
    assert not [ask for ask in story.sent if type(ask.request).__name__ == "Unhold"]


def test_a_loop_of_unknown_outcome_is_stopped_before_the_customer_comes_into_a_room() -> None:
    story = blind()
    story.fault("join", "C", status=422, code="90032")
    story.fault("speak", "C", status=503, code="10007", works=True)
    story.does("B", "declines")
    story.pass_time(6_000)
    assert story.hears("C") == "A"


def test_a_survey_says_nothing_of_a_command_that_left_while_it_was_read() -> None:
    story = talk()
    story._step(Resumed(story.now, story.desk.now))
    survey = next(ask for ask in story.desk.asks.values() if isinstance(ask.request, Survey))
    story._step(Replied(story.now, survey.id, Surveyed((), (), (), ())))
    story.flight = ()
    story._step(Configured(story.now, replace(story.desk.policy, reconcile=RECONCILE)))
    story.pass_time(story.desk.timers[Timer(Clock.SURVEY, "desk")] - story.now - 1)
    story._pass(1)
    story._step(Ticked(story.now))
    survey = next(ask for ask in story.desk.asks.values() if isinstance(ask.request, Survey))
    story._step(Pressed(story.now, "hold"))
    seen = tuple(Member(leg.ccid, leg.id == "c1.C", False) for leg in story.desk.legs.values() if leg.ccid)
    room = story.call.room
    assert room is not None
    listed = Members(room, seen, story.now)
    story._step(Replied(story.now, survey.id, Surveyed((), (listed,), (), ())))
    assert story.leg("C").pending, "its own reply, and a read after that, prove it"
