"""Follows a desk that another process gives out."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from websockets.asyncio.client import ClientConnection, unix_connect
from websockets.exceptions import ConnectionClosedError, ConnectionClosedOK, InvalidHandshake, InvalidMessage

from warmxfer_tui.core.model import Desk
from warmxfer_tui.publishing.errors import FrameError, Lost, NobodyServes
from warmxfer_tui.publishing.frames import Copy
from warmxfer_tui.publishing.place import reached

_log = logging.getLogger(__name__)
_log.setLevel(logging.WARNING)

OPEN_S = 5.0
"""How long a console may take to answer the door: one that is stopped takes for ever."""
LONGEST_FRAME = 16 * 1024 * 1024
"""Bytes of one frame: a snapshot of some ten thousand legs."""


@asynccontextmanager
async def following(place: Path) -> AsyncIterator[AsyncIterator[Desk]]:
    """Connect, and give every desk from now on until the console ends.

    Raises `NobodyServes`; and while it is followed `Lost`, or `FrameError`.
    """
    connection = await _connected(place)
    async with connection:
        yield _desks(connection)


async def _connected(place: Path) -> ClientConnection:
    target = reached(place)
    try:
        return await unix_connect(
            str(target),
            "ws://localhost/",
            compression=None,
            ping_interval=None,
            open_timeout=OPEN_S,
            close_timeout=OPEN_S / 10,
            max_size=LONGEST_FRAME,
            logger=_log,
            user_agent_header=None,
            proxy=None,
        )
    except (FileNotFoundError, ConnectionRefusedError) as failure:
        raise NobodyServes("no console runs here", "Start one with `warmxfer`.") from failure
    except TimeoutError as failure:
        raise NobodyServes("the console does not answer", "Is it stopped? `fg` lets it go on.") from failure
    except (InvalidHandshake, InvalidMessage) as failure:
        raise FrameError(f"what listens at {target} gives out no desk", str(failure)) from failure
    except OSError as failure:
        raise NobodyServes(f"{target} cannot be used", failure.strerror or str(failure)) from failure


async def _desks(connection: ClientConnection) -> AsyncIterator[Desk]:
    copy = Copy()
    try:
        while True:
            desk = copy.take(await connection.recv())
            if desk is not None:
                yield desk
    except ConnectionClosedOK:
        return
    except ConnectionClosedError as failure:
        raise Lost("the console is gone without a goodbye", "It was killed, or has crashed.") from failure
