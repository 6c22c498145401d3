"""What an agent reads when Telnyx says no (telnyx-facts §1.4): the field, and Telnyx's own words."""

from __future__ import annotations

from typing import Any

import pytest

from warmxfer_tui.core.commands import Request
from warmxfer_tui.core.events import Problem, Refused
from warmxfer_tui.telnyx.errors import PermissionDeniedError, RejectedError, error_of
from warmxfer_tui.telnyx.message import Answer
from warmxfer_tui.telnyx.replies import reply_of
from warmxfer_tui.telnyx.requests import http_of

from .asks import DIAL, REQUESTS, errors, named

MENDED = {Problem.REJECTED, Problem.PERMISSION}
"""Kinds of no after which somebody has to change something, so must learn what."""
LISTED = (
    (403, "10010", "from", "Unverified origination number"),
    (400, "10015", "name", "Bad Request"),
    (400, "10023", "", "Invalid JSON"),
    (400, "10028", "", "Character encoding error"),
    (400, "10029", "", "JSON expected"),
    (422, "10004", "to", "Missing required parameter"),
    (422, "10011", "media_encryption", "Media encryption not supported for PSTN calls"),
    (422, "10015", "connection_id", "Invalid value for connection_id"),
    (422, "10016", "to", "Phone number must be in +E164 format"),
    (422, "10026", "timeout_secs", "Wrong type"),
    (422, "10032", "beep_enabled", "Not in the enumeration"),
    (422, "10033", "timeout_secs", "Out of range"),
    (422, "10036", "", "Resource is being processed"),
    (422, "10038", "", "Feature not permitted"),
    (422, "10039", "", "Account limited"),
    (422, "90009", "loop", "Invalid loop"),
    (422, "90010", "payload", "Invalid payload"),
    (422, "90011", "payload_type", "Invalid payload type"),
    (422, "90012", "voice", "Invalid voice"),
    (422, "90013", "language", "Invalid language"),
    (422, "90014", "digits", "Invalid digits"),
    (422, "90016", "stop", "Invalid stop"),
    (422, "90017", "client_state", "Invalid client_state"),
    (422, "90025", "timeout_secs", "Invalid timeout"),
    (422, "90029", "time_limit_secs", "Invalid time limit"),
    (422, "90032", "", "Maximum number of participants reached"),
    (422, "90041", "", "User channel limit exceeded"),
    (422, "90042", "", "Outbound voice profile channel limit exceeded"),
    (422, "90043", "", "Connection channel limit exceeded"),
    (400, "90047", "call_control_ids", "Participant on hold"),
    (422, "90057", "webhook_urls", "Invalid webhook_urls"),
    (422, "90061", "", "AI assistant active"),
    (422, "90102", "", "Command is invalid"),
)
"""Status, code, field and title of the refusals of telnyx-facts §1.4 that have to be mended."""


def refused(status: int, body: object, request: Request = DIAL) -> Refused:
    result = reply_of(request, http_of(request, "id"), Answer(status, body))
    assert isinstance(result, Refused)
    return result


def said(code: str, title: str, field: str = "", detail: str = "It may not be so.") -> dict[str, Any]:
    source = {"source": {"pointer": f"/{field}"}} if field else {}
    return errors(code, title, detail=detail, **source)


@pytest.mark.parametrize(("status", "code", "field", "title"), LISTED, ids=[each[1] for each in LISTED])
def test_a_refusal_to_be_mended_ends_with_the_field_and_telnyxs_words(
    status: int, code: str, field: str, title: str
) -> None:
    result = refused(status, said(code, title, field))
    place = f"{field}: " if field else ""
    assert result.problem in MENDED
    assert result.words.endswith(f": {place}{title}: It may not be so.")


def test_no_code_in_the_ranges_of_telnyx_swallows_what_has_to_be_mended() -> None:
    """Also of the codes that nobody has listed, whatever sentence of ours one may get."""
    silent = []
    for code in (*range(10_000, 10_060), *range(90_000, 90_120)):
        for status in (400, 403, 422):
            result = refused(status, said(str(code), "Its title", "its_field", "Its detail"))
            if result.problem in MENDED and not result.words.endswith(": its_field: Its title: Its detail."):
                silent.append((status, code, result.words))
    assert silent == []


def test_a_kind_that_asks_for_no_change_is_our_sentence_alone() -> None:
    assert refused(422, said("90018", "Call has already ended", "call_control_id")).words == (
        "This call has already ended."
    )


@pytest.mark.parametrize(
    ("status", "code", "ours"),
    [
        (403, "10010", "Telnyx does not allow calls from this number."),
        (403, "10999", "Telnyx does not allow this."),
        (422, "10016", "Telnyx does not accept this as a phone number."),
        (422, "90032", "The room is full."),
        (422, "90041", "The account has no free line for another call."),
        (422, "90042", "The outbound voice profile has no free line for another call."),
        (422, "90043", "The connection has no free line for another call."),
    ],
)
def test_our_own_sentence_comes_first_where_there_is_one(status: int, code: str, ours: str) -> None:
    words = refused(status, said(code, "Its title", "to", "Its detail")).words
    assert words == f"{ours} Telnyx says: to: Its title: Its detail."


@pytest.mark.parametrize(
    ("source", "shown"),
    [
        ({"pointer": "/from"}, "from: "),
        ({"pointer": "#/from"}, "from: "),
        ({"pointer": "/conference_config/beep_enabled"}, "conference_config.beep_enabled: "),
        ({"pointer": "", "parameter": "page[size]"}, "page[size]: "),
        ({"parameter": "filter[status]"}, "filter[status]: "),
        ("/from", "from: "),
        ({}, ""),
        (None, ""),
        ({"pointer": ["/from"]}, ""),
    ],
)
def test_the_field_is_named_however_the_error_points_at_it(source: object, shown: str) -> None:
    result = refused(422, errors("10033", "Out of range", source=source))
    assert result.words == f"Telnyx refused: {shown}Out of range."


@pytest.mark.parametrize(
    ("status", "body", "words"),
    [
        (403, None, "Telnyx does not allow this."),
        (403, {"errors": [{"code": "10010"}]}, "Telnyx does not allow calls from this number."),
        (422, {"errors": [{"code": "99999"}]}, "Telnyx refused: HTTP 422."),
        (302, "<html>", "Telnyx refused: HTTP 302."),
        (422, errors("10004", "", source={"pointer": "/to"}), "Telnyx refused: to."),
        (422, errors("10033", "Too long!", detail=""), "Telnyx refused: Too long!"),
    ],
)
def test_an_error_that_says_little_still_makes_a_sentence(status: int, body: object, words: str) -> None:
    assert refused(status, body).words == words


def test_telnyxs_words_are_cleaned_and_cut() -> None:
    body = errors("10033", "Out of\x1b[2J range", detail="x" * 9_999, source={"pointer": "/a\u202eb"})
    words = refused(422, body).words
    assert words.startswith("Telnyx refused: ab: Out of[2J range: xxx")
    assert words.endswith("…")
    assert len(words) < 350


@pytest.mark.parametrize("request_", REQUESTS, ids=named)
def test_it_is_the_same_for_every_request(request_: Request) -> None:
    result = refused(422, said("10026", "Its title", "its_field"), request_)
    assert result.words == "Telnyx refused: its_field: Its title: It may not be so."


def test_the_client_raises_the_same_words_with_advice_where_there_is_any() -> None:
    dial = http_of(DIAL, "id")
    rejected = error_of(dial, Answer(422, said("10004", "Missing required parameter", "to")))
    assert isinstance(rejected, RejectedError)
    assert str(rejected) == "Telnyx refused: to: Missing required parameter: It may not be so"
    denied = error_of(dial, Answer(403, said("10010", "Unverified origination number", "from")))
    assert isinstance(denied, PermissionDeniedError)
    assert "Telnyx says: from: Unverified origination number: It may not be so" in denied.title
    assert "TELNYX_PHONE_NUMBER" in denied.hint
