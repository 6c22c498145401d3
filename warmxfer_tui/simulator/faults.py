"""Trouble on request with the console's requests: what the network and the carrier make of them.

Nothing here happens by itself. A test, a trainer or a demo plans a `Fault`; `plan` says which of the requests
that it fits it hits.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from fnmatch import fnmatchcase
from typing import Final

from warmxfer_tui.simulator.plan import Plan, Planned

#: Seconds that a request without a reply is held open, unless its caller goes first: beyond the limit of any
#: client (ours waits 2 s, the official package 60 s, telnyx-facts §1.6).
HELD_OPEN_S: Final = 90.0
#: Seconds after which a request that seems to have timed out takes effect, unless the fault says otherwise.
LATE_S: Final = 3.0


class FaultKind(StrEnum):
    """What goes wrong with one request."""

    REFUSE = "refuse"
    """The API answers with an error and executes nothing."""
    DENY = "deny"
    """The API executes it and answers with an error all the same."""
    DROP = "drop"
    """The request is lost on its way: nothing is executed, the connection closes without a reply."""
    LOSE = "lose"
    """The request is executed, but its reply is lost: the connection closes without one."""
    DELAY = "delay"
    """The request is executed at once, and its reply comes late."""
    TIME_OUT = "time_out"
    """The request is held open without a reply, and never executed."""
    LATE = "late"
    """The request is held open without a reply, and executed some seconds after it came."""


#: Telnyx's error code and title for a status (telnyx-facts §1.4).
_ERRORS: Final[Mapping[int, tuple[str, str]]] = {
    400: ("10015", "Bad Request"),
    401: ("10009", "Authentication failed"),
    403: ("10010", "Not authorized"),
    404: ("10005", "Resource not found"),
    422: ("10015", "Invalid value"),
    429: ("10011", "Too many requests"),
    503: ("10007", "Service unavailable"),
}


@dataclass(frozen=True, slots=True)
class Fault(Planned):
    """One planned fault: which requests, and what becomes of them."""

    kind: FaultKind
    """What goes wrong."""
    method: str = "*"
    """HTTP method, or ``*`` for any."""
    path: str = "*"
    """Decoded path below ``/v2``; ``*`` is any run of characters, as in ``/conferences/*/actions/hold``."""
    status: int = 503
    """HTTP status of an error."""
    code: str = ""
    """Telnyx error code of an error; empty for the usual one of its status."""
    title: str = ""
    """Telnyx error title of an error; empty for the usual one of its status."""
    delay_s: float = LATE_S
    """Seconds by which the reply (`DELAY`) or the effect (`LATE`) is late."""
    reset_s: int = 1
    """Seconds that a 429 asks to wait, in ``x-ratelimit-reset``."""

    def fits(self, method: str, path: str) -> bool:
        """Return whether this fault is meant for such a request."""
        return self.method in ("*", method) and fnmatchcase(path, self.path)

    @property
    def error(self) -> tuple[str, str]:
        """Telnyx error code and title of an error."""
        # 10007 is every failure of the carrier's own (telnyx-facts §1.4).
        code, title = _ERRORS.get(
            self.status, ("10007", "Internal error") if self.status >= 500 else ("10015", "Bad Request")
        )
        return self.code or code, self.title or title

    @property
    def headers(self) -> Mapping[str, str]:
        """What the reply carries beside its error: on a 429, how long to wait (telnyx-facts §1.4)."""
        if self.status != 429 or self.kind not in (FaultKind.REFUSE, FaultKind.DENY):
            return {}
        return {
            "x-ratelimit-limit": "10",
            "x-ratelimit-remaining": "0",
            "x-ratelimit-reset": str(self.reset_s),
        }

    @property
    def words(self) -> str:
        """What it does, for a list that a person reads."""
        status = f" {self.status}" if self.kind in (FaultKind.REFUSE, FaultKind.DENY) else ""
        return self.name or f"{self.kind.replace('_', ' ')}{status} {self.method} {self.path}"


class Faults(Plan[Fault]):
    """The faults that are planned for requests."""

    def hit(self, method: str, path: str) -> Fault | None:
        """Return the fault that hits this request, if any, and count it."""
        return self.take(lambda fault: fault.fits(method, path))
