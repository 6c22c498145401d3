"""Legs of this desk that it does not know, with all that the carrier tells of each (`design.md` §3.7)."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TypeVar

from warmxfer_tui.core.commands import Tag
from warmxfer_tui.core.events import (
    CallAnswered,
    CallEnded,
    CallInitiated,
    Fact,
    Member,
    SpeechEnded,
    SpeechStarted,
    Surveyed,
)
from warmxfer_tui.core.terms import NOBODY, Ccid, Number, Role, RoomId
from warmxfer_tui.core.turn import Turn

FactT = TypeVar("FactT", bound=Fact)
_TARGET = re.compile(r"c[1-9]\d{0,5}\.B([1-9]\d{0,3})")


@dataclass(slots=True)
class Found:
    """One leg."""

    ccid: Ccid
    tag: Tag
    facts: list[Fact] = field(default_factory=list)
    room: RoomId | None = None
    member: Member | None = None
    as_of: int = -1

    @property
    def key(self) -> str:
        """What the call was called by the journal that is lost."""
        return f"{self.tag.session}/{self.tag.call}"

    @property
    def attempt(self) -> int:
        """Of a target: which one of its call's."""
        attempt = _TARGET.fullmatch(self.tag.leg)
        return int(attempt[1]) if attempt else 1

    def first(self, kind: type[FactT]) -> FactT | None:
        """The earliest fact of a kind."""
        return next((fact for fact in self.facts if isinstance(fact, kind)), None)

    @property
    def spoken_to(self) -> bool:
        """Something is said on the leg itself that has not ended: it may be a loop, and is taken for one."""
        told = [f for f in self.facts if isinstance(f, SpeechStarted | SpeechEnded) and f.room is None]
        return bool(told) and isinstance(told[-1], SpeechStarted)

    @property
    def answered(self) -> bool:
        """A customer who was called is in the room before answering; anybody else is not."""
        inside = self.room is not None and not (self.tag.role == Role.CUSTOMER and not self.inbound)
        return inside or self.first(CallAnswered) is not None

    @property
    def inbound(self) -> bool:
        """Whether it rang in, as far as is told."""
        begun = self.first(CallInitiated)
        return begun is not None and begun.inbound

    def number(self, *, far: bool) -> Number:
        """The address it was called at, or, where not `far`, the one that called."""
        begun = self.first(CallInitiated)
        if begun is None:
            return NOBODY
        return begun.to if far else begun.from_


def unknown(turn: Turn, found: Surveyed) -> list[Found]:
    """Live legs with a tag of this desk. What is told of them is told once."""
    ours = {
        live.ccid: Found(live.ccid, live.tag)
        for live in found.live
        if live.tag is not None
        and live.tag.desk == turn.policy.desk
        and _is_news(turn, live.ccid)
        and live.ccid not in turn.gone
    }
    for fact in found.facts:
        if fact.ccid in ours:
            ours[fact.ccid].facts.append(fact)
            turn.first_sight(fact.event_id)
    for room in found.rooms:
        for member in room.members:
            if member.ccid in ours:
                leg = ours[member.ccid]
                leg.room, leg.member, leg.as_of = room.room, member, room.as_of
    legs = [leg for leg in ours.values() if leg.first(CallEnded) is None]
    for leg in legs:
        stranger = turn.desk_leg(leg.ccid)
        if stranger is not None:  # its room was read before the list of calls had it
            turn.disarm_all(stranger.id)
            del turn.legs[stranger.id]
    return legs


def _is_news(turn: Turn, ccid: Ccid) -> bool:
    leg = turn.desk_leg(ccid)
    return leg is None or (leg.role is Role.STRANGER and leg.alive)
