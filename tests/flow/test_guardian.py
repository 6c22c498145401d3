"""A console that is killed, stopped or shut out, and the guardian that goes on: real processes, real time.

Everything is judged by the truth of the simulator, who hears whom, and by the journal: which process sent.
"""

from __future__ import annotations

import asyncio
import os
import signal
import sqlite3
import sys
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, closing

import pytest

from tests.flow.screen import Screen
from tests.flow.test_session import account, nobody
from tests.flow.victim import (
    CUSTOMER,
    LINE,
    MARIA,
    Recorder,
    Victim,
    agrees,
    environment,
    free_port,
    point_webhooks,
    simulator,
    state_of,
)
from tests.terminals.proving import ROOT
from tests.terminals.terminal import Terminal
from warmxfer_tui.core.absence import sheet_of
from warmxfer_tui.core.events import Pressed
from warmxfer_tui.guardian.program import IN_FLIGHT_S
from warmxfer_tui.journal import journal_file
from warmxfer_tui.journal.lease import LEASE_MS, Lease, read
from warmxfer_tui.runtime.door import door_of
from warmxfer_tui.runtime.session import Session
from warmxfer_tui.simulator.faults import Fault, FaultKind
from warmxfer_tui.simulator.service import Simulator
from warmxfer_tui.simulator.world.model import Direction, Leg
from warmxfer_tui.telnyx.errors import AuthenticationError

pytestmark = [pytest.mark.proof, pytest.mark.timeout(90)]

SECOND = "+12025550144"
"""Another customer."""
LOST_S = 10.0
"""Within which customer and agent are to be talking after a console has been killed (issue: "Done when")."""
WITHIN_S = 20.0


@asynccontextmanager
async def in_a_call(*keys: str) -> AsyncIterator[tuple[Recorder, Victim]]:
    """A console that guards its call, with keys pressed; no process is left behind."""
    async with simulator() as one:
        victim = await Victim.start(one)
        try:
            one.ring_in(CUSTOMER, "Ms Ortiz")
            await victim.says("RING")
            await victim.press("answer")
            await victim.says("TALK")
            await guarded()
            for key in keys:
                await victim.press(key)
            yield one, victim
        finally:
            await victim.kill()
            for process in guardians():
                os.kill(process, signal.SIGKILL)
            await until(lambda: not guardians())


def guardians() -> set[int]:
    """Processes that hold the guardian's lock of this test's own journal."""
    lock = journal_file(simulated=False).with_suffix(".guardian.lock")
    try:
        text = lock.read_text().strip()
        os.kill(int(text), 0)
    except (OSError, ValueError):
        return set()
    with open(f"/proc/{text}/stat") as about:
        return set() if about.read().split(")")[1].split()[0] == "Z" else {int(text)}


async def guarded() -> None:
    """Return when there is a guardian, and its door is open."""
    await until(lambda: bool(guardians()) and os.path.lexists(door_of(journal_file(simulated=False))))


async def until(holds: Callable[[], bool], within_s: float = WITHIN_S) -> None:
    async with asyncio.timeout(within_s):
        while not holds():  # noqa: ASYNC110 - another process's doing
            await asyncio.sleep(0.02)


def lease() -> Lease:
    with closing(sqlite3.connect(journal_file(simulated=False))) as db:
        return read(db)


def events(kind: str) -> list[str]:
    """Events of a kind in the journal."""
    with closing(sqlite3.connect(journal_file(simulated=False))) as db:
        return [text for (text,) in db.execute("SELECT event FROM log") if text.startswith(f'{{"{kind}"')]


def hear_each_other(one: Simulator, *numbers: str) -> bool:
    """Whether these are on the line and hear each other and nobody else, in truth."""
    legs = {phone(leg): ccid for ccid, leg in one.world.legs.items() if leg.alive}
    there = {legs.get(number, "") for number in numbers}
    return "" not in there and all(set(one.world.hears(ccid).people) == there - {ccid} for ccid in there)


def phone(leg: Leg) -> str:
    """The number at the far end."""
    return leg.from_ if leg.direction is Direction.INCOMING else leg.to


@asynccontextmanager
async def back(one: Simulator, port: int) -> AsyncIterator[tuple[Session, Screen]]:
    """The next console, in this process."""
    screen = Screen()
    session = Session(account(one, LISTEN_PORT=str(port)), screen, nobody)
    try:
        await session.ready()
        await screen.until(lambda desk: not desk.resuming)
        yield session, screen
    finally:
        await session.stop()


def told(screen: Screen) -> str:
    """The sheet, as one text."""
    sheet = sheet_of(screen.desk, screen.desk.now)
    return "\n".join((sheet.title, *sheet.meanwhile)) if sheet else ""


async def connects(port: int) -> bool:
    """Whether a webhook finds an open port."""
    try:
        _, writer = await asyncio.open_connection("127.0.0.1", port)
    except OSError:
        return False
    writer.close()
    return True


async def test_killed_in_a_consult_ten_seconds_later_customer_and_agent_talk() -> None:
    async with in_a_call(f"consult {MARIA}") as (one, victim):
        await victim.says("CONSULT")
        await victim.kill()
        killed_at = asyncio.get_running_loop().time()
        await until(lambda: lease().owner.startswith("guardian"), LOST_S)
        asked = one.asked
        await asyncio.sleep(IN_FLIGHT_S - 0.2)
        assert one.asked == asked, "what the console has sent may still take effect"
        await until(lambda: hear_each_other(one, LINE, CUSTOMER), LOST_S)
        assert asyncio.get_running_loop().time() - killed_at < LOST_S


async def test_killed_and_started_again_at_once_nobody_has_acted_and_the_next_key_works() -> None:
    async with in_a_call(f"consult {MARIA}") as (one, victim):
        await victim.says("CONSULT")
        before = lease()
        (guardian,) = guardians()
        await victim.kill()
        async with back(one, victim.port) as (session, screen):
            await screen.until(lambda desk: state_of(desk) == "CONSULT" and agrees(one, desk))
            assert lease().epoch == before.epoch + 1
            assert not screen.desk.unattended
            assert "guardian" not in told(screen)
            await until(lambda: guardians().isdisjoint({guardian}) and bool(guardians()))
            session.submit(Pressed(0, "merge"))
            await until(lambda: hear_each_other(one, LINE, MARIA, CUSTOMER))


async def test_stopped_and_woken_only_the_guardian_has_acted_and_the_screen_says_so() -> None:
    async with in_a_call(f"consult {MARIA}") as (one, victim):
        await victim.says("CONSULT")
        await stopped(victim)
        await until(lambda: hear_each_other(one, LINE, CUSTOMER), LOST_S)
        assert lease().owner.startswith("guardian")
        await asyncio.sleep(20 - LOST_S)
        assert not lease().over(int(time.monotonic() * 1_000)), "who is in charge gives signs of life too"
        acted = len(one.sent)
        victim.go_on()
        await victim.says("resuming")
        await victim.says("TALK")
        await victim.says("sheet: guardian")
        await until(lambda: lease().owner.startswith("console") and bool(guardians()))
        assert one.sent[acted:] == [], "the console that woke has sent nothing of its own"
        assert len(one.sent) == len(set(one.sent)), "no request was sent by both"
        await victim.press("hold")
        await victim.says("HELD")


async def stopped(victim: Victim) -> None:
    """Stop it, outside a commit."""
    while True:
        victim.stop()
        with closing(sqlite3.connect(journal_file(simulated=False), timeout=0.2)) as db:
            try:
                db.execute("BEGIN IMMEDIATE")
            except sqlite3.OperationalError:
                victim.go_on()
                await asyncio.sleep(0.05)
            else:
                return


async def test_stopped_in_the_middle_of_a_commit_it_keeps_nobody_waiting() -> None:
    async with in_a_call("hold") as (one, victim):
        await victim.says("HELD")
        await victim.press("freeze")
        await until(lambda: hear_each_other(one, LINE, CUSTOMER), 2 * LOST_S)


async def test_a_console_that_comes_back_is_told_what_the_guardian_did_and_its_keys_work() -> None:
    async with in_a_call(f"consult {MARIA}") as (one, victim):
        await victim.says("CONSULT")
        await victim.kill()
        await until(lambda: hear_each_other(one, LINE, CUSTOMER), LOST_S)
        async with back(one, victim.port) as (session, screen):
            await screen.until(lambda desk: state_of(desk) == "TALK" and agrees(one, desk))
            assert lease().owner.startswith("console")
            assert told(screen).startswith("The guardian ran this desk for ")
            assert f"{MARIA} was told that it is not possible now; Ms Ortiz is with you." in told(screen)
            await screen.until(lambda desk: not desk.unattended)
            session.submit(Pressed(0, "hold"))
            await screen.until(lambda desk: state_of(desk) == "HELD")


async def test_webhooks_find_an_open_port_whoever_runs_the_desk() -> None:
    async with in_a_call() as (one, victim):
        await victim.kill()
        taken = [await connects(victim.port) for _ in range(3)]
        await until(lambda: lease().owner.startswith("guardian"))
        async with back(one, victim.port):
            taken.append(await connects(victim.port))
        assert all(taken)


async def test_a_guardian_that_is_killed_is_replaced_and_the_next_one_does_its_work() -> None:
    async with in_a_call("hold") as (one, victim):
        await victim.says("HELD")
        (first,) = guardians()
        os.kill(first, signal.SIGKILL)
        await until(lambda: bool(guardians() - {first}))
        await guarded()
        await victim.kill()
        await until(lambda: hear_each_other(one, LINE, CUSTOMER), LOST_S)


async def test_both_killed_the_next_console_finds_the_same_panels() -> None:
    async with in_a_call(f"consult {MARIA}") as (one, victim):
        await victim.says("CONSULT")
        (guardian,) = guardians()
        os.kill(guardian, signal.SIGKILL)
        await victim.kill()
        await until(lambda: not guardians())
        async with back(one, victim.port) as (session, screen):
            await screen.until(lambda desk: state_of(desk) == "CONSULT" and agrees(one, desk))
            session.submit(Pressed(0, "merge"))
            await until(lambda: hear_each_other(one, LINE, MARIA, CUSTOMER))


async def test_a_guardian_killed_while_it_takes_over_leaves_the_desk_to_the_next_console() -> None:
    async with in_a_call(f"consult {MARIA}") as (one, victim):
        await victim.says("CONSULT")
        (guardian,) = guardians()
        await victim.kill()
        await until(lambda: lease().owner.startswith("guardian"))
        os.kill(guardian, signal.SIGKILL)
        async with back(one, victim.port) as (session, screen):
            await screen.until(lambda desk: state_of(desk) == "CONSULT" and agrees(one, desk))
            session.submit(Pressed(0, "merge"))
            await until(lambda: hear_each_other(one, LINE, MARIA, CUSTOMER))


async def test_of_two_calls_the_agents_own_goes_on_and_the_other_customer_keeps_the_music() -> None:
    async with in_a_call("hold") as (one, victim):
        await victim.says("HELD")
        other = one.ring_in(SECOND, "Mr Iwu")
        await victim.says("HELD RING")
        await victim.press("answer")
        await victim.says("HELD TALK")
        await victim.kill()
        await until(lambda: bool(events("ConsoleLost")))
        assert LINE in {phone(one.world.legs[ccid]) for ccid in one.world.hears(other).people}
        first = next(ccid for ccid, leg in one.world.legs.items() if leg.alive and phone(leg) == CUSTOMER)
        assert not one.world.hears(first).people
        assert one.world.hears(first).sounds, "music, or a word"
        one.step(lambda world: world.party_hangs_up(other))
        await until(lambda: hear_each_other(one, LINE, CUSTOMER))


async def test_the_guardian_that_is_left_in_charge_goes_on_at_once() -> None:
    async with in_a_call("hold", "quit guardian") as (one, victim):
        await victim.end()
        await until(lambda: hear_each_other(one, LINE, CUSTOMER), 5.0)
        assert lease().owner.startswith("guardian")


async def test_a_console_that_ends_in_good_order_with_nobody_on_the_line_takes_its_guardian_along() -> None:
    async with in_a_call("drop", "drop") as (one, victim):
        await until(lambda: not any(leg.alive and phone(leg) == CUSTOMER for leg in one.world.legs.values()))
        await victim.press("quit")
        await until(lambda: not any(leg.alive for leg in one.world.legs.values()))
        await victim.end()
        await until(lambda: not guardians(), 3.0)
        assert lease().owner == ""
        assert not await connects(victim.port), "and lets go of the port"


async def test_a_terminal_that_is_closed_ends_the_console_and_not_the_call() -> None:
    async with simulator() as one:
        port = free_port()
        point_webhooks(one, port)
        command = [sys.executable, "-m", "warmxfer_tui"]
        with Terminal(command, {**os.environ, **environment(one, port), "TERM": "xterm"}, ROOT) as terminal:

            async def shows(text: str) -> None:
                await asyncio.to_thread(terminal.until, lambda: text in terminal.shown(), WITHIN_S, text)

            await shows("Nobody is on the line")
            one.ring_in(CUSTOMER, "Ms Ortiz")
            await shows("RINGING")
            terminal.press("a")
            await shows("[h] hold Ms Ortiz")
            terminal.press("h")
            await shows("HELD")
            await guarded()
            terminal.hang_up()
            await until(lambda: hear_each_other(one, LINE, CUSTOMER), LOST_S)
            assert lease().owner.startswith("guardian")
        for process in guardians():
            os.kill(process, signal.SIGKILL)
        await until(lambda: not guardians())


async def test_a_console_that_cannot_begin_leaves_the_desk_with_the_guardian() -> None:
    async with in_a_call("hold") as (one, victim):
        await victim.says("HELD")
        (guardian,) = guardians()
        await victim.kill()
        wrong = {"TELNYX_API_KEY": "KEY-of-somebody-else", "LISTEN_PORT": str(victim.port)}
        session = Session(account(one, **wrong), Screen(), nobody)
        with pytest.raises(AuthenticationError):
            await session.ready()
        await session.stop()
        await until(lambda: hear_each_other(one, LINE, CUSTOMER), LOST_S)
        assert guardian in guardians()
        assert lease().owner == f"guardian {guardian}"


async def test_one_that_takes_its_time_to_fail_does_not_put_its_own_guardian_in_charge(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def refused(*_: object) -> None:
        await asyncio.sleep(3)
        raise AuthenticationError("The key was revoked")

    monkeypatch.setattr("warmxfer_tui.runtime.desk._with_hold_sound", refused)
    async with in_a_call("hold") as (one, victim):
        await victim.says("HELD")
        (guardian,) = guardians()
        await victim.kill()
        session = Session(account(one, LISTEN_PORT=str(victim.port)), Screen(), nobody)
        with pytest.raises(AuthenticationError):
            await session.ready()
        await session.stop()
        await until(lambda: hear_each_other(one, LINE, CUSTOMER), LOST_S)
        assert lease().owner == f"guardian {guardian}"


async def test_a_console_killed_while_it_begins_leaves_the_desk_with_a_guardian() -> None:
    async with in_a_call("hold") as (one, victim):
        await victim.says("HELD")
        await victim.kill()
        await until(lambda: hear_each_other(one, LINE, CUSTOMER), LOST_S)
        one.faults.add(Fault(FaultKind.DELAY, "GET", "/media*", delay_s=30.0))
        before = lease().epoch
        second = await Victim.begin(one, victim.port)
        await until(lambda: lease().epoch > before)
        await second.kill()
        one.faults.clear()
        one.step(
            lambda world: world.party_hangs_up(
                next(ccid for ccid, leg in world.legs.items() if leg.alive and phone(leg) == LINE)
            )
        )
        await until(lambda: lease().epoch > before + 1)
        assert lease().owner.startswith("guardian")
        await until(lambda: hear_each_other(one, LINE, CUSTOMER))


async def test_a_console_whose_disk_hangs_is_not_lost_for_it_beats() -> None:
    async with in_a_call(f"consult {MARIA}") as (one, victim):
        await victim.says("CONSULT")
        before = lease()
        with closing(sqlite3.connect(journal_file(simulated=False), isolation_level=None)) as db:
            db.execute("BEGIN IMMEDIATE")
            await asyncio.sleep((LEASE_MS + 3_000) / 1_000)
            assert before.over(int(time.monotonic() * 1_000))
            db.execute("ROLLBACK")
        await until(lambda: not lease().over(int(time.monotonic() * 1_000)))
        assert lease().epoch == before.epoch
        await victim.press("merge")
        await until(lambda: hear_each_other(one, LINE, MARIA, CUSTOMER))
