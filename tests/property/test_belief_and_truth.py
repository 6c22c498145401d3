"""Belief against truth: whatever people, the network and the carrier do, the invariants hold."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import Phase, find, given, settings
from hypothesis import strategies as st

from tests.property.ending import come_to_rest, replayed_differently, unsettled
from tests.property.faults import FALSE, HONEST
from tests.property.moves import Move, Start, begin, moves, play, starts
from tests.property.tiers import examples
from tests.property.wire import Violation, Wire
from warmxfer_tui.core import knowledge, steering
from warmxfer_tui.core.machine import step
from warmxfer_tui.core.model import Desk

LENGTH = 40


def tell(start: Start, story: list[Move]) -> Wire:
    """Play a story to its end; raises `Violation` with the story in words."""
    wire = begin(start)
    for move in story:
        play(wire, move)
    come_to_rest(wire)
    wrong = unsettled(wire) + replayed_differently(wire)
    if wrong:
        wire.fail(wrong)
    return wire


@given(starts, st.lists(moves(()), max_size=LENGTH))
@examples(250, 3_000)
def test_the_invariants_hold_and_belief_becomes_truth(start: Start, story: list[Move]) -> None:
    tell(start, story)


@given(starts, st.lists(moves(HONEST), max_size=LENGTH))
@examples(400, 5_000)
def test_they_do_so_when_the_carrier_refuses(start: Start, story: list[Move]) -> None:
    tell(start, story)
