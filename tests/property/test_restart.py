"""A console that is killed and begins again: belief becomes truth, with its journal and without it."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tests.property.moves import Killed, Move
from tests.property.stories import Start, starts, stories
from tests.property.telling import tell
from tests.property.tiers import examples

GONE = st.sampled_from((0, 1, 700, 3_000, 20_000))
"""Milliseconds until somebody starts it again."""


def ends(*, remembered: bool) -> st.SearchStrategy[Killed]:
    return st.builds(Killed, GONE, st.booleans(), st.just(remembered))


@given(starts, stories(), ends(remembered=True), stories())
@examples(60, 2_000)
def test_with_its_journal_the_desk_goes_on(
    start: Start, before: list[Move], end: Killed, after: list[Move]
) -> None:
    tell(start, [*before[:12], end, *after[:12]])


@given(starts, stories(), ends(remembered=False), stories())
@examples(60, 2_000)
def test_without_it_the_desk_is_rebuilt_from_the_carrier_alone(
    start: Start, before: list[Move], end: Killed, after: list[Move]
) -> None:
    tell(start, [*before[:12], end, *after[:12]])
