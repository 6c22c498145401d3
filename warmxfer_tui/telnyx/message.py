"""An HTTP request before it is bytes, and what can come of it. Pure: shared by client and explorer."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar
from urllib.parse import quote

T = TypeVar("T")

JsonObject = dict[str, Any]
"""A decoded JSON object of unknown shape."""


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that is sent as multipart form data."""

    name: str
    content: bytes = field(repr=False)
    content_type: str


@dataclass(frozen=True, slots=True)
class HttpRequest:
    """One request to the API, with decoded ids."""

    method: str
    segments: tuple[str, ...]
    """The path below the base URL. Ids stay as they are: `target` encodes them (telnyx-facts §1.1)."""
    query: Mapping[str, str] = field(default_factory=dict)
    body: JsonObject | None = None
    """The JSON body; the form fields where there is an `upload`."""
    upload: Upload | None = None
    resendable: bool = False
    """Sent again, it does nothing more: a read, or a command that Telnyx knows by its `command_id`."""

    @property
    def path(self) -> str:
        """The path with decoded ids, as in `/calls/v3:abc/actions/answer`."""
        return "/" + "/".join(self.segments)

    @property
    def target(self) -> str:
        """The path as it goes into a URL; an id cannot reach beyond its own segment."""
        return "/" + "/".join(quote(segment, safe="") for segment in self.segments)


@dataclass(frozen=True, slots=True)
class Answer:
    """A complete HTTP reply."""

    status: int
    body: object = None
    """Decoded JSON, of any shape; None where it was not JSON."""
    headers: Mapping[str, str] = field(default_factory=dict)
    """Names in lower case."""
    round_trip: int = 0
    """Milliseconds from sending to receiving."""
    resent: bool = False
    """An earlier try had an unknown outcome and may be what took effect."""


@dataclass(frozen=True, slots=True)
class Silence:
    """No HTTP reply."""

    left: bool
    """The request may have left this machine, and may have taken effect."""
    why: str


Outcome = Answer | Silence


def given(**fields: object) -> JsonObject:
    """Return the fields that are not None; a trailing underscore (`from_`) is not part of the name."""
    return {name.removesuffix("_"): value for name, value in fields.items() if value is not None}


class Endpoints(ABC, Generic[T]):
    """What the groups of endpoints share: each method describes one request and hands it to `_do`.

    The same methods are pure drafts (`requests.DRAFT`) and live calls (`client.TelnyxClient`), so that what
    the core asks for and what people call by hand cannot drift apart.
    """

    @abstractmethod
    def _do(self, request: HttpRequest) -> T:
        """Turn a described request into whatever this kind of caller wants of it."""

    def _get(self, *segments: str, query: Mapping[str, str | int | None] | None = None) -> T:
        wanted = {name: str(value) for name, value in (query or {}).items() if value is not None}
        return self._do(HttpRequest("GET", segments, wanted, resendable=True))

    def _post(self, *segments: str, body: JsonObject, resendable: bool = False) -> T:
        resendable = resendable and "command_id" in body
        return self._do(HttpRequest("POST", segments, body=body, resendable=resendable))

    def _put(self, *segments: str, body: JsonObject) -> T:
        return self._do(HttpRequest("PUT", segments, body=body))
