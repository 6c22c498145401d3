"""An engine alone: a fold, a carrier and a journal of the test's own, on virtual time."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field, replace

from warmxfer_tui.clock import JumpClock, run_jump
from warmxfer_tui.core.commands import Ask, Hangup
from warmxfer_tui.core.events import Accepted, Event, Noted, Pressed, Reply
from warmxfer_tui.core.machine import Stepped
from warmxfer_tui.core.model import Desk
from warmxfer_tui.core.terms import AskId, Ccid, Clock, Timer
from warmxfer_tui.engine import Engine, Fold
from warmxfer_tui.errors import LeaseLost
from warmxfer_tui.ports import Clock as Now

HANGUP = Ask(AskId(1), Hangup(Ccid("v3:c")), "c1/hangup/c1.C/1", 0)
ALARM = Timer(Clock.RING, "c1.C")


@dataclass
class Diary:
    """Every port of the engine in one, writing down what it was used for and in which order."""

    reply: Callable[[], Awaitable[Reply]] | None = None
    journal_works: bool = True
    failure: Exception = field(default_factory=lambda: OSError("disk full"))
    """What a journal raises that does not work."""
    taken: LeaseLost | None = None
    """Why nothing may leave although its row is written."""
    commit_s: float = 0.0
    screen_works: bool = True
    lines: list[str] = field(default_factory=list)
    recorded: list[Event] = field(default_factory=list)
    aside: list[tuple[Event, str]] = field(default_factory=list)
    shown: list[Desk] = field(default_factory=list)

    id = "journal"
    spare: int | None = None

    async def send(self, ask: Ask) -> Reply:
        self.lines.append(f"send {ask.id}")
        return await self.reply() if self.reply else Accepted()

    async def receive(self, event_id: str, body: bytes, at: int) -> bool:
        raise AssertionError("the engine never receives webhooks")

    def record(self, event: Event, asks: Sequence[Ask]) -> asyncio.Future[None]:
        self.lines.append(f"record {type(event).__name__} {len(asks)}")
        self.recorded.append(event)
        return self._written(len(asks))

    def set_aside(self, event: Event, why: str) -> asyncio.Future[None]:
        self.lines.append(f"set aside {type(event).__name__}")
        self.aside.append((event, why))
        return self._written(0)

    async def still_ours(self) -> None:
        if self.taken is not None:
            raise self.taken

    def _written(self, asks: int) -> asyncio.Future[None]:
        durable: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        asyncio.get_running_loop().call_later(self.commit_s, self._committed, durable, asks)
        return durable

    def _committed(self, durable: asyncio.Future[None], asks: int) -> None:
        if durable.done():
            return
        if self.journal_works:
            self.lines.append(f"durable {asks}")
            durable.set_result(None)
        else:
            durable.set_exception(self.failure)

    def publish(self, desk: Desk) -> None:
        if not self.screen_works:
            raise RuntimeError("no screen")
        self.lines.append("show")
        self.shown.append(desk)


def quietly(desk: Desk, event: Event) -> Stepped:
    """Take note of the time, and of nothing else."""
    return Stepped(replace(desk, now=event.at), (), ())


def hang_up_on_key(desk: Desk, event: Event) -> Stepped:
    asks = (HANGUP,) if isinstance(event, Pressed) else ()
    return Stepped(replace(desk, now=event.at), asks, ())


def play(
    diary: Diary,
    fold: Fold,
    scene: Callable[[Engine], Awaitable[None]],
    desk: Desk | None = None,
    clock: Callable[[asyncio.AbstractEventLoop], Now] | None = None,
) -> Engine:
    """Run a scene with an engine on virtual time, which begins at 0 unless `clock` makes another one."""

    async def run() -> Engine:
        loop = asyncio.get_running_loop()
        now = clock(loop) if clock else JumpClock(loop, epoch_ms=0)
        async with Engine(
            carrier=diary, journal=diary, clock=now, publisher=diary, fold=fold, desk=desk
        ) as engine:
            await scene(engine)
        return engine

    return run_jump(run())


def press(verb: str = "drop") -> Pressed:
    return Pressed(at=0, verb=verb)


def fact(number: int) -> Noted:
    return Noted(at=0, event_id=f"e{number}", occurred_at=0, ccid=None, kind="call.cost")


async def never() -> Reply:
    await asyncio.sleep(3_600)
    raise AssertionError("nobody waits that long")
