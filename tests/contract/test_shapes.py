from __future__ import annotations

from types import NoneType
from typing import Any

import pytest

from .shapes import differences

SHAPE = {
    "id": str,
    "count": int,
    "kind": frozenset({"a", "b"}),
    "rows": [{"x": int}],
    "note?": str,
    "end": (str, NoneType),
    "over": frozenset({False}),
}
WHOLE: dict[str, Any] = {
    "id": "1",
    "count": 2,
    "kind": "a",
    "rows": [{"x": 1}],
    "end": None,
    "over": False,
}


@pytest.mark.parametrize("more", [{}, {"note": "n"}, {"rows": []}, {"end": "now"}])
def test_a_value_that_fits_has_no_differences(more: dict[str, Any]) -> None:
    assert differences({**WHOLE, **more}, SHAPE) == []


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"id": 1}, "$.id: 1 is no str"),
        ({"count": True}, "$.count: True is no int"),
        ({"kind": "c"}, "$.kind: 'c' is none of ['a', 'b']"),
        ({"kind": ["a"]}, "$.kind: ['a'] is none of ['a', 'b']"),
        ({"over": 0}, "$.over: 0 is none of [False]"),
        ({"rows": {}}, "$.rows: {} is no list"),
        ({"rows": [{"x": 1}, {}]}, "$.rows[1].x: missing"),
        ({"note": None}, "$.note: None is no str"),
        ({"end": 1}, "$.end: 1 is no str"),
        ({"other": 1}, "$.other: not in the list"),
    ],
)
def test_a_difference_is_told_with_its_place(more: dict[str, Any], said: str) -> None:
    assert differences({**WHOLE, **more}, SHAPE) == [said]
