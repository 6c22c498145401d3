"""The judgement over one reply or one webhook: by the committed lists and by the official package.

Strict validation alone accepts an empty object, and ``unwrap`` never fails on content; so both are asked
three things more: exactly the listed fields, nothing that the model does not know, the right class. A list
must also add up, and a refusal bear the listed code and status and become the listed exception.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any, Final

from pydantic import BaseModel
from telnyx import AsyncTelnyx, Telnyx

from ..receiver import Received
from . import fields, payloads
from .bench import Answer
from .shapes import differences
from .surface import ENDPOINTS, EXCEPTIONS, REFUSALS

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


def judge_reply(answer: Answer) -> list[str]:
    """Return what is wrong with a reply, in words; nothing when it is as it must be."""
    if answer.refusal:
        return _judge_refusal(answer)
    status, shape = ENDPOINTS[answer.endpoint]
    wrong = differences(answer.body, shape)
    if not wrong and "meta" in shape:
        wrong = page_flaws(answer.body)
    if answer.status != status:
        wrong.append(f"status {answer.status} instead of {status}")
    if isinstance(answer.model, BaseModel):
        wrong += unknown_fields(answer.model)
    elif answer.model is not None and answer.endpoint not in UNDECODED_REPLIES:
        wrong.append(f"the package refuses it: {type(answer.model).__name__}")
    return wrong


def _judge_refusal(answer: Answer) -> list[str]:
    status = REFUSALS[answer.refusal]
    if answer.status < 400:
        return [f"not refused with {answer.refusal}"]
    wrong = differences(answer.body, fields.ERROR)
    if wrong:
        return wrong
    codes = [error["code"] for error in answer.body["errors"]]
    if codes != [answer.refusal]:
        wrong.append(f"refused with {', '.join(codes)} instead of {answer.refusal}")
    if answer.status != status:
        wrong.append(f"status {answer.status} instead of {status}")
    raised = type(answer.model).__name__
    if raised != EXCEPTIONS[status]:
        wrong.append(f"the package raises {raised} instead of {EXCEPTIONS[status]}")
    return wrong


def page_flaws(body: Any) -> list[str]:
    """Return how the rows of a page and its `meta` contradict each other (telnyx-facts §1.3)."""
    rows, meta = body["data"], body["meta"]
    if "cursors" in meta:
        return _cursor_flaws(rows, meta)
    number, size, total = meta["page_number"], meta["page_size"], meta["total_results"]
    pages = -(-total // size)
    due = min(size, max(total - (number - 1) * size, 0))
    wrong = [] if meta["total_pages"] == pages else [f"total_pages {meta['total_pages']} instead of {pages}"]
    return wrong if len(rows) == due else [*wrong, f"{len(rows)} rows instead of {due}"]


def _cursor_flaws(rows: list[Any], meta: Mapping[str, Any]) -> list[str]:
    wrong = []
    if len(rows) > meta["total_items"]:
        wrong.append(f"{len(rows)} rows of {meta['total_items']}")
    for link, cursor in (("next", "after"), ("previous", "before")):
        place = meta["cursors"][cursor]
        if (place is None) != (meta[link] is None) or (place and f"page[{cursor}]={place}" not in meta[link]):
            wrong.append(f"{link} does not lead to {cursor}")
    return wrong


def judge_webhook(client: Telnyx | AsyncTelnyx, webhook: Received) -> list[str]:
    """Return what is wrong with a webhook, in words; nothing when it is as it must be."""
    text = webhook.raw.decode("utf-8")
    try:
        event = client.webhooks.unwrap(text, headers=webhook.headers, key=client.public_key)
    except ValueError as error:
        return [f"the package refuses it: {error}"]
    data = json.loads(text).get("data")
    event_type = str(data.get("event_type")) if isinstance(data, dict) else ""
    if event_type not in CLASSES:
        return [f"no event is named {event_type!r}"]
    wrong = differences(webhook.body, payloads.webhook(event_type))
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
