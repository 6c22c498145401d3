"""The client's methods as a person calls them: typed errors, whole lists, files."""

from __future__ import annotations

from collections.abc import Coroutine
from typing import Any

import httpx
import pytest

from warmxfer_tui.telnyx.client import TelnyxClient
from warmxfer_tui.telnyx.errors import (
    AuthenticationError,
    GoneError,
    NotFoundError,
    RateLimitedError,
    UnavailableError,
)

from .asks import LEG, errors, page
from .transport import KEY, Telnyx, json_reply, with_client


@pytest.mark.parametrize(
    ("response", "error"),
    [
        (json_reply(401, errors("10009")), AuthenticationError),
        (json_reply(422, errors("90018")), GoneError),
        (json_reply(200, []), UnavailableError),
        (json_reply(500, {}), UnavailableError),
        (httpx.ConnectError("refused"), UnavailableError),
    ],
)
def test_a_method_raises_its_typed_error_with_a_sentence(response: Any, error: type[Exception]) -> None:
    with pytest.raises(error) as caught:
        with_client(Telnyx(response), lambda client: client.call_status(call_control_id=LEG))
    assert " " in str(caught.value)
    assert KEY not in str(caught.value) + repr(caught.value)


def test_a_media_file_that_does_not_exist_is_not_found_whatever_the_title_says() -> None:
    missing = json_reply(404, errors("10005", "Audio file not found"))
    with pytest.raises(NotFoundError):
        with_client(Telnyx(missing), lambda client: client.media(media_name="hold"))


def test_a_rate_limited_method_says_for_how_long() -> None:
    limited = json_reply(429, errors("10011"), x_ratelimit_reset="2")
    with pytest.raises(RateLimitedError) as caught:
        with_client(Telnyx(limited), lambda client: client.hangup(call_control_id=LEG))
    assert caught.value.wait == 2_000


def test_numbered_lists_are_read_to_the_last_page() -> None:
    telnyx = Telnyx(json_reply(200, page([{"id": "1"}], 2)), json_reply(200, page([{"id": "2"}], 2)))
    rows = with_client(telnyx, lambda client: client.rows(client.applications, name_contains="warm"))
    assert [row["id"] for row in rows] == ["1", "2"]
    assert [each.url.params["page[number]"] for each in telnyx.requests] == ["1", "2"]
    assert telnyx.requests[1].url.params["filter[application_name][contains]"] == "warm"


def test_active_calls_are_read_by_their_cursors() -> None:
    first = {"data": [{"call_leg_id": "1"}], "meta": {"cursors": {"after": "Mw=="}}}
    last = {"data": [{"call_leg_id": "2"}], "meta": {"cursors": {"after": None}}}
    telnyx = Telnyx(json_reply(200, first), json_reply(200, last))
    rows = with_client(telnyx, lambda client: client.all_active_calls(connection_id="149"))
    assert [row["call_leg_id"] for row in rows] == ["1", "2"]
    assert "page[after]" not in telnyx.requests[0].url.params
    assert telnyx.requests[1].url.params["page[after]"] == "Mw=="


@pytest.mark.parametrize("body", [page([{}], 10**9), {"data": [{}], "meta": {"cursors": {"after": "again"}}}])
def test_a_list_without_an_end_is_an_error(body: dict[str, Any]) -> None:
    def use(client: TelnyxClient) -> Coroutine[Any, Any, Any]:
        if "cursors" in body["meta"]:
            return client.all_active_calls(connection_id="149")
        return client.rows(client.conferences)

    with pytest.raises(UnavailableError):
        with_client(Telnyx(json_reply(200, body)), use)


def test_a_media_file_goes_up_as_a_form() -> None:
    telnyx = Telnyx(json_reply(200, {"data": {"media_name": "hold"}}))
    with_client(
        telnyx,
        lambda client: client.upload_media(
            media=b"RIFF....", content_type="audio/wav", media_name="hold", ttl_secs=60
        ),
    )
    request = telnyx.requests[0]
    assert (request.method, request.url.path) == ("POST", "/v2/media")
    assert request.headers["content-type"].startswith("multipart/form-data; boundary=")
    parts = request.content.split(b"--" + request.headers["content-type"].partition("boundary=")[2].encode())
    assert any(b'name="media_name"' in part and part.rstrip().endswith(b"hold") for part in parts)
    assert any(b'name="ttl_secs"' in part and part.rstrip().endswith(b"60") for part in parts)
    file = next(part for part in parts if b'name="media"; filename="hold"' in part)
    assert b"Content-Type: audio/wav" in file
    assert file.rstrip().endswith(b"RIFF....")
