from __future__ import annotations

import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from warmxfer_tui.core.terms import Number, NumberKind
from warmxfer_tui.errors import NumberError
from warmxfer_tui.numbers import has_region, kind_of, parse

FULL_WIDTH_PLUS = chr(0xFF0B)
FULL_WIDTH = "+12025550142".translate({ord("0") + digit: 0xFF10 + digit for digit in range(10)})


@pytest.mark.parametrize(
    "text",
    [
        "+12025550142", "12025550142", "2025550142", "(202) 555-0142", "202.555.0142", "+1 202 555 0142",
        "tel:+1-202-555-0142", "  +1\t2025550142 ", FULL_WIDTH,
    ],
)  # fmt: skip
def test_any_usual_form_of_a_number_is_one_number(text: str) -> None:
    assert parse(text, "US") == Number("+12025550142", "+1 202-555-0142", NumberKind.ORDINARY)


def test_a_number_without_plus_is_read_in_the_region() -> None:
    assert parse("030 901820", "DE").e164 == "+4930901820"
    assert parse("011 44 1632 960961", "US").e164 == "+441632960961"
    assert parse("00 44 1632 960961", "DE").e164 == "+441632960961"


@pytest.mark.parametrize(
    ("text", "region"), [("911", "US"), ("112", "DE"), ("999", "GB"), ("9-1-1", "US"), ("112", "US")]
)
def test_an_emergency_number_is_known_for_one(text: str, region: str) -> None:
    assert parse(text, region).kind is NumberKind.EMERGENCY


@pytest.mark.parametrize(
    ("text", "region"),
    [("+19005551234", "DE"), ("900 555 1234", "US"), ("0900 1 234567", "DE"), ("+49 180 5 123456", "US")],
)
def test_a_number_that_costs_extra_is_known_for_one(text: str, region: str) -> None:
    assert parse(text, region).kind is NumberKind.PREMIUM


@pytest.mark.parametrize("text", ["sip:bob@example.com", "SIP:bob@example.com", "sips:bob@10.0.0.1:5061"])
def test_a_sip_address_is_dialled_as_it_is(text: str) -> None:
    number = parse(text, "US")
    assert number.kind is NumberKind.SIP
    assert number.e164.lower() == text.lower()
    assert ":" in number.e164.lower()[:5]
    assert number.shown.startswith("bob@")


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "not a phone number"),
        ("hello", "not a phone number"),
        ("411", "too short"),
        ("555-0142", "the area code is missing"),
        ("+999123456789", "no such country code"),
        ("+1 202 555 0142 00000", "too long"),
        ("2025550142 x12", "extension"),
        ("sip:bob", "not a SIP address"),
        ("sip:bob:password@example.com", "not a SIP address"),
        ("sip:bob smith@example.com", "not a SIP address"),
        ("9" * 10_000, "too long"),
    ],
)
def test_what_cannot_be_dialled_is_refused_with_the_reason(text: str, reason: str) -> None:
    with pytest.raises(NumberError) as raised:
        parse(text, "US")
    assert reason in raised.value.title
    assert raised.value.hint


def test_a_country_is_one_that_has_numbers() -> None:
    assert has_region("US")
    assert not has_region("ZZ")
    assert not has_region("UK")


@pytest.mark.parametrize("text", ["+12025550142", f" {FULL_WIDTH_PLUS}1 202 555 0142", "tel:+12025550142"])
def test_a_number_with_plus_is_known_without_a_region(text: str) -> None:
    assert kind_of(text, None) is NumberKind.ORDINARY
    assert kind_of("sip:ann@example.com", None) is NumberKind.SIP


@pytest.mark.parametrize("text", ["+1", "+999123456789", "twelve", "", "9" * 10_000, "sip:nobody"])
def test_what_is_no_number_anywhere_is_refused_without_a_region(text: str) -> None:
    with pytest.raises(NumberError):
        kind_of(text, None)


@pytest.mark.parametrize("text", ["2025550142", "911", "tel:911", "030 901820"])
def test_a_number_without_plus_is_nothing_without_a_region(text: str) -> None:
    assert kind_of(text, None) is None


def test_a_region_that_does_not_exist_is_a_reason_not_a_crash() -> None:
    with pytest.raises(NumberError):
        parse("2025550142", "ZZ")


def number_or_reason(text: str) -> Number | str:
    try:
        return parse(text, "US")
    except NumberError as error:
        return error.title


@given(st.text(max_size=60))
def test_any_text_is_a_number_or_a_reason(text: str) -> None:
    found = number_or_reason(text)
    if isinstance(found, Number):
        assert parse(found.e164, "US").e164 == found.e164
        assert kind_of(text, "US") is found.kind
    else:
        assert found.isprintable()


def test_the_heavy_tables_are_never_loaded() -> None:
    code = (
        "import sys; from warmxfer_tui.numbers import parse; parse('+12025550142', 'US'); parse('911', 'US');"
        "print([m for m in sys.modules if m.startswith('phonenumbers.') and ('geo' in m or 'carrier' in m)])"
    )
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert loaded.strip() == "[]"
