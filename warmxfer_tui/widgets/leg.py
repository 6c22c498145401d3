"""One leg's panel: who, number, state, since when, proven how long ago, and who is heard."""

from __future__ import annotations

from rich.cells import cell_len
from textual.content import Content
from textual.widgets import Static

from warmxfer_tui.core.terms import Role
from warmxfer_tui.core.view import LONGEST_STATE, Row, Tone
from warmxfer_tui.widgets.paint import DIM, STYLES, SYMBOLS, apart, fitted, lasting

NAME = 30
"""Cells of a name: a long one in CJK is seen whole (issue "The console")."""
NUMBER = 18
"""Cells of a number: seventeen digits and a plus."""
_INDENT = 6
_ROLES = {Role.CUSTOMER: "C", Role.AGENT: "A", Role.TARGET: "B", Role.STRANGER: "?"}


class LegPanel(Static):
    """A panel that shows one leg, and is hidden while there is none for it."""

    def __init__(self) -> None:
        super().__init__(markup=False, classes="leg")
        self.picture = Content()
        """What it shows."""

    def show(self, row: Row | None, place: int, now: int, width: int) -> None:
        """Draw a leg as the panel of this place, counted from 1; nothing changes where nothing has."""
        self.display = row is not None
        if row is None:
            return
        self.set_class(row.aimed, "-aimed")
        self.set_class(row.tone is Tone.ALARM, "-alarm")
        picture = portrait(row, place, now, width)
        if picture != self.picture:
            taller = picture.plain.count("\n") != self.picture.plain.count("\n")
            self.picture = picture
            self.update(picture, layout=taller)


def portrait(row: Row, place: int, now: int, width: int) -> Content:
    """The lines of one leg, in so many cells."""
    style = STYLES[row.tone]
    pending = "…" if row.pending else "✗" if row.contradicted else " "
    left = Content.assemble(
        (f" {place} ", "reverse" if row.aimed else DIM),
        (f" {_ROLES[row.role]} ", "bold"),
        (fitted(row.who, NAME), "bold" if row.tone is not Tone.OVER else DIM),
        "  ",
        (f"{SYMBOLS[row.tone]} {fitted(row.state, LONGEST_STATE)}{pending}", style),
        (f"{lasting(now - row.since):>8}", ""),
    )
    lines = [apart(left, Content.assemble((_proof(row, now), DIM)), width)]
    heard = _heard(row, now)
    number = Content.assemble(" " * _INDENT, (fitted(row.number, NUMBER), DIM), "  ")
    if number.cell_length + heard.cell_length <= width:
        lines.append(Content.assemble(number, heard))
    else:
        lines.append(number.truncate(width))
        lines.append(Content.assemble(" " * _INDENT, heard).truncate(width, ellipsis=True))
    return Content("\n").join(lines)


def _proof(row: Row, now: int) -> str:
    if row.pending:
        return "asked "
    if row.contradicted:
        return "disproved "
    if not row.proven_at or row.tone is Tone.OVER:
        return ""
    return f"proven {_age(now - row.proven_at)} "


def _age(ms: int) -> str:
    seconds = max(ms, 0) // 1000
    return f"{seconds}s" if seconds < 100 else f"{min(seconds // 60, 99)}m"


def _heard(row: Row, now: int) -> Content:
    if row.silent_since is not None:
        seconds = max(now - row.silent_since, 0) // 1000
        words = f"HEARS NOTHING {seconds} s" if seconds else "hears nothing"
        return Content.assemble((words, STYLES[Tone.ALARM] if seconds else ""))
    label = "" if cell_len(row.hears) == 0 or row.tone is Tone.OVER else "hears "
    return Content.assemble((label, DIM), row.hears if label else "")
