"""What a desk is opened with, made from the settings or from a simulator's handover."""

from __future__ import annotations

from dataclasses import dataclass

from warmxfer_tui.core.directory import Person
from warmxfer_tui.core.policy import Policy
from warmxfer_tui.core.terms import Number
from warmxfer_tui.numbers import parse
from warmxfer_tui.settings import Secret, Settings

SIMULATED_LINE = Number("+12025550101", "your phone")
"""A persona that answers and confirms by itself (`simulator.world.personas`)."""

SIMULATED_TARGETS = (
    Person("Maria", Number("+12025550110", "+1 202-555-0110"), "billing"),
    Person("Ben, always busy", Number("+12025550111", "+1 202-555-0111"), "billing"),
    Person("Chloe, declines", Number("+12025550112", "+1 202-555-0112"), "sales"),
    Person("Dan, never answers", Number("+12025550113", "+1 202-555-0113"), "sales"),
    Person("Eva's voicemail", Number("+12025550114", "+1 202-555-0114"), "support"),
    Person("Finn, hangs up soon", Number("+12025550115", "+1 202-555-0115"), "support"),
    Person("Gus, slow to answer", Number("+12025550117", "+1 202-555-0117"), "support"),
)
"""Colleagues whose phones are personas of the simulator, each named by its habit; the first just answers."""
SIMULATED_CUSTOMERS = (
    Person("Carl Custer", Number("+12025550120", "+1 202-555-0120")),
    Person("Iris, gives up on hold", Number("+12025550121", "+1 202-555-0121")),
)


@dataclass(frozen=True, slots=True)
class Account:
    """The carrier's address, and who we are to it."""

    base_url: str
    api_key: Secret
    public_key: str
    connection_id: str
    phone_number: str
    simulated: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What a desk is opened with."""

    account: Account
    policy: Policy
    """Without a hold sound of the account's: which one there is, is found out at the carrier."""
    media_name: str | None = None
    """A file in the account's storage that replaces the packaged hold sound, `policy.hold_length` long."""
    host: str = "127.0.0.1"
    port: int = 0
    public_url: str | None = None


def account_of(settings: Settings) -> Account:
    """The real account that the settings name; `settings.load` has seen to it that they are complete."""
    key = settings.api_key
    if key is None:
        raise ValueError("without an API key there is the simulator only")
    return Account(
        settings.base_url,
        key,
        settings.public_key or "",
        settings.connection_id or "",
        parse(settings.phone_number or "", settings.default_region).e164,
    )


def plan_of(settings: Settings, account: Account) -> Plan:
    """The plan that the settings ask for. Raises `NumberError` for a line that cannot be dialled."""
    line = parse(settings.agent_line, settings.default_region) if settings.agent_line else SIMULATED_LINE
    policy = Policy(
        desk=settings.desk_name,
        agent_name=settings.agent_name,
        line=line,
        from_number=account.phone_number,
        connection=account.connection_id,
        hold_audio_url=settings.hold_audio_url,
        hold_length=settings.hold_seconds * 1_000,
        trust_sip_line=settings.agent_line_trusted,
        line_keep=settings.agent_line_keep * 60_000,
    )
    return Plan(
        account=account,
        policy=policy,
        media_name=settings.hold_media_name,
        host=settings.listen_host,
        port=settings.listen_port,
        public_url=settings.public_url,
    )


def targets_of(settings: Settings) -> tuple[Person, ...]:
    """The colleagues of TARGETS_FILE, in its order.

    Without a file, the simulator's own on the simulator, and nobody on an account. Raises `NumberError` for
    settings that `settings.load` has not judged.
    """
    if settings.targets is None:
        return SIMULATED_TARGETS if settings.simulated else ()
    return tuple(
        Person(target.name or number.shown, number, target.team)
        for target in settings.targets
        for number in (parse(target.number, settings.default_region),)
    )
