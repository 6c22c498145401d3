"""(d) The referee works: it catches every one of these broken simulators, and passes the whole one."""

from __future__ import annotations

import copy
import json
import time
from collections.abc import Callable, Mapping
from typing import Any, Final

import pytest

from warmxfer_tui.simulator.delivery import signed
from warmxfer_tui.simulator.service import Simulator
from warmxfer_tui.simulator.world import MANUAL, Reply

from .bench import Bench, Letter, bench
from .referee import judge_letter, judge_reply
from .tour import STATE, TARGET

Body = dict[str, Any]


def _drop(body: Body, field: str) -> Body:
    del body["data"][field]
    return body


def _put(body: Body, **fields: object) -> Body:
    body["data"].update(fields)
    return body


BROKEN_REPLIES: Final[Mapping[str, tuple[str, Callable[[Body], object]]]] = {
    "an empty reply": ("POST /calls", lambda body: {}),
    "a word for a truth value": ("POST /calls", lambda body: _put(body, is_alive="false")),
    "a number for an id": ("POST /calls", lambda body: _put(body, call_leg_id=7)),
    "a missing field": ("POST /calls", lambda body: _drop(body, "call_session_id")),
    "an invented field": ("GET /calls/{id}", lambda body: _put(body, state="ringing")),
    "the data one level too high": ("GET /calls/{id}", lambda body: body["data"]),
    "the data one level too deep": ("GET /calls/{id}", lambda body: {"data": body}),
    "another word for ok": ("calls hangup", lambda body: _put(body, result="accepted")),
    "a list without its page": ("GET /conferences", lambda body: {"data": body["data"]}),
    "an object for a list": ("GET /conferences", lambda body: {**body, "data": {}}),
}
"""Ten simulators whose replies are broken: what is wrong, where, and how."""

PATHS: Final[Mapping[str, Callable[[str, str], bool]]] = {
    "POST /calls": lambda method, path: (method, path) == ("POST", "/calls"),
    "GET /calls/{id}": lambda method, path: method == "GET" and path.startswith("/calls/"),
    "calls hangup": lambda method, path: path.endswith("/actions/hangup"),
    "GET /conferences": lambda method, path: (method, path) == ("GET", "/conferences"),
}


class BrokenSimulator(Simulator):
    """A simulator that spoils the replies of one endpoint."""

    endpoint = ""
    status: int | None = None

    def spoil(self, body: Body) -> object:
        return body

    async def handle(
        self, method: str, path: str, query: Mapping[str, str], body: Mapping[str, object] | None
    ) -> Reply:
        reply = await super().handle(method, path, query, body)
        if not PATHS[self.endpoint](method, path):
            return reply
        spoilt = self.spoil(copy.deepcopy(dict(reply.body)))
        return Reply(self.status or reply.status, spoilt)  # type: ignore[arg-type]


def broken(endpoint: str, spoil: Callable[[Body], object], status: int | None = None) -> type[Simulator]:
    """Return a simulator class that is broken in one way."""
    members = {"endpoint": endpoint, "status": status, "spoil": lambda self, body: spoil(body)}
    return type("Broken", (BrokenSimulator,), members)


async def visit(b: Bench) -> dict[str, list[str]]:
    """Call four endpoints and return what the referee says about each."""
    keys = b.simulator.credentials
    calls = b.client.calls
    reply = calls.with_raw_response.dial(
        connection_id=keys.connection_id, to=TARGET, from_=keys.phone_number, client_state=STATE
    )
    await b.take("POST /calls", reply)
    leg = next(iter(b.simulator.world.legs))
    await b.take("GET /calls/{id}", calls.with_raw_response.retrieve_status(leg))
    await b.take("calls hangup", calls.actions.with_raw_response.hangup(leg))
    await b.take("GET /conferences", b.client.conferences.with_raw_response.list())
    return {endpoint: judge_reply(endpoint, answer) for endpoint, answer in b.answers.items()}


async def test_a_whole_simulator_passes() -> None:
    async with bench() as b:
        assert await visit(b) == {endpoint: [] for endpoint in PATHS}


@pytest.mark.parametrize("fault", BROKEN_REPLIES)
async def test_a_broken_reply_is_caught_where_it_is_broken(fault: str) -> None:
    endpoint, spoil = BROKEN_REPLIES[fault]
    async with bench(broken(endpoint, spoil)) as b:
        verdict = await visit(b)
    assert [name for name, wrong in verdict.items() if wrong] == [endpoint]


async def test_a_wrong_status_is_caught() -> None:
    async with bench(broken("calls hangup", lambda body: body, status=202)) as b:
        verdict = await visit(b)
    assert verdict["calls hangup"] == ["status 202 instead of 200"]


BROKEN_WEBHOOKS: Final[Mapping[str, Callable[[Body], object]]] = {
    "an empty body": lambda body: {},
    "the payload one level too high": lambda body: {
        **body,
        "data": {**body["data"], **body["data"]["payload"]},
    },
    "no payload": lambda body: _drop(body, "payload"),
    "an invented event": lambda body: _put(body, event_type="call.ringing"),
    "another event's name": lambda body: _put(body, event_type="call.answered"),
    "an invented field": lambda body: _put(body, payload={**body["data"]["payload"], "peer": "v3:x"}),
    "a missing field": lambda body: _put(
        body, payload={k: v for k, v in body["data"]["payload"].items() if k != "direction"}
    ),
    "a word outside the enumeration": lambda body: _put(
        body, payload={**body["data"]["payload"], "state": "ringing"}
    ),
    "a wrong type": lambda body: _put(body, payload={**body["data"]["payload"], "tags": "none"}),
    "no data envelope": lambda body: body["data"],
    "no meta": lambda body: {"data": body["data"]},
}
"""Simulators whose webhooks are broken, though well signed."""


@pytest.mark.parametrize("fault", [None, *BROKEN_WEBHOOKS])
async def test_a_broken_webhook_is_caught_and_a_whole_one_passes(fault: str | None) -> None:
    async with bench() as b:
        leg = b.simulator.ring_in("+12025550198", "Ada Byron", MANUAL)
        letter = await b.inbox.until("call.initiated", leg)
        if fault is not None:
            raw = json.dumps(BROKEN_WEBHOOKS[fault](copy.deepcopy(letter.body))).encode()
            headers = signed(b.simulator.credentials.signing_key, int(time.time()), raw)
            letter = Letter(raw, headers)
        wrong = judge_letter(b.client, letter)
    assert bool(wrong) == (fault is not None)
