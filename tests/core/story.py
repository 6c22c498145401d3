"""A pair of belief and truth that tests of rows can put faults into, and ask questions.

Parties go by the letters of the behaviour table: C, A and B of the first call; everybody else by the
console's own id, `c2.C`.
"""

from __future__ import annotations

from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass, replace
from typing import Any

from tests.pair import CUSTOMER, MARIA, InFlight, Pair
from warmxfer_tui.core.commands import Ask, LegSpeak, RoomSpeak
from warmxfer_tui.core.events import ConsoleBack, ConsoleLost, Event
from warmxfer_tui.core.model import Call, Desk, Leg
from warmxfer_tui.core.terms import CallId, LegId, LineState, Role, State
from warmxfer_tui.simulator.world import World
from warmxfer_tui.telnyx.message import Answer, HttpRequest, Silence

FOR_EVER = 10_000
"""More times than any test asks."""

LATEST: list[Story] = []
"""The story of the test that runs: its moves are printed when it fails."""


@dataclass(slots=True)
class Fault:
    """What goes wrong with the next requests of one kind."""

    verb: str
    leg: str = ""
    times: int = 1
    status: int = 0
    """0: no reply comes."""
    code: str = ""
    works: bool = False
    """It takes effect although no reply says so."""
    left: bool = True
    """Without a reply: whether the request left this machine."""
    headers: tuple[tuple[str, str], ...] = ()


class Story(Pair):
    """A pair that can be told what fails, and remembers what was asked, what fired and what C heard."""

    def __init__(self, desk: Desk, world: World, flight: tuple[InFlight, ...] = ()) -> None:
        self.faults: list[Fault] = []
        self.sent: list[Ask] = []
        self.http: list[HttpRequest] = []
        self.fired: list[str] = []
        self.ear: list[tuple[int, str]] = []
        """Each change of what C of the first call truly hears, and when."""
        self.keeping: tuple[str, ...] = ()
        self.late: tuple[InFlight, ...] = ()
        """What the network keeps back."""
        super().__init__(desk, world, flight)
        self.story = []
        LATEST[:] = [self]

    def fault(self, verb: str, leg: str = "", **how: Any) -> None:
        """Let the next request of a kind fail; `leg` narrows it to one party."""
        self.faults.append(Fault(verb, leg, **how))

    def flat(self, verb: str, leg: str = "", *, times: int = FOR_EVER) -> None:
        """A definite no to such requests, without a known reason."""
        self.fault(verb, leg, times=times, status=422, code="10015")

    def mend(self) -> None:
        """From now on nothing fails."""
        self.faults.clear()

    def fresh(self) -> Story:
        """Forget what was asked and fired until now; the test's own part begins here."""
        self.sent.clear()
        self.fired.clear()
        self.ear[:] = self.ear[-1:]
        return self

    # --- the network -----------------------------------------------------------------------------------

    def _http(self, request: HttpRequest) -> Answer | Silence:  # type: ignore[override]
        self.http.append(request)
        fault = next((f for f in self.faults if f.times and self._fits(f, request)), None)
        if fault is None:
            return super()._http(request)
        fault.times -= 1
        if fault.works:
            super()._http(request)
        if not fault.status:
            return Silence(fault.left, "Telnyx did not answer in time.")
        error = {"code": fault.code, "title": "Refused", "detail": "by the test"}
        return Answer(fault.status, {"errors": [error]}, dict(fault.headers), 1)

    def _fits(self, fault: Fault, request: HttpRequest) -> bool:
        return fault.verb == verb_of(request) and fault.leg in ("", *self._legs_of(request))

    def _legs_of(self, request: HttpRequest) -> Iterator[str]:
        body = request.body or {}
        yield from request.segments[1:2]
        ccids = [*body.get("call_control_ids", ()), body.get("call_control_id", ""), *request.segments[1:2]]
        yield from (self.letter(self.who(ccid)) for ccid in ccids)
        yield {CUSTOMER: "C", MARIA: "B"}.get(str(body.get("to")), "A")

    def quiet(self) -> None:
        """Deliver all that is in flight and not kept back."""
        for _ in range(500):
            late = [item for item in self.flight if item.what.startswith(self.keeping or "-")]
            self.late += tuple(late)
            self.flight = tuple(item for item in self.flight if item not in late)
            if not self.flight:
                return
            self.deliver()
        raise AssertionError("the pair never comes to rest")

    def keep(self, *what: str) -> None:
        """From now on the network keeps back what begins so: `webhook call.answered`, `reply Hold c1.C`."""
        self.keeping = what

    def let_go(self) -> None:
        """What was kept back is on its way again."""
        self.keeping = ()
        self.flight, self.late = (*self.late, *self.flight), ()
        self.quiet()

    def lose(self) -> None:
        """What was kept back never arrives."""
        self.keeping, self.late = (), ()

    # --- memory ----------------------------------------------------------------------------------------

    def _step(self, event: Event) -> None:
        super()._step(event)
        self.fired += self.rows
        self._listen()

    def _pass(self, ms: int) -> None:
        super()._pass(ms)
        self._listen()

    def _send(self, ask: Ask) -> None:
        self.sent.append(ask)
        super()._send(ask)

    def _listen(self) -> None:
        leg = self.desk.legs.get(LegId("c1.C"))
        if leg is None or leg.ccid is None or not self.world.legs[leg.ccid].answered:
            return
        now = self.truly("C")
        if not self.ear or self.ear[-1][1] != now:
            self.ear.append((self.now, now))

    # --- questions -------------------------------------------------------------------------------------

    @property
    def line(self) -> LineState:
        return self.desk.line.state

    @property
    def call(self) -> Call:
        return self.desk.calls[CallId("c1")]

    def leg(self, party: str) -> Leg:
        """A party by its letter or id; B is the latest."""
        match party:
            case "C":
                return self.desk.legs[LegId("c1.C")]
            case "A":
                assert self.desk.line.leg is not None, "the agent's line is down"
                return self.desk.legs[self.desk.line.leg]
            case "B":
                return self.desk.legs[max(i for i in self.desk.legs if i.startswith("c1.B"))]
            case _:
                return self.desk.legs[LegId(party)]

    def letter(self, name: str) -> str:
        """The letter of a leg of the first call or of the agent's, else its name."""
        leg = self.desk.legs.get(LegId(name))
        if leg is None or leg.role is Role.STRANGER:
            return name
        return leg.role.value if leg.role is Role.AGENT or name.startswith("c1.") else name

    def ccid(self, leg: str) -> str:
        ccid = self.leg(leg).ccid
        assert ccid is not None, f"{leg} has no id yet"
        return ccid

    def alive(self, party: str) -> bool:
        """Whether a party's phone is truly still connected, or ringing."""
        return self.world.legs[self.ccid(party)].alive

    def truly(self, party: str) -> str:
        """What a party truly hears, in words: `A`, `A+B`, `hold`, `nothing`."""
        heard = self.world.hears(self.ccid(party))
        names = [*sorted(self.letter(self.who(c)) for c in heard.people), *sorted(map(str, heard.sounds))]
        return "+".join(names) or "nothing"

    def hears(self, party: str) -> str:
        """What a party truly hears; fails where the desk believes otherwise."""
        people, sounds = self.truth(str(self.leg(party).id))
        believed, sound = self.belief(str(self.leg(party).id))
        assert believed == people, f"{party} truly hears {self.truly(party)}, believed {sorted(believed)}"
        if sounds or sound:
            assert sound.partition(" ")[0] in sounds, f"{party} truly hears {sounds}, believed {sound!r}"
        return self.truly(party)

    def c_heard(self) -> list[str]:
        """Everything C has truly heard since `fresh`, in order; silences under a second are left out."""
        ends = [at for at, _ in self.ear[1:]] + [self.now]
        spans = [
            h for (at, h), end in zip(self.ear, ends, strict=True) if h != "nothing" or end - at >= 1_000
        ]
        return [heard for i, heard in enumerate(spans) if i == 0 or spans[i - 1] != heard]

    def c_ever_heard(self, party: str) -> bool:
        """Whether C has heard somebody since `fresh`, for however short a time."""
        return any(party in heard.split("+") for _, heard in self.ear)

    def longest_silence(self) -> int:
        """Milliseconds of the longest unbroken silence that C has been in since `fresh`."""
        ends = [at for at, _ in self.ear[1:]] + [self.now]
        spans = zip(self.ear, ends, strict=True)
        return max((end - at for (at, heard), end in spans if heard == "nothing"), default=0)

    def asked_for(self, verb: str, party: str = "") -> list[Ask]:
        """Requests of a kind sent since `fresh`, to one party where it is named."""
        leg = self.leg(party).id if party and self._known(party) else party
        return [a for a in self.sent if type(a.request).__name__ == verb and (not party or a.leg == leg)]

    def _known(self, party: str) -> bool:
        return party in "CAB" and (party != "A" or self.desk.line.leg is not None)

    def requests(self) -> list[str]:
        """Every request since `fresh` but the reads, as `Hold C`."""
        return [
            f"{type(ask.request).__name__} {self.letter(str(ask.leg))}"
            for ask in self.sent
            if not type(ask.request).__name__.startswith(("Read", "Find"))
        ]

    def said(self, party: str) -> list[str]:
        """Sentences that were asked to be spoken to a party since `fresh`."""
        asks = self.asked_for("RoomSpeak", party) + self.asked_for("LegSpeak", party)
        asks.sort(key=lambda ask: ask.id)
        return [ask.request.text for ask in asks if isinstance(ask.request, RoomSpeak | LegSpeak)]

    def told(self, words: str) -> bool:
        """Whether the event strip says so."""
        return any(words in notice.text for notice in self.desk.notices)

    # --- moves -----------------------------------------------------------------------------------------

    def key(self, verb: str, to: str = "", **how: str) -> None:
        """Press a key and let everything that follows at once arrive."""
        self.press(verb, to, **how)
        self.quiet()

    def lose_console(self) -> None:
        """The console is lost, and what follows at once from that arrives."""
        self.console(ConsoleLost)
        self.quiet()

    def console_returns(self) -> None:
        """Somebody is at the keys again."""
        self.console(ConsoleBack)
        self.quiet()

    def does(self, party: str, action: str, digit: str = "1") -> None:
        """Somebody does something on their phone, and the news of it arrives."""
        assert self.party(action, self.ccid(party), digit), f"{party} cannot do that: {action}"
        self.quiet()

    def breaks(self, party: str) -> None:
        """A party's line fails in the network: nobody hung up."""
        assert self.party("hangs up", self.ccid(party)), f"{party} is not on the line"
        self.flight = tuple(_broken(item) for item in self.flight)
        self.quiet()

    def until(self, state: State, call: str = "c1", limit: int = 120_000) -> Story:
        """Go on until a call has settled in a state."""
        self.run(lambda pair: pair.settled(state, call), limit)
        return self

    def line_comes_up(self) -> None:
        """A picks up the ringing phone and presses a digit."""
        self.run(lambda pair: self.desk.line.leg is not None and self.leg("A").ccid is not None, 30_000)
        self.does("A", "answers")
        assert self.desk.line.state is LineState.PROVING
        self.does("A", "presses")


def _broken(item: InFlight) -> InFlight:
    """A hang-up whose cause is a failure of the network (telnyx-facts §3.2)."""
    hook = item.webhook
    if hook is None or hook.event_type != "call.hangup":
        return item
    body: dict[str, Any] = deepcopy(dict(hook.body))
    body["data"]["payload"] |= {"hangup_cause": "unspecified", "sip_hangup_cause": "500"}
    return replace(item, webhook=replace(hook, body=body))


def verb_of(request: HttpRequest) -> str:
    """The last word of a path; `dial`, `create` and `find` where it has none of its own."""
    match request.method, request.segments:
        case "POST", ("calls",):
            return "dial"
        case "POST", ("conferences",):
            return "create"
        case "GET", ("conferences",):
            return "find"
        case _:
            return request.segments[-1]
