"""What the picker offers for a text: which people, in which order, which number, and what is said about it.

Plain values and pure functions: the picker draws them.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

from textual.fuzzy import Matcher

from warmxfer_tui.core.directory import Person
from warmxfer_tui.core.terms import Number, NumberKind
from warmxfer_tui.errors import NumberError
from warmxfer_tui.numbers import parse
from warmxfer_tui.text import clean

LONGEST = 256
"""Characters of a query: a SIP address with room to spare."""
_LONGEST_WORD = 40  # a longer word is in no name
_MOST_READINGS = 200  # of one word and its beginnings in one text
_TEAM = 0.9  # a hit in the team counts a little less than one in the name
_SCHEME = re.compile(r"(?i)\s*(?:tel|sips?):")
_DIGITS_ONLY = re.compile(r"(?i)(?:tel:)?[\W\d_]*\d[\W\d_]*(?:(?:x|ext|extension)\b[\W\d_]*)?")
_ASKING = frozenset({NumberKind.PREMIUM, NumberKind.EMERGENCY})


@dataclass(frozen=True, slots=True)
class Entry:
    """Somebody who can be called now."""

    person: Person
    """The name is empty for a number that was typed and is nobody's."""
    typed: bool = False

    @property
    def asks(self) -> bool:
        """Calling it takes a second Enter."""
        return self.person.number.kind in _ASKING


@dataclass(frozen=True, slots=True)
class Offer:
    """The answer to what stands in the search line."""

    entries: tuple[Entry, ...]
    refusal: NumberError | None = None
    """Why what was typed is no number; then nothing is chosen until the user chooses."""

    @property
    def first(self) -> int | None:
        """The entry that Enter takes before anything else was chosen."""
        return 0 if self.entries and self.refusal is None else None


class Weight(Enum):
    """How loud a sentence is."""

    PLAIN = "plain"
    WARNING = "warning"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What Enter will do, or why it cannot."""

    words: str
    hint: str
    weight: Weight


def offer(text: str, people: Sequence[Person], region: str) -> Offer:
    """Return who can be called for ``text`` by somebody in ``region`` (two letters).

    A number or SIP address comes first, then the people it may mean. For digits that are no number the people
    whose number holds them are there, but none is chosen: Enter must not call anybody whom a slip has found.
    """
    query = clean(text, LONGEST)
    if not query:
        refusal = None if people else NumberError("nobody is in your list yet", _NOBODY_HINT)
        return Offer(tuple(map(Entry, people)), refusal)
    found = tuple(map(Entry, ranked(query, people)))
    try:
        number = parse(query, region)
    except NumberError as error:
        if _SCHEME.match(query) or _DIGITS_ONLY.fullmatch(query):
            return Offer(found, error)
        return Offer(found, None if found else _nobody(query, error))
    known = next((person for person in people if person.number.e164 == number.e164), None)
    typed = Entry(known or Person("", number), typed=True)
    return Offer((typed, *(entry for entry in found if entry.person is not known)))


_NOBODY_HINT = "type a number; colleagues stand in a file that TARGETS_FILE names"


def _nobody(query: str, error: NumberError) -> NumberError:
    """Neither a name nor a number."""
    if "@" in query:
        return NumberError(f"'{clean(query, 40)}' is nobody's name", "a SIP address begins with sip:")
    if sum(char.isdigit() for char in query) >= 3:  # a number with a slip in it, rather than a name
        return error
    return NumberError(f"nobody here is called '{clean(query, 40)}'", "type less of it, or a number")


def ranked(query: str, people: Sequence[Person]) -> tuple[Person, ...]:
    """Those whom ``query`` may mean, best first; equals stay in their order.

    Every word must be found in the name, the team or the number; the letters of a word may be apart, the
    digits of a number may not.
    """
    words = _folded(query).split()
    if any(len(word) > _LONGEST_WORD for word in words):
        words = []
    matchers = [Matcher(word, case_sensitive=True) for word in words]
    digits = _digits(query) if _DIGITS_ONLY.fullmatch(query) else ""
    scores = [(max(_score(matchers, person), _part(digits, person.number)), person) for person in people]
    return tuple(person for score, person in sorted(scores, key=lambda pair: -pair[0]) if score)


def _score(matchers: Sequence[Matcher], person: Person) -> float:
    """The sum over the words; 0 if one of them is nowhere."""
    name, team = _folded(person.name), _folded(person.team)
    address = _folded(person.number.shown) if person.number.kind is NumberKind.SIP else ""
    total = 0.0
    for matcher in matchers:
        best = max(
            _match(matcher, name),
            _match(matcher, team) * _TEAM,
            _match(matcher, address) * _TEAM,
            _part(_digits(matcher.query) if matcher.query.isdigit() else "", person.number),
        )
        if not best:
            return 0.0
        total += best
    return total


def _part(digits: str, number: Number) -> float:
    """How much of a number the digits are. Zeros in front may be a prefix that it is stored without."""
    held = _digits(number.e164) if number.kind is not NumberKind.SIP else ""
    for part in (digits, digits.lstrip("0")):
        if part and part in held:
            return float(len(part))
    return 0.0


def _match(matcher: Matcher, text: str) -> float:
    if matcher.query in text:
        return matcher.match(text)
    ways = _readings(matcher.query, text)
    if not ways[-1]:
        return 0.0
    # One that fits in so many ways says little, and the matcher would try each of them on the screen's time.
    return matcher.match(text) if sum(ways) <= _MOST_READINGS else 1.0


def _readings(word: str, text: str) -> list[int]:
    """In how many ways each beginning of ``word``, from none to all of it, stands in ``text``, letters apart.

    With letters that repeat this grows beyond all measure.
    """
    ways = [1] + [0] * len(word)
    for letter in text:
        for place in range(len(word), 0, -1):
            if word[place - 1] == letter:
                ways[place] += ways[place - 1]
    return ways


def _folded(text: str) -> str:
    """Without capitals and accents: what is typed in a hurry."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    return "".join(char for char in plain if not unicodedata.combining(char))


def _digits(text: str) -> str:
    return "".join(str(unicodedata.digit(char)) for char in text if char.isdecimal())


def verdict(offered: Offer, at: int | None, *, pressed: bool) -> Verdict:
    """What is said below the list of the entry ``at``; ``pressed``: after an Enter that did not call."""
    if at is None or at >= len(offered.entries):
        error = offered.refusal or NumberError("nobody is chosen", "choose with the arrow keys")
        hint = f"{error.hint}; or ↓ chooses from the list" if offered.entries else error.hint
        return Verdict(error.title, hint, Weight.REFUSED if pressed else Weight.PLAIN)
    person, number = offered.entries[at].person, offered.entries[at].person.number
    whom = f"{person.name}: {number.shown}" if person.name not in ("", number.shown) else number.shown
    match number.kind:
        case NumberKind.EMERGENCY if pressed:
            return Verdict(
                f"{number.shown} reaches the emergency services, for real.",
                f"Only if somebody needs help: Enter again calls {number.shown}",
                Weight.WARNING,
            )
        case NumberKind.PREMIUM if pressed:
            return Verdict("this number costs extra: Enter again calls it", whom, Weight.WARNING)
        case NumberKind.EMERGENCY:
            return Verdict(
                f"{number.shown} is an emergency number", "Enter asks before it calls", Weight.WARNING
            )
        case NumberKind.PREMIUM:
            return Verdict(f"{whom} costs extra", "Enter asks before it calls", Weight.WARNING)
    return Verdict(f"Enter calls {whom}", "", Weight.PLAIN)
