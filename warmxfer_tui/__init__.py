"""warmxfer: a terminal console for one job, the warm transfer."""

from __future__ import annotations

__version__ = "0.1.0"
