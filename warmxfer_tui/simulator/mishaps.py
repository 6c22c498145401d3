"""Trouble on request with the carrier's webhooks: what the network makes of them on their way to the console.

Nothing here happens by itself; the weather of `delivery` does. A test, a trainer or a demo plans a `Mishap`;
`plan` says which of the webhooks that it fits it hits.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from fnmatch import fnmatchcase

from warmxfer_tui.simulator.plan import Plan, Planned
from warmxfer_tui.simulator.world import Webhook

#: Extra seconds of a delayed webhook: more than the largest ordinary jitter, so that later ones overtake it.
DELAY_S = 0.5
#: Seconds that a webhook waits at most for another one to overtake it: there may be none.
OVERTAKEN_WITHIN_S = 5.0


class MishapKind(StrEnum):
    """What happens to one webhook."""

    DROP = "drop"
    """It never leaves, and is not tried again."""
    DELAY = "delay"
    """It leaves some seconds late."""
    DUPLICATE = "duplicate"
    """It is delivered twice, each copy with a delay of its own."""
    REORDER = "reorder"
    """It leaves only when a later one has been delivered."""
    CORRUPT = "corrupt"
    """One bit of its body is another than when it was signed."""
    STOP = "stop"
    """An attempt does not get out. It counts attempts, not webhooks: each is tried again on the usual
    schedule, and given up at its end."""


@dataclass(frozen=True, slots=True)
class Mishap(Planned):
    """One planned mishap: which webhooks, and what becomes of them."""

    kind: MishapKind
    """What happens."""
    event_type: str = "*"
    """Event name; ``*`` stands for any run of characters (``conference.*``)."""
    leg: str | None = None
    """Only webhooks about this call_control_id; None for any."""
    delay_s: float = DELAY_S
    """Seconds that a delayed webhook waits beyond its jitter."""
    attempts: int | None = None
    """Attempts of a corrupted webhook that are altered, counted from the first; None for all of them."""

    def fits(self, webhook: Webhook) -> bool:
        """Return whether this mishap is meant for ``webhook``."""
        return self.leg in (None, webhook.leg) and fnmatchcase(webhook.event_type, self.event_type)

    @property
    def words(self) -> str:
        """What it does, for a list that a person reads."""
        about = f" of {self.leg}" if self.leg else ""
        return self.name or f"{self.kind} webhooks {self.event_type}{about}"


class Mishaps(Plan[Mishap]):
    """The mishaps that are planned for webhooks."""

    def hit(self, webhook: Webhook) -> Mishap | None:
        """Return what hits this webhook before it leaves, if anything does, and count it."""
        return self.take(lambda mishap: mishap.kind is not MishapKind.STOP and mishap.fits(webhook))

    def stops(self, webhook: Webhook) -> bool:
        """Return whether an attempt to deliver this webhook gets out, and count it if it does not."""
        return self.take(lambda mishap: mishap.kind is MishapKind.STOP and mishap.fits(webhook)) is not None


def corrupted(body: bytes) -> bytes:
    """Return ``body`` with one bit changed, in the middle: what was signed is not what comes."""
    middle = len(body) // 2
    return body[:middle] + bytes((body[middle] ^ 1,)) + body[middle + 1 :]
