"""The fault plan on the control surface: what is planned, listed and switched off over HTTP.

::

    POST   /sim/faults   {"kind", ...}   plan one for requests. kind: refuse, deny, drop, lose, delay,
                                         time_out or late; "method", "path", "status", "code", "title",
                                         "delay_ms", "reset_s" (of a 429)
    POST   /sim/mishaps  {"kind", ...}   plan one for webhooks. kind: drop, delay, duplicate, reorder, corrupt
                                         or stop; "event_type", "call_control_id", "delay_ms", "attempts"
    GET    /sim/drills                   those that have a name, and what each does
    POST   /sim/drills   {"name"}        plan one of them
    GET    /sim/faults                   all that is planned, for requests and for webhooks
    DELETE /sim/faults                   switch all of it off
    DELETE /sim/faults/{id}              switch one off, of either list

Both plans take ``skip``, ``times`` (a number or ``"always"``), ``chance``, ``seed``, ``for_ms`` and ``name``:
the fields of `Planned`, with milliseconds for seconds. ``times`` is 1 by default, and ``"always"`` for what
stops, ends by itself, or is left to chance. What the kinds mean stands in `FaultKind` and `MishapKind`. What
is wrong with a body is said in a 422, and nothing is planned.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields as fields_of
from typing import TYPE_CHECKING, Any, Final

from warmxfer_tui.simulator import fields
from warmxfer_tui.simulator.api import Refused
from warmxfer_tui.simulator.drills import DRILLS
from warmxfer_tui.simulator.faults import Fault, FaultKind
from warmxfer_tui.simulator.fields import Body
from warmxfer_tui.simulator.mishaps import DELAY_S, Mishap, MishapKind
from warmxfer_tui.simulator.plan import Entry, Planned

if TYPE_CHECKING:
    from warmxfer_tui.simulator.service import Simulator

_WHEN: Final = ("kind", "skip", "times", "chance", "seed", "for_ms", "name")
_FAULT: Final = (*_WHEN, "method", "path", "status", "code", "title", "delay_ms", "reset_s")
_MISHAP: Final = (*_WHEN, "event_type", "call_control_id", "delay_ms", "attempts")
_METHODS: Final = {name: name for name in ("*", "GET", "POST", "PATCH", "PUT", "DELETE")}
_FAULTS: Final = {str(kind): kind for kind in FaultKind}
_MISHAPS: Final = {str(kind): kind for kind in MishapKind}
_DRILLS: Final = {drill.name: drill for drill in DRILLS}


class Planning:
    """Answers what the control surface is asked about the plan."""

    def __init__(self, simulator: Simulator) -> None:
        self._faults = simulator.faults
        self._mishaps = simulator.mishaps

    def plan_fault(self, body: Body) -> object:
        """Plan what happens to requests."""
        return {"id": self._faults.add(fault_of(body)), "planned": len(self._faults.entries)}

    def plan_mishap(self, body: Body) -> object:
        """Plan what happens to webhooks."""
        return {"id": self._mishaps.add(mishap_of(body)), "planned": len(self._mishaps.entries)}

    def plan_drill(self, body: Body) -> object:
        """Plan all that a name stands for."""
        fields.only(body, ("name",))
        drill = fields.choice(body, "name", _DRILLS)
        ids = []
        for each in drill.planned:
            ids.append(self._faults.add(each) if isinstance(each, Fault) else self._mishaps.add(each))
        return {"ids": ids}

    def drills(self, _body: Body) -> object:
        """List the names."""
        return [{"name": drill.name, "help": drill.help} for drill in DRILLS]

    def planned(self, _body: Body) -> object:
        """List what is planned."""
        return {
            "requests": [_listed(entry) for entry in self._faults.entries],
            "webhooks": [_listed(entry) for entry in self._mishaps.entries],
        }

    def switch_off(self, which: str) -> object:
        """Switch one off by its number, or everything where there is none. Raises `Refused` for another."""
        if not which:
            return {"switched_off": self._faults.clear() + self._mishaps.clear()}
        known = which.isascii() and which.isdecimal() and len(which) < 10
        if not known or not (self._faults.remove(int(which)) or self._mishaps.remove(int(which))):
            raise Refused(404, "10005", "Resource not found", "Nothing of that number is planned.")
        return {"switched_off": 1}

    def words(self) -> list[str]:
        """What is planned, in words, each once."""
        entries: tuple[Entry[Any], ...] = (*self._faults.entries, *self._mishaps.entries)
        return list(dict.fromkeys(entry.planned.words for entry in entries))


def fault_of(body: Body) -> Fault:
    """Return the fault that a body asks for; raise `Refused` for what it cannot be."""
    fields.only(body, _FAULT)
    kind = fields.choice(body, "kind", _FAULTS)
    plain = Fault(kind)
    return Fault(
        kind,
        method=fields.choice({"method": "*", **body}, "method", _METHODS),
        path=fields.text(body, "path", plain.path),
        status=fields.number(body, "status", plain.status, 400, 599),
        code=fields.text(body, "code", plain.code),
        title=fields.text(body, "title", plain.title),
        delay_s=fields.number(body, "delay_ms", round(plain.delay_s * 1000)) / 1000,
        reset_s=fields.number(body, "reset_s", plain.reset_s),
        **_when(body),
    )


def mishap_of(body: Body) -> Mishap:
    """Return the mishap that a body asks for; raise `Refused` for what it cannot be."""
    fields.only(body, _MISHAP)
    kind = fields.choice(body, "kind", _MISHAPS)
    return Mishap(
        kind,
        event_type=fields.text(body, "event_type", "*"),
        leg=fields.text(body, "call_control_id", "") or None,
        delay_s=fields.number(body, "delay_ms", round(DELAY_S * 1000)) / 1000,
        attempts=fields.optional(body, "attempts", 1),
        **_when(body, always=kind is MishapKind.STOP),
    )


def _when(body: Body, *, always: bool = False) -> Mapping[str, Any]:
    always = always or "chance" in body or body.get("for_ms") is not None
    for_ms = fields.optional(body, "for_ms", 1)
    times = body.get("times", "always" if always else 1)
    return {
        "skip": fields.number(body, "skip", 0),
        "times": None if times == "always" else fields.number({"times": times}, "times", None, 1),
        "chance": fields.share(body, "chance"),
        "seed": fields.optional(body, "seed", 0),
        "for_s": None if for_ms is None else for_ms / 1000,
        "name": fields.text(body, "name", ""),
    }


def _listed(entry: Entry[Any]) -> object:
    """One entry with the fields that are not at their default, and how far it is."""
    planned: Planned = entry.planned
    told: dict[str, object] = {"id": entry.id, "hits": entry.hits, "words": planned.words}
    told |= {"skip": entry.skip, "times": "always" if entry.left is None else entry.left}
    if entry.until_us is not None:
        told["until_us"] = entry.until_us
    for field in fields_of(planned):
        value = getattr(planned, field.name)
        if field.name in ("skip", "times", "for_s", "delay_s") or value in (None, "", field.default):
            continue
        told["call_control_id" if field.name == "leg" else field.name] = value
    if getattr(planned, "kind", "") in ("delay", "late"):
        told["delay_ms"] = round(getattr(planned, "delay_s", 0) * 1000)
    return told
