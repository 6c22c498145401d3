"""Trouble on request: what the network and the carrier do to the console's requests.

Nothing here happens by itself. A test or a demo adds a `Fault`; the first request that it fits uses it up.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from fnmatch import fnmatchcase


class FaultKind(StrEnum):
    """What goes wrong with one request."""

    REFUSE = "refuse"
    """The API answers with an error and executes nothing."""
    DROP = "drop"
    """The request is lost on its way: nothing is executed, the connection closes without a reply."""
    LOSE = "lose"
    """The request is executed, but its reply is lost: the connection closes without one."""
    DELAY = "delay"
    """The request is executed at once, and its reply comes late."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One planned fault: which requests, and what becomes of them."""

    kind: FaultKind
    """What goes wrong."""
    method: str = "*"
    """HTTP method, or ``*`` for any."""
    path: str = "*"
    """Decoded path below ``/v2``; ``*`` is any run of characters, as in ``/conferences/*/actions/hold``."""
    skip: int = 0
    """Fitting requests that pass untouched before the first one is hit."""
    times: int = 1
    """Fitting requests that are hit, one after another."""
    status: int = 503
    """HTTP status of a refusal."""
    code: str = "10007"
    """Telnyx error code of a refusal (telnyx-facts §1.4)."""
    title: str = "Service unavailable"
    """Telnyx error title of a refusal."""
    delay_s: float = 0.0
    """Seconds by which a delayed reply is late."""

    def fits(self, method: str, path: str) -> bool:
        """Return whether this fault is meant for such a request."""
        return self.method in ("*", method) and fnmatchcase(path, self.path)


class Faults:
    """The planned faults in the order of their planning; empty by default."""

    def __init__(self) -> None:
        self._planned: list[Fault] = []

    def add(self, fault: Fault) -> None:
        """Plan one more fault."""
        self._planned.append(fault)

    def clear(self) -> None:
        """Forget everything that is still planned."""
        self._planned.clear()

    @property
    def planned(self) -> tuple[Fault, ...]:
        """What is still to come, with the counts that are left."""
        return tuple(self._planned)

    def take(self, method: str, path: str) -> Fault | None:
        """Return the fault that hits this request, if any, and count it.

        Only the first fitting fault counts: two faults for the same path hit one request after the other.
        """
        for place, fault in enumerate(self._planned):
            if not fault.fits(method, path):
                continue
            if fault.skip > 0:
                self._planned[place] = replace(fault, skip=fault.skip - 1)
                return None
            if fault.times > 1:
                self._planned[place] = replace(fault, times=fault.times - 1)
            else:
                del self._planned[place]
            return fault
        return None
