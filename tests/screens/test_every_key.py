"""Every key of the registry in every state, pressed: what is seen at once, and what is asked of whom.

The desk behind the screen takes each key, and nobody replies: what is seen is what the press alone has done.
A new verb fails here until it is written down what is seen of it, and whom it may touch.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace

import pytest
from textual.pilot import Pilot
from textual.widgets import Static

from tests.core import stories
from tests.core.story import Story
from tests.core.test_actions import BEGIN
from tests.core.test_doubt import doubtful, looked_for
from tests.core.test_rows_change import talk_with_ring
from tests.pair import MARIA, number
from tests.screens.behind import Folding, console
from warmxfer_tui.app import Console
from warmxfer_tui.core.actions import Allowed, Off, allowed, live
from warmxfer_tui.core.advice import Need, need_of
from warmxfer_tui.core.commands import Ask
from warmxfer_tui.core.events import Pressed
from warmxfer_tui.core.machine import step
from warmxfer_tui.core.model import Desk
from warmxfer_tui.core.terms import LegId
from warmxfer_tui.core.verbs import BY_NAME, CHOOSES_LEG, VERBS, Verb, shown
from warmxfer_tui.core.view import name_of, panels


def _proving() -> Story:
    story = stories.ring()
    story.key("answer")
    story.run(lambda pair: story.leg("A").ccid is not None)
    story.does("A", "answers")
    return story


SCENES: Mapping[str, Callable[[], Story]] = BEGIN | {
    "PROVING": _proving,
    "a second call rings": talk_with_ring,
    "two calls": stories.two_calls,
    "a dial in doubt": lambda: looked_for(doubtful()),
}
"""Every state, and what no single call's state is: a line to be confirmed, several calls, a dial in doubt."""
_OFTEN = ("RING", "TALK", "CALLING", "CONSULT", "THREE", "two calls", "a dial in doubt")
DRAWN = [pytest.param(scene, marks=() if scene in _OFTEN else pytest.mark.proof) for scene in SCENES]
"""Where each key is pressed on a screen: in the states of a transfer in every run, in all by a proof."""

SEEN: Mapping[str, str] = {
    "answer": r"Next: (your own phone rings: pick it up|answering Mr Berg) [.]{3}",
    "reject": r"asked|RING 0:00 …",
    "confirm": r"Next: answering Ms Ortiz [.]{3}",
    "dial": r"CALLING OUT",
    "hold": r"Next: hold / resume [.]{3}",
    "consult": r"Next: (consult|Maria is ringing) [.]{3}",
    "aside": r"Next: Maria is ringing [.]{3}",
    "blind": r"Next: blind, cannot be watched [.]{3}",
    "swap": r"Next: swap [.]{3}",
    "merge": r"Next: merge [.]{3}",
    "complete": r"Next: transfer [.]{3}",
    "back": r"asked",
    "drop": r"asked",
    "look": r"Telnyx is asked whether",
    "again": r"Next: \S+ is ringing [.]{3}",
    "mute": r"asked",
    "keypad": r"sent 5",
    "focus": r"1 customer Ms Ortiz ‖ HELD|1 customer Mr Berg ○ RINGING",
    "quit": r"Still on the line",
}
"""By verb that works: what is on the screen at once."""
DIALOGS = {
    Need.NUMBER: ("Picker", "enter"),
    Need.DIGITS: ("Keypad", "5", "escape"),
    Need.REASON: ("Reason", "x"),
    Need.LEAVE: ("Leaving", "escape"),
}
"""What opens, and how it is answered."""


def words(app: Console) -> str:
    """Everything that is to be read, as one line without the blanks that align it."""
    app.base.draw()
    dialog = [] if app.screen is app.base else [str(one.render()) for one in app.screen.query(Static)]
    return " ".join(" ".join([*app.base.words(), *dialog]).split())


async def press(app: Console, pilot: Pilot[None], verb: Verb, key: str) -> str:
    """Press a verb's key, or choose it in the palette, and answer what it asks; return all that was seen."""
    need = need_of(app._desk, verb.name)
    if key:
        await pilot.press(key)
    else:
        (chosen,) = (one for one in app.get_system_commands(app.screen) if one.title == verb.title)
        chosen.callback()
        await pilot.pause()
    told = [words(app)]
    if need is not Need.NOTHING:
        dialog, *answers = DIALOGS[need]
        assert type(app.screen).__name__ == dialog, verb.name
        for answer in answers:
            await pilot.press(answer)
            told.append(words(app))
        assert app.screen is app.base
    return " ".join(told)


def test_every_verb_is_tried_where_it_works_and_where_it_does_not() -> None:
    answers = [allowed(begin().desk) for begin in SCENES.values()]
    assert SEEN.keys() == TOUCHES.keys() == BY_NAME.keys()
    for verb in VERBS:
        assert any(isinstance(answer[verb.name], Allowed) for answer in answers), verb.name
        assert verb.name == "quit" or any(isinstance(answer[verb.name], Off) for answer in answers), verb.name


@pytest.mark.parametrize("scene", DRAWN)
async def test_a_key_that_works_shows_so_at_once_and_one_that_does_not_says_why(scene: str) -> None:
    story = SCENES[scene]()
    desk = story.desk
    behind = Folding(desk, story.now)
    app = console(behind, story.now)
    async with app.run_test(size=(120, 36)) as pilot:
        await pilot.pause()
        for verb in VERBS:
            if verb.name == "quit" and not live(desk):
                continue  # it ends the console: `test_keys`
            intents = []
            for key in [verb.key, verb.twin] if verb.twin else [verb.key]:
                behind.begin_again(desk)
                before = words(app)
                told = await press(app, pilot, verb, key)
                _judge(verb, desk, behind, before, told)
                intents.append(tuple(behind.pressed))
            assert len(set(intents)) == 1, f"{verb.twin} is no twin of {verb.key}"


def _judge(verb: Verb, desk: Desk, behind: Folding, before: str, told: str) -> None:
    answer = allowed(desk)[verb.name]
    call = desk.calls.get(desk.focus) if desk.focus else None
    if isinstance(answer, Allowed):
        seen = SEEN[verb.name]
        assert len(re.findall(seen, told)) > len(re.findall(seen, before)), (verb.name, told)
        if verb.name != "quit":
            assert {intent.leg for intent in behind.pressed} == {answer.leg}
        return
    assert behind.asks == []
    assert (behind.desk.calls, behind.desk.legs) == (desk.calls, desk.legs)
    absorbed = call is not None and call.by == verb.name  # a second press of a pending key
    assert absorbed or f"{verb.title}: {answer.reason}." in told, verb.name


async def test_the_palette_hands_over_what_has_no_key() -> None:
    story = stories.talk()
    behind = Folding(story.desk, story.now)
    app = console(behind, story.now)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        behind.begin_again(story.desk)
        await pilot.press("f2", *"blind")
        await pilot.pause(1)
        await pilot.press("enter")
        await pilot.pause()
        assert type(app.screen).__name__ == "Picker"
        await pilot.press("enter")
        assert "Next: blind, cannot be watched ..." in words(app)
    (intent,) = behind.pressed
    assert (intent.verb, intent.name, intent.leg) == ("blind", "Maria", "c1.C")


# --- the leg-safe keys ----------------------------------------------------------------------------------

TOUCHES: Mapping[str, set[str]] = {
    "answer": {"Dial A", "Answer it", "Hold C"},
    "reject": {"Reject it", "Hangup A"},  # a line that only this call needed
    "confirm": {"StopPlayback it", "Answer C"},
    "dial": {"Dial A", "Dial new"},
    "hold": {"Hold it", "Unhold it"},
    "consult": {"Dial new", "Hold it"},
    "aside": {"Dial new"},
    "blind": {"Transfer it"},
    "swap": {"Hold C", "Hold B", "Unhold C", "Unhold B", "Hold it", "Unhold it"},
    "merge": {"Unhold it", "Unhold C", "Unhold B"},
    "complete": {"Unhold it", "Unhold C", "Leave A"},
    "back": {"Hangup it", "Leave it", "Unhold C", "Join C"},
    "drop": {"Hangup it", "Unhold C", "Join C"},
    "look": {"Survey the account"},
    "again": {"Dial new"},
    "mute": {"Mute it", "Unmute it"},
    "keypad": {"SendDigits it"},
    "focus": set(),
    "quit": {"Hangup A"},  # with nobody on the line
}
"""By verb: what it may ask, and of whom: `it` is the leg that was named, the letters are of its call."""


def _focuses(desk: Desk) -> Iterator[Desk]:
    """The desk with no panel focused, and with each of them."""
    yield replace(desk, aim=None)
    for row in panels(desk):
        yield replace(desk, aim=row.leg)


def _pressed(desk: Desk, now: int, verb: str, leg: LegId | None) -> tuple[Desk, tuple[Ask, ...]]:
    """Press a key with all that it asks for; a customer is hung up by the second press."""
    need = need_of(desk, verb)
    text = {Need.DIGITS: "5", Need.REASON: "ended normally"}.get(need, "")
    to = number(MARIA) if need is Need.NUMBER else None
    intent = Pressed(now, verb, desk.focus if verb != "dial" else None, leg, to, "", text)
    desk, asks, _ = step(desk, intent)
    if need is Need.REASON and desk.dropping is not None:
        desk, more, _ = step(desk, intent)
        asks += more
    return desk, asks


def _whom(desk: Desk, ask: Ask, named: LegId | None) -> str:
    kind, leg = type(ask.request).__name__, str(ask.leg)
    if ask.leg is None and kind == "Survey":
        return "Survey the account"
    if ask.leg == named:
        return f"{kind} it"
    if ask.leg == desk.line.leg or leg.startswith("line."):
        return f"{kind} A"
    if ask.leg not in desk.legs:
        return f"{kind} new"
    assert desk.focus is not None
    assert leg.startswith(f"{desk.focus}."), f"{kind} {leg} is of a call that nobody was looking at"
    return f"{kind} {leg.split('.')[1][0]}"


@pytest.mark.parametrize("scene", SCENES)
def test_each_verb_under_each_focus_acts_on_the_leg_that_was_named_or_refuses(scene: str) -> None:
    """The leg-safe-keys matrix (behaviour §3.19)."""
    story = SCENES[scene]()
    for desk in _focuses(story.desk):
        for verb, answer in allowed(desk).items():
            after, asks = _pressed(desk, story.now, verb, answer.leg if isinstance(answer, Allowed) else None)
            if isinstance(answer, Off):
                assert asks == ()
                assert (after.calls, after.legs) == (desk.calls, desk.legs)
                continue
            if verb in CHOOSES_LEG and verb != "hold" and desk.aim is not None:
                assert answer.leg == desk.aim
            found = {_whom(desk, ask, answer.leg) for ask in asks}
            assert found <= TOUCHES[verb], (desk.aim, verb, found)


@pytest.mark.parametrize("scene", SCENES)
def test_a_key_that_was_pressed_for_another_leg_than_it_acts_on_now_is_refused(scene: str) -> None:
    """The footer named somebody, and by the time the key arrives they are gone, or somebody else is there."""
    story = SCENES[scene]()
    desk = story.desk
    for verb, answer in allowed(desk).items():
        if not isinstance(answer, Allowed) or verb in ("dial", "focus", "quit"):  # these act on no leg
            continue
        for leg in (*desk.legs, LegId("c9.C"), LegId("c1.B9")):
            if leg == answer.leg:
                continue
            after, asks = _pressed(desk, story.now, verb, leg)
            if verb in CHOOSES_LEG and leg.startswith(f"{desk.focus}."):
                assert {ask.leg for ask in asks if type(ask.request).__name__ in CHOSEN} <= {leg}
                continue
            assert asks == (), (verb, leg)
            assert after.notices[-1].text.endswith(
                "that has changed under your hands. Look, and press again."
            )


CHOSEN = {"Hangup", "Hold", "SendDigits"}


@pytest.mark.parametrize(
    "scene", [pytest.param(one, marks=[] if one == "CONSULT" else pytest.mark.proof) for one in SCENES]
)
async def test_the_footer_names_the_leg_that_the_key_then_carries(scene: str) -> None:
    story = SCENES[scene]()
    desk = story.desk
    behind = Folding(desk, story.now)
    app = console(behind, story.now)
    async with app.run_test(size=(120, 36)) as pilot:
        await pilot.pause()
        for place, row in enumerate(panels(desk), 1):
            behind.begin_again(desk)
            await pilot.press(str(place))
            aimed = behind.desk
            assert aimed.aim == row.leg
            for name in sorted(CHOOSES_LEG):
                verb = BY_NAME[name]
                behind.begin_again(aimed)
                footer = re.search(rf"{name} → (.*?) \[{shown(verb)}\]", words(app))
                answer = allowed(aimed)[name]
                assert (footer is not None) == isinstance(answer, Allowed), (place, name)
                if footer is None:
                    continue
                await press(app, pilot, verb, verb.key)
                (leg,) = {intent.leg for intent in behind.pressed}
                assert leg is not None
                assert footer[1] == name_of(aimed, leg)
