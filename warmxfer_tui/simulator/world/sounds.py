"""The queues of speech and playback: on a leg, over a leg's playback, at one seat of a room, in a whole room.

The head of a queue is what sounds; those behind it wait. Only the head has events and a timer.
"""

from __future__ import annotations

from dataclasses import replace

from . import events
from .audio import Play, Queue, Where
from .state import State, TimerKind

SPEECH_PER_CHARACTER = 65_000
"""Microseconds of speech a character: about fifteen characters a second."""
SHORTEST_SPEECH = 500_000


def speech_length(text: str) -> int:
    """How long a text takes to say, in microseconds."""
    return max(SHORTEST_SPEECH, len(text) * SPEECH_PER_CHARACTER)


def _subject(queue: Queue) -> str:
    return f"{queue.where}:{queue.id}"


def queue_of(subject: str) -> Queue:
    """The queue that a `PLAY_ENDS` timer is about."""
    where, _, id_ = subject.partition(":")
    return Queue(Where(where), id_)


def _announce(s: State, queue: Queue, play: Play, phase: str, status: str = "") -> None:
    if queue.where is Where.ROOM:
        events.room_play(s, s.rooms[queue.id], play, phase)
        return
    leg = s.legs[queue.id]
    if queue.where is not Where.SEAT:
        overlay = queue.where is Where.OVERLAY
        events.leg_play(s, leg, play, phase, status=status, overlay=overlay)
    elif leg.room is not None:
        events.member_play(s, s.rooms[leg.room], leg, play, phase)


def add(s: State, queue: Queue, play: Play) -> None:
    """Put a sound at the queue's end; it begins at once when nothing else sounds there."""
    waiting = s.queues.get(queue, ())
    s.queues[queue] = (*waiting, play)
    if not waiting:
        _begin(s, queue)


def _begin(s: State, queue: Queue) -> None:
    """Start the head of a queue, dropping those whose file is missing (#51)."""
    while plays := s.queues.get(queue):
        head = plays[0]
        if head.found:
            _announce(s, queue, head, "started")
            if head.loops is not None:
                s.arm(TimerKind.PLAY_ENDS, _subject(queue), head.length * head.loops)
            return
        _announce(s, queue, head, "ended", "file_not_found")
        _drop_head(s, queue)


def _drop_head(s: State, queue: Queue) -> None:
    rest = s.queues[queue][1:]
    if rest:
        s.queues[queue] = rest
    else:
        del s.queues[queue]


def finish(s: State, queue: Queue, status: str = "completed") -> Play | None:
    """End the sounding head, let the next begin, and return what ended; None when nothing sounded."""
    if not (plays := s.queues.get(queue)):
        return None
    s.disarm(TimerKind.PLAY_ENDS, _subject(queue))
    _announce(s, queue, plays[0], "ended", status)
    _drop_head(s, queue)
    _begin(s, queue)
    return plays[0]


def silence(s: State, queue: Queue, status: str) -> tuple[Play, ...]:
    """End the head and forget those behind it; return all of them."""
    if not (plays := s.queues.pop(queue, ())):
        return ()
    s.disarm(TimerKind.PLAY_ENDS, _subject(queue))
    _announce(s, queue, plays[0], "ended", status)
    return plays


def stop_leg(s: State, ccid: str, status: str) -> None:
    """End everything that leg commands play on a leg."""
    if s.queues:
        silence(s, Queue(Where.OVERLAY, ccid), status)
        silence(s, Queue(Where.LEG, ccid), status)


def stopped_by_connecting(s: State, ccid: str) -> None:
    """What becomes of a leg's playback when it is bridged or joined (#34)."""
    leg = s.legs[ccid]
    if leg.hold_tune:
        s.put(replace(leg, hold_tune=False))
    if s.knobs.playback_on_connect == "stops":
        stop_leg(s, ccid, "cancelled")
