from __future__ import annotations

from importlib.resources import files
from itertools import pairwise

import pytest

from warmxfer_tui.media import hold_sound, length_ms
from warmxfer_tui.media.compose import RATE, compose

HEADER = 58  # RIFF, fmt with its empty extension, fact, data


def linear(code: int) -> int:
    """G.711 mu-law back to 16 bits."""
    code = ~code & 0xFF
    magnitude = (((code & 0x0F) << 3) + 132 << (code >> 4 & 7)) - 132
    return -magnitude if code & 0x80 else magnitude


LINEAR = [linear(code) for code in range(256)]


@pytest.fixture(scope="module")
def samples() -> list[int]:
    return [LINEAR[code] for code in hold_sound().content[HEADER:]]


def test_the_script_makes_the_committed_file_byte_for_byte() -> None:
    assert compose() == (files("warmxfer_tui.media") / "hold.wav").read_bytes()


def test_it_is_long_enough_to_be_rarely_sent_again_and_small_enough_to_be_uploaded() -> None:
    sound = hold_sound()
    assert sound.length_ms >= 180_000
    assert len(sound.content) < 2_000_000  # telnyx-facts §1.5 allows 20 MB
    assert sound.length_ms == (len(sound.content) - HEADER) * 1_000 // RATE


def test_the_last_sample_meets_the_first(samples: list[int]) -> None:
    steepest = max(abs(one - next_) for one, next_ in pairwise(samples))
    assert abs(samples[-1] - samples[0]) <= steepest / 2
    # Nor is the seam a change of slope: it continues where the last two samples were going.
    assert abs(samples[0] - (2 * samples[-1] - samples[-2])) <= steepest


def test_it_is_quiet_and_never_silent(samples: list[int]) -> None:
    assert max(map(abs, samples)) < 32_768 * 0.2
    for start in range(0, len(samples), RATE // 2):
        half_second = samples[start : start + RATE // 2]
        assert sum(map(abs, half_second)) / len(half_second) > 200


def test_its_name_says_which_sound_it_is() -> None:
    assert hold_sound().name == "warmxfer-hold-6942299fb61f"


@pytest.mark.parametrize("broken", [b"", b"ID3", b"RIFF\0\0\0\0WAVE", b"RIFF\0\0\0\0WAVEdata\1\0\0\0\0"])
def test_what_is_not_a_sound_has_no_length(broken: bytes) -> None:
    with pytest.raises(ValueError, match="sound"):
        length_ms(broken)
