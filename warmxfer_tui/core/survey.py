"""What the carrier knows of everything at once: how a console begins, and begins again (`design.md` §3.5).

The journal folds to what was believed; requests without a reply have an unknown outcome. One survey tells
what became of them and of everybody. Until it is in, nothing else leaves and webhooks wait; then the past is
folded like any other news, by the same rows, in the carrier's order, and steering goes on from there. Timers
keep their deadlines: those that are overdue fire with the next tick.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

from warmxfer_tui.core import doubt, rebuild
from warmxfer_tui.core.commands import Ask, Survey
from warmxfer_tui.core.events import (
    CallAnswered,
    Fact,
    LiveLeg,
    Noted,
    Replied,
    Reply,
    RoomEnded,
    Surveyed,
    Unclear,
)
from warmxfer_tui.core.knowledge import attempt, identified, learn
from warmxfer_tui.core.model import Absence, Leg
from warmxfer_tui.core.reads import compare
from warmxfer_tui.core.reconcile import unheard
from warmxfer_tui.core.steering import read_room
from warmxfer_tui.core.terms import CallId, Clock, LegId, Role, State
from warmxfer_tui.core.turn import Turn
from warmxfer_tui.core.words import result_of, shown

AGAIN = 1_000
"""Milliseconds after which a survey that failed is asked for again."""
SOON = 200
"""Milliseconds in which a reply comes, as a rule."""
LONGEST = 3_000
"""Milliseconds after which the desk goes on without a survey: commands may work where a list does not."""
OVERLAP = 90_000
"""Milliseconds of the past that are read once more: call events trail by up to 30 s (telnyx-facts §6.2 #57),
and our clock may be off by as much as a webhook's signature allows for."""
UNREMEMBERED = 1_000
"""More requests than leave while the journal cannot be written: their ids are not used again."""

Take = Callable[[Turn, Replied], None]
"""`replies.take`, which knows what an unknown outcome means for each request."""


def resume(turn: Turn, since: int, take: Take) -> None:
    """Begin, with what was written down until `since`."""
    turn.resuming, turn.resumed_at, turn.dropping = True, turn.now, None
    turn.absence = Absence(since, turn.now)
    if turn.lost_at is not None:
        turn.absence = Absence(turn.lost_at, turn.now, guarded=True)
    turn.skip_asks(UNREMEMBERED if since else 0)
    turn.backlog = []
    turn.disarm(Clock.EVENT, "desk")  # whoever was to tell found nobody here
    turn.unheard_since = None
    for ask in list(turn.asks.values()):
        take(turn, Replied(turn.now, ask.id, Unclear("warmxfer was closed before a reply came.")))
    for leg in [leg for leg in turn.legs.values() if leg.alive]:
        _forget_speech(turn, _long_ago(turn, leg))
    look(turn, since or turn.now)


def _long_ago(turn: Turn, leg: Leg) -> Leg:
    """A request that was sent before the last moments has had its effect by now, or never will."""
    settled = turn.now - turn.policy.contradict_after
    pending = tuple(
        replace(p, replied_at=p.sent_at) if p.unclear and p.sent_at <= settled else p for p in leg.pending
    )
    return turn.set_leg(leg.id, pending=pending)


def _forget_speech(turn: Turn, leg: Leg) -> None:
    """Whether a sentence is still being said nobody knows, unless it is looped: it is said again."""
    if not leg.looping:
        turn.set_leg(leg.id, saying="", heard_at=None, leg_speeches=0, room_speeches=0)
        turn.disarm(Clock.SPEECH, leg.id)


def look(turn: Turn, since: int) -> None:
    """Ask for a survey of everything since a moment, in UTC milliseconds."""
    known = tuple(leg.ccid for leg in turn.legs.values() if leg.alive and leg.ccid is not None)
    turn.ask(Survey(turn.policy.connection, max(since - OVERLAP, 0), known))


def due(turn: Turn) -> None:
    """The survey failed, or has had its time: once more, when no command is on its way that would age it."""
    if any(isinstance(ask.request, Survey) for ask in turn.asks.values()):
        return
    if any(p.replied_at is None for leg in turn.legs.values() for p in leg.pending):
        turn.arm(Clock.SURVEY, "desk", SOON)
    else:
        look(turn, (turn.absence.since if turn.absence and turn.resuming else 0) or turn.now)


def surveyed(turn: Turn, ask: Ask, reply: Reply) -> Iterator[None]:
    """Fold a survey, in the carrier's order; whoever runs this answers the signals at every pause."""
    if not isinstance(reply, Surveyed):
        for _ in _not_told(turn, reply):
            yield
        return
    alive = [leg.id for leg in turn.legs.values() if leg.alive]
    _found_out(turn, reply)
    yield
    found = rebuild.adopt(turn, reply)
    yield
    for _ in _learn(turn, *_news(turn, reply)):
        yield
    doubt.missed(turn, ask)
    for _ in _end(turn, reply):
        yield
    for _ in _rooms(turn, ask, reply):
        yield
    if turn.resuming:
        _begun(turn, alive, found)


def _end(turn: Turn, reply: Surveyed) -> Iterator[None]:
    """Whoever is over for the second time is gone. Why they went comes a moment later, by webhook or read."""
    before, turn.fading = turn.fading, frozenset(reply.ended)
    for leg in list(turn.legs.values()):
        if leg.alive and leg.ccid in turn.fading:
            if leg.ccid in before:
                turn.end(leg, "gone")
                yield
            else:
                turn.arm(Clock.SURVEY, "desk", AGAIN)


def _not_told(turn: Turn, reply: Reply) -> Iterator[None]:
    """No survey: the next one soon. Whoever hears nothing cannot wait for it for ever."""
    turn.arm(Clock.SURVEY, "desk", max(AGAIN, getattr(reply, "wait", 0)))
    if not turn.resuming:
        return
    why = getattr(reply, "words", "the reply could not be understood.")
    if turn.now - turn.resumed_at < LONGEST:
        turn.tell("warn", f"What became of the calls cannot be read yet: {why} It is tried again.")
        return
    for _ in _learn(turn):
        yield
    turn.resuming = False
    turn.absence = replace(turn.absence or Absence(0, turn.now), doubtful=_doubtful(turn))
    turn.tell("alarm", f"What became of the calls cannot be read: {why} The desk goes on as it remembers.")


def _learn(turn: Turn, *news: Fact) -> Iterator[None]:
    """Fold what is new, and what has waited, in the carrier's order."""
    for fact in sorted((*news, *turn.waiting), key=lambda fact: fact.occurred_at):
        if turn.first_sight(fact.event_id):
            _doubt_webhooks(turn, fact)
            learn(turn, replace(fact, at=turn.now))
            yield
    turn.waiting = ()


def _rooms(turn: Turn, ask: Ask, reply: Surveyed) -> Iterator[None]:
    """Hold everybody against the lists of their rooms."""
    for call in list(turn.calls.values()):
        read = next((room for room in reply.rooms if room.room == call.room), None)
        if any(p.sent_at >= ask.at for leg in turn.legs.values() for p in leg.pending if p.room == call.room):
            continue  # a survey is many reads: whether this one saw the command is not known
        if read is not None:
            compare(turn, read.room, read.members, read.as_of, ask.at)
            yield
        elif call.room is not None:
            read_room(turn, call.room, call)  # it is not in progress, or its list is late: it is asked for


def _doubt_webhooks(turn: Turn, fact: Fact) -> None:
    """Old news that no webhook has brought, while the console was there to hear it."""
    age = turn.now - fact.occurred_at
    here = not turn.resuming and fact.occurred_at >= turn.resumed_at
    if here and not isinstance(fact, Noted) and age > turn.policy.unheard:
        unheard(turn, "Telnyx tells what happened only when it is asked.")


def _found_out(turn: Turn, reply: Surveyed) -> None:
    """Dials of unknown outcome that were carried out; one that was given up is hung up."""
    for live in reply.live:
        leg = attempt(turn, live.tag)
        if leg is not None:
            identified(turn, leg, live.ccid)


def _news(turn: Turn, reply: Surveyed) -> Iterator[Fact]:
    """What is about somebody who lives, or whom we know; nobody is told of who came and went unseen.

    A target of ours may have come and gone before its id was known: it was busy, say.
    """
    strange = {leg.ccid for leg in reply.live if not _may_be_ours(turn, leg, reply)}
    live = {leg.ccid for leg in reply.live} - strange
    for fact in reply.facts:
        if fact.ccid is None:
            if isinstance(fact, RoomEnded) and any(c.room == fact.room for c in turn.calls.values()):
                yield fact
        elif fact.ccid in live or turn.desk_leg(fact.ccid) or attempt(turn, getattr(fact, "tag", None)):
            yield fact


def _may_be_ours(turn: Turn, leg: LiveLeg, reply: Surveyed) -> bool:
    """A leg of this desk, or one that rings in and that nobody has taken."""
    if leg.tag is not None:
        return leg.tag.desk == turn.policy.desk
    return not any(fact.ccid == leg.ccid and isinstance(fact, CallAnswered) for fact in reply.facts)


def _begun(turn: Turn, alive: list[LegId], found: tuple[CallId, ...]) -> None:
    """The survey is in: what the agent is to know, before anything is done about it."""
    turn.resuming = False
    absence = turn.absence or Absence(0, turn.now)
    gone = [turn.legs[i] for i in alive if i in turn.legs and not turn.legs[i].alive]
    ended = tuple(
        f"{shown(leg)}: {'has left' if leg.ending and leg.ending.answered else result_of(leg.ending)}"
        for leg in gone
        if leg.role is not Role.STRANGER
    )
    doubtful = _doubtful(turn)
    calls = [call for call in turn.calls.values() if call.state is not State.WRAP]
    told = bool(calls or ended or doubtful or absence.guarded)
    turn.absence = (
        replace(absence, until=turn.now, ended=ended, found=tuple(found), doubtful=doubtful) if told else None
    )


def _doubtful(turn: Turn) -> tuple[LegId, ...]:
    """Whoever may be ringing without our knowing it; the agent is told."""
    legs = [leg for leg in turn.legs.values() if leg.doubt is not None or _asked_for(leg)]
    for leg in legs:
        doubt.tell(turn, leg)
    return tuple(leg.id for leg in legs)


def _asked_for(leg: Leg) -> bool:
    """A target that the carrier was asked to ring for C, and that has not shown yet (BLIND)."""
    return leg.blind and leg.alive and leg.ccid is None
