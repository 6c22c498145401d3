"""Refusals that the carrier may give instead of doing what was asked (telnyx-facts §1.4).

An *honest* refusal says nothing false: too busy, in trouble, not permitted, not now. A *false* one states
something that is not so, such as "the call has ended" of a call that lives. The console has nothing better
to go by than the carrier's word, so belief can equal truth only where the carrier is honest; where it is
not, the console has to stay sound all the same.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from warmxfer_tui.telnyx.message import Answer


@dataclass(frozen=True, slots=True)
class Fault:
    """One kind of refusal."""

    status: int
    code: str
    words: str
    calm: int = 0
    """Seconds of a 429 in which every request is refused."""

    def answer(self, wait: float = 0) -> Answer:
        """The reply that refuses; `wait` seconds are left of a 429's window."""
        body = {"errors": [{"code": self.code, "title": self.words, "detail": self.words}]}
        headers: Mapping[str, str] = {"x-ratelimit-reset": f"{wait:.3f}"} if self.calm else {}
        return Answer(self.status, body, headers, 1)


HONEST = (
    Fault(503, "10007", "Service unavailable"),
    Fault(500, "10007", "Internal error"),
    Fault(429, "10011", "Too many requests", calm=1),
    Fault(429, "10011", "Too many requests", calm=3),
    Fault(422, "90034", "Call not answered yet"),
    Fault(422, "10036", "The resource is being processed"),
    Fault(422, "90032", "Maximum number of participants reached"),
    Fault(403, "10010", "Not authorized"),
    Fault(401, "10009", "Authentication failed"),
)
"""True of an account, a moment or a load; nothing is said of a leg or a room that is not so."""

BARRED = (
    *("join", "leave", "hold", "unhold", "mute", "unmute", "transfer"),
    *("speak", "playback_stop", "hangup", "answer", "calls", "conferences", "participants"),
)
"""Last words of the paths that may be refused for good while everything else works."""

FALSE = (
    Fault(422, "90018", "Call has already ended"),
    Fault(422, "90019", "Conference has already ended"),
    Fault(404, "90058", "Invalid conference_id"),
    Fault(404, "10005", "Resource not found"),
    Fault(422, "90015", "Invalid Call Control ID"),
    Fault(422, "90044", "Conference join not allowed"),
    Fault(422, "90033", "The name is already used by an active conference"),
    Fault(400, "90040", "Downloading audio file failed"),
)
"""Untrue whenever they are given to a request that the world would have accepted."""
