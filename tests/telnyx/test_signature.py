"""Whether a webhook is believed (telnyx-facts §3.5)."""

from __future__ import annotations

import base64
from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st
from nacl.signing import SigningKey

from warmxfer_tui.telnyx.signature import Flaw, PublicKeyError, Verifier

KEY = SigningKey(bytes(range(32)))
PUBLIC = base64.b64encode(bytes(KEY.verify_key)).decode()
VERIFIER = Verifier(PUBLIC)
NOW = 1_767_225_600
BODY = b'{"data": {}}'


def signed(body: bytes = BODY, timestamp: str = str(NOW), key: SigningKey = KEY) -> dict[str, str]:
    signature = base64.b64encode(key.sign(timestamp.encode() + b"|" + body).signature).decode()
    return {"telnyx-timestamp": timestamp, "telnyx-signature-ed25519": signature}


def flaw(headers: Mapping[str, str], body: bytes = BODY) -> Flaw | None:
    return VERIFIER.flaw(headers, body, NOW * 1000)


def without(name: str) -> dict[str, str]:
    return {key: value for key, value in signed().items() if key != name}


@given(st.binary(max_size=300))
def test_what_telnyx_signed_is_believed(body: bytes) -> None:
    assert flaw(signed(body), body) is None


@given(st.integers(0, len(BODY) * 8 - 1))
def test_no_flipped_bit_is_believed(bit: int) -> None:
    body = bytearray(BODY)
    body[bit // 8] ^= 1 << bit % 8
    assert flaw(signed(), bytes(body)) is Flaw.FORGED


@pytest.mark.parametrize("seconds", [-300, 0, 300])
def test_a_timestamp_within_300_s_is_fresh(seconds: int) -> None:
    assert flaw(signed(timestamp=str(NOW + seconds))) is None


@pytest.mark.parametrize("seconds", [-301, 301, 10**6])
def test_a_timestamp_301_s_off_is_stale_both_ways_even_if_signed(seconds: int) -> None:
    assert flaw(signed(timestamp=str(NOW + seconds))) is Flaw.STALE


def test_another_accounts_key_is_not_believed() -> None:
    assert flaw(signed(key=SigningKey.generate())) is Flaw.FORGED


def test_the_timestamp_is_signed_too() -> None:
    assert flaw({**signed(), "telnyx-timestamp": str(NOW + 1)}) is Flaw.FORGED


@pytest.mark.parametrize(
    "timestamp",
    ["soon", "1.5", "-5", "+1767225600", " 1767225600", "1_767_225_600", "१२३", "9" * 16, "9" * 9999],
)
def test_a_timestamp_is_decimal_digits_and_nothing_else(timestamp: str) -> None:
    assert flaw({**signed(), "telnyx-timestamp": timestamp}) is Flaw.BAD_TIMESTAMP


def test_missing_headers_are_named() -> None:
    assert flaw({}) is Flaw.NO_TIMESTAMP
    assert flaw(without("telnyx-timestamp")) is Flaw.NO_TIMESTAMP
    assert flaw(without("telnyx-signature-ed25519")) is Flaw.NO_SIGNATURE


@pytest.mark.parametrize(
    "spoil",
    [
        lambda text: text[:-2],
        lambda text: text + "\n",
        lambda text: text.replace("=", ""),
        lambda text: text[:10] + "-_" + text[12:],
        lambda text: text[:-4] + "AA==",
        lambda text: text[:-3] + chr(ord(text[-3]) + 1) + "==",
        lambda _: base64.b64encode(b"short").decode(),
        lambda _: "é" * 88,
    ],
)
def test_base64_has_one_spelling(spoil: object) -> None:
    assert callable(spoil)
    headers = signed()
    headers["telnyx-signature-ed25519"] = spoil(headers["telnyx-signature-ed25519"])
    assert flaw(headers) in {Flaw.BAD_ENCODING, Flaw.FORGED}


@pytest.mark.parametrize(
    "key", ["", "KEY0123", PUBLIC[:-1], PUBLIC + " ", base64.b64encode(b"x" * 31).decode()]
)
def test_a_wrong_public_key_is_said_at_once(key: str) -> None:
    with pytest.raises(PublicKeyError, match="TELNYX_PUBLIC_KEY"):
        Verifier(key)
