"""Phone numbers and SIP addresses: parsed once, at the edge, into the core's `Number`.

Numbers in any usual form are read in the user's region. Those that cost extra or call for help keep their
kind, so that the core asks before it dials (design §6). Never import ``phonenumbers.geocoder`` or
``carrier``: 98 MiB.
"""

from __future__ import annotations

import re

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumberFormat, PhoneNumberType, ValidationResult
from phonenumbers.phonenumberutil import UNKNOWN_REGION
from phonenumbers.shortnumberinfo import connects_to_emergency_number

from warmxfer_tui.core.terms import Number, NumberKind
from warmxfer_tui.errors import NumberError
from warmxfer_tui.text import clean

_LONGEST = 256
_SIP = re.compile(r"(?i:sips?):[^\s@:;<>\"]+@[A-Za-z0-9\[\]:._-]+(?:;[^\s<>\"]+)?")
_ANYWHERE = re.compile(r"(?i)\s*(?:(?:tel:)?\s*[+\uFF0B]|sips?:)")  # the same number in every country
_EXTRA_COST = frozenset({PhoneNumberType.PREMIUM_RATE, PhoneNumberType.SHARED_COST})

_UNPARSED = {
    NumberParseException.INVALID_COUNTRY_CODE: "there is no such country code",
    NumberParseException.NOT_A_NUMBER: "this is not a phone number",
    NumberParseException.TOO_SHORT_AFTER_IDD: "nothing follows the international prefix",
    NumberParseException.TOO_SHORT_NSN: "it is too short",
    NumberParseException.TOO_LONG: "it is too long",
}
_IMPOSSIBLE = {
    ValidationResult.INVALID_COUNTRY_CODE: "there is no such country code",
    ValidationResult.TOO_SHORT: "it is too short",
    ValidationResult.TOO_LONG: "it is too long",
    ValidationResult.INVALID_LENGTH: "no number there has this length",
    ValidationResult.IS_POSSIBLE_LOCAL_ONLY: "the area code is missing",
}


def parse(text: str, region: str) -> Number:
    """Return the number that ``text`` means to somebody in ``region`` (two letters).

    Raises `NumberError` with the reason and what to write instead.
    """
    if len(text) > _LONGEST:
        raise _refused(text, "it is too long")
    given = clean(text, _LONGEST)
    if given.lower().startswith(("sip:", "sips:")):
        return _sip(given)
    if not given.startswith("+") and connects_to_emergency_number(given, region):
        digits = phonenumbers.normalize_digits_only(given)
        return Number(digits, digits, NumberKind.EMERGENCY)
    try:
        number = phonenumbers.parse(given, region)
    except NumberParseException as error:
        raise _refused(given, _UNPARSED.get(error.error_type, "this is not a phone number")) from None
    if number.extension:
        hint = "leave it out, and send it from the keypad when the call is answered"
        raise NumberError(f"'{given}' has an extension", hint)
    reason = phonenumbers.is_possible_number_with_reason(number)
    if reason != ValidationResult.IS_POSSIBLE:
        raise _refused(given, _IMPOSSIBLE.get(reason, "no phone has this number"))
    return Number(
        phonenumbers.format_number(number, PhoneNumberFormat.E164),
        phonenumbers.format_number(number, PhoneNumberFormat.INTERNATIONAL),
        _kind(number),
    )


def has_region(region: str) -> bool:
    """Whether two letters, in capitals, are a country with numbers of its own."""
    return region in phonenumbers.SUPPORTED_REGIONS


def kind_of(text: str, region: str | None) -> NumberKind | None:
    """What kind of number ``text`` is to somebody in ``region``. Raises `NumberError` as `parse` does.

    Without a region: None for a number that means nothing without one.
    """
    if region is None and _needs_region(text):
        return None
    return parse(text, region or UNKNOWN_REGION).kind


def _needs_region(text: str) -> bool:
    """True for a number that is one in some countries; not for what is none in any."""
    if _ANYWHERE.match(text):
        return False
    try:
        phonenumbers.parse(clean(text, _LONGEST), UNKNOWN_REGION)
    except NumberParseException as error:
        return bool(error.error_type == NumberParseException.INVALID_COUNTRY_CODE)
    return False


def _kind(number: phonenumbers.PhoneNumber) -> NumberKind:
    # A number that is possible but not in the tables (a fresh range, an invented one) is ordinary: its type
    # is unknown.
    return NumberKind.PREMIUM if phonenumbers.number_type(number) in _EXTRA_COST else NumberKind.ORDINARY


def _sip(given: str) -> Number:
    if not _SIP.fullmatch(given):
        raise NumberError(f"'{given}' is not a SIP address", "write sip:user@host")
    scheme, _, rest = given.partition(":")
    return Number(f"{scheme.lower()}:{rest}", rest.partition(";")[0], NumberKind.SIP)


def _refused(given: str, reason: str) -> NumberError:
    return NumberError(f"'{clean(given, 40)}' cannot be dialled: {reason}", "write +, country code, number")
