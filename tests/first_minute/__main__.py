"""``python -m tests.first_minute [CHECKOUT]``: the README's first command, on a real terminal."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from .newcomer import first_minute


def main() -> int:
    """Prints every screen and key. Returns the exit status."""
    source = Path(sys.argv[1] if len(sys.argv) > 1 else Path(__file__).parents[2]).resolve()
    with tempfile.TemporaryDirectory() as folder:
        try:
            minute = first_minute(source, Path(folder).resolve())
        except AssertionError as disappointment:
            print(f"\nfirst minute: {disappointment}", file=sys.stderr)
            return 1
    print(
        f"\nfirst minute: rang after {minute.ring_s:.1f} s, handed over after {minute.done_s:.1f} s "
        f"with {len(minute.keys)} keys: {' '.join(minute.keys)}"
    )
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
