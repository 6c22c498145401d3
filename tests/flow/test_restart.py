"""A console that is killed in the middle of a call, and started again: the same desk, the next key works."""

from __future__ import annotations

import pytest

from tests.flow.screen import Screen
from tests.flow.test_session import account, nobody
from tests.flow.victim import (
    CUSTOMER,
    MARIA,
    Victim,
    agrees,
    free_port,
    point_webhooks,
    reached,
    simulator,
    state_of,
)
from warmxfer_tui.core.events import Pressed
from warmxfer_tui.journal import journal_file
from warmxfer_tui.runtime.session import Session
from warmxfer_tui.simulator.faults import Fault, FaultKind

pytestmark = pytest.mark.proof

WAYS: dict[str, tuple[str, ...]] = {
    "TALK": (),
    "HELD": ("hold",),
    "CALLING": ("consult +12025550118",),
    "CONSULT": (f"consult {MARIA}",),
    "SWAPPED": (f"consult {MARIA}", "swap"),
    "THREE": (f"consult {MARIA}", "merge"),
    "FINISH": (f"consult {MARIA}", "merge", "complete"),
}
"""Keys that lead to a state, from talk; between two of them the state is waited for."""
AFTER = {"hold": "HELD", f"consult {MARIA}": "CONSULT", "swap": "SWAPPED", "merge": "THREE"}
NEXT = {
    "TALK": "hold",
    "HELD": "hold",
    "CALLING": "back",
    "CONSULT": "merge",
    "SWAPPED": "swap",
    "THREE": "hold",
}
"""A key that works in that state, and moves somebody."""


@pytest.mark.parametrize("remembered", [True, False], ids=["with its journal", "without it"])
@pytest.mark.parametrize("state", WAYS)
async def test_killed_in_any_state_it_shows_the_same_panels_and_the_next_key_works(
    state: str, remembered: bool
) -> None:
    """`kill -9`, and a new console within five seconds (issue: "Done when")."""
    async with simulator() as one:
        victim = await Victim.start(one)
        one.ring_in(CUSTOMER, "Ms Ortiz")
        await victim.says("RING")
        await victim.press("answer")
        await victim.says("TALK")
        if state == "FINISH":  # it is over in an instant where nothing goes wrong
            one.faults.add(Fault(FaultKind.REFUSE, "POST", "/conferences/*/actions/leave"))
        for key in WAYS[state]:
            await victim.press(key)
            await victim.says(AFTER.get(key, f"{state}*" if state == "FINISH" else state))
        await reached(one)
        await victim.kill()
        if not remembered:
            for file in journal_file(simulated=False).parent.glob("journal.db*"):
                file.unlink()
        screen = Screen()
        port = free_port()
        point_webhooks(one, port)
        session = Session(account(one, LISTEN_PORT=str(port)), screen, nobody)
        try:
            await session.ready()
            await comes_back(screen, state, remembered=remembered)
            await screen.until(lambda desk: agrees(one, desk))
            if following := NEXT.get(state):
                session.submit(Pressed(0, following))
                await screen.until(lambda desk: state_of(desk) != state)
            for leg in screen.desk.legs.values():
                assert leg.role != "C" or leg.up, "the customer is on the line"
        finally:
            await session.stop()


async def comes_back(screen: Screen, state: str, *, remembered: bool) -> None:
    """FINISH goes on to its end; who is to go is in no list of the carrier's. Every other state stands."""
    after = {"FINISH": "WATCH" if remembered else "THREE"}.get(state, state)
    await screen.until(lambda desk: not desk.resuming and state_of(desk) == after)
    assert screen.desk.absence is not None
