"""A desk in plain text: no colour, no box, nothing that a pipe or a screen reader would stumble over."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict

from rich.cells import cell_len, set_cell_size

from warmxfer_tui.core.advice import alarm_of
from warmxfer_tui.core.model import Desk
from warmxfer_tui.core.view import LONGEST_STATE, Row, head, hears_text, lasting, others, panels

_INDENT = "   "
_NAMES = 30  # cells that names are made equal to, at most


def picture(desk: Desk, now: int, width: int | None) -> list[str]:
    """The whole desk, line by line; ``width`` in cells, None for lines as long as they come."""
    top, rows, rest = head(desk), panels(desk), others(desk)
    since = f" {lasting(now - top.since)}" if top.since is not None else ""
    billed = f" {lasting(now - top.line_since)} billed" if top.line_since is not None else f" {top.line}"
    lines = [f"{top.state}{since}   line{billed}"]
    if not rows and not rest:
        lines.append("Nobody is on the line.")
    names = min(max((cell_len(row.who) for row in rows), default=0), _NAMES)
    for row in rows:
        who = row.who if cell_len(row.who) > names else set_cell_size(row.who, names)
        state = f"{row.state:<{LONGEST_STATE}} {lasting(now - row.since):>5}"
        parts = (f"{row.role}  {who}", row.number, state, _heard(row, now), _proof(row, now))
        lines.append("  ".join(filter(None, parts)))
    for other in rest:
        asked = ", asked" if other.pending else ""
        lines.append(f"+  {other.who}  {other.state} {lasting(now - other.since)}  {other.hears}{asked}")
    if alarm := alarm_of(desk, now):
        lines.append(f"!  {alarm}")
    return [piece.rstrip() for line in lines for piece in wrapped(line, width)]


def facts(desk: Desk) -> dict[str, str]:
    """What is worth a line of its own when it changes, by its subject; no time that only passes."""
    told = {"": f"{head(desk).state}, line {head(desk).line}"}
    for row in panels(desk):
        told[row.leg] = ", ".join(filter(None, (f"{row.role} {row.who}: {row.state}", hears_text(row))))
    for other in others(desk):
        told[other.call] = f"+ {other.who}: {other.state}, {other.hears}"
    for call in desk.calls.values():
        if call.silent_at is not None and desk.now - call.silent_at >= desk.policy.silence:
            told[f"!{call.id}"] = f"! {desk.legs[call.customer].name or call.id} HEARS NOTHING"
    return told


def members(desk: Desk, now: int) -> dict[str, object]:
    """The same for machines: times are UTC milliseconds."""
    legs = [{name: value for name, value in asdict(row).items() if name != "wire"} for row in panels(desk)]
    return {
        "now": now,
        **asdict(head(desk)),
        "legs": legs,
        "others": [asdict(other) for other in others(desk)],
        "alarm": alarm_of(desk, now),
    }


def masked(value: object, mask: Callable[[str], str]) -> object:
    """A value without what `mask` takes from its texts."""
    match value:
        case str():
            return mask(value)
        case dict():
            return {name: masked(inner, mask) for name, inner in value.items()}
        case list() | tuple():
            return [masked(inner, mask) for inner in value]
        case _:
            return value


def wrapped(line: str, width: int | None) -> list[str]:
    """A line in pieces of so many cells, broken between its columns and words; what follows is indented."""
    if width is None or cell_len(line) <= width:
        return [line]
    lines, current = [], ""
    for word in line.split(" "):
        longer = f"{current} {word}" if current else word
        if cell_len(longer) > width and current.strip():
            lines.append(current)
            current = f"{_INDENT}{word}" if word else ""
        else:
            current = longer
    return [*lines, current] if current.strip() else lines


def _heard(row: Row, now: int) -> str:
    if row.silent_since is not None and (seconds := (now - row.silent_since) // 1000) > 0:
        return f"HEARS NOTHING {seconds} s"
    return hears_text(row)


def _proof(row: Row, now: int) -> str:
    if row.pending or row.contradicted:
        return "(asked)" if row.pending else "(disproved)"
    if row.unconfirmed:
        return "(unconfirmed)"
    return f"(proven {lasting(now - row.proven_at)} ago)" if row.proven_at else ""
