"""The console's single lines: header, other calls, next keys, event strip, footer."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from itertools import product
from textwrap import wrap

from rich.cells import cell_len
from textual.content import Content
from textual.widgets import Static

from warmxfer_tui.core.advice import Hint
from warmxfer_tui.core.model import Notice
from warmxfer_tui.core.view import Head, Other
from warmxfer_tui.widgets.paint import DIM, KEY, STYLES, SYMBOLS, apart, fitted, lasting

_LEVELS = {"info": ("·", DIM), "good": ("✓", "$text-success"), "warn": ("!", "$text-warning")}
_ALARM = ("‼", "$text-error")


class Line(Static):
    """Text that is drawn again only where it changed."""

    def __init__(self, id: str) -> None:  # noqa: A002  Textual's own name for it
        super().__init__(id=id, markup=False)
        self.picture = Content()
        """What it shows."""

    def draw(self, picture: Content) -> None:
        """Show a picture, unless it is there already."""
        if picture != self.picture:
            taller = picture.plain.count("\n") != self.picture.plain.count("\n")
            self.picture = picture
            self.update(picture, layout=taller)


def header(head: Head, badge: str, now: int, width: int) -> Content:
    """State and its time on the left; simulator, webhooks and the billed line on the right."""
    state = f" {head.state} {lasting(now - head.since) if head.since is not None else ''}".rstrip()
    left = Content.assemble((" warmxfer ", "bold"), " ", (f"{state} ", f"bold reverse {STYLES[head.tone]}"))
    billed = f" {lasting(now - head.line_since)} billed" if head.line_since is not None else ""
    simulator = Content.assemble((f" {badge} ", "bold $text-warning")) if badge else Content()
    line = Content.assemble((f"line {head.line}{billed} ", DIM if not billed else ""))
    for parts in ((simulator, _webhooks(head), line), (simulator, line), (simulator,)):
        right = Content("  ").join(parts)
        if left.cell_length + right.cell_length < width:
            break
    return apart(left, right, width)


def _webhooks(head: Head) -> Content:
    if not head.webhook_at:
        return Content.assemble(("no webhook yet", DIM))
    words = f"webhooks {'LATE' if head.late else 'ok'} {head.webhook_late / 1000:.1f}s"
    return Content.assemble((words, "$text-warning" if head.late else DIM))


def other_calls(others: Sequence[Other], now: int, width: int) -> Content:
    """A line for each call that is not shown in full."""
    lines = [_other(other, now, width) for other in others]
    return Content("\n").join(lines)


def _other(other: Other, now: int, width: int) -> Content:
    left = Content.assemble(
        (" other call  ", DIM),
        (fitted(other.who, 30), "bold"),
        "  ",
        (f"{SYMBOLS[other.tone]} {other.state} {lasting(now - other.since)}", STYLES[other.tone]),
        (" …" if other.pending else "", STYLES[other.tone]),
    )
    return apart(left, Content.assemble((f"hears {other.hears} ", DIM)), width)


def next_keys(hints: Sequence[Hint], waiting: str, width: int) -> Content:
    """The next best keys, in as many lines as they take: two at most."""
    label = Content.assemble((" Next: ", "bold"))
    room = width - label.cell_length
    begin = Content.assemble((f"{waiting} ...", "$text-warning")) if waiting else Content()
    first, rest = _fill(begin, list(hints), room)
    second, _ = _fill(Content(), rest, room)
    return Content.assemble(label, first, "\n", " " * label.cell_length, second)


def _fill(line: Content, hints: list[Hint], room: int) -> tuple[Content, list[Hint]]:
    while hints:
        piece = _piece(hints[0])
        joined = Content.assemble(line, "   ", piece) if line.cell_length else piece
        if joined.cell_length > room and line.cell_length:
            break
        line, hints = joined.truncate(room, ellipsis=True), hints[1:]
    return line, hints


def events(notices: Sequence[Notice], width: int, height: int) -> Content:
    """The newest events, newest first, as many as there are lines for; a long one takes several."""
    lines: list[Content] = []
    for notice in reversed(notices):
        lines += _event(notice, width)
        if len(lines) >= height:
            break
    return Content("\n").join(lines[: max(height, 0)])


def _event(notice: Notice, width: int) -> list[Content]:
    at = datetime.fromtimestamp(notice.at / 1000).astimezone().strftime("%H:%M:%S")
    symbol, style = _LEVELS.get(notice.level, _ALARM)
    head = Content.assemble((f" {at} ", DIM), (f"{symbol} ", style))
    first, *more = wrap(notice.text, max(width - head.cell_length - 1, 1)) or [""]
    lines = [Content.assemble(head, first), *(Content(" " * head.cell_length + text) for text in more)]
    return [line.truncate(width, ellipsis=True) for line in lines]


def footer(aims: Sequence[Hint], screen: Sequence[Hint], width: int) -> Content:
    """On whom the dangerous keys act, and the keys that always work.

    None of them is left out: no key may hit somebody whom the footer has not named. Names give way first.
    """
    for longest, gap in product(_SHORTER, ("   ", "  ")):
        first, rest = _flow([_aim(hint, longest, gap) for hint in aims], width)
        second = Content.assemble(" ", *rest, Content(gap).join(map(_piece, screen)))
        if second.cell_length <= width:
            break
    return Content("\n").join([first, second.truncate(width, ellipsis=True)])


_SHORTER = (30, 24, 18, 14, 11, 8, 6, 4)
"""Cells that a name may take in the footer: as many as leave room for every key."""


def _aim(hint: Hint, longest: int, gap: str) -> Content:
    name = hint.words if cell_len(hint.words) <= longest else fitted(hint.words, longest)
    return Content.assemble((f"{hint.verb} → ", DIM), name, " ", (f"[{hint.key}]", KEY), gap)


def _piece(hint: Hint) -> Content:
    return Content.assemble((f"[{hint.key}]", KEY), f" {hint.words}")


def _flow(pieces: Sequence[Content], width: int) -> tuple[Content, Sequence[Content]]:
    """As many pieces as a line has room for, and the rest of them."""
    line = Content(" ")
    for place, piece in enumerate(pieces):
        if line.cell_length + piece.cell_length > width:
            return line, pieces[place:]
        line = Content.assemble(line, piece)
    return line, ()
