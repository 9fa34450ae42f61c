"""The lab itself: what it starts it ends, and what a killed run leaves the next one clears."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.swarm.lab import Lab, clear_leftovers
from tests.swarm.waiting import wait_until

pytestmark = pytest.mark.swarm

_DOOMED = """
import sys
from tests.swarm.lab import Lab
with Lab(1) as lab:
    print(lab.folder, flush=True)
    sys.stdin.read()
"""


def _traces(name: str) -> list[str]:
    namespaces = subprocess.run(
        ["ip", "netns", "list"], capture_output=True, text=True, check=True
    ).stdout.splitlines()
    found = [line for line in namespaces if line.startswith(name)]
    found += [line for line in Path("/proc/mounts").read_text().splitlines() if f"/{name}/" in line]
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit() and int(entry.name) != os.getpid():
            try:
                command = (entry / "cmdline").read_bytes().decode(errors="replace")
            except OSError:
                continue
            if f"/{name}/" in command:
                found.append(command)
    return found


def test_three_nodes_with_their_roles(lab: Lab) -> None:
    nodes = {node["Description"]["Hostname"]: node for node in lab.get(1, "/nodes")}
    assert sorted(nodes) == ["node1", "node2", "node3"]
    assert [nodes[name]["Spec"]["Role"] for name in sorted(nodes)] == [
        "manager",
        "manager",
        "worker",
    ]
    assert {node["Status"]["Addr"] for node in nodes.values()} == {
        lab.address(number) for number in (1, 2, 3)
    }


def test_a_second_lab_stands_beside_and_leaves_nothing(lab: Lab) -> None:
    with Lab(1) as other:
        assert other.name != lab.name
        assert len(other.get(1, "/nodes")) == 1
        assert _traces(other.name)
    assert not other.folder.exists()
    assert _traces(other.name) == []
    assert lab.get(1, "/nodes")


@pytest.mark.usefixtures("engines_here")
def test_what_a_killed_run_left_is_cleared() -> None:
    doomed = subprocess.Popen(
        [sys.executable, "-c", _DOOMED],
        cwd=Path(__file__).parents[2],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    with doomed:
        assert doomed.stdout is not None
        folder = Path(doomed.stdout.readline().strip())
        clear_leftovers()
        assert _traces(folder.name), "a living run's lab is not touched"
        doomed.send_signal(signal.SIGKILL)
    assert _traces(folder.name)
    clear_leftovers()
    wait_until(lambda: not _traces(folder.name), "end of all traces")
    assert not folder.exists()
