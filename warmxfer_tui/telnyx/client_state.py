"""What a leg remembers for us: base64 JSON of a `Tag` (`design.md` §3.7, telnyx-facts §1.7)."""

from __future__ import annotations

import base64
import binascii
import json

from warmxfer_tui.core.commands import Tag
from warmxfer_tui.text import clean

VERSION = 1
"""Of the layout. A state of another version is not ours to read."""

_FIELDS = {
    "desk": "desk",
    "call": "call",
    "role": "role",
    "attempt": "leg",
    "other": "other",
    "target": "target",
    "way": "way",
    "session": "session",
}
TEXT_LIMIT = 256
"""Characters of the longest text: a number or SIP address that was cut is one that cannot be called."""
_MAX_LENGTH = 4096
# Longer than any state of ours; a foreign one is not worth decoding.


def encode(tag: Tag) -> str:
    """Return the `client_state` that carries `tag`."""
    state: dict[str, object] = {"v": VERSION}
    state |= {name: getattr(tag, field) for name, field in _FIELDS.items()}
    return base64.b64encode(json.dumps(state, separators=(",", ":")).encode()).decode()


def decode(client_state: object) -> Tag | None:
    """Return the tag in a `client_state`, its texts cleaned; None where it is nothing of ours."""
    if not isinstance(client_state, str) or not client_state or len(client_state) > _MAX_LENGTH:
        return None
    try:
        state = json.loads(base64.b64decode(client_state, validate=True))
    except (binascii.Error, ValueError, RecursionError):
        return None
    if not isinstance(state, dict) or state.get("v") != VERSION:
        return None
    texts = {field: state.get(name, "") for name, field in _FIELDS.items()}
    if not all(isinstance(text, str) for text in texts.values()):
        return None
    return Tag(**{field: clean(text, TEXT_LIMIT) for field, text in texts.items()})
