"""The guardian's door: a private socket at which a console that comes back asks for the desk.

The console says one line; the guardian lets go of everything, and answers with the socket that webhooks
listen at: connections that wait in it are lost to nobody.
"""

from __future__ import annotations

import asyncio
import logging
import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from warmxfer_tui.listener import listening
from warmxfer_tui.publishing.errors import NobodyServes
from warmxfer_tui.publishing.place import bound, reached

_log = logging.getLogger(__name__)

REQUEST = b"leave the desk\n"
ANSWER = b"it is yours\n"
PATIENCE_S = 6.0
"""How long a console waits for a guardian to let go: requests on their way are given 2 s, the file 2 s. A
guardian that is stopped never answers: the lease is taken from it all the same."""
GREETING_S = 1.0
"""How long a caller may take to say what it wants."""


def door_of(journal: Path) -> Path:
    """Where the door of a journal's guardian is."""
    return journal.with_suffix(".guardian.sock")


def relieve(door: Path) -> socket.socket | None:
    """Have the guardian leave, if there is one; return when it has, with the socket that it listened at.

    Waits, so that it is for a thread. Never raises for what the other side does.
    """
    try:
        target = reached(door)
    except NobodyServes:
        return None
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as caller:
        caller.settimeout(PATIENCE_S)
        try:
            caller.connect(str(target))
            caller.sendall(REQUEST)
            answer, descriptors, _, _ = socket.recv_fds(caller, len(ANSWER), 1)
        except ConnectionRefusedError:
            return None  # it was killed
        except OSError as failure:
            _log.warning("the guardian does not leave: %s", failure)
            return None
    if answer and descriptors:
        return socket.socket(fileno=descriptors[0])
    return None


class Left:
    """What a guardian leaves to the console that comes back."""

    def __init__(self, door: Path) -> None:
        """Ask nobody yet."""
        self._door = door
        self._listening: socket.socket | None = None

    def relieve(self) -> None:
        """Ask, and wait: for a thread."""
        self._listening = relieve(self._door)

    @contextmanager
    def socket_for(self, host: str, port: int) -> Iterator[socket.socket]:
        """The socket that was left, if it is the one that is wanted; else another. Raises `ListenError`."""
        if self._listening is not None and not _listens_at(self._listening, host, port):
            self.close()
        own, self._listening = self._listening or listening(host, port), None
        with own:
            yield own

    def close(self) -> None:
        """Nobody wants it."""
        if self._listening is not None:
            self._listening.close()
            self._listening = None


def _listens_at(left: socket.socket, host: str, port: int) -> bool:
    """Whether a console with these settings would listen there; port 0 leaves the choice to us."""
    here, found = left.getsockname()[:2]
    addresses = {info[4][0] for info in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)}
    return here in addresses and port in (0, found)


class Door:
    """The guardian's side. Open while entered through `opened`."""

    def __init__(self, own: socket.socket) -> None:
        """Listen at a socket that is bound."""
        self._own = own
        own.setblocking(False)
        own.listen()

    async def asked(self) -> socket.socket:
        """Return when a console asks for the desk, with the connection that waits for the answer."""
        loop = asyncio.get_running_loop()
        while True:
            caller, _ = await loop.sock_accept(self._own)
            with suppress(OSError, TimeoutError):
                async with asyncio.timeout(GREETING_S):
                    if await loop.sock_recv(caller, len(REQUEST)) == REQUEST:
                        return caller
            caller.close()

    @staticmethod
    def answer(caller: socket.socket, listening: socket.socket) -> None:
        """Hand over the socket that webhooks listen at."""
        with caller, suppress(OSError):
            socket.send_fds(caller, [ANSWER], [listening.fileno()])


@contextmanager
def opened(place: Path) -> Iterator[Door]:
    """A door. Raises `publishing.errors.CannotServe`."""
    with bound(place) as own:
        yield Door(own)
