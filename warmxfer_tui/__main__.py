"""``python -m warmxfer_tui`` is the command ``warmxfer``."""

from __future__ import annotations

import sys

from warmxfer_tui.cli import main

if __name__ == "__main__":
    sys.exit(main())
