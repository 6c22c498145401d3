"""What the picker offers for a text: the order of people, numbers in any usual form, refusals, questions."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.screens.stage import COSTLY, HOSTILE, MARIA, PEOPLE, TOM, ZOE, person
from warmxfer_tui.core.directory import Person
from warmxfer_tui.core.terms import Number, NumberKind
from warmxfer_tui.offers import Directory, Offer, Weight, offer, verdict


def offered(text: str, people: tuple[Person, ...] = PEOPLE, region: str = "US") -> Offer:
    return offer(text, Directory(people), region)


def ranked(text: str, people: tuple[Person, ...]) -> tuple[Person, ...]:
    return tuple(entry.person for entry in Directory(people).ranked(text))


def said(text: str, at: int | None = 0, *, pressed: bool = False) -> str:
    found = verdict(offered(text), at, pressed=pressed)
    return f"{found.weight.value}: {found.words} | {found.hint}"


def test_nothing_typed_is_everybody_in_their_order_and_the_first_is_chosen() -> None:
    found = offered("  ")
    assert [entry.person for entry in found.entries] == [*PEOPLE]
    assert found.first == 0


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("mar", MARIA),
        ("MLOP", MARIA),
        ("lopez maria", MARIA),
        ("bill", MARIA),
        ("supp", TOM),
        ("zoe", ZOE),
        ("example", ZOE),
        ("hot cost", COSTLY),
        ("0142", TOM),
        ("555-0110", MARIA),
        ("maria 0110", MARIA),
    ],
)
def test_names_teams_and_numbers_are_found_with_letters_left_out(text: str, first: Person) -> None:
    assert ranked(text, PEOPLE)[0] == first


def test_every_word_must_be_found() -> None:
    assert ranked("maria support", PEOPLE) == ()


def test_a_name_goes_before_a_team_and_equals_stay_in_their_order() -> None:
    team, name = person("Ann", "+12025550160", "sales"), person("sales", "+12025550161")
    twin = person("Ann", "+12025550162")
    assert ranked("sales", (team, name)) == (name, team)
    assert ranked("ann", (team, twin)) == (team, twin)


def test_the_beginning_of_a_name_goes_before_its_middle_and_letters_that_are_apart_come_last() -> None:
    apart, middle = person("Mo Arthur", "+12025550163"), person("Omar", "+12025550164")
    begins = person("Ann Marsh", "+12025550165")
    assert ranked("mar", (apart, middle, begins)) == (begins, middle, apart)


@given(
    st.text("abé ", min_size=1, max_size=6),
    st.lists(
        st.builds(Person, st.text("abcé ", max_size=8), st.just(TOM.number), st.text("abc", max_size=4))
    ),
)
def test_whoever_has_all_the_letters_in_their_order_is_found_and_nobody_else(
    query: str, people: list[Person]
) -> None:
    def holds(word: str, text: str) -> bool:
        letters = iter(text.replace("é", "e"))
        return all(letter in letters for letter in word.replace("é", "e"))

    meant = [
        person
        for person in people
        if query.split()
        and all(holds(word, person.name) or holds(word, person.team) for word in query.split())
    ]
    assert sorted(map(repr, ranked(query, tuple(people)))) == sorted(map(repr, meant))


def test_digits_of_a_number_stand_together() -> None:
    """Scattered digits are another number."""
    assert ranked("2020", PEOPLE) == ()
    assert ranked("(0)202 555-011", PEOPLE) == (MARIA,)  # a prefix in front


def test_letters_that_repeat_do_not_take_the_screens_time() -> None:
    """There are more ways in which such a word fits than there is time to try."""
    crowd = tuple(person("ab" * 60, f"+120255501{n}") for n in range(10, 60))
    begun = time.process_time()
    assert len(ranked("a" * 30, crowd)) == 50
    assert ranked("a" * 30 + "x", crowd) == ()
    assert time.process_time() - begun < 2


@pytest.mark.parametrize(
    ("text", "region", "shown"),
    [
        ("(202) 555-0199", "US", "+1 202-555-0199"),
        ("202.555.0199", "US", "+1 202-555-0199"),
        ("tel:+1-202-555-0199", "DE", "+1 202-555-0199"),
        ("\u202a+1 202\u2011555\u20110199\u202c", "US", "+1 202-555-0199"),
        ("00 49 30 123456", "DE", "+49 30 123456"),
        ("030 123456", "DE", "+49 30 123456"),
        ("1-800-FLOWERS", "US", "+1 800-356-9377"),
        ("sip:ann@example.com", "US", "ann@example.com"),
    ],
)
def test_a_number_in_any_usual_form_is_the_first_entry_and_shown_back(
    text: str, region: str, shown: str
) -> None:
    found = offered(text, region=region)
    assert (found.first, found.entries[0].typed, found.entries[0].person.name) == (0, True, "")
    assert found.entries[0].person.number.shown == shown
    assert verdict(found, 0, pressed=False).words == f"Enter calls {shown}"


def test_a_number_that_is_somebodys_says_whose_and_stands_once() -> None:
    found = offered("202-555-0110")
    assert [entry.person for entry in found.entries] == [MARIA]
    assert "Maria Lopez: +1 202-555-0110" in said("202-555-0110")


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("202-555-019", "too short"),
        ("+1 202 555 0199 7777 88888", "too long"),
        ("555-0142", "the area code is missing"),
        ("+999 12345678", "no such country code"),
        ("202-555-0199 x12", "extension"),
        ("sip:ann", "not a SIP address"),
    ],
)
def test_a_number_that_cannot_be_is_refused_with_the_reason(text: str, reason: str) -> None:
    assert offered(text).first is None
    assert said(text, None).startswith("plain: ")
    assert reason in said(text, None, pressed=True)
    assert said(text, None, pressed=True).startswith("refused: ")


def test_a_digit_too_few_never_chooses_whom_it_happens_to_find() -> None:
    found = offered("202-555-011")
    assert [entry.person for entry in found.entries] == [MARIA]
    assert found.first is None
    assert "↓" in said("202-555-011", None)


@pytest.mark.parametrize(
    ("text", "says"),
    [("nobody-of-this-name", "nobody here is called"), ("ann@example.com", "begins with sip:")],
)
def test_what_is_neither_a_name_nor_a_number_is_said_to_be_neither(text: str, says: str) -> None:
    assert says in said(text, None)


def test_an_empty_list_says_where_names_come_from() -> None:
    found = offer("", Directory(()), "US")
    assert "TARGETS_FILE" in verdict(found, found.first, pressed=False).hint


def test_a_premium_number_asks() -> None:
    assert said("900 555 9999") == "warning: +1 900-555-9999 costs extra | Enter asks before it calls"
    assert "this number costs extra: Enter again calls it" in said("900 555 9999", pressed=True)
    assert offered("costly").entries[0].asks


def test_an_emergency_number_asks_with_stronger_words() -> None:
    assert "911 is an emergency number" in said("911")
    assert "reaches the emergency services" in said("911", pressed=True)
    assert offered("911").entries[0].asks


NUMBERS = st.builds(Number, st.just("+12025550110"), HOSTILE, st.sampled_from(NumberKind))
ANYBODY = st.lists(st.builds(Person, HOSTILE, NUMBERS, HOSTILE), max_size=4)


@given(HOSTILE | st.text(alphabet="0123456789+-() x.", max_size=20), ANYBODY, st.sampled_from(["US", "DE"]))
def test_any_text_is_answered(text: str, people: list[Person], region: str) -> None:
    found = offer(text, Directory(people), region)
    assert found.entries or found.refusal
    for at in (found.first, *range(len(found.entries))):
        for pressed in (False, True):
            answer = verdict(found, at, pressed=pressed)
            assert answer.words
            assert pressed or answer.weight is not Weight.REFUSED
