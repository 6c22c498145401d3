"""The hold sound that comes with warmxfer. `warmxfer_tui.media.compose` made it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

_FILE = Path(__file__).with_name("hold.wav")


@dataclass(frozen=True, slots=True)
class HoldSound:
    """A sound file as it is uploaded to the carrier's media storage (telnyx-facts §2.12)."""

    name: str
    """The name under which it is stored. It says which content it has: another sound has another name."""
    content: bytes
    length_ms: int
    """How long one pass lasts, read from the file."""
    content_type: str = "audio/wav"


def hold_sound() -> HoldSound:
    """Read the packaged sound. Raises `OSError` when the installation is damaged."""
    # Imported here: only an upload needs it, and it costs the start 3 ms.
    from hashlib import sha256

    content = _FILE.read_bytes()
    return HoldSound(f"warmxfer-hold-{sha256(content).hexdigest()[:12]}", content, length_ms(content))


def length_ms(wav: bytes) -> int:
    """How long a RIFF sound lasts, from its own header. Raises `ValueError` if it is none."""
    if wav[:4] != b"RIFF" or wav[8:12] != b"WAVE":
        raise ValueError("not a RIFF sound file")
    at, rate, size = 12, 0, 0
    while at + 8 <= len(wav):
        name, length = wav[at : at + 4], int.from_bytes(wav[at + 4 : at + 8], "little")
        if name == b"fmt ":
            rate = int.from_bytes(wav[at + 16 : at + 20], "little")
        elif name == b"data":
            size = min(length, len(wav) - at - 8)
        at += 8 + length + length % 2
    if not rate:
        raise ValueError("a sound file without a format")
    return size * 1_000 // rate
