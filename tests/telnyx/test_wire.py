"""Webhook JSON to facts (telnyx-facts §3.1 to §3.3)."""

from __future__ import annotations

import base64
import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from warmxfer_tui.core.events import (
    CallAnswered,
    CallBridged,
    CallEnded,
    CallInitiated,
    DigitPressed,
    Fact,
    Noted,
    RoomEnded,
    RoomJoined,
    RoomLeft,
    SpeechEnded,
    SpeechStarted,
)
from warmxfer_tui.core.terms import Ccid, Number, NumberKind, RoomId
from warmxfer_tui.telnyx import client_state
from warmxfer_tui.telnyx.wire import Unreadable, fact_of

from .asks import TAG

AT = 1_767_225_600_500
WHEN = "2026-01-01T00:00:00.290901Z"
WHEN_MS = 1_767_225_600_290
LEG = Ccid("v3:leg")
ROOM = RoomId("room-1")
COMMON = {
    "call_control_id": LEG,
    "call_leg_id": "l",
    "call_session_id": "s",
    "client_state": client_state.encode(TAG),
    "connection_id": "149",
    "something_new": [1],
}
PARTIES = {"from": "+15550100", "to": "sip:ada@sip.telnyx.com"}
IN_ROOM = {**COMMON, "conference_id": ROOM}
HEAD = (AT, "e1", WHEN_MS, LEG)


def hook(kind: str, payload: dict[str, Any], *, when: str = "data") -> dict[str, Any]:
    data: dict[str, Any] = {"record_type": "event", "event_type": kind, "id": "e1", "payload": payload}
    if when == "data":
        data["occurred_at"] = WHEN
    else:
        data["payload"] = {**payload, "occurred_at": WHEN}
    return {"data": data, "meta": {"attempt": 1, "delivered_to": "https://desk.test/webhooks"}}


CORPUS: dict[str, tuple[dict[str, Any], Fact]] = {
    "call.initiated": (
        {
            **COMMON,
            **PARTIES,
            "direction": "incoming",
            "state": "parked",
            "caller_id_name": "Ada\x1b]0;x\x07\nL",
        },
        CallInitiated(
            *HEAD,
            inbound=True,
            from_=Number("+15550100", "+15550100"),
            to=Number("sip:ada@sip.telnyx.com", "sip:ada@sip.telnyx.com", NumberKind.SIP),
            caller_name="Ada]0;x L",
            tag=TAG,
        ),
    ),
    "call.answered": ({**COMMON, **PARTIES, "state": "answered"}, CallAnswered(*HEAD, tag=TAG)),
    "call.bridged": ({**COMMON, **PARTIES}, CallBridged(*HEAD, tag=TAG)),
    "call.hangup": (
        {
            **COMMON,
            **PARTIES,
            "hangup_cause": "user_busy",
            "hangup_source": "callee",
            "sip_hangup_cause": "486",
        },
        CallEnded(*HEAD, cause="user_busy", sip="486", tag=TAG),
    ),
    "call.dtmf.received": ({**COMMON, **PARTIES, "digit": "#"}, DigitPressed(*HEAD, "#")),
    "call.speak.started": (COMMON, SpeechStarted(*HEAD, room=None)),
    "call.speak.ended": ({**COMMON, "status": "completed"}, SpeechEnded(*HEAD, room=None)),
    "conference.participant.joined": (IN_ROOM, RoomJoined(*HEAD, ROOM)),
    "conference.participant.left": (IN_ROOM, RoomLeft(*HEAD, ROOM)),
    "conference.participant.speak.started": (IN_ROOM, SpeechStarted(*HEAD, ROOM)),
    "conference.participant.speak.ended": (IN_ROOM, SpeechEnded(*HEAD, ROOM)),
    "conference.ended": (
        {**IN_ROOM, "reason": "host_left"},
        RoomEnded(AT, "e1", WHEN_MS, None, ROOM, "host_left"),
    ),
}
NOTED = [
    "call.hold",
    "call.unhold",
    "call.playback.started",
    "call.playback.ended",
    "call.machine.premium.detection.ended",
    "call.sip_info.received",
    "conference.created",
    "conference.floor.changed",
    "conference.speak.started",
    "conference.participant.playback.ended",
    "streaming.failed",
    "call.event.of.tomorrow",
]


@pytest.mark.parametrize("when", ["data", "payload"])
@pytest.mark.parametrize("kind", CORPUS)
def test_each_event_is_its_fact_wherever_its_time_stands(kind: str, when: str) -> None:
    payload, fact = CORPUS[kind]
    assert fact_of(hook(kind, payload, when=when), AT) == fact


@pytest.mark.parametrize("kind", NOTED)
def test_any7_other_kinds_are_kept_and_shown(kind: str) -> None:
    assert fact_of(hook(kind, COMMON), AT) == Noted(*HEAD, kind)
    assert fact_of(hook(kind, {}), AT) == Noted(AT, "e1", WHEN_MS, None, kind)


def test_floor_changed_is_read_without_its_wrapper() -> None:
    bare = hook("conference.floor.changed", IN_ROOM)["data"]
    assert fact_of(bare, AT) == Noted(*HEAD, "conference.floor.changed")


@pytest.mark.parametrize(
    ("kind", "field"),
    [
        ("call.initiated", "call_control_id"),
        ("call.initiated", "direction"),
        ("call.answered", "call_control_id"),
        ("call.hangup", "call_control_id"),
        ("call.dtmf.received", "digit"),
        ("call.speak.started", "call_control_id"),
        ("conference.participant.joined", "conference_id"),
        ("conference.participant.left", "call_control_id"),
        ("conference.participant.speak.started", "conference_id"),
        ("conference.ended", "conference_id"),
    ],
)
@pytest.mark.parametrize("wrong", [None, 77, "", ["v3:leg"], "two\nlines", "x" * 600])
def test_a_fact_without_what_it_rests_on_is_unreadable(kind: str, field: str, wrong: object) -> None:
    result = fact_of(hook(kind, {**CORPUS[kind][0], field: wrong}), AT)
    assert result == Unreadable(f"{kind} without {field}")


@pytest.mark.parametrize("field", ["id", "event_type", "occurred_at", "payload"])
@pytest.mark.parametrize("wrong", [None, 7, "", [], "not a time\x00"])
def test_an_envelope_that_lacks_a_part_is_unreadable(field: str, wrong: object) -> None:
    body = hook("call.answered", dict(COMMON))
    body["data"][field] = wrong
    if field == "event_type" and isinstance(wrong, str) and wrong:
        assert isinstance(fact_of(body, AT), Noted)
    else:
        assert isinstance(fact_of(body, AT), Unreadable)


def test_what_may_be_missing_is_empty() -> None:
    fact = fact_of(hook("call.hangup", {"call_control_id": LEG}), AT)
    assert fact == CallEnded(*HEAD, cause="unspecified", sip="", tag=None)


def test_a_sip_cause_that_is_a_number_is_read() -> None:
    fact = fact_of(hook("call.hangup", {"call_control_id": LEG, "sip_hangup_cause": 16}), AT)
    assert isinstance(fact, CallEnded)
    assert fact.sip == "16"


@pytest.mark.parametrize(
    ("text", "milliseconds"),
    [
        ("2026-01-01T00:00:00Z", 1_767_225_600_000),
        ("2026-01-01T00:00:00.001Z", 1_767_225_600_001),
        ("2026-01-01T00:00:00.999999Z", 1_767_225_600_999),
        ("2026-01-01T01:00:00.5+01:00", 1_767_225_600_500),
        ("2026-01-01T00:00:00", 1_767_225_600_000),
    ],
)
def test_times_are_utc_milliseconds_and_never_a_millisecond_off(text: str, milliseconds: int) -> None:
    body = hook("call.answered", COMMON)
    body["data"]["occurred_at"] = text
    fact = fact_of(body, AT)
    assert isinstance(fact, Fact)
    assert fact.occurred_at == milliseconds


def test_a_long_sip_address_is_never_cut_into_one_that_cannot_be_called() -> None:
    address = f"sip:{'a' * 200}@sip.telnyx.com"
    state = client_state.encode(replace(TAG, other=address))
    payload = {**CORPUS["call.initiated"][0], "from": address, "client_state": state}
    fact = fact_of(hook("call.initiated", payload), AT)
    assert isinstance(fact, CallInitiated)
    assert fact.tag is not None
    assert fact.from_.e164 == fact.tag.other == address


def test_texts_in_a_client_state_are_cleaned_too() -> None:
    state = {"v": 1, "desk": "d", "call": "c1", "role": "B", "attempt": "c1.B1", "target": "Eve\x1b[31m"}
    packed = base64.b64encode(json.dumps(state).encode()).decode()
    fact = fact_of(hook("call.answered", {**COMMON, "client_state": packed}), AT)
    assert isinstance(fact, CallAnswered)
    assert fact.tag is not None
    assert fact.tag.target == "Eve[31m"


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)
FIELDS = (
    "call_control_id",
    "conference_id",
    "direction",
    "digit",
    "from",
    "client_state",
    "sip_hangup_cause",
)
PAYLOAD = st.fixed_dictionaries({}, optional={name: JSON | st.just("v3:x") for name in FIELDS})
ENVELOPE = st.fixed_dictionaries(
    {
        "data": st.fixed_dictionaries(
            {
                "event_type": st.sampled_from([*CORPUS, *NOTED]) | JSON,
                "id": st.just("e1") | JSON,
                "occurred_at": st.just(WHEN) | st.datetimes().map(lambda each: each.isoformat()) | JSON,
                "payload": PAYLOAD | JSON,
            }
        )
    }
)


@given(JSON | ENVELOPE)
def test_no_json_value_raises(body: Any) -> None:
    assert isinstance(fact_of(body, AT), Fact | Unreadable)
