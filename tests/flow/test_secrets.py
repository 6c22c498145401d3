"""No secret of a run gets into its log, however talkative everything is that logs."""

from __future__ import annotations

import asyncio
import base64
import logging
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest

from tests.flow.screen import Screen
from warmxfer_tui.clock import SystemClock
from warmxfer_tui.core.events import Pressed
from warmxfer_tui.core.terms import Role, State
from warmxfer_tui.log import Scrubber, logging_to
from warmxfer_tui.numbers import has_region, kind_of
from warmxfer_tui.runtime.session import Session
from warmxfer_tui.settings import Numbering, Sources, load
from warmxfer_tui.simulator import process
from warmxfer_tui.simulator.credentials import Credentials
from warmxfer_tui.simulator.handover import Handover
from warmxfer_tui.simulator.process import SimulatorProcess
from warmxfer_tui.simulator.service import Simulator

EVERYTHING = 1
log = logging.getLogger("warmxfer_tui.tests")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "w.log"


@pytest.fixture
def scrubber(file: Path) -> Iterator[Scrubber]:
    """A log that takes in everything that anybody says, numbers too."""
    with logging_to(file, numbers=True) as opened:
        for name in ("", "warmxfer_tui"):
            logging.getLogger(name).setLevel(EVERYTHING)  # `logging_to` takes it back
        yield opened


@pytest.fixture
def handovers(monkeypatch: pytest.MonkeyPatch) -> list[Handover]:
    """What every simulator that is started as a process has told about itself. Customers ring at once."""
    seen: list[Handover] = []
    spawn = process.spawn

    async def listening(**options: Any) -> SimulatorProcess:
        started = await spawn(**options)
        seen.append(started.handover)
        monkeypatch.setattr(started, "leave", started.stop)  # nobody is to talk on when the test is over
        return started

    monkeypatch.setattr(process, "spawn", listening)
    monkeypatch.setattr("warmxfer_tui.runtime.session.FIRST_CALLER_S", 0.0)
    return seen


async def accept_a_call(session: Session, screen: Screen) -> None:
    """Let a customer ring in, and have the line dialled: requests have left, webhooks have come."""
    await screen.until(lambda desk: State.RING in [call.state for call in desk.calls.values()])
    session.submit(Pressed(at=0, verb="answer"))
    await screen.until(lambda desk: any(leg.role is Role.AGENT and leg.ccid for leg in desk.legs.values()))


def told(file: Path) -> str:
    text = file.read_text(encoding="utf-8")
    assert text.count('"debug"') > 20, "the log was talkative"
    return text


async def test_the_keys_of_a_simulator_never_get_into_the_log(
    file: Path, scrubber: Scrubber, handovers: list[Handover]
) -> None:
    asyncio.get_running_loop().set_debug(True)
    screen = Screen()
    session = Session(load(Sources(), Numbering(has_region, kind_of)), screen, scrubber.hide)
    try:
        await session.ready()
        (handover,) = handovers
        await accept_a_call(session, screen)
        # And if somebody logs the whole of it by mistake:
        log.error("handover %s", asdict(handover))
        log.error("handover", extra={"line": handover.line(), "environment": handover.environment()})
    finally:
        await session.stop()
    secrets = {handover.api_key, handover.control_token}
    assert secrets == set(handover.secrets)
    text = told(file)
    assert [secret for secret in secrets if secret in text] == []
    assert text.count("[secret]") >= 3


def test_what_a_handover_does_not_show_is_what_the_log_is_told_to_hide() -> None:
    handover = Handover("http://h/v2", "http://h/sim", "KEY1", "KEY2", "cHVi", "123", "+12025550100")
    assert handover.secrets == ("KEY1", "KEY2")
    assert not any(secret in repr(handover) for secret in handover.secrets)


async def test_neither_the_key_of_an_account_nor_its_signing_seed_gets_into_the_log(
    file: Path, scrubber: Scrubber
) -> None:
    """The same carrier in this process: what it logs itself, and aiohttp for it, stands in the file too."""
    asyncio.get_running_loop().set_debug(True)
    keys, screen = Credentials.fresh(), Screen()
    async with Simulator(keys, clock=SystemClock()) as simulator:
        environ = {
            "TELNYX_API_KEY": keys.api_key,
            "TELNYX_PUBLIC_KEY": keys.public_key,
            "TELNYX_CONNECTION_ID": keys.connection_id,
            "TELNYX_PHONE_NUMBER": keys.phone_number,
            "TELNYX_BASE_URL": simulator.base_url,
            "AGENT_LINE": "+12025550101",
            "LISTEN_PORT": "0",
        }
        settings = load(Sources(environ=environ), Numbering(has_region, kind_of))
        for secret in settings.secrets:
            scrubber.hide(secret)
        session = Session(settings, screen, scrubber.hide)
        try:
            status = await session.ready()
            body = {"application_name": "x", "webhook_event_url": status.removeprefix("webhooks: ")}
            path = f"/call_control_applications/{keys.connection_id}"
            assert (await simulator.handle("PATCH", path, {}, body)).status == 200
            simulator.ring_in("+12025550120", "Ada")
            await accept_a_call(session, screen)
            log.error("settings %r, and the key %s", settings, keys.api_key)
        finally:
            await session.stop()
    seed = bytes(keys.signing_key)
    forms = (keys.api_key, seed.hex(), base64.b64encode(seed).decode(), repr(seed)[2:-1])
    text = told(file)
    assert [form for form in forms if form in text] == []
