"""A story played in the live console: `Playing` is the session behind the screen.

The story is the headless one, step by step, with the same checks; only who acts, and when, is made for
people. Before somebody does something, the caption says so, and a marked moment stands for a while. What only
looks (waits and marked moments) looks exactly when a headless telling does, so that the pace delays what is
done and never hides what is wrong: "within 1 second" is one second.

Seconds that pass are shortened to `Pace.passing`: people were only talking. Seconds that *must* pass are
waited for, and counted down on the screen, because something that the story is about takes that long: a
transfer is completed after 90 s in which customer and colleague talk on, and a shorter demo would show
another ending. A story with knobs is played once, in its first world; ``--headless`` tells it in all of them.
"""

from __future__ import annotations

import asyncio
import logging
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Protocol

from warmxfer_tui.clock import JumpClock, SystemClock
from warmxfer_tui.core.directory import Person
from warmxfer_tui.core.events import Pressed
from warmxfer_tui.core.terms import Number
from warmxfer_tui.core.verbs import VERBS
from warmxfer_tui.demos.captions import Captions
from warmxfer_tui.demos.observe import Account
from warmxfer_tui.demos.stage import Scene, Stage, set_up
from warmxfer_tui.demos.story import Acts, Dials, Moment, Part, Passes, Presses, Rings, Step, Story, Waits
from warmxfer_tui.demos.teller import Director, Row, Unheld, play
from warmxfer_tui.errors import WarmxferError
from warmxfer_tui.ports import Publisher

_log = logging.getLogger(__name__)
_TITLES: Final[Mapping[str, str]] = {verb.key: verb.title for verb in VERBS}
LEAVES: Final = "ctrl+q leaves"


class Theatre(Publisher, Protocol):
    """A console that plays a demo."""

    def caption(self, text: str) -> None:
        """Show one line about the demo, in place of the last. Must not block and must not raise."""
        ...


@dataclass(frozen=True, slots=True)
class Pace:
    """How many seconds the audience is given."""

    announce: float = 1.2
    """Between the words about what somebody will do and the deed."""
    moment: float = 3.0
    """Least time from a marked moment to the next deed."""
    passing: float = 3.0
    """The most of `N seconds pass`; `N seconds must pass` takes all of them."""
    patience: float = 2.0
    """After which the caption says what is waited for."""
    answer: float = 3.0
    """How long the answer to a key stands."""


HUMAN: Final = Pace()


class NotStaged(WarmxferError):
    """The demo cannot begin."""


@dataclass(frozen=True, slots=True)
class Ending:
    """How a telling came to its end."""

    held: bool
    text: str
    """The whole of it, for when the screen is closed."""
    rows: tuple[Row, ...] = ()
    """Where story, belief and truth do not agree."""

    @property
    def caption(self) -> str:
        """The last caption: what is to be done stands before what a narrow screen cuts off."""
        return f"{self.text} {LEAVES}" if self.held else f"{LEAVES} and tells more: {self.text}"


class Prompter(Director):
    """Announces every deed, lets marked moments stand, and holds the story while it is paused."""

    def __init__(self, captions: Captions, pace: Pace) -> None:
        self._captions = captions
        self._pace = pace
        self._loop = asyncio.get_running_loop()
        self._going = asyncio.Event()
        self._going.set()
        self._rest_until = self._loop.time()
        self._patience: asyncio.TimerHandle | None = None
        self.was_paused = False
        """Whether the story has ever been held: the calls went on meanwhile."""

    def pause(self) -> None:
        """Hold the story, or let it go on."""
        if self._going.is_set():
            self._going.clear()
            self.was_paused = True
        else:
            self._going.set()
        self._captions.pause(not self._going.is_set())

    async def before(self, step: Step) -> None:
        """Return at once for what only looks; else when the audience has read what comes."""
        self.close()
        match step.does:
            case Moment():
                return
            case Waits():
                words = f"waiting{step.text.removeprefix('wait')}{_beside(step)}"
                after = max(self._pace.patience, self._rest_until - self._loop.time())
                self._patience = self._loop.call_later(after, self._captions.say, words)
            case Passes():
                await self.rest()
            case Presses() | Rings() | Acts() | Dials():
                await self.rest()
                self._captions.say(f"next: {_deed(step)}")
                await self._beat(self._pace.announce)
                self._captions.say(_deed(step))

    async def spend(self, step: Step, passes: Passes) -> None:
        """Let the seconds pass, or some of them, and count down those that must."""
        whole = passes.seconds if passes.in_full else min(passes.seconds, self._pace.passing)
        shortened = f", {whole:g} of them here" if whole < passes.seconds else ""
        end = self._loop.time() + whole
        say = self._captions.say
        while (left := end - self._loop.time()) > 1e-6:
            passing = f"{math.ceil(left - 1e-6)} s to go" if passes.in_full else f"{step.text}{shortened}"
            say(f"{passing}{_beside(step)}")
            say = self._captions.count
            await asyncio.sleep(min(left, 1.0))

    def held(self, moment: Moment, account: Account) -> None:
        """Show the moment's title, and let it stand."""
        self._captions.say(f"== {moment.title} == as told")
        self._rest_until = self._loop.time() + self._pace.moment

    def close(self) -> None:
        """Wait for nothing more."""
        if self._patience is not None:
            self._patience.cancel()
            self._patience = None

    async def rest(self) -> None:
        """Return when the last marked moment has stood long enough, and the story is not paused."""
        await self._beat(self._rest_until - self._loop.time())

    async def _beat(self, seconds: float) -> None:
        """Give the audience this time, and once more after a pause, for what it has to read again."""
        await asyncio.sleep(max(seconds, 0))
        while not self._going.is_set():
            await self._going.wait()
            await asyncio.sleep(max(seconds, 0))


def _deed(step: Step) -> str:
    if not isinstance(step.does, Presses):
        return f"{step.text}{_beside(step)}"
    whom = f": {step.does.party}" if step.does.party else ""
    return f"[{step.does.key}] {_TITLES[step.does.key]}{whom}{_beside(step)}"


def _beside(step: Step) -> str:
    return f" ({step.remark})" if step.remark else ""


class Playing:
    """A demo behind the console's screen (`app.Session`).

    Made on a running loop. Begins at once, and opens and closes its stage in a task of its own.
    """

    region = "US"
    """The country of the cast's numbers."""
    training = None
    guarded = False
    """What goes wrong in a demo is the story's."""

    def __init__(
        self, story: Story, theatre: Theatre, *, clock: JumpClock | SystemClock, pace: Pace = HUMAN
    ) -> None:
        self._story = story
        self._theatre = theatre
        self._clock = clock
        self._captions = Captions(theatre.caption, pace.answer)
        self._prompter = Prompter(self._captions, pace)
        self._stage: Stage | None = None
        self._stopped = False
        self._asked_to_leave = False
        self.ending: Ending | None = None
        """How it went; None until then, and for ever if it is left before its end."""
        self._ready: asyncio.Future[str] = asyncio.get_running_loop().create_future()
        self._task = asyncio.create_task(self._run(), name="demo")

    async def ready(self) -> str:
        """Return when the stage is set, with a word on where. Raises `WarmxferError`."""
        return await asyncio.shield(self._ready)

    def submit(self, intent: Pressed) -> None:
        """Pass on the wish to leave; answer every other key: the story presses them."""
        if intent.verb != "quit":
            self._captions.answer()
        elif self._stage is not None:
            self._asked_to_leave = True
            self._stage.submit(intent)

    def people(self, verb: str) -> Sequence[Person]:
        """The members of the cast that a verb could call. Calling them is the story's: `submit` says so."""
        part = Part.CUSTOMER if verb == "dial" else Part.TARGET
        return [Person(party.name, Number(party.number, party.number)) for party in self._story.of(part)]

    def pause(self) -> None:
        """Hold the story, or let it go on; after its end there is nothing to hold."""
        if self.ending is None:
            self._prompter.pause()

    async def stop(self) -> None:
        """Close everything and return when it is closed. Twice is once."""
        if not self._stopped:
            self._stopped = True
            self._task.cancel()
        await asyncio.wait([self._task])
        self._ready.cancel()

    async def _run(self) -> None:
        try:
            async with set_up(self._story, self._clock, self._show, world=self._story.world) as stage:
                self._stage = stage
                self._ready.set_result("SIMULATOR")
                self.ending = await self._played(stage)
                self._captions.end(self.ending.caption)
                await asyncio.get_running_loop().create_future()  # the calls go on until somebody leaves
        except Exception as failure:
            _log.exception("the demo ended")
            if not self._ready.done():
                self._ready.set_exception(_in_words(failure))
                self._ready.exception()  # looked at once, so that nobody has to
        finally:
            self._prompter.close()
            self._captions.close()

    def _show(self, scene: Scene) -> None:
        self._theatre.publish(scene.desk)

    async def _played(self, stage: Stage) -> Ending:
        try:
            await play(stage, self._prompter)
            await self._prompter.rest()
        except Unheld as unheld:
            return self._not_as_told(unheld)
        except Exception as failure:
            _log.exception("the demo broke off")
            fault = f"{type(failure).__name__}; the log has more"
            return Ending(False, f"BROKEN OFF by a fault of warmxfer's own: {fault}.")
        finally:
            self._prompter.close()
        count = sum(isinstance(step.does, Moment) for step in self._story.steps)
        moments = "1 moment" if count == 1 else f"{count} moments"
        return Ending(True, f"HELD: {moments}, believed and true.")

    def _not_as_told(self, unheld: Unheld) -> Ending:
        because = ""
        if self._prompter.was_paused:
            because += "; the story was paused, and the calls went on meanwhile"
        if self._asked_to_leave:
            because += "; ctrl+q was pressed, which can hang up everybody"
        return Ending(False, f"NOT AS TOLD, {unheld.what}{because}.", unheld.rows)


def _in_words(failure: Exception) -> WarmxferError:
    if isinstance(failure, WarmxferError):
        return failure
    return NotStaged("the demo could not start", f"{type(failure).__name__}: {failure}. The log has more.")
