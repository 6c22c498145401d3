"""What every command goes through: which leg, is it a duplicate, does it take effect, is it remembered."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from .audio import SECOND
from .errors import Refused
from .model import Leg, Reply
from .params import UNSUPPORTED, Param, Request, check_command
from .state import Command, Remembered, State, TimerKind

OK = Reply(200, {"data": {"result": "ok"}})
"""Accepted: completion arrives by webhook (telnyx-facts §1.3)."""
MEMORY = 60 * SECOND
"""How long a `command_id` is remembered (telnyx-facts §1.6)."""
TAIL = 600 * SECOND
"""How long an ended leg can be read (telnyx-facts §2.10)."""


def known_leg(s: State, ccid: str, field: str = "call_control_id") -> Leg:
    """The leg of that id, dead or alive; raise `Refused` when there never was one (#1)."""
    if (leg := s.legs.get(ccid)) is None:
        raise Refused.as_knob(s.knobs.unknown_leg, field)
    return leg


def check_alive(s: State, leg: Leg) -> None:
    """Raise `Refused` when a leg has ended (#3)."""
    if leg.alive:
        return
    forgotten = leg.ended_at is not None and s.now - leg.ended_at > TAIL
    if forgotten and s.knobs.ended_leg == "404 after 10 min":
        raise Refused("10005")
    raise Refused("90018")


def answered_leg(s: State, ccid: str, field: str = "call_control_id") -> Leg:
    """The answered, live leg of that id; raise `Refused` when it is not one."""
    leg = known_leg(s, ccid, field)
    check_alive(s, leg)
    if not leg.answered:
        raise Refused("90034")
    return leg


def recall(s: State, scope: str, command_id: str) -> Reply | None:
    """The reply to a duplicate: the command of that id was executed on `scope` within the last minute."""
    if not command_id:
        return None
    seen = s.memory.get((scope, command_id))
    return seen.reply if seen is not None and s.now - seen.at <= MEMORY else None


def remember(s: State, scope: str, command_id: str, reply: Reply = OK) -> Reply:
    """Keep a command's reply for its duplicates, and let go of those older than a minute."""
    if command_id:
        for key in [key for key, seen in s.memory.items() if s.now - seen.at > MEMORY]:
            if key[0] != "dial" or s.knobs.dial_command_id != "for ever":
                del s.memory[key]
        s.memory[scope, command_id] = Remembered(s.now, reply)
    return reply


@dataclass(frozen=True, slots=True)
class Action:
    """One command on a leg: its parameters, whether it needs an answered leg, and what it does."""

    run: Callable[[State, Leg, Request], None]
    params: Sequence[Param] = ()
    needs_answer: bool = True
    has_id: bool = True
    """Whether it takes a `command_id` (telnyx-facts §1.6)."""


def act(s: State, request: Request, name: str, action: Action) -> Reply:
    """Carry out a command on the leg in the path."""
    leg = known_leg(s, request.args[0])
    check_command(request.body, action.params, s.knobs)
    UNSUPPORTED.check(request.body)
    command_id = request.text("command_id") if action.has_id else ""
    if (reply := recall(s, leg.ccid, command_id)) is not None:
        return reply
    check_alive(s, leg)
    if action.needs_answer and not leg.answered:
        raise Refused("90034")
    new = leg
    if state := request.text("client_state"):
        # Set first, so that the events of this very command carry it.
        new = s.put(replace(leg, client_state=state))
    try:
        action.run(s, new, request)
    except Refused:
        s.put(leg)
        raise
    s.disarm(TimerKind.FIRST_COMMAND, leg.ccid)
    s.record(Command(s.now, name, leg.ccid, request.body))
    return remember(s, leg.ccid, command_id)
