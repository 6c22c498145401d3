"""A whole console and a whole carrier on one event loop, between them nothing but HTTP and signed webhooks.

On a `clock.JumpLoop` waiting is free, so that a story of minutes is told in a second; on an ordinary loop the
same story takes its time. Keys and the parties' phones are the only ways in.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final, get_args, get_type_hints

from warmxfer_tui.clock import JumpClock, SystemClock
from warmxfer_tui.core.commands import Ask
from warmxfer_tui.core.events import Event, Pressed
from warmxfer_tui.core.model import Desk
from warmxfer_tui.core.policy import Policy
from warmxfer_tui.core.terms import Number
from warmxfer_tui.demos.observe import Account, account, true_leg
from warmxfer_tui.demos.story import Deed, Part, Party, Story
from warmxfer_tui.errors import UsageError
from warmxfer_tui.journal.file import Means
from warmxfer_tui.journal.sqlite import SqliteJournal
from warmxfer_tui.listener import Verdict
from warmxfer_tui.ports import Journal
from warmxfer_tui.runtime.desk import OpenDesk, open_desk
from warmxfer_tui.runtime.plan import Account as CarrierAccount
from warmxfer_tui.runtime.plan import Plan
from warmxfer_tui.settings import Secret
from warmxfer_tui.simulator.credentials import Credentials
from warmxfer_tui.simulator.delivery import Weather
from warmxfer_tui.simulator.service import Simulator
from warmxfer_tui.simulator.world import PERSONAS, Knobs, Persona, World

SEED: Final = 1
"""One seed for keys, ids and jitter: a story is the same every time it is told."""
FLEETING: Final = Means(synced=False)
"""The journal's folder goes with the stage: nothing in it has to outlive a loss of power."""
STORM: Final = 100
"""Requests in one millisecond of virtual time that no honest console needs."""
_HABITS: Final[Mapping[str, Persona]] = {persona.name: persona for persona in PERSONAS.values()}
_DEEDS: Final[Mapping[Deed, Callable[[World, str], bool]]] = {
    Deed.ANSWER: World.party_answers,
    Deed.HANG_UP: World.party_hangs_up,
    Deed.DECLINE: World.party_declines,
    Deed.BUSY: World.party_is_busy,
}


@dataclass(frozen=True, slots=True)
class Scene:
    """What has just been seen: the newest desk, and the event that made it."""

    desk: Desk
    event: Event | None
    asks: tuple[Ask, ...]


Audience = Callable[[Scene], None]


class Recorder:
    """A journal that is also the engine's publisher: it shows the audience each desk with its event."""

    def __init__(self, journal: Journal, audience: Audience) -> None:
        self._journal = journal
        self._audience = audience
        self._event: Event | None = None
        self._asks: tuple[Ask, ...] = ()
        self._news = asyncio.Event()
        self._instant, self._asked = 0, 0
        self.storm: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        """Done when the console asks for more than `STORM` things in one instant: it runs in a circle."""

    @property
    def id(self) -> str:
        """The journal's own."""
        return self._journal.id

    async def receive(self, event_id: str, body: bytes, at: int) -> bool:
        """Store a webhook, as the journal does."""
        return await self._journal.receive(event_id, body, at)

    def record(self, event: Event, asks: Sequence[Ask]) -> Awaitable[object]:
        """Store what happened, and keep it for the desk that is shown next."""
        self._event, self._asks = event, tuple(asks)
        self._asked = len(asks) + (self._asked if event.at == self._instant else 0)
        self._instant = event.at
        if self._asked > STORM and not self.storm.done():
            self.storm.set_result(None)
        return self._journal.record(event, asks)

    def set_aside(self, event: Event, why: str) -> Awaitable[object]:
        """Store what could not be taken in, as the journal does; no desk shows it."""
        return self._journal.set_aside(event, why)

    async def still_ours(self) -> None:
        """As the journal says."""
        await self._journal.still_ours()

    def publish(self, desk: Desk) -> None:
        """Show the audience a new desk."""
        scene = Scene(desk, self._event, self._asks)
        self._event, self._asks = None, ()
        self._news.set()
        self._audience(scene)

    async def news(self) -> None:
        """Return when the next desk has been shown."""
        self._news.clear()
        await self._news.wait()


class Stage:
    """Where a story is played. `set_up` makes it."""

    def __init__(
        self,
        story: Story,
        clock: JumpClock | SystemClock,
        simulator: Simulator,
        desk: OpenDesk,
        recorder: Recorder,
        journal_file: Path,
    ) -> None:
        self.story = story
        self.clock = clock
        self.simulator = simulator
        self.journal = recorder
        self.journal_file = journal_file
        """Where the journal is while the stage is set."""
        self._open = desk
        self._began = clock.now_ms()

    @property
    def desk(self) -> Desk:
        """What the console believes now."""
        return self._open.engine.desk

    @property
    def world(self) -> World:
        """What is so."""
        return self.simulator.world

    @property
    def verdicts(self) -> Mapping[Verdict, int]:
        """How many webhooks were received in which way."""
        return self._open.listener.verdicts

    @property
    def set_aside(self) -> int:
        """How many events the console could not take in: none, or the story has found a fault."""
        return len(self._open.engine.set_aside)

    @property
    def seconds(self) -> float:
        """Since the beginning of the story."""
        return (self.clock.now_ms() - self._began) / 1000

    def account(self) -> Account:
        """Both sides of the present instant."""
        self.simulator.step(lambda world: None)
        return account(self.story, self.desk, self.world)

    def press(self, verb: str, party: Party | None) -> None:
        """Press a key at the console."""
        number = Number(party.number, party.number) if party else None
        name = party.name if party else ""
        self.submit(Pressed(at=0, verb=verb, number=number, name=name))

    def submit(self, intent: Pressed) -> None:
        """Hand over a key that somebody else has pressed."""
        self._open.engine.submit(intent)

    def ring(self, party: Party) -> None:
        """A customer calls the account's number."""
        self.simulator.ring_in(party.number, party.name, habits(party))

    def act(self, party: Party, deed: Deed) -> bool:
        """A party does something with its phone; False when that phone is in no state for it."""
        leg = true_leg(self.world, party)
        return leg is not None and self.simulator.step(lambda world: _DEEDS[deed](world, leg.ccid))

    def dial(self, party: Party, digits: str) -> bool:
        """A party presses digits on its phone; False when it is on no call."""
        leg = true_leg(self.world, party)
        return leg is not None and all(self._presses(leg.ccid, digit) for digit in digits)

    def _presses(self, ccid: str, digit: str) -> bool:
        return self.simulator.step(lambda world: world.party_presses(ccid, digit))

    async def settled(self) -> None:
        """Return when every event is taken in and written down, and every request has its reply."""
        await self._open.engine.settled()

    async def until(self, holds: Callable[[], bool], within: float) -> bool:
        """Wait until something holds, and return True; False if it has not after `within` seconds.

        It is looked at on every new desk and ten times a second.
        """
        loop = asyncio.get_running_loop()
        deadline = loop.time() + within
        while not holds():
            if loop.time() >= deadline:
                return False
            try:
                async with asyncio.timeout(min(0.1, deadline - loop.time())):
                    await self.journal.news()
            except TimeoutError:
                continue
        return True


def habits(party: Party) -> Persona:
    """The persona of a member of the cast. Raises `UsageError` for one that the simulator does not know."""
    if party.habit not in _HABITS:
        raise UsageError(f"{party.name} cannot be like '{party.habit}'", f"there are: {', '.join(_HABITS)}")
    return _HABITS[party.habit]


def knobs(world: Mapping[str, str]) -> Knobs:
    """The knobs of one telling. Raises `UsageError` for a knob, or an answer, that does not exist."""
    values: dict[str, Any] = {}
    hints = get_type_hints(Knobs)
    for knob, value in world.items():
        answers = {str(answer): answer for answer in get_args(hints.get(knob))}
        if value not in answers:
            raise UsageError(f"no knob '{knob}' has the answer '{value}'", "simulator.world.knobs lists them")
        values[knob] = answers[value]
    return Knobs(**values)


@asynccontextmanager
async def set_up(
    story: Story,
    clock: JumpClock | SystemClock,
    audience: Audience,
    *,
    world: Mapping[str, str] | None = None,
    weather: Weather | None = None,
    seed: int = SEED,
    means: Means = FLEETING,
) -> AsyncIterator[Stage]:
    """Open a carrier with the story's cast, and a console on it with a journal; close all three."""
    credentials = Credentials.seeded(seed)
    agent = story.of(Part.AGENT)[0]
    simulator = Simulator(
        credentials,
        clock=clock,
        knobs=knobs(world or {}),
        personas={party.number: habits(party) for party in story.cast},
        seed=seed,
        weather=weather,
    )
    with TemporaryDirectory(prefix="warmxfer-") as folder:
        file = Path(folder) / "journal.db"
        async with simulator, SqliteJournal(file, story.name, clock=clock, means=means) as journal:
            recorder = Recorder(journal, audience)
            plan = Plan(
                account=CarrierAccount(
                    simulator.base_url,
                    Secret(credentials.api_key),
                    credentials.public_key,
                    credentials.connection_id,
                    credentials.phone_number,
                    simulated=True,
                ),
                policy=Policy(
                    line=Number(agent.number, agent.number),
                    from_number=credentials.phone_number,
                    connection=credentials.connection_id,
                ),
            )
            async with open_desk(plan, clock=clock, journal=recorder, publisher=recorder) as desk:
                yield Stage(story, clock, simulator, desk, recorder, file)
