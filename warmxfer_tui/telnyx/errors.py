"""What the methods of `TelnyxClient` raise, each with a sentence for the person at the desk::

    WarmxferError
    └── TelnyxError               `problem`, `code`; the title is the sentence
        ├── AuthenticationError   the API key is not accepted
        ├── PermissionDeniedError this account may not do that; says what, in Telnyx's words
        ├── NotFoundError         nothing of that name or id
        ├── GoneError             the leg or room has ended: on cleaning up, a success
        ├── NotAnsweredError      the leg still rings
        ├── AlreadyThereError     the leg is in that room: on a join, a success
        ├── NameTakenError        a room of that name is active
        ├── MediaError            the sound file cannot be had
        ├── RejectedError         a field is wrong; says which, in Telnyx's words
        ├── RateLimitedError      too many requests; `wait` says for how long
        └── UnavailableError      no usable reply; `may_have_happened` where the request may have arrived

What the core asks for (`Carrier.send`) never raises: there each of these is a `Reply`.
"""

from __future__ import annotations

from typing import ClassVar

from warmxfer_tui.core.events import Problem
from warmxfer_tui.errors import WarmxferError
from warmxfer_tui.telnyx.message import Answer, HttpRequest, Outcome, Silence
from warmxfer_tui.telnyx.refusals import place_of, refusal_of, words_of


class TelnyxError(WarmxferError):
    """Telnyx did not do what was asked, or could not be asked."""

    problem: ClassVar[Problem]
    advice: ClassVar[str] = ""

    def __init__(self, sentence: str, code: str = "") -> None:
        # A title has no full stop: its advice follows after a colon.
        super().__init__(sentence.removesuffix("."), self.advice)
        self.code = code
        """Telnyx's error code (telnyx-facts §1.4), or `http <status>`; empty where no reply came."""


class AuthenticationError(TelnyxError):
    """The API key is not accepted."""

    problem = Problem.AUTHENTICATION
    advice = "Compare TELNYX_API_KEY with the portal, under Keys."


class PermissionDeniedError(TelnyxError):
    """This account may not do that."""

    problem = Problem.PERMISSION
    advice = "TELNYX_PHONE_NUMBER must be a number that the account owns or has verified."


class NotFoundError(TelnyxError):
    """Telnyx knows nothing of that name or id."""

    problem = Problem.NOT_FOUND
    advice = "Check the id, and that TELNYX_BASE_URL ends in /v2."


class GoneError(TelnyxError):
    """The leg or room has ended."""

    problem = Problem.GONE


class NotAnsweredError(TelnyxError):
    """The leg still rings."""

    problem = Problem.NOT_ANSWERED


class AlreadyThereError(TelnyxError):
    """The leg is in that room already."""

    problem = Problem.ALREADY


class NameTakenError(TelnyxError):
    """A room of that name is active."""

    problem = Problem.NAME_TAKEN


class MediaError(TelnyxError):
    """The sound file cannot be had."""

    problem = Problem.MEDIA
    advice = "Check HOLD_MEDIA_NAME or HOLD_AUDIO_URL."


class RejectedError(TelnyxError):
    """A field is wrong."""

    problem = Problem.REJECTED


class RateLimitedError(TelnyxError):
    """Too many requests."""

    problem = Problem.RATE_LIMITED

    def __init__(self, sentence: str, code: str = "", wait: int = 0) -> None:
        super().__init__(sentence, code)
        self.wait = wait
        """Milliseconds that Telnyx asks us to wait."""


class UnavailableError(TelnyxError):
    """No usable reply."""

    problem = Problem.UNAVAILABLE
    advice = "Check the network and TELNYX_BASE_URL, then try again."

    def __init__(self, sentence: str, code: str = "", *, may_have_happened: bool = False) -> None:
        super().__init__(sentence, code)
        self.may_have_happened = may_have_happened
        """The request may have reached Telnyx and may have taken effect."""


_CLASSES: dict[Problem, type[TelnyxError]] = {
    cls.problem: cls
    for cls in (
        AuthenticationError,
        PermissionDeniedError,
        NotFoundError,
        GoneError,
        NotAnsweredError,
        AlreadyThereError,
        NameTakenError,
        MediaError,
        RejectedError,
    )
}


def error_of(request: HttpRequest, outcome: Outcome) -> TelnyxError:
    """Return the error that `outcome`, which is not a usable 2xx, means for `request`."""
    match outcome:
        case Silence(left, why):
            return UnavailableError(why, may_have_happened=left)
        case Answer(status=status) if 200 <= status < 300:
            return UnavailableError(
                "Telnyx sent a reply that cannot be understood.", f"http {status}", may_have_happened=True
            )
        case Answer(status=status) if status == 408 or status >= 500:
            sentence = f"Telnyx has trouble: {words_of(outcome)}"
            return UnavailableError(sentence, f"http {status}", may_have_happened=True)
    refusal = refusal_of(place_of(request), outcome)
    if refusal.problem is Problem.RATE_LIMITED:
        return RateLimitedError(refusal.words, refusal.code, refusal.wait)
    return _CLASSES[refusal.problem](refusal.words, refusal.code)
