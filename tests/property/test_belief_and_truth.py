"""Belief against truth: whatever people, the network and the carrier do, the invariants hold."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.property.ending import come_to_rest, replayed_differently, unsettled
from tests.property.faults import HONEST, FALSE
from tests.property.moves import Move, Start, begin, moves, play, starts

LENGTH = 40


@given(starts, st.lists(moves(HONEST), max_size=LENGTH))
@settings(max_examples=200)
def test_the_invariants_hold_and_belief_becomes_truth(start: Start, story: list[Move]) -> None:
    wire = begin(start)
    for move in story:
        play(wire, move)
    come_to_rest(wire)
    wrong = unsettled(wire) + replayed_differently(wire)
    if wrong:
        wire.fail(wrong)
