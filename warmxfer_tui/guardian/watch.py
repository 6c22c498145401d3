"""What a guardian makes of the signs that its console gives, and fails to give."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto

from warmxfer_tui.journal.lease import LEASE_MS, Lease


class Verdict(Enum):
    """What there is to do."""

    WATCH_ON = auto()
    TAKE_OVER = auto()
    LEAVE = auto()
    """Somebody else runs the desk, and is none of ours."""


@dataclass(frozen=True, slots=True)
class Signs:
    """What the console has shown of itself."""

    owner: str
    """Whose desk it was when the watch began, as the lease names it."""
    beaten_at: int
    """When its last heartbeat came, in milliseconds of the monotonic clock."""
    hung_up: bool = False
    """Its end of the pipe is closed: it has ended, in whatever way."""


def judge(signs: Signs, lease: Lease, now: int) -> Verdict:
    """Judge at a moment of the monotonic clock.

    Both signs have to fail. A disk that hangs keeps a healthy console from renewing its lease, but not from
    beating; and a console that was killed beats no more, but its lease may be another's by now.
    """
    if not lease.owner:  # given back, or never taken
        if not signs.hung_up:
            return Verdict.WATCH_ON
        return Verdict.TAKE_OVER if lease.epoch else Verdict.LEAVE
    if signs.hung_up and lease.owner != signs.owner:
        return Verdict.LEAVE
    silent = signs.hung_up or now - signs.beaten_at > LEASE_MS
    return Verdict.TAKE_OVER if silent and lease.over(now) else Verdict.WATCH_ON


def patience(signs: Signs, lease: Lease, now: int) -> int:
    """Milliseconds after which a verdict may be another, if nothing is heard of the console until then."""
    silent_at = 0 if signs.hung_up else signs.beaten_at + LEASE_MS
    return max(max(lease.until, silent_at) + 1 - now, 0)
