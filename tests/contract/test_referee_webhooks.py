"""(d) The referee works on webhooks: each of these simulators is broken between its world and its signature.

Their letters are well signed, for they are spoilt before they are signed, or signed badly. Each is caught for
its defect: the verdict is compared word for word.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Mapping
from typing import Any, Final

import pytest
from nacl.signing import SigningKey

from warmxfer_tui.simulator import delivery
from warmxfer_tui.simulator.world import MANUAL, Webhook

from ..receiver import Received
from .bench import bench
from .referee import judge_webhook

Body = dict[str, Any]
Spoil = Callable[[Body], object]

NOT_UNDERSTOOD: Final = "understood as ReplacedLinkClickWebhookEvent instead of CallInitiatedWebhookEvent"
ONLY_INITIATED: Final = (
    "call_screening_result",
    "caller_id_name",
    "connection_codecs",
    "custom_headers",
    "direction",
    "offered_codecs",
    "shaken_stir_attestation",
    "shaken_stir_validated",
    "sip_headers",
    "start_time",
    "state",
    "tags",
)
"""What `call.initiated` has and `call.bridged` has not (§3.2)."""


def _data(body: Body, **fields: object) -> Body:
    body["data"].update(fields)
    return body


def _payload(body: Body, **fields: object) -> Body:
    body["data"]["payload"].update(fields)
    return body


def _payload_without(body: Body, name: str) -> Body:
    del body["data"]["payload"][name]
    return body


def _too_high(body: Body) -> Body:
    """The call fields directly in `data`: the most frequent bug of the official examples (§3.1)."""
    payload = body["data"].pop("payload")
    return {**body, "data": {**payload, **body["data"]}}


BROKEN: Final[Mapping[str, tuple[Spoil, set[str]]]] = {
    "an unknown kind of event": (
        lambda body: _data(body, event_type="call.ringing"),
        {"no event is named 'call.ringing'"},
    ),
    "another event's name": (
        lambda body: _data(body, event_type="call.bridged"),
        {
            *(f"$.data.payload.{name}: not in the list" for name in ONLY_INITIATED),
            *(f"Payload.{name}: unknown to the model" for name in ONLY_INITIATED),
        },
    ),
    "a missing field": (
        lambda body: _payload_without(body, "direction"),
        {"$.data.payload.direction: missing", "payload.direction: not set"},
    ),
    "an extra field": (
        lambda body: _payload(body, peer="v3:x"),
        {"$.data.payload.peer: not in the list", "Payload.peer: unknown to the model"},
    ),
    "a wrong type": (
        lambda body: _payload(body, tags="none"),
        {"$.data.payload.tags: 'none' is no list", NOT_UNDERSTOOD},
    ),
    "a word for a truth value": (
        lambda body: _payload(body, shaken_stir_validated="yes"),
        {"$.data.payload.shaken_stir_validated: 'yes' is no bool"},  # the package takes it for true
    ),
    "a word outside the enumeration": (
        lambda body: _payload(body, state="ringing"),
        {"$.data.payload.state: 'ringing' is none of ['bridging', 'parked']", NOT_UNDERSTOOD},
    ),
    "the time in the wrong place": (
        lambda body: _payload(body, occurred_at=body["data"].pop("occurred_at")),
        {
            "$.data.occurred_at: missing",
            "$.data.payload.occurred_at: not in the list",
            "Payload.occurred_at: unknown to the model",
        },
    ),
    "no meta": (lambda body: {"data": body["data"]}, {"$.meta: missing"}),
    "an attempt that is no number": (
        lambda body: {**body, "meta": {**body["meta"], "attempt": "1"}},
        {"$.meta.attempt: '1' is no int"},
    ),
    "an empty body": (lambda body: {}, {"no event is named ''"}),
    "no data envelope": (lambda body: body["data"], {"no event is named ''"}),
}
"""What is done to a webhook before it is signed, and what the referee says to it."""


async def first_letter() -> tuple[Received, list[str]]:
    """Let a customer ring a simulator in; return its first letter and the referee's verdict."""
    async with bench() as b:
        b.simulator.ring_in("+12025550198", "Ada Byron", MANUAL)
        await b.receiver.came(1)
        letter = b.receiver.received[0]
        return letter, judge_webhook(b.client, letter)


def break_bodies(monkeypatch: pytest.MonkeyPatch, spoil: Spoil) -> None:
    whole = delivery.encoded

    def encoded(webhook: Webhook, attempt: int, url: str) -> bytes:
        return json.dumps(spoil(json.loads(whole(webhook, attempt, url)))).encode()

    monkeypatch.setattr(delivery, "encoded", encoded)


async def test_a_whole_simulator_passes() -> None:
    letter, verdict = await first_letter()
    assert letter.event_type == "call.initiated"
    assert verdict == []


@pytest.mark.parametrize("fault", BROKEN)
async def test_a_broken_webhook_is_caught_for_what_is_broken(
    fault: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    spoil, said = BROKEN[fault]
    break_bodies(monkeypatch, spoil)
    _, verdict = await first_letter()
    assert set(verdict) == said


async def test_the_payload_one_level_too_high_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    break_bodies(monkeypatch, _too_high)
    _, verdict = await first_letter()
    too_high = "$.data.call_control_id: not in the list"
    assert {"$.data.payload: missing", too_high, "no payload"} <= set(verdict)


Sign = Callable[[SigningKey, int, bytes], dict[str, str]]
right: Sign = delivery.signed
BADLY_SIGNED: Final[Mapping[str, tuple[Sign, str]]] = {
    "by another account": (
        lambda key, at, body: right(SigningKey.generate(), at, body),
        "Signature verification failed",
    ),
    "without the timestamp": (
        lambda key, at, body: {
            **right(key, at, body),
            "telnyx-signature-ed25519": _only_the_body(key, body),
        },
        "Signature verification failed",
    ),
    "in milliseconds": (lambda key, at, body: right(key, at * 1000, body), "too old or too new"),
    "301 s ago": (lambda key, at, body: right(key, at - 301, body), "too old or too new"),
    "with hexadecimal digits": (
        lambda key, at, body: {**right(key, at, body), "telnyx-signature-ed25519": "ab" * 64},
        "Invalid signature: expected 64 bytes, got 96 bytes",
    ),
    "not at all": (
        lambda key, at, body: {"telnyx-timestamp": str(at)},
        "Missing required header: Telnyx-Signature-Ed25519",
    ),
    "at no time": (
        lambda key, at, body: {
            name: value for name, value in right(key, at, body).items() if name != "telnyx-timestamp"
        },
        "Missing required header: Telnyx-Timestamp",
    ),
}
"""How a simulator may sign its webhooks wrongly, and what the package says to it."""


def _only_the_body(key: SigningKey, body: bytes) -> str:
    return base64.b64encode(key.sign(body).signature).decode()


@pytest.mark.parametrize("fault", BADLY_SIGNED)
async def test_a_badly_signed_webhook_is_caught(fault: str, monkeypatch: pytest.MonkeyPatch) -> None:
    sign, said = BADLY_SIGNED[fault]
    monkeypatch.setattr(delivery, "signed", sign)
    _, verdict = await first_letter()
    assert len(verdict) == 1
    assert said in verdict[0]
