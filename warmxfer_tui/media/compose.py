"""Makes ``hold.wav``: ``python -m warmxfer_tui.media.compose``. The same bytes on every machine.

Slow chords and a few bells, written for this project, so there is no licence to ask about. Everything but
the sine table is integer arithmetic, and that is rounded to 15 bits, so no machine's floating point shows in
the file. Each note that is still sounding at the end of the phrase sounds on at its beginning: the phrase is
a ring, and the loop has no seam. G.711 mu-law at 8 kHz is what the phone network carries: nothing is lost on
the way, and three minutes stay under 2 MB.
"""

from __future__ import annotations

import math
import struct
from collections.abc import Iterable
from pathlib import Path

RATE = 8_000
CHORD_S = 6
FADE_S = 2
PHRASES = 4  # 8 chords of 6 s, four times: 192 s

# Thousandths of a hertz, equal temperament, A4 = 440 Hz.
G3, A3, B3 = 195_998, 220_000, 246_942
C4, D4, E4, F4, G4, B4 = 261_626, 293_665, 329_628, 349_228, 391_995, 493_883
CHORDS = (
    (C4, E4, G4, B4),
    (A3, C4, E4, G4),
    (A3, C4, E4, F4),
    (B3, D4, E4, G4),
    (G3, B3, D4, E4),
    (A3, C4, E4, G4),
    (A3, C4, D4, F4),
    (G3, C4, D4, F4),
)
BELLS = (0, 2, 1, 3)  # which note of the chord rings, an octave up, one every quarter of the chord

_TABLE_BITS = 12
_SINE = [round(32_767 * math.sin(math.tau * i / (1 << _TABLE_BITS))) for i in range(1 << _TABLE_BITS)]
_PHASE_SHIFT, _PHASE_MASK = 32 - _TABLE_BITS, (1 << _TABLE_BITS) - 1
_PAD_SHIFT = 19  # four pads at full swell reach a tenth of full scale: calm beside a voice
_BELL_SHIFT = 20
_BELL_S = 4
_BELL_DECAY = 12  # the bell loses 1/4096 a sample: it halves in 0.35 s
_BELL_ATTACK = 64  # samples; without it the bell begins with a click


def compose() -> bytes:
    """The whole file, header and all."""
    phrase = bytes(map(_mu_law, _phrase()))
    return _wav(phrase * PHRASES)


def _phrase() -> list[int]:
    """One round of the chords, as 16-bit samples."""
    ring = [0] * (len(CHORDS) * CHORD_S * RATE)
    swell, strike = list(_swell()), list(_strike())
    for place, chord in enumerate(CHORDS):
        start = place * CHORD_S * RATE
        for note in chord:
            _sound(ring, start, note, swell, _PAD_SHIFT)
        for quarter, which in enumerate(BELLS):
            _sound(ring, start + quarter * CHORD_S * RATE // 4, 2 * chord[which], strike, _BELL_SHIFT)
    return ring


def _sound(ring: list[int], start: int, note: int, envelope: list[int], shift: int) -> None:
    """Add one sine of ``note`` thousandths of a hertz, shaped by ``envelope``, round the ring."""
    step, phase, size = (note << 32) // (RATE * 1_000), 0, len(ring)
    for offset, level in enumerate(envelope):
        ring[(start + offset) % size] += _SINE[(phase >> _PHASE_SHIFT) & _PHASE_MASK] * level >> shift
        phase += step


def _swell() -> Iterable[int]:
    """A pad: in over two seconds, out over the two in which the next chord comes in; 0 to 16384."""
    fade, whole = FADE_S * RATE, CHORD_S * RATE
    quarter, half = len(_SINE) // 4, len(_SINE) // 2
    rise = [(32_767 - _SINE[(quarter + i * half // fade) % len(_SINE)]) // 4 for i in range(fade)]
    yield from rise
    yield from [16_384] * (whole - fade)
    yield from reversed(rise)


def _strike() -> Iterable[int]:
    """A bell: there at once, then dying away; 0 to 16384."""
    level = 16_384 << 16
    length = _BELL_S * RATE
    for i in range(length):
        tail = min(length - i, RATE)  # what is left after three seconds fades to nothing
        yield (level >> 16) * min(i, _BELL_ATTACK) * tail // (_BELL_ATTACK * RATE)
        level -= level >> _BELL_DECAY


def _mu_law(sample: int) -> int:
    """One 16-bit sample as G.711 mu-law (ITU-T G.711, table 2a)."""
    sign = 0x80 if sample < 0 else 0
    magnitude = min(abs(sample), 32_635) + 132
    exponent = magnitude.bit_length() - 8
    return ~(sign | exponent << 4 | (magnitude >> (exponent + 3)) & 0x0F) & 0xFF


def _wav(samples: bytes) -> bytes:
    """A RIFF file around mu-law samples: format 7, with the fact chunk that formats other than PCM carry."""
    form = struct.pack("<HHIIHHH", 7, 1, RATE, RATE, 1, 8, 0)
    chunks = b"".join(
        name + struct.pack("<I", len(body)) + body
        for name, body in ((b"fmt ", form), (b"fact", struct.pack("<I", len(samples))), (b"data", samples))
    )
    return b"RIFF" + struct.pack("<I", 4 + len(chunks)) + b"WAVE" + chunks


if __name__ == "__main__":
    Path(__file__).with_name("hold.wav").write_bytes(compose())
