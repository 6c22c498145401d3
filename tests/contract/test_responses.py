"""(b) The official package calls every endpoint and finds each reply exactly as documented."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping

import httpx
import pytest
from telnyx.types import ConnectionListActiveCallsResponse

from . import fields
from .bench import Answer, Bench, bench
from .referee import UNDECODED_REPLIES, UNKNOWN_TO_THE_MODEL, extras, judge_reply
from .shapes import differences
from .tour import ENDPOINTS, tour


@pytest.fixture(scope="module")
def answers() -> Mapping[str, Answer]:
    """What the endpoints answered on one tour; a public key has no method in the package."""

    async def visit() -> Mapping[str, Answer]:
        async with bench() as b:
            await tour(b)
            await _public_key(b)
            return b.answers

    return asyncio.run(visit())


async def _public_key(b: Bench) -> None:
    async with httpx.AsyncClient(trust_env=False) as client:
        reply = await client.get(
            f"{b.simulator.base_url}/public_key",
            headers={"Authorization": f"Bearer {b.simulator.credentials.api_key}"},
        )
    b.answers["GET /public_key"] = Answer(reply.status_code, reply.json(), None)


def test_the_tour_visits_every_endpoint(answers: Mapping[str, Answer]) -> None:
    assert answers.keys() == ENDPOINTS.keys()


@pytest.mark.parametrize("endpoint", ENDPOINTS)
def test_a_reply_has_the_documented_status_and_exactly_the_listed_fields(
    endpoint: str, answers: Mapping[str, Answer]
) -> None:
    assert judge_reply(endpoint, answers[endpoint]) == []


def test_every_list_of_the_tour_has_rows(answers: Mapping[str, Answer]) -> None:
    """An empty list would prove nothing about its rows."""
    lists = {name: answer.body["data"] for name, answer in answers.items() if "meta" in answer.body}
    assert [name for name, rows in lists.items() if not rows] == []


def test_each_excused_field_is_met(answers: Mapping[str, Answer]) -> None:
    """An excuse that nothing needs would hide a field that nobody has decided on."""
    met = {each for answer in answers.values() for each in extras(answer.model)}
    page = "DefaultFlatPaginationMeta"
    assert met == {(page, "page_size"), (page, "total_results")}
    assert met <= UNKNOWN_TO_THE_MODEL.keys()


def test_active_calls_is_refused_for_its_cursors_alone(answers: Mapping[str, Answer]) -> None:
    """Its rows pass the package's strict model; once that passes the cursors too, the exception is void."""
    assert UNDECODED_REPLIES.keys() == {"GET /connections/{id}/active_calls"}
    answer = answers["GET /connections/{id}/active_calls"]
    assert isinstance(answer.model, Exception)
    for row in answer.body["data"]:
        assert ConnectionListActiveCallsResponse.model_validate(row, strict=True).model_extra == {}


@pytest.mark.parametrize(
    ("status", "code", "method", "path", "body"),
    [
        (404, "10005", "GET", "/nowhere", None),
        (422, "10004", "POST", "/calls", {"to": "+12025550118"}),
        (422, "90015", "POST", "/calls/v3:unknown/actions/hangup", {}),
        (404, "90058", "POST", "/conferences/unknown/actions/hold", {"call_control_ids": ["v3:unknown"]}),
    ],
)
async def test_an_error_has_exactly_the_listed_fields(
    status: int, code: str, method: str, path: str, body: object
) -> None:
    async with bench() as b, httpx.AsyncClient(trust_env=False) as client:
        reply = await client.request(
            method,
            b.simulator.base_url + path,
            json=body,
            headers={"Authorization": f"Bearer {b.simulator.credentials.api_key}"},
        )
    assert (reply.status_code, reply.json()["errors"][0]["code"]) == (status, code)
    assert differences(reply.json(), fields.ERROR) == []
