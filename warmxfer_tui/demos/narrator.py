"""Tells what happens as it happens: when, what, the state that follows, and who is believed to hear whom."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from warmxfer_tui.core import events as e
from warmxfer_tui.core.commands import Ask, Request
from warmxfer_tui.core.model import Desk
from warmxfer_tui.core.terms import LegId
from warmxfer_tui.demos.observe import believed, party_of
from warmxfer_tui.demos.stage import Scene
from warmxfer_tui.demos.story import KEYS, THE_FOCUS, Story

Say = Callable[[str], None]

_INDENT = " " * 11
_WIDTH = 34


class Narrator:
    """The stage's audience: a line for each key and webhook, and for whatever else changes the picture."""

    def __init__(self, story: Story, say: Say) -> None:
        self._story = story
        self._say = say
        self._picture = ""
        self._requests: dict[int, Request] = {}
        self.clock: Callable[[], float] | None = None
        """Seconds since the story began; nothing is told before there are any."""

    def see(self, scene: Scene) -> None:
        """Tell about one event, and what it made the console ask of the carrier."""
        self._requests |= {ask.id: ask.request for ask in scene.asks}
        if self.clock is None:
            return
        picture = self._drawn(scene.desk)
        told = isinstance(scene.event, e.Pressed | e.Fact) and not isinstance(scene.event, e.Noted)
        if told or picture != self._picture:
            self.tell(self._happened(scene), picture)
        for ask in scene.asks:
            self._say(
                f"{_INDENT}  -> {type(ask.request).__name__.lower()} {self._whom(scene.desk, ask)}".rstrip()
            )
        self._picture = picture

    def tell(self, what: str, picture: str = "") -> None:
        """Say a line of the story, with its time."""
        seconds = self.clock() if self.clock else 0.0
        time = f"{int(seconds) // 60:3d}:{seconds % 60:06.3f}"
        self._say(f"{time}  {what:<{_WIDTH}}{picture}".rstrip())

    def add(self, what: str) -> None:
        """Say a line that belongs to the one before it."""
        self._say(f"{_INDENT} {what}")

    def _drawn(self, desk: Desk) -> str:
        """State and hearing in one line."""
        told = believed(self._story, desk)
        names = [party.name for party in self._story.cast]
        states = [said for subject, said in told.items() if subject not in (*names, KEYS, THE_FOCUS)]
        ears = [f"{name} {told[name].removeprefix('hears ').removeprefix('is ')}" for name in names]
        return f"{' · '.join(states):<16} | {' | '.join(ears)}"

    def _whom(self, desk: Desk, ask: Ask) -> str:
        return self._name(desk, ask.leg) if ask.leg else ""

    def _name(self, desk: Desk, leg: LegId) -> str:
        party = party_of(self._story, desk, leg)
        return party.name if party else str(leg)

    def _happened(self, scene: Scene) -> str:
        match scene.event:
            case e.Pressed(verb=verb, name=name):
                return f"key: {verb} {name}".rstrip()
            case e.Replied(ask=ask):
                return f"reply: {type(self._requests.pop(ask, None)).__name__.lower()}"
            case e.Ticked():
                return "time"
            case e.Fact() as event:
                return f"{self._who(scene.desk, event)}: {_webhook(event)}"
            case _:
                return "settings"

    def _who(self, desk: Desk, fact: e.Fact) -> str:
        leg = desk.leg_of(fact.ccid) if fact.ccid else None
        party = party_of(self._story, desk, leg.id) if leg else None
        return party.name if party else "somebody"


def _webhook(fact: e.Fact) -> str:
    """A webhook in the words of somebody on the phone."""
    match fact:
        case e.CallInitiated(inbound=inbound):
            return "rings in" if inbound else "is called"
        case e.CallAnswered():
            return "answers"
        case e.CallEnded(cause=cause):
            return f"is gone ({cause})"
        case e.DigitPressed(digit=digit):
            return f"presses {digit}"
        case e.RoomEnded(reason=reason):
            return f"room ends ({reason})"
        case _:
            return _SIMPLE[type(fact)]


_SIMPLE: Mapping[type[e.Fact], str] = {
    e.RoomJoined: "is in the room",
    e.RoomLeft: "is out of the room",
    e.SpeechStarted: "is spoken to",
    e.SpeechEnded: "has been spoken to",
    e.Noted: "(not used)",
}
