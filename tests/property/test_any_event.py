"""`step` is total: no event that a type allows makes it raise, or take back what was known (I8)."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from tests.pair import START
from tests.property.stories import Start, begin, starts
from tests.property.tiers import examples
from warmxfer_tui.core import events as e
from warmxfer_tui.core.commands import Tag
from warmxfer_tui.core.invariants import asks_once, facts_grow, timers_have_subjects
from warmxfer_tui.core.machine import step
from warmxfer_tui.core.model import Desk
from warmxfer_tui.core.terms import AskId, CallId, Ccid, LegId, Number, NumberKind, RoomId
from warmxfer_tui.core.verbs import VERBS

LENGTH = 25
GARBAGE = ("", "x", "v3:nobody", "\u202e\x00", "c1", "line.1", "é" * 300)


def _one_of(known: list[Any]) -> st.SearchStrategy[str]:
    """An id that the desk knows, or one that it cannot know."""
    return st.sampled_from([*known, *known, *GARBAGE])


def any_event(desk: Desk) -> st.SearchStrategy[e.Event]:
    """Every kind of event, about what the desk knows and about what it does not."""
    legs, calls = _one_of(list(desk.legs)), _one_of(list(desk.calls))
    ccids = _one_of([leg.ccid for leg in desk.legs.values() if leg.ccid])
    rooms = _one_of([call.room for call in desk.calls.values() if call.room])
    at = st.integers(0, START + 200_000) | st.integers(START, START + 20_000)
    number = st.builds(Number, st.text(max_size=20), st.text(max_size=20), st.sampled_from(NumberKind))
    tag = st.none() | st.builds(Tag, st.sampled_from(["d", "another"]), calls, st.sampled_from("CAB?"), legs)
    base = {
        "at": at,
        "event_id": st.text(max_size=4),
        "occurred_at": at | st.just(-1),
        "ccid": st.none() | ccids.map(Ccid),
    }
    room = rooms.map(RoomId)
    member = st.builds(e.Member, ccids.map(Ccid), st.booleans(), st.booleans())
    members = st.lists(member, max_size=4).map(tuple)
    words = st.text(max_size=5)
    facts: st.SearchStrategy[e.Fact] = st.one_of(
        st.builds(e.CallInitiated, **base, inbound=st.booleans(), from_=number, to=number,
                  caller_name=words, tag=tag),
        st.builds(e.CallAnswered, **base, tag=tag),
        st.builds(e.CallBridged, **base, tag=tag),
        st.builds(e.CallEnded, **base, cause=words, sip=words, tag=tag),
        st.builds(e.RoomJoined, **base, room=room),
        st.builds(e.RoomLeft, **base, room=room),
        st.builds(e.RoomEnded, **base, room=room, reason=words),
        st.builds(e.SpeechStarted, **base, room=st.none() | room),
        st.builds(e.SpeechEnded, **base, room=st.none() | room),
        st.builds(e.DigitPressed, **base, digit=words),
        st.builds(e.Noted, **base, kind=words),
    )  # fmt: skip
    reply: st.SearchStrategy[e.Reply] = st.one_of(
        st.builds(e.Accepted, st.none() | ccids.map(Ccid), st.none() | room),
        st.builds(e.Refused, st.sampled_from(e.Problem), st.sampled_from(["90018", "90019", ""]), words,
                  st.integers(0, 5_000)),
        st.builds(e.Unclear, words),
        st.builds(e.Members, room, members, at),
        st.builds(e.FoundRoom, st.none() | room, members, at),
        st.builds(e.CallStatus, ccids.map(Ccid), st.booleans()),
        st.builds(e.Surveyed,
                  st.lists(st.builds(e.LiveLeg, ccids.map(Ccid), tag), max_size=3).map(tuple),
                  st.lists(st.builds(e.Members, room, members, at), max_size=2).map(tuple),
                  st.lists(ccids.map(Ccid), max_size=2).map(tuple),
                  st.lists(facts, max_size=3).map(tuple)),
    )  # fmt: skip
    ask = st.integers(-1, desk.next_ask + 2).map(AskId)
    verb = st.sampled_from([v.name for v in VERBS]) | st.just("no such verb")
    return st.one_of(
        st.builds(e.Ticked, at),
        st.builds(e.ConsoleLost, at),
        st.builds(e.ConsoleBack, at),
        st.builds(e.Pressed, at, verb, st.none() | calls.map(CallId), st.none() | legs.map(LegId),
                  st.none() | number, words, words),
        st.builds(e.Replied, at, ask, reply),
        st.builds(e.Resumed, at, at),
        facts,
    )  # fmt: skip


@given(starts, st.data())
@examples(40, 3_000)
def test_no_event_raises_or_takes_a_fact_back(start: Start, data: st.DataObject) -> None:
    desk = begin(start).desk
    for event in data.draw(st.lists(any_event(desk), max_size=LENGTH)):
        after, asks, _ = step(desk, event)
        wrong = [*facts_grow(desk, after), *asks_once(desk, asks), *timers_have_subjects(after)]
        assert not wrong, (wrong, event)
        assert after.now >= desk.now
        desk = after
