"""Reads a story: one sentence a line, in words that somebody who never saw this program can follow.

Text behind a ``#`` that begins a line or follows two spaces is a remark; one beside a step is shown when the
step is played in the console. The head names cast and knobs::

    title    A warm transfer
    customer Ms Ortiz  +12025550141
    you                +12025550101  like line
    target   Maria     +12025550151
    knob     creator_leaves = goes on | ends

A party does what the story says, unless it is ``like`` one of the simulator's personas. A knob with several
values makes the story be told once with each. Then the steps::

    Ms Ortiz rings in                       Maria answers | declines | is busy | hangs up | dials 1
    press c for Maria                       you answer | hang up | dial 1
    2.5 seconds pass                        wait until Maria is ringing, within 5 seconds
    100 seconds must pass

and between them the marked moments, whose claims are indented and speak of everybody::

    moment A word in private
      the call is CONSULT
      the line is IN
      Ms Ortiz hears hold sound
      you hear Maria
      Maria hears you
      keys b k m s space t x

The live console shortens seconds that pass, but not those that *must* pass: there something that the story
is about takes that long. ``keys`` lists every key that works, but for ``ctrl+q``, which always does. Somebody
without a living leg ``is away``; a phone that nobody has picked up ``is ringing``. With two customers a call
is named (``the call of Ms Ortiz is HELD``) and ``the focus is Ms Ortiz`` says whose call is shown. ``you hear
maybe Maria`` is what the console must think while it cannot know: the truth may then be either.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace

from warmxfer_tui.core.terms import LineState, State
from warmxfer_tui.core.verbs import VERBS
from warmxfer_tui.demos.story import (
    KEYS,
    MAYBE,
    THE_FOCUS,
    THE_LINE,
    YOU,
    Acts,
    Claim,
    Deed,
    Deeds,
    Dials,
    Moment,
    Part,
    Party,
    Passes,
    Presses,
    Rings,
    Step,
    Story,
    Waits,
    call_of,
    listed,
)
from warmxfer_tui.errors import WarmxferError

WAIT_S = 30.0
"""How long a step waits unless it says otherwise."""

_REMARK = re.compile(r"(?:^|\s{2,})#\s*(.*)$")
_CAST = re.compile(r"(customer|you|target)\s+(?:(.+?)\s+)?(\+\d+|sip:\S+)(?:\s+like\s+([\w-]+))?")
_KNOB = re.compile(r"knob\s+(\w+)\s*=\s*(.+)")
_RINGS = re.compile(r"(.+) rings in")
_ACTS = re.compile(r"(.+?) (?:(answers?)|(hangs? up)|(declines?)|((?:is|are) busy))")
_DIALS = re.compile(r"(.+?) dials? ([0-9*#]+)")
_PRESSES = re.compile(r"press (\S+)(?: for (.+))?")
_PASSES = re.compile(r"(\d+(?:\.\d+)?) seconds? (must )?pass(?:es)?")
_WAITS = re.compile(r"wait until (.+?)(?:, within (\d+(?:\.\d+)?) seconds?)?")
_CALL = re.compile(r"(the call(?: of (.+))?) is (\w+)")
_LINE = re.compile(r"the line is (\w+)")
_FOCUS = re.compile(r"the focus is (.+)")
_HEARS = re.compile(r"(.+?) hears? (.+)")
_IS = re.compile(r"(.+?) (?:is|are) (ringing|away)")
_KEYS = re.compile(r"keys(?:\s+(.+))?")
_SOUNDS = frozenset({"hold sound", "speech", "ringing", "tone"})
_STATES = frozenset(State) | {"IDLE"}


class StoryError(WarmxferError):
    """A story that cannot be read: which line, and what is wrong with it."""

    def __init__(self, name: str, line: int, what: str) -> None:
        super().__init__(f"{name}.story, line {line}", what)
        self.line = line


class _Unreadable(Exception):
    """What is wrong with the present line."""


@dataclass
class _Draft:
    """A story being read."""

    name: str
    title: str = ""
    cast: list[Party] = field(default_factory=list)
    knobs: dict[str, tuple[str, ...]] = field(default_factory=dict)
    steps: list[Step] = field(default_factory=list)

    def story(self) -> Story:
        return Story(self.name, self.title, tuple(self.cast), self.knobs, tuple(self.steps))

    def known(self, name: str, *parts: Part) -> str:
        """The name of a member of the cast; raises `_Unreadable` for a stranger or somebody out of place."""
        for party in self.cast:
            if party.name == name and (not parts or party.part in parts):
                return name
        raise _Unreadable(f"the cast has no {' or '.join(parts) or 'party'} called '{name}'")


def read(name: str, text: str) -> Story:
    """Return the story that ``text`` tells. Raises `StoryError` for the first line that makes no sense."""
    draft = _Draft(name)
    number = 0
    try:
        for number, words, remark, inside in _lines(text):
            if inside:
                _claim_moment(draft, words, number)
            elif not _head(draft, words):
                draft.steps.append(Step(number, words, _step(draft, words, number), remark))
        story = draft.story()
        for step in story.steps:
            number = step.line
            _complete(story, step.does)
    except _Unreadable as error:
        raise StoryError(name, number, str(error)) from None
    if not story.title or not any(isinstance(step.does, Moment) for step in story.steps):
        raise StoryError(name, number, "a story has a title and at least one marked moment")
    return story


def _lines(text: str) -> Iterator[tuple[int, str, str, bool]]:
    """Number, words, remark, and whether it is indented, of every line that says something."""
    for number, line in enumerate(text.splitlines(), start=1):
        if words := _REMARK.sub("", line).strip():
            remark = _REMARK.search(line)
            yield number, words, remark[1].strip() if remark else "", line[0].isspace()


def _head(draft: _Draft, words: str) -> bool:
    if words.startswith("title "):
        draft.title = words.removeprefix("title ").strip()
    elif found := _CAST.fullmatch(words):
        part = Part(found[1])
        if bool(found[2]) == (part is Part.AGENT):
            raise _Unreadable("everybody but you has a name")
        draft.cast.append(Party(found[2] or YOU, part, found[3], found[4] or "manual"))
    elif found := _KNOB.fullmatch(words):
        draft.knobs[found[1]] = tuple(value.strip() for value in found[2].split("|"))
    else:
        return False
    return True


def _step(draft: _Draft, words: str, number: int) -> Deeds:
    for pattern, make in _STEPS:
        if found := pattern.fullmatch(words):
            return make(draft, found, number)
    raise _Unreadable(f"'{words}' is no step of a story")


def _rings(draft: _Draft, found: re.Match[str], _number: int) -> Deeds:
    return Rings(draft.known(found[1], Part.CUSTOMER))


def _acts(draft: _Draft, found: re.Match[str], _number: int) -> Deeds:
    deeds = (Deed.ANSWER, Deed.HANG_UP, Deed.DECLINE, Deed.BUSY)
    deed = next(deed for deed, said in zip(deeds, found.groups()[1:], strict=True) if said)
    return Acts(draft.known(found[1]), deed)


def _dials(draft: _Draft, found: re.Match[str], _number: int) -> Deeds:
    return Dials(draft.known(found[1]), found[2])


def _presses(draft: _Draft, found: re.Match[str], _number: int) -> Deeds:
    if found[1] not in {verb.key for verb in VERBS if verb.key}:
        raise _Unreadable(f"no verb has the key '{found[1]}'")
    return Presses(found[1], draft.known(found[2], Part.CUSTOMER, Part.TARGET) if found[2] else "")


def _passes(_draft: _Draft, found: re.Match[str], _number: int) -> Deeds:
    return Passes(float(found[1]), in_full=bool(found[2]))


def _waits(draft: _Draft, found: re.Match[str], number: int) -> Deeds:
    return Waits(_claim(draft, found[1], number), float(found[2] or WAIT_S))


def _moment(_draft: _Draft, found: re.Match[str], _number: int) -> Deeds:
    return Moment(found[1], ())


_STEPS: tuple[tuple[re.Pattern[str], Callable[[_Draft, re.Match[str], int], Deeds]], ...] = (
    (re.compile(r"moment (.+)"), _moment),
    (_PRESSES, _presses),
    (_WAITS, _waits),
    (_PASSES, _passes),
    (_RINGS, _rings),
    (_DIALS, _dials),
    (_ACTS, _acts),
)


def _claim_moment(draft: _Draft, words: str, number: int) -> None:
    """Add a claim to the moment that was opened last."""
    last = draft.steps[-1] if draft.steps else None
    if last is None or not isinstance(last.does, Moment):
        raise _Unreadable("an indented line belongs to a moment")
    claims = (*last.does.claims, _claim(draft, words, number))
    draft.steps[-1] = replace(last, does=Moment(last.does.title, claims))


def _claim(draft: _Draft, words: str, number: int) -> Claim:
    if found := _KEYS.fullmatch(words):
        return Claim(KEYS, _keys(found[1] or ""), number)
    if found := _LINE.fullmatch(words):
        return Claim(THE_LINE, _one_of(found[1], frozenset(LineState)), number)
    if found := _CALL.fullmatch(words):
        several = len([party for party in draft.cast if party.part is Part.CUSTOMER]) > 1
        if several != bool(found[2]):
            raise _Unreadable("a call has a name where there are several customers, and only there")
        subject = call_of(draft.known(found[2], Part.CUSTOMER), several) if found[2] else found[1]
        return Claim(subject, _one_of(found[3], _STATES), number)
    if found := _FOCUS.fullmatch(words):
        return Claim(THE_FOCUS, draft.known(found[1], Part.CUSTOMER), number)
    if found := _IS.fullmatch(words):
        return Claim(draft.known(found[1]), f"is {found[2]}", number)
    if found := _HEARS.fullmatch(words):
        return Claim(draft.known(found[1]), f"hears {_heard(draft, found[2])}", number)
    raise _Unreadable(f"'{words}' claims nothing that can be checked")


def _heard(draft: _Draft, words: str) -> str:
    things = set(re.split(r", | and ", words)) - {"nothing"}
    for thing in things - _SOUNDS:
        draft.known(thing.removeprefix(MAYBE))
    return listed(things)


def _keys(words: str) -> str:
    keys = set(words.split())
    if unknown := keys - {verb.key for verb in VERBS if verb.key}:
        raise _Unreadable(f"no verb has the key {listed(unknown)}")
    return " ".join(sorted(keys))


def _one_of(word: str, words: frozenset[str]) -> str:
    if word not in words:
        raise _Unreadable(f"'{word}' is none of {' '.join(sorted(words))}")
    return word


def _complete(story: Story, does: Deeds) -> None:
    """A marked moment speaks of everything, once: what it leaves out could be anything."""
    if isinstance(does, Moment):
        said = [claim.subject for claim in does.claims]
        if missing := [subject for subject in story.subjects() if subject not in said]:
            raise _Unreadable(f"the moment '{does.title}' says nothing of {', '.join(missing)}")
        if len(said) > len(set(said)):
            raise _Unreadable(f"the moment '{does.title}' speaks twice of the same")
