"""Identifiers in the forms of telnyx-facts §1.1, each derived from the world's seed and a counter."""

from __future__ import annotations

import base64
import hashlib


def uuid(seed: int, kind: str, count: int) -> str:
    """A uuid of version 4's form."""
    raw = hashlib.blake2b(f"{seed}/{kind}/{count}".encode(), digest_size=16).hexdigest()
    variant = "89ab"[int(raw[16], 16) & 3]
    return f"{raw[:8]}-{raw[8:12]}-4{raw[13:16]}-{variant}{raw[17:20]}-{raw[20:]}"


def ccid(seed: int, count: int) -> str:
    """A call control id: `v3:` and 54 url-safe characters."""
    raw = hashlib.blake2b(f"{seed}/ccid/{count}".encode(), digest_size=40).digest()
    return "v3:" + base64.urlsafe_b64encode(raw).decode("ascii")[:54]
