"""What the screen advises: the next best keys of a state, whom each would act on, and what every key does.

The first hint of each state leads on with the warm transfer, so that whoever presses the first key every time
hands a customer over.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from warmxfer_tui.core.actions import Allowed, Off, allowed, handed_over, live
from warmxfer_tui.core.model import Call, Desk
from warmxfer_tui.core.scene import Scene
from warmxfer_tui.core.terms import LegId, LineState, Role, State
from warmxfer_tui.core.unconfirmed import rings_or_answered, unconfirmed
from warmxfer_tui.core.verbs import BY_NAME, HELP, PALETTE, SCREEN, VERBS, Verb, shown
from warmxfer_tui.core.view import Tone, hears_text, name_of, panels
from warmxfer_tui.core.words import CONSOLE_LOST


@dataclass(frozen=True, slots=True)
class Hint:
    """One key, and what it would do now."""

    verb: str
    key: str
    """As people read it: `t`, `space`, `?`."""
    words: str
    unconfirmed: bool = False
    """The leg that it acts on may be other than it is shown (ANY-2)."""


@dataclass(frozen=True, slots=True)
class Help:
    """One line of the help for this state."""

    key: str
    title: str
    words: str
    off: str
    """Why it does not work now; empty where it does."""
    doubt: str = ""
    """Why it may act on somebody who is not as they are shown; mostly empty."""


_NEXT: Mapping[State, tuple[tuple[str, str], ...]] = {
    State.RING: (("answer", "answer {C}"), ("reject", "reject as busy")),
    State.OUT: (("drop", "stop calling {C}"),),
    State.CONNECT: (("drop", "hang up {C}"),),
    State.TALK: (("consult", "consult a colleague"), ("hold", "hold {C}"), ("aside", "consult on the side")),
    State.HELD: (("consult", "consult a colleague"), ("hold", "back to {C}")),
    State.CALLING: (("back", "back to {C}"), ("swap", "talk to {C} meanwhile")),
    State.ASIDE: (("swap", "go to {B}"), ("back", "stop calling {B}")),
    State.CONSULT: (
        ("complete", "transfer to {B}"),
        ("merge", "merge all three"),
        ("swap", "swap to {C}"),
        ("back", "back to {C}"),
    ),
    State.SWAPPED: (
        ("complete", "transfer to {B}"),
        ("merge", "merge all three"),
        ("swap", "swap to {B}"),
        ("back", "stay with {C}"),
    ),
    State.THREE: (("complete", "transfer to {B}"), ("hold", "hold {C}")),
    State.RESCUE: (("answer", "call your phone now"), ("drop", "hang up {C}")),
    State.WRAP: (("dial", "call a customer"),),
}
"""By state, best first; a hint whose verb is off is left out."""
_WAITING: Mapping[State, str] = {
    State.OUT: "{C} is ringing",
    State.CONNECT: "connecting you with {C}",
    State.CALLING: "{B} is ringing",
    State.FINISH: "handing {C} over to {B}",
    State.WATCH: "{C} is with {B}: nothing is left to do.",
    State.BLIND: "{B} is called; {C} is with whoever answers",
    State.RESCUE: "your phone is being called",
}


def next_best(desk: Desk) -> tuple[Hint, ...]:
    """The keys that lead on, best first: the line's own question, a ringing call, then the state's."""
    answers = allowed(desk)
    call = desk.calls.get(desk.focus) if desk.focus else None
    wanted: list[tuple[str, str]] = [
        ("confirm", "you hear us on your phone: go on"),
        ("answer", "answer {R}"),
    ]
    if call is None:
        wanted.append(("dial", "call a customer"))
    elif not call.accepting:
        if Scene(desk, call).may_ring is not None:
            wanted = [("again", "call {D} again"), ("look", "look again for {D}"), *wanted]
        alone = not desk.legs[call.customer].alive and call.target is not None
        own = (("back", "end the call with {B}"),) if alone else _NEXT.get(call.state, ())
        if desk.line.mute:  # not the way on, but not to be forgotten either
            own = (*own[:1], ("mute", "unmute yourself"), *own[1:])
        taken = {verb for verb, _ in own}
        wanted = [hint for hint in wanted if hint[0] not in taken] + list(own)
    names = _names(desk, call)
    return tuple(
        Hint(verb, shown(BY_NAME[verb]), words.format_map(names))
        for verb, words in wanted
        if isinstance(answers[verb], Allowed)
    )


def waiting_for(desk: Desk) -> str:
    """What the desk is waiting for before it is the agent's turn, in words; empty where it is their turn."""
    call = desk.calls.get(desk.focus) if desk.focus else None
    if desk.line.state is LineState.PROVING:
        deaf = desk.unheard_since is not None and not desk.line.must_press
        return "press enter here: digits do not arrive" if deaf else "press any digit on your phone"
    if call is None or call.state is State.WRAP:
        return "waiting for a customer to ring"
    names = _names(desk, call)
    if call.origin is not None:
        title = BY_NAME[call.by].title if call.by in BY_NAME else call.by
        return title or "one moment"
    if desk.line.state is LineState.DIALLING and desk.line.seat == call.id:
        return "your own phone rings: pick it up"
    if Scene(desk, call).may_ring is not None:
        return f"{names['D']} may be ringing: nobody knows"
    if call.state is State.RING:
        return f"answering {names['C']}" if call.accepting else ""
    target = desk.legs.get(call.target) if call.target else None
    if (unknown := rings_or_answered(desk, call, target)) is not None:
        return unknown.format_map(names)
    if call.state is State.ASIDE:
        return "" if target is not None and target.up else f"{names['B']} is ringing"
    if call.state is State.CALLING and target is not None and target.up:
        return f"joining {names['B']}"
    return _WAITING.get(call.state, "").format_map(names)


def alarm_of(desk: Desk, now: int) -> str:
    """What must not be overlooked: a customer in silence (I1) or alone, no console, no webhooks; or empty."""
    for call in sorted(desk.calls.values(), key=lambda call: call.id != desk.focus):
        if call.silent_at is not None and desk.now - call.silent_at >= desk.policy.silence:
            seconds = (now - call.silent_at) // 1000
            return f"{name_of(desk, call.customer)} HEARS NOTHING for {seconds} s: it is being repaired"
    lost = [call for call in desk.calls.values() if call.id == desk.focus and call.state is State.RESCUE]
    row = next((row for row in panels(desk) for call in lost if row.leg == call.customer), None)
    if row is not None and row.tone is not Tone.OVER:
        return f"{row.who} is alone and {hears_text(row)}"
    if desk.unattended:
        return CONSOLE_LOST
    if desk.unheard_since is not None:
        return "Webhooks do not arrive: what you see is read every 2 s, and may be late"
    return ""


def _names(desk: Desk, call: Call | None) -> dict[str, str]:
    rings = [c for c in desk.calls.values() if c.state is State.RING and not c.accepting]
    oldest = min(rings, key=lambda c: c.since, default=None)
    doubtful = Scene(desk, call).doubtful
    return {
        "D": name_of(desk, doubtful.id) if doubtful else "",
        "C": name_of(desk, call.customer) if call else "",
        "B": name_of(desk, call.target) if call and call.target else "your colleague",
        "R": name_of(desk, oldest.customer) if oldest else "",
    }


_LESSON = (
    ("answer", "a customer rings; so does your own phone: pick it up"),
    ("consult", "the customer hears hold sound, you ask a colleague"),
    ("merge", "all three talk, if you like"),
    ("complete", "you go, customer and colleague talk on"),
)


def lesson() -> tuple[Hint, ...]:
    """A warm transfer from beginning to end, for a desk on which nothing goes on."""
    return tuple(Hint(BY_NAME[verb].title, shown(BY_NAME[verb]), words) for verb, words in _LESSON)


_QUESTIONS: Mapping[str, str] = {
    "dial": "Call a customer",
    "consult": "Consult whom? {C} will hear hold sound",
    "aside": "Consult whom? {C} goes on talking with you",
    "blind": "Transfer {C} blindly to whom? Whoever answers has them",
}


def question_of(desk: Desk, verb: str) -> str:
    """What a verb that needs a number asks, and what it will mean for the customer."""
    names = _names(desk, desk.calls.get(desk.focus) if desk.focus else None)
    return _QUESTIONS[verb].format_map(names)


_AIMED = ("drop", "hold", "keypad", "mute")


def aims(desk: Desk) -> tuple[Hint, ...]:
    """The footer: on whom each of the keys acts that could hit the wrong one (behaviour §3.19)."""
    answers = allowed(desk)
    found = []
    for name in _AIMED:
        answer = answers[name]
        if isinstance(answer, Allowed) and answer.leg is not None and answer.leg in desk.legs:
            doubtful = unconfirmed(desk, desk.legs[answer.leg])
            found.append(Hint(name, shown(BY_NAME[name]), name_of(desk, answer.leg), doubtful))
    return tuple(found)


def always(desk: Desk) -> tuple[Hint, ...]:
    """The keys that work in every state, and the one between calls where there are several."""
    verbs = [HELP, PALETTE, BY_NAME["quit"]]
    if isinstance(allowed(desk)["focus"], Allowed):
        verbs.insert(0, BY_NAME["focus"])
    return tuple(Hint(verb.name, shown(verb), verb.title) for verb in verbs)


def leg_of(desk: Desk, verb: str) -> LegId | None:
    """The leg that the footer names for a verb now: it goes with the key, so that nothing slips between."""
    answer = allowed(desk).get(verb)
    return answer.leg if isinstance(answer, Allowed) else None


def beside(desk: Desk, by: int) -> LegId | None:
    """The leg so many panels on from the focused one, round and round; without one, from either end."""
    legs = [row.leg for row in panels(desk)]
    if not legs:
        return None
    here = legs.index(desk.aim) if desk.aim in legs else -1 if by > 0 else 0
    return legs[(here + by) % len(legs)]


WATCHES = "this console only watches"
"""Why no verb works where another console runs the desk."""


def watcher_keys() -> tuple[Hint, ...]:
    """The keys of a console that only watches."""
    return tuple(Hint(verb.name, shown(verb), verb.title) for verb in (PALETTE, BY_NAME["quit"]))


def help_of(desk: Desk, *, watches: bool = False) -> tuple[Help, ...]:
    """What every key does in this state, those that work first, and why the others do not."""
    why = reasons(desk, watches=watches)
    doubt = {} if watches else _doubts(desk)
    lines = [
        Help(_keys(verb), verb.title, verb.help, why[verb.name], doubt.get(verb.name, ""))
        for verb in (*VERBS, *SCREEN)
    ]
    return tuple(sorted(lines, key=lambda line: bool(line.off)))


def _doubts(desk: Desk) -> Mapping[str, str]:
    """The keys that work, by what may be old news: they go on working while webhooks are lost (ANY-2)."""
    legs = {
        name: desk.legs.get(on.leg)
        for name, on in allowed(desk).items()
        if isinstance(on, Allowed) and on.leg
    }
    return {
        name: f"Unconfirmed: only polls tell of {name_of(desk, leg.id)}."
        for name, leg in legs.items()
        if leg is not None and unconfirmed(desk, leg)
    }


def reasons(desk: Desk, *, watches: bool) -> Mapping[str, str]:
    """Why each verb does not work now, the screen's own among them; empty where it does."""
    if watches:
        return {v.name: "" if v in (HELP, PALETTE, BY_NAME["quit"]) else WATCHES for v in (*VERBS, *SCREEN)}
    off = {name: answer.reason for name, answer in allowed(desk).items() if isinstance(answer, Off)}
    return {verb.name: off.get(verb.name, "") for verb in (*VERBS, *SCREEN)}


def _keys(verb: Verb) -> str:
    twin = verb.twin.upper()
    return " ".join(filter(None, (shown(verb), twin)))


class Need(StrEnum):
    """What a key asks the agent for before it can be done."""

    NOTHING = ""
    NUMBER = "number"
    """Whom to call."""
    DIGITS = "digits"
    REASON = "reason"
    """Why an answered customer is hung up, which is also the second press (I3)."""
    LEAVE = "leave"
    """Whether to leave somebody on the line (ANY-8)."""


REASONS = ("ended normally", "customer asked to end", "wrong number", "abusive", "cannot be helped here")
"""Why a customer is hung up, for `Need.REASON`; the first is marked (I3)."""

_NEEDS: Mapping[str, Need] = dict.fromkeys(("dial", "consult", "aside", "blind"), Need.NUMBER) | {
    "keypad": Need.DIGITS
}


def need_of(desk: Desk, verb: str) -> Need:
    """What a key asks for now; nothing where the verb is off, for then it only says why."""
    if verb == "quit":
        return Need.LEAVE if live(desk) else Need.NOTHING
    answer = allowed(desk).get(verb)
    if not isinstance(answer, Allowed):
        return Need.NOTHING
    leg = desk.legs.get(answer.leg) if answer.leg else None
    if verb == "drop" and leg is not None and leg.role is Role.CUSTOMER and leg.up:
        return Need.REASON
    return _NEEDS.get(verb, Need.NOTHING)


class Leave(StrEnum):
    """What is to become of those on the line, for `Need.LEAVE`."""

    STAY = "stay"
    GO = "leave"
    """Those who have been handed over talk on."""
    GUARDIAN = "guardian"
    """Whoever can only be helped by a key goes back to the agent's phone; the rest goes on."""
    DROP = "drop"


def ways_to_leave(desk: Desk, *, guarded: bool = False) -> tuple[Leave, ...]:
    """What can be done about those on the line (ANY-8); the first hurts nobody, and is marked.

    A guardian can be left in charge where one is at work (``guarded``).
    """
    going = (Leave.GO,) if handed_over(desk) else ()
    guardian = (Leave.GUARDIAN,) if guarded and not going else ()
    return (*going, Leave.STAY, *guardian, Leave.DROP)
