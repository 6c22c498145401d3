"""What is written down is read as the very same value, or as an error, and never as another one."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.property.test_any_event import any_event
from tests.property.tiers import examples
from warmxfer_tui.core import commands, events
from warmxfer_tui.core.commands import Ask, Hangup, Request
from warmxfer_tui.core.events import Configured, Event, Fact, Noted, Pressed, Replied, Ticked, Unclear
from warmxfer_tui.core.model import Desk
from warmxfer_tui.core.policy import Policy
from warmxfer_tui.core.terms import AskId, Ccid, Number
from warmxfer_tui.journal.codec import ask_of, event_of, text_of_ask, text_of_event
from warmxfer_tui.journal.errors import RowUnreadable

numbers = st.none() | st.builds(Number, st.text(), st.text())
policies = st.builds(Policy, agent_name=st.text(), line=numbers, ring=st.integers(0, 10**9))
requests: st.SearchStrategy[Request] = st.one_of([st.from_type(kind) for kind in get_args(Request)])
asks = st.builds(Ask, st.integers().map(AskId), requests, st.text(), st.integers())
keys = st.sampled_from(["Ticked", "at", "policy", "x"])
json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(keys, inner, max_size=3),
)
CONFIGURED = text_of_event(Configured(5, Policy()))


@given(any_event(Desk()) | st.builds(Configured, st.integers(0), policies))
@examples(150, 5_000)
def test_every_kind_of_event_comes_back_as_it_was(event: Event) -> None:
    text = text_of_event(event)
    assert event_of(text) == event
    assert text.isascii()
    assert "\n" not in text


@given(asks)
@examples(100, 2_000)
def test_every_kind_of_request_comes_back_as_it_was(ask: Ask) -> None:
    assert ask_of(text_of_ask(ask)) == ask


def test_the_strategies_above_know_every_kind_there_is() -> None:
    facts = {k for k in vars(events).values() if isinstance(k, type) and issubclass(k, Fact)} - {Fact}
    plain = set(get_args(Event)) - {Fact}
    drawn = str(any_event(Desk()))
    for kind in (facts | plain) - {Configured}:
        assert f"builds({kind.__name__}" in drawn
    requests = {
        k for k in vars(commands).values() if isinstance(k, type) and k.__module__ == commands.__name__
    }
    assert requests - {commands.Tag, Ask} == set(get_args(Request))


def test_a_text_that_is_no_unicode_survives() -> None:
    event = Noted(1, "e\udc80", 2, Ccid("v3:\ud800"), "k")
    assert event_of(text_of_event(event)) == event


@given(json_values)
@examples(100, 5_000)
def test_whatever_json_stands_in_a_row_it_is_an_event_or_unreadable(value: object) -> None:
    try:
        event = event_of(json.dumps(value))
    except RowUnreadable:
        return
    assert event_of(text_of_event(event)) == event


@pytest.mark.parametrize(
    "text",
    [
        "", "{", "null", "[]", "5", "[" * 100_000, '{"Ticked":{"at":5}} ' + "x",
        '{"Ticked":{"at":true}}', '{"Ticked":{"at":5.0}}', '{"Ticked":{}}', '{"Ticked":{"at":5,"more":1}}',
        '{"Unheard":{"at":5}}', '{"Fact":{"at":5,"event_id":"e","occurred_at":1,"ccid":null}}',
        '{"Ticked":{"at":5},"Pressed":{"at":5,"verb":"x"}}',
        '{"Replied":{"at":1,"ask":1,"reply":{"Refused":{"problem":"odd","code":"","words":""}}}}',
        CONFIGURED[: len(CONFIGURED) // 2],
    ],
)  # fmt: skip
def test_a_damaged_row_is_said_to_be_unreadable(text: str) -> None:
    with pytest.raises(RowUnreadable):
        event_of(text)


def test_a_field_that_an_older_row_lacks_has_its_default() -> None:
    assert event_of('{"Pressed":{"at":5,"verb":"hold"}}') == Pressed(5, "hold")
    told = '{"Replied":{"at":5,"ask":1,"reply":{"Unclear":{"words":"?"}}}}'
    assert event_of(told) == Replied(5, AskId(1), Unclear("?"))


def test_a_default_that_changes_later_does_not_change_what_has_happened() -> None:
    written = json.loads(CONFIGURED)["Configured"]["policy"]
    assert written["ring"] == Policy().ring
    assert event_of(CONFIGURED.replace(f'"ring":{Policy().ring}', '"ring":7')) == Configured(
        5, replace(Policy(), ring=7)
    )


def test_a_request_is_no_event_and_an_event_no_request() -> None:
    with pytest.raises(RowUnreadable):
        ask_of(text_of_event(Ticked(5)))
    with pytest.raises(RowUnreadable):
        event_of(text_of_ask(Ask(AskId(1), Hangup(Ccid("v3:c")), "k", 1)))
