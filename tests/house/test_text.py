from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from warmxfer_tui.text import MARK_RUN, clean, mask_number, mask_numbers

FORBIDDEN = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
ZWJ = "\u200d"
# Hypothesis leaves surrogates out unless they are asked for; JSON can bring them.
hostile = st.text(
    st.one_of(
        st.characters(codec=None, exclude_categories=[]),
        st.sampled_from(
            "a\u0301\u0300\u0327\u200d\u202e\x1b\x9b\x00\n\t\u2028\ud800\ue000\ufe0f\u1100\u1161"
        ),
    ),
    max_size=300,
)


@given(hostile, st.integers(1, 60))
def test_a_cleaned_text_is_one_short_line_that_no_terminal_obeys(value: str, limit: int) -> None:
    cleaned = clean(value, limit)
    assert len(cleaned) <= limit
    assert not [c for c in cleaned if c != ZWJ and unicodedata.category(c) in FORBIDDEN]
    assert cleaned == unicodedata.normalize("NFC", cleaned)
    assert cleaned == cleaned.strip()
    cleaned.encode()  # a lone surrogate would raise


@given(hostile, st.integers(1, 60))
def test_cleaning_twice_changes_nothing(value: str, limit: int) -> None:
    assert clean(clean(value, limit), limit) == clean(value, limit)


@given(hostile)
def test_no_character_carries_more_marks_than_the_cap(value: str) -> None:
    run = 0
    for char in clean(value, 300):
        run = run + 1 if char == ZWJ or unicodedata.category(char) in {"Mn", "Me"} else 0
        assert run <= MARK_RUN


@given(st.text(st.characters(min_codepoint=0x20, max_codepoint=0x7E), max_size=50))
def test_ordinary_text_is_kept_but_for_superfluous_spaces(value: str) -> None:
    assert clean(value) == " ".join(value.split())


@pytest.mark.parametrize(
    ("value", "cleaned"),
    [
        ("Bob\x1b]52;c;ZXZpbA==\x07", "Bob]52;c;ZXZpbA=="),
        ("Bob\x9b2J", "Bob2J"),
        ("evil\u202egnp.exe", "evilgnp.exe"),
        ("two\r\nlines\u2028three", "two lines three"),
        ("tab\there", "tab here"),
        ("Zoe\u0308", "Zoë"),
        ("👩\u200d👩\u200d👧", "👩\u200d👩\u200d👧"),
        ("a\ud800b", "ab"),
        ("o" + "\u0317" * 50 + "k", "o" + "\u0317" * MARK_RUN + "k"),
        ("\u0301x", "x"),
        ("   ", ""),
    ],
)
def test_hostile_names_lose_their_teeth_and_keep_their_letters(value: str, cleaned: str) -> None:
    assert clean(value) == cleaned


def test_a_long_text_ends_in_an_ellipsis_within_its_limit() -> None:
    assert clean("abcdefgh", 5) == "abcd…"
    assert clean("ä" * 1_000_000, 5) == "ääää…"


def test_markup_is_left_to_the_screen() -> None:
    assert clean("[@click=app.hangup]Bob[/]") == "[@click=app.hangup]Bob[/]"


@pytest.mark.parametrize(
    ("number", "masked"),
    [
        ("+12025550142", "+••••••••142"),
        ("(202) 555-0142", "(•••) •••-•142"),
        ("911", "911"),
        ("sip:bob@example.com", "sip:•••@example.com"),
        ("", ""),
    ],
)
def test_a_masked_number_shows_three_digits(number: str, masked: str) -> None:
    assert mask_number(number) == masked


@pytest.mark.parametrize(
    "number",
    [
        "+12025550142",
        "12025550142",
        "2025550142",
        "202-555-0142",
        "(202) 555-0142",
        "+44 1632 960961",
        "030 1234567",
    ],
)
@pytest.mark.parametrize("around", ["dialled {}", "{} rings", "to={}, from", "[{}]", "'{}'", "tel:{}", "{}"])
def test_numbers_within_a_text_are_masked(number: str, around: str) -> None:
    masked = mask_numbers(around.format(number))
    assert number not in masked
    assert masked.endswith(around.partition("{}")[2])
    assert sum(char.isdigit() for char in masked) == 3


def test_a_number_in_a_url_is_masked() -> None:
    assert mask_numbers("/v2/x?from=%2B12025550142&n=1") == "/v2/x?from=%2B••••••••142&n=1"


@pytest.mark.parametrize(
    "text", ["took 12.345 s", "at 12:30:59", "5f2b1c44-1234-4321-9999-123456789012", "c1.B2"]
)
def test_what_is_not_a_number_to_call_is_left_alone(text: str) -> None:
    assert mask_numbers(text) == text


@given(st.text(max_size=80))
def test_a_sip_user_never_survives_masking(noise: str) -> None:
    assert "secretuser" not in mask_numbers(f"{noise} sip:secretuser@example.com")
