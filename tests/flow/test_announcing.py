"""Opening a desk on an account: what is looked at there, what is said about it, and what ends the start."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import pytest

from tests.memory_journal import MemoryJournal
from warmxfer_tui.clock import JumpClock, run_jump
from warmxfer_tui.core.model import Desk
from warmxfer_tui.core.policy import Policy
from warmxfer_tui.errors import WarmxferError
from warmxfer_tui.runtime.desk import NoApplication, open_desk, webhook_address
from warmxfer_tui.runtime.plan import Account, Plan
from warmxfer_tui.settings import Secret
from warmxfer_tui.simulator.credentials import Credentials
from warmxfer_tui.simulator.faults import Fault, FaultKind
from warmxfer_tui.simulator.service import Simulator
from warmxfer_tui.telnyx.errors import AuthenticationError

PUBLIC = "https://desk.example.com"
APPLICATION = "/call_control_applications/*"
ALWAYS = 99


class Screen:
    """A publisher that keeps the newest desk."""

    def __init__(self) -> None:
        self.desk = Desk()

    def publish(self, desk: Desk) -> None:
        self.desk = desk


def complaints(
    webhook_url: str = f"{PUBLIC}/webhooks",
    *,
    public_url: str = PUBLIC,
    api_key: str | None = None,
    connection_id: str | None = None,
    prepare: Callable[[Simulator], object] = lambda simulator: None,
) -> list[str]:
    """What the agent is told when the desk opens. Raises what ends the start."""

    async def opening() -> list[str]:
        clock, screen, keys = JumpClock(asyncio.get_running_loop()), Screen(), Credentials.seeded(3)
        async with Simulator(keys, clock=clock, webhook_url=webhook_url) as simulator:
            prepare(simulator)
            account = Account(
                simulator.base_url,
                Secret(api_key or keys.api_key),
                keys.public_key,
                connection_id or keys.connection_id,
                keys.phone_number,
            )
            # With an address for the hold sound, the application is the first thing that is looked at.
            policy = Policy(hold_audio_url="https://example.com/hold.mp3", connection=account.connection_id)
            plan = Plan(account=account, policy=policy, public_url=public_url or None)
            async with open_desk(plan, clock=clock, journal=MemoryJournal("j"), publisher=screen):
                return [notice.text for notice in screen.desk.notices if notice.level == "alarm"]

    return run_jump(opening())


@pytest.mark.parametrize(
    "public_url", [PUBLIC, f"{PUBLIC}/", f"{PUBLIC}/webhooks", f"{PUBLIC}/webhooks/", f"{PUBLIC}//"]
)
def test_the_address_of_the_webhooks_is_the_public_one_with_the_listeners_path(public_url: str) -> None:
    assert webhook_address(public_url) == f"{PUBLIC}/webhooks"
    assert complaints(public_url=public_url) == []


def test_a_public_address_may_have_a_path_of_its_own() -> None:
    assert webhook_address(f"{PUBLIC}/anna") == f"{PUBLIC}/anna/webhooks"
    assert complaints(f"{PUBLIC}/anna/webhooks", public_url=f"{PUBLIC}/anna") == []


@pytest.mark.parametrize(
    "theirs",
    ["https://desk.example.com", "https://desk.example.com/", "https://desk.example.com/webhooks/",
     "https://desk.example.com/webhook", "https://desk.example.com/webhooks/old",
     "https://desk.example.com.other.example/webhooks", "https://desk.example.community/webhooks",
     "http://desk.example.com/webhooks"],
)  # fmt: skip
def test_an_address_that_only_begins_like_ours_is_told_with_the_one_that_is_needed(theirs: str) -> None:
    (told,) = complaints(theirs)
    assert f"sends webhooks to {theirs}. " in told
    assert f" to {PUBLIC}/webhooks (PUBLIC_URL " in told


def test_an_application_without_an_address_sends_its_webhooks_nowhere() -> None:
    (told,) = complaints("")
    assert "sends webhooks to nowhere. " in told
    assert f" to {PUBLIC}/webhooks (" in told


def test_an_address_from_outside_is_cleaned_before_it_is_shown() -> None:
    (told,) = complaints("https://desk.example.com/\x1b]0;owned\x07" + "x" * 1_000)
    assert told.isprintable()
    assert len(told) < 500


TRANSIENT = [
    pytest.param(Fault(FaultKind.REFUSE, "GET", APPLICATION, times=ALWAYS, status=500), id="500"),
    pytest.param(Fault(FaultKind.REFUSE, "GET", APPLICATION, times=ALWAYS, status=503), id="503"),
    pytest.param(
        Fault(FaultKind.REFUSE, "GET", APPLICATION, times=ALWAYS, status=429, code="10011"), id="429"
    ),
    pytest.param(Fault(FaultKind.DELAY, "GET", APPLICATION, times=ALWAYS, delay_s=30), id="timeout"),
    pytest.param(Fault(FaultKind.DROP, "GET", APPLICATION, times=ALWAYS), id="broken off"),
]


@pytest.mark.parametrize("fault", TRANSIENT)
def test_a_carrier_that_has_trouble_does_not_keep_the_desk_shut(fault: Fault) -> None:
    (told,) = complaints(prepare=lambda simulator: simulator.faults.add(fault))
    assert told.startswith("It could not be checked where the application sends its webhooks: ")
    assert len(told) > 80, "and why"


def test_a_key_that_is_not_accepted_ends_the_start() -> None:
    with pytest.raises(AuthenticationError) as raised:
        complaints(api_key="KEYwrong")
    assert "TELNYX_API_KEY" in raised.value.hint


def test_an_application_that_the_key_may_not_see_ends_the_start() -> None:
    fault = Fault(FaultKind.REFUSE, "GET", APPLICATION, status=403, code="10010", title="Not allowed")
    assert "TELNYX_API_KEY and TELNYX_CONNECTION_ID" in hint_of(
        lambda: complaints(prepare=lambda simulator: simulator.faults.add(fault))
    )


@pytest.mark.parametrize("connection_id", ["1234567890123456789", "not-an-id"])
def test_an_application_that_does_not_exist_ends_the_start(connection_id: str) -> None:
    assert "TELNYX_CONNECTION_ID" in hint_of(lambda: complaints(connection_id=connection_id))


def test_an_id_that_telnyx_refuses_ends_the_start() -> None:
    fault = Fault(FaultKind.REFUSE, "GET", APPLICATION, status=422, code="10015", title="Bad Request")
    assert "TELNYX_CONNECTION_ID" in hint_of(
        lambda: complaints(prepare=lambda simulator: simulator.faults.add(fault))
    )


def hint_of(opening: Callable[[], object]) -> str:
    """What a person is told to do when the start ends."""
    with pytest.raises(WarmxferError) as raised:
        opening()
    assert isinstance(raised.value, NoApplication)
    return raised.value.hint
