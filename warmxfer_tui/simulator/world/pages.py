"""Pagination: by number for every list, by cursor for `active_calls` (telnyx-facts §1.3)."""

from __future__ import annotations

import base64
import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping, Sequence

from .errors import Refused
from .model import Reply

DEFAULT_SIZE = 20
LARGEST = 250
_INTEGER = re.compile(r"-?[0-9]+")
_LONGEST_INTEGER = 18
# Digits; Python refuses to read a number of thousands of them.


def _integer(query: Mapping[str, str], name: str, default: int, high: int | None) -> int:
    """A positive integer of the query; 10026 when it is none, 10033 when it is out of range."""
    text = query.get(name, "")
    if not text:
        return default
    if _INTEGER.fullmatch(text) is None:
        raise Refused("10026", parameter=name)
    value = int(text) if len(text) <= _LONGEST_INTEGER else 0
    if value < 1 or (high is not None and value > high):
        raise Refused("10033", parameter=name)
    return value


def page_of(items: Sequence[object], query: Mapping[str, str]) -> Reply:
    """The page that `page[number]` and `page[size]` ask for, with its `meta`."""
    number = _integer(query, "page[number]", 1, None)
    size = _integer(query, "page[size]", DEFAULT_SIZE, LARGEST)
    meta = {
        "page_number": number,
        "page_size": size,
        "total_pages": -(-len(items) // size),
        "total_results": len(items),
    }
    return Reply(200, {"data": list(items[(number - 1) * size : number * size]), "meta": meta})


def cursor_page(
    items: Sequence[Mapping[str, object]], known: Iterable[str], path: str, query: Mapping[str, str]
) -> Reply:
    """The page after or before a cursor, which stands for the `call_control_id` at its edge.

    `known` are the ids of all items that the list has ever had, in its order: the item of a cursor may have
    gone since the cursor was given.
    """
    limit = _integer(query, "page[limit]", DEFAULT_SIZE, LARGEST)
    place = {key: number for number, key in enumerate(known)}
    places = [place[str(item["call_control_id"])] for item in items]
    if after := query.get("page[after]"):
        first = bisect_right(places, _place(place, after, "page[after]"))
        last = first + limit
    elif before := query.get("page[before]"):
        last = bisect_left(places, _place(place, before, "page[before]"))
        first = max(last - limit, 0)
    else:
        first, last = 0, limit
    shown = items[first:last]
    after_cursor = _cursor(shown[-1]) if shown and last < len(items) else None
    before_cursor = _cursor(shown[0]) if shown and first > 0 else None
    meta: dict[str, object] = {
        "cursors": {"after": after_cursor, "before": before_cursor},
        "next": f"{path}?page[limit]={limit}&page[after]={after_cursor}" if after_cursor else None,
        "previous": f"{path}?page[limit]={limit}&page[before]={before_cursor}" if before_cursor else None,
        "total_items": len(items),
    }
    return Reply(200, {"data": list(shown), "meta": meta})


def _cursor(item: Mapping[str, object]) -> str:
    return base64.urlsafe_b64encode(str(item["call_control_id"]).encode()).decode("ascii")


def _place(place: Mapping[str, int], cursor: str, parameter: str) -> int:
    """Where a cursor points; one that we never gave is refused with 10015."""
    try:
        return place[base64.urlsafe_b64decode(cursor).decode("utf-8")]
    except (ValueError, KeyError):  # also base64's own error
        raise Refused("10015", parameter=parameter) from None
