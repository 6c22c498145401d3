"""The newcomer reads a screen as a person would; each rule of that reading by an example."""

from __future__ import annotations

import pytest

from .reading import is_done, leaving_key, next_key, quit_key, rings, sense

FOOTER = " [?] keys   [ctrl+p] palette   [tab] next call   [ctrl+q] quit"


@pytest.mark.parametrize(
    ("screen", "key"),
    [
        (" Next: [a] answer Ms Ortiz   [r] reject", "a"),
        ("Next: [enter] call Maria", "enter"),
        (" Next: [space] mute", "space"),
        (" Next: \n [x] drop somebody", "x"),  # it wraps
        (" Next:", None),
        (" Next: joining Maria ...   [b] back to Ms Ortiz", None),
        (" Next: your own phone rings: pick it up ...\n       [x] drop", None),
        (" drop → Maria [x]", None),
        ("┌ consult ┐\n│ Enter call   Esc back │\n Next: [h] hold", "enter"),
        (f"nobody is on the line\n\n{FOOTER}", None),
    ],
)
def test_the_first_key_after_next_is_the_one_to_press(screen: str, key: str | None) -> None:
    assert next_key(screen.splitlines()) == key


@pytest.mark.parametrize("footer", [FOOTER, " keys [?]   quit [ctrl+q]"])
def test_the_footer_names_the_key_that_leaves(footer: str) -> None:
    assert quit_key(["", footer]) == "ctrl+q"
    assert quit_key(["nothing"]) is None


def test_a_dialog_names_the_key_that_leaves_for_good() -> None:
    assert leaving_key(["│ [s] stay   nobody notices", "│ [d] drop everybody   twice │", FOOTER]) == "d"
    assert leaving_key(["│ [d] ! press d again: everybody is hung up │", FOOTER]) == "d"
    assert leaving_key([" drop → Maria [x]", FOOTER]) is None


def test_a_ring_and_the_end_are_words_on_the_screen() -> None:
    assert rings([" warmxfer  RING 0:01"])
    assert rings(["1 C Ms Ortiz  RINGING"])
    assert not rings([" nothing BORING here"])
    assert is_done([" 10:28:39 Transfer complete: Ms Ortiz is with Maria."])


def test_a_running_clock_is_not_news() -> None:
    assert sense(["TALK 0:09  [c] consult"]) == sense(["TALK 0:10 [c] consult"])
    assert sense(["TALK 0:09"]) != sense(["HELD 0:09"])
