"""The real docker command line works against the embedded engine."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from swarmtui.demo import DemoEngine, demo_swarm

DOCKER = shutil.which("docker", path=f"/usr/local/bin:{os.environ.get('PATH', '')}")

pytestmark = pytest.mark.skipif(DOCKER is None, reason="there is no docker command line here")

NOW = datetime(2026, 5, 1, tzinfo=UTC)

Docker = Callable[..., str]


@pytest.fixture
def engine(socket_path: Path) -> Iterator[DemoEngine]:
    with DemoEngine(demo_swarm(now=NOW), socket_path, live=False) as engine:
        yield engine


@pytest.fixture
def docker(engine: DemoEngine, socket_path: Path) -> Docker:

    def run(*words: str) -> str:
        assert DOCKER is not None
        done = subprocess.run(
            [DOCKER, "-H", engine.url, *words],
            capture_output=True,
            text=True,
            timeout=20,
            check=False,
            env={"PATH": os.environ["PATH"], "HOME": str(socket_path.parent)},
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    return run


def test_it_reads(docker: Docker) -> None:
    nodes = docker("node", "ls").splitlines()
    assert len(nodes) == 6
    assert any("Leader" in line and "*" in line for line in nodes)
    assert any("Down" in line for line in nodes)
    assert "shop_data" in docker("network", "ls", "--filter", "driver=overlay")
    (mesh,) = json.loads(docker("network", "inspect", "-v", "ingress"))
    assert mesh["Services"]["gateway"]["VIP"].startswith("10.20.0.")
    assert "*:514->514/udp" in docker("service", "ls")
    assert "ip addresses may be exhausted" in docker("service", "ps", "--no-trunc", "camera")
    assert "shop_api.1" in docker("service", "ps", "shop_api")
    assert "Running" in docker("node", "ps", "self")
    assert "debug-box" in docker("ps")
    assert "Default Address Pool: 10.20.0.0/16" in docker("info")
    assert "29.7.2" in docker("version")
    assert docker("stack", "services", "shop", "--format", "{{.Name}}").split() == [
        "shop_api",
        "shop_cache",
        "shop_db",
        "shop_mail",
        "shop_web",
    ]
    until = f"--until={NOW.timestamp():.0f}"
    told = docker("events", "--since=1", until, "--format={{.Type}} {{.Action}}")
    assert "service update" in told


def test_it_writes(engine: DemoEngine, docker: Docker) -> None:
    docker("network", "create", "-d", "overlay", "--attachable", "--subnet=10.33.0.0/24", "late")
    docker("service", "create", "-d", "-q", "--name=late", "--network=late", "-p=8099:80", "x:1")
    engine.step(5)
    docker("service", "scale", "-d", "late=3")
    engine.step(5)
    assert docker("service", "ls", "--filter=name=late", "--format={{.Replicas}}") == "3/3\n"
    docker("service", "update", "-d", "-q", "--publish-rm=80", "late")
    docker("node", "update", "--availability=drain", "worker-1")
    assert "Drain" in docker("node", "ls")
    docker("service", "rm", "late")
    docker("network", "rm", "late")
    # Nodes list it for as long as they have tasks of it.
    engine.step(5)
    assert "late" not in docker("network", "ls")
