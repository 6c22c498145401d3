"""The guardian's door: a private socket at which a console that comes back asks for the desk.

The console says one line; the guardian lets go of everything, and answers with the socket that webhooks
listen at: connections that wait in it are lost to nobody. It stays until the console says that the desk runs
and has a guardian of its own. Where it ends before that, for a wrong key or by `kill -9`, the old guardian
takes the desk again.
"""

from __future__ import annotations

import asyncio
import logging
import os
import signal
import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from warmxfer_tui.journal.lock import guardian_lock, holder
from warmxfer_tui.listener import listening
from warmxfer_tui.publishing.errors import NobodyServes
from warmxfer_tui.publishing.place import bound, reached

_log = logging.getLogger(__name__)

REQUEST = b"leave the desk\n"
ANSWER = b"it is yours\n"
DONE = b"it runs\n"
PATIENCE_S = 6.0
"""How long a console waits for a guardian to let go: requests on their way are given 2 s, the file 2 s."""
GREETING_S = 1.0
"""How long a caller may take to say what it wants."""


def door_of(journal: Path) -> Path:
    """Where the door of a journal's guardian is."""
    return journal.with_suffix(".guardian.sock")


def relieve(door: Path) -> tuple[socket.socket, socket.socket] | None:
    """Have the guardian let go, if there is one: the connection to it, and the socket that it listened at.

    It stays until it is told `DONE` on the connection, and takes the desk again if that ends before. This
    waits, and so is for a thread. Raises `OSError` where nobody answers in time.
    """
    try:
        target = reached(door)
    except NobodyServes:
        return None
    caller = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        caller.settimeout(PATIENCE_S)
        caller.connect(str(target))
        caller.sendall(REQUEST)
        answer, descriptors, _, _ = socket.recv_fds(caller, len(ANSWER), 1)
        if answer and descriptors:
            os.set_inheritable(descriptors[0], False)
            return caller, socket.socket(fileno=descriptors[0])
    except (ConnectionRefusedError, ConnectionResetError):
        pass  # it was killed
    except BaseException:
        caller.close()
        raise
    caller.close()
    return None


class Left:
    """What a guardian leaves to the console that comes back."""

    def __init__(self, journal: Path) -> None:
        """Ask nobody yet."""
        self._journal = journal
        self._caller: socket.socket | None = None
        self._listening: socket.socket | None = None

    def relieve(self) -> None:
        """Ask, and wait: for a thread. A guardian that does not answer is ended: it may have been stopped."""
        try:
            answer = relieve(door_of(self._journal))
        except OSError as failure:
            _log.warning("the guardian does not let go: %s", failure)
            answer = None
            if (stopped := holder(guardian_lock(self._journal))) is not None:
                with suppress(ProcessLookupError):
                    os.kill(stopped, signal.SIGKILL)
        if answer is not None:
            self._caller, self._listening = answer

    def confirm(self) -> None:
        """The desk runs, and is guarded: the guardian that was in charge may go."""
        if self._caller is not None:
            with self._caller, suppress(OSError):
                self._caller.sendall(DONE)
            self._caller = None

    @contextmanager
    def socket_for(self, host: str, port: int) -> Iterator[socket.socket]:
        """The socket that was left, if it is the one that is wanted; else another. Raises `ListenError`."""
        if self._listening is not None and not _listens_at(self._listening, host, port):
            self._listening.close()
            self._listening = None
        own, self._listening = self._listening or listening(host, port), None
        with own:
            yield own

    def close(self) -> None:
        """A guardian that was not told `DONE` goes back to work."""
        for each in (self._caller, self._listening):
            if each is not None:
                each.close()
        self._caller = self._listening = None


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
    async def hand_over(caller: socket.socket, listening: socket.socket) -> bool:
        """Hand over the socket that webhooks listen at; whether the console runs the desk, and is guarded.

        Returns when it says so, or has ended.
        """
        with caller, suppress(OSError):
            socket.send_fds(caller, [ANSWER], [listening.fileno()])
            return await asyncio.get_running_loop().sock_recv(caller, len(DONE)) == DONE
        return False


@contextmanager
def opened(place: Path) -> Iterator[Door]:
    """A door. Raises `publishing.errors.CannotServe`."""
    with bound(place) as own:
        yield Door(own)
