"""What came of a request, as the core's `Reply`. Pure, total: no shape of reply raises.

- 2xx: `Accepted`, or what was read. A 2xx that lacks what was asked for is `Unclear`: it was done, and we
  cannot tell what.
- 408, 5xx, or no reply: `Unclear`, for it may have taken effect, or may yet (`design.md` §3.3).
- nothing left this machine: `Refused(UNAVAILABLE)`.
- anything else is a definite no, sorted by `refusals`. A no to a *repeated* command says nothing of the
  first copy, so it is `Unclear` too, unless it says that the leg or room is gone.
"""

from __future__ import annotations

from datetime import UTC
from email.utils import parsedate_to_datetime

from warmxfer_tui.core.commands import CreateRoom, Dial, FindRoom, ReadCall, ReadRoom, Request, Survey
from warmxfer_tui.core.events import Accepted, CallStatus, Member, Problem, Refused, Reply, Unclear
from warmxfer_tui.core.terms import Ccid, RoomId
from warmxfer_tui.telnyx.message import Answer, HttpRequest, JsonObject, Outcome, Silence
from warmxfer_tui.telnyx.refusals import place_of, refusal_of, words_of
from warmxfer_tui.text import clean

ID_LIMIT = 512
"""Characters of the longest id that is taken for one; today's have some 57 (telnyx-facts §1.1)."""

_LACKING = "Telnyx accepted the request, but its reply could not be understood."


def reply_of(request: Request, sent: HttpRequest, outcome: Outcome) -> Reply:
    """Return the reply to `request`, which went out as `sent`. Lists are `exchange`'s: see there."""
    answer = good_or_reply(request, sent, outcome)
    return _accepted(request, data_of(answer)) if isinstance(answer, Answer) else answer


def good_or_reply(request: Request, sent: HttpRequest, outcome: Outcome) -> Answer | Refused | Unclear:
    """Return the 2xx, or what the lack of one means."""
    match outcome:
        case Silence(left=False, why=why):
            return Refused(Problem.UNAVAILABLE, "", clean(why))
        case Silence(why=why):
            return Unclear(clean(why))
        case Answer(status=status) if 200 <= status < 300:
            return outcome
        case Answer(status=status) if status == 408 or status >= 500:
            return Unclear(f"Telnyx has trouble: {words_of(outcome)}")
    refusal = refusal_of(place_of(sent), outcome)
    reads = isinstance(request, ReadRoom | FindRoom | ReadCall | Survey)
    if outcome.resent and not reads and refusal.problem is not Problem.GONE:
        return Unclear(f"{refusal.words} An earlier try may have worked.")
    return Refused(refusal.problem, refusal.code, refusal.words, refusal.wait)


def _accepted(request: Request, data: JsonObject) -> Reply:
    match request:
        case Dial():
            ccid = id_of(data.get("call_control_id"))
            return Accepted(ccid=Ccid(ccid)) if ccid else Unclear(_LACKING)
        case CreateRoom():
            room = id_of(data.get("id"))
            return Accepted(room=RoomId(room)) if room else Unclear(_LACKING)
        case ReadCall(ccid):
            alive = data.get("is_alive")
            return CallStatus(ccid, alive) if isinstance(alive, bool) else Unclear(_LACKING)
        case _:
            return Accepted()


def id_of(value: object) -> str:
    """Return an id exactly as it came, or an empty text where it cannot be one."""
    return value if isinstance(value, str) and value == clean(value, ID_LIMIT) else ""


def data_of(answer: Answer) -> JsonObject:
    """Return `data` of a single resource; empty where there is none."""
    data = answer.body.get("data") if isinstance(answer.body, dict) else None
    return data if isinstance(data, dict) else {}


def rows_of(answer: Answer) -> tuple[list[JsonObject], int] | None:
    """Return the rows of one page and how many pages there are; None where it is no page of a list."""
    if not isinstance(answer.body, dict):
        return None
    rows, meta = answer.body.get("data"), answer.body.get("meta")
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        return None
    pages = meta.get("total_pages") if isinstance(meta, dict) else None
    return rows, pages if isinstance(pages, int) else 1


def member_of(row: JsonObject) -> Member | None:
    """Return one row of a participants list; None where it is wrong, for then the list proves nothing."""
    ccid = id_of(row.get("call_control_id"))
    on_hold, muted = row.get("on_hold"), row.get("muted")
    if not ccid or not isinstance(on_hold, bool) or not isinstance(muted, bool):
        return None
    return Member(Ccid(ccid), on_hold, muted)


def is_in(row: JsonObject) -> bool:
    """Return whether a participant is in the room: rows of those who left may stay listed (§6.2 no. 50)."""
    return bool(row.get("status", "joined") == "joined")


def date_of(answer: Answer) -> int | None:
    """Return the carrier's time of an answer in UTC milliseconds, from its `Date`: whole seconds."""
    try:
        date = parsedate_to_datetime(answer.headers.get("date", ""))
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    # "-0000" gives a naive time; HTTP dates are GMT whatever they say.
    return int((date if date.tzinfo else date.replace(tzinfo=UTC)).timestamp() * 1000)


def as_of(answer: Answer) -> int:
    """Return carrier milliseconds that an answer is at least as new as: `Date` minus the round trip.

    Zero where there is no `Date`: such a read overrides no webhook (`design.md` §3.3).
    """
    date = date_of(answer)
    return 0 if date is None else max(date - answer.round_trip, 0)


def spare_of(answer: Answer) -> int | None:
    """Return the percent of the rate limit that an answer leaves us, or None where it does not tell."""
    try:
        limit = int(answer.headers.get("x-ratelimit-limit", ""))
        remaining = int(answer.headers.get("x-ratelimit-remaining", ""))
    except ValueError:
        return None
    return min(max(remaining, 0), limit) * 100 // limit if limit > 0 else None
