"""The offset between two clocks, from dates of whole seconds."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from warmxfer_tui.telnyx.skew import Skew

REPLIES = st.lists(st.tuples(st.integers(0, 10**7), st.integers(0, 1_000), st.integers(0, 1_000)), min_size=1)


@given(st.integers(-(10**9), 10**9), REPLIES)
def test_the_true_offset_is_always_within_the_margin(
    offset: int, replies: list[tuple[int, int, int]]
) -> None:
    skew = Skew()
    for sent, there, back in replies:
        date = (sent + there + offset) // 1_000 * 1_000
        skew.observe(date, sent, sent + there + back)
    assert skew.offset is not None
    assert skew.margin is not None
    assert abs(skew.offset - offset) <= skew.margin


def test_a_clock_that_was_set_is_measured_afresh() -> None:
    skew = Skew()
    skew.observe(10_000, 0, 10)
    skew.observe(90_000, 1_000, 1_010)
    assert skew.offset is not None
    assert 88_990 <= skew.offset <= 90_000
