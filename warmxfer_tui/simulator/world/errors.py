"""The API's refusals: the code table of telnyx-facts §1.4 and the error envelope of §1.3."""

from __future__ import annotations

from collections.abc import Mapping

from .model import Reply

_HELP = "https://developers.telnyx.com/docs/overview/errors/"

CODES: Mapping[str, tuple[int, str, str]] = {
    "10004": (422, "Missing required parameter", "A required parameter was missing."),
    "10005": (404, "Resource not found", "The requested resource or URL could not be found."),
    "10009": (401, "Authentication failed", "The API key is absent or not valid."),
    "10010": (403, "Unverified origination number", "The from number is not owned by or verified for you."),
    "10011": (422, "Media encryption not supported for PSTN calls", "SRTP and DTLS need a SIP destination."),
    "10015": (422, "Invalid value", "The value of a parameter is not valid here."),
    "10016": (422, "Phone number must be in +E164 format", "The number must be in +E.164 format."),
    "10026": (422, "Invalid parameter type", "The parameter has the wrong type."),
    "10032": (422, "Invalid enumerated value", "The value is not one of those allowed."),
    "10033": (422, "Value out of range", "The value is outside the allowed range."),
    "10038": (422, "Feature not permitted", "The account may not use this feature."),
    "90009": (422, "Invalid loop", 'The loop must be 1 to 100 or "infinity".'),
    "90010": (422, "Invalid payload", "The payload must have 1 to 3000 characters."),
    "90011": (422, "Invalid payload_type", "The payload type must be text or ssml."),
    "90012": (422, "Invalid voice", "The voice is not a known one."),
    "90013": (422, "Invalid language", "The language is not a known one."),
    "90014": (422, "Invalid digits", "The digits must be 0-9, A-D, *, #, w or W."),
    "90015": (422, "Invalid Call Control ID", "The call_control_id provided was not valid."),
    "90016": (422, "Invalid stop", "The value of stop must be current or all."),
    "90017": (422, "Invalid client_state", "The client_state must be base64."),
    "90018": (422, "Call has already ended", "This call is no longer active and can't receive commands."),
    "90019": (422, "Conference has already ended", "This conference is no longer active."),
    "90032": (422, "Maximum number of participants reached", "The conference is full."),
    "90033": (422, "Unable to execute command", "The name is already used by an active conference."),
    "90034": (422, "Call not answered yet", "This call can't receive this command before it is answered."),
    "90040": (400, "Downloading audio file failed", "The audio file could not be fetched in time."),
    "90043": (422, "Channel limit exceeded", "The connection's outbound channel limit is reached."),
    "90044": (422, "Conference join not allowed", "The call is in a conference already."),
    "90057": (422, "Invalid webhook_urls", "A key of webhook_urls is not a webhook event."),
    "90058": (404, "Invalid conference_id", "The conference_id provided was not valid."),
    "90102": (422, "Command is invalid", "The call can't be answered."),
}
"""Code: its HTTP status, title and words. Two statuses of one code are a knob's, or the caller's."""


class Refused(Exception):
    """A command that the API refuses; raised before anything has changed."""

    def __init__(
        self, code: str, field: str = "", *, parameter: str = "", detail: str = "", status: int = 0
    ) -> None:
        """`field` of the body or `parameter` of the query is at fault; status 0 means the code's own."""
        super().__init__(code)
        self.code = code
        self.field = field
        self.parameter = parameter
        self.detail = detail
        self.status = status

    @classmethod
    def as_knob(cls, knob: str, field: str = "") -> Refused:
        """The refusal that a knob's value such as `"422/90015"` names."""
        status, _, code = knob.partition("/")
        return cls(code, field, status=int(status))

    @property
    def reply(self) -> Reply:
        """The error envelope."""
        status, title, words = CODES.get(self.code, (422, "Unable to execute command", ""))
        error: dict[str, object] = {
            "code": self.code,
            "title": title,
            "detail": self.detail or words,
            "meta": {"url": _HELP + self.code},
        }
        if self.field:
            error["source"] = {"pointer": "/" + self.field}
        elif self.parameter:
            error["source"] = {"parameter": self.parameter}
        return Reply(self.status or status, {"errors": [error]})
