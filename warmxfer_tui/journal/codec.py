"""Events and requests as lines of JSON, and back: what was written down is read as the very same value.

How each is written is `forms`' to say. Reading is total: whatever stands in a row, it is a value or
`RowUnreadable`.
"""

from __future__ import annotations

from typing import Any, cast

from warmxfer_tui.core import events
from warmxfer_tui.core.commands import Ask
from warmxfer_tui.core.events import Event, Fact
from warmxfer_tui.forms import Form, Forms, Unreadable, dumps, loads
from warmxfer_tui.journal.errors import RowUnreadable

_FACTS = tuple(
    kind
    for kind in vars(events).values()
    if isinstance(kind, type) and issubclass(kind, Fact) and kind is not Fact
)
_FORMS = Forms(families={Fact: _FACTS})


def text_of_event(event: Event) -> str:
    """An event as one line of ASCII."""
    return dumps(_FORMS.of(Event).write(event))


def event_of(text: str) -> Event:
    """The event that `text_of_event` has written. Raises `RowUnreadable`."""
    return cast(Event, _read(_FORMS.of(Event), text))


def text_of_ask(ask: Ask) -> str:
    """A request as one line of ASCII."""
    return dumps(_FORMS.of(Ask).write(ask))


def ask_of(text: str) -> Ask:
    """The request that `text_of_ask` has written. Raises `RowUnreadable`."""
    return cast(Ask, _read(_FORMS.of(Ask), text))


def _read(form: Form, text: str) -> Any:
    try:
        return form.read(loads(text))
    except Unreadable as failure:
        raise RowUnreadable(f"not {failure.wanted}", failure.found) from failure
