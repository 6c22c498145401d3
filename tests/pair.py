"""Belief and truth side by side, with everything between them in view.

A request takes effect in the world the moment it is sent, or, in a *racing* pair, when it is delivered; its
reply and every webhook are then *in flight* and are delivered one by one, in any order a test likes. Time
stands still while anything is in flight, apart from the millisecond that every move takes: the delays of a
network shorter than the shortest timer.
Only pure code runs here: no loop, no socket.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime

from warmxfer_tui.core.commands import Ask
from warmxfer_tui.core.events import (
    Configured,
    ConsoleBack,
    ConsoleLost,
    Event,
    Fact,
    Pressed,
    Replied,
    Reply,
    Ticked,
)
from warmxfer_tui.core.hearing import hears
from warmxfer_tui.core.machine import step
from warmxfer_tui.core.model import Desk
from warmxfer_tui.core.policy import Policy
from warmxfer_tui.core.terms import CallId, Ccid, LegId, Number, State
from warmxfer_tui.simulator.world import MANUAL, Account, Application, Knobs, Persona, Webhook, World
from warmxfer_tui.simulator.world import Reply as HttpReply
from warmxfer_tui.telnyx.exchange import exchange
from warmxfer_tui.telnyx.message import Answer, HttpRequest
from warmxfer_tui.telnyx.wire import fact_of

START = 1_800_000_000_000
LINE, CUSTOMER, MARIA, OFFICE = "+12025550101", "+12025550120", "+12025550118", "+12025550100"
CONNECTION = "1494404757140276705"
HOLD = "wx-hold"
KEY = {"A": LINE, "C": CUSTOMER, "B": MARIA}


@dataclass(frozen=True, slots=True)
class InFlight:
    """A reply or a webhook on its way to the console, or a request (no event) on its way to the world."""

    what: str
    ask: Ask | None = None
    event: object = None
    webhook: Webhook | None = None


def number(text: str) -> Number:
    return Number(text, text)


def policy(**changes: object) -> Policy:
    values: dict[str, object] = {
        "desk": "d",
        "agent_name": "Anna",
        "line": number(LINE),
        "from_number": OFFICE,
        "connection": CONNECTION,
        "hold_media": HOLD,
    }
    return Policy(**{**values, **changes})  # type: ignore[arg-type]


class Pair:
    """A desk, a world, and what is between them."""

    def __init__(self, desk: Desk, world: World, flight: tuple[InFlight, ...] = ()) -> None:
        self.desk = desk
        self.world = world
        self.flight = flight
        self.spare: int | None = None
        """What every reply tells of the carrier's rate limit."""
        self.racing = False
        """Requests that leave together reach the world in any order; else each takes effect when sent."""
        self.rows: tuple[str, ...] = ()
        """Rows that the last move fired."""
        self.before = desk
        """The desk before the last move."""
        self.asked: tuple[Ask, ...] = ()
        """Requests that the last move sent."""
        self.story: list[str] | None = None

    @classmethod
    def open(
        cls, *, knobs: Knobs | None = None, personas: dict[str, Persona] | None = None, **changes: object
    ) -> Pair:
        app = Application(CONNECTION, "warmxfer", "http://127.0.0.1:1/")
        account = Account("KEY", CONNECTION, (OFFICE,), "", (app,))
        manual = {LINE: MANUAL, CUSTOMER: MANUAL, MARIA: MANUAL}
        world = World(
            now=START * 1000, account=account, knobs=knobs or Knobs(), personas={**manual, **(personas or {})}
        )
        world.handle(
            "POST", "/media", {}, {"media_name": HOLD, "content_length": 1_440_000, "ttl_secs": 10**7}
        )
        pair = cls(Desk(), world)
        pair._step(Configured(START, policy(**changes)))
        return pair

    def clone(self) -> Pair:
        twin = Pair(self.desk, self.world.clone(), self.flight)
        twin.racing = self.racing
        return twin

    # --- moves -----------------------------------------------------------------------------------------

    @property
    def now(self) -> int:
        return self.world.now // 1000

    def press(self, verb: str, to: str = "", *, call: str = "", leg: str = "", text: str = "") -> None:
        self._pass(1)
        named = number(to) if to else None
        self._tell(f"key {verb} {to}")
        self._step(
            Pressed(
                self.now, verb, CallId(call) if call else None, LegId(leg) if leg else None, named, "", text
            )
        )

    def console(self, event: type[ConsoleLost] | type[ConsoleBack]) -> None:
        """The console is lost, or one is back."""
        self._pass(1)
        self._tell(event.__name__)
        self._step(event(self.now))

    def ring_in(self, customer: str = CUSTOMER, name: str = "Ms Ortiz") -> str:
        self._pass(1)
        self._tell(f"{name} rings in")
        ccid = self.world.ring_in(customer, name=name, persona=MANUAL)
        self._gather()
        return ccid

    def party(self, action: str, ccid: str, digit: str = "1") -> bool:
        self._pass(1)
        self.rows, self.asked, self.before = (), (), self.desk
        self._tell(f"{self.who(ccid)} {action}")
        match action:
            case "answers":
                done = self.world.party_answers(ccid)
            case "hangs up":
                done = self.world.party_hangs_up(ccid)
            case "declines":
                done = self.world.party_declines(ccid)
            case "busy":
                done = self.world.party_is_busy(ccid)
            case _:
                done = self.world.party_presses(ccid, digit)
        self._gather()
        return done

    def deliver(self, index: int = 0) -> None:
        self._pass(1)
        item = self.flight[index]
        self.flight = self.flight[:index] + self.flight[index + 1 :]
        self._tell(f"  <- {item.what}")
        if item.webhook is not None:
            fact = fact_of(item.webhook.body, self.now)
            assert isinstance(fact, Fact), fact
            self._step(fact)
        else:
            assert item.ask is not None
            if item.event is None:
                self.rows, self.asked, self.before = (), (), self.desk
                self._send(item.ask)
                return
            self._step(Replied(self.now, item.ask.id, item.event, self.spare))  # type: ignore[arg-type]

    def next_due(self) -> int | None:
        """UTC milliseconds of the next thing that time alone brings."""
        world = self.world.next_due
        moments = [m for m in (self.desk.next_due(), None if world is None else -(-world // 1000)) if m]
        return min(moments, default=None)

    def wait(self) -> bool:
        """Let time pass to the next timer of either side; False when there is none."""
        self.rows, self.asked, self.before = (), (), self.desk
        due = self.next_due()
        if due is None:
            return False
        self._pass(max(due - self.now, 0))
        if (self.desk.next_due() or due + 1) <= self.now:
            self._tell("  tick")
            self._step(Ticked(self.now))
        return True

    def quiet(self) -> None:
        """Deliver all that is in flight, oldest first."""
        for _ in range(500):
            if not self.flight:
                return
            self.deliver()
        raise AssertionError("the pair never comes to rest")

    def run(self, until: Callable[[Pair], bool], limit: int = 120_000) -> None:
        """Deliver and let time pass until something holds; fails after `limit` ms of the story."""
        end = self.now + limit
        self.quiet()
        while not until(self):
            assert self.now < end, f"never came true; {self.picture()}"
            assert self.wait(), f"nothing more will happen; {self.picture()}"
            self.quiet()

    def pass_time(self, ms: int) -> None:
        """Let `ms` go by, with everything that happens in them."""
        end = self.now + ms
        self.quiet()
        while (due := self.next_due()) is not None and due <= end:
            self.wait()
            self.quiet()
        self._pass(max(end - self.now, 0))
        self._step(Ticked(self.now))
        self.quiet()

    # --- the two sides ---------------------------------------------------------------------------------

    def _step(self, event: Event) -> None:
        self.before = self.desk
        desk, asks, rows = step(self.desk, event)
        self.desk, self.rows, self.asked = desk, rows, asks
        for row in rows:
            self._tell(f"     row {row}")
        for ask in asks:
            self._tell(f"  -> {type(ask.request).__name__} {ask.leg or ''}")
            if self.racing and len(asks) > 1:
                self.flight += (InFlight(f"request {type(ask.request).__name__} {ask.leg or ''}", ask),)
            else:
                self._send(ask)

    def _send(self, ask: Ask) -> None:
        reply = self._talk(ask)
        self.flight = (
            *self.flight,
            InFlight(f"reply {type(ask.request).__name__} {ask.leg or ''}", ask, reply),
        )
        self._gather()

    def _talk(self, ask: Ask) -> Reply:
        """As many HTTP requests as the ask takes; a new journal repeats no key of an old one (§3.5)."""
        talk = exchange(ask.request, f"{self.desk.policy.session}/{ask.key}")
        request = next(talk)
        while True:
            try:
                request = talk.send(self._http(request))
            except StopIteration as done:
                reply: Reply = done.value
                return reply

    def _http(self, request: HttpRequest) -> Answer:
        reply = self.answer(request)
        date = format_datetime(datetime.fromtimestamp(self.world.now // 1_000_000, UTC), usegmt=True)
        return Answer(reply.status, dict(reply.body), {"date": date}, 1)

    def answer(self, request: HttpRequest) -> HttpReply:
        """What the API answers; faults override it."""
        return self.world.handle(request.method, request.path, request.query, request.body)

    def _gather(self) -> None:
        new = tuple(InFlight(f"webhook {w.event_type}", webhook=w) for w in self.world.take_webhooks())
        self.flight += new

    def _pass(self, ms: int) -> None:
        self.world.advance(self.world.now + ms * 1000)
        self._gather()

    def _tell(self, text: str) -> None:
        if self.story is not None:
            call = next(iter(self.desk.calls.values()), None)
            state = f"{call.state}{'*' if call.origin else ''}" if call else "IDLE"
            self.story.append(f"{self.now - START:>7} {state:<9} {text}")

    # --- questions -------------------------------------------------------------------------------------

    def state(self, call: str = "c1") -> State | None:
        found = self.desk.calls.get(CallId(call))
        return found.state if found else None

    def settled(self, state: State, call: str = "c1") -> bool:
        found = self.desk.calls.get(CallId(call))
        return found is not None and found.state is state and found.origin is None

    def ccid(self, leg: str) -> str:
        ccid = self.desk.legs[LegId(leg)].ccid
        assert ccid is not None
        return ccid

    def who(self, ccid: str) -> str:
        """The console's name of a leg of the world."""
        leg = self.desk.leg_of(Ccid(ccid))
        return str(leg.id) if leg else ccid[-6:]

    def truth(self, leg: str) -> tuple[frozenset[str], frozenset[str]]:
        """Who and what a leg truly hears, by the console's names."""
        heard = self.world.hears(self.ccid(leg))
        return frozenset(map(self.who, heard.people)), frozenset(map(str, heard.sounds))

    def belief(self, leg: str) -> tuple[frozenset[str], str]:
        heard = hears(self.desk, LegId(leg))
        return frozenset(map(str, heard.people)), heard.sound

    def picture(self) -> str:
        calls = {c.id: (c.state.value, c.origin, c.room) for c in self.desk.calls.values()}
        return f"{calls} {self.desk.line} flight={[i.what for i in self.flight]} timers={self.desk.timers}"
