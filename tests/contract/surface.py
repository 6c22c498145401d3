"""The surface of the simulator, committed: what each endpoint answers, and how each refusal is numbered."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from . import fields
from .shapes import Shape

ENDPOINTS: Final[Mapping[str, tuple[int, Shape]]] = {
    "GET /call_control_applications": (200, {"data": [fields.APPLICATION], "meta": fields.PAGE}),
    "GET /call_control_applications/{id}": (200, {"data": fields.APPLICATION}),
    "PATCH /call_control_applications/{id}": (200, {"data": fields.APPLICATION}),
    "GET /phone_numbers": (200, {"data": [fields.PHONE_NUMBER], "meta": fields.PAGE}),
    "GET /public_key": (200, {"data": {"public": str}}),
    "POST /media": (200, {"data": fields.MEDIA}),
    "POST /media, a file": (200, {"data": fields.MEDIA}),
    "GET /media": (200, {"data": [fields.MEDIA], "meta": fields.PAGE}),
    "GET /media/{name}": (200, {"data": fields.MEDIA}),
    "POST /calls": (200, {"data": fields.DIALLED}),
    "GET /calls/{id}": (200, {"data": fields.LIVE_CALL}),
    "GET /calls/{id}, ended": (200, {"data": fields.ENDED_CALL}),
    "calls answer": (200, fields.OK),
    "calls reject": (200, fields.OK),
    "calls hangup": (200, fields.OK),
    "calls transfer": (200, fields.OK),
    "calls bridge": (200, fields.OK),
    "calls speak": (200, fields.OK),
    "calls playback_start": (200, fields.OK),
    "calls playback_stop": (200, fields.OK),
    "calls send_dtmf": (200, fields.OK),
    "calls client_state_update": (200, fields.OK),
    "GET /connections/{id}/active_calls": (200, {"data": [fields.ACTIVE_CALL], "meta": fields.CURSORS}),
    "GET /connections/{id}/active_calls, by page": (
        200,
        {"data": [fields.ACTIVE_CALL], "meta": fields.PAGE},
    ),
    "GET /call_events": (200, {"data": [fields.CALL_EVENT], "meta": fields.PAGE}),
    "POST /conferences": (200, {"data": fields.LIVE_CONFERENCE}),
    "GET /conferences": (
        200,
        {"data": [(fields.LIVE_CONFERENCE, fields.ENDED_CONFERENCE)], "meta": fields.PAGE},
    ),
    "GET /conferences/{id}": (200, {"data": fields.LIVE_CONFERENCE}),
    "GET /conferences/{id}, ended": (200, {"data": fields.ENDED_CONFERENCE}),
    "GET participants": (200, {"data": [fields.PARTICIPANT], "meta": fields.PAGE}),
    "GET participants/{id}": (200, {"data": fields.ONE_PARTICIPANT}),
    "PATCH participants/{id}": (200, {"data": fields.ONE_PARTICIPANT}),
    "conferences join": (200, fields.OK),
    "conferences leave": (200, fields.OK),
    "conferences hold": (200, fields.OK),
    "conferences unhold": (200, fields.OK),
    "conferences mute": (200, fields.OK),
    "conferences unmute": (200, fields.OK),
    "conferences speak": (200, fields.OK),
    "conferences play": (200, fields.OK),
    "conferences stop": (200, fields.OK),
    "conferences end": (200, fields.OK),
}
"""Every endpoint with the status and the shape of its success; its second shape has a name of its own."""

REFUSALS: Final[Mapping[str, int]] = {
    "10004": 422,
    "10005": 404,
    "10009": 401,
    "10010": 403,
    "10011": 422,
    "10015": 422,
    "10016": 422,
    "10026": 422,
    "10032": 422,
    "10033": 422,
    "10038": 422,
    "90009": 422,
    "90010": 422,
    "90011": 422,
    "90013": 422,
    "90014": 422,
    "90015": 422,
    "90016": 422,
    "90017": 422,
    "90018": 422,
    "90019": 422,
    "90032": 422,
    "90033": 422,
    "90034": 422,
    "90040": 400,
    "90043": 422,
    "90044": 422,
    "90057": 422,
    "90058": 404,
    "90102": 422,
}
"""The HTTP status of each error code of telnyx-facts §1.4 that the simulator can be brought to say."""

EXCEPTIONS: Final[Mapping[int, str]] = {
    400: "BadRequestError",
    401: "AuthenticationError",
    403: "PermissionDeniedError",
    404: "NotFoundError",
    422: "UnprocessableEntityError",
}
"""What the package raises for a status (telnyx-facts §1.6)."""

LEG_COMMANDS: Final = frozenset(name for name in ENDPOINTS if name.startswith("calls "))
ROOM_COMMANDS: Final = frozenset(name for name in ENDPOINTS if name.startswith("conferences "))
LISTS: Final = frozenset(name for name, (_, shape) in ENDPOINTS.items() if "meta" in shape)
