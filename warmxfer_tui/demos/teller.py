"""Plays a story step by step, and stops at the first thing that is not as the story says."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Final

from warmxfer_tui.clock import JumpClock, SystemClock
from warmxfer_tui.core.actions import Off, allowed
from warmxfer_tui.core.verbs import VERBS, Verb
from warmxfer_tui.demos.narrator import Narrator, Say
from warmxfer_tui.demos.observe import Account, true_leg
from warmxfer_tui.demos.stage import SEED, Stage, set_up
from warmxfer_tui.demos.story import (
    KEYS,
    Acts,
    Claim,
    Dials,
    Moment,
    Part,
    Passes,
    Presses,
    Rings,
    Step,
    Story,
    Waits,
)
from warmxfer_tui.simulator.delivery import Weather
from warmxfer_tui.simulator.world import World

SILENCE_LIMIT_S: Final = 2.0
"""I1: a customer whose leg is answered never hears nothing for longer."""
WATCH_EVERY_S: Final = 0.1
_KEYS: Final[Mapping[str, Verb]] = {verb.key: verb for verb in VERBS}


@dataclass(frozen=True, slots=True)
class Row:
    """One subject on which story, belief and truth do not agree."""

    subject: str
    said: str
    believed: str
    true: str


class Unheld(Exception):
    """The story is not as it is told: what is wrong, and where belief or truth differ."""

    def __init__(self, what: str, rows: Sequence[Row] = ()) -> None:
        super().__init__(what)
        self.what = what
        self.rows = tuple(rows)


def disagreements(claims: Sequence[Claim], account: Account) -> tuple[Row, ...]:
    """The claims that do not hold, with both sides' account of their subjects."""
    return tuple(
        Row(claim.subject, claim.said, account.belief[claim.subject], account.truth.get(claim.subject, "-"))
        for claim in claims
        if not account.bears_out(claim)
    )


class Director:
    """Says when each step of a story is played, and is shown every marked moment that holds.

    This one plays each step at once. A step that only looks (`Waits`, `Moment`) is played when its turn comes
    in any telling; a director that delays it would check another instant than the story's.
    """

    async def before(self, step: Step) -> None:
        """Return when the step may be played."""

    async def spend(self, step: Step, passes: Passes) -> None:
        """Return when the story's seconds have passed."""
        await asyncio.sleep(passes.seconds)

    def held(self, moment: Moment, account: Account) -> None:
        """See a marked moment at which everything was as it is told."""


class _Recital(Director):
    """Plays at once and tells everything to a narrator."""

    def __init__(self, narrator: Narrator) -> None:
        self._narrator = narrator
        self.accounts: list[Account] = []

    async def before(self, step: Step) -> None:
        if isinstance(step.does, Rings | Acts | Dials):
            self._narrator.tell(step.text)

    def held(self, moment: Moment, account: Account) -> None:
        self.accounts.append(account)
        self._narrator.tell(f"== {moment.title} ==  believed and true; keys {account.belief[KEYS]}")


async def tell(
    story: Story,
    clock: JumpClock | SystemClock,
    say: Say,
    *,
    world: Mapping[str, str] | None = None,
    weather: Weather | None = None,
    seed: int = SEED,
) -> tuple[Account, ...]:
    """Play a story and tell it; return both sides' account of every marked moment, in order.

    `world` turns knobs of the simulator, `weather` is how it delivers webhooks, `seed` its chance. Raises
    `Unheld` at the first thing that is not as the story says.
    """
    narrator = Narrator(story, say)
    recital = _Recital(narrator)
    async with set_up(story, clock, narrator.see, world=world, weather=weather, seed=seed) as stage:
        narrator.clock = lambda: stage.seconds
        await play(stage, recital)
    return tuple(recital.accounts)


async def play(stage: Stage, director: Director) -> None:
    """Play the stage's story from its first step to its last. Raises `Unheld`."""
    async with _listening(stage) as silences:
        playing = asyncio.create_task(_play_all(stage, director, silences))
        try:
            await asyncio.wait([playing, stage.journal.storm], return_when=asyncio.FIRST_COMPLETED)
            if not playing.done():
                raise Unheld("the console asks the carrier for the same again and again, in one instant")
            playing.result()
        finally:
            playing.cancel()
            await asyncio.wait([playing])


async def _play_all(stage: Stage, director: Director, silences: Sequence[str]) -> None:
    for step in stage.story.steps:
        await director.before(step)
        await _play(stage, director, step)
        if silences:
            raise Unheld(f"line {step.line}: {silences[0]}")
        if stage.set_aside:
            raise Unheld(f"line {step.line}: the console could not take in {stage.set_aside} events")


async def _play(stage: Stage, director: Director, step: Step) -> None:
    match step.does:
        case Moment() as moment:
            account = stage.account()
            _check(step, moment, account)
            director.held(moment, account)
        case Waits(claim, within):
            await _wait(stage, step, claim, within)
        case Passes() as passes:
            await director.spend(step, passes)
        case Presses() as press:
            _press(stage, step, press)
        case Rings() | Acts() | Dials() as deed:
            if not _act(stage, deed):
                raise Unheld(f"line {step.line}: {deed.party}'s phone is in no state for that")


def _check(step: Step, moment: Moment, account: Account) -> None:
    if rows := disagreements(moment.claims, account):
        raise Unheld(f"line {step.line}: the moment '{moment.title}' is not as it is told", rows)


def _press(stage: Stage, step: Step, press: Presses) -> None:
    verb = _KEYS[press.key]
    answer = allowed(stage.desk)[verb.name]
    if isinstance(answer, Off):
        raise Unheld(f"line {step.line}: [{press.key}] {verb.title} does not work now: {answer.reason}")
    stage.press(verb.name, stage.story.party(press.party) if press.party else None)


def _act(stage: Stage, deed: Rings | Acts | Dials) -> bool:
    party = stage.story.party(deed.party)
    match deed:
        case Rings():
            stage.ring(party)
            return True
        case Acts(deed=act):
            return stage.act(party, act)
        case Dials(digits=digits):
            return stage.dial(party, digits)


async def _wait(stage: Stage, step: Step, claim: Claim, within: float) -> None:
    if not await stage.until(lambda: stage.account().bears_out(claim), within):
        rows = disagreements([claim], stage.account())
        raise Unheld(f"line {step.line}: {within:g} s have passed, and it is not so", rows)


@asynccontextmanager
async def _listening(stage: Stage) -> AsyncIterator[list[str]]:
    """Listen at every customer's ear meanwhile (I1); yields what was wrong."""
    found: list[str] = []
    task = asyncio.create_task(_listen(stage, found))
    try:
        yield found
    finally:
        task.cancel()
        await asyncio.wait([task])


async def _listen(stage: Stage, found: list[str]) -> None:
    while True:
        stage.simulator.step(lambda world: None)
        found += left_in_silence(stage.story, stage.world)
        await asyncio.sleep(WATCH_EVERY_S)


def left_in_silence(story: Story, world: World) -> list[str]:
    """What is to be said of each customer who has truly heard nothing for too long."""
    return [
        f"{party.name} has heard nothing for more than {SILENCE_LIMIT_S:g} s"
        for party in story.of(Part.CUSTOMER)
        if (leg := true_leg(world, party))
        and (since := world.silence_since(leg.ccid)) is not None
        and world.now - since > SILENCE_LIMIT_S * 1_000_000
    ]
