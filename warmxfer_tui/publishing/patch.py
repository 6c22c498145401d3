"""What has changed from one JSON value to the next, as a JSON Patch (RFC 6902).

Of its six operations three are used: `add`, `remove`, `replace`. Any library for the format can apply them.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from warmxfer_tui.publishing.errors import FrameError

Change = dict[str, Any]
"""`op`, `path`, and for all but `remove` a `value`."""


def changes(before: Any, after: Any) -> list[Change]:
    """What makes the first value the second; empty where they are the same."""
    return list(_changes(before, after, ""))


def _changes(before: Any, after: Any, path: str) -> Iterator[Change]:
    match before, after:
        case dict(), dict():
            for name in before.keys() - after.keys():
                yield {"op": "remove", "path": _below(path, name)}
            for name, value in after.items():
                if name in before:
                    yield from _changes(before[name], value, _below(path, name))
                else:
                    yield {"op": "add", "path": _below(path, name), "value": value}
        case list(), list() if before != after and (gone := _slid(before, after)) is not None:
            yield from ({"op": "remove", "path": f"{path}/0"} for _ in range(gone))
            new = after[len(before) - gone :]
            yield from ({"op": "add", "path": f"{path}/-", "value": value} for value in new)
        case _ if before != after:
            yield {"op": "replace", "path": path, "value": after}


def _slid(before: list[Any], after: list[Any]) -> int | None:
    """How many values have left at the front, where the rest stayed and others may have come at the end.

    The event strip changes so; any other list is small, and is replaced as a whole.
    """
    if not before:
        return 0
    return next((n for n in range(len(before)) if before[n:] == after[: len(before) - n]), None)


def _below(path: str, name: str) -> str:
    return f"{path}/{name.replace('~', '~0').replace('/', '~1')}"


def apply(changes: Any, value: Any) -> None:
    """Change a value in place, one change after the other. Raises `FrameError` at one that does not fit."""
    if not isinstance(changes, list):
        raise FrameError("the other side sent changes that are no list")
    for change in changes:
        try:
            _apply(change, value)
        except (KeyError, IndexError, TypeError, ValueError, AttributeError) as failure:
            raise FrameError(f"a change does not fit: {ascii(change)[:80]}") from failure


def _apply(change: Change, value: Any) -> None:
    op = change["op"]
    if op not in ("add", "remove", "replace"):
        raise ValueError(op)
    root, *names = [name.replace("~1", "/").replace("~0", "~") for name in change["path"].split("/")]
    if root or not names:
        raise ValueError(change["path"])  # a whole desk comes as a snapshot
    *way, last = names
    for name in way:
        value = value[_index(name) if isinstance(value, list) else name]
    if isinstance(value, list):
        _apply_to_list(change, value, last)
    elif op == "add":
        value[last] = change["value"]
    else:
        value.pop(last)
        if op == "replace":
            value[last] = change["value"]


def _apply_to_list(change: Change, value: list[Any], last: str) -> None:
    match change["op"]:
        case "add" if last == "-":
            value.append(change["value"])
        case "add":
            if _index(last) > len(value):
                raise IndexError(last)
            value.insert(_index(last), change["value"])
        case "remove":
            del value[_index(last)]
        case _:
            value[_index(last)] = change["value"]


def _index(name: str) -> int:
    if not (name.isascii() and name.isdigit()):
        raise ValueError(name)
    return int(name)
