"""A demo in the live console: what its audience reads, and that it is as strict as the headless telling.

Told on virtual time: the pace is the one that people see, and takes none.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable

import pytest

from tests.demos.fragments import HEAD, NOBODY
from warmxfer_tui import demos
from warmxfer_tui.clock import JumpClock, run_jump
from warmxfer_tui.core.events import Pressed
from warmxfer_tui.core.model import Desk
from warmxfer_tui.demos.captions import NO_KEYS, NO_KEYS_PAUSED, PAUSED
from warmxfer_tui.demos.live import Ending, Playing
from warmxfer_tui.demos.parser import read
from warmxfer_tui.demos.stage import Stage
from warmxfer_tui.demos.story import Story
from warmxfer_tui.demos.theatre import report
from warmxfer_tui.errors import UsageError


class House:
    """A theatre that writes down what it is shown, and when."""

    def __init__(self) -> None:
        self.shown: list[tuple[float, str]] = []
        self.desk = Desk()
        self._news = asyncio.Event()

    def publish(self, desk: Desk) -> None:
        self.desk = desk
        self._news.set()

    def caption(self, text: str) -> None:
        self.shown.append((asyncio.get_running_loop().time(), text))
        self._news.set()

    async def until(self, holds: Callable[[], bool]) -> None:
        """Look whenever something new is shown."""
        async with asyncio.timeout(600):
            while not holds():
                self._news.clear()
                await self._news.wait()

    async def reads(self, text: str) -> None:
        """Return when the caption begins so."""
        await self.until(lambda: self.now.startswith(text))

    @property
    def now(self) -> str:
        """The caption that stands."""
        return self.shown[-1][1] if self.shown else ""

    @property
    def captions(self) -> list[str]:
        """What was to be read, in order, each once."""
        texts = [text for _, text in self.shown]
        return [text for text, last in zip(texts, ["", *texts], strict=False) if text != last]

    def when(self, text: str) -> float:
        """Virtual seconds at which a caption was first shown."""
        return next(at for at, shown in self.shown if shown == text)


Evening = Callable[[Playing, House], Awaitable[None]]


async def to_its_end(playing: Playing, house: House) -> None:
    await house.until(lambda: playing.ending is not None)


def play(story: Story, evening: Evening = to_its_end) -> tuple[House, Ending | None]:
    """Play a story for an audience; return what was shown, and how it ended."""
    house = House()

    async def performance() -> Ending | None:
        playing = Playing(story, house, clock=JumpClock(asyncio.get_running_loop()))
        try:
            assert await playing.ready() == "SIMULATOR"
            await evening(playing, house)
        finally:
            await playing.stop()
        return playing.ending

    return house, run_jump(performance())


def test_the_captions_tell_the_story_in_order() -> None:
    house, ending = play(demos.load("happy"))
    assert [text for text in house.captions if "s to go" not in text] == [
        "next: Ms Ortiz rings in",
        "Ms Ortiz rings in",
        "== The phone rings == as told",
        "next: [a] answer (your own phone rings first, then she is answered)",
        "[a] answer (your own phone rings first, then she is answered)",
        "waiting until the call is TALK",
        "== You talk with Ms Ortiz == as told",
        "20 seconds pass, 3 of them here",
        "next: [h] hold / resume",
        "[h] hold / resume",
        "== She is on hold == as told",
        "next: [c] consult: Maria",
        "[c] consult: Maria",
        "== Maria's phone rings, and Ms Ortiz hears music == as told",
        "5 seconds pass, 3 of them here",
        "next: Maria answers",
        "Maria answers",
        "== A word in private == as told",
        "15 seconds pass, 3 of them here",
        "next: [m] merge",
        "[m] merge",
        "== All three talk == as told",
        "10 seconds pass, 3 of them here",
        "next: [t] transfer",
        "[t] transfer",
        "== You are out of it, and they talk on == as told",
        "next: Ms Ortiz hangs up",
        "Ms Ortiz hangs up",
        "== It is over, and your line waits for the next call == as told",
        "HELD: 8 moments, believed and true. ctrl+q leaves",
    ]
    assert ending == Ending(True, "HELD: 8 moments, believed and true.")


def test_a_key_is_announced_before_it_is_pressed() -> None:
    story = demos.load("happy")
    pressed: list[float] = []

    async def watching(playing: Playing, house: House) -> None:
        await house.until(lambda: any(call.state == "HELD" for call in house.desk.calls.values()))
        pressed.append(asyncio.get_running_loop().time())

    house, _ = play(story, watching)
    assert pressed[0] - house.when("next: [h] hold / resume") > 1.19
    assert pressed[0] - house.when("[h] hold / resume") < 0.5


def test_seconds_that_must_pass_are_waited_for_and_counted_down() -> None:
    house, _ = play(demos.load("happy"))
    left = [text for text in house.captions if "s to go" in text]
    why = "(after 90 of them the transfer counts as completed)"
    assert left == [f"{seconds} s to go {why}" for seconds in range(100, 0, -1)]
    assert house.when("next: Ms Ortiz hangs up") - house.when(left[0]) == pytest.approx(100)


def test_seconds_in_which_people_only_talk_are_few() -> None:
    house, _ = play(demos.load("happy"))
    began = house.when("20 seconds pass, 3 of them here")
    assert house.when("next: [h] hold / resume") - began == pytest.approx(3)


def test_a_marked_moment_stands_for_a_while_also_the_last() -> None:
    house, _ = play(demos.load("busy-target"))
    moments = [at for at, text in house.shown if text.startswith("==")]
    after = [next(at for at, _ in house.shown if at > moment) for moment in moments]
    assert [b - a for a, b in zip(moments, after, strict=True)] == pytest.approx([3, 3, 3])


def test_a_pause_holds_the_story_but_not_the_calls() -> None:
    async def paused(playing: Playing, house: House) -> None:
        await house.reads("next: [h] hold / resume")
        playing.pause()
        before = house.desk
        await asyncio.sleep(20)
        assert house.now == PAUSED
        assert before.calls[before.focus or next(iter(before.calls))].state == "TALK"
        assert [call.state for call in house.desk.calls.values()] == ["TALK"]
        playing.pause()
        assert house.now == "next: [h] hold / resume"
        await to_its_end(playing, house)

    house, ending = play(demos.load("happy"), paused)
    assert house.when("[h] hold / resume") - house.when("next: [h] hold / resume") == pytest.approx(
        20 + 1.2, abs=0.1
    )
    assert ending is not None
    assert ending.held, "nobody's phone rang out meanwhile"


def test_who_pauses_while_a_phone_rings_is_told_why_the_story_does_not_hold() -> None:
    async def paused(playing: Playing, house: House) -> None:
        await house.reads("next: Maria answers")
        playing.pause()
        await asyncio.sleep(120)
        assert house.now == PAUSED
        playing.pause()
        await to_its_end(playing, house)

    _, ending = play(demos.load("happy"), paused)
    assert ending is not None
    assert not ending.held
    assert "Maria's phone is in no state for that; the story was paused, and the calls went on" in ending.text


def test_a_key_is_answered_and_reaches_nobody() -> None:
    async def meddling(playing: Playing, house: House) -> None:
        await house.reads("20 seconds pass, 3 of them here")
        for verb in ("drop", "hold", "aim"):
            playing.submit(Pressed(0, verb))
        assert house.now == NO_KEYS
        await house.until(lambda: house.now != NO_KEYS)
        await to_its_end(playing, house)

    _, ending = play(demos.load("happy"), meddling)
    assert ending is not None
    assert ending.held


def test_an_answer_stands_for_a_while_in_a_countdown_and_gives_way_to_what_is_new() -> None:
    async def meddling(playing: Playing, house: House) -> None:
        await house.reads("60 s to go")
        playing.submit(Pressed(0, "hold"))
        await asyncio.sleep(2.5)
        assert house.now == NO_KEYS
        await asyncio.sleep(0.6)
        assert house.now.startswith("57 s to go")
        await house.reads("next: Ms Ortiz hangs up")
        playing.submit(Pressed(0, "hold"))
        await house.until(lambda: house.now != NO_KEYS)

    house, _ = play(demos.load("happy"), meddling)
    assert house.now == "Ms Ortiz hangs up"


def test_a_key_in_a_pause_says_how_to_go_on_and_the_last_words_are_not_talked_over() -> None:
    async def meddling(playing: Playing, house: House) -> None:
        await house.until(lambda: bool(house.shown))
        playing.pause()
        playing.submit(Pressed(0, "hold"))
        assert house.now == NO_KEYS_PAUSED
        await asyncio.sleep(3.5)
        assert house.now == PAUSED
        playing.pause()
        await to_its_end(playing, house)
        last = house.now
        playing.submit(Pressed(0, "hold"))
        playing.pause()
        assert house.now == last == "HELD: 1 moment, believed and true. ctrl+q leaves"

    play(read("a", HEAD + NOBODY + "Ms Ortiz rings in\n"), meddling)


def test_the_cast_can_be_called_by_name_as_far_as_the_picker_goes() -> None:
    async def looking(playing: Playing, house: House) -> None:
        assert [person.name for person in playing.people("consult")] == ["Sales", "Maria"]
        assert [person.name for person in playing.people("dial")] == ["Ms Ortiz"]

    play(demos.load("busy-target"), looking)


def test_the_wish_to_leave_is_the_consoles_own_and_hangs_up_everybody() -> None:
    """ANY-8: nobody is left on the line behind a screen that is closed."""

    async def leaving(playing: Playing, house: House) -> None:
        await house.reads("20 seconds pass, 3 of them here")
        playing.submit(Pressed(0, "quit", text="drop"))
        playing.submit(Pressed(0, "quit", text="drop"))
        await house.until(lambda: not any(leg.alive for leg in house.desk.legs.values()))
        await to_its_end(playing, house)

    _, ending = play(demos.load("happy"), leaving)
    assert ending is not None
    assert not ending.held
    assert "ctrl+q was pressed" in ending.text


def test_who_leaves_before_the_end_has_seen_no_story_that_held(capsys: pytest.CaptureFixture[str]) -> None:
    async def leaving(_playing: Playing, _house: House) -> None:
        await asyncio.sleep(3)

    story = demos.load("happy")
    _, ending = play(story, leaving)
    assert report(story, ending) == 1
    assert "LEFT before its end." in capsys.readouterr().out


def test_a_story_that_does_not_hold_says_what_was_wrong_and_gives_status_one(
    capsys: pytest.CaptureFixture[str],
) -> None:
    text = (demos.FOLDER / "happy.story").read_text("utf-8")
    so, otherwise = (
        "  Ms Ortiz hears hold sound\n  you hear Maria",
        "  Ms Ortiz hears Maria\n  you hear Maria",
    )
    story = read("happy", text.replace(so, otherwise))
    house, ending = play(story)
    assert house.now.startswith("ctrl+q leaves and tells more: NOT AS TOLD, line ")
    assert "the moment 'A word in private' is not as it is told" in house.now
    assert report(story, ending) == 1
    row = capsys.readouterr().out.splitlines()[-1].split("  ")
    assert [cell.strip() for cell in row if cell] == [
        "Ms Ortiz",
        "hears Maria",
        "hears hold sound",
        "hears hold sound",
    ]


def test_a_story_that_held_gives_status_zero(capsys: pytest.CaptureFixture[str]) -> None:
    story = demos.load("outbound")
    _, ending = play(story)
    assert report(story, ending) == 0
    title, text, *_ = capsys.readouterr().out.splitlines()
    assert title.endswith("(creator_leaves = goes on)"), "which of its worlds was played"
    assert text.startswith("HELD: 5 moments")


def test_a_fault_of_our_own_is_told_logged_and_no_success(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(stage: Stage) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(Stage, "account", broken)
    house, ending = play(read("a", HEAD + NOBODY))
    assert ending is not None
    assert not ending.held
    assert "BROKEN OFF by a fault of warmxfer's own: ZeroDivisionError" in house.now
    assert [record.levelno for record in caplog.records if "broke off" in record.message] == [logging.ERROR]


def test_a_stage_that_cannot_be_set_is_an_error_before_the_console_opens() -> None:
    odd = read("odd", HEAD.replace("like line", "like thunder") + NOBODY)
    with pytest.raises(UsageError, match="thunder"):
        play(odd)


def test_words_of_a_storys_author_cannot_steer_the_terminal() -> None:
    house, _ = play(read("a", HEAD + NOBODY.replace("Nobody", "\x1b]0;x\x07[bold]Nobody")))
    assert "== ]0;x[bold]Nobody is there == as told" in house.captions


def test_what_only_looks_looks_when_the_headless_telling_does() -> None:
    """A pace that delayed it could hide that a second was longer than a second."""
    steps = (
        "Ms Ortiz rings in\n"
        "wait until the call is RING, within 1 second\n"
        "wait until Ms Ortiz hears you, within 1 second\n"
    )
    house, ending = play(read("a", HEAD + NOBODY + steps))
    assert ending is not None
    assert "1 s have passed" in ending.text
    assert house.shown[-1][0] - house.when("Ms Ortiz rings in") < 2.5
