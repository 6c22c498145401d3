"""Sentences of ours: on a leg, to one member of a room, stopped; and how their beginning and end are known.

Each speech asked for brings one end, in any order with everything else, so ends are counted: the end of an
older sentence is not the end of the newest. What is said in a room and what is said on the leg itself are
counted apart, for whoever leaves the room hears no more of the first.
"""

from __future__ import annotations

from warmxfer_tui.core.commands import LegSpeak, RoomSpeak, StopPlayback
from warmxfer_tui.core.events import SpeechEnded, SpeechStarted
from warmxfer_tui.core.model import Call, Leg
from warmxfer_tui.core.terms import Clock, Means, Role
from warmxfer_tui.core.turn import Turn, When

PROMPTS = 2
"""Refusals in a row after which a prompt is not tried in the room any more."""
STOPS = 2
"""Times that a loop is asked to be stopped."""


def on_leg(turn: Turn, leg: Leg, text: str, call: Call | None, *, loop: bool = True) -> None:
    """Speak on the leg itself, outside any room."""
    if leg.ccid is None:
        return
    turn.ask(LegSpeak(leg.ccid, text, loop), call=call.id if call else None, leg=leg.id)
    count = leg.leg_speeches + 1
    # Each one that was never heard is waited for a second longer: where webhooks are dead none will be.
    turn.arm(Clock.SPEECH, leg.id, turn.policy.speech * count)
    turn.set_leg(leg.id, saying=text, looping=loop, heard_at=None, leg_speeches=count, voicing=True)


def in_room(turn: Turn, leg: Leg, text: str, call: Call) -> None:
    """Speak to one member alone; proven by `conference.participant.speak.started` within a second."""
    if leg.ccid is None or call.room is None or leg.room != call.room:
        return
    turn.ask(RoomSpeak(call.room, (leg.ccid,), text), call=call.id, leg=leg.id)
    if leg.room_speeches == 0:  # else it queues behind the other sentence, which is heard meanwhile
        turn.arm(Clock.SPEECH, leg.id, turn.policy.speech)
    turn.set_leg(leg.id, saying=text, room_speeches=leg.room_speeches + 1)


def idle(turn: Turn, leg: Leg) -> bool:
    """Nothing is being said to it, and nothing was refused just now."""
    return not leg.saying and not turn.armed(Clock.SPEECH, leg.id)


def hush(turn: Turn, leg: Leg, call: Call | None) -> None:
    """Stop what is said on the leg, and go on when the reply is there.

    Whether a loop survives a join is undocumented (telnyx-facts §2.5), and requests about one leg's playback
    go out one at a time (behaviour "One lane per leg").
    """
    if leg.ccid is not None and not leg.voicing:
        turn.ask(StopPlayback(leg.ccid), call=call.id if call else None, leg=leg.id)
        turn.set_leg(leg.id, looping=False, voicing=True)
        turn.disarm(Clock.SPEECH, leg.id)


def hushed(turn: Turn, leg: Leg, *, done: bool) -> None:
    """The reply to a stop: what was not stopped, or perhaps not, goes on, and is stopped again.

    After that it is left alone: words that go on in the room are better than nobody in it.
    """
    if done or leg.unheeded >= STOPS - 1:
        turn.set_leg(leg.id, saying="", voicing=False, unheeded=0)
    else:
        turn.set_leg(leg.id, looping=True, voicing=False, unheeded=leg.unheeded + 1)
        turn.arm(Clock.RETRY, leg.id, turn.policy.retry)


def started(turn: Turn, leg: Leg, fact: SpeechStarted) -> None:
    """It is heard: on the leg, or in the room that the leg is still in."""
    if fact.occurred_at >= leg.speech_at and fact.room in (None, leg.room):
        turn.set_leg(leg.id, heard_at=turn.now, speech_at=fact.occurred_at, proven_at=turn.now, unheeded=0)
        turn.disarm(Clock.SPEECH, leg.id)


def not_heard(turn: Turn, leg: Leg) -> None:
    """Speech has not begun in time: again on the leg; a held member leaves the room for that (TALK-5).

    What has not left the house yet (ANY-4), or has no reply, is not missed.
    """
    call = turn.call_of(leg)
    waits = any(ask.leg == leg.id and isinstance(ask.request, LegSpeak | RoomSpeak) for ask in turn.backlog)
    if waits or leg.voicing:
        turn.arm(Clock.SPEECH, leg.id, turn.policy.speech)
    elif leg.room is None and leg.saying:
        on_leg(turn, leg, leg.saying, call, loop=leg.looping)
    elif leg.room is not None and leg.saying:
        _reach_apart(turn, turn.set_leg(leg.id, saying=""))


def ended(turn: Turn, leg: Leg, fact: SpeechEnded) -> None:
    """One sentence less; with the last of its kind nothing is being said any more."""
    if fact.room is not None and fact.room != leg.room:
        return
    name = "leg_speeches" if fact.room is None else "room_speeches"
    left = max(getattr(leg, name) - 1, 0)
    newest = fact.occurred_at >= leg.speech_at
    heard_at = None if newest else leg.heard_at
    turn.set_leg(leg.id, heard_at=heard_at, speech_at=max(fact.occurred_at, leg.speech_at), **{name: left})
    if left == 0:
        _fell_silent(turn, turn.legs[leg.id], on_leg=fact.room is None)
    elif newest:
        turn.arm_once(Clock.SPEECH, leg.id, turn.policy.speech)  # now the next one has to begin


def not_said(turn: Turn, leg: Leg, request: LegSpeak | RoomSpeak, *, unclear: bool) -> None:
    """The sentence was refused, or nobody knows: it may be said again. One end too many does no harm.

    A loop of unknown outcome may be running: it is asked for again, and stopped before the leg joins a room,
    or in the one that it has made meanwhile.
    """
    if isinstance(request, LegSpeak) and unclear and request.loop:
        turn.arm(Clock.SPEECH, leg.id, turn.policy.retry)
        return
    if isinstance(request, LegSpeak):
        leg = turn.set_leg(leg.id, leg_speeches=max(leg.leg_speeches - 1, 0), looping=False)
        turn.arm(Clock.RETRY, leg.id, turn.policy.retry)
    else:
        leg = turn.set_leg(leg.id, room_speeches=max(leg.room_speeches - 1, 0))
        if leg.room is None or _on_leg(leg):
            return  # spoken to on the leg itself since
        turn.arm(Clock.SPEECH, leg.id, turn.policy.retry)
        leg = turn.set_leg(leg.id, unheeded=leg.unheeded + 1)
        if leg.unheeded >= PROMPTS:
            _reach_apart(turn, leg)
    if leg.saying == request.text:
        turn.set_leg(leg.id, saying="")


def _reach_apart(turn: Turn, leg: Leg) -> None:
    """The last rung of the ladder of hold sound: out of the room, and looped speech on the leg (TALK-5)."""
    if leg.means is Means.SPOKEN and leg.role is not Role.AGENT and leg.room is not None:
        turn.set_leg(leg.id, means=Means.APART)
        call = turn.call_of(leg)
        words = "Prompts do not reach a held party: speech goes to the leg itself."
        turn.tell("warn", words, call.id if call else None)


def _on_leg(leg: Leg) -> bool:
    """Whether it is being spoken to on the leg itself."""
    return leg.looping or leg.voicing


def _fell_silent(turn: Turn, leg: Leg, *, on_leg: bool) -> None:
    if not on_leg and _on_leg(leg):
        return
    turn.set_leg(leg.id, saying="", looping=False)
    turn.signal(When.SPOKEN, leg.role, leg=leg.id, detail=leg.saying)
