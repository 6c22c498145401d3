"""What the engine needs from the outside world, as Protocols. Adapters fulfil them; tests bring their own.

Events and commands are only named here: the first frame does not wait the 20 ms that making them takes.
"""

from __future__ import annotations

from collections.abc import Awaitable, Sequence
from typing import TYPE_CHECKING, Protocol

from warmxfer_tui.core.model import Desk

if TYPE_CHECKING:
    from warmxfer_tui.core.commands import Ask
    from warmxfer_tui.core.events import Event, Fact, Reply


class Carrier(Protocol):
    """Sends requests to Telnyx."""

    @property
    def spare(self) -> int | None:
        """Percent of Telnyx's rate limit that its newest reply leaves us; None where it does not tell."""
        ...

    async def send(self, ask: Ask) -> Reply:
        """Carry out one request. Never raises for what the carrier or the network does: that is a reply."""
        ...


class Journal(Protocol):
    """Remembers what was received and what was done about it, in order.

    Both ways of writing raise `errors.LeaseLost` where another process runs the desk. Whatever else they
    raise means that the disk fails, and stops nobody (`design.md` §3.6).
    """

    @property
    def id(self) -> str:
        """A random id made with the journal; part of every `command_id` (`design.md` §3.5)."""
        ...

    async def receive(self, event_id: str, body: bytes, at: int) -> bool:
        """Store a verified webhook; True if its id is new. Returns only when the first copy is safe."""
        ...

    def record(self, event: Event, asks: Sequence[Ask]) -> Awaitable[object]:
        """Give an event that was consumed its place in the log; done when it and the requests are safe.

        Nothing is waited for before that place is given: the log has the order of the calls.
        """
        ...

    def set_aside(self, event: Event, why: str) -> Awaitable[object]:
        """Give an event that no step could take its place in the log, with what was raised.

        A look back shows it; whoever folds the log leaves it out.
        """
        ...

    async def still_ours(self) -> None:
        """Return at once, unless this process has stood still: then, when the desk is known to be ours.

        Raises `errors.LeaseLost` where it is another's by now.
        """
        ...


class Publisher(Protocol):
    """Is told of every new desk."""

    def publish(self, desk: Desk) -> None:
        """Take the newest belief. Must not block and must not raise."""
        ...


class Inbox(Protocol):
    """Where the listener puts the facts of verified webhooks."""

    def offer(self, fact: Fact) -> bool:
        """Queue a fact; False when nobody will ever consume it (the console is closing)."""
        ...


class Clock(Protocol):
    """The only source of time."""

    def now_ms(self) -> int:
        """UTC milliseconds."""
        ...
