"""A newcomer hands a customer over within a minute, by doing nothing but what the screen says."""

from __future__ import annotations

from pathlib import Path

import pytest

from .newcomer import DONE_S, MOST_KEYS, RING_S, first_minute


@pytest.mark.proof
@pytest.mark.timeout(480)  # most of it is the installation
def test_the_first_key_shown_each_time_leads_to_a_completed_transfer(tmp_path: Path) -> None:
    minute = first_minute(Path(__file__).parents[2], tmp_path)
    assert 0 <= minute.ring_s <= RING_S
    assert 0 <= minute.done_s <= DONE_S
    assert 1 <= len(minute.keys) <= MOST_KEYS
