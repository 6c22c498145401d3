"""The simulator that a console uses: the living one of the console before it, or else a new one.

A state folder has one. Consoles with folders of their own never meet.
"""

from __future__ import annotations

import logging
from collections.abc import Callable

from warmxfer_tui.simulator import process
from warmxfer_tui.simulator.handover import handover_file, read_back

_log = logging.getLogger(__name__)


async def found_or_started(hide: Callable[[str], None]) -> process.SimulatorProcess:
    """Return a simulator that is ready. Raises `SimulatorFailed`, or `FolderError` for want of a home.

    ``hide`` is told its secrets before anything else is done with them.
    """
    file = handover_file()
    if (handover := read_back(file)) is not None:
        for secret in handover.secrets:
            hide(secret)
        try:
            return await process.attach(handover)
        except process.NotAttached as why:
            _log.info("the last simulator is not taken up: %s", why)
    started = await process.spawn(file=file)
    for secret in started.handover.secrets:
        hide(secret)
    return started
