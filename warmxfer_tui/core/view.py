"""A desk as a screen shows it: who, number, state, since when, proven how long ago, and who hears whom.

Everything here is a plain value; screens and widgets only draw it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum

from warmxfer_tui.core.hearing import Hears, hears
from warmxfer_tui.core.model import Call, Desk, Leg, Notice
from warmxfer_tui.core.terms import CallId, LegId, LineState, Phase, Role, State
from warmxfer_tui.core.unconfirmed import unconfirmed
from warmxfer_tui.core.wires import NO_WIRE, Wire, wires

LONGEST_STATE = 8
"""Characters of the longest word in `Row.state`."""
NOTHING = "nothing"
"""What somebody hears to whom nobody speaks and nothing plays."""
LATE = 2_000
"""Milliseconds that a webhook may take."""
_PHASES = {
    Phase.DIALLED: "DIALLING",
    Phase.RINGING: "RINGING",
    Phase.ANSWERED: "ANSWERED",
    Phase.ENDED: "ENDED",
}
_WORDS = {
    State.OUT: "CALLING OUT",
    State.CONNECT: "CONNECTING",
    State.THREE: "ALL THREE",
    State.FINISH: "HANDING OVER",
    State.BLIND: "BLIND",
    State.WATCH: "HANDED OVER",
    State.WRAP: "ENDED",
}


class Tone(StrEnum):
    """What kind of thing a state is; a symbol and a colour go with each, never a colour alone."""

    TALK = "talk"
    HOLD = "hold"
    RING = "ring"
    WAIT = "wait"
    ALARM = "alarm"
    OVER = "over"


@dataclass(frozen=True, slots=True)
class Row:
    """One leg, ready to be shown."""

    leg: LegId
    role: Role
    who: str
    number: str
    """Empty where the number stands for the name already."""
    state: str
    """The leg's own state, in one word."""
    since: int
    """UTC milliseconds at which it began."""
    proven_at: int
    """UTC milliseconds of the last proof; 0 where there is none."""
    hears: str
    """Who and what this leg hears for certain, in words; empty where it only may hear somebody."""
    pending: bool
    contradicted: bool
    tone: Tone = Tone.WAIT
    silent_since: int | None = None
    """Since when a customer has heard nothing, as far as is believed, UTC milliseconds (I1); else None."""
    aimed: bool = False
    """Its panel has the focus: hold, drop and keypad act on it."""
    doubt: str = ""
    """Whom it may hear besides, at the worst, and an agent who is muted for it; mostly empty."""
    unconfirmed: bool = False
    """Webhooks do not come, and nothing has proven it since (ANY-2)."""
    wire: Wire = NO_WIRE
    """Its place on the line that joins those who talk with each other."""


@dataclass(frozen=True, slots=True)
class Other:
    """A call that is not shown in full."""

    call: CallId
    who: str
    state: str
    since: int
    hears: str
    """What the customer hears, as `hears_text` says it."""
    tone: Tone
    pending: bool = False
    """Something was asked for its customer and is not proven yet."""


@dataclass(frozen=True, slots=True)
class Head:
    """The top line."""

    state: str
    since: int | None
    line: str
    line_since: int | None
    """Since when the agent's line is up and billed, UTC milliseconds; None while it is not."""
    webhook_at: int
    webhook_late: int
    tone: Tone
    unheard_since: int | None = None
    """Since when webhooks are known not to come (ANY-2); None while they do."""

    @property
    def late(self) -> bool:
        """The newest webhook is worth a warning: Telnyx itself waits no longer for an answer."""
        return self.webhook_late > LATE


_HEADS = {
    State.RESCUE: Tone.ALARM,
    State.RING: Tone.RING,
    State.OUT: Tone.RING,
    State.TALK: Tone.TALK,
    State.ASIDE: Tone.TALK,
    State.CONSULT: Tone.TALK,
    State.SWAPPED: Tone.TALK,
    State.THREE: Tone.TALK,
    State.WATCH: Tone.TALK,
    State.HELD: Tone.HOLD,
    State.CALLING: Tone.HOLD,
    State.WRAP: Tone.OVER,
}
_LINES = {
    LineState.DOWN: "off",
    LineState.DIALLING: "ringing",
    LineState.PROVING: "to confirm",
    LineState.PARKED: "parked",
    LineState.IN: "up",
    LineState.LOST: "LOST",
}


def head(desk: Desk) -> Head:
    """The top line: the state of the call that is shown, the line, the newest webhook."""
    call = desk.calls.get(desk.focus) if desk.focus else None
    agent = desk.legs.get(desk.line.leg) if desk.line.leg else None
    up = agent is not None and agent.up
    return Head(
        state=state_of_call(call) if call else "IDLE",
        since=call.since if call else None,
        line=_LINES[desk.line.state],
        line_since=agent.phase_at if up and agent else None,
        webhook_at=desk.webhook_at,
        webhook_late=desk.webhook_late,
        tone=_tone_of_call(desk, call) if call else Tone.OVER,
        unheard_since=desk.unheard_since,
    )


def _tone_of_call(desk: Desk, call: Call) -> Tone:
    silence = tone_of(desk, desk.legs[call.customer], call) is Tone.ALARM
    return Tone.ALARM if silence else _HEADS.get(call.state, Tone.WAIT)


def state_of_call(call: Call) -> str:
    """A call's state as people read it."""
    return _WORDS.get(call.state, call.state.value)


def panels(desk: Desk) -> tuple[Row, ...]:
    """The legs of the focused call alone, and the agent's line: C, A, B, then whoever else is there."""
    call = desk.calls.get(desk.focus) if desk.focus else None
    rows = _of_call(desk, call) if call else []
    agent = desk.legs.get(desk.line.leg) if desk.line.leg else None
    if agent is not None:
        rows.insert(min(1, len(rows)), _row(desk, agent))
    joints = wires(desk, [row.leg for row in rows])
    return tuple(replace(row, wire=wire) for row, wire in zip(rows, joints, strict=True))


def alarms(before: Desk, after: Desk) -> tuple[Notice, ...]:
    """What has been told since and is worth a bell, oldest first: somebody rings, answers or has left."""
    if before.notices is after.notices:
        return ()
    told = set(before.notices)
    return tuple(notice for notice in after.notices if notice.level == "alarm" and notice not in told)


def others(desk: Desk) -> tuple[Other, ...]:
    """Every call but the focused one, oldest first."""
    rest = [call for call in desk.calls.values() if call.id != desk.focus]
    found = []
    for call in sorted(rest, key=lambda call: call.since):
        row = _row(desk, desk.legs[call.customer])
        found.append(
            Other(call.id, row.who, state_of_call(call), call.since, hears_text(row), row.tone, row.pending)
        )
    return tuple(found)


def _of_call(desk: Desk, call: Call) -> list[Row]:
    legs = [leg for leg in desk.legs.values() if leg.id.startswith(f"{call.id}.")]
    current = [leg for leg in legs if leg.alive or leg.id in (call.customer, call.target)]
    return [_row(desk, leg) for leg in current]


def _row(desk: Desk, leg: Leg) -> Row:
    call = next((call for call in desk.calls.values() if call.customer == leg.id), None)
    heard = _heard(desk, leg)
    return Row(
        leg=leg.id,
        role=leg.role,
        who=name_of(desk, leg.id),
        number=leg.number.shown if leg.name or leg.role is Role.AGENT else "",
        state=state_of(desk, leg),
        since=max(leg.phase_at, leg.held_at if leg.room is not None else 0),
        proven_at=leg.proven_at,
        hears=heard,
        doubt=_doubt(desk, leg),
        pending=bool(leg.pending) or leg.hanging_up,
        contradicted=leg.contradicted and leg.alive,
        tone=tone_of(desk, leg, call),
        silent_since=call.silent_at if call and heard == NOTHING else None,
        aimed=desk.aim == leg.id,
        unconfirmed=unconfirmed(desk, leg),
    )


def state_of(desk: Desk, leg: Leg) -> str:
    """A leg's state in a word."""
    if leg.role is Role.AGENT and desk.line.state in (LineState.PROVING, LineState.PARKED):
        return "CONFIRM?" if desk.line.state is LineState.PROVING else "PARKED"
    if not leg.up:
        return "RINGING?" if leg.doubt is not None and leg.alive else _PHASES[leg.phase]
    if leg.leaving or leg.hanging_up:
        return "LEAVING"
    if leg.held:
        return "HELD"
    if leg.room is not None or leg.bridged is not None:
        heard = hears(desk, leg.id)
        alone = leg.role is Role.AGENT and heard.silent and not heard.maybe  # who may be heard is there soon
        return "MUTED" if leg.muted else "ALONE" if alone else "TALKING"
    return "WAITING" if leg.saying else "ANSWERED"


_TONES = {
    "TALKING": Tone.TALK,
    "HELD": Tone.HOLD,
    "RINGING": Tone.RING,
    "DIALLING": Tone.RING,
    "CONFIRM?": Tone.RING,
    "ENDED": Tone.OVER,
}


def tone_of(desk: Desk, leg: Leg, call: Call | None) -> Tone:
    """What kind of thing a leg's state is. A customer who has heard nothing for too long is an alarm (I1)."""
    silent_at = call.silent_at if call is not None else None
    if silent_at is not None and desk.now - silent_at >= desk.policy.silence:
        return Tone.ALARM
    return _TONES.get(state_of(desk, leg), Tone.WAIT)


def name_of(desk: Desk, leg_id: LegId) -> str:
    """How a leg is called wherever it is named."""
    leg = desk.legs[leg_id]
    return "you" if leg.role is Role.AGENT else leg.name or leg.number.shown or "unknown"


def hears_text(row: Row) -> str:
    """The `hears` line in words: who and what, who may be heard, and an agent who is muted."""
    if not row.hears:
        return row.doubt
    between = (": " if row.hears == NOTHING else ", ") if row.doubt else ""
    return f"hears {row.hears}{between}{row.doubt}"


def _heard(desk: Desk, leg: Leg) -> str:
    heard: Hears = hears(desk, leg.id)
    if not leg.alive:
        return ""
    parts = [name_of(desk, other) for other in sorted(heard.people)]
    if heard.sound:
        parts.append(heard.sound)
    return ", ".join(parts) or (NOTHING if leg.up and not heard.maybe else "")


def _doubt(desk: Desk, leg: Leg) -> str:
    if not leg.alive:
        return ""
    agent = desk.legs.get(desk.line.leg) if desk.line.leg else None
    with_you = agent is not None and agent.muted and agent.room is not None and agent.room == leg.room
    muted = with_you and leg.role is not Role.AGENT and not leg.held
    maybe = ", ".join(name_of(desk, other) for other in sorted(hears(desk, leg.id).maybe))
    return ", ".join(filter(None, ("you are muted" if muted else "", f"may hear {maybe}" if maybe else "")))


def lasting(ms: int) -> str:
    """A duration as `m:ss`, and as `h:mm:ss` from an hour on."""
    minutes, seconds = divmod(max(ms, 0) // 1000, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes}:{seconds:02}"
