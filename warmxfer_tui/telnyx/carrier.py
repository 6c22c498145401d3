"""The `Carrier` port: what the core asks for, carried out by a `TelnyxClient`."""

from __future__ import annotations

from warmxfer_tui.core.commands import Ask
from warmxfer_tui.core.events import Reply
from warmxfer_tui.telnyx.client import TelnyxClient
from warmxfer_tui.telnyx.exchange import exchange
from warmxfer_tui.telnyx.requests import command_id


class TelnyxCarrier:
    """Sends the requests of one journal: its id is part of every `command_id`."""

    __slots__ = ("_client", "_journal_id")

    def __init__(self, client: TelnyxClient, journal_id: str) -> None:
        self._client = client
        self._journal_id = journal_id

    async def send(self, ask: Ask) -> Reply:
        """Carry out one request. What the carrier or the network does is a reply, never an exception."""
        talk = exchange(ask.request, command_id(self._journal_id, ask.key))
        request = next(talk)
        while True:
            outcome = await self._client.attempt(request)
            try:
                request = talk.send(outcome)
            except StopIteration as done:
                reply: Reply = done.value
                return reply
