"""The console is lost at any moment of any story, and the promise to the customer holds without it."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tests.property.faults import BARRED, FALSE, HONEST
from tests.property.moves import Killed, Lose, Move, Return
from tests.property.stories import Start, lost_starts, lost_stories, starts, stories
from tests.property.telling import tell
from tests.property.tiers import examples


@given(lost_starts, lost_stories())
@examples(25, 1_000)
def test_no_customer_is_dropped_or_left_in_silence_when_the_console_is_lost(
    start: Start, story: list[Move]
) -> None:
    tell(start, story)


@given(lost_starts, lost_stories(HONEST))
@examples(25, 1_000)
def test_nor_where_the_carrier_refuses(start: Start, story: list[Move]) -> None:
    tell(start, story)


@given(lost_starts, lost_stories(HONEST, BARRED))
@examples(20, 1_000)
def test_nor_where_one_kind_of_request_is_refused_for_good(start: Start, story: list[Move]) -> None:
    tell(start, story)


@given(lost_starts, lost_stories(FALSE))
@examples(20, 1_000)
def test_nor_does_a_carrier_that_says_what_is_not_so_break_a_rule(start: Start, story: list[Move]) -> None:
    tell(start, story)


def handed_on(ms: int) -> st.SearchStrategy[Killed]:
    """The journal goes on in another process."""
    return st.builds(Killed, st.just(ms), st.booleans(), st.just(True))


@given(starts, stories(), handed_on(8_000), stories(), handed_on(700), stories())
@examples(20, 500)
def test_from_the_console_to_its_guardian_and_back_belief_becomes_truth(
    start: Start, before: list[Move], lost: Killed, meanwhile: list[Move], back: Killed, after: list[Move]
) -> None:
    """The guardian reconciles before it is told that it is alone, and so does the console that returns."""
    tell(start, [*before[:10], lost, Lose(), *meanwhile[:6], back, Return(), *after[:8]])
