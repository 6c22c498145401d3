"""The console's own run: one task that holds one `AsyncExitStack`.

What is opened in one task cannot be closed in another, and Textual mounts and unmounts in two (style §3a).
httpx, aiohttp and PyNaCl are imported when the desk is opened: together 0.3 s, for which the first frame is
not to wait (budgets §4).
"""

from __future__ import annotations

import asyncio
import logging
import secrets
from collections.abc import Callable, Sequence
from contextlib import AsyncExitStack
from itertools import chain, cycle, repeat
from typing import TYPE_CHECKING

from warmxfer_tui.clock import SystemClock
from warmxfer_tui.core.actions import live
from warmxfer_tui.core.directory import Person
from warmxfer_tui.core.model import Desk, Notice
from warmxfer_tui.errors import WarmxferError
from warmxfer_tui.ports import Publisher
from warmxfer_tui.runtime.tasks import beside, first
from warmxfer_tui.settings import Secret, Settings

if TYPE_CHECKING:
    from warmxfer_tui.core.events import Pressed
    from warmxfer_tui.engine import Engine
    from warmxfer_tui.journal.sqlite import SqliteJournal
    from warmxfer_tui.runtime.door import Left
    from warmxfer_tui.runtime.guarding import Guarding
    from warmxfer_tui.runtime.plan import Account
    from warmxfer_tui.runtime.trainer import Trainer
    from warmxfer_tui.runtime.watching import Watching
    from warmxfer_tui.simulator.handover import Handover
    from warmxfer_tui.simulator.process import SimulatorProcess

_log = logging.getLogger(__name__)

FIRST_CALLER_S, NEXT_CALLER_S = 1.5, 3.0
"""On the simulator: how long the desk is empty before the first customer rings, and each one after that."""


class NotReady(WarmxferError):
    """The console cannot begin; the title says why, the hint what to do."""


class Session:
    """One run of the console: opens its desk in a task of its own, and closes it there."""

    def __init__(self, settings: Settings, publisher: Publisher, hide: Callable[[str], None]) -> None:
        """Begin to open. `ready` tells how that went; `stop` ends it at any time.

        ``hide`` is told the secrets that the settings do not hold: the keys of a simulator are new each time.
        """
        self._hide = hide
        self.region = settings.default_region
        self.training: Trainer | None = None
        """On the simulator, what a trainer can let go wrong."""
        self._targets: Sequence[Person] = ()
        self._customers: Sequence[Person] = ()
        self._engine: Engine | None = None
        self._journal: SqliteJournal | None = None
        self._guarding: Guarding | None = None
        self._simulated: SimulatorProcess | None = None
        self._watching: Watching | None = None
        self._stop = asyncio.Event()
        self._ready: asyncio.Future[str] = asyncio.get_running_loop().create_future()
        self._task = asyncio.create_task(self._run(settings, publisher), name="session")

    async def ready(self) -> str:
        """Return when the desk takes keys and webhooks, with a word on where they come from.

        Raises `WarmxferError` when that cannot be.
        """
        return await asyncio.shield(self._ready)

    def submit(self, intent: Pressed) -> None:
        """Hand over a key press; without a desk yet, or any more, it is nobody's."""
        if self._engine is not None:
            self._engine.submit(intent)
        elif self._watching is not None:
            self._watching.refuse()

    def people(self, verb: str) -> Sequence[Person]:
        """Who can be called by this verb, by name; anybody else by their number."""
        return self._customers if verb == "dial" else self._targets

    def pause(self) -> None:
        """Nothing waits here: what runs is no demo."""

    async def stop(self) -> None:
        """Close everything and return when it is closed. Twice is once."""
        self._stop.set()
        await asyncio.wait([self._task])

    @property
    def guarded(self) -> bool:
        """Whether somebody would go on with the calls if this console ended now."""
        return self._guarding is not None and self._guarding.at_work

    async def _run(self, settings: Settings, publisher: Publisher) -> None:
        """Open the desk, and open it again where a guardian has taken it: this console was stopped."""
        try:
            while not self._stop.is_set():
                async with AsyncExitStack() as stack:
                    status = await self._open(settings, publisher, stack)
                    if not self._ready.done():
                        self._ready.set_result(status)
                    await first(self._stop.wait(), self._superseded())
                    self._entrust()
        except Exception as failure:
            _log.exception("the session ended")
            if not self._ready.done():
                self._ready.set_exception(_in_words(failure))
                self._ready.exception()  # looked at once, so that nobody has to
            else:
                why = f"This console could not come back. Quit, and start again. ({_in_words(failure)})"
                publisher.publish(Desk(notices=(Notice(SystemClock().now_ms(), "alarm", why),)))

    def _entrust(self) -> None:
        """A simulator that ends with its console would take the calls along that a guardian goes on with."""
        if (
            self._simulated is not None
            and self._engine is not None
            and self.guarded
            and live(self._engine.desk)
        ):
            self._simulated.entrust()

    async def _superseded(self) -> None:
        """Return when another process runs the desk."""
        if self._engine is None or self._journal is None:
            await self._stop.wait()
        else:
            await first(_stand_down(self._journal, self._engine), self._engine.fenced())

    async def _open(self, settings: Settings, publisher: Publisher, stack: AsyncExitStack) -> str:
        from warmxfer_tui.journal import journal_file
        from warmxfer_tui.journal.errors import JournalHeld
        from warmxfer_tui.journal.sqlite import SqliteJournal
        from warmxfer_tui.publishing import place_of
        from warmxfer_tui.publishing.publication import Publication
        from warmxfer_tui.runtime.charge import Charge
        from warmxfer_tui.runtime.desk import give_out, open_desk, webhook_address
        from warmxfer_tui.runtime.door import Left
        from warmxfer_tui.runtime.guarding import Guarding
        from warmxfer_tui.runtime.plan import account_of, plan_of, targets_of
        from warmxfer_tui.runtime.recall import Memory
        from warmxfer_tui.runtime.watching import READ_ONLY, Watching

        self._targets = targets_of(settings)
        self._engine = self._journal = self._guarding = None
        # First of all: a second console is to leave the listener and the line of the first one alone.
        file, clock, memory = journal_file(simulated=settings.simulated), SystemClock(), Memory()
        left = Left(file)
        stack.callback(left.close)
        try:
            journal = await stack.enter_async_context(
                SqliteJournal(
                    file,
                    secrets.token_hex(8),
                    clock=clock,
                    keep_days=settings.journal_days,
                    recall=memory.recall,
                    relieve=left.relieve,
                )
            )
        except JournalHeld as held:
            self._watching = Watching(place_of(file), held, clock=clock, publisher=publisher)
            beside(stack, self._watching.follow())
            return READ_ONLY
        simulator = await self._simulator(stack) if settings.simulated else None
        account = simulated_account(simulator.handover) if simulator else account_of(settings)
        plan, publication = plan_of(settings, account), Publication(publisher)
        inherited = stack.enter_context(left.socket_for(plan.host, plan.port))
        desk = await stack.enter_async_context(
            open_desk(
                plan,
                clock=clock,
                journal=journal,
                publisher=publication,
                memory=memory,
                inherited=inherited,
            )
        )
        self._engine, self._journal = desk.engine, journal
        # Not before: a guardian with a key that does not work would keep out the one that was in charge.
        charge = Charge.of(
            plan,
            file,
            keep_days=settings.journal_days,
            log_numbers=settings.log_numbers,
            simulator=simulator.pid if simulator else 0,
        )
        self._guarding = Guarding(charge, inherited, desk.engine.remark)
        beside(stack, self._guarding.run())
        beside(stack, _relieved(left, self._guarding))
        await give_out(stack, publication, place_of(file), desk.engine)
        journal.complain_to(desk.engine.complain)
        if simulator:
            self._train(simulator, desk.engine, stack)
            return "SIMULATOR"
        public = settings.public_url
        return f"webhooks: {webhook_address(public) if public else desk.listener.url}"

    async def _simulator(self, stack: AsyncExitStack) -> SimulatorProcess:
        from warmxfer_tui.runtime.plan import SIMULATED_CUSTOMERS
        from warmxfer_tui.simulator.finding import found_or_started

        self._customers = SIMULATED_CUSTOMERS
        self._simulated = await stack.enter_async_context(await found_or_started(self._hide))
        return self._simulated

    def _train(self, simulator: SimulatorProcess, engine: Engine, stack: AsyncExitStack) -> None:
        """Let customers ring in, and let things go wrong for whoever wants to see that."""
        from warmxfer_tui.runtime.trainer import Trainer

        before, self.training = self.training, Trainer(simulator, engine.remark)
        if before is not None:
            self.training.succeed(before)
        beside(stack, self.training.run())
        beside(stack, _ring_in(simulator.handover, engine))
        beside(stack, _watch(simulator, engine))


async def _relieved(left: Left, guarding: Guarding) -> None:
    """Let the guardian go that was in charge, once there is another."""
    while not guarding.at_work:  # noqa: ASYNC110 - a file is all that tells
        await asyncio.sleep(0.1)
    left.confirm()


async def _stand_down(journal: SqliteJournal, engine: Engine) -> None:
    from warmxfer_tui.runtime.guarding import signs_of_life

    engine.stand_down(await signs_of_life(journal))


def simulated_account(handover: Handover) -> Account:
    """The account that a simulator's process has told us about."""
    from warmxfer_tui.runtime.plan import Account

    return Account(
        handover.base_url,
        Secret(handover.api_key),
        handover.public_key,
        handover.connection_id,
        handover.phone_number,
        simulated=True,
    )


def _in_words(failure: Exception) -> WarmxferError:
    if isinstance(failure, WarmxferError):
        return failure
    return NotReady("warmxfer could not start", f"{type(failure).__name__}: {failure}. The log has more.")


async def _ring_in(handover: Handover, engine: Engine) -> None:
    """Let a customer ring whenever the desk has been empty for a while: a newcomer has something to do."""
    import httpx

    from warmxfer_tui.simulator.cast import CUSTOMERS

    key = {"Authorization": f"Bearer {handover.control_token}"}
    async with httpx.AsyncClient(headers=key, trust_env=False) as control:
        waits = chain((FIRST_CALLER_S,), repeat(NEXT_CALLER_S))
        for wait_s, customer in zip(waits, cycle(CUSTOMERS), strict=False):
            idle = 0.0
            while idle < wait_s:
                await asyncio.sleep(0.5)
                idle = 0.0 if engine.desk.calls else idle + 0.5
            who = {"from": customer.number, "name": customer.name}
            try:
                await control.post(f"{handover.control_url}/inbound", json=who)
            except httpx.HTTPError as failure:
                _log.warning("no customer could ring in: %s", failure)
            await asyncio.sleep(1.0)  # until the ring has reached the desk


async def _watch(simulator: SimulatorProcess, engine: Engine) -> None:
    """A carrier that is gone must not look like one that is quiet."""
    await simulator.ended()
    _log.error("the simulator has ended")
    engine.complain("The simulator has ended, and every call with it. Quit and start again.")
