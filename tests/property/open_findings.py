"""Properties that do not hold yet: `pytest tests/property/open_findings.py` shows how.

They are collected by name only, for they are red: some stories with refused commands, and with refusals that
are not true, still break I1, I6 or I9. Each belongs into `test_belief_and_truth.py` once it holds.
"""

from __future__ import annotations

import pytest
from hypothesis import given

from tests.property.faults import FALSE, HONEST
from tests.property.moves import Move
from tests.property.stories import Start, starts, stories
from tests.property.telling import tell
from tests.property.tiers import examples


@pytest.mark.timeout(300)
@given(starts, stories(HONEST))
@examples(300, 4_000)
def test_they_hold_when_the_carrier_refuses(start: Start, story: list[Move]) -> None:
    tell(start, story)


@pytest.mark.timeout(300)
@given(starts, stories(FALSE))
@examples(120, 2_000)
def test_a_carrier_that_says_what_is_not_so_breaks_no_rule(start: Start, story: list[Move]) -> None:
    tell(start, story)
