"""Whatever a client sends, the answer is JSON in Telnyx's envelope and never a failure of ours."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from tests.property.tiers import examples
from warmxfer_tui.clock import run_jump
from warmxfer_tui.simulator.world import MANUAL

from .stage import KEYS, MANUAL_NUMBER, dial_body, http, simulator

LEG, ROOM = "<leg>", "<room>"
PATHS = (
    "/calls",
    "/conferences",
    "/media",
    "/call_events",
    "/phone_numbers",
    "/call_control_applications",
    *(f"/calls/{LEG}/actions/{name}" for name in (
        "answer", "reject", "hangup", "transfer", "bridge", "speak", "playback_start", "playback_stop",
        "send_dtmf", "client_state_update",
    )),
    *(f"/conferences/{ROOM}/actions/{name}" for name in (
        "join", "leave", "hold", "unhold", "mute", "unmute", "speak", "play", "stop", "end",
    )),
    f"/conferences/{ROOM}/participants",
    f"/conferences/{ROOM}/participants/x",
    f"/calls/{LEG}",
)  # fmt: skip
FIELDS = (
    "to", "from", "connection_id", "call_control_id", "call_control_ids", "name", "payload", "voice", "loop",
    "audio_url", "media_name", "digits", "client_state", "command_id", "timeout_secs", "conference_config",
    "webhook_urls", "webhook_url", "ttl_secs", "hold", "mute", "whisper_call_control_ids", "supervisor_role",
    "cause", "link_to", "stop", "park_after_unbridge", "max_participants", "media_url", "target_legs",
)  # fmt: skip
QUERIES = (
    "page[number]", "page[size]", "page[limit]", "page[after]", "page[before]", "filter[name]",
    "filter[status]", "filter[on_hold]", "filter[occurred_at][gte]", "filter[leg_id]", "region",
)  # fmt: skip

#: Fields that make most requests right, so that the wrong ones among them are met one at a time.
RIGHT = {
    "to": MANUAL_NUMBER,
    "from": KEYS.phone_number,
    "connection_id": KEYS.connection_id,
    "call_control_id": LEG,
    "call_control_ids": [LEG],
    "name": "wx-other",
    "payload": "One moment.",
    "voice": "female",
    "media_name": "hold",
    "media_url": "https://example.com/hold.wav",
    "digits": "1",
    "cause": "USER_BUSY",
    "client_state": "eA==",
}

words = st.sampled_from(
    (LEG, ROOM, MANUAL_NUMBER, "infinity", "self", "barge", "1", "\ud800", "", "\x00", "9" * 5_000)
)
# Two of them and a path stay under the 8,190 bytes at which the HTTP server itself refuses a request line.
numerals = st.sampled_from(("-", "--5", "+5", "0", "5", "5.0", "٣", "9" * 3_900))
scalars = st.none() | st.booleans() | st.integers() | st.floats() | words | st.text(max_size=5)
values = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(FIELDS), inner, max_size=3),
    max_leaves=6,
)
requests = st.tuples(
    st.sampled_from(("GET", "POST", "PUT", "PATCH", "DELETE")),
    st.sampled_from(PATHS),
    st.dictionaries(
        st.sampled_from(QUERIES), numerals | st.text(st.characters(codec="utf-8"), max_size=5), max_size=2
    ),
    st.none()
    | st.dictionaries(st.sampled_from(FIELDS), values, max_size=5)
    | st.dictionaries(st.sampled_from(FIELDS), values, max_size=2).map(lambda odd: {**RIGHT, **odd}),
)


def _named(value: Any, names: dict[str, str]) -> Any:
    """Put the real leg and room in place of their marks."""
    match value:
        case str():
            return names.get(value, value)
        case list():
            return [_named(each, names) for each in value]
        case dict():
            return {key: _named(each, names) for key, each in value.items()}
        case _:
            return value


@given(st.lists(requests, max_size=12))
@examples(60, 1_000)
def test_no_request_makes_the_simulator_fail(sent: list[Any]) -> None:
    async def story() -> None:
        async with simulator() as sim, http(sim) as client:
            leg = sim.ring_in("+12025550198", "Ada", MANUAL)
            await client.post(f"/calls/{leg}/actions/answer", json={})
            sim.step(lambda world: world.advance(world.now + 5_000_000))
            room = (await client.post("/conferences", json={"call_control_id": leg, "name": "wx"})).json()[
                "data"
            ]["id"]
            await client.post("/calls", json=dial_body(conference_config={"id": room}))
            names = {LEG: leg, ROOM: room}
            for method, path, query, body in sent:
                for mark, name in names.items():
                    path = path.replace(mark, name)
                reply = await client.request(
                    method,
                    path,
                    params=query,
                    content=json.dumps(_named(body, names)).encode() if body is not None else b"",
                    headers={"Content-Type": "application/json"},
                )
                assert reply.status_code < 500, (method, path, body, reply.text)
                assert reply.json().keys() & {"data", "errors"}

    run_jump(story())
