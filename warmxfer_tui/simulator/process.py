"""The simulator as a process of its own, as a console sees it: `spawn` starts one, `attach` takes one up.

Either way the console holds it by one connection (`lifeline`), and is nobody's parent: a simulator outlives a
console that is killed.
"""

from __future__ import annotations

import asyncio
import base64
import json
import os
import secrets
import signal
import sys
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, Self

import aiohttp
from nacl.exceptions import CryptoError
from nacl.signing import VerifyKey

from warmxfer_tui.errors import WarmxferError
from warmxfer_tui.simulator.handover import Handover
from warmxfer_tui.simulator.lifeline import CHALLENGE, END, IDENTITY, LEAVE
from warmxfer_tui.text import clean

#: The child's program. Not ``-m``, which would look for modules in the working directory first: a `json.py`
#: that lies there would end the simulator. With ``-P`` only this package's own root is added.
START = (
    "import sys; sys.path.append(sys.argv.pop(1)); "
    "from warmxfer_tui.simulator.program import main; raise SystemExit(main(sys.argv[1:]))"
)
#: Seconds that a new simulator may take until it is ready. It needs half of one on a slow machine.
READY_S = 15.0
#: Seconds that it may take to end, or to let go.
END_S = 3.0
#: Seconds in which a simulator that is found has to say who it is: one that is suspended never will.
ATTACH_S = 3.0

_NOT_HEARD = (aiohttp.ClientError, OSError, TimeoutError, ValueError)


class SimulatorFailed(WarmxferError):
    """The simulator's process ended before it was ready."""


class NotAttached(WarmxferError):
    """What a handover leads to is no simulator that would have us."""


class SimulatorProcess:
    """A simulator that this console holds. `leave` lets go of it, `stop` ends it; a way out leaves."""

    def __init__(
        self, handover: Handover, http: aiohttp.ClientSession, socket: aiohttp.ClientWebSocketResponse
    ) -> None:
        self.handover = handover
        self.faults: tuple[str, ...] = ()
        """What is planned to go wrong, in words."""
        self.follow: Callable[[Sequence[str]], None] = lambda _: None
        """Is told whenever that changes."""
        self._http = http
        self._socket = socket
        self._left = self._entrusted = False
        self._listening = asyncio.create_task(self._listen(), name="simulator")

    @property
    def pid(self) -> int:
        """The process id."""
        return self.handover.pid

    async def ended(self) -> None:
        """Return when the simulator has gone, or been let go of."""
        await asyncio.wait([self._listening])

    async def ask(self, method: str, what: str, body: Mapping[str, object] | None = None) -> None:
        """Have something done at the control surface. Raises `SimulatorFailed` with its refusal."""
        try:
            async with self._http.request(
                method, f"{self.handover.control_url}/{what}", json=body, headers=_key(self.handover)
            ) as reply:
                if reply.status != 200:
                    raise SimulatorFailed("the simulator refused", clean(await reply.text()))
        except _NOT_HEARD as failure:
            raise SimulatorFailed("the simulator did not answer", clean(str(failure))) from failure

    async def leave(self) -> None:
        """Let go in order; it ends unless people talk with each other. Twice is once."""
        await self._part(LEAVE)

    def entrust(self) -> None:
        """Let go of it without a word, as a console that is killed: somebody else goes on with its calls."""
        self._entrusted = True

    async def stop(self) -> None:
        """End it, whoever is on the line, by force if need be. Twice is once."""
        if not await self._part(END):
            with suppress(ProcessLookupError):
                os.kill(self.pid, signal.SIGKILL)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._part("" if self._entrusted else LEAVE)

    async def _part(self, word: str) -> bool:
        """Say a word and wait until the simulator closes the connection; False if it does not."""
        if self._left:
            return True
        self._left = True
        closed = False
        try:
            if word:
                with suppress(*_NOT_HEARD):
                    await self._socket.send_str(word)
                closed = bool((await asyncio.wait([self._listening], timeout=END_S))[0])
        finally:
            self._listening.cancel()
            await self._socket.close()
            await self._http.close()
        return closed

    async def _listen(self) -> None:
        async for message in self._socket:
            if message.type is not aiohttp.WSMsgType.TEXT:
                continue
            self.faults = tuple(clean(str(words)) for words in json.loads(message.data)["faults"])
            self.follow(self.faults)


async def attach(handover: Handover) -> SimulatorProcess:
    """Hold the simulator of a handover, wherever that comes from.

    Raises `NotAttached` when it is gone, is another program by now, knows another key, is held by another
    console or is about to end. Nothing secret is sent before it has proved who it is.
    """
    try:
        os.kill(handover.pid, 0)
    except OSError as failure:  # nobody's, or somebody else's
        raise NotAttached("its process has ended") from failure
    http = aiohttp.ClientSession(trust_env=False, timeout=aiohttp.ClientTimeout(total=ATTACH_S))
    try:
        async with asyncio.timeout(ATTACH_S):
            await _identify(http, handover)
            socket = await http.ws_connect(
                f"{handover.control_url}/console",
                headers=_key(handover),
                timeout=aiohttp.ClientWSTimeout(ws_close=END_S),
            )
    except BaseException as failure:
        await http.close()
        if isinstance(failure, _NOT_HEARD):
            raise NotAttached("it does not take us", type(failure).__name__) from failure
        raise
    return SimulatorProcess(handover, http, socket)


async def _identify(http: aiohttp.ClientSession, handover: Handover) -> None:
    """Raises `NotAttached` unless the simulator answers whose public key the handover holds."""
    challenge = secrets.token_hex(CHALLENGE // 2)
    url = f"{handover.control_url}/identity"
    async with http.get(url, params={"challenge": challenge}, allow_redirects=False) as reply:
        told: Any = json.loads((await reply.content.read(1_024)).decode("utf-8"))
    try:
        signature = base64.b64decode(told["data"]["signature"], validate=True)
        VerifyKey(base64.b64decode(handover.public_key)).verify(IDENTITY + challenge.encode(), signature)
    except (CryptoError, ValueError, TypeError, KeyError) as failure:
        raise NotAttached("another program answers at its address") from failure


def _key(handover: Handover) -> Mapping[str, str]:
    return {"Authorization": f"Bearer {handover.control_token}"}


async def spawn(
    *, port: int = 0, customer_every_s: float | None = None, file: Path | None = None
) -> SimulatorProcess:
    """Start a simulator as a process of its own and return it when it is ready.

    It is in a session of its own, so that a signal from the terminal does not take the carrier away from
    under a console that still has calls to end, and is written down in ``file`` for the next console. Raises
    `SimulatorFailed` with the process's last words.
    """
    receiving, sending = os.pipe()
    arguments = ["--port", str(port), "--handover", str(sending)]
    if customer_every_s is not None:
        arguments += ["--customer-every", str(customer_every_s)]
    if file is not None:
        arguments += ["--file", str(file)]
    try:
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-P", "-c", START, str(Path(__file__).parents[2]), *arguments,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.PIPE,
            pass_fds=(sending,),
            start_new_session=True,
        )  # fmt: skip
    except BaseException:
        os.close(receiving)
        raise
    finally:
        os.close(sending)
    last_words: deque[bytes] = deque(maxlen=20)
    complaints = asyncio.create_task(_collect(process.stderr, last_words))
    reader = asyncio.StreamReader()
    pipe, _ = await asyncio.get_running_loop().connect_read_pipe(
        lambda: asyncio.StreamReaderProtocol(reader), os.fdopen(receiving, "rb", buffering=0)
    )
    try:
        async with asyncio.timeout(READY_S):
            handover = Handover.parsed(await reader.readline())
            simulator = await attach(handover)
            await process.wait()  # the one that went on is no child of ours
            await complaints
            return simulator
    except BaseException as error:
        await _give_up(process, complaints)
        if isinstance(error, TimeoutError | ValueError | TypeError | NotAttached):
            words = b"".join(last_words).decode("utf-8", "replace").strip()
            hint = words or "its process said nothing"
            raise SimulatorFailed("the simulator did not start", hint) from error
        raise
    finally:
        pipe.close()


async def _give_up(process: asyncio.subprocess.Process, complaints: asyncio.Task[None]) -> None:
    """End a process that did not get ready, and the one that it left: they are a group of their own."""
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)
    await process.wait()
    await complaints


async def _collect(stream: asyncio.StreamReader | None, lines: deque[bytes]) -> None:
    if stream is not None:
        async for line in stream:
            lines.append(line)
