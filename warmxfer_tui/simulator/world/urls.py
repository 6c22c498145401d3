"""Where a leg's webhooks go when a command says so (telnyx-facts §3.4)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from .errors import Refused
from .events import EVENT_TYPES, OTHER_EVENT_TYPES
from .params import Param, Request, one_of

URL_PARAMS = (
    Param("webhook_url"),
    one_of("webhook_url_method", "POST"),
    Param("webhook_urls", dict),
    one_of("webhook_urls_method", "POST"),
)
"""The method is POST alone: deliveries by GET do not exist here."""


def urls_of(request: Request) -> tuple[str | None, tuple[tuple[str, str], ...]]:
    """The override of a body: for all events, and by event type; raise `Refused` (90057) for a bad key."""
    by_event: dict[str, str] = {}
    given = request.body.get("webhook_urls")
    for event_type, urls in given.items() if isinstance(given, Mapping) else ():
        if event_type not in EVENT_TYPES | OTHER_EVENT_TYPES:
            raise Refused("90057", "webhook_urls")
        first = urls[0] if isinstance(urls, Sequence) and not isinstance(urls, str) and urls else urls
        if not isinstance(first, str):
            raise Refused("10026", "webhook_urls")
        by_event[event_type] = first
    return request.text("webhook_url") or None, tuple(by_event.items())
