"""Whether a webhook comes from Telnyx: Ed25519 over `timestamp|body` (telnyx-facts §3.5). Pure.

The comparison is inside libsodium's verification, which takes the same time whatever differs.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping
from enum import StrEnum

from nacl.exceptions import BadSignatureError
from nacl.signing import VerifyKey

from warmxfer_tui.errors import WarmxferError

SIGNATURE_HEADER = "telnyx-signature-ed25519"
TIMESTAMP_HEADER = "telnyx-timestamp"
WINDOW = 300
"""Seconds that a timestamp may be off, in both directions."""

_KEY_BYTES, _SIGNATURE_BYTES, _LONGEST_TIMESTAMP = 32, 64, 15


class Flaw(StrEnum):
    """Why a webhook is not believed."""

    NO_TIMESTAMP = "no timestamp"
    BAD_TIMESTAMP = "timestamp is not a number of seconds"
    STALE = "timestamp is more than 300 s off"
    NO_SIGNATURE = "no signature"
    BAD_ENCODING = "signature is not the base64 of 64 bytes"
    FORGED = "signature does not match"


class PublicKeyError(WarmxferError):
    """The configured public key is not one."""


class Verifier:
    """Judges webhooks by one account's public key."""

    __slots__ = ("_key",)

    def __init__(self, public_key: str) -> None:
        """Take the key as the portal shows it: base64 of 32 bytes. Raises `PublicKeyError`."""
        raw = _decoded(public_key)
        if raw is None or len(raw) != _KEY_BYTES:
            raise PublicKeyError(
                "TELNYX_PUBLIC_KEY is not an Ed25519 public key",
                "Copy it from the portal, under Keys, Public Key: 44 characters that end in =.",
            )
        self._key = VerifyKey(raw)

    def flaw(self, headers: Mapping[str, str], body: bytes, now_ms: int) -> Flaw | None:
        """Return why `body` is not believed, or None where it is. `headers` are looked up in lower case."""
        timestamp = headers.get(TIMESTAMP_HEADER)
        if not timestamp:
            return Flaw.NO_TIMESTAMP
        if not (timestamp.isascii() and timestamp.isdigit() and len(timestamp) <= _LONGEST_TIMESTAMP):
            return Flaw.BAD_TIMESTAMP
        if abs(now_ms - int(timestamp) * 1000) > WINDOW * 1000:
            return Flaw.STALE
        encoded = headers.get(SIGNATURE_HEADER)
        if not encoded:
            return Flaw.NO_SIGNATURE
        signature = _decoded(encoded)
        if signature is None or len(signature) != _SIGNATURE_BYTES:
            return Flaw.BAD_ENCODING
        try:
            self._key.verify(timestamp.encode() + b"|" + body, signature)
        except BadSignatureError:
            return Flaw.FORGED
        return None


def _decoded(text: str) -> bytes | None:
    """Strict base64: nothing beside the alphabet, no missing padding, and only one spelling of each value."""
    try:
        raw = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return None
    return raw if base64.b64encode(raw).decode() == text else None
