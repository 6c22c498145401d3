"""What is said on the socket: who joins late knows it all, nothing is given away, nothing is believed."""

from __future__ import annotations

import asyncio
import json
from dataclasses import fields, replace
from typing import Any

import jsonpatch
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.core import stories as told
from tests.property.moves import Move
from tests.property.stories import Start, starts, stories
from tests.property.tiers import examples
from tests.publishing.given import Follower, Nobody, desks_of, numbered, turns
from warmxfer_tui.core import advice, view
from warmxfer_tui.core.model import Desk, Notice
from warmxfer_tui.core.policy import Policy
from warmxfer_tui.core.terms import CallId, LegId
from warmxfer_tui.publishing.errors import FrameError
from warmxfer_tui.publishing.frames import (
    VERSION,
    WRITTEN,
    Copy,
    answer_to,
    changed,
    published,
    snapshot,
    tree_of,
)
from warmxfer_tui.publishing.patch import apply, changes
from warmxfer_tui.publishing.publication import KEPT, Publication

texts = st.text(max_size=6) | st.sampled_from(["/", "~", "~1", "a/b~c", "", "-", "0"])
values = st.recursive(
    st.none() | st.integers(2, 9) | texts,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(texts, inner, max_size=4),
    max_leaves=12,
)
objects = st.dictionaries(texts, values, max_size=4)


@given(starts, stories(), st.integers(0, 40))
@examples(20, 1_000)
def test_a_client_that_joins_late_equals_one_that_watched_from_the_start(
    start: Start, moves: list[Move], late: int
) -> None:
    desks = desks_of(start, moves)

    async def watch() -> None:
        publication = Publication(Nobody(), pace_s=0)
        first = Follower(publication)
        second: Follower | None = None
        for number, desk in enumerate(desks):
            if number == min(late, len(desks) - 1):
                second = Follower(publication)
            publication.publish(desk)
            await turns()
        assert second is not None
        assert first.desk == second.desk == published(desks[-1])
        assert first.seqs[-1] == second.seqs[-1]
        assert first.seqs == list(range(first.seqs[0], first.seqs[-1] + 1))
        await first.leave()
        await second.leave()

    asyncio.run(watch())


@given(starts, stories())
@examples(20, 1_000)
def test_every_picture_of_the_desk_can_be_drawn_from_what_is_published(
    start: Start, moves: list[Move]
) -> None:
    for desk in desks_of(start, moves):
        given, now = published(desk), desk.now + 2_500
        assert view.head(given) == view.head(desk)
        assert view.panels(given) == view.panels(desk)
        assert view.others(given) == view.others(desk)
        assert given.notices == desk.notices
        assert advice.alarm_of(given, now) == advice.alarm_of(desk, now)
        assert advice.waiting_for(given) == advice.waiting_for(desk)


# --- a watcher that is slow ----------------------------------------------------------------------------


async def test_a_watcher_that_does_not_read_is_given_a_snapshot_when_it_reads_again() -> None:
    publication, desk = Publication(Nobody(), pace_s=0), told.consult().desk
    slow, quick = Follower(publication), Follower(publication)
    slow.sleep()
    for number in range(1, KEPT + 10):
        publication.publish(numbered(desk, desk.now + number))
        await turns()
    assert len(slow.frames) == 1, "it was sent one frame, and nothing waits for it"
    slow.wake()
    await turns()
    assert slow.desk == quick.desk == published(numbered(desk, desk.now + KEPT + 9))
    assert ["snapshot" in frame for frame in slow.frames] == [True, True]
    assert ["snapshot" in frame for frame in quick.frames] == [True] + [False] * (len(quick.frames) - 1)
    await slow.leave()
    await quick.leave()


async def test_a_watcher_that_is_a_little_behind_is_led_on_step_by_step() -> None:
    publication, desk = Publication(Nobody(), pace_s=0), told.consult().desk
    slow, quick = Follower(publication), Follower(publication)
    slow.sleep()
    for number in range(1, 6):
        publication.publish(numbered(desk, desk.now + number))
        await turns()
    slow.wake()
    await turns()
    assert slow.frames == quick.frames
    await slow.leave()
    await quick.leave()


async def test_while_nobody_watches_nothing_is_written(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("warmxfer_tui.publishing.publication.tree_of", lambda _: pytest.fail("written"))
    publication = Publication(Nobody())
    publication.publish(told.consult().desk)
    await turns()


# --- changes -------------------------------------------------------------------------------------------


@given(objects, objects)
@examples(100, 10_000)
def test_changes_lead_from_one_value_to_the_next_as_the_standard_says(
    before: dict[str, Any], after: dict[str, Any]
) -> None:
    """`jsonpatch` is the referee: a client in any language can apply them."""
    found = changes(before, after)
    assert bool(found) == (before != after)
    assert jsonpatch.apply_patch(before, found) == after
    own = json.loads(json.dumps(before))
    apply(found, own)
    assert own == after


def test_a_new_line_of_the_event_strip_does_not_send_the_others_again() -> None:
    lines = [{"at": number} for number in range(50)]
    assert changes({"notices": lines}, {"notices": [*lines[1:], {"at": 50}]}) == [
        {"op": "remove", "path": "/notices/0"},
        {"op": "add", "path": "/notices/-", "value": {"at": 50}},
    ]


# --- what leaves the console ---------------------------------------------------------------------------


KEPT_FIELDS = {
    Desk: {"timers", "asks", "gone", "unclaimed", "seen", "next_call", "next_ask", "calm_until", "backlog"}
    | {"dropping", "sound_doubted", "resumed_at", "fading", "waiting", "absence", "stale_at", "spare"},
    Policy: {field.name for field in fields(Policy)} - {"desk", "agent_name", "line", "silence"},
}


@pytest.mark.parametrize("kind", [Desk, Policy])
def test_no_field_leaves_that_nobody_has_thought_about(kind: type[Desk] | type[Policy]) -> None:
    """A new field of the desk has to be named in one of the two places; one of the policy stays at home."""
    assert KEPT_FIELDS[kind].isdisjoint(WRITTEN[kind])
    assert KEPT_FIELDS[kind].union(WRITTEN[kind]) == {field.name for field in fields(kind)}


def test_what_may_be_secret_is_in_no_frame() -> None:
    desk = told.consult().desk
    secret = replace(
        desk.policy, hold_audio_url="https://user:hunter2@x/", connection="hunter2", session="hunter2"
    )
    assert desk.asks or desk.seen, "there is something to be kept back"
    text = snapshot(1, tree_of(replace(desk, policy=secret)))
    assert "hunter2" not in text
    assert all(f'"{name}"' not in text for name in ("asks", "seen", "backlog", "timers", "hold_media"))


# --- nothing is believed -------------------------------------------------------------------------------

CONSULT = told.consult().desk
FIRST = snapshot(1, tree_of(CONSULT))


def bent(**members: Any) -> str:
    """The first frame with something else in its desk."""
    frame = json.loads(FIRST)
    frame["snapshot"] |= members
    return json.dumps(frame)


@pytest.mark.parametrize(
    "frame",
    [
        "", "{", "null", "[]", "7", "[" * 100_000, b"\xff", '{"seq":1}', '{"v":1}', '{"v":"1","seq":1}',
        '{"seq":1,"changes":[]}', '{"v":1,"seq":1,"snapshot":[]}', '{"v":1,"seq":"x","snapshot":{}}',
        bent(more=1), bent(now="soon"), bent(legs=[]), bent(legs={"c1.C": {}}), bent(line={"state": "ODD"}),
        bent(legs={"a": "[" * 3}), '{"v":1,"seq":1,"snapshot":' + '{"a":' * 900 + "1" + "}" * 901,
    ],
)  # fmt: skip
def test_a_frame_that_says_nothing_is_an_error_that_says_so(frame: str | bytes) -> None:
    with pytest.raises(FrameError, match="cannot be read"):
        Copy().take(frame)


@given(values)
@examples(100, 5_000)
def test_whatever_json_comes_it_is_a_desk_a_reply_or_an_error(value: object) -> None:
    copy = Copy()
    copy.take(FIRST)
    for said in (value, {"seq": 2, "changes": value}, {"seq": 2, "changes": [value]}):
        try:
            copy.take(json.dumps(said))
        except FrameError:
            continue
        assert said == {"seq": 2, "changes": []}


@pytest.mark.parametrize(
    "change",
    [
        {"op": "remove", "path": "/legs/nobody"}, {"op": "add", "path": "/legs/nobody/name", "value": ""},
        {"op": "remove", "path": "/notices/99"}, {"op": "add", "path": "/notices/99", "value": {}},
        {"op": "replace", "path": "/notices/x", "value": 1}, {"op": "replace", "path": "", "value": {}},
        {"op": "move", "path": "/now", "from": "/focus"}, {"op": "replace", "path": "/now"}, {"path": "/now"},
        {"op": "remove", "path": "/notices/-1"}, {"op": "add", "path": "now", "value": 1}, "x", None,
    ],
)  # fmt: skip
def test_a_change_that_does_not_fit_is_an_error(change: object) -> None:
    copy = Copy()
    copy.take(FIRST)
    with pytest.raises(FrameError, match="does not fit"):
        copy.take(json.dumps({"seq": 2, "changes": [change]}))


@pytest.mark.parametrize("seq", [0, 1, 3])
def test_a_number_that_is_not_the_next_is_an_error(seq: int) -> None:
    copy = Copy()
    copy.take(FIRST)
    with pytest.raises(FrameError):
        copy.take(changed(seq, []))


@pytest.mark.parametrize("version", [0, 2, 10**9])
def test_another_version_is_named_and_the_way_out_too(version: int) -> None:
    with pytest.raises(FrameError, match=f"speaks version {version}, this one {VERSION}.*quit the console"):
        Copy().take(json.dumps({"v": version, "hello": "there"}))


def test_no_text_of_a_frame_can_steer_a_terminal() -> None:
    evil = "\x1b]52;c;eA==\x07\u202eBob\x9b2J\nLast"
    desk = told.ring().desk
    legs = {leg.id: replace(leg, name=evil) for leg in desk.legs.values()}
    frame = snapshot(1, tree_of(replace(desk, legs=legs, notices=(Notice(1, "info", evil, CallId("c1")),))))
    copy = Copy().take(frame)
    assert copy is not None
    assert copy.legs[LegId("c1.C")].name == copy.notices[0].text == "]52;c;eA==Bob2J Last"


# --- requests ------------------------------------------------------------------------------------------


@given(st.text() | st.binary() | values.map(json.dumps))
@examples(100, 5_000)
def test_whatever_a_client_says_it_is_refused_politely(request: str | bytes) -> None:
    reply = json.loads(answer_to(request))
    assert reply.keys() == {"v", "reply", "refused"}
    assert reply["v"] == VERSION


def test_a_request_is_answered_under_its_own_name() -> None:
    assert json.loads(answer_to('{"v":1,"id":"a7","request":"stop"}')) == {
        "v": 1,
        "reply": "a7",
        "refused": "warmxfer knows no such request.",
    }
    assert json.loads(answer_to('{"v":2,"id":"a7","request":"stop"}'))["reply"] is None


def test_a_reply_changes_no_desk() -> None:
    copy = Copy()
    copy.take(FIRST)
    assert copy.take(answer_to('{"v":1,"id":"a7","request":"stop"}')) is None
    assert copy.take(changed(2, [])) == published(CONSULT)
