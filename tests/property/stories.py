"""Which stories are told: how they begin, what happens in them, and how often."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from hypothesis import strategies as st

from tests.pair import CUSTOMER, LINE, MARIA
from tests.property import moves as m
from tests.property.faults import Fault
from tests.property.wire import LONGEST, Wire
from warmxfer_tui.core.verbs import VERBS
from warmxfer_tui.simulator.world import PERSONAS, Knobs

LENGTH = 32
"""Moves of a story."""
BEFORE_LOSS = 8
"""Moves of a story, at most, before its console is lost."""
AFTER_LOSS = 26
FAULTS_AT_ONCE = 4
LONG = 30
"""Refusals of one kind in a row: more than any repair tries before it takes another way."""
_CONNECTED = 4_000
"""Milliseconds after which an accepted call is answered and the agent is in."""
_SURVIVED = 91_000
_FILE_LASTS = 90_000
"""Milliseconds that the file of `Pair.open` sounds, which the desk has to be told."""

SCRIPTS: tuple[tuple[str, ...], ...] = (
    ("ring", "answer", "hold", "consult", "B", "merge", "complete"),
    ("ring", "answer", "consult", "B", "swap", "swap", "complete"),
    ("ring", "answer", "aside", "B", "swap", "merge", "back"),
    ("ring", "answer", "ring", "answer", "consult", "B", "complete"),
    ("dial", "C", "consult", "B", "merge", "complete", "time"),
    ("ring", "answer", "hold", "blind", "B", "time"),
)


@dataclass(frozen=True, slots=True)
class Start:
    """How a story begins."""

    line: int
    """The agent's phone: steered by hand, picked up and confirmed by itself, or a voicemail."""
    music: bool
    """Whether a hold file exists."""
    depth: int
    """How many cues of the script are played before anything random happens."""
    script: int
    racing: bool
    """Whether requests that leave together may overtake each other."""
    settled: bool
    """Whether the effects of the last cue have arrived, or are all still in flight."""


def begin(start: Start, knobs: Knobs | None = None) -> Wire:
    """Open a desk and a world, and play the first cues of a script."""
    line = (None, PERSONAS[LINE], PERSONAS["+12025550102"])[start.line]
    sound = {"hold_length": _FILE_LASTS} if start.music else {"hold_media": None}
    wire = Wire.open(knobs=knobs, personas={LINE: line} if line else None, **sound)
    assert isinstance(wire, Wire)
    cues = SCRIPTS[start.script][: start.depth]
    for i, cue in enumerate(cues, 1):
        flying = i == len(cues) and not start.settled
        wire.racing = flying and start.racing
        play(wire, cue)
        if not flying:
            wire.pass_time(_CONNECTED if cue in ("answer", "dial") else 0)
    wire.racing = start.racing
    return wire


def play(wire: Wire, cue: str) -> None:
    match cue:
        case "ring":
            wire.ring_in(m.CALLERS[len(wire.customers) % len(m.CALLERS)])
        case "B" | "C":
            number = MARIA if cue == "B" else CUSTOMER
            for ccid in [ccid for ccid, leg in wire.world.legs.items() if leg.alive and leg.to == number]:
                wire.party("answers", ccid)
        case "time":
            wire.pass_time(_SURVIVED)
        case verb:
            wire.press(verb, m.NUMBERS.get(verb, ("",))[0])


def _starts(*depths: int) -> st.SearchStrategy[Start]:
    return st.builds(
        Start,
        line=st.sampled_from((1, 1, 1, 0, 2)),
        music=st.sampled_from((True, True, False)),
        depth=st.sampled_from(depths),
        script=st.integers(0, len(SCRIPTS) - 1),
        racing=st.booleans(),
        settled=st.booleans(),
    )


starts = _starts(0, 1, 2, 3, 3, 4, 4, 5, 5, 6, 6, 7)
lost_starts = _starts(1, 2, 2, 3, 3, 3, 3, 4, 4, 4, 5, 5, 5, 6, 6, 7)
"""For stories of a lost console: there is somebody to lose."""
_WHICH = st.integers(0, 7)
_PEOPLE = st.sampled_from(("answers", "presses", "hangs up", "hangs up", "declines", "busy"))
_TEXT = st.sampled_from(("", "drop", "sure", "12#"))
_key = st.builds(m.Key, st.integers(0, 31), st.sampled_from((0, 0, 0, 0, 1, 2, 3, 4, 5, 6, 7)))
_land = st.builds(m.Land, _WHICH)
_quiet = st.builds(m.Quiet, st.sampled_from((0, 0, 0, 1_000, 3_000, 26_000)))
_linger = st.builds(m.Linger, st.integers(1, LONGEST))
_seldom: st.SearchStrategy[m.Move] = st.one_of(
    st.builds(m.RingIn, _WHICH),
    st.builds(m.Stranger, _WHICH),
    st.builds(m.AnyKey, st.sampled_from([verb.name for verb in VERBS]), _WHICH, _WHICH, _WHICH, _TEXT),
)
_OFTEN: tuple[st.SearchStrategy[m.Move], ...] = (
    *(st.just(m.Nothing()), _key, _land, _quiet, _linger),
    *(_key, _land, _quiet, _linger, _key, _land, _key, _quiet),
    *(st.builds(m.Party, _PEOPLE, _WHICH), st.builds(m.Party, st.just("answers"), _WHICH)),
    st.builds(m.Echo, _WHICH),
)


def stories(faults: Sequence[Fault] = (), barred: Sequence[str] = ()) -> st.SearchStrategy[list[m.Move]]:
    """What may happen, under a fault plan of these refusals; `barred` are verbs that may be refused alone."""
    kinds: tuple[st.SearchStrategy[m.Move], ...] = (*_OFTEN, _seldom)
    if faults:
        kinds = (*kinds, st.builds(m.Refuse, st.sampled_from(faults), st.integers(1, FAULTS_AT_ONCE)))
    if barred:
        steady = [fault for fault in faults if not fault.calm]
        kinds = (
            *kinds,
            st.builds(m.Bar, st.sampled_from(barred), st.sampled_from(steady), st.integers(1, LONG)),
        )
    moves = st.sampled_from(range(len(kinds))).flatmap(kinds.__getitem__)
    return st.lists(moves, min_size=LENGTH, max_size=LENGTH)


def lost_stories(faults: Sequence[Fault] = (), barred: Sequence[str] = ()) -> st.SearchStrategy[list[m.Move]]:
    """Stories whose console is lost, early or late, and which tell mostly of what follows.

    In one of four it comes back before the end, and keys work again.
    """

    def told(moves: list[m.Move], lost: int, back: int) -> list[m.Move]:
        loss: list[m.Move] = [*moves[:lost], m.Lose(), *moves[lost:]]
        return [*loss[:back], m.Return(), *loss[back:]] if back > lost else loss

    lost = st.sampled_from((0, 0, *range(BEFORE_LOSS)))
    return st.builds(told, stories(faults, barred), lost, st.sampled_from((0, 0, 0, AFTER_LOSS)))
