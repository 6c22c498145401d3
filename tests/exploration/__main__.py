"""`python -m tests.exploration --keys K --mishaps M`: exhaust a scope and say what was seen.

Status 0 only if the frontier is empty and nothing was broken; a violation comes as the shortest story.
"""

from __future__ import annotations

import argparse
import gc
import sys

from tests.exploration.explorer import Scope, explore, tell


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.exploration", description=__doc__)
    parser.add_argument("--keys", type=int, default=4, help="keys that the agent may press")
    parser.add_argument("--mishaps", type=int, default=1, help="hang-ups, declines and calls not answered")
    parser.add_argument("--late", action="store_true", help="requests may be overtaken by everything else")
    words = parser.parse_args()
    gc.disable()  # nothing here is cyclic: a quarter of the time for nothing
    report = explore(Scope(words.keys, words.mishaps, words.late))
    print(f"scope: {words.keys} keys, {words.mishaps} mishaps\n{report}")
    for sentence, path in report.violations:
        print(f"\n{sentence}\n{tell(path)}")
    return 0 if report.exhausted and not report.violations else 1


if __name__ == "__main__":
    sys.exit(main())
