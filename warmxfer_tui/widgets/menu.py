"""A list in which one entry is marked. It takes no focus: the screen that holds it says what its keys do."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from textual import events
from textual.content import Content
from textual.message import Message
from textual.widgets import Static

from warmxfer_tui.widgets.paint import DIM, KEY

MARK = "▸ "
"""In front of the marked entry: a colour alone would say nothing to some."""


class Menu(Static):
    """Draws as many entries as there is room for, the marked one among them."""

    @dataclass
    class Taken(Message):
        """An entry was clicked."""

        place: int

    @dataclass
    class Moved(Message):
        """The mark has moved to another entry."""

        place: int

    def __init__(self, rows: Sequence[Content] = (), at: int | None = None, id: str | None = None) -> None:  # noqa: A002  Textual's own name for it
        super().__init__(id=id, markup=False)
        self._rows, self._at, self._top = rows, at, 0

    @property
    def at(self) -> int | None:
        """The place of the marked entry, from 0; None while none is."""
        return self._at

    def fill(self, rows: Sequence[Content], at: int | None) -> None:
        """Show other entries."""
        self._rows, self._at, self._top = rows, at, 0
        self.draw()

    def move(self, by: int) -> None:
        """Move the mark, at most to an end; without a mark, to the first entry."""
        if self._rows:
            self._mark(0 if self._at is None else self._at + by)

    def page(self, by: int) -> None:
        """Move the mark by as many entries as are seen."""
        self.move(by * self._room)

    def draw(self) -> None:
        """Show what there is room for, and in a last line how much that is."""
        width, room, count = max(self.content_size.width, 1), self._room, len(self._rows)
        self._top = window(self._top, self._at or 0, count, room)
        seen = self._rows[self._top : self._top + room]
        lines = [_line(row, place == self._at, width) for place, row in enumerate(seen, start=self._top)]
        if room < count:
            words = f"{' ' * len(MARK)}{self._top + 1}-{self._top + len(seen)} of {count}"
            lines.append(Content.assemble((words, DIM)))
        self.update(Content("\n").join(lines), layout=False)

    @property
    def _room(self) -> int:
        """How many entries are seen at once."""
        height = max(self.content_size.height, 1)
        return height if len(self._rows) <= height else max(height - 1, 1)

    def on_mount(self) -> None:
        """The first picture needs the room that it is given."""
        self.call_after_refresh(self.draw)

    def on_resize(self) -> None:
        """Another height shows other entries."""
        self.draw()

    def on_click(self, event: events.Click) -> None:
        """Mark and take the entry under the pointer."""
        place = self._top + event.y
        if 0 <= event.y < self._room and place < len(self._rows):
            self._mark(place)
            self.post_message(self.Taken(place))

    def on_mouse_scroll_down(self) -> None:
        """The wheel moves the mark."""
        self.move(1)

    def on_mouse_scroll_up(self) -> None:
        """The wheel moves the mark."""
        self.move(-1)

    def _mark(self, place: int) -> None:
        to = min(max(place, 0), len(self._rows) - 1)
        if to != self._at:
            self._at = to
            self.draw()
            self.post_message(self.Moved(to))


def window(top: int, at: int, count: int, height: int) -> int:
    """Which entry stands first, so that the marked one is seen, moving as little as can be."""
    least = max(at - height + 1, 0)
    return min(max(min(top, at), least), max(count - height, 0))


def _line(row: Content, marked: bool, width: int) -> Content:
    line = Content.assemble((MARK if marked else " " * len(MARK), KEY), row).truncate(width, ellipsis=True)
    return line.pad_right(max(width - line.cell_length, 0)).stylize("bold on $panel") if marked else line
