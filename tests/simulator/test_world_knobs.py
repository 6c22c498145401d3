"""No knob of the world goes untested at any of its alternatives (telnyx-facts §6.2)."""

from __future__ import annotations

from dataclasses import fields
from typing import Literal, get_args, get_origin, get_type_hints

from warmxfer_tui.simulator.world import Knobs

from . import test_world_knobs_hold, test_world_knobs_legs, test_world_knobs_rooms
from .turning import covered

TURNED_BY = (test_world_knobs_hold, test_world_knobs_legs, test_world_knobs_rooms)
"""Importing these fills `covered`, whichever tests are selected."""

SHELL = {
    "delivery_order",
    "initiated",
    "retry_schedule",
    "webhook_redirect",
    "retry_timestamp",
    "rate_limit",
    "no_authorization",
}
"""Turned by the HTTP and delivery shells, and tested with them."""


def test_every_knob_is_tested_at_every_alternative() -> None:
    hints = get_type_hints(Knobs)
    for knob in fields(Knobs):
        if knob.name in SHELL:
            continue
        hint = hints[knob.name]
        offered: set[object] = set()
        if get_origin(hint) is Literal:
            offered = set(get_args(hint))
        elif hint is bool:
            offered = {True, False}
        assert covered[knob.name] >= offered, knob.name
        assert len(covered[knob.name]) > 1 or len(offered) == 1, knob.name


def test_every_default_is_among_its_alternatives() -> None:
    hints = get_type_hints(Knobs)
    for knob in fields(Knobs):
        if get_origin(hints[knob.name]) is Literal:
            assert knob.default in get_args(hints[knob.name])
