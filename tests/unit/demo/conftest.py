from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import docker
import pytest

from swarmtui.demo import DemoEngine, Swarm

# The stubs of the docker SDK leave half of its methods untyped.
Serve = Callable[..., tuple[DemoEngine, Any]]


@pytest.fixture
def socket_path() -> Iterator[Path]:
    # A folder of pytest can be too long for the address of a unix socket.
    with TemporaryDirectory(prefix="demo-") as folder:
        yield Path(folder) / "engine.sock"


@pytest.fixture
def serve(socket_path: Path) -> Iterator[Serve]:
    """Serve a swarm that stands still, and connect the docker SDK to it."""
    with ExitStack() as stack:

        def start(
            swarm: Swarm, *, node: str | None = None, version: str = "auto"
        ) -> tuple[DemoEngine, Any]:
            engine = stack.enter_context(DemoEngine(swarm, socket_path, node=node, live=False))
            client = docker.APIClient(base_url=engine.url, version=version)
            stack.callback(client.close)
            return engine, client

        yield start
