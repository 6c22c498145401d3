"""The one registry of what an agent can do, and with which key: bindings, footer, palette and help read it.

Whether a verb works now, and on which leg, is `actions.allowed`'s to say; nothing else knows what a key does
(behaviour §2).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Verb:
    """Something an agent can do with one key, or by name in the palette."""

    name: str
    key: str
    """Empty where only the palette has it."""
    twin: str
    """An F-key that works while letters are being typed; empty where there is none."""
    title: str
    help: str
    danger: bool = False
    """It ends something for somebody."""
    cancels: bool = False
    """It works while another key is pending, and cancels it (LAW-5)."""


VERBS: tuple[Verb, ...] = (
    Verb("answer", "a", "", "answer", "Answer the oldest ringing call, or dial your own line again."),
    Verb("reject", "r", "", "reject", "Reject the ringing call as busy.", danger=True),
    Verb("confirm", "enter", "", "line is up", "You hear the tone on your phone: this is your line."),
    Verb("dial", "d", "f3", "dial", "Call a customer. Your own line is called first."),
    Verb("hold", "h", "f4", "hold / resume", "Put the customer on hold with music, or take them back."),
    Verb("consult", "c", "f5", "consult", "Hold the customer and call a colleague in private."),
    Verb(
        "aside", "o", "", "consult on the side", "Call a colleague while you go on talking to the customer."
    ),
    Verb("blind", "", "", "blind, cannot be watched", "Hand over unseen: you stay until somebody answers."),
    Verb("swap", "s", "f6", "swap", "Talk to the other one; the first is put on hold."),
    Verb("merge", "m", "f7", "merge", "Bring customer, colleague and you together."),
    Verb("complete", "t", "f8", "transfer", "Hand the customer over and leave."),
    Verb("back", "b", "f9", "back", "End the consult and return to the customer.", cancels=True),
    Verb(
        "drop",
        "x",
        "",
        "drop",
        "Hang up the leg; a customer asks for a second press.",
        danger=True,
        cancels=True,
    ),
    Verb("look", "i", "", "look again", "Ask Telnyx now whether a doubtful call was placed."),
    Verb("again", "z", "", "call again", "Place a doubtful call anew, once Telnyx twice knew of none."),
    Verb("mute", "space", "", "mute", "Mute or unmute your own line."),
    Verb("keypad", "k", "", "keypad", "Send digits to the leg."),
    Verb("focus", "tab", "", "next call", "Show another call in full."),
    Verb("quit", "ctrl+q", "", "quit", "Leave; asks while anybody is on the line.", cancels=True),
)
BY_NAME: Mapping[str, Verb] = {verb.name: verb for verb in VERBS}

CHOOSES_LEG = frozenset({"hold", "drop", "keypad"})
"""Verbs that act on the focused leg, where there is one and it fits (behaviour §3.19)."""

AIM = Verb("aim", "1", "", "focus", "Focus a panel by its number: hold, drop and keypad act on it.")
HELP = Verb("help", "question_mark", "f1", "keys", "What every key does now, and why the others are off.")
PALETTE = Verb("palette", "ctrl+p", "f2", "palette", "Every action by name, also those that have no key.")
PAUSE = Verb("pause", "full_stop", "", "pause", "Pause a demo, or let it go on.")
SCREEN: tuple[Verb, ...] = (AIM, HELP, PALETTE, PAUSE)
"""What the screen does by itself: it changes no call, and works always."""
_SHOWN = {"question_mark": "?", "full_stop": ".", "1": "1-9", "": "palette"}


def shown(verb: Verb) -> str:
    """A key as people read it; a verb without one is reached by the palette."""
    return _SHOWN.get(verb.key, verb.key)


def markdown_table() -> str:
    """Every verb with its keys, for the README."""
    rows = [
        f"| `{shown(v)}` | {f'`{v.twin.upper()}`' if v.twin else ''} | {v.help} |" for v in (*VERBS, *SCREEN)
    ]
    return "\n".join(["| key | or | |", "|---|---|---|", *rows, ""])
