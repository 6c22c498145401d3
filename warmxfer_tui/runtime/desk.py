"""One open desk: client, engine and listener around one journal, and the carrier told about them.

The console and the demos both open their desk here.
"""

from __future__ import annotations

import logging
from asyncio import timeout
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from socket import socket

from warmxfer_tui.core.events import Configured, ConsoleBack, ConsoleLost, Resumed
from warmxfer_tui.core.policy import RECONCILE, Policy
from warmxfer_tui.engine import Engine
from warmxfer_tui.errors import WarmxferError
from warmxfer_tui.listener import WEBHOOK_PATH, Listener
from warmxfer_tui.media import hold_sound
from warmxfer_tui.ports import Clock, Journal, Publisher
from warmxfer_tui.publishing.publication import Publication
from warmxfer_tui.runtime.plan import Plan
from warmxfer_tui.runtime.recall import Memory
from warmxfer_tui.telnyx.carrier import TelnyxCarrier
from warmxfer_tui.telnyx.client import TelnyxClient
from warmxfer_tui.telnyx.errors import (
    AuthenticationError,
    NotFoundError,
    PermissionDeniedError,
    RateLimitedError,
    RejectedError,
    TelnyxError,
    UnavailableError,
)
from warmxfer_tui.telnyx.message import JsonObject
from warmxfer_tui.telnyx.signature import Verifier
from warmxfer_tui.telnyx.wire import fact_of
from warmxfer_tui.text import clean

_log = logging.getLogger(__name__)

KEEP_SOUND_S = 365 * 86_400
"""How long an uploaded hold sound is kept: Telnyx's own two days would end within a console's life."""
LAST_WORDS_S = 2.0
"""How long requests that are on their way, hang-ups above all, are given when the desk closes."""


_LONGEST_ADDRESS = 200  # of an address that somebody else has written, when it is shown


class NoApplication(WarmxferError):
    """The application that the settings name cannot be used."""


@dataclass(frozen=True, slots=True)
class OpenDesk:
    """A desk that takes keys and webhooks."""

    engine: Engine
    client: TelnyxClient
    listener: Listener


@asynccontextmanager
async def open_desk(
    plan: Plan,
    *,
    clock: Clock,
    journal: Journal,
    publisher: Publisher,
    memory: Memory | None = None,
    inherited: socket | None = None,
    attended: bool = True,
) -> AsyncIterator[OpenDesk]:
    """Open client, engine and listener, and let the desk go on from what is remembered.

    A guardian's desk is not ``attended``: nobody is at its keys. Raises `WarmxferError`.

    On the way out, what is still on its way to the carrier is given `LAST_WORDS_S`.
    """
    account = plan.account
    verify = Verifier(account.public_key).flaw
    async with TelnyxClient(account.api_key.reveal(), clock=clock, base_url=account.base_url) as client:
        memory = memory or Memory()
        if attended or not memory.since:
            policy, trouble = await _with_hold_sound(client, plan)
        else:
            policy, trouble = memory.desk.policy, ""  # nobody may wait for what is known
        carrier = TelnyxCarrier(client, journal.id)
        policy = replace(policy, session=journal.id[:8], reconcile=RECONCILE)
        async with Engine(
            carrier=carrier, journal=journal, clock=clock, publisher=publisher, desk=memory.desk
        ) as engine:
            engine.submit(Configured(at=0, policy=policy))
            engine.submit(Resumed(at=0, since=memory.since))
            for fact in memory.unread:
                engine.offer(fact)
            async with Listener(
                verify=verify,
                read=fact_of,
                journal=journal,
                inbox=engine,
                clock=clock,
                host=plan.host,
                port=plan.port,
                inherited=inherited,
            ) as listener:
                announced = await _announce(client, plan, listener.url) if attended else []
                for complaint in (trouble, *announced):
                    if complaint:
                        engine.complain(complaint)
                await engine.until(lambda desk: desk.resumed_at > 0 and not desk.resuming)
                if engine.desk.unattended is attended:
                    engine.submit(ConsoleBack(at=0) if attended else ConsoleLost(at=0))
                yield OpenDesk(engine, client, listener)
                with suppress(TimeoutError):
                    async with timeout(LAST_WORDS_S):
                        await engine.settled()


async def give_out(stack: AsyncExitStack, publication: Publication, place: Path, engine: Engine) -> None:
    """Let others watch the desk. That they cannot is told, and keeps no call from going on."""
    try:
        from warmxfer_tui.publishing.server import serving  # websockets: 60 ms that no demo needs

        await stack.enter_async_context(serving(publication, place))
    except Exception as failure:
        _log.exception("the desk is not given out")
        engine.remark(f"Nobody else can watch this desk, nor `warmxfer status`: {failure}")


async def _with_hold_sound(client: TelnyxClient, plan: Plan) -> tuple[Policy, str]:
    """The policy with a hold sound that is proven to exist, or a sentence about why there is none.

    Raises `TelnyxError` only where every further request would fail in the same way.
    """
    if plan.policy.hold_audio_url:
        return plan.policy, ""  # only Telnyx can tell, and does so when it is first asked to play it
    missing = f"Your hold sound {plan.media_name} is not in the account; the packaged one is used. "
    try:
        if plan.media_name:
            with suppress(NotFoundError):
                await client.media(media_name=plan.media_name)
                return replace(plan.policy, hold_media=plan.media_name), ""
        sound = hold_sound()
        try:
            await client.media(media_name=sound.name)
        except NotFoundError:
            await client.upload_media(
                media=sound.content,
                content_type=sound.content_type,
                media_name=sound.name,
                ttl_secs=KEEP_SOUND_S,
            )
    except AuthenticationError:
        raise
    except (TelnyxError, OSError, ValueError) as failure:
        _log.warning("no hold sound: %s", failure)
        return plan.policy, f"There is no hold sound, customers on hold will be spoken to: {failure}"
    policy = replace(plan.policy, hold_media=sound.name, hold_length=sound.length_ms)
    return policy, missing if plan.media_name else ""


def webhook_address(public_url: str) -> str:
    """Where the application has to send its webhooks for a console that is reached at ``public_url``.

    The path is the listener's own; an address that has it already is meant as it stands.
    """
    return public_url.rstrip("/").removesuffix(WEBHOOK_PATH).rstrip("/") + WEBHOOK_PATH


async def _announce(client: TelnyxClient, plan: Plan, listening: str) -> list[str]:
    """See to it that webhooks come here; return a sentence for each thing that a person has to do for it.

    A simulated application is told our address. A real one is only looked at: it is the user's own, and may
    serve other programs (`PUBLIC_URL` is shown and checked, never sent). Raises `WarmxferError` where no
    webhook can ever come.
    """
    connection = plan.account.connection_id
    if plan.account.simulated:
        await client.update_application(
            application_id=connection, application_name="warmxfer", webhook_event_url=listening
        )
        return []
    try:
        application = (await client.application(application_id=connection)).get("data")
    except (UnavailableError, RateLimitedError) as failure:
        # The desk may be needed all the same: calls that are up do not wait for Telnyx to feel better.
        _log.warning("the application could not be looked at: %s", failure)
        return [f"It could not be checked where the application sends its webhooks: {failure}"]
    except PermissionDeniedError as failure:
        hint = "TELNYX_API_KEY and TELNYX_CONNECTION_ID must be of one account. Compare both with the portal."
        raise NoApplication(f"This API key may not see the application {connection}", hint) from failure
    except (NotFoundError, RejectedError) as failure:
        hint = "Copy TELNYX_CONNECTION_ID from the portal, under Voice API, and check TELNYX_BASE_URL."
        raise NoApplication(f"Telnyx knows no application {connection}", hint) from failure
    return list(_flaws(application if isinstance(application, dict) else {}, plan.public_url, listening))


def _flaws(application: JsonObject, public_url: str | None, listening: str) -> Iterator[str]:
    """What keeps an application's webhooks from reaching us, as far as its own fields tell."""
    if str(application.get("webhook_api_version")) != "2":
        yield "The application sends webhooks of version 1: set version 2 in the portal, under Voice API."
    told = str(application.get("webhook_event_url") or "")
    current = clean(told, _LONGEST_ADDRESS) or "nowhere"
    if not public_url:
        yield f"PUBLIC_URL is not set. Webhooks go to {current}; they must reach {listening}."
    elif told != (wanted := webhook_address(public_url)):
        # Compared to the letter: another path, even one more slash, is a 404 of the listener's.
        yield (
            f"The application sends webhooks to {current}. In the portal, under Voice API, set its webhook "
            f"URL to {wanted} (PUBLIC_URL with {WEBHOOK_PATH} behind it)."
        )
