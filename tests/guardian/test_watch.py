"""When a console counts as lost: both of its signs have to fail."""

from __future__ import annotations

import pytest

from warmxfer_tui.guardian.watch import Signs, Verdict, judge, patience
from warmxfer_tui.journal.lease import LEASE_MS, Lease

OURS, ANOTHER, NOBODY = "console 7", "console 8", ""
NOW = 1_000_000
FRESH, OVER = NOW + LEASE_MS, NOW - 1
WATCH_ON, TAKE_OVER, LEAVE = Verdict.WATCH_ON, Verdict.TAKE_OVER, Verdict.LEAVE


@pytest.mark.parametrize(
    ("owner", "until", "silent_for", "hung_up", "verdict"),
    [
        (OURS, FRESH, 0, False, WATCH_ON),
        (OURS, FRESH, LEASE_MS + 1, False, WATCH_ON),
        (OURS, OVER, 0, False, WATCH_ON),
        (OURS, OVER, LEASE_MS, False, WATCH_ON),
        (OURS, OVER, LEASE_MS + 1, False, TAKE_OVER),
        (OURS, FRESH, 0, True, WATCH_ON),
        (OURS, OVER, 0, True, TAKE_OVER),
        (NOBODY, 0, 0, False, WATCH_ON),
        (NOBODY, 0, LEASE_MS + 1, False, WATCH_ON),
        (NOBODY, 0, 0, True, TAKE_OVER),
        (ANOTHER, FRESH, 0, True, LEAVE),
        (ANOTHER, OVER, LEASE_MS + 1, True, LEAVE),
    ],
    ids=[
        "at work",
        "it beats no more, but writes",
        "its disk hangs, but it beats",
        "six seconds are not over",
        "stopped",
        "killed a moment ago",
        "killed six seconds ago",
        "its journal was never open",
        "its journal was never open, and it is stopped",
        "it has ended in good order",
        "the next console has the desk",
        "the next console is lost too, and has a guardian of its own",
    ],
)
def test_a_console_is_lost_when_it_neither_beats_nor_writes(
    owner: str, until: int, silent_for: int, hung_up: bool, verdict: Verdict
) -> None:
    signs = Signs(OURS, NOW - silent_for, hung_up=hung_up)
    assert judge(signs, Lease(3, owner, until), NOW) is verdict


def test_a_journal_that_nobody_ever_had_leaves_nothing_to_guard_once_the_console_has_gone() -> None:
    lease = Lease(0, "", 0)
    assert judge(Signs(OURS, NOW), lease, NOW) is WATCH_ON
    assert judge(Signs(OURS, NOW, hung_up=True), lease, NOW) is LEAVE


@pytest.mark.parametrize(
    ("until", "silent_for", "hung_up", "waits"),
    [
        (NOW + 2_500, 0, True, 2_501),
        (NOW + 2_500, 2_000, False, 4_001),
        (NOW + 5_500, 5_000, False, 5_501),
        (NOW, 0, True, 1),
        (OVER, 0, True, 0),
        (OVER, LEASE_MS + 1, False, 0),
    ],
)
def test_the_next_look_is_when_the_last_of_both_signs_fails(
    until: int, silent_for: int, hung_up: bool, waits: int
) -> None:
    signs, lease = Signs(OURS, NOW - silent_for, hung_up=hung_up), Lease(3, OURS, until)
    assert patience(signs, lease, NOW) == waits
    if waits:
        assert judge(signs, lease, NOW + waits - 1) is WATCH_ON
    assert judge(signs, lease, NOW + waits) is TAKE_OVER
