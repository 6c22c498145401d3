"""What the picker offers for a text: which people, in which order, which number, and what is said about it.

Plain values and pure functions: the picker draws them.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from enum import Enum

from warmxfer_tui.core.directory import Person
from warmxfer_tui.core.terms import Number, NumberKind
from warmxfer_tui.errors import NumberError
from warmxfer_tui.numbers import parse
from warmxfer_tui.text import clean

LONGEST = 256
"""Characters of a query: a SIP address with room to spare."""
_LONGEST_WORD = 40  # a longer word is in no name
_NO_DIGIT = re.compile(r"[^0-9]+")
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


def offer(text: str, people: Directory, region: str) -> Offer:
    """Return who can be called for ``text`` by somebody in ``region`` (two letters).

    A number or SIP address comes first, then the people it may mean. For digits that are no number the people
    whose number holds them are there, but none is chosen: Enter must not call anybody whom a slip has found.
    """
    query = clean(text, LONGEST)
    if not query:
        refusal = None if people.entries else NumberError("nobody is in your list yet", _NOBODY_HINT)
        return Offer(people.entries, refusal)
    found = people.ranked(query)
    try:
        number = parse(query, region)
    except NumberError as error:
        if _SCHEME.match(query) or _DIGITS_ONLY.fullmatch(query):
            return Offer(found, error)
        return Offer(found, None if found else _nobody(query, error))
    known = people.whose(number)
    typed = Entry(known.person if known else Person("", number), typed=True)
    return Offer((typed, *(entry for entry in found if entry is not known)))


_NOBODY_HINT = "type a number; colleagues stand in a file that TARGETS_FILE names"


def _nobody(query: str, error: NumberError) -> NumberError:
    """Neither a name nor a number."""
    if "@" in query:
        return NumberError(f"'{clean(query, 40)}' is nobody's name", "a SIP address begins with sip:")
    if sum(char.isdigit() for char in query) >= 3:  # a number with a slip in it, rather than a name
        return error
    return NumberError(f"nobody here is called '{clean(query, 40)}'", "type less of it, or a number")


class Directory:
    """Everybody who can be called by name, made ready to be searched with every letter that is typed.

    Each look at all of them is one pass that the interpreter makes in C: among 10,000 a letter has its answer
    within a frame (budgets §8, "Growth").
    """

    def __init__(self, people: Sequence[Person]) -> None:
        self.entries = tuple(map(Entry, people))
        """Everybody, in their order."""
        # A blank before each word, so that the beginning of one can be looked for; a line for each text.
        self._names = [f" {_folded(person.name)}" for person in people]
        self._teams = [f" {_folded(person.team)}" for person in people]
        self._addresses = [_address(person.number) for person in people]
        self._digits = [_dialled(person.number) for person in people]
        self._all = list(map("\n".join, zip(self._names, self._teams, self._addresses, strict=True)))
        self._by_number = {entry.person.number.e164: entry for entry in reversed(self.entries)}

    def whose(self, number: Number) -> Entry | None:
        """The first to whom a number belongs."""
        return self._by_number.get(number.e164)

    def ranked(self, query: str) -> tuple[Entry, ...]:
        """Those whom ``query`` may mean, best first; equals stay in their order.

        Every word must be found in the name, the team or the number; the letters of a word may be apart, the
        digits of a number may not.
        """
        words = _folded(query).split()
        scores: dict[int, int] = {}
        if words and all(len(word) <= _LONGEST_WORD for word in words):
            scores = self._found(words[0], range(len(self.entries)))
            for word in words[1:]:
                more = self._found(word, scores)
                scores = {place: scores[place] + score for place, score in more.items()}
        if not query.isdecimal() and _DIGITS_ONLY.fullmatch(query):  # a number with blanks and signs in it
            dialling = self._dialling(query, range(len(self.entries)))
            scores |= dict.fromkeys(dialling, _NUMBER)
        best = sorted(sorted(scores), key=scores.__getitem__, reverse=True)
        return tuple(self.entries[place] for place in best)

    def _found(self, word: str, among: Iterable[int]) -> dict[int, int]:
        """How well a word fits each of those in whom it is found."""
        scores: dict[int, int] = {}
        whole = [place for place in among if word in self._all[place]]
        if len(word) > 1:
            apart, begun = _letters(word)
            texts = self._all
            scattered = [place for place in among if word[0] in texts[place] and apart(texts[place])]
            scores.update(dict.fromkeys(scattered, _APART))
            scores.update(dict.fromkeys([place for place in scattered if begun(self._names[place])], _BEGUN))
        if word.isdecimal():
            scores.update(dict.fromkeys(self._dialling(word, among), _NUMBER))
        for score, texts, sought in (
            (_ADDRESS, self._addresses, word),
            (_IN_TEAM, self._teams, word),
            (_TEAM, self._teams, f" {word}"),
            (_IN_NAME, self._names, word),
            (_NAME, self._names, f" {word}"),
        ):
            scores.update(dict.fromkeys([place for place in whole if sought in texts[place]], score))
        return scores

    def _dialling(self, text: str, among: Iterable[int]) -> list[int]:
        """Whose number holds the digits of a text. Zeros in front may be a prefix it is stored without."""
        digits = _digits(text)
        sought = digits.lstrip("0") or digits
        return [place for place in among if sought in self._digits[place]]


# How well a word fits, best first.
_NAME, _IN_NAME, _TEAM, _IN_TEAM, _ADDRESS, _NUMBER, _BEGUN, _APART = range(8, 0, -1)
Found = Callable[[str], object]


def _letters(word: str) -> tuple[Found, Found]:
    """What finds the letters of a word in their order: anywhere in a line; from the beginning of a word on.

    No letter is given back once it is found (``*+``): the first place is as good as any later one, and names
    whose letters repeat take no longer than others.
    """
    first, *more = (re.escape(letter) for letter in word)
    rest = "".join(f"[^{letter}\\n]*+{letter}" for letter in more)
    anywhere = re.compile(rf"^[^{first}\n]*+{first}{rest}", re.MULTILINE)
    return anywhere.search, re.compile(f" {first}{rest}").search


def _address(number: Number) -> str:
    return _folded(number.shown) if number.kind is NumberKind.SIP else ""


def _dialled(number: Number) -> str:
    return "" if number.kind is NumberKind.SIP else _digits(number.e164)


def _folded(text: str) -> str:
    """Without capitals and accents: what is typed in a hurry."""
    if text.isascii():
        return text.lower()
    plain = unicodedata.normalize("NFKD", text.casefold())
    return "".join(char for char in plain if not unicodedata.combining(char))


def _digits(text: str) -> str:
    if text.isascii():
        return _NO_DIGIT.sub("", text)
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
