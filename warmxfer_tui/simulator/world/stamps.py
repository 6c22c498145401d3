"""Microseconds UTC to and from ISO-8601, without a clock or a calendar module.

The civil-date arithmetic counts days from 0000-03-01, so that the leap day ends its year.
"""

from __future__ import annotations

import re
from functools import lru_cache

_ISO = re.compile(r"(\d{4})-(\d\d)-(\d\d)[T ](\d\d):(\d\d):(\d\d)(?:\.(\d{1,6}))?(?:Z|\+00:00)?")
_DAYS_TO_1970 = 719_468
_DAYS_OF_400_YEARS = 146_097


@lru_cache(maxsize=256)
def _to_the_second(seconds: int) -> str:
    days, rest = divmod(seconds, 86_400)
    era, day_of_era = divmod(days + _DAYS_TO_1970, _DAYS_OF_400_YEARS)
    leaps = day_of_era // 1_460 - day_of_era // 36_524 + day_of_era // 146_096
    year_of_era = (day_of_era - leaps) // 365
    day_of_year = day_of_era - (365 * year_of_era + year_of_era // 4 - year_of_era // 100)
    shifted = (5 * day_of_year + 2) // 153
    day = day_of_year - (153 * shifted + 2) // 5 + 1
    month = shifted + 3 if shifted < 10 else shifted - 9
    year = year_of_era + era * 400 + (month <= 2)
    hour, rest = divmod(rest, 3_600)
    minute, second = divmod(rest, 60)
    return f"{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}"


def micro(at: int) -> str:
    """The moment as webhooks write it: microseconds, `Z` (telnyx-facts §1.1)."""
    return f"{_to_the_second(at // 1_000_000)}.{at % 1_000_000:06}Z"


def milli(at: int) -> str:
    """The moment as resources write it: milliseconds, `Z` (telnyx-facts §1.1)."""
    return f"{_to_the_second(at // 1_000_000)}.{at // 1_000 % 1_000:03}Z"


def parse(text: str) -> int | None:
    """The moment that an ISO-8601 UTC text names, in microseconds; None when it is not one."""
    if (found := _ISO.fullmatch(text)) is None:
        return None
    year, month, day, hour, minute, second = (int(part) for part in found.groups()[:6])
    year -= month <= 2
    era, year_of_era = divmod(year, 400)
    day_of_year = (153 * (month - 3 if month > 2 else month + 9) + 2) // 5 + day - 1
    days = era * _DAYS_OF_400_YEARS + year_of_era * 365 + year_of_era // 4 - year_of_era // 100 + day_of_year
    seconds = (days - _DAYS_TO_1970) * 86_400 + hour * 3_600 + minute * 60 + second
    return seconds * 1_000_000 + int((found[7] or "0").ljust(6, "0"))
