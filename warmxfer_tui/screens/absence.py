"""What a console that begins again tells first: who lives, what each hears, who has gone."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from textual.app import ComposeResult
from textual.content import Content
from textual.events import Key
from textual.screen import ModalScreen
from textual.widgets import Static

from warmxfer_tui.core.absence import Living, Sheet
from warmxfer_tui.screens.modal import box, titled
from warmxfer_tui.widgets.paint import DIM, KEY, fitted

_WHO, _STATE = 20, 9
_CLOSES = frozenset({"enter", "escape", "space"})
LOOK_S = 0.25
"""How old the words may be: somebody may leave while the sheet is read."""


class AbsenceSheet(ModalScreen[None]):
    """Any key closes it, and is then the console's: nobody loses a second to it.

    Only the keys for a doubtful call do their work with the sheet open: it tells what came of them.
    """

    DEFAULT_CSS = """
    AbsenceSheet { align: center middle; }
    AbsenceSheet > Vertical {
        width: 76; max-width: 100%; height: auto; max-height: 100%; padding: 1 2;
        border: round $accent; border-title-color: $text-accent; border-subtitle-color: $text-muted;
        background: $surface;
    }
    """

    def __init__(self, sheet: Callable[[], Sheet | None], press: Callable[[str], None]) -> None:
        super().__init__()
        self._sheet, self._press = sheet, press

    def compose(self) -> ComposeResult:
        """As of now."""
        sheet = self._sheet()
        other = "other " if sheet and sheet.keys else ""
        with box(sheet.title if sheet else "", f"any {other}key goes on"):
            yield Static(picture(sheet), markup=False)

    def on_mount(self) -> None:
        """It tells what is so now, not what was."""
        self.set_interval(LOOK_S, self._look)

    def _look(self) -> None:
        sheet = self._sheet()
        self.query_one("Vertical").border_title = titled(sheet.title if sheet else "")
        self.query_one(Static).update(picture(sheet))

    def on_key(self, event: Key) -> None:
        """Press a key of the sheet's own; else close, and pass on what was meant for the console."""
        event.stop()
        sheet = self._sheet()
        own = next((key for key in sheet.keys if key.key == event.key), None) if sheet else None
        if own is not None:
            self._press(own.verb)
            self._look()
            return
        self.dismiss(None)
        if event.key not in _CLOSES:
            self.app.call_later(self.app.simulate_key, event.key)


def picture(sheet: Sheet | None) -> Content:
    """The sheet as lines."""
    return Content("\n").join(_lines(sheet)) if sheet else Content()


def _lines(sheet: Sheet) -> Iterator[Content]:
    for doubt in sheet.doubts:
        mark = "! " if doubt.looked else "  "
        yield Content.assemble((f"{mark}{doubt.text}", "bold $text-warning" if doubt.looked else DIM))
        if doubt.looked:
            yield Content.assemble((f"  {doubt.looked}", DIM))
    for key in sheet.keys:
        yield Content.assemble(
            "  ",
            (f"[{key.key}]", DIM if key.off else KEY),
            f" {key.title}",
            (f": {key.off}" if key.off else "", DIM),
        )
    if sheet.doubts:
        yield Content()
    for call in sheet.calls:
        yield from _call(call)
    if sheet.meanwhile:
        yield Content.assemble(("Meanwhile", KEY))
        for line in sheet.meanwhile:
            yield Content(f"  {line}")
    if sheet.ended:
        yield Content.assemble(("Gone meanwhile", KEY))
        for line in sheet.ended:
            yield Content(f"  {line}")


def _call(call: Living) -> Iterator[Content]:
    yield Content.assemble((call.title, KEY))
    for party in call.parties:
        yield Content.assemble(
            "  ", fitted(party.who, _WHO), (fitted(party.state, _STATE), DIM), f" {party.hears}"
        )
    yield Content()
