"""The promise under every answer to the undocumented points of the API (telnyx-facts §6.2).

One knob at a time is turned away from its default. `BREAKS` lists the alternatives under which the console
is known not to keep its promise, each with the reason; everything else has to hold.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, replace
from types import MappingProxyType
from typing import Any, Literal, get_args, get_origin, get_type_hints

import pytest
from hypothesis import Phase, find, given, settings
from hypothesis import strategies as st

from tests.property.moves import Move, Quiet
from tests.property.stories import Start, starts, stories
from tests.property.telling import tell
from tests.property.tiers import examples
from tests.property.wire import Violation
from warmxfer_tui.simulator.world import Knobs

SHELLS = frozenset(
    {"delivery_order", "initiated", "retry_schedule", "webhook_redirect", "retry_timestamp", "rate_limit",
     "no_authorization"}
)  # fmt: skip
"""Points of the transport: no pure world reads them."""

ELSEWHERE = frozenset(
    {"transfer_unbridges", "bridge_unanswered", "bridge_bridged", "bridge_again",
     "hold_after_unbridge", "reads_lag_ms", "call_duration"}
)  # fmt: skip
"""Points of endpoints and fields that this console neither asks for nor reads: nothing would be proved."""

BREAKS: Mapping[tuple[str, object], str] = MappingProxyType(
    {
        ("held_member", "only listening cut"): "I9 in belief: a held member's voice goes on into the room,"
        " and the desk does not say so; the conference hold alone does not silence whom it holds",
        (
            "all_left",
            "creator hung up",
        ): "I3 after a blind transfer: C has created the room, and when A leaves it as"
        " the last one C is hung up, although C talks with B outside",
        ("hold_media", "once"): "I1 after a whole file: the hold is sent again in time, but with the default"
        " of `hold_twice`, no-op, that starts nothing",
        ("participants_lag_ms", 1500): "I1, and a living target believed gone: a list from before a leave"
        " puts the leg back into the room after its `left`; without a hold file the proof comes too late",
        ("participants_lag_ms", 3000): "I6, I9 in belief: a list that trails by more than the 2 s of"
        " `Policy.contradict_after` puts a member out of the room, and no webhook can put it back",
        ("participants_lag_ms", 30000): "as 3000",
        ("speak_to_held", "nobody, no event"): "I1, without a hold file: while an earlier speech is believed"
        " to sound its successor is not missed, so the last rung of the ladder is reached after 2 s",
        ("speak_to_held", "nobody, events"): "I1, without a hold file: the events say that speech was heard;"
        " nothing that the carrier tells shows the silence",
    }
)


def alternatives() -> list[tuple[str, Any]]:
    """Every knob that a world reads, with every value that is not its default."""
    hints = get_type_hints(Knobs)
    found = []
    for knob in fields(Knobs):
        hint = hints[knob.name]
        values = get_args(hint) if get_origin(hint) is Literal else (True, False) if hint is bool else ()
        found += [(knob.name, v) for v in values if v != knob.default and knob.name not in SHELLS | ELSEWHERE]
    return found


def turn(name: str, value: Any) -> Knobs:
    """The defaults, but for one knob."""
    return replace(Knobs(), **{name: value})


LONG_HOLD: tuple[Start, list[Move]] = (
    Start(line=1, music=True, depth=3, script=0, racing=False, settled=True),
    [Quiet(26_000)] * 4,
)
"""A customer on hold for longer than the file lasts: too quiet a story to come up by chance."""
SEARCH = settings(max_examples=2_000, phases=[Phase.generate], derandomize=True, database=None)
HOLDING = [turned for turned in alternatives() if turned not in BREAKS]


@pytest.mark.proof
@pytest.mark.timeout(120)
@pytest.mark.parametrize("turned", BREAKS, ids=lambda turned: "=".join(map(str, turned)))
def test_an_exception_is_one(turned: tuple[str, Any]) -> None:
    """Whoever makes the console hold under a listed alternative takes it off the list."""

    def breaks_it(told: tuple[Start, list[Move]]) -> bool:
        return not _holds(*told, turn(*turned)) and _holds(*told, Knobs())

    assert breaks_it(LONG_HOLD) or find(st.tuples(starts, stories()), breaks_it, settings=SEARCH)


def _holds(start: Start, story: list[Move], knobs: Knobs) -> bool:
    try:
        tell(start, story, knobs)
    except Violation:
        return False
    return True


@given(st.sampled_from(HOLDING), starts, stories())
@examples(70, 4_000)
def test_the_promise_holds_whatever_the_answer_is(
    turned: tuple[str, Any], start: Start, story: list[Move]
) -> None:
    tell(start, story, turn(*turned))
