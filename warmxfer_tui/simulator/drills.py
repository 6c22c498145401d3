"""What a trainer shows: faults that have a name, each planned by one word (``POST /sim/drills``)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

from warmxfer_tui.simulator.faults import Fault, FaultKind
from warmxfer_tui.simulator.mishaps import Mishap, MishapKind

_HOLD: Final = ("POST", "/conferences/*/actions/hold")
_DIAL: Final = ("POST", "/calls")


@dataclass(frozen=True, slots=True)
class Drill:
    """One thing that can go wrong, as a trainer calls it."""

    name: str
    help: str
    """What happens, in words."""
    faults: tuple[Fault, ...] = ()
    mishaps: tuple[Mishap, ...] = ()

    @property
    def planned(self) -> tuple[Fault | Mishap, ...]:
        """What it plans, by its own name."""
        faults = [replace(fault, name=self.name) for fault in self.faults]
        return (*faults, *(replace(mishap, name=self.name) for mishap in self.mishaps))


DRILLS: Final = (
    Drill(
        "webhooks stop",
        "None leaves until faults are off; each is tried three times, then given up.",
        mishaps=(Mishap(MishapKind.STOP, times=None),),
    ),
    Drill(
        "webhooks late and out of order",
        "Half of them come 1.5 s late, a third of the rest only after a later one.",
        mishaps=(
            Mishap(MishapKind.DELAY, times=None, chance=1 / 2, delay_s=1.5),
            Mishap(MishapKind.REORDER, times=None, chance=1 / 3),
        ),
    ),
    Drill(
        "webhooks come twice",
        "Every one is delivered a second time.",
        mishaps=(Mishap(MishapKind.DUPLICATE, times=None),),
    ),
    Drill(
        "the next webhook is damaged",
        "One bit of it changes after it was signed, at the first attempt.",
        mishaps=(Mishap(MishapKind.CORRUPT, attempts=1),),
    ),
    Drill(
        "the next hold fails though it happens",
        "The API holds the leg, and answers 500.",
        (Fault(FaultKind.DENY, *_HOLD, status=500),),
    ),
    Drill(
        "the next hold is refused",
        "The API answers 422 and holds nobody.",
        (Fault(FaultKind.REFUSE, *_HOLD, status=422),),
    ),
    Drill(
        "the next call comes 3 s late",
        "The API does not reply to the next dial, and places it 3 s later.",
        (Fault(FaultKind.LATE, *_DIAL, delay_s=3.0),),
    ),
    Drill(
        "replies are lost, one in four",
        "The API does what it is asked and the connection breaks before it says so.",
        (Fault(FaultKind.LOSE, times=None, chance=1 / 4),),
    ),
    Drill(
        "the API answers 503 for 10 s",
        "Every request is refused, and nothing happens.",
        (Fault(FaultKind.REFUSE, times=None, for_s=10.0, status=503),),
    ),
    Drill(
        "the API answers 429 for 5 s",
        "Too many requests: each reply asks to wait a second.",
        (Fault(FaultKind.REFUSE, times=None, for_s=5.0, status=429),),
    ),
    Drill(
        "the API is silent for 10 s",
        "No request gets a reply, and none is executed.",
        (Fault(FaultKind.TIME_OUT, times=None, for_s=10.0),),
    ),
)
