"""How many connections a transfer opens: a key that was thought about must not pay for a handshake."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from warmxfer_tui.clock import JumpClock, JumpLoop, run_jump
from warmxfer_tui.demos.parser import read
from warmxfer_tui.demos.stage import Stage, set_up

STORY = read(
    "slow",
    """\
title    Twenty seconds between the keys
customer Ms Ortiz  +12025550141
you                +12025550101  like line
target   Maria     +12025550110  like colleague
moment Nobody
  the call is IDLE
  the line is DOWN
  Ms Ortiz is away
  you are away
  Maria is away
  keys d
""",
)
PAUSE_S = 20.0


@pytest.fixture
def connections(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The port of every connection that is opened, in order."""
    opened: list[int] = []
    connect: Any = asyncio.BaseEventLoop.create_connection

    async def counting(loop: JumpLoop, factory: Any, host: Any = None, port: Any = None, **rest: Any) -> Any:
        opened.append(port if port is not None else rest["sock"].getpeername()[1])
        return await connect(loop, factory, host, port, **rest)

    monkeypatch.setattr(JumpLoop, "create_connection", counting)
    return opened


def test_a_transfer_opens_at_most_one_new_connection_to_the_api(connections: list[int]) -> None:
    """Budgets §7 row 17: hold and dial leave together, so one more than the one kept alive."""

    async def scene() -> None:
        clock = JumpClock(asyncio.get_running_loop())
        async with set_up(STORY, clock, lambda scene: None) as stage:
            api = int(stage.simulator.base_url.rsplit(":", 1)[1].partition("/")[0])
            stage.ring(STORY.party("Ms Ortiz"))
            await _state(stage, "RING")
            stage.press("answer", None)
            await _state(stage, "TALK")
            assert api in connections
            connections.clear()
            for verb, state in (("consult", "CONSULT"), ("merge", "THREE"), ("complete", "WATCH")):
                await asyncio.sleep(PAUSE_S)
                stage.press(verb, STORY.party("Maria") if verb == "consult" else None)
                await _state(stage, state)
            assert connections.count(api) <= 1

    run_jump(scene())


async def _state(stage: Stage, state: str) -> None:
    assert await stage.until(lambda: stage.account().belief["the call"] == state, 30)
