from __future__ import annotations

import compileall
import gc
import os

import pytest

import swarmtui

# Whoever runs the tests may have a locale without the signs that they look for.
os.environ["LC_ALL"] = "C.UTF-8"


def pytest_sessionstart(session: pytest.Session) -> None:
    """Have the program compiled as an installed one is, since tests start it very often."""
    if not hasattr(session.config, "workerinput"):
        compileall.compile_dir(swarmtui.__path__[0], quiet=1)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the files that compute longest, with which a worker would be left alone."""
    items.sort(key=lambda item: not item.path.name.startswith("test_killing"))


def pytest_collection_finish() -> None:
    """Spare each collection of garbage the thousands of tests that are there all the time."""
    gc.collect()
    gc.freeze()
