"""Text that comes from outside, made fit for a terminal and for a log.

A caller's name is never markup, never an escape sequence, never a link (design §3.12). `clean` is called
once, where the wire becomes a fact of ours; what it returns may be stored, compared and shown. Cell widths
are not known here: they need a table that only the screens carry.
"""

from __future__ import annotations

import re
import unicodedata

#: How many characters of an outside text are kept unless the caller says otherwise: a name with room to
#: spare.
DEFAULT_LIMIT = 120
#: How many marks may stand on one letter. Living scripts need up to four; a longer pile only smears other
#: rows.
MARK_RUN = 4

_ELLIPSIS = "…"
_MASK = "•"
# Holds family and profession emoji together: the one format character that stays.
_ZERO_WIDTH_JOINER = "\u200d"
_DROPPED = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
_MARKS = frozenset({"Mn", "Me"})
_BREAKS = frozenset("\t\n\v\f\r\x85\u2028\u2029")
# This many characters for one that is shown are more than any script needs. What hides behind more discarded
# ones is not looked at: a hostile megabyte costs no more than a name.
_LONGEST_SEQUENCE = 2 * (MARK_RUN + 1)

_E164 = r"\+\d(?:[ ().-]{0,2}\d){5,16}"
_NATIONAL = r"\(?\d{2,5}\)?[ .-]{1,2}\d{3,4}(?:[ .-]?\d{2,4}){1,2}"
_BARE = r"\d{7,15}"
_QUOTED = r"(?<=%2[Bb])\d{7,15}"  # as it stands in a URL
_PHONE = re.compile(rf"(?<![\w@]){_E164}|{_QUOTED}|(?<![\w.@-])(?:{_NATIONAL}|{_BARE})(?![\w-])")
_SIP = re.compile(r"(?i)(?<![\w])(sips?:)([^\s@:;<>\"]+)(?=[@:])")


def clean(value: str, limit: int = DEFAULT_LIMIT) -> str:
    """Return ``value`` as one line of at most ``limit`` characters that no terminal can take for a command.

    Composed (NFC); line breaks and tabs become spaces, runs of space become one; control, format, surrogate,
    private and unassigned characters are dropped, except the zero-width joiner; at most `MARK_RUN` marks
    stand on one character. Longer text ends in an ellipsis. Cleaning twice changes nothing (style §3f).
    """
    if value.isascii() and value.isprintable():
        kept = value
    else:
        window = value[: limit * _LONGEST_SEQUENCE]
        kept = _without_piles(unicodedata.normalize("NFC", _without_commands(window)))
    line = " ".join(kept.split())
    return line if len(line) <= limit else line[: limit - 1].rstrip() + _ELLIPSIS


def _without_commands(value: str) -> str:
    """Breaks become spaces; what could steer a terminal or reorder its text goes."""
    return "".join(
        " " if char in _BREAKS else char
        for char in value
        if char in _BREAKS or char == _ZERO_WIDTH_JOINER or unicodedata.category(char) not in _DROPPED
    )


def _without_piles(value: str) -> str:
    """Cap the marks on each character; those with nothing to stand on go."""
    kept: list[str] = []
    run = MARK_RUN
    for char in value:
        run = run + 1 if char == _ZERO_WIDTH_JOINER or unicodedata.category(char) in _MARKS else 0
        if run <= MARK_RUN:
            kept.append(char)
    return "".join(kept)


def mask_number(number: str) -> str:
    """Return ``number`` with all but its last three digits hidden, and the user part of a SIP URI hidden.

    Length and punctuation stay, so that two masked numbers in a log can still be told apart by eye.
    """
    if _SIP.match(number):
        return _SIP.sub(lambda found: f"{found[1]}{_MASK * 3}", number)
    left = max(sum(char.isdigit() for char in number) - 3, 0)
    shown: list[str] = []
    for char in number:
        hide = char.isdigit() and left > 0
        left -= hide
        shown.append(_MASK if hide else char)
    return "".join(shown)


def mask_numbers(text: str) -> str:
    """Return ``text`` with every phone number and SIP user that stands in it masked by `mask_number`."""
    return _PHONE.sub(lambda found: mask_number(found[0]), _SIP.sub(rf"\g<1>{_MASK * 3}", text))
