"""A whole story: its beginning, its moves, its rest, and the verdict."""

from __future__ import annotations

from collections.abc import Iterable

from tests.property.ending import come_to_rest, replayed_differently, unsettled
from tests.property.moves import Move
from tests.property.stories import Start, begin
from tests.property.wire import Wire
from warmxfer_tui.simulator.world import Knobs


def tell(start: Start, story: Iterable[Move], knobs: Knobs | None = None) -> Wire:
    """Play a story to its end; raises `wire.Violation` with the story in words."""
    wire = begin(start, knobs)
    for move in story:
        wire.land()
        move.play(wire)
    come_to_rest(wire)
    wrong = replayed_differently(wire) + ([] if wire.lied_to else unsettled(wire))
    if wrong:
        wire.fail(wrong)
    return wire
