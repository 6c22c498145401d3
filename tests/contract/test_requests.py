"""(a) Every request of our client is the request that the official package makes of the same values.

Ours is captured; its path ids and its body are then given to the package as arguments, so that a field that
the package does not know is a `TypeError`; both requests must be equal.
"""

from __future__ import annotations

import inspect
import json
import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote

import httpx
import pytest
from telnyx import AsyncTelnyx
from telnyx.types.call_dial_params import ConferenceConfig

from warmxfer_tui.clock import SystemClock
from warmxfer_tui.core.commands import Dial, Tag
from warmxfer_tui.telnyx.account import AccountEndpoints
from warmxfer_tui.telnyx.calls import CallEndpoints
from warmxfer_tui.telnyx.client import TelnyxClient
from warmxfer_tui.telnyx.requests import http_of
from warmxfer_tui.telnyx.rooms import RoomEndpoints

from .endpoints import CASES, LEG, WITHOUT_REFEREE, Case

BASE_URL = "https://telnyx.test/v2"
TAG = Tag("desk", "c1", "B", "c1.B1")
GROUPS = (CallEndpoints, RoomEndpoints, AccountEndpoints)
ENDPOINTS = {
    name
    for group in GROUPS
    for name, member in vars(group).items()
    if inspect.isfunction(member) and name[0] != "_"
}


@dataclass(frozen=True)
class Captured:
    """One request as it would go over the wire."""

    method: str
    path: str
    query: Mapping[str, str]
    body: Any


class Wire:
    """A transport that keeps what would have been sent."""

    def __init__(self) -> None:
        self.captured: list[Captured] = []
        self.transport = httpx.MockTransport(self._take)

    def _take(self, request: httpx.Request) -> httpx.Response:
        assert request.headers["authorization"] == "Bearer KEYours"
        body = json.loads(request.content) if request.content else None
        path, _, _ = request.url.raw_path.decode().partition("?")
        self.captured.append(Captured(request.method, unquote(path), dict(request.url.params), body))
        return httpx.Response(200, json={"data": {}})


async def our_request(name: str, values: Mapping[str, Any]) -> Captured:
    wire = Wire()
    async with TelnyxClient(
        "KEYours", clock=SystemClock(), base_url=BASE_URL, transport=wire.transport
    ) as client:
        await getattr(client, name)(**values)
    return wire.captured[0]


async def their_request(case: Case, ours: Captured, ids: list[Any]) -> Captured:
    """What the package makes of the values in our request."""
    wire = Wire()
    arguments = {case.renamed.get(key, key): value for key, value in (ours.body or {}).items()}
    if "from" in arguments:
        arguments["from_"] = arguments.pop("from")
    arguments |= query_arguments(ours.query)
    async with (
        httpx.AsyncClient(transport=wire.transport) as http,
        AsyncTelnyx(api_key="KEYours", base_url=BASE_URL, http_client=http, max_retries=0) as client,
    ):
        await method_of(client, case.theirs)(*ids, **arguments)
    return wire.captured[0]


def method_of(client: AsyncTelnyx, path: str) -> Callable[..., Awaitable[object]]:
    target: Any = client
    for name in path.split("."):
        target = getattr(target, name)
    method: Callable[..., Awaitable[object]] = target
    return method


def query_arguments(query: Mapping[str, str]) -> dict[str, Any]:
    """`filter[a][b]=c` as `filter={"a": {"b": "c"}}`, `page[number]=2` as `page_number=2`."""
    arguments: dict[str, Any] = {}
    for key, value in query.items():
        names = re.findall(r"\w+", key)
        if names[0] == "page" and names[1] in {"after", "limit"}:
            # The package pages this list by number, the API by cursor (telnyx-facts §1.3).
            arguments.setdefault("extra_query", {})[key] = value
        elif names[0] == "page":
            arguments[f"page_{names[1]}"] = int(value)
        else:
            inner = arguments.setdefault(names[0], {})
            for name in names[1:-1]:
                inner = inner.setdefault(name, {})
            inner[names[-1]] = value
    return arguments


def required(name: str, case: Case) -> dict[str, Any]:
    parameters = inspect.signature(getattr(TelnyxClient, name)).parameters
    return {
        key: value for key, value in case.values.items() if parameters[key].default is inspect.Parameter.empty
    }


def test_every_method_has_a_case_with_a_value_for_every_argument() -> None:
    assert set(CASES) | WITHOUT_REFEREE == ENDPOINTS
    for name, case in CASES.items():
        parameters = inspect.signature(getattr(TelnyxClient, name)).parameters
        assert set(case.values) == set(parameters) - {"self"}, name
        assert all(each.kind is each.KEYWORD_ONLY for key, each in parameters.items() if key != "self"), name


def test_no_group_of_endpoints_hides_a_method_of_another() -> None:
    names = [name for group in GROUPS for name in vars(group) if not name.startswith("__")]
    own = [name for name in names if name not in {"_abc_impl", "_is_protocol"}]
    assert len(own) == len(set(own))


@pytest.mark.parametrize("fullness", ["all arguments", "required arguments"])
@pytest.mark.parametrize("name", sorted(CASES))
async def test_our_request_is_the_official_one(name: str, fullness: str) -> None:
    case = CASES[name]
    values = case.values if fullness == "all arguments" else required(name, case)
    ours = await our_request(name, values)
    theirs = await their_request(case, ours, [case.values[key] for key in case.ids])
    assert ours == theirs
    for key in case.ids:
        assert f"/{case.values[key]}" in ours.path


NESTED: Mapping[str, Any] = {
    "every option of the case": CASES["dial"].values["conference_config"],
    "what the console sends": (http_of(Dial("+1", "+2", "3", 25, TAG, room_name="wx-1"), "id").body or {})[
        "conference_config"
    ],
}


@pytest.mark.parametrize("source", NESTED)
def test_the_package_knows_every_field_within_a_field(source: str) -> None:
    """It is called with these as one argument, so that a wrong name within it is no `TypeError`."""
    assert NESTED[source].keys() <= ConferenceConfig.__annotations__.keys()


async def test_public_key_is_read_where_the_demo_reads_it() -> None:
    assert await our_request("public_key", {}) == Captured("GET", "/v2/public_key", {}, None)


@pytest.mark.parametrize("members", [[], (), "", [""], LEG])
@pytest.mark.parametrize("name", ["hold", "unhold", "mute", "unmute", "room_speak", "room_play", "room_stop"])
async def test_everybody_in_the_room_cannot_be_said(name: str, members: Any) -> None:
    values = {**required(name, CASES[name]), "call_control_ids": members}
    with pytest.raises(ValueError, match="name the members"):
        await our_request(name, values)
