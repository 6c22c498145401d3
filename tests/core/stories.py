"""Stories to begin a test with: a desk in each state, and everybody where the state says."""

from __future__ import annotations

from typing import Any

from tests.core.story import FOR_EVER, Fault, Story
from tests.pair import CUSTOMER, MARIA, OFFICE
from warmxfer_tui.core.terms import LegId, State

__all__ = ["FOR_EVER", "Fault", "Story"]

OTHER = "+12025550121"
"""A second customer."""


def idle(**how: Any) -> Story:
    """Nobody calls; A's line is down."""
    story = Story.open(**how)
    assert isinstance(story, Story)
    return story


def ring(**how: Any) -> Story:
    """A customer rings in."""
    story = idle(**how)
    story.ring_in()
    story.quiet()
    assert story.state() is State.RING
    return story.fresh()


def out(**how: Any) -> Story:
    """A's line is parked, and a customer is being called."""
    story = idle(**how)
    story.key("dial", CUSTOMER)
    story.line_comes_up()
    story.run(lambda pair: pair.desk.legs[LegId("c1.C")].ccid is not None)
    assert story.state() is State.OUT
    return story.fresh()


def talk(**how: Any) -> Story:
    """A customer rang in and talks with A."""
    story = ring(**how)
    story.key("answer")
    story.line_comes_up()
    story.until(State.TALK)
    assert story.hears("C") == "A"
    return story.fresh()


def held(**how: Any) -> Story:
    """C is on hold."""
    story = talk(**how)
    story.key("hold")
    story.until(State.HELD)
    assert story.hears("C") == "hold"
    return story.fresh()


def calling(**how: Any) -> Story:
    """C is proven held, and B's phone rings."""
    story = talk(**how)
    story.key("consult", MARIA)
    story.until(State.CALLING)
    return story.fresh()


def aside(**how: Any) -> Story:
    """B's phone rings while A and C talk."""
    story = talk(**how)
    story.key("aside", MARIA)
    assert story.state() is State.ASIDE
    return story.fresh()


def blind(**how: Any) -> Story:
    """The carrier rings B for C, and A waits alone in the room."""
    story = talk(**how)
    story.key("blind", MARIA)
    story.until(State.BLIND)
    story.pass_time(500)
    assert (story.truly("C"), story.truly("A")) == ("ringing", "nothing")
    return story.fresh()


def bridged(**how: Any) -> Story:
    """B has answered: C is with B, A is gone."""
    story = blind(**how)
    story.does("B", "answers")
    story.until(State.WATCH)
    story.pass_time(1_000)
    assert (story.hears("C"), story.hears("B"), story.hears("A")) == ("B", "C", "nothing")
    return story.fresh()


def back_with_the_agent(story: Story) -> None:
    """C talks with A again, B is gone, and nobody else is to come."""
    story.until(State.TALK)
    story.pass_time(6_000)
    assert (story.hears("C"), story.hears("A")) == ("A", "C")
    assert story.settled(State.TALK)
    assert story.longest_silence() <= 1_000


def consult(**how: Any) -> Story:
    """A talks with B, C is on hold."""
    story = calling(**how)
    story.does("B", "answers")
    story.until(State.CONSULT)
    assert (story.hears("C"), story.hears("A"), story.hears("B")) == ("hold", "B", "A")
    return story.fresh()


def swapped(**how: Any) -> Story:
    """A talks with C, B is on hold."""
    story = consult(**how)
    story.key("swap")
    story.until(State.SWAPPED)
    assert (story.hears("C"), story.hears("A"), story.hears("B")) == ("A", "C", "hold")
    return story.fresh()


def three(**how: Any) -> Story:
    """All three talk."""
    story = consult(**how)
    story.key("merge")
    story.until(State.THREE)
    assert (story.hears("C"), story.hears("A"), story.hears("B")) == ("A+B", "B+C", "A+C")
    return story.fresh()


def finishing(**how: Any) -> Story:
    """A's leave is on its way, C and B are together."""
    story = three(**how)
    story.keep("reply Leave", "webhook conference.participant.left")
    story.key("complete")
    assert story.state() is State.FINISH
    return story.fresh()


def watch(**how: Any) -> Story:
    """C talks with B, A is gone."""
    story = three(**how)
    story.key("complete")
    story.until(State.WATCH)
    assert (story.hears("C"), story.hears("B")) == ("B", "C")
    return story.fresh()


def rescue(**how: Any) -> Story:
    """A's line broke in the consult: C is on hold, and A's phone rings again."""
    story = consult(**how)
    story.breaks("A")
    assert story.state() is State.RESCUE
    return story.fresh()


def two_calls(**how: Any) -> Story:
    """The first customer is on hold, A talks with a second."""
    story = talk(**how)
    story.ring_in(OTHER, "Mr Berg")
    story.quiet()
    story.key("answer", call="c2")
    story.until(State.TALK, "c2")
    story.until(State.HELD)
    return story.fresh()


def stranger_comes(story: Story, room: str | None = None) -> str:
    """Somebody else's leg is put into the customer's room."""
    body = {"to": "+12025550110", "from": OFFICE, "connection_id": story.desk.policy.connection}
    dialled = story.world.handle("POST", "/calls", {}, body)
    ccid = str(dialled.body["data"]["call_control_id"])  # type: ignore[index]
    story.world.party_answers(ccid)
    story.world.take_webhooks()
    room = room or story.call.room
    joined = story.world.handle("POST", f"/conferences/{room}/actions/join", {}, {"call_control_id": ccid})
    assert joined.status == 200
    story.pass_time(1)
    return ccid


def unattended(story: Story) -> Story:
    """The console of a story is lost; what follows is the test's own part."""
    story.fresh().lose_console()
    assert story.desk.unattended
    return story
