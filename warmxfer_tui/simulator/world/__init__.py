"""The pure truth of the simulated carrier: what exists, who really hears whom, and the API's own rules."""

from __future__ import annotations

from .account import Account, Application
from .audio import Hearing, Play, Queue, Sound, Where
from .knobs import Knobs
from .model import Direction, Leg, LegState, Reply, Role, Room, RoomStatus, Seat, Webhook
from .personas import COLLEAGUE, MANUAL, PERSONAS, Persona, Ring
from .state import Timer, TimerKind
from .world import World

__all__ = [
    "COLLEAGUE",
    "MANUAL",
    "PERSONAS",
    "Account",
    "Application",
    "Direction",
    "Hearing",
    "Knobs",
    "Leg",
    "LegState",
    "Persona",
    "Play",
    "Queue",
    "Reply",
    "Ring",
    "Role",
    "Room",
    "RoomStatus",
    "Seat",
    "Sound",
    "Timer",
    "TimerKind",
    "Webhook",
    "Where",
    "World",
]
