"""The console's single lines: header, other calls, next keys, event strip, footer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import product
from textwrap import wrap

from rich.cells import cell_len
from textual import events as happenings
from textual.content import Content
from textual.message import Message
from textual.widgets import Static

from warmxfer_tui.core.advice import Hint
from warmxfer_tui.core.model import Notice
from warmxfer_tui.core.view import Head, Other, Tone, lasting
from warmxfer_tui.widgets.leg import GUTTER, columns
from warmxfer_tui.widgets.paint import (
    BEST,
    DIM,
    KEY,
    STYLES,
    SYMBOLS,
    VERB,
    apart,
    clickable,
    fitted,
)

_LEVELS = {"info": ("·", DIM), "good": ("✓", "$text-success"), "warn": ("!", "$text-warning")}
_BELL = ("!", KEY)
"""It rang the bell: somebody waits for the agent. What is wrong and lasts stands in the banner."""


class Line(Static):
    """Text that is drawn again only where it changed."""

    @dataclass
    class Chosen(Message):
        """A key that the line names was clicked."""

        verb: str

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

    def on_click(self, event: happenings.Click) -> None:
        """A click on a key is that key."""
        verb = event.style.meta.get(VERB)
        if isinstance(verb, str):
            self.post_message(self.Chosen(verb))


def header(head: Head, badge: str, now: int, width: int) -> Content:
    """State and its time on the left; simulator, webhooks and the billed line on the right."""
    brand = Content.assemble((" warmxfer ", "bold"), " ")
    state = f"{head.state} {lasting(now - head.since) if head.since is not None else ''}".rstrip()
    chip = Content.assemble((f" {state} ", f"bold reverse {STYLES[head.tone]}"))
    simulator = Content.assemble((f" {badge} ", f"bold reverse {DIM}")) if badge else Content()
    left = Content.assemble(brand, chip)
    for parts in (
        (simulator, _webhooks(head, now), _line(head, now)),
        (simulator, _line(head, now)),
        (simulator,),
    ):
        right = Content("  ").join(part for part in parts if part.cell_length)
        if left.cell_length + right.cell_length < width:
            return apart(left, right, width)
    return (left if left.cell_length <= width else chip).truncate(width, ellipsis=True)


def _line(head: Head, now: int) -> Content:
    """What a line costs goes before what it does: that stands on its own panel."""
    if head.line_since is None:
        return Content.assemble((f"line {head.line} ", DIM))
    return Content(f"line {lasting(now - head.line_since)} billed ")


def _webhooks(head: Head, now: int) -> Content:
    if head.unheard_since is not None:
        return Content.assemble((f"webhooks LOST {lasting(now - head.unheard_since)}", "$text-warning"))
    if not head.webhook_at:
        return Content.assemble(("no webhook yet", DIM))
    words = f"webhooks {'LATE' if head.late else 'ok'} {head.webhook_late / 1000:.1f}s"
    return Content.assemble((words, "$text-warning" if head.late else DIM))


def banner(words: str, width: int) -> Content:
    """What must not be overlooked, across the whole line: red where there are colours, reversed where not."""
    # Its line is there always: an alarm that comes or goes must not move what is being read.
    return _band(f" ! {words}", STYLES[Tone.ALARM], width) if words else Content()


def caption(words: str, width: int) -> Content:
    """What a demo tells its audience; not in the accent, which is the next key's."""
    return _band(f" {words}", f"bold {STYLES[Tone.HOLD]}", width)


def _band(words: str, style: str, width: int) -> Content:
    line = Content(words).truncate(width, ellipsis=True)
    return line.pad_right(max(width - line.cell_length, 0)).stylize(f"reverse {style}")


def other_calls(others: Sequence[Other], now: int, width: int) -> Content:
    """A line for each call that is not shown in full."""
    lines = [_other(other, now, width) for other in others]
    return Content("\n").join(lines)


def _other(other: Other, now: int, width: int) -> Content:
    room = max(width - GUTTER - 1, 1)
    at = columns(room)
    left = Content.assemble(
        (fitted("  other call" if at.words else "   +", at.names), DIM),
        (fitted(other.who, at.states - at.names - at.gap), "bold"),
        " " * at.gap,
        (f"{SYMBOLS[other.tone]} {other.state} {lasting(now - other.since)}", STYLES[other.tone]),
        (" …" if other.pending else "", STYLES[other.tone]),
    )
    heard = Content.assemble((other.hears, DIM))
    if left.cell_length <= at.rest <= room - heard.cell_length:
        left = Content.assemble(left.pad_right(at.rest - left.cell_length), heard)
    else:
        left = apart(left, Content.assemble(heard, " "), room)
    body = left.pad_right(max(room - left.cell_length, 0)).stylize_before("on $surface")
    return Content.assemble(" " * GUTTER, body).truncate(width)


def next_keys(hints: Sequence[Hint], waiting: str, width: int) -> Content:
    """The next best keys, in as many lines as they take: two at most."""
    label = Content.assemble((" Next: ", "bold"))
    room = width - label.cell_length - 1
    dots = "" if waiting.endswith(".") else " ..."  # a full stop: nothing more will come of itself
    best = [_piece(hint, BEST) for hint in hints[:1]]
    begin, others = ([Content(f"{waiting}{dots}")], hints) if waiting else (best, hints[1:])
    first, rest = _fill(Content().join(begin).truncate(room, ellipsis=True), list(others), room)
    second, _ = _fill(Content(), rest, room)
    if not second.cell_length:
        return Content.assemble(label, first)
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
        lines += _event(notice, width, "" if not lines else DIM)
        if len(lines) >= height:
            break
    return Content("\n").join(lines[: max(height, 0)])


def _event(notice: Notice, width: int, ink: str) -> list[Content]:
    at = _time_of_day(notice.at)
    symbol, style = _LEVELS.get(notice.level, _BELL)
    head = Content.assemble((f" {at} ", DIM), (f"{symbol} ", style))
    first, *more = wrap(notice.text, max(width - head.cell_length - 1, 1)) or [""]
    indent = " " * head.cell_length
    lines = [Content.assemble(head, (first, ink)), *(Content.assemble(indent, (text, ink)) for text in more)]
    return [line.truncate(width, ellipsis=True) for line in lines]


def stale(at: int) -> str:
    """What stands across a screen of which nobody knows whether it is still so."""
    return f"OLD: so it was at {_time_of_day(at)}, and nobody tells how it is now"


def _time_of_day(at: int) -> str:
    return datetime.fromtimestamp(at / 1000).astimezone().strftime("%H:%M:%S")


def footer(aims: Sequence[Hint], screen: Sequence[Hint], width: int) -> Content:
    """On whom the dangerous keys act, and the keys that always work.

    None of them is left out: no key may hit somebody whom the footer has not named. Names give way first.
    One line where it holds them all.
    """
    keys = Content("   ").join(map(_piece, screen))
    named, over = _flow([_aim(hint, _SHORTER[0], "   ") for hint in aims], width)
    if not over and named.cell_length + keys.cell_length + 1 < width:
        return Content.assemble(apart(named, keys, width - 1) if aims else Content.assemble(" ", keys))
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
    doubt = [("?", "$text-warning")] if hint.unconfirmed else []
    return Content.assemble((f"{hint.verb} → ", DIM), name, *doubt, " ", (f"[{hint.key}]", KEY), gap)


def _piece(hint: Hint, style: str = KEY) -> Content:
    words = (f" {hint.words}", "bold" if style == BEST else "")
    return clickable(Content.assemble((f"[{hint.key}]", style), words), hint.verb)


def _flow(pieces: Sequence[Content], width: int) -> tuple[Content, Sequence[Content]]:
    """As many pieces as a line has room for, and the rest of them."""
    line = Content(" ")
    for place, piece in enumerate(pieces):
        if line.cell_length + piece.cell_length > width:
            return line, pieces[place:]
        line = Content.assemble(line, piece)
    return line, ()


def lesson(hints: Sequence[Hint], words: str, width: int) -> Content:
    """An empty desk says so, and teaches meanwhile."""
    if not hints:
        return Content(f" {words}").truncate(width, ellipsis=True)
    lines = [Content(f" {words}"), Content(), Content.assemble((" A warm transfer, key by key:", DIM))]
    for hint in hints:
        key = (f"   [{hint.key}]", KEY)
        lines.append(Content.assemble(key, (f" {fitted(hint.verb, 12)}", "bold"), (hint.words, DIM)))
    return Content("\n").join(line.truncate(width, ellipsis=True) for line in lines)
