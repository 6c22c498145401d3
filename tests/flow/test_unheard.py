"""A tunnel is down: the whole console against the whole simulator, real sockets, and not one webhook."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager

import pytest

from warmxfer_tui.clock import JumpClock, run_jump
from warmxfer_tui.core.commands import Join
from warmxfer_tui.demos import stage as stages
from warmxfer_tui.demos.observe import true_leg
from warmxfer_tui.demos.parser import read
from warmxfer_tui.demos.stage import Scene, Stage, set_up
from warmxfer_tui.demos.story import Deed, Party
from warmxfer_tui.simulator.delivery import Weather
from warmxfer_tui.simulator.world import Knobs

STORY = read(
    "unheard",
    """\
title    A transfer without webhooks
customer Ms Ortiz  +12025550141
you                +12025550101  like line
target   Sales     +12025550111  like busy
target   Maria     +12025550151
moment Nobody
  the call is IDLE
  the line is DOWN
  Ms Ortiz is away
  you are away
  Sales is away
  Maria is away
  keys d
""",
)
CUSTOMER, SALES, MARIA = (STORY.party(name) for name in ("Ms Ortiz", "Sales", "Maria"))
PROVES_AFTER = 3.0
"""Seconds within which a try, or a read, tells what no webhook does: every 2 s, and some for the network."""


class Desk:
    """A desk without webhooks, and what C truly hears at it."""

    def __init__(self) -> None:
        self.stage: Stage | None = None
        self.tries = 0
        self.ear: set[str] = set()

    def watch(self, scene: Scene) -> None:
        """Called for every desk that is shown."""
        self.tries += sum(isinstance(ask.request, Join) and ask.row == "CALLING-12" for ask in scene.asks)
        leg = true_leg(self.stage.world, CUSTOMER) if self.stage else None
        if leg is not None and leg.answered and self.stage is not None:
            people = self.stage.world.hears(leg.ccid).people
            self.ear |= {self.stage.world.legs[ccid].to for ccid in people}

    async def until(self, subject: str, said: str, within: float) -> None:
        stage = self.stage
        assert stage is not None
        happened = await stage.until(lambda: stage.account().belief[subject] == said, within)
        assert happened, (subject, said, stage.account(), stage.desk.notices[-5:])

    def press(self, verb: str, who: Party | None = None) -> None:
        assert self.stage is not None
        self.stage.press(verb, who)

    def truth(self, *who: Party) -> list[str]:
        assert self.stage is not None
        account = self.stage.account()
        assert all(account.truth[each.name] == account.belief[each.name] for each in who)
        return [account.truth[each.name] for each in who]


LAGS = [pytest.param(lag, marks=() if lag == 30_000 else pytest.mark.proof) for lag in (0, 3_000, 30_000)]
"""The hardest in every run."""


@pytest.fixture
def lag(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> int:
    """Milliseconds by which the lists of calls and events trail, in every world of the test."""
    knobs = Knobs(reads_lag_ms=request.param)
    monkeypatch.setattr(stages, "knobs", lambda world: knobs)
    return int(request.param)


@asynccontextmanager
async def a_talk(lag: int) -> AsyncIterator[Desk]:
    """C rings in and talks with A, without a webhook from the first second on."""
    clock, desk = JumpClock(asyncio.get_running_loop()), Desk()
    async with set_up(STORY, clock, desk.watch, weather=Weather(lost=1.0)) as stage:
        desk.stage = stage
        stage.ring(CUSTOMER)
        await desk.until("the call", "RING", 15 + lag / 1000)
        desk.press("answer")
        if lag > 10_000:  # the digit that A presses comes too late
            await desk.until("the line", "PROVING", 1.5 + PROVES_AFTER)
            desk.press("confirm")
        await desk.until("the call", "TALK", 15)
        assert desk.truth(CUSTOMER) == ["hears you"]
        yield desk
        assert not any(stage.verdicts.values()), "not one webhook came in"
        assert stage.set_aside == 0


def play(scene: Callable[[], Coroutine[None, None, None]]) -> None:
    run_jump(scene())


@pytest.mark.parametrize("lag", LAGS, indirect=True)
def test_a_transfer_is_completed_by_what_telnyx_says_when_it_is_asked(lag: int) -> None:
    """ANY-2, CALLING-12: inbound, a busy colleague, a consult, merge, complete, and the end."""

    async def scene() -> None:
        async with a_talk(lag) as desk:
            assert desk.stage is not None
            desk.press("consult", SALES)
            await desk.until("the call", "CALLING", 1)
            await desk.until("the call", "TALK", 5 + PROVES_AFTER)
            await desk.until("Ms Ortiz", "hears you", 1)
            assert desk.truth(CUSTOMER) == ["hears you"]
            await asyncio.sleep(6)
            said = [notice.text for notice in desk.stage.desk.notices if notice.text.startswith("Sales: ")]
            assert said[-1] == ("Sales: ended." if lag > 10_000 else "Sales: busy.")
            assert desk.stage.desk.unheard_since is not None
            assert any("Webhooks do not arrive" in notice.text for notice in desk.stage.desk.notices)

            desk.press("consult", MARIA)
            await asyncio.sleep(7)
            assert desk.truth(CUSTOMER) == ["hears hold sound"]
            tries = desk.tries
            assert tries >= 2, "it rings, and is asked"
            assert desk.stage.act(MARIA, Deed.ANSWER)
            await desk.until("the call", "CONSULT", PROVES_AFTER)
            assert desk.truth(CUSTOMER, MARIA) == ["hears hold sound", "hears you"]
            assert MARIA.number not in desk.ear, "I9"

            await asyncio.sleep(5)
            desk.press("merge")
            await desk.until("the call", "THREE", PROVES_AFTER)
            desk.press("complete")
            await desk.until("the call", "WATCH", PROVES_AFTER)
            assert desk.truth(CUSTOMER, MARIA) == ["hears Maria", "hears Ms Ortiz"]
            await asyncio.sleep(95)
            assert desk.stage.act(CUSTOMER, Deed.HANG_UP)
            await desk.until("the call", "WRAP", 2 * PROVES_AFTER)
            await asyncio.sleep(1)
            assert desk.stage.account().truth["Maria"] == "is away"

    play(scene)


@pytest.mark.parametrize("lag", LAGS, indirect=True)
def test_who_declines_or_never_answers_gives_the_customer_back(lag: int) -> None:
    async def scene() -> None:
        async with a_talk(lag) as desk:
            assert desk.stage is not None
            for deed, within in ((Deed.DECLINE, PROVES_AFTER), (None, 30.0)):
                desk.press("consult", MARIA)
                await desk.until("the call", "CALLING", 1)
                await asyncio.sleep(8)
                if deed is not None:
                    assert desk.stage.act(MARIA, deed)
                await desk.until("the call", "TALK", within)
                await desk.until("Ms Ortiz", "hears you", 1)
                assert desk.truth(CUSTOMER) == ["hears you"]
            assert MARIA.number not in desk.ear

    play(scene)


def test_a_carrier_that_lets_ten_requests_a_second_pass_is_not_driven_to_refuse(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """ANY-4: every reply tells what is left, and the loops leave it to the commands."""
    monkeypatch.setattr(stages, "knobs", lambda world: Knobs(rate_limit="10/s"))

    async def scene() -> None:
        clock, desk = JumpClock(asyncio.get_running_loop()), Desk()
        async with set_up(STORY, clock, desk.watch, weather=Weather()) as stage:
            desk.stage = stage
            stage.ring(CUSTOMER)
            await desk.until("the call", "RING", 5)
            desk.press("answer")
            await desk.until("the call", "TALK", 15)
            assert stage.desk.spare is not None, "the headers have come as far as the core"
            await asyncio.sleep(30)
            assert not any("slow down" in notice.text for notice in stage.desk.notices)

    play(scene)
