"""What the console believes: one frozen `Desk`, its calls, its legs and the agent's line.

Times are UTC milliseconds of the console's clock unless a field says "carrier": those are Telnyx's own
`occurred_at`. Mappings inside frozen values are never mutated: a step builds new ones.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from warmxfer_tui.core.policy import Policy
from warmxfer_tui.core.terms import (
    NOBODY,
    AskId,
    CallId,
    Ccid,
    Clock,
    Lane,
    LegId,
    LineState,
    Means,
    Number,
    Phase,
    Result,
    Role,
    RoomId,
    State,
    Timer,
)

if TYPE_CHECKING:
    from warmxfer_tui.core.commands import Ask
    from warmxfer_tui.core.events import Fact


@dataclass(frozen=True, slots=True)
class Ending:
    """Why a leg is gone."""

    cause: str
    """Telnyx's `hangup_cause`, or our own word where no webhook named one."""
    sip: str
    """`sip_hangup_cause`, free text (telnyx-facts §3.2)."""
    at: int
    answered: bool
    """True when the leg had been answered before it ended."""


@dataclass(frozen=True, slots=True)
class Pending:
    """A lane request whose effect is asked for and not yet proven (`design.md` §3.3)."""

    verb: Lane
    ask: AskId
    sent_at: int
    replied_at: int | None = None
    """When a 200 came; None while there is no reply or its outcome is unknown."""
    unclear: bool = False
    """No reply, or one that does not tell: only a read settles it."""
    room: RoomId | None = None
    """The room that the request names."""


@dataclass(frozen=True, slots=True)
class Doubt:
    """Nobody knows whether a dial was carried out (`design.md` §3.5): what the carrier was asked since."""

    since: int
    """When its outcome became unknown."""
    missed_at: int | None = None
    """When the first complete read since then was in, and did not have it."""
    looked_at: int | None = None
    """When the newest was."""
    twice: bool = False
    """It was missing in two of them, far enough apart: it may be called again, if the agent says so."""


@dataclass(frozen=True, slots=True)
class Leg:
    """One party's connection, as believed."""

    id: LegId
    role: Role
    number: Number = NOBODY
    name: str = ""
    ccid: Ccid | None = None
    phase: Phase = Phase.DIALLED
    phase_at: int = 0
    inbound: bool = False
    ending: Ending | None = None
    room: RoomId | None = None
    """The room this leg is proven to be in."""
    room_at: int = -1
    """Carrier time of the fact behind `room`: an older fact changes nothing (I8)."""
    held: bool = False
    """Proven: a participants read showed `on_hold`."""
    held_at: int = 0
    muted: bool = False
    proven_at: int = 0
    """When membership, hold or mute was last proven, by webhook or read."""
    contradicted: bool = False
    """The last proof was against what we asked for."""
    means: Means = Means.MEDIA
    sound_until: int = 0
    """When the hold sound that is proven has run out, at the earliest; 0 where none is proven."""
    heard_at: int | None = None
    """When speech of ours to this leg was last proven to have started, while it lasts."""
    speech_at: int = -1
    """Carrier time of the newest fact about speech: an older one changes nothing (I8)."""
    saying: str = ""
    """Speech that is being said, or repeated, on this leg."""
    leg_speeches: int = 0
    """Speeches on the leg itself whose end has not come."""
    room_speeches: int = 0
    """Speeches to this member of a room whose end has not come."""
    voicing: bool = False
    """A request about speech on the leg itself has no reply yet: the next one, and a join, wait for it."""
    unheeded: int = 0
    """Requests about speech refused since one was heeded: prompts to a held member, and stops."""
    looping: bool = False
    """`saying` is looped on the leg itself and must be stopped before it joins a room."""
    pending: tuple[Pending, ...] = ()
    tries: int = 0
    """Failures in a row of the wish that the lane is working on."""
    doubt: Doubt | None = None
    """While nobody knows whether its dial was carried out: it has no `ccid`, and may yet get one."""
    blind: bool = False
    """A target that the carrier was asked to ring and to bridge with C (BLIND): it is not ours to join."""
    bridged: LegId | None = None
    """The leg it is proven to be bridged with, both outside every room."""
    hanging_up: bool = False
    """A hang-up of ours is on its way."""
    leaving: str = ""
    """The sentence of farewell; not empty while we say goodbye to this leg and hang it up."""

    @property
    def alive(self) -> bool:
        """True until the leg is known to have ended."""
        return self.phase < Phase.ENDED

    @property
    def up(self) -> bool:
        """Answered and alive."""
        return self.phase is Phase.ANSWERED

    @property
    def joining(self) -> RoomId | None:
        """The room that a join under way leads to."""
        return next((p.room for p in self.pending if p.verb is Lane.JOIN), None)

    def awaits(self, *verbs: Lane) -> bool:
        """Whether one of `verbs` is pending on this leg's lane."""
        return any(p.verb in verbs for p in self.pending)


@dataclass(frozen=True, slots=True)
class Call:
    """One customer, one room, and at most one target at a time."""

    id: CallId
    state: State
    since: int
    customer: LegId
    room: RoomId | None = None
    room_tries: int = 0
    """Room names used so far; the name is `wx-<session>-<call>-<n>`."""
    room_asked: bool = False
    """A create (or a dial that creates) is on its way."""
    target: LegId | None = None
    targets: int = 0
    """Attempts to reach a target so far; the n of `c1.Bn`."""
    origin: State | None = None
    """While `state` is asked for but not yet proven: the state it came from, and returns to on failure."""
    by: str = ""
    """The verb that asked for `state`, while it is pending."""
    accepting: bool = False
    """The agent has accepted this ringing call; it is answered when the line is up."""
    cover: bool = False
    """C is given hold sound because no partner was proven within a second (CONNECT-1)."""
    survived: bool = False
    """C and B have talked without us for the survival time (WATCH-4)."""
    ask_agent: bool = False
    """The agent hung up the phone in mid-talk and is asked what to do (TALK-3)."""
    outcome: Result | None = None
    consult_outcome: Result | None = None
    """How the last attempt to reach a target ended."""
    silent_at: int | None = None
    """Since when C is believed to hear nothing; None while it hears something (I1)."""
    remembered: str = ""
    """Session and id under which the carrier remembers a call of an earlier journal."""
    naming_room: bool = False
    """The customer's dial names its room, so that the room exists at ringback."""


@dataclass(frozen=True, slots=True)
class Line:
    """The agent's own phone: one per desk."""

    state: LineState = LineState.DOWN
    leg: LegId | None = None
    seat: CallId | None = None
    """The call in whose room the agent belongs."""
    before: CallId | None = None
    """While the agent changes calls: the call they came from, and return to if the join fails."""
    mute: bool = False
    """The agent wants to be muted."""
    dials: int = 0
    reason: Result | None = None
    """Why the last attempt failed."""
    must_press: bool = False
    """Only a digit on the phone confirms it (rescue)."""


@dataclass(frozen=True, slots=True)
class Notice:
    """One line of the event strip."""

    at: int
    level: str
    """`info`, `good`, `warn` or `alarm`; `alarm` rings the bell."""
    text: str
    call: CallId | None = None


@dataclass(frozen=True, slots=True)
class Absence:
    """What a console that begins again has found: the text of its first sheet."""

    since: int
    """UTC milliseconds of the last event before; 0 where nothing is remembered."""
    until: int
    """When the carrier had told what it knows."""
    ended: tuple[str, ...] = ()
    """Who has gone meanwhile, and how, in words."""
    found: tuple[CallId, ...] = ()
    """Calls that the journal does not know, told by the carrier alone."""
    doubtful: tuple[LegId, ...] = ()
    """Legs whose dial may or may not have been carried out: nobody knows whether they ring."""
    guarded: bool = False
    """Whether a guardian has looked after the calls since then."""


@dataclass(frozen=True, slots=True)
class Desk:
    """Everything the console believes."""

    policy: Policy = field(default_factory=Policy)
    now: int = 0
    """The newest `at` of any event folded; it never goes back."""
    legs: Mapping[LegId, Leg] = field(default_factory=dict)
    calls: Mapping[CallId, Call] = field(default_factory=dict)
    line: Line = field(default_factory=Line)
    focus: CallId | None = None
    """The call shown in full and acted on."""
    timers: Mapping[Timer, int] = field(default_factory=dict)
    asks: Mapping[AskId, Ask] = field(default_factory=dict)
    """Requests without a reply."""
    gone: tuple[Ccid, ...] = ()
    """Legs whose end was told before their beginning: they never begin (I8). The newest 200."""
    unclaimed: tuple[tuple[Ccid, RoomId, int], ...] = ()
    """Who has joined which room, at which carrier time, while we knew neither. The newest 20."""
    seen: frozenset[str] = frozenset()
    """Ids of the webhooks of living legs already applied (ANY-7)."""
    notices: tuple[Notice, ...] = ()
    """The newest lines of the event strip, oldest first, at most 50."""
    next_call: int = 1
    next_ask: int = 1
    calm_until: int = 0
    """No request but a hang-up leaves before this (ANY-4)."""
    spare: int | None = None
    """Percent of the carrier's rate limit that the newest reply leaves; None where it does not tell."""
    backlog: tuple[Ask, ...] = ()
    """Requests that wait for it, in order; they are among `asks` too."""
    dropping: LegId | None = None
    """The customer that one `x` was pressed on."""
    aim: LegId | None = None
    """The leg whose panel has the focus; None: each verb's own choice."""
    webhook_at: int = 0
    """When the newest webhook was applied; 0 before the first."""
    webhook_late: int = 0
    """Milliseconds between its `occurred_at`, on the carrier's clock, and our learning of it."""
    lost_at: int | None = None
    """Since when the console is lost and nobody presses keys, so that no call may wait for one; or None."""
    sound_doubted: bool = False
    """The agent was told that no hold sound is proven to exist."""
    resuming: bool = False
    """The console has just begun, and has not yet heard from the carrier: nothing leaves but the survey."""
    resumed_at: int = 0
    """When the console began."""
    fading: frozenset[Ccid] = frozenset()
    """Legs that the newest survey has found to be over, while we take them for alive."""
    waiting: tuple[Fact, ...] = ()
    """Webhooks that came meanwhile, in order: they are folded when the survey is in."""
    unheard_since: int | None = None
    """Since when webhooks are known not to come; None while they do (ANY-2)."""
    absence: Absence | None = None
    """What was found when the console began; None when there is nothing to tell."""

    stale_at: int | None = None
    """Since when nobody tells a console that only watches how things are; None while somebody does."""

    @property
    def unattended(self) -> bool:
        """Whether the console is lost."""
        return self.lost_at is not None

    def leg_of(self, ccid: Ccid) -> Leg | None:
        """The leg that the carrier calls `ccid`."""
        return next((leg for leg in self.legs.values() if leg.ccid == ccid), None)

    def next_due(self) -> int | None:
        """When the earliest timer is due, in UTC milliseconds; before the first survey, when that is due."""
        timers = self.timers.items()
        return min((at for t, at in timers if not self.resuming or t.clock is Clock.SURVEY), default=None)
