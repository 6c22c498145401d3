"""The `Carrier` port: what the core asks for, carried out by a `TelnyxClient`."""

from __future__ import annotations

from warmxfer_tui.core.commands import Ask
from warmxfer_tui.core.events import Reply
from warmxfer_tui.telnyx.client import TelnyxClient
from warmxfer_tui.telnyx.exchange import exchange
from warmxfer_tui.telnyx.message import Answer
from warmxfer_tui.telnyx.replies import spare_of
from warmxfer_tui.telnyx.requests import command_id


class TelnyxCarrier:
    """Sends the requests of one journal: its id is part of every `command_id`."""

    __slots__ = ("_client", "_journal_id", "spare")

    def __init__(self, client: TelnyxClient, journal_id: str) -> None:
        self._client = client
        self._journal_id = journal_id
        self.spare: int | None = None
        """Percent of the rate limit that the newest reply leaves us; None where it does not tell (ANY-4)."""

    async def send(self, ask: Ask) -> Reply:
        """Carry out one request. What the carrier or the network does is a reply, never an exception."""
        talk = exchange(ask.request, command_id(self._journal_id, ask.key))
        request = next(talk)
        while True:
            outcome = await self._client.attempt(request)
            if isinstance(outcome, Answer):
                self.spare = spare_of(outcome)
            try:
                request = talk.send(outcome)
            except StopIteration as done:
                reply: Reply = done.value
                return reply
