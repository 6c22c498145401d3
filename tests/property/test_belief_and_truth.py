"""Belief against truth: whatever people, the network and the carrier do, the invariants hold."""

from __future__ import annotations

import pytest
from hypothesis import Phase, find, given, settings
from hypothesis import strategies as st

from tests.property.faults import BARRED, FALSE, HONEST
from tests.property.moves import Move
from tests.property.stories import Start, starts, stories
from tests.property.telling import tell
from tests.property.tiers import examples
from tests.property.wire import Violation
from warmxfer_tui.core import seats, steering


@given(starts, stories())
@examples(50, 3_000)
def test_the_invariants_hold_and_belief_becomes_truth(start: Start, story: list[Move]) -> None:
    tell(start, story)


@given(starts, stories(HONEST))
@examples(60, 4_000)
def test_they_hold_when_the_carrier_refuses(start: Start, story: list[Move]) -> None:
    tell(start, story)


@given(starts, stories(HONEST, BARRED))
@examples(30, 2_000)
def test_they_hold_when_one_kind_of_request_is_refused_for_good(start: Start, story: list[Move]) -> None:
    tell(start, story)


@given(starts, stories(FALSE))
@examples(30, 2_000)
def test_a_carrier_that_says_what_is_not_so_breaks_no_rule(start: Start, story: list[Move]) -> None:
    tell(start, story)


def _always(*_: object) -> bool:
    return True


CONSULTS = st.builds(
    Start,
    line=st.just(1),
    music=st.just(True),
    depth=st.integers(3, 6),
    script=st.integers(0, 2),
    racing=st.booleans(),
    settled=st.booleans(),
)
REFEREE = settings(max_examples=400, phases=[Phase.generate], derandomize=True, database=None)
"""A violation has to turn up within so many stories; its story need not be short."""


@pytest.mark.parametrize(
    ("guard", "invariant"),
    [
        ("_private", "I9:"),
        pytest.param("_may_unhold", "I9:", marks=pytest.mark.proof),
        pytest.param("secure", "I9:", marks=pytest.mark.proof),
    ],
)
def test_a_machine_without_a_guard_is_caught(
    guard: str, invariant: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def breaks_it(told: tuple[Start, list[Move]]) -> bool:
        return invariant in _verdict(*told)

    for room in (steering, seats):
        if hasattr(room, guard):
            monkeypatch.setattr(room, guard, _always)
    caught = find(st.tuples(CONSULTS, stories()), breaks_it, settings=REFEREE)
    monkeypatch.undo()
    assert invariant not in _verdict(*caught)


def _verdict(start: Start, story: list[Move]) -> str:
    try:
        tell(start, story)
    except Violation as violation:
        return str(violation)
    return ""
