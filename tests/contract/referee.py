"""The judgement over one reply or one webhook: by the committed lists and by the official package.

Strict validation alone accepts an empty object, and ``unwrap`` never fails on content; so both are asked
three things more: exactly the listed fields, nothing that the model does not know, the right class.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Final

from pydantic import BaseModel
from telnyx import AsyncTelnyx, Telnyx

from . import fields
from .bench import Answer, Letter
from .shapes import differences
from .tour import ENDPOINTS

UNKNOWN_TO_THE_MODEL: Final[Mapping[tuple[str, str], str]] = {
    ("DefaultFlatPaginationMeta", "page_size"): (
        "§1.3 gives a page four fields, and the package's PaginationMeta (media list) has them all; "
        "its page classes declare only the two by which they turn pages"
    ),
    ("DefaultFlatPaginationMeta", "total_results"): "as page_size",
    ("Payload", "end_time"): "§3.2: real call.hangup webhooks carry it; the spec's schema does not",
    ("*WebhookEvent", "meta"): "§3.1: documented and always sent; not in the spec's voice schemas",
}
"""Fields that the pinned package's model does not know and that are right all the same: model, field, why."""

UNDECODED_REPLIES: Final[Mapping[str, str]] = {
    "GET /connections/{id}/active_calls": (
        "§1.3: the one list with cursors; 4.189.0 reads it with the class of the numbered pages, whose meta "
        "it lacks. The rows are judged one by one"
    ),
}
"""Replies that the pinned package's strict validation refuses although they are as documented."""

CLASSES: Final[Mapping[str, str]] = {
    "call.initiated": "CallInitiatedWebhookEvent",
    "call.answered": "CallAnsweredWebhookEvent",
    "call.bridged": "CallBridgedWebhookEvent",
    "call.hangup": "CallHangupWebhookEvent",
    "call.playback.started": "CallPlaybackStartedWebhookEvent",
    "call.playback.ended": "CallPlaybackEndedWebhookEvent",
    "call.speak.started": "CallSpeakStartedWebhookEvent",
    "call.speak.ended": "CallSpeakEndedWebhookEvent",
    "call.dtmf.received": "CallDtmfReceivedWebhookEvent",
    "conference.created": "ConferenceCreatedWebhookEvent",
    "conference.ended": "ConferenceEndedWebhookEvent",
    "conference.participant.joined": "ConferenceParticipantJoinedWebhookEvent",
    "conference.participant.left": "ConferenceParticipantLeftWebhookEvent",
    "conference.playback.started": "ConferencePlaybackStartedWebhookEvent",
    "conference.playback.ended": "ConferencePlaybackEndedWebhookEvent",
    "conference.speak.started": "ConferenceSpeakStartedWebhookEvent",
    "conference.speak.ended": "ConferenceSpeakEndedWebhookEvent",
    "conference.participant.playback.started": "ConferenceParticipantPlaybackStartedWebhookEvent",
    "conference.participant.playback.ended": "ConferenceParticipantPlaybackEndedWebhookEvent",
    "conference.participant.speak.started": "ConferenceParticipantSpeakStartedWebhookEvent",
    "conference.participant.speak.ended": "ConferenceParticipantSpeakEndedWebhookEvent",
}
"""The class that the package makes of each event. What it does not know becomes a ReplacedLinkClick."""


def judge_reply(endpoint: str, answer: Answer) -> list[str]:
    """Return what is wrong with a reply, in words; nothing when it is as it must be."""
    status, shape = ENDPOINTS[endpoint]
    wrong = differences(answer.body, shape)
    if answer.status != status:
        wrong.append(f"status {answer.status} instead of {status}")
    if isinstance(answer.model, BaseModel):
        wrong += unknown_fields(answer.model)
    elif answer.model is not None and endpoint not in UNDECODED_REPLIES:
        wrong.append(f"the package refuses it: {answer.model!r}")
    return wrong


def judge_letter(client: Telnyx | AsyncTelnyx, letter: Letter) -> list[str]:
    """Return what is wrong with a webhook, in words; nothing when it is as it must be."""
    text = letter.raw.decode("utf-8")
    try:
        event = client.webhooks.unwrap(text, headers=letter.headers)
    except ValueError as error:
        return [f"the package refuses it: {error}"]
    data = json.loads(text).get("data")
    event_type = str(data.get("event_type")) if isinstance(data, dict) else ""
    if event_type not in CLASSES:
        return [f"no event is named {event_type!r}"]
    wrong = differences(letter.body, fields.webhook(event_type))
    if type(event).__name__ != CLASSES[event_type]:
        return [*wrong, f"understood as {type(event).__name__} instead of {CLASSES[event_type]}"]
    payload = event.data.payload if event.data is not None else None  # type: ignore[union-attr]
    if payload is None:
        return [*wrong, "no payload"]
    unset = type(payload).model_fields.keys() - payload.model_fields_set
    wrong += [f"payload.{name}: not set" for name in sorted(unset)]
    return wrong + unknown_fields(event)


def unknown_fields(model: BaseModel) -> list[str]:
    """Return the fields, at every level, that the model was given, does not know, and should know."""
    return [
        f"{name}.{key}: unknown to the model"
        for name, key in extras(model)
        if (name, key) not in UNKNOWN_TO_THE_MODEL
    ]


def extras(value: object) -> Iterator[tuple[str, str]]:
    """Yield the class and the name of every field, at every level, that a model does not know."""
    match value:
        case BaseModel():
            name = type(value).__name__.partition("[")[0]
            for key in value.model_extra or {}:
                yield ("*WebhookEvent" if name.endswith("WebhookEvent") else name), key
            for key in value.model_fields_set & type(value).model_fields.keys():
                yield from extras(getattr(value, key))
        case list():
            for each in value:
                yield from extras(each)
