"""The console's own run: its simulator is a process of its own, and nothing of it is left behind."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import sqlite3
from contextlib import closing, suppress
from pathlib import Path

import httpx
import pytest

from tests.flow.screen import Screen
from warmxfer_tui.clock import SystemClock
from warmxfer_tui.core.actions import Allowed, allowed
from warmxfer_tui.core.events import Pressed
from warmxfer_tui.core.model import Desk
from warmxfer_tui.journal import journal_file
from warmxfer_tui.journal.lease import read
from warmxfer_tui.listener import ListenError
from warmxfer_tui.numbers import has_region, kind_of
from warmxfer_tui.runtime.session import Session
from warmxfer_tui.settings import Numbering, Settings, Sources, load
from warmxfer_tui.simulator.credentials import Credentials
from warmxfer_tui.simulator.handover import handover_file
from warmxfer_tui.simulator.lifeline import LOOK_S
from warmxfer_tui.simulator.service import Simulator
from warmxfer_tui.telnyx.errors import AuthenticationError


def settings(**values: str) -> Settings:
    return load(Sources(environ=values), Numbering(has_region, kind_of))


def nobody(_secret: str) -> None:
    """Nothing is logged here: nobody has to be told a secret."""


def simulators() -> set[str]:
    """Ids of the living simulators whose handover lies in this test's own state folder."""
    if not Path("/proc/self/cmdline").exists():
        pytest.skip("only Linux lists processes as files")
    found: set[str] = set()
    for folder in Path("/proc").iterdir():
        with suppress(OSError):  # a process that has just ended
            words = (folder / "cmdline").read_bytes().split(b"\0")  # empty for one that waits to be reaped
            if str(handover_file()).encode() in words:
                found.add(folder.name)
    return found


async def gone() -> None:
    """Return when no simulator lives: it closes its connections a moment before it is gone itself."""
    async with asyncio.timeout(5):
        while simulators():  # noqa: ASYNC110
            await asyncio.sleep(0.01)


@pytest.mark.proof
async def test_without_an_account_a_customer_rings_and_is_answered_by_one_key() -> None:
    tasks = asyncio.all_tasks()
    screen = Screen()
    session = Session(settings(), screen, nobody)
    assert await session.ready() == "SIMULATOR"
    assert len(simulators()) == 1, "the simulator is a process of its own"
    await screen.shows("RING")
    session.submit(Pressed(at=0, verb="answer"))
    await screen.shows("TALK")
    for _ in range(3):  # as the dialog does: two presses, and the leaving itself
        session.submit(Pressed(at=0, verb="quit", text="drop"))
    await screen.until(lambda desk: not any(leg.alive for leg in desk.legs.values()))
    await session.stop()
    await gone()
    assert asyncio.all_tasks() == tasks


@pytest.mark.proof
async def test_a_console_that_leaves_its_calls_to_a_guardian_leaves_the_simulator_to_it_as_well() -> None:
    screen = Screen()
    session = Session(settings(), screen, nobody)
    try:
        await session.ready()
        await screen.shows("RING")
        session.submit(Pressed(at=0, verb="answer"))
        await screen.until(lambda desk: isinstance(allowed(desk)["hold"], Allowed))
        session.submit(Pressed(at=0, verb="hold"))
        await screen.shows("HELD")
        async with asyncio.timeout(10):
            while not session.guarded:  # noqa: ASYNC110 - another process's doing
                await asyncio.sleep(0.05)
        session.submit(Pressed(at=0, verb="quit", text="guardian"))
        await session.stop()
        async with asyncio.timeout(10):
            while not _guardian_has_it():  # noqa: ASYNC110 - another process's doing
                await asyncio.sleep(0.05)
        await asyncio.sleep(4 * LOOK_S)
        assert len(simulators()) == 1, "nobody talks, and it goes on"
    finally:
        await session.stop()
        for process in simulators():
            os.kill(int(process), signal.SIGKILL)


def _guardian_has_it() -> bool:
    with closing(sqlite3.connect(journal_file(simulated=True))) as db:
        return read(db).owner.startswith("guardian")


async def test_on_the_simulator_webhooks_come_to_the_port_that_is_named() -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    session = Session(settings(LISTEN_PORT=str(port)), Screen(), nobody)
    try:
        assert await session.ready() == "SIMULATOR"
        async with httpx.AsyncClient(trust_env=False) as client:
            reply = await client.get(f"http://127.0.0.1:{port}/healthz")
        assert (reply.status_code, reply.text) == (200, "ok\n")
    finally:
        await session.stop()


async def test_a_session_that_is_stopped_while_it_opens_leaves_nothing_behind() -> None:
    tasks = asyncio.all_tasks()
    session = Session(settings(), Screen(), nobody)
    await session.stop()
    await session.stop()
    await gone()
    assert asyncio.all_tasks() == tasks


# --- an account: the same simulator, but reached by settings as Telnyx would be ------------------------


def account(simulator: Simulator, **values: str) -> Settings:
    keys = simulator.credentials
    environ = {
        "TELNYX_API_KEY": keys.api_key,
        "TELNYX_PUBLIC_KEY": keys.public_key,
        "TELNYX_CONNECTION_ID": keys.connection_id,
        "TELNYX_PHONE_NUMBER": keys.phone_number,
        "TELNYX_BASE_URL": simulator.base_url,
        "AGENT_LINE": "+12025550101",
        "LISTEN_PORT": "0",
    }
    return settings(**(environ | values))


async def opened(settings: Settings) -> tuple[str, Desk]:
    """The status line and the first desk of a session that is then closed."""
    screen = Screen()
    session = Session(settings, screen, nobody)
    try:
        return await session.ready(), screen.desk
    finally:
        await session.stop()


async def test_on_an_account_the_application_is_looked_at_and_left_as_it_is() -> None:
    theirs = "https://desk.example.com/webhooks"
    async with Simulator(Credentials.fresh(), clock=SystemClock(), webhook_url=theirs) as simulator:
        status, desk = await opened(account(simulator, PUBLIC_URL="https://desk.example.com"))
        application = simulator.world.account.application(simulator.credentials.connection_id)
    assert application is not None
    assert application.webhook_event_url == theirs
    assert status == "webhooks: https://desk.example.com/webhooks"
    assert desk.notices == ()
    assert desk.policy.hold_media is not None


@pytest.mark.parametrize(
    ("public_url", "words"),
    [
        ("https://other.example.com", "to https://other.example.com/webhooks (PUBLIC_URL"),
        ("", "PUBLIC_URL is not set"),
    ],
)
async def test_webhooks_that_go_elsewhere_are_told_and_not_redirected(public_url: str, words: str) -> None:
    theirs = "https://desk.example.com/webhooks"
    async with Simulator(Credentials.fresh(), clock=SystemClock(), webhook_url=theirs) as simulator:
        _, desk = await opened(account(simulator, PUBLIC_URL=public_url))
    (notice,) = desk.notices
    assert notice.level == "alarm"
    assert words in notice.text
    assert theirs in notice.text


async def test_the_packaged_hold_sound_is_uploaded_once() -> None:
    async with Simulator(Credentials.fresh(), clock=SystemClock()) as simulator:
        _, first = await opened(account(simulator))
        stored = await simulator.handle("GET", "/media", {}, None)
        _, second = await opened(account(simulator))
        assert await simulator.handle("GET", "/media", {}, None) == stored, "its dates would tell"
    assert first.policy.hold_media == second.policy.hold_media
    assert f"'{first.policy.hold_media}'" in str(stored.body)
    assert first.policy.hold_length >= 180_000


async def test_a_hold_sound_of_the_account_is_used_if_it_exists_and_replaced_aloud_if_not() -> None:
    async with Simulator(Credentials.fresh(), clock=SystemClock()) as simulator:
        upload = {"media_name": "ours", "content_length": 1_000_000, "content_type": "audio/wav"}
        simulator.step(lambda world: world.handle("POST", "/media", {}, upload))
        _, ours = await opened(account(simulator, HOLD_MEDIA_NAME="ours", HOLD_SECONDS="62"))
        _, theirs = await opened(account(simulator, HOLD_MEDIA_NAME="gone"))
    assert (ours.policy.hold_media, ours.policy.hold_length) == ("ours", 62_000)
    assert theirs.policy.hold_media != "gone"
    assert any("gone is not in the account" in notice.text for notice in theirs.notices)


async def test_a_wrong_key_ends_the_start_with_a_sentence_about_it() -> None:
    async with Simulator(Credentials.fresh(), clock=SystemClock()) as simulator:
        wrong = account(simulator, TELNYX_API_KEY="KEY0123456789ABCDEF")
        with pytest.raises(AuthenticationError):
            await opened(wrong)


async def test_a_port_that_is_taken_ends_the_start_with_a_sentence_about_it() -> None:
    async with Simulator(Credentials.fresh(), clock=SystemClock()) as simulator:
        port = simulator.base_url.rsplit(":", 1)[1].partition("/")[0]
        with pytest.raises(ListenError, match="Cannot listen"):
            await opened(account(simulator, LISTEN_PORT=port))


async def test_the_targets_of_the_file_are_whom_a_consult_can_call(tmp_path: Path) -> None:
    file = tmp_path / "targets"
    file.write_text("Maria, (202) 555-0151  # upstairs\nTom, +1 202 555 0152\n", "utf-8")
    session = Session(settings(TARGETS_FILE=str(file)), Screen(), nobody)
    try:
        await session.ready()
        called = session.people("consult")
        assert [(person.name, person.number.e164) for person in called] == [
            ("Maria", "+12025550151"),
            ("Tom", "+12025550152"),
        ]
        assert {person.name for person in session.people("dial")}.isdisjoint({"Maria", "Tom"})
    finally:
        await session.stop()
