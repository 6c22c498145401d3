"""The proof tier starts from a fresh seed, and says which, so that a failure can be met again."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from hypothesis import is_hypothesis_test, seed

HERE = Path(__file__).parent


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Seed every property of this folder; `--hypothesis-seed` names one."""
    if str(config.getoption("markexpr")) != "proof" or config.getoption("hypothesis_seed") is not None:
        return
    fresh = random.SystemRandom().getrandbits(32)
    for item in items:
        if isinstance(item, pytest.Function) and HERE in item.path.parents and is_hypothesis_test(item.obj):
            seed(fresh)(item.obj)
    reporter = config.pluginmanager.get_plugin("terminalreporter")
    if reporter is not None:
        reporter.write_line(f"tests/property: --hypothesis-seed={fresh}")
