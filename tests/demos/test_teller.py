"""What makes a telling fail, besides a claim that does not hold."""

from __future__ import annotations

import asyncio
from functools import partial
from pathlib import Path

import pytest

from tests.demos.fragments import HEAD, NOBODY
from warmxfer_tui import demos
from warmxfer_tui.clock import JumpClock, run_jump
from warmxfer_tui.core import machine
from warmxfer_tui.core.commands import Ask, ReadRoom
from warmxfer_tui.core.events import CallInitiated, Event, Replied
from warmxfer_tui.core.machine import Stepped
from warmxfer_tui.core.model import Desk
from warmxfer_tui.core.terms import AskId, RoomId
from warmxfer_tui.demos.parser import read
from warmxfer_tui.demos.stage import habits, knobs
from warmxfer_tui.demos.story import Story, allows
from warmxfer_tui.demos.teller import Unheld, left_in_silence, tell
from warmxfer_tui.engine import Engine
from warmxfer_tui.errors import UsageError
from warmxfer_tui.simulator.credentials import Credentials
from warmxfer_tui.simulator.world import Knobs, World


def play(story: Story) -> list[str]:
    lines: list[str] = []

    async def telling() -> None:
        await tell(story, JumpClock(asyncio.get_running_loop()), lines.append)

    run_jump(telling())
    return lines


def unheld(steps: str) -> Unheld:
    with pytest.raises(Unheld) as caught:
        play(read("a", HEAD + NOBODY + steps))
    return caught.value


def test_an_idle_desk_is_a_story_too() -> None:
    assert len(play(read("a", HEAD + NOBODY))) == 1


def test_a_key_that_does_not_work_fails_the_story_with_its_reason() -> None:
    assert "[m] merge does not work now: there is no call" in unheld("press m\n").what


def test_a_phone_that_cannot_do_what_the_story_says_fails_it() -> None:
    assert "line 12: Maria's phone" in unheld("Maria answers\n").what


def test_what_does_not_come_in_time_fails_the_story_with_both_sides() -> None:
    failure = unheld("Ms Ortiz rings in\nwait until Ms Ortiz hears you, within 2 seconds\n")
    (row,) = failure.rows
    assert (row.subject, row.said) == ("Ms Ortiz", "hears you")
    assert (row.believed, row.true) == ("is ringing", "is ringing")


def test_belief_alone_does_not_make_a_claim_hold() -> None:
    """The webhook is still under way: the truth is ahead, and the moment says what is believed."""
    moment = NOBODY.replace("Nobody is there", "Too early")
    failure = unheld("Ms Ortiz rings in\n" + moment)
    assert [(row.subject, row.believed, row.true) for row in failure.rows] == [
        ("Ms Ortiz", "is away", "is ringing")
    ]


def test_a_customer_in_silence_is_found_in_the_truth_after_two_seconds() -> None:
    story = read("a", HEAD + NOBODY)
    credentials = Credentials.seeded(1)
    world = World(now=0, account=credentials.account(""), personas={p.number: habits(p) for p in story.cast})
    leg = world.ring_in("+12025550141")
    world.advance(5_000_000)
    assert left_in_silence(story, world) == [], "an unanswered phone rings"
    assert world.handle("POST", f"/calls/{leg}/actions/answer", {}, {}).status == 200
    world.advance(6_000_000)
    assert world.legs[leg].answered
    assert left_in_silence(story, world) == []
    world.advance(8_000_000)
    assert left_in_silence(story, world) == ["Ms Ortiz has heard nothing for more than 2 s"]


def test_a_knob_takes_the_answers_that_its_question_offers() -> None:
    assert knobs({"creator_leaves": "ends", "participants_lag_ms": "1500"}) == Knobs(
        creator_leaves="ends", participants_lag_ms=1500
    )


def test_who_is_heard_maybe_is_heard_in_truth_or_is_not() -> None:
    assert allows("hears maybe Maria and you", "hears you")
    assert allows("hears maybe Maria and you", "hears Maria and you")
    assert allows("hears maybe Maria", "hears nothing")
    assert not allows("hears maybe Maria and you", "hears Maria"), "you are not maybe"
    assert not allows("hears maybe Maria", "hears Tom")
    assert not allows("hears nothing", "hears Maria")
    assert not allows("hears nothing", "is away")


def test_a_console_that_runs_in_a_circle_fails_the_story_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """At one instant of virtual time no timer would ever end it."""

    def circling(desk: Desk, event: Event) -> Stepped:
        after = machine.step(desk, event)
        again = isinstance(event, Replied)
        ask = Ask(AskId(desk.next_ask), ReadRoom(RoomId("none")), "c1/read/-/1", desk.now)
        return Stepped(after.desk, (*after.asks, ask) if again else after.asks, after.rows)

    monkeypatch.setattr("warmxfer_tui.runtime.desk.Engine", partial(Engine, fold=circling))
    failure = unheld("Ms Ortiz rings in\nwait until the call is RING\npress a\n30 seconds pass\n")
    assert "again and again" in failure.what


def test_an_event_that_the_console_cannot_take_in_fails_the_story(monkeypatch: pytest.MonkeyPatch) -> None:
    def deaf(desk: Desk, event: Event) -> Stepped:
        if isinstance(event, CallInitiated):
            raise ZeroDivisionError
        return machine.step(desk, event)

    monkeypatch.setattr("warmxfer_tui.runtime.desk.Engine", partial(Engine, fold=deaf))
    assert "could not take in 1 events" in unheld("Ms Ortiz rings in\n2 seconds pass\n").what


def test_a_knob_that_does_not_exist_is_a_mistake_of_the_author(tmp_path: Path) -> None:
    file = tmp_path / "odd.story"
    file.write_text(HEAD + "knob wheel = round\n" + NOBODY, "utf-8")
    with pytest.raises(UsageError, match="wheel"):
        demos.main([str(file), "--headless"])


def test_a_demo_that_does_not_exist_is_answered_with_those_that_do() -> None:
    with pytest.raises(UsageError, match=r"there are: .*happy"):
        demos.main(["nonsense"])
