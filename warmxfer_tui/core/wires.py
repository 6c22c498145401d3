"""Which of the legs that a screen shows are in one conversation: it draws a line beside their panels.

Only what is proven joins anybody. Who may be heard besides stands in words, on the panel that it concerns.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import permutations

from warmxfer_tui.core.hearing import hears
from warmxfer_tui.core.model import Desk
from warmxfer_tui.core.terms import LegId


class Joint(StrEnum):
    """Where on the line a leg is, from top to bottom."""

    NONE = ""
    FIRST = "first"
    INNER = "inner"
    LAST = "last"
    PAST = "past"
    """The line goes by: this leg stands between two who talk, and is not in their conversation."""


@dataclass(frozen=True, slots=True)
class Wire:
    """A leg's piece of the line."""

    joint: Joint = Joint.NONE
    sure: bool = True
    """Whether everybody on the line hears everybody: not while one of them is muted."""


NO_WIRE = Wire()


def wires(desk: Desk, legs: Sequence[LegId]) -> tuple[Wire, ...]:
    """The line that joins those who talk with each other, a piece for each of the legs, in their order."""
    heard = {leg: hears(desk, leg).people.intersection(legs) for leg in legs}
    group = max((_joined(leg, heard) for leg in legs), key=len, default=frozenset[LegId]())
    places = [place for place, leg in enumerate(legs) if leg in group]
    if len(places) < 2:
        return (NO_WIRE,) * len(legs)
    sure = all(other in heard[leg] for leg, other in permutations(group, 2))
    return tuple(Wire(_joint(place, places), sure) for place in range(len(legs)))


def _joined(leg: LegId, heard: Mapping[LegId, frozenset[LegId]]) -> frozenset[LegId]:
    """Everybody whom a voice can reach from this leg, in either direction, and be passed on."""
    group, edge = {leg}, [leg]
    while edge:
        here = edge.pop()
        near = heard[here] | {other for other, people in heard.items() if here in people}
        edge += near - group
        group |= near
    return frozenset(group)


def _joint(place: int, places: Sequence[int]) -> Joint:
    if place not in places:
        return Joint.PAST if places[0] < place < places[-1] else Joint.NONE
    return Joint.FIRST if place == places[0] else Joint.LAST if place == places[-1] else Joint.INNER
