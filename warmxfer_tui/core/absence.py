"""The sheet of a console that begins again: who lives, what each of them hears, who has gone meanwhile."""

from __future__ import annotations

from dataclasses import dataclass, replace

from warmxfer_tui.core.model import Absence, Call, Desk
from warmxfer_tui.core.terms import Phase, State
from warmxfer_tui.core.view import hears_text, name_of, panels, state_of_call
from warmxfer_tui.core.words import CONSOLE_LOST

MEANWHILE = 8
"""Lines of what a guardian has done: the newest, and no more than a small screen has room for."""


@dataclass(frozen=True, slots=True)
class Party:
    """One leg of a call that lives."""

    who: str
    state: str
    hears: str


@dataclass(frozen=True, slots=True)
class Living:
    """A call that lives."""

    title: str
    parties: tuple[Party, ...]


@dataclass(frozen=True, slots=True)
class Sheet:
    """What the agent is told first."""

    title: str
    calls: tuple[Living, ...]
    ended: tuple[str, ...]
    """Who has gone, and how."""
    meanwhile: tuple[str, ...]
    """What a guardian has seen and done, oldest first."""
    warnings: tuple[str, ...]
    """What nobody knows."""


def sheet_of(desk: Desk) -> Sheet | None:
    """The sheet, where there is anything to tell."""
    absence = desk.absence
    if absence is None or desk.resuming:
        return None
    alive = [call for call in desk.calls.values() if call.state is not State.WRAP]
    count = f"{len(alive)} call{'' if len(alive) == 1 else 's'} live{'s' if len(alive) == 1 else ''}"
    if absence.guarded:
        away = _length(absence.until - absence.since)
        title = f"The guardian ran this desk for {away}: {count if alive else 'no call lives'}"
    elif absence.since:
        title = f"Back after {_length(absence.until - absence.since)}: {count if alive else 'no call lives'}"
    else:
        title = f"Nothing was remembered here; Telnyx says: {count}"
    warnings = [
        f"{name_of(desk, leg)} may already be ringing: nobody knows yet whether the call was placed."
        for leg in absence.doubtful
        if leg in desk.legs and desk.legs[leg].phase is Phase.DIALLED
    ]
    living = tuple(_living(desk, call) for call in alive)
    return Sheet(title, living, absence.ended, _meanwhile(desk, absence), tuple(warnings))


def _meanwhile(desk: Desk, absence: Absence) -> tuple[str, ...]:
    if not absence.guarded:
        return ()
    told = [notice for notice in desk.notices if absence.since <= notice.at <= absence.until]
    return tuple(
        f"+{_length(notice.at - absence.since)}  {notice.text}"
        for notice in told[-MEANWHILE:]
        if notice.text != CONSOLE_LOST  # the title says so
    )


def _length(ms: int) -> str:
    seconds = max(ms, 0) // 1000
    if seconds < 120:
        return f"{seconds} s"
    return f"{seconds // 60} min" if seconds < 7_200 else f"{seconds // 3_600} h"


def _living(desk: Desk, call: Call) -> Living:
    rows = panels(replace(desk, focus=call.id))
    here = [row for row in rows if row.leg != desk.line.leg or desk.line.seat == call.id]
    parties = tuple(Party(row.who, row.state, hears_text(row)) for row in here if row.state != "ENDED")
    return Living(state_of_call(call), parties)
