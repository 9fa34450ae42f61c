"""What tests/swarm/test_pools.py proves on real engines, and a promise that is kept."""

from __future__ import annotations

import shutil
from collections.abc import Iterator

import pytest

from tests.contract.embedded import EmbeddedLab
from tests.swarm.test_pools import (
    test_tasks_tell_a_chosen_subnet_from_one_of_the_pool,
    test_the_map_shows_every_subnet_of_the_pool_in_its_block,
    test_the_next_block_is_what_the_engine_gives_or_is_not_promised,
    tidy_lab,
)

__all__ = [
    "test_tasks_tell_a_chosen_subnet_from_one_of_the_pool",
    "test_the_map_shows_every_subnet_of_the_pool_in_its_block",
    "test_the_next_block_is_what_the_engine_gives_or_is_not_promised",
    "tidy_lab",
]


@pytest.fixture(params=["20.10.24", "29.1.0"])
def bare_lab(request: pytest.FixtureRequest) -> Iterator[EmbeddedLab]:
    """Three embedded nodes of an engine that goes on after the last block, or fills gaps."""
    if shutil.which("docker") is None:
        pytest.skip("the docker client, which asks the engine, is not installed")
    with EmbeddedLab(request.param, pace=2) as embedded:
        yield embedded
