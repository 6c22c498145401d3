"""Gives the published desk out on its socket, to as many as ask.

A process that is killed leaves a closed connection behind even on this side of it, so that nobody is asked
whether they still live: a watcher that was suspended is there again when it wakes.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import aclosing, asynccontextmanager, suppress
from pathlib import Path

from websockets.asyncio.server import ServerConnection, unix_serve
from websockets.exceptions import ConnectionClosed

from warmxfer_tui.publishing.frames import answer_to
from warmxfer_tui.publishing.place import bound
from warmxfer_tui.publishing.publication import Publication

_log = logging.getLogger(__name__)
_log.setLevel(logging.WARNING)  # who comes and goes is nobody's business

LONGEST_REQUEST = 64 * 1024
"""Bytes of what a client may ask, as of a webhook."""
GOODBYE_S = 0.5
"""How long a client that does not read is waited for when the console ends."""


@asynccontextmanager
async def serving(publication: Publication, place: Path) -> AsyncIterator[None]:
    """Give a desk out; on the way out say goodbye to everybody. Raises `CannotServe`."""

    async def attend(connection: ServerConnection) -> None:
        telling = asyncio.create_task(_tell(publication, connection))
        try:
            async for request in connection:
                await connection.send(answer_to(request))
        except ConnectionClosed:
            pass
        finally:
            telling.cancel()
            await asyncio.wait([telling])

    with bound(place) as socket:
        async with unix_serve(
            attend,
            sock=socket,
            compression=None,
            ping_interval=None,
            close_timeout=GOODBYE_S,
            max_size=LONGEST_REQUEST,
            logger=_log,
            server_header=None,
        ):
            yield


async def _tell(publication: Publication, connection: ServerConnection) -> None:
    """Send every frame; a client that does not read is waited for here, and holds up nobody else."""
    with suppress(ConnectionClosed):
        async with aclosing(publication.frames()) as frames:
            async for frame in frames:
                await connection.send(frame)
