"""(d) The referee works: it catches every one of these broken simulators, and passes the whole one.

Each is caught *for its defect*: the verdict is compared word for word, for one that failed for another reason
would prove nothing.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Mapping
from typing import Any, Final

import pytest

from warmxfer_tui.simulator.service import Simulator
from warmxfer_tui.simulator.world import Reply

from .bench import Bench, bench
from .referee import judge_reply
from .tour import STATE, TARGET

Body = dict[str, Any]
Spoil = Callable[[Body], object]


def _without(body: Body, field: str) -> Body:
    del body["data"][field]
    return body


def _with(body: Body, **fields: object) -> Body:
    body["data"].update(fields)
    return body


def _meta(body: Body, **fields: object) -> Body:
    body["meta"].update(fields)
    return body


def _error(body: Body, **fields: object) -> Body:
    body["errors"][0].update(fields)
    return body


REFUSED_BY_THE_PACKAGE: Final = "the package refuses it: APIResponseValidationError"
BROKEN: Final[Mapping[str, tuple[str, Spoil, set[str]]]] = {
    "an empty reply": ("POST /calls", lambda body: {}, {"$.data: missing"}),
    "a word for a truth value": (
        "POST /calls",
        lambda body: _with(body, is_alive="false"),
        {"$.data.is_alive: 'false' is none of [False]"},  # the package takes the word for the value
    ),
    "a number for an id": (
        "POST /calls",
        lambda body: _with(body, call_leg_id=7),
        {"$.data.call_leg_id: 7 is no str", REFUSED_BY_THE_PACKAGE},
    ),
    "a missing field": (
        "POST /calls",
        lambda body: _without(body, "call_session_id"),
        {"$.data.call_session_id: missing", REFUSED_BY_THE_PACKAGE},
    ),
    "a missing field that the package can do without": (
        "GET /calls/{id}",
        lambda body: _without(body, "start_time"),
        {"$.data.start_time: missing"},
    ),
    "an invented field": (
        "GET /calls/{id}",
        lambda body: _with(body, state="ringing"),
        {"$.data.state: not in the list", "Data.state: unknown to the model"},
    ),
    "an end time for the living": (
        "GET /calls/{id}",
        lambda body: _with(body, end_time="2026-01-01T00:00:00.000Z"),
        {"$.data.end_time: not in the list"},
    ),
    "no end time for the dead": (
        "GET /calls/{id}, ended",
        lambda body: _without(body, "end_time"),
        {"$.data.end_time: missing"},
    ),
    "a dead leg that lives": (
        "GET /calls/{id}, ended",
        lambda body: _with(body, is_alive=True),
        {"$.data.is_alive: True is none of [False]"},
    ),
    "another word for ok": (
        "calls hangup",
        lambda body: _with(body, result="accepted"),
        {"$.data.result: 'accepted' is none of ['ok']"},
    ),
    "a list without its page": (
        "GET /conferences",
        lambda body: {"data": body["data"]},
        {"$.meta: missing"},
    ),
    "an object for a list": (
        "GET /conferences",
        lambda body: {**body, "data": {}},
        {"$.data: {} is no list", REFUSED_BY_THE_PACKAGE},
    ),
    "a page that is not counted": (
        "GET /conferences",
        lambda body: _meta(body, total_pages=7),
        {"total_pages 7 instead of 0"},
    ),
    "rows that are not there": (
        "GET /conferences",
        lambda body: _meta(body, total_results=3, total_pages=1),
        {"0 rows instead of 3"},
    ),
    "a refusal without a title": (
        "calls hangup, again",
        lambda body: _error(body, title=None),
        {"$.errors[0].title: None is no str"},
    ),
    "a refusal with a number for its code": (
        "calls hangup, again",
        lambda body: _error(body, code=90018),
        {"$.errors[0].code: 90018 is no str"},
    ),
    "a refusal with another code": (
        "calls hangup, again",
        lambda body: _error(body, code="90015"),
        {"refused with 90015 instead of 90018"},
    ),
}
"""Simulators whose replies are broken: where, how, and what the referee says to it."""

DATA_TOO_HIGH: Final = {
    "$.data: missing",
    *(f"$.{name}: not in the list" for name in ("record_type", "call_control_id", "call_leg_id")),
    *(f"$.{name}: not in the list" for name in ("call_session_id", "client_state", "is_alive")),
    *(f"$.{name}: not in the list" for name in ("call_duration", "start_time")),
}
STATUSES: Final[Mapping[str, tuple[int, set[str]]]] = {
    "calls hangup": (202, {"status 202 instead of 200"}),
    "calls hangup, again": (
        404,
        {
            "status 404 instead of 422",
            "the package raises NotFoundError instead of UnprocessableEntityError",
        },
    ),
}
"""Simulators that answer well but with another status."""


class BrokenSimulator(Simulator):
    """A simulator that spoils the one reply that `visit` is about to ask for."""

    due = ""
    endpoint = ""
    status: int | None = None

    def spoil(self, body: Body) -> object:
        return body

    async def handle(
        self, method: str, path: str, query: Mapping[str, str], body: Mapping[str, object] | None
    ) -> Reply:
        reply = await super().handle(method, path, query, body)
        if self.due != self.endpoint:
            return reply
        spoilt = self.spoil(copy.deepcopy(dict(reply.body)))
        return Reply(self.status or reply.status, spoilt)  # type: ignore[arg-type]


def broken(endpoint: str, spoil: Spoil = lambda body: body, status: int | None = None) -> type[Simulator]:
    """Return a simulator class that is broken in one way."""
    members = {"endpoint": endpoint, "status": status, "spoil": lambda self, body: spoil(body)}
    return type("Broken", (BrokenSimulator,), members)


async def visit(b: Bench) -> dict[str, list[str]]:
    """Ask for six replies and return what the referee says to each."""
    keys = b.simulator.credentials
    calls = b.client.calls
    verdicts = {}

    async def take(name: str, raw: Any, refused: str = "") -> None:
        b.simulator.due = name  # type: ignore[attr-defined]
        await b.take(name.removesuffix(", again"), raw, refused=refused)
        verdicts[name] = judge_reply(b.answers[-1])

    dial = calls.with_raw_response.dial
    await take(
        "POST /calls",
        dial(connection_id=keys.connection_id, to=TARGET, from_=keys.phone_number, client_state=STATE),
    )
    leg = next(iter(b.simulator.world.legs))
    await take("GET /calls/{id}", calls.with_raw_response.retrieve_status(leg))
    await take("calls hangup", calls.actions.with_raw_response.hangup(leg))
    b.simulator.step(lambda world: world.party_hangs_up(leg))  # also where the hang-up was refused
    await take("GET /calls/{id}, ended", calls.with_raw_response.retrieve_status(leg))
    await take("calls hangup, again", calls.actions.with_raw_response.hangup(leg), refused="90018")
    await take("GET /conferences", b.client.conferences.with_raw_response.list())
    return verdicts


def caught(verdicts: Mapping[str, list[str]]) -> dict[str, set[str]]:
    """Where the referee found something, and what."""
    return {name: set(wrong) for name, wrong in verdicts.items() if wrong}


async def test_a_whole_simulator_passes() -> None:
    async with bench(BrokenSimulator) as b:
        verdicts = await visit(b)
    assert len(verdicts) == 6
    assert caught(verdicts) == {}


@pytest.mark.parametrize("fault", BROKEN)
async def test_a_broken_reply_is_caught_where_it_is_broken_and_for_what(fault: str) -> None:
    endpoint, spoil, said = BROKEN[fault]
    async with bench(broken(endpoint, spoil)) as b:
        assert caught(await visit(b)) == {endpoint: said}


@pytest.mark.parametrize("endpoint", STATUSES)
async def test_a_wrong_status_is_caught(endpoint: str) -> None:
    status, said = STATUSES[endpoint]
    async with bench(broken(endpoint, status=status)) as b:
        assert caught(await visit(b)) == {endpoint: said}


async def test_the_data_one_level_too_high_is_caught() -> None:
    async with bench(broken("GET /calls/{id}", lambda body: body["data"])) as b:
        verdict = caught(await visit(b))["GET /calls/{id}"]
    # The package keeps the strays as fields that it does not know.
    assert {each for each in verdict if each.startswith("$")} == DATA_TOO_HIGH
    assert all(each.endswith("unknown to the model") for each in verdict - DATA_TOO_HIGH)


async def test_the_data_one_level_too_deep_is_caught() -> None:
    async with bench(broken("GET /calls/{id}", lambda body: {"data": body})) as b:
        verdict = caught(await visit(b))["GET /calls/{id}"]
    assert {"$.data.data: not in the list", "$.data.call_control_id: missing"} <= verdict


async def test_a_refusal_that_never_comes_is_caught() -> None:
    ok = broken("calls hangup, again", lambda body: {"data": {"result": "ok"}}, status=200)
    async with bench(ok) as b:
        assert caught(await visit(b)) == {"calls hangup, again": {"not refused with 90018"}}
