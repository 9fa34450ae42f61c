from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.running import Bench, bench


@pytest.fixture
def desk() -> Iterator[Bench]:
    """The small swarm, served, its time three seconds for each look that is taken at it."""
    with bench() as served:
        yield served
