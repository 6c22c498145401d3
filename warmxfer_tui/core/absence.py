"""The sheet of a console that begins again: who lives, what each of them hears, who has gone meanwhile."""

from __future__ import annotations

from dataclasses import dataclass, replace

from warmxfer_tui.core.actions import Off, allowed
from warmxfer_tui.core.commands import Survey
from warmxfer_tui.core.doubt import in_doubt, may_ring
from warmxfer_tui.core.model import Absence, Call, Desk, Doubt, Leg
from warmxfer_tui.core.terms import LegId, State
from warmxfer_tui.core.verbs import BY_NAME, shown
from warmxfer_tui.core.view import hears_text, name_of, panels, state_of, state_of_call
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
class Doubtful:
    """Somebody of whom nobody knew whether they were called."""

    text: str
    looked: str
    """When the carrier was last asked about them; empty where it is known by now what became of them."""


@dataclass(frozen=True, slots=True)
class SheetKey:
    """A key that works on the sheet itself."""

    verb: str
    key: str
    title: str
    off: str
    """Why it does not work now; empty where it does."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """What the agent is told first."""

    title: str
    calls: tuple[Living, ...]
    ended: tuple[str, ...]
    """Who has gone, and how."""
    meanwhile: tuple[str, ...] = ()
    """What a guardian has seen and done, oldest first."""
    doubts: tuple[Doubtful, ...] = ()
    """What nobody knows, or knew."""
    keys: tuple[SheetKey, ...] = ()
    """While somebody is in doubt: what can be done about it."""


def sheet_of(desk: Desk, now: int) -> Sheet | None:
    """The sheet at an instant, where there is anything to tell."""
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
    open_now = tuple(leg.id for leg in in_doubt(desk.legs))
    asked = [desk.legs[leg] for leg in dict.fromkeys((*absence.doubtful, *open_now)) if leg in desk.legs]
    return Sheet(
        title,
        tuple(_living(desk, call) for call in alive),
        absence.ended,
        _meanwhile(desk, absence),
        tuple(_doubtful(desk, leg, now) for leg in asked),
        _keys(desk) if open_now else (),
    )


def _doubtful(desk: Desk, leg: Leg, now: int) -> Doubtful:
    who = name_of(desk, leg.id)
    if _called_since(desk, leg):
        return Doubtful(f"{who}: called again.", "")
    if leg.ccid is not None:
        return Doubtful(f"{who} was called after all: {state_of(desk, leg).lower()}.", "")
    return Doubtful(may_ring(leg), _looked(desk, leg.doubt, now))


def _called_since(desk: Desk, leg: Leg) -> bool:
    """Whether there is a later attempt at the same party."""
    order: list[LegId] = list(desk.legs)
    return any(desk.legs[later].number == leg.number for later in order[order.index(leg.id) + 1 :])


def _looked(desk: Desk, doubt: Doubt | None, now: int) -> str:
    if any(isinstance(ask.request, Survey) for ask in desk.asks.values()):
        return "Telnyx is being asked ..."
    if doubt is None:
        return "Telnyx knew of no such call when this console began."
    if doubt.looked_at is None:
        return "Telnyx has not been asked since."
    return f"Telnyx was asked {_length(now - doubt.looked_at)} ago: it knows of no such call."


def _keys(desk: Desk) -> tuple[SheetKey, ...]:
    answers = allowed(desk)
    return tuple(
        SheetKey(
            name, shown(BY_NAME[name]), BY_NAME[name].title, answer.reason if isinstance(answer, Off) else ""
        )
        for name, answer in (("look", answers["look"]), ("again", answers["again"]))
    )


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
