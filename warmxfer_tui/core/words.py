"""What callers are told by voice, and what the agent reads. One place, so that tone and terms agree."""

from __future__ import annotations

from warmxfer_tui.core.model import Ending, Leg
from warmxfer_tui.core.terms import Number, NumberKind, Result

ONE_MOMENT = "One moment, please."
NO_TRANSFER = "Thank you. The call will not be transferred. Goodbye."
NOT_POSSIBLE = "We are sorry, the call cannot be put through at this time. Goodbye."
CUSTOMER_GONE = "The customer has left the call. Thank you. Goodbye."
CUSTOMER_LEFT = "The customer has left the call."
TARGET_LEFT = "Your colleague has left."
CLOSING = "Thank you for calling. Goodbye."
SOMEBODY_CAME = "Somebody has joined the call."
STILL_WAITING = "Thank you for waiting. You will be connected as soon as possible."
UNMUTED = "Your console does not answer. You are no longer muted."
PRESS_A_KEY = "This is your line for customer calls. Press any key."


def please_wait(agent: str) -> str:
    """What an answered target hears while waiting (ASIDE-1)."""
    return f"Please wait, {agent} will be with you."


_CAUSES = {
    "user_busy": Result.BUSY,
    "call_rejected": Result.DECLINED,
    "timeout": Result.NO_ANSWER,
    "no_answer": Result.NO_ANSWER,
    "not_found": Result.WRONG_NUMBER,
    "originator_cancel": Result.CANCELLED,
}


def result_of(ending: Ending | None) -> Result:
    """The outcome of a ring that was not answered, from `hangup_cause` (telnyx-facts §3.2)."""
    if ending is None:
        return Result.UNKNOWN
    if ending.cause in _CAUSES:
        return _CAUSES[ending.cause]
    return Result.NO_ANSWER if ending.sip in ("480", "487") else Result.UNKNOWN


NO_NUMBER = "Nobody was named: choose somebody, or type a number."

CONSOLE_LOST = "The console does not answer: the guardian looks after the calls."


def shown(leg: Leg) -> str:
    """A party as the event strip names it."""
    return leg.name or leg.number.shown or "somebody unknown"


def line_reason(detail: object) -> str:
    """Why the agent's line is not there: the outcome of its dial, or that it was lost."""
    return detail.value if isinstance(detail, Result) else "lost"


def refusal(number: Number | None, sure: bool) -> str:
    """Why a number is not dialled, in words; empty when it is (`design.md` §6)."""
    if number is None:
        return NO_NUMBER
    if number.kind in (NumberKind.PREMIUM, NumberKind.EMERGENCY) and not sure:
        return f"{number.shown} is a {number.kind.value} number: say that you are sure to call it."
    return ""
