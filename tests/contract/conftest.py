from __future__ import annotations

import shutil
from collections.abc import Iterator

import pytest

from tests.contract.embedded import EmbeddedLab
from tests.swarm.scenario import build


@pytest.fixture(scope="session")
def lab() -> Iterator[EmbeddedLab]:
    """The rich scenario of the real lab, made by the same commands on the embedded engine."""
    if shutil.which("docker") is None:
        pytest.skip("the docker client, which makes the scenario, is not installed")
    with EmbeddedLab("20.10.24") as embedded:
        build(embedded)
        yield embedded


@pytest.fixture(scope="module")
def bare_lab() -> Iterator[EmbeddedLab]:
    """Three embedded nodes and nothing on them, for the tests of one file."""
    with EmbeddedLab("20.10.24", pace=2) as embedded:
        yield embedded


@pytest.fixture
def fresh_lab() -> Iterator[EmbeddedLab]:
    """Three embedded nodes and nothing on them, to be broken by one test."""
    with EmbeddedLab("20.10.24", pace=2) as embedded:
        yield embedded
