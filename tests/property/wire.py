"""A pair whose network delays, doubles, swaps and refuses, and which judges itself after every step."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, replace

from tests.pair import CONNECTION, OFFICE, InFlight, Pair
from tests.property.faults import Fault
from tests.property.patience import Clocks, PatientJudge
from warmxfer_tui.core.commands import Ask
from warmxfer_tui.core.events import Configured, Event, Resumed
from warmxfer_tui.core.invariants import broken
from warmxfer_tui.core.model import Desk
from warmxfer_tui.core.policy import RECONCILE
from warmxfer_tui.core.terms import Role
from warmxfer_tui.simulator.world import World
from warmxfer_tui.telnyx.message import Answer, HttpRequest

LONGEST = 400
"""Milliseconds that a request, a reply or a webhook takes at most: the simulator's jitter (knob #23)."""
REST = 120_000
"""Milliseconds within which everything comes to rest: personas hang up after 60 s at most."""
AT_LEAST = 8_000
"""Milliseconds of rest that every story ends with: longer than any repair."""
MANY = 300
"""More deliveries than any burst of requests causes."""
NO_OTHER_WAY = frozenset({"speak", "participants"})
"""Where every prompt is refused, or every read, nothing else would mend a silence, or tell of it."""
ECHOES = 12
"""Webhooks that may still come a second time: the newest ones."""


@dataclass(frozen=True, slots=True)
class Timed(InFlight):
    """Something in flight that knows when it has to land."""

    due: int = 0


@dataclass(frozen=True, slots=True)
class Folded:
    """One step, for the replay."""

    event: Event
    asks: tuple[Ask, ...]


class Violation(AssertionError):
    """An invariant is broken; the message is the whole story."""


class Wire(Pair):
    """A pair over a network with habits, under a fault plan."""

    def __init__(self, desk: Desk, world: World, flight: tuple[InFlight, ...] = ()) -> None:
        super().__init__(desk, world, flight)
        self.story = []
        self.faults: deque[Fault] = deque()
        """The fault plan: the next requests are answered with these."""
        self.barred: dict[str, list[Fault]] = {}
        """The fault plan of one kind of request: the next of its kind are answered with these."""
        self.clocks = Clocks()
        self.judge = PatientJudge(self.clocks)
        self.history: list[Folded] = []
        self.lied_to = False
        """A false refusal was given: the carrier's word is not the truth any more."""
        self.deaf = False
        """No webhook comes through."""
        self.lost: list[str] = []
        """The webhooks that did not."""
        self.news_lost = False
        """Something was said that the console could not hear."""
        self.let_go: set[str] = set()
        """Legs that a party or a command hung up. Which commands may, I3 says at the step that asks."""
        self.customers: set[str] = set()
        self.strangers: set[str] = set()
        self._delivered: deque[InFlight] = deque(maxlen=ECHOES)

    # --- the network -------------------------------------------------------------------------------------

    def linger(self, ms: int) -> None:
        """Let time pass over what is in flight, as long as nothing of it is overdue."""
        end = min([self.now + ms, *(item.due for item in self.flight if isinstance(item, Timed))])
        while (due := self.next_due()) is not None and due <= end:
            self.wait()
        self._pass(max(end - self.now, 0))
        self.land()

    def land(self) -> None:
        """Deliver whatever has been on its way for the longest time there is."""
        while (late := self._overdue()) is not None:
            self.deliver(late)

    def _overdue(self) -> int | None:
        due = (i for i, item in enumerate(self.flight) if isinstance(item, Timed) and item.due <= self.now)
        return next(due, None)

    def echo(self, index: int) -> None:
        """One of the newest webhooks comes once more: the same event id."""
        if self._delivered:
            item = self._delivered[index % len(self._delivered)]
            self.flight = (*self.flight, InFlight(f"{item.what} again", webhook=item.webhook))
            self._gather()

    def deliver(self, index: int = 0) -> None:
        if self.flight[index].webhook is not None:
            self._delivered.append(self.flight[index])
        super().deliver(index)
        self.verdict()

    def quiet(self) -> None:
        for _ in range(MANY):
            if not self.flight:
                return
            self.deliver()
        self.fail([f"the desk never stops asking: {MANY} deliveries"])

    def wait(self) -> bool:
        happened = super().wait()
        self.verdict()
        return happened

    def _gather(self) -> None:
        super()._gather()
        if self.deaf:
            self.lost += [item.what for item in self.flight if item.webhook is not None]
            self.flight = tuple(item for item in self.flight if item.webhook is None)
        if any(not isinstance(item, Timed) for item in self.flight):
            self.flight = tuple(
                item if isinstance(item, Timed) else self._timed(item) for item in self.flight
            )

    def _timed(self, item: InFlight) -> Timed:
        if item.webhook is not None and item.webhook.event_type == "call.hangup":
            data = item.webhook.body["data"]
            assert isinstance(data, dict)
            if data["payload"]["hangup_source"] != "unknown":
                self.let_go.add(item.webhook.leg or "")
        return Timed(item.what, item.ask, item.event, item.webhook, self.now + LONGEST)

    def _pass(self, ms: int) -> None:
        end = self.world.now + ms * 1000
        while (due := self.world.next_due) is not None and due <= end:
            self.world.advance(due - 1)
            self.clocks.mind_mutes(self)
            self.world.advance(due)
        self.world.advance(end)
        self.clocks.mind_mutes(self)
        self._gather()

    # --- the console's own end ---------------------------------------------------------------------------

    def killed(self, ms: int, *, heard: bool, remembered: bool) -> None:
        """The console is killed, and begins again some time later, with its journal or without.

        What was on its way to it is lost, apart from the webhooks of one that is `heard`: those the carrier
        offers again. While nobody is there nobody can mend a silence, so it counts from the beginning.
        """
        self._tell(f"killed, for {ms} ms, {'remembers' if remembered else 'forgets'}")
        kept = tuple(item for item in self.flight if item.ask is not None and item.event is None)
        told = tuple(item for item in self.flight if item.webhook is not None)
        self.flight = ()
        self.news_lost = True
        before, policy, since = self.desk, self.desk.policy, self.desk.now
        for item in kept:  # requests that had left the house
            assert item.ask is not None
            self._talk(item.ask)
        self._pass(ms)
        self._gather()
        self.flight = (*told, *self.flight) if heard else ()
        self.clocks.counts |= dict.fromkeys(map(str, before.calls), self.now)
        if not remembered:
            self.desk, self.history, since = Desk(), [], 0
            self.judge.met &= self.world.legs.keys()  # the desk's own ids begin anew
            policy = replace(policy, session=f"{policy.session}-")
        self._step(Configured(self.now, replace(policy, reconcile=RECONCILE)))
        self._step(Resumed(self.now, since))

    def unplugged(self) -> None:
        """The tunnel falls: no webhook comes any more, nor one that is under way."""
        self._tell("no webhook comes any more")
        self.deaf = self.news_lost = True
        self._gather()

    # --- the fault plan ----------------------------------------------------------------------------------

    def _http(self, request: HttpRequest) -> Answer:
        verb = request.segments[-1]
        other_ways = bool(self.barred.get(verb)) and verb not in NO_OTHER_WAY
        fault, wait = self._fault(verb)
        if not (fault and other_ways):
            self.clocks.asked(self, request, done=fault is None)
        if fault is None:
            return super()._http(request)
        self._tell(f"     !! {request.method} {request.path} is refused: {fault.status} {fault.code}")
        return fault.answer(wait)

    def _fault(self, verb: str) -> tuple[Fault | None, float]:
        if self.now < self.clocks.calm:
            return Fault(429, "10011", "Too many requests", 1), (self.clocks.calm - self.now) / 1000
        if not (plan := self.barred.get(verb) or self.faults):
            return None, 0.0
        fault = plan.pop(0) if isinstance(plan, list) else plan.popleft()
        if fault.calm:
            self.clocks.calm = self.now + fault.calm * 1000
        return fault, float(fault.calm)

    # --- more parties ------------------------------------------------------------------------------------

    def party(self, action: str, ccid: str, digit: str = "1") -> bool:
        done = super().party(action, ccid, digit)
        self.verdict()
        return done

    def stranger_joins(self, room: str) -> None:
        """Somebody whom this desk never called enters a room: another program on the same account."""
        body: dict[str, object] = {"connection_id": CONNECTION, "to": "+12025550119", "from": OFFICE}
        reply = self.world.handle("POST", "/calls", {}, body)
        data = reply.body["data"]
        assert isinstance(data, dict)
        ccid = str(data["call_control_id"])
        self._tell(f"a stranger joins {room[-6:]}")
        self.strangers.add(ccid)
        self.world.party_answers(ccid)
        self.world.handle("POST", f"/conferences/{room}/actions/join", {}, {"call_control_id": ccid})
        self._gather()
        self.verdict()

    # --- the judge ---------------------------------------------------------------------------------------

    def _step(self, event: Event) -> None:
        super()._step(event)
        if self.news_lost:
            self._count_from_the_news()
        self.history.append(Folded(event, self.asked))
        for leg in self.desk.legs.values():
            if leg.role is Role.CUSTOMER and leg.ccid is not None:
                self.customers.add(leg.ccid)
        wrong = broken(self.before, self.desk, self.asked)
        if wrong:
            self.fail(wrong)
        self.verdict()

    def _count_from_the_news(self) -> None:
        """What was said to nobody counts from when a read tells it: who was answered, who has gone (I1)."""
        for call in self.desk.calls.values():
            own = [leg for leg in self.desk.legs.values() if leg.id.startswith(f"{call.id}.") and leg.alive]
            gone = [leg for leg in own if leg.ccid is None or not self.world.legs[leg.ccid].alive]
            if call.id not in self.before.calls or not self.desk.legs[call.customer].up or gone:
                self.clocks.counts[call.id] = self.now

    def verdict(self) -> None:
        """Hold the truth against the invariants."""
        if not self.lied_to and (wrong := self.judge.broken(self)):
            self.fail(wrong)

    def fail(self, wrong: list[str]) -> None:
        """Tell the whole story of a violation."""
        raise Violation("\n".join([*wrong, self.picture(), *(self.story or [])]))
