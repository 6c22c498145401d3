"""The console: opens what runs behind it, shows the newest desk, turns keys into intents.

It decides nothing: which keys work and what each asks for first is `core.advice`'s to say.
"""

from __future__ import annotations

import asyncio
import signal
import sys
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar, Protocol

from textual import work
from textual.app import SystemCommand
from textual.binding import Binding, BindingType
from textual.screen import Screen

from warmxfer_tui.core.absence import sheet_of
from warmxfer_tui.core.actions import live
from warmxfer_tui.core.advice import (
    Leave,
    Need,
    help_of,
    leg_of,
    need_of,
    question_of,
    reasons,
    ways_to_leave,
)
from warmxfer_tui.core.directory import Person
from warmxfer_tui.core.model import Desk
from warmxfer_tui.core.terms import LegId, Number
from warmxfer_tui.core.verbs import AIM, BY_NAME, HELP, PALETTE, VERBS
from warmxfer_tui.core.view import alarms, head, name_of
from warmxfer_tui.driver import TerminalApp
from warmxfer_tui.errors import WarmxferError
from warmxfer_tui.ports import Publisher
from warmxfer_tui.screens.console import ConsoleScreen
from warmxfer_tui.screens.training import Training, badge_of, caption_of, commands_of
from warmxfer_tui.widgets.theme import DARK, THEMES

if TYPE_CHECKING:
    from warmxfer_tui.core.events import Pressed

EMPTY = "Nobody is on the line."
WATCHES = "READ ONLY"
"""What a session says that takes no key but the one that leaves."""


class NoTerminal(WarmxferError):
    """Nobody could see the console, or press a key."""


class Session(Protocol):
    """What runs behind the screen (`runtime.Session`, or a demo)."""

    region: str
    """The country in which a number without + is read."""

    @property
    def training(self) -> Training | None:
        """What can be let go wrong, once `ready`: nothing on an account."""

    @property
    def guarded(self) -> bool:
        """Whether somebody would go on with the calls if this console ended now."""

    async def ready(self) -> str:
        """Return when keys and webhooks are taken, with a word on where. Raises `WarmxferError`."""

    async def stop(self) -> None:
        """Close everything."""

    def submit(self, intent: Pressed) -> None:
        """Hand over a key."""

    def people(self, verb: str) -> Sequence[Person]:
        """Who can be called by this verb, by name."""

    def pause(self) -> None:
        """Let a demo wait, or go on; nothing for anything else."""


class Console(TerminalApp[None]):
    """The console. `start` opens what runs behind it, and is called when the first frame is on the screen."""

    TITLE = "warmxfer"
    CSS_PATH = str(
        Path(__file__).parent / "screens" / "console.tcss"
    )  # a default screen's own comes too late
    # Not ClassVar, for Textual's own declaration is none.
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (100, "-wide")]  # noqa: RUF012
    VERTICAL_BREAKPOINTS = [(0, "-low"), (30, "-high")]  # noqa: RUF012
    BINDINGS: ClassVar[list[BindingType]] = [
        *(Binding(v.twin, f"verb('{v.name}')", v.title, priority=True) for v in VERBS if v.twin),
        Binding(BY_NAME["quit"].key, "verb('quit')", BY_NAME["quit"].title, priority=True),
        Binding(HELP.twin, "help", HELP.title),
        Binding(f"{PALETTE.key},{PALETTE.twin}", "command_palette", PALETTE.title, priority=True),
    ]

    def __init__(self, start: Callable[[Publisher], Session], now: Callable[[], int]) -> None:
        super().__init__()
        self._start, self._now = start, now
        self.session: Session | None = None
        """What runs behind the screen, once it has begun to open."""
        self._failure: WarmxferError | None = None
        self._desk = Desk()
        self._status = ""
        self._faults: tuple[str, ...] = ()
        self._watches = False
        self._told_of = 0
        self.base = ConsoleScreen(now, self._aim)
        """The screen under every dialog."""
        self.animation_level = "none"
        for theme in THEMES:
            self.register_theme(theme)
        self.theme = DARK.name

    def get_default_screen(self) -> Screen[None]:
        """The one screen under every dialog."""
        return self.base

    def on_mount(self) -> None:
        """Paint first; only then begin to open what takes time to import."""
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGHUP):  # else the terminal would be left as it is
            loop.add_signal_handler(number, partial(self.exit, return_code=128 + number))
        self.call_after_refresh(self._begin)

    @work(exit_on_error=False)
    async def _begin(self) -> None:
        self.session = self._start(self)
        try:
            status = await self.session.ready()
        except WarmxferError as error:
            self._failure = error
            self.exit()
            return
        if self.session.training is not None:
            self.session.training.follow(self._show_faults)
        self._watches = status == WATCHES
        flagged = status in ("SIMULATOR", WATCHES)
        self.base.watches = self._watches
        self._status = status if flagged else ""
        self.base.tell(
            badge=badge_of(self._status, self._faults), idle=EMPTY if flagged else f"{EMPTY} {status}"
        )

    async def on_unmount(self) -> None:
        """Close everything, however the screen came to its end."""
        if self.session is not None:
            await self.session.stop()

    def publish(self, desk: Desk) -> None:
        """Take the newest desk; the next frame shows it (`ports.Publisher`)."""
        told = alarms(self._desk, desk)
        self._desk = desk
        self.base.show(desk)
        self._tell_of_absence(desk)
        if told:
            self.call_for(told[-1].text)

    def _tell_of_absence(self, desk: Desk) -> None:
        """Once, when the carrier has said how things stand: a sheet over everything."""
        if desk.resuming or desk.absence is None or desk.absence.until == self._told_of:
            return
        self._told_of = desk.absence.until
        from warmxfer_tui.screens.absence import AbsenceSheet  # most consoles never need it

        self.push_screen(AbsenceSheet(lambda: sheet_of(self._desk, self._now()), self.action_verb))

    def caption(self, text: str) -> None:
        """Say what a demo is doing, above the footer (`demos.live.Theatre`)."""
        self.base.tell(caption=text)

    def _show_faults(self, faults: Sequence[str]) -> None:
        self._faults = tuple(faults)
        self.base.tell(badge=badge_of(self._status, faults), caption=caption_of(faults))

    # --- keys ----------------------------------------------------------------------------------------------

    def action_verb(self, name: str) -> None:
        """A key of the registry: ask what it needs, and hand it to the desk with the leg the footer named."""
        if self._watches:
            self._press(name)
            if name == "quit":
                self.exit()
            return
        need = need_of(self._desk, name)
        if len(self.screen_stack) > 1 and need in (Need.NUMBER, Need.DIGITS, Need.REASON):
            return  # one dialog at a time; the twins of all other keys work over it
        match need:
            case Need.NUMBER:
                self._ask_number(name)
            case Need.DIGITS:
                self._ask_digits(name)
            case Need.REASON:
                self._ask_reason(name)
            case Need.LEAVE:
                self._ask_to_leave()
            case _:
                self._press(name)
                if name == "quit":
                    self.exit()

    def action_help(self) -> None:
        """What every key does in this state."""
        from warmxfer_tui.screens.help import HelpScreen

        self.push_screen(HelpScreen(help_of(self._desk, watches=self._watches), head(self._desk).state))

    def action_pause(self) -> None:
        """Let a demo wait, or go on."""
        if self.session is not None:
            self.session.pause()

    def get_system_commands(self, screen: Screen[object]) -> Iterable[SystemCommand]:
        """Every verb by name, those that do not work now with the reason; then Textual's own."""
        off = reasons(self._desk, watches=self._watches)
        for verb in VERBS:
            words = f"off: {off[verb.name]}" if off[verb.name] else verb.help
            yield SystemCommand(verb.title, words, partial(self.action_verb, verb.name))
        yield SystemCommand(HELP.title, HELP.help, self.action_help)
        training = self.session.training if self.session is not None else None
        yield from commands_of(training, self._faults)
        for command in super().get_system_commands(screen):
            if command.title == "Theme":  # the list is sorted, and capitals would put it before every verb
                yield SystemCommand(
                    "theme", "Light, dark, or the terminal's own 16 colours.", command.callback
                )

    # --- dialogs: imported when they are first asked for, off the first frame -----------------------------

    def _ask_number(self, name: str) -> None:
        from warmxfer_tui.screens.picker import Choice, Picker

        leg, session = leg_of(self._desk, name), self.session
        if session is None:
            return

        def call(choice: Choice | None) -> None:
            if choice is not None:
                sure = "sure" if choice.sure else ""
                self._press(name, leg=leg, number=choice.number, who=choice.name, text=sure)

        self.push_screen(Picker(question_of(self._desk, name), session.people(name), session.region), call)

    def _ask_digits(self, name: str) -> None:
        from warmxfer_tui.screens.keypad import Keypad

        leg = leg_of(self._desk, name)
        who = name_of(self._desk, leg) if leg else ""
        self.push_screen(Keypad(who, lambda digit: self._press(name, leg=leg, text=digit)))

    def _ask_reason(self, name: str) -> None:
        from warmxfer_tui.screens.reason import Reason

        leg = leg_of(self._desk, name)

        def hang_up(reason: str | None) -> None:
            if reason is not None:
                self._press(name, leg=leg, text=reason)
                self._press(name, leg=leg, text=reason)

        self.push_screen(Reason(name_of(self._desk, leg) if leg else ""), hang_up)

    def _ask_to_leave(self) -> None:
        from warmxfer_tui.screens.leaving import Leaving

        def leave(answer: Leave | None) -> None:
            if answer is None or answer is Leave.STAY:
                return
            if answer is Leave.DROP:  # the two presses of the dialog
                self._press("quit", text="drop")
                self._press("quit", text="drop")
            self._press("quit", text=answer.value)
            self.exit()

        if not isinstance(self.screen, Leaving):
            names = [name_of(self._desk, leg.id) for leg in live(self._desk)]
            ways = ways_to_leave(self._desk, guarded=self.session is not None and self.session.guarded)
            self.push_screen(Leaving(names, ways, self._desk.policy.drop), leave)

    def _aim(self, leg: LegId) -> None:
        self._press(AIM.name, leg=leg)

    def _press(
        self,
        verb: str,
        *,
        leg: LegId | None = None,
        number: Number | None = None,
        who: str = "",
        text: str = "",
    ) -> None:
        from warmxfer_tui.core.events import Pressed  # 20 ms, off the first frame

        if self.session is not None:
            leg = leg or leg_of(self._desk, verb)
            call = self._desk.focus if verb != "dial" else None
            self.session.submit(Pressed(0, verb, call, leg, number, who, text))

    def run_to_the_end(self) -> int:
        """Run until closed and return the exit status. Raises `WarmxferError` when it could not begin."""
        if not all(stream is not None and stream.isatty() for stream in (sys.__stdin__, sys.__stderr__)):
            raise NoTerminal("this is no terminal", "start it in one; a demo runs without: --headless")
        self.run()
        if self._failure is None:
            return self.return_code or 0
        raise self._failure
