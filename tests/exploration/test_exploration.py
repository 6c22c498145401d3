"""Every interleaving of the small world keeps I1 to I9, and ends with belief = truth."""

from __future__ import annotations

import pytest

from tests.exploration.canon import canonical
from tests.exploration.explorer import Scope, explore, start, tell
from warmxfer_tui.core import seats, steering
from warmxfer_tui.core.rules import ROWS


@pytest.mark.exhaustive
@pytest.mark.timeout(170)  # the whole test command has three minutes
def test_four_keys_and_one_mishap_are_exhausted_without_a_violation(
    exhausted: tuple[int, str], capsys: pytest.CaptureFixture[str]
) -> None:
    status, words = exhausted
    with capsys.disabled():
        print(f"\nexploration: {words}")
    assert status == 0, words
    assert "frontier empty, 0 violations" in words
    assert "4 keys, 1 mishaps" in words


def test_a_scope_that_is_cut_off_does_not_count_as_exhausted() -> None:
    assert not explore(Scope(2, 0), limit=20).exhausted


def test_every_row_that_two_keys_can_reach_fires() -> None:
    report = explore(Scope(2, 1))
    assert report.exhausted
    assert not report.violations
    known = {row.id for row in ROWS} | {"HELD-5", "LAW-5"}
    assert set(report.rows) <= known
    assert {"RING-2", "RING-6", "CALLING-5", "CONSULT-1", "TALK-3", "HELD-3", "ASIDE-4"} <= set(report.rows)


def test_a_console_lost_at_any_moment_breaks_nothing() -> None:
    report = explore(Scope(3, 0, lost=True))
    assert report.exhausted, report
    assert not report.violations, report
    states = ("RING", "CONNECT", "TALK", "HELD", "CONSULT", "ASIDE", "FINISH")
    assert {f"LOST-{state}" for state in states} <= set(report.rows)


@pytest.mark.proof
@pytest.mark.timeout(900)
def test_nor_does_one_that_is_lost_beside_a_mishap() -> None:
    report = explore(Scope(3, 1, lost=True))
    assert report.exhausted, report
    assert not report.violations, report


@pytest.mark.parametrize("guard", ["_private", "_may_unhold", "secure"])
def test_a_machine_without_a_guard_is_caught(guard: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def always(*_: object) -> bool:
        return True

    for room in (steering, seats):
        if hasattr(room, guard):
            monkeypatch.setattr(room, guard, always)
    report = explore(Scope(4, 0, late=True), limit=12_000)
    assert report.violations, report
    _, path = report.violations[0]
    assert "key" in tell(path)


@pytest.mark.proof
@pytest.mark.timeout(900)
def test_requests_that_are_overtaken_by_everything_else_break_nothing() -> None:
    report = explore(Scope(4, 1, late=True))
    assert report.exhausted, report
    assert not report.violations, report


def test_the_same_state_by_another_order_is_one_state() -> None:
    one, other = start(), start()
    for node in (one, other):
        node.pair.press("answer")
        node.pair.run(lambda pair: pair.desk.line.state == "PROVING")
    other.pair.desk = one.pair.desk
    assert canonical(one.pair, frozenset()) == canonical(other.pair, frozenset())
    one.pair.press("reject")
    assert canonical(one.pair, frozenset()) != canonical(other.pair, frozenset())
