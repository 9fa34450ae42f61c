"""An exported plan, run by bash and the docker client on a real swarm."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

import pytest

from swarmtui.engine import read_once, resolve_endpoint
from swarmtui.operations import BuildIngress, Definition, Plan, Range, plan_operation
from swarmtui.operations.script import script_of
from tests.swarm.lab import Lab
from tests.swarm.publishing import (
    ALL_NODES,
    DOCUMENTED,
    MTU_OPTION,
    await_whole,
    create,
    definition_of,
    ingress,
    ports,
    running_tasks,
    services,
)

pytestmark = pytest.mark.swarm

_WANTED = Definition(
    DOCUMENTED.name,
    (Range(DOCUMENTED.subnet, DOCUMENTED.gateway),),
    {MTU_OPTION: str(DOCUMENTED.mtu)},
    ingress=True,
)


def _export(lab: Lab, folder: Path, *, at_once: bool = False) -> Path:
    snapshot = read_once(resolve_endpoint(lab.url(1), None, {}), timeout_seconds=10)
    plan = plan_operation(snapshot, BuildIngress(_WANTED, at_once=at_once))
    assert isinstance(plan, Plan)
    written = folder / "replace.sh"
    written.write_text(script_of(plan, tool="swarmtui", when="now"))
    return written


def _run(lab: Lab, script: Path, *words: str, client: str = "") -> subprocess.CompletedProcess[str]:
    paths = [os.path.dirname(client)] if client else []
    environ = {
        **os.environ,
        "DOCKER_HOST": lab.url(1),
        "PATH": os.pathsep.join([*paths, os.environ["PATH"]]),
    }
    return subprocess.run(
        ["bash", str(script), *words],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
        env=environ,
        timeout=400,
    )


def _clients() -> Sequence[str]:
    """Return every docker client that there is; each release has its own habits."""
    found = (shutil.which("docker", path=each) for each in os.get_exec_path())
    return list(dict.fromkeys(os.path.realpath(each) for each in found if each)) or ["docker"]


@pytest.mark.parametrize("at_once", [False, True], ids=["one-by-one", "at-once"])
@pytest.mark.parametrize("client", _clients())
def test_a_script_replaces_the_ingress(
    fresh_lab: Lab, tmp_path: Path, client: str, at_once: bool
) -> None:
    lab = fresh_lab
    web = ["-p", "8080:80", "-p", "mode=host,published=9090,target=90"]
    # The host-mode port that has a target of the ingress too is the one that is easily lost.
    web += ["-p", "mode=host,published=9080,target=80"]
    create(lab, "web", "--replicas", "3", "--replicas-max-per-node", "1", *web)
    create(lab, "auto", "-p", "80", "-p", "53/udp")
    create(lab, "idle", "--replicas", "0", "-p", "8081:81")
    create(lab, "plain")
    await_whole(lab)
    numbers, untouched = ports(lab), services(lab)["plain"]
    tasks = {name: running_tasks(lab, name) for name in ("web", "plain")}

    done = _run(lab, _export(lab, tmp_path, at_once=at_once), client=client)

    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.endswith("Done.\n")
    for number in ALL_NODES:
        network = ingress(lab, number)
        assert network is not None
        assert definition_of(network) == DOCUMENTED.definition
        assert len(network["Peers"]) == 3
    await_whole(lab, seconds=10)
    assert ports(lab) == numbers
    assert services(lab)["plain"] == untouched
    assert running_tasks(lab, "plain") == tasks["plain"]
    assert not running_tasks(lab, "web") & tasks["web"]


def test_a_script_stops_and_goes_on(fresh_lab: Lab, tmp_path: Path) -> None:
    lab = fresh_lab
    create(lab, "web", "-p", "8080:80")
    await_whole(lab)
    numbers, script = ports(lab), _export(lab, tmp_path)
    create(lab, "late", "-p", "8082:82")

    refused = _run(lab, script)
    assert refused.returncode == 1
    assert "late publishes ports" in refused.stderr
    assert "Nothing has been changed." in refused.stderr

    lab.docker(1, "service", "rm", "late")
    lab.docker(1, "service", "update", "--publish-add", "8083:83", "web")
    changed = _run(lab, script)
    assert changed.returncode == 1
    assert "STOPPED in step 1 (Unpublish the ports of web)" in changed.stderr
    assert "ingress/tcp/83/8083" in changed.stderr
    assert "Nothing has been changed." in changed.stderr

    lab.docker(1, "service", "update", "--publish-rm", "83", "web")
    # What somebody did by hand already is no obstacle to going on.
    lab.docker(1, "service", "update", "--publish-rm", "80", "web")
    done = _run(lab, script)
    assert done.returncode == 0, done.stdout + done.stderr
    again = _run(lab, script, "5")
    assert again.returncode == 0, again.stdout + again.stderr
    await_whole(lab, seconds=10)
    assert ports(lab) == numbers
    early = _run(lab, script, "3")
    assert early.returncode == 1
    assert "STOPPED in step 3" in early.stderr
    assert "from step 2 downwards" in early.stderr
