"""Pagination: by number for every list, by cursor for `active_calls` (telnyx-facts §1.3)."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping, Sequence

from .errors import Refused
from .model import Reply

DEFAULT_SIZE = 20
LARGEST = 250


def _integer(query: Mapping[str, str], name: str, default: int, high: int | None) -> int:
    """A positive integer of the query; 10026 when it is none, 10033 when it is out of range."""
    text = query.get(name, "")
    if not text:
        return default
    if not text.lstrip("-").isdecimal():
        raise Refused("10026", parameter=name)
    value = int(text)
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


def cursor_page(items: Sequence[Mapping[str, object]], path: str, query: Mapping[str, str]) -> Reply:
    """The page after or before a cursor, which stands for the `call_control_id` at its edge."""
    limit = _integer(query, "page[limit]", DEFAULT_SIZE, LARGEST)
    keys = [str(item["call_control_id"]) for item in items]
    first = 0
    if after := query.get("page[after]"):
        first = _place(keys, after, "page[after]") + 1
    elif before := query.get("page[before]"):
        last = _place(keys, before, "page[before]")
        first, limit = max(last - limit, 0), min(limit, last)
    shown = items[first : first + limit]
    more_after, more_before = first + limit < len(items), first > 0
    after_cursor = _cursor(keys[first + limit - 1]) if more_after and shown else None
    before_cursor = _cursor(keys[first]) if more_before and shown else None
    meta: dict[str, object] = {
        "cursors": {"after": after_cursor, "before": before_cursor},
        "next": f"{path}?page[limit]={limit}&page[after]={after_cursor}" if after_cursor else None,
        "previous": f"{path}?page[limit]={limit}&page[before]={before_cursor}" if before_cursor else None,
        "total_items": len(items),
    }
    return Reply(200, {"data": list(shown), "meta": meta})


def _cursor(key: str) -> str:
    return base64.urlsafe_b64encode(key.encode()).decode("ascii")


def _place(keys: Sequence[str], cursor: str, parameter: str) -> int:
    """Where a cursor points; one of a call that is gone, or that we never gave, is refused with 10015."""
    try:
        return keys.index(base64.urlsafe_b64decode(cursor).decode("utf-8"))
    except (ValueError, binascii.Error):
        raise Refused("10015", parameter=parameter) from None
