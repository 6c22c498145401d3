"""The whole console against the whole simulator: real sockets, real signatures, virtual time."""

from __future__ import annotations

import asyncio
import re
from collections import Counter
from collections.abc import Mapping
from typing import Any

import pytest

from warmxfer_tui import demos
from warmxfer_tui.clock import JumpClock, run_jump
from warmxfer_tui.demos.observe import Account
from warmxfer_tui.demos.stage import Stage, set_up
from warmxfer_tui.demos.story import Moment, Story
from warmxfer_tui.demos.teller import tell
from warmxfer_tui.journal.reading import reading
from warmxfer_tui.listener import Verdict
from warmxfer_tui.runtime import desk
from warmxfer_tui.simulator.delivery import Weather
from warmxfer_tui.simulator.world import Reply, World

Request = tuple[str, str]
TRANSFER = {
    ("POST", "/conferences/ID/actions/hold"): 1,
    ("POST", "/calls"): 1,
    ("POST", "/conferences/ID/actions/join"): 1,
    ("POST", "/conferences/ID/actions/unhold"): 1,
    ("POST", "/conferences/ID/actions/leave"): 1,
}
"""Budgets §6: hold the customer, dial B, join B, unhold, A leaves."""


def play(story: Story, **circumstances: Any) -> tuple[Account, ...]:
    async def telling() -> tuple[Account, ...]:
        clock = JumpClock(asyncio.get_running_loop())
        return await tell(story, clock, lambda line: None, **circumstances)

    return run_jump(telling())


@pytest.fixture
def requests(monkeypatch: pytest.MonkeyPatch) -> list[Request]:
    """Every request that reaches the API, in order, with ids blotted out."""
    seen: list[Request] = []
    handle = World.handle

    def counting(
        world: World, method: str, path: str, query: Mapping[str, str], body: Mapping[str, object] | None
    ) -> Reply:
        blotted = re.sub(r"^/(conferences|calls)/[^/]+", r"/\1/ID", path)
        seen.append((method, blotted))
        return handle(world, method, path, query, body)

    monkeypatch.setattr(World, "handle", counting)
    return seen


@pytest.fixture
def undisturbed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the reads that go on beside everything (`core.reconcile`)."""
    monkeypatch.setattr(desk, "RECONCILE", 0)


@pytest.mark.usefixtures("undisturbed")
def test_a_warm_transfer_takes_exactly_five_requests(requests: list[Request]) -> None:
    """Budgets §6 and §7 row 16; the reads that prove hold and unhold are counted apart."""
    play(demos.load("happy"))
    begin = requests.index(("POST", "/conferences/ID/actions/hold"))
    end = requests.index(("POST", "/conferences/ID/actions/leave"))
    during = requests[begin : end + 1]
    writes = Counter(request for request in during if request[0] != "GET")
    reads = Counter(request for request in during if request[0] == "GET")
    assert writes == TRANSFER
    assert reads == {("GET", "/conferences/ID/participants"): 2}


@pytest.mark.usefixtures("undisturbed")
def test_the_way_into_the_call_takes_the_requests_of_its_parts(requests: list[Request]) -> None:
    """A's line: dial, a sentence; then answer, silence, create the room from C, join A (budgets §6)."""
    play(demos.load("happy"))
    begin = requests.index(("POST", "/calls"))
    end = requests.index(("POST", "/conferences/ID/actions/hold"))
    assert requests[begin:end] == [
        ("POST", "/calls"),
        ("POST", "/calls/ID/actions/speak"),
        ("POST", "/calls/ID/actions/answer"),
        ("POST", "/calls/ID/actions/playback_stop"),
        ("POST", "/conferences"),
        ("POST", "/conferences/ID/actions/join"),
    ]


@pytest.mark.parametrize(
    "seed", [0, 1, *(pytest.param(seed, marks=pytest.mark.proof) for seed in range(2, 8))]
)
def test_webhooks_that_come_twice_and_out_of_order_change_nothing_in_the_end(seed: int) -> None:
    """I8, ANY-7: the same moments, word for word, as with webhooks in their best order."""
    story = demos.load("happy")
    rough = play(story, weather=Weather(doubled=0.5, swapped=0.4), seed=seed)
    calm = play(story, weather=Weather(jitter_ms=(20, 20), ordered=True), seed=seed)
    assert rough == calm


def test_the_weather_really_was_rough() -> None:
    """What the test above proves rests on duplicates that arrived, and on webhooks that were overtaken."""

    async def scene() -> None:
        clock = JumpClock(asyncio.get_running_loop())
        weather = Weather(doubled=0.5, swapped=0.4)
        async with set_up(demos.load("happy"), clock, lambda scene: None, weather=weather) as stage:
            await _to_talk(stage)
            with reading(stage.journal_file) as journal:
                arrived = [received.body for received in journal.webhooks()]
            happened = sorted(arrived, key=_occurred_at)
            assert arrived != happened
            assert stage.verdicts[Verdict.DUPLICATE] > 0
            assert set(stage.verdicts) <= {Verdict.STORED, Verdict.DUPLICATE}

    run_jump(scene())


async def _to_talk(stage: Stage) -> None:
    stage.ring(stage.story.party("Ms Ortiz"))
    assert await stage.until(lambda: stage.account().belief["the call"] == "RING", 5)
    stage.press("answer", None)
    assert await stage.until(lambda: stage.account().belief["the call"] == "TALK", 10)
    await stage.simulator.delivery.settled()


def _occurred_at(body: bytes) -> str:
    found = re.search(rb'"occurred_at":"([^"]+)"', body)
    assert found
    return found[1].decode()


def test_during_a_consult_the_customer_hears_hold_sound_only_in_belief_and_in_truth() -> None:
    """The issue's own words for the promise."""
    story = demos.load("happy")
    titles = [step.does.title for step in story.steps if isinstance(step.does, Moment)]
    consult = play(story)[titles.index("A word in private")]
    assert consult.belief["the call"] == "CONSULT"
    assert consult.belief["Ms Ortiz"] == consult.truth["Ms Ortiz"] == "hears hold sound"
    assert consult.truth["you"] == "hears Maria"
    assert consult.truth["Maria"] == "hears you"
