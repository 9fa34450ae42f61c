from __future__ import annotations

import os
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor

import pytest

from tests.swarm.decline import Stages, decline_and_rise
from tests.swarm.lab import Lab, unavailable
from tests.swarm.scenario import build


@pytest.fixture(scope="session")
def engines_here() -> None:
    """Skip where no engine can be started; in CI that is a failure."""
    reason = unavailable()
    if reason is not None and os.environ.get("SWARMTUI_REQUIRE_SWARM"):
        pytest.fail(reason)
    if reason is not None:
        pytest.skip(reason)


@pytest.fixture(scope="session")
def lab(engines_here: None) -> Iterator[Lab]:
    """Three real nodes with the rich scenario; tests leave it as they find it."""
    with Lab() as three:
        build(three)
        yield three


@pytest.fixture(scope="module")
def bare_lab(engines_here: None) -> Iterator[Lab]:
    """Three real nodes and nothing on them, for the tests of one file."""
    with Lab() as three:
        yield three


@pytest.fixture
def fresh_lab(engines_here: None) -> Iterator[Lab]:
    """Three real nodes and nothing on them, to be broken by one test."""
    with Lab() as three:
        yield three


@pytest.fixture(scope="session")
def decline(engines_here: None) -> Iterator[Future[Stages]]:
    """A swarm that declines in the background, and what was found at each stage of it."""
    with ThreadPoolExecutor(1) as pool:
        yield pool.submit(decline_and_rise)
