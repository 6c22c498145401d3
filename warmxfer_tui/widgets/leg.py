"""One leg's panel: who, number, state, since when, proven how long ago, and who is heard.

Beside the panels runs a line that joins those who talk with each other: it is seen before anything is read.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from textual.content import Content
from textual.message import Message
from textual.widgets import Static

from warmxfer_tui.core.hearing import HOLD_SOUND
from warmxfer_tui.core.terms import Role
from warmxfer_tui.core.view import LONGEST_STATE, NOTHING, Row, Tone, hears_text, lasting
from warmxfer_tui.core.wires import Joint, Wire
from warmxfer_tui.widgets.paint import DIM, KEY, STYLES, SYMBOLS, apart, fitted

NAME = 30
"""Cells of a name: a long one in CJK is seen whole (issue "The console")."""
NUMBER = 18
"""Cells of a number: seventeen digits and a plus."""
_LEAST_NAME = 8
_PLACE, _ROLE, _LETTER = 3, 10, 2
_TIME = 8
_STATE = 2 + LONGEST_STATE + 1 + _TIME
"""Symbol, word, pending mark, time."""
_ROOMY = 100
"""Cells from which there is room for a wider gap between the columns."""
_ROLES = {Role.CUSTOMER: "customer", Role.AGENT: "you", Role.TARGET: "colleague", Role.STRANGER: "unknown"}
_DOUBT = "$text-warning"
_ALARM = f"reverse {STYLES[Tone.ALARM]}"
_LETTERS = {Role.CUSTOMER: "C", Role.AGENT: "A", Role.TARGET: "B", Role.STRANGER: "?"}


class LegPanel(Static):
    """A panel that shows one leg, and is hidden while there is none for it."""

    @dataclass
    class Chosen(Message):
        """A panel was clicked."""

        place: int

    def __init__(self) -> None:
        super().__init__(markup=False, classes="leg")
        self.picture = Content()
        """What it shows."""
        self._place = 0

    def show(self, row: Row | None, place: int, now: int, width: int, *, gap: int = 1, pad: int = 0) -> None:
        """Draw a leg as the panel of this place, counted from 1; nothing changes where nothing has.

        ``gap``: empty lines above it. ``pad``: lines of its own above and below its text.
        """
        self.display = row is not None
        if row is None:
            return
        self._place = place
        picture = panel(row, place, now, width, gap=gap, pad=pad)
        if picture != self.picture:
            taller = picture.plain.count("\n") != self.picture.plain.count("\n")
            self.picture = picture
            self.update(picture, layout=taller)

    def on_click(self) -> None:
        """A click is the same as the panel's number."""
        self.post_message(self.Chosen(self._place))


GUTTER = 3
"""Cells of the line that joins the panels."""
_RUN: Mapping[bool, str] = {True: "│", False: "┆"}
_CORNERS: Mapping[Joint, str] = {Joint.FIRST: "╭", Joint.INNER: "├", Joint.LAST: "╰"}
_FROM_ABOVE = frozenset({Joint.INNER, Joint.LAST, Joint.PAST})
_TO_BELOW = frozenset({Joint.FIRST, Joint.INNER, Joint.PAST})


def panel(row: Row, place: int, now: int, width: int, *, gap: int = 1, pad: int = 0) -> Content:
    """A leg's lines on their ground, and its piece of the line that joins the panels."""
    wide = max(width - GUTTER - 1, 1)
    text = portrait(row, place, now, wide).split("\n")
    blank = Content("")
    lines = [*[blank] * pad, *text, *[blank] * pad]
    ground = "on $panel" if row.aimed else "on $surface"
    drawn = [Content.assemble(_gutter(row.wire, place, -1 - pad)).truncate(width) for _ in range(gap)]
    for at, line in enumerate(lines):
        body = line.pad_right(max(wide - line.cell_length, 0)).stylize_before(ground)
        drawn.append(Content.assemble(_gutter(row.wire, place, at - pad), body).truncate(width))
    return Content("\n").join(drawn)


def _gutter(wire: Wire, place: int, line: int) -> Content:
    """Three cells: above the text (negative), on its first line (0) or below it."""
    style = STYLES[Tone.TALK] if wire.sure else _DOUBT
    run = _RUN[wire.sure]
    if line == 0 and wire.joint in _CORNERS:
        return Content.assemble((f" {_CORNERS[wire.joint]}─", style))
    passes = wire.joint in (_FROM_ABOVE if line < 0 else _TO_BELOW)
    return Content.assemble((f" {run} " if passes else " " * GUTTER, style))


@dataclass(frozen=True, slots=True)
class Columns:
    """Where names, states and the rest begin in so many cells: the same for every panel on a screen."""

    names: int
    states: int
    rest: int
    gap: int
    words: bool
    """There is room for roles in words; else a letter stands for each."""


def columns(width: int) -> Columns:
    """The columns of a panel, or of a call that has no panels of its own."""
    gap = 4 if width >= _ROOMY else 2
    words = width >= _PLACE + _ROLE + NAME + gap + _STATE
    names = _PLACE + (_ROLE if words else _LETTER)
    states = names + min(NAME, max(width - names - gap - _STATE, _LEAST_NAME)) + gap
    return Columns(names, states, states + _STATE + gap, gap, words)


def portrait(row: Row, place: int, now: int, width: int) -> Content:
    """The lines of one leg, in so many cells."""
    at = columns(width)
    role = (_ROLES if at.words else _LETTERS)[row.role]
    # Whose line it is says the role already.
    who, number = (row.number, "") if row.role is Role.AGENT and row.number else (row.who, row.number)
    over = row.tone is Tone.OVER
    pending = "…" if row.pending else "✗" if row.contradicted else " "
    style = _ALARM if row.tone is Tone.ALARM else STYLES[row.tone]
    left = Content.assemble(
        (f"{'▸' if row.aimed else ' '}{place} ", KEY if row.aimed else DIM),
        (fitted(role, at.names - _PLACE), DIM),
        (fitted(who, at.states - at.names - at.gap), DIM if over else "bold"),
        " " * at.gap,
        (f"{SYMBOLS[row.tone]} {fitted(row.state, LONGEST_STATE)}{pending}", style),
        (f" {lasting(now - row.since):<{_TIME - 1}}", DIM if over else ""),
    )
    below = Content.assemble(" " * at.names, (number, DIM))
    return Content("\n").join(_placed(left, below, row, now, at, width))


def _placed(left: Content, below: Content, row: Row, now: int, columns: Columns, width: int) -> list[Content]:
    """The proof and who is heard, where there is room for them."""
    names, states, rest = columns.names, columns.states, columns.rest
    proof, heard = Content.assemble((_proof(row, now), DIM)), _heard(row, now)
    if width >= _ROOMY and rest + heard.cell_length <= width and below.cell_length + 2 <= states:
        # A column of its own: who hears whom is read from top to bottom.
        return [_at(left, rest, heard), _at(below, states, proof)]
    first = apart(left, proof, width)
    number = below.cell_length > names
    beside = below.cell_length + 2 if number else names
    for column in (states, beside):
        if beside <= column <= width - heard.cell_length:
            return [first, _at(below, column, heard)]
    own = _at(Content(), max(min(names, width - heard.cell_length), 0), heard).truncate(width, ellipsis=True)
    return [first, below.truncate(width), own] if number else [first, own]


def _at(line: Content, column: int, piece: Content) -> Content:
    return Content.assemble(line, " " * (column - line.cell_length), piece)


FRESH_MS = 5_000
"""A younger proof is not told the age of: each room is read every 2 s, and seconds that run to two and begin
again would only draw the eye."""


def _proof(row: Row, now: int) -> str:
    if row.pending:
        return "asked "
    if row.contradicted:
        return "disproved "
    if row.unconfirmed:
        return "unconfirmed"
    if not row.proven_at or row.tone is Tone.OVER:
        return ""
    age = now - row.proven_at
    return "proven " if age < FRESH_MS else f"proven {_age(age)} "


def _age(ms: int) -> str:
    seconds = max(ms, 0) // 1000
    return f"{seconds}s" if seconds < 100 else f"{min(seconds // 60, 99)}m"


def _heard(row: Row, now: int) -> Content:
    if row.silent_since is not None:
        seconds = max(now - row.silent_since, 0) // 1000
        if seconds:
            return Content.assemble((f"HEARS NOTHING {seconds} s", _ALARM))
    words = hears_text(row)
    if not row.hears:
        return Content.assemble((words, _DOUBT))
    sure = f"hears {row.hears}"
    style = STYLES[Tone.HOLD] if row.hears == HOLD_SOUND else DIM if row.hears == NOTHING else "bold"
    return Content.assemble(("hears ", DIM), (row.hears, style), (words[len(sure) :], _DOUBT))
