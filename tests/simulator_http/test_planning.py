"""The fault plan over HTTP: planned, listed, switched off, and refused where it makes no sense."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from warmxfer_tui.clock import run_jump
from warmxfer_tui.simulator.drills import DRILLS
from warmxfer_tui.simulator.faults import Fault, FaultKind
from warmxfer_tui.simulator.mishaps import Mishap, MishapKind
from warmxfer_tui.simulator.service import Simulator

from .stage import KEYS, code, http, simulator


async def sim(
    opened: Simulator, client: httpx.AsyncClient, method: str, what: str, body: object = None
) -> httpx.Response:
    return await client.request(method, f"{opened.control_url}/{what}", json=body)


async def planned(opened: Simulator, client: httpx.AsyncClient) -> Any:
    return (await sim(opened, client, "GET", "faults")).json()["data"]


def with_plan(what: str, body: object) -> tuple[Any, Simulator]:
    """Plan one thing; return what is listed then, and the simulator."""

    async def story() -> tuple[Any, Simulator]:
        async with simulator() as opened, http(opened) as client:
            reply = await sim(opened, client, "POST", what, body)
            assert reply.status_code == 200, reply.text
            return await planned(opened, client), opened

    return run_jump(story())


@pytest.mark.parametrize("kind", FaultKind)
def test_every_kind_of_fault_is_planned_over_http_with_all_its_fields(kind: FaultKind) -> None:
    told: dict[str, Any] = {
        "method": "POST",
        "path": "/calls",
        "status": 500,
        "code": "10007",
        "title": "Oh",
        "reset_s": 3,
    }
    when = {"skip": 2, "times": 3, "chance": 0.5, "seed": 9, "for_ms": 1500, "name": "mine"}
    _, opened = with_plan("faults", {"kind": kind, "delay_ms": 250, **told, **when})
    (entry,) = opened.faults.entries
    assert entry.planned == Fault(
        kind, delay_s=0.25, skip=2, times=3, chance=0.5, seed=9, for_s=1.5, name="mine", **told
    )


@pytest.mark.parametrize("kind", MishapKind)
def test_every_kind_of_mishap_is_planned_over_http_with_all_its_fields(kind: MishapKind) -> None:
    told = {"event_type": "call.*", "call_control_id": "v3:x", "delay_ms": 250, "attempts": 2}
    _, opened = with_plan("mishaps", {"kind": kind, **told, "skip": 1, "times": 4})
    (entry,) = opened.mishaps.entries
    assert entry.planned == Mishap(kind, "call.*", "v3:x", 0.25, 2, skip=1, times=4)


@pytest.mark.parametrize(
    ("what", "body", "times"),
    [
        ("faults", {"kind": "lose"}, 1),
        ("faults", {"kind": "lose", "chance": 0.5}, "always"),
        ("faults", {"kind": "lose", "for_ms": 10}, "always"),
        ("faults", {"kind": "lose", "for_ms": 10, "times": 2}, 2),
        ("mishaps", {"kind": "stop"}, "always"),
        ("mishaps", {"kind": "drop", "times": "always"}, "always"),
    ],
)
def test_what_stops_or_ends_by_itself_or_is_left_to_chance_is_planned_for_all_of_them(
    what: str, body: object, times: object
) -> None:
    listed, _ = with_plan(what, body)
    (entry,) = listed["requests"] or listed["webhooks"]
    assert entry["times"] == times


def test_what_is_planned_is_listed_with_how_far_it_is() -> None:
    async def story() -> None:
        async with simulator() as opened, http(opened) as client:
            await sim(opened, client, "POST", "faults", {"kind": "refuse", "path": "/public_key", "times": 3})
            await sim(opened, client, "POST", "mishaps", {"kind": "delay", "delay_ms": 700})
            assert (await client.get("/public_key")).status_code == 503
            assert await planned(opened, client) == {
                "requests": [
                    {
                        "id": 1,
                        "hits": 1,
                        "words": "refuse 503 * /public_key",
                        "skip": 0,
                        "times": 2,
                        "kind": "refuse",
                        "path": "/public_key",
                    }
                ],
                "webhooks": [
                    {
                        "id": 2,
                        "hits": 0,
                        "words": "delay webhooks *",
                        "skip": 0,
                        "times": 1,
                        "kind": "delay",
                        "delay_ms": 700,
                    }
                ],
            }

    run_jump(story())


def test_all_of_it_or_one_of_either_list_is_switched_off() -> None:
    async def story() -> None:
        async with simulator() as opened, http(opened) as client:
            for _ in range(2):
                await sim(opened, client, "POST", "faults", {"kind": "drop"})
                await sim(opened, client, "POST", "mishaps", {"kind": "drop"})
            for number in (2, 3):
                reply = await sim(opened, client, "DELETE", f"faults/{number}")
                assert reply.json() == {"data": {"switched_off": 1}}
            left = await planned(opened, client)
            assert [entry["id"] for entry in (*left["requests"], *left["webhooks"])] == [1, 4]
            reply = await sim(opened, client, "DELETE", "faults")
            assert reply.json() == {"data": {"switched_off": 2}}
            assert await planned(opened, client) == {"requests": [], "webhooks": []}
            assert (await client.get("/public_key")).status_code == 200

    run_jump(story())


def test_a_drill_plans_all_that_its_name_stands_for_by_that_name() -> None:
    async def story() -> None:
        async with simulator() as opened, http(opened) as client:
            listed = (await sim(opened, client, "GET", "drills")).json()["data"]
            assert [each["name"] for each in listed] == [drill.name for drill in DRILLS]
            for drill in DRILLS:
                reply = await sim(opened, client, "POST", "drills", {"name": drill.name})
                now = await planned(opened, client)
                entries = [*now["requests"], *now["webhooks"]]
                assert reply.json()["data"]["ids"] == [entry["id"] for entry in entries] != []
                assert {entry["words"] for entry in entries} == {drill.name}
                await sim(opened, client, "DELETE", "faults")

    run_jump(story())


NONSENSE = [
    ("faults", {}, "10004", "kind is missing"),
    ("faults", {"kind": "explode"}, "10015", "kind must be one of refuse, deny, drop, lose, delay"),
    ("faults", {"kind": ["drop"]}, "10015", "kind must be of type str"),
    ("faults", {"kind": "drop", "method": "DANCE"}, "10015", "method must be one of *, GET"),
    ("faults", {"kind": "refuse", "status": 200}, "10015", "status must be a whole number from 400 to 599"),
    ("faults", {"kind": "refuse", "status": True}, "10015", "status must be a whole number"),
    ("faults", {"kind": "drop", "skip": -1}, "10015", "skip must be a whole number from 0"),
    ("faults", {"kind": "drop", "times": 0}, "10015", "times must be a whole number from 1"),
    ("faults", {"kind": "drop", "times": "all"}, "10015", "times must be"),
    ("faults", {"kind": "drop", "chance": 0}, "10015", "chance must be a number above 0 and up to 1"),
    ("faults", {"kind": "drop", "chance": 1.5}, "10015", "chance must be"),
    ("faults", {"kind": "drop", "chance": "half"}, "10015", "chance must be"),
    ("faults", {"kind": "delay", "delay_ms": 10**12}, "10015", "delay_ms must be a whole number"),
    ("faults", {"kind": "drop", "for_ms": 0}, "10015", "for_ms must be a whole number from 1"),
    ("faults", {"kind": "drop", "event_type": "call.*"}, "10015", "event_type must be left out"),
    ("mishaps", {"kind": "refuse"}, "10015", "kind must be one of drop, delay, duplicate, reorder"),
    ("mishaps", {"kind": "drop", "call_control_id": 5}, "10015", "call_control_id must be of type str"),
    ("mishaps", {"kind": "corrupt", "attempts": 0}, "10015", "attempts must be a whole number from 1"),
    ("mishaps", {"kind": "drop", "path": "/calls"}, "10015", "path must be left out"),
    ("drills", {"name": "fire"}, "10015", "name must be one of webhooks stop, "),
    ("drills", {"name": "webhooks stop", "times": 2}, "10015", "times must be left out"),
]


@pytest.mark.parametrize(("what", "body", "number", "words"), NONSENSE)
def test_nonsense_is_refused_in_words_and_plans_nothing(
    what: str, body: object, number: str, words: str
) -> None:
    async def story() -> httpx.Response:
        async with simulator() as opened, http(opened) as client:
            reply = await sim(opened, client, "POST", what, body)
            assert await planned(opened, client) == {"requests": [], "webhooks": []}
            return reply

    reply = run_jump(story())
    assert code(reply) == (422, number)
    assert words in reply.json()["errors"][0]["detail"]


@pytest.mark.parametrize("which", ["1", "x", "-1", "1.0", "²", "9" * 400])
def test_what_is_not_planned_cannot_be_switched_off(which: str) -> None:
    async def story() -> httpx.Response:
        async with simulator() as opened, http(opened) as client:
            return await sim(opened, client, "DELETE", f"faults/{which}")

    assert code(run_jump(story())) == (404, "10005")


@pytest.mark.parametrize(
    ("method", "what"),
    [("GET", "faults"), ("DELETE", "faults"), ("DELETE", "faults/1"), ("POST", "drills"), ("GET", "drills")],
)
def test_the_plan_asks_for_the_key(method: str, what: str) -> None:
    async def story() -> httpx.Response:
        async with simulator() as opened, http(opened, key=KEYS.api_key + "x") as client:
            return await sim(opened, client, method, what, {})

    assert code(run_jump(story())) == (401, "10009")
