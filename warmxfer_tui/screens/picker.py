"""Whom to call: people by name, team or number, and whatever number is typed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, overload

from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widgets import Input, Static

from warmxfer_tui.core.directory import Person
from warmxfer_tui.core.terms import Number
from warmxfer_tui.offers import LONGEST, Directory, Entry, Offer, Verdict, Weight, offer, verdict
from warmxfer_tui.screens.modal import Modal, box
from warmxfer_tui.text import clean
from warmxfer_tui.widgets.menu import Menu
from warmxfer_tui.widgets.paint import DIM, fitted

_NAME, _TEAM = 26, 16
_WEIGHTS = {
    Weight.PLAIN: ("", ""),
    Weight.WARNING: ("! ", "bold $text-warning"),
    Weight.REFUSED: ("✗ ", "bold $text-error"),
}


@dataclass(frozen=True, slots=True)
class Choice:
    """Who is to be called."""

    number: Number
    name: str
    """Empty for a number that is nobody's."""
    sure: bool
    """The user was asked whether to call a premium or emergency number, and said yes."""


class Query(Input):
    """The search line. What is pasted is cleaned: a number copied from a page may bring marks along."""

    def on_paste(self, event: events.Paste) -> None:
        """Take a pasted text as one line (style §3f)."""
        event.prevent_default()
        event.stop()
        self.replace(clean(event.text, LONGEST), *self.selection)


class Picker(Modal[Choice | None]):
    """Search line, list, verdict. Returns None when it is left with Esc."""

    CSS_PATH = "picker.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave", "back"),
        Binding("down", "move(1)", "next"),
        Binding("up", "move(-1)", "previous"),
        Binding("pagedown", "page(1)", "next page"),
        Binding("pageup", "page(-1)", "previous page"),
    ]

    def __init__(self, title: str, people: Sequence[Person], region: str) -> None:
        super().__init__()
        self._title, self._people, self._region = title, Directory(people), region
        self._text, self._offer = "", Offer(())
        self._asked: Entry | None = None

    def compose(self) -> ComposeResult:
        """From top to bottom."""
        with box(self._title, "↑↓ choose   Enter call   Esc back"):
            yield Query(placeholder="name, team or number", max_length=LONGEST)
            yield Menu()
            yield Static(id="verdict", markup=False)

    def on_mount(self) -> None:
        """Everybody is there to begin with, and the first is marked."""
        self._search("")

    @on(Input.Changed)
    def _typed(self, event: Input.Changed) -> None:
        self._search(event.value)

    @on(Input.Submitted)
    def _entered(self, event: Input.Submitted) -> None:
        if event.value != self._text:  # what is called is what stands there
            self._search(event.value)
        self._take()

    @on(Menu.Moved)
    def _moved(self) -> None:
        self._say()

    @on(Menu.Taken)
    def _take(self) -> None:
        """Call the marked entry, or ask, or say why not."""
        entry = self._entry
        if entry is None or (entry.asks and entry is not self._asked):
            self._asked = entry
            self._say(pressed=True)
            return
        self.dismiss(Choice(entry.person.number, entry.person.name, sure=entry.asks))

    @property
    def _entry(self) -> Entry | None:
        at = self.query_one(Menu).at
        return None if at is None else self._offer.entries[at]

    def _search(self, text: str) -> None:
        self._text, self._offer = text, offer(text, self._people, self._region)
        self.query_one(Menu).fill(_Rows(self._offer.entries), self._offer.first)
        self._say()

    def _say(self, *, pressed: bool = False) -> None:
        """Show the verdict. A question that was asked is asked again, unless this is the asking."""
        if not pressed:
            self._asked = None
        said = verdict(self._offer, self.query_one(Menu).at, pressed=pressed)
        self.query_one("#verdict", Static).update(_picture(said))

    def action_move(self, by: int) -> None:
        """Mark another entry while the search line keeps the focus."""
        self.query_one(Menu).move(by)

    def action_page(self, by: int) -> None:
        """Mark an entry one page on."""
        self.query_one(Menu).page(by)

    def action_leave(self) -> None:
        """Back without calling anybody."""
        self.dismiss(None)


class _Rows(Sequence[Content]):
    """The pictures of entries, each drawn when it is looked at: of 10,000 a menu shows eight."""

    def __init__(self, entries: Sequence[Entry]) -> None:
        self._entries = entries
        self._teams = any(entry.person.team for entry in entries)

    def __len__(self) -> int:
        return len(self._entries)

    @overload
    def __getitem__(self, place: int) -> Content: ...
    @overload
    def __getitem__(self, place: slice) -> list[Content]: ...
    def __getitem__(self, place: int | slice) -> Content | list[Content]:
        if isinstance(place, slice):
            return [_row(entry, self._teams) for entry in self._entries[place]]
        return _row(self._entries[place], self._teams)


def _row(entry: Entry, teams: bool) -> Content:
    person = entry.person
    if entry.typed:
        known = f"  {person.name}" if person.name != person.number.shown else ""
        return Content.assemble(f"call {person.number.shown}", (known, DIM))
    team = (f"{fitted(person.team, _TEAM)}  ", DIM) if teams else ""
    wide = _NAME if teams else _NAME + _TEAM + 2
    return Content.assemble(f"{fitted(person.name, wide)}  ", team, person.number.shown)


def _picture(said: Verdict) -> Content:
    symbol, style = _WEIGHTS[said.weight]
    return Content.assemble((f"{symbol}{said.words}", style), "\n", (said.hint, DIM))
