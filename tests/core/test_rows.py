"""Every row of the behaviour table that is in scope has a rule, and a test marked with its id."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

import pytest

from warmxfer_tui.core.rules import ROWS

TABLE: Mapping[str, Iterable[object]] = {
    "RING": range(2, 7),
    "OUT": range(1, 5),
    "CONNECT": range(1, 3),
    "TALK": range(1, 6),
    "HELD": range(3, 6),
    "CALLING": (*range(1, 10), 11, 12),
    "ASIDE": range(1, 6),
    "BLIND": range(1, 8),
    "CONSULT": range(1, 7),
    "SWAPPED": range(1, 7),
    "THREE": range(1, 5),
    "FINISH": range(1, 3),
    "WATCH": range(1, 5),
    "RESCUE": range(1, 2),
    "ANY": (4, 7, 8),
    "LAW": range(1, 6),
    "CHANGE": range(1, 4),
    "LOST": (
        "RING",
        "OUT",
        "CONNECT",
        "TALK",
        "HELD",
        "CONSULT",
        "ASIDE",
        "FINISH",
        "RESCUE",
        "BLIND",
        "LINE",
    ),
}
"""Rows of behaviour §1, by state; those of BLIND are behaviour §2's word on plain `transfer`, those of LOST
are "The console is lost", each by the first state that it names.

Left for later: the promise of hold, presence, policy, the gate, undo, the ladder of rescue, the rest of ANY.
"""
IDS = frozenset(f"{state}-{number}" for state, numbers in TABLE.items() for number in numbers)

OF_THE_MACHINE = frozenset({"CALLING-12", "HELD-5", "ANY-2", "ANY-4", "ANY-7", "ANY-8", "LAW-5", "LOST-LINE"})
"""Rows that are no answer to one signal of one call: `machine` fires them itself."""

_HERE = Path(__file__).parent


def marked() -> Iterator[str]:
    """Every id that a test in this folder is marked with."""
    for file in _HERE.glob("test_*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
                yield from _ids(node)


def _ids(test: ast.FunctionDef) -> Iterator[str]:
    for mark in test.decorator_list:
        if isinstance(mark, ast.Call) and ast.unparse(mark.func) in ("row", "pytest.mark.row"):
            yield from (ast.literal_eval(argument) for argument in mark.args)


def test_every_row_of_the_table_is_proved(capsys: pytest.CaptureFixture[str]) -> None:
    proved = IDS & set(marked())
    with capsys.disabled():
        print(f"\n{len(proved)} of {len(IDS)} rows of behaviour §1 are proved by id")
    assert proved == IDS, f"no test is marked with {sorted(IDS - proved)}"


def test_every_row_of_the_table_has_a_rule() -> None:
    ruled = {row.id for row in ROWS} | OF_THE_MACHINE
    assert ruled >= IDS, f"no rule for {sorted(IDS - ruled)}"


def test_every_rule_is_proved() -> None:
    missing = {row.id for row in ROWS} - set(marked())
    assert not missing, f"no test is marked with {sorted(missing)}"


def test_every_mark_names_a_row() -> None:
    known = IDS | {row.id for row in ROWS} | OF_THE_MACHINE
    assert not set(marked()) - known


def test_no_rule_stands_behind_one_that_always_answers_first() -> None:
    """A rule that an earlier one without a guard covers in all its states would never be asked."""
    for index, rule in enumerate(ROWS):
        same = [r for r in ROWS[:index] if (r.when, r.of) == (rule.when, rule.of) and r.guard is None]
        covered = {state for earlier in same for state in earlier.states}
        assert not covered.issuperset(rule.states), f"{rule.id} for {rule.when} {rule.of} is never reached"


def test_ids_of_rules_are_of_their_states() -> None:
    """`TALK-4` is about TALK; rows named by a key, a law or a change hold wherever they say."""
    for rule in ROWS:
        state, _, number = rule.id.partition("-")
        if number.isdigit() and state in TABLE and state not in ("ANY", "LAW", "CHANGE"):
            assert rule.states, rule.id
            assert f"{state}-{number}" in IDS or number == "0", f"{rule.id} is no row of this scope"
