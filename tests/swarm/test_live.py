"""The explorer in a terminal, on three real nodes, while the swarm changes under it."""

from __future__ import annotations

import json
import re
import signal

import pytest

from tests.swarm.image import PROBE_IMAGE
from tests.swarm.lab import Lab
from tests.swarm.waiting import wait_until
from tests.terminal import Terminal

pytestmark = pytest.mark.swarm

INTERVAL = 2.0
TWO_INTERVALS = 2 * INTERVAL

_SERVICE = (
    *("service", "create", "-q", "--detach", "--no-resolve-image"),
    *("--name", "probe", "--network", "live", "--stop-grace-period", "1s"),
)


def explore(lab: Lab, node: int, *arguments: str) -> Terminal:
    return Terminal("--host", lab.url(node), "--interval", str(INTERVAL), *arguments)


def count_of(pane: str, text: str) -> int:
    found = re.search(rf"{re.escape(pane)} (\d+) ", text)
    return int(found.group(1)) if found else -1


def test_a_service_is_scaled_and_a_node_drained_under_the_explorer(fresh_lab: Lab) -> None:
    lab = fresh_lab
    lab.docker(1, "network", "create", "-d", "overlay", "live")
    lab.docker(1, *_SERVICE, "--replicas", "2", PROBE_IMAGE)

    def running(wanted: int) -> None:
        def enough() -> bool:
            (status,) = (each["ServiceStatus"] for each in lab.get(1, "/services?status=true"))
            return bool(status["RunningTasks"] == wanted)

        wait_until(enough, f"{wanted} running tasks")

    running(2)
    with explore(lab, 1) as terminal:
        terminal.wait_for("● live")
        terminal.press("j")
        # A virtual address, two tasks, and a load-balancer on each of their nodes.
        terminal.wait_for(lambda text: count_of("Endpoints on live", text) in (4, 5))
        lab.docker(1, "service", "scale", "--detach", "probe=6")
        running(6)
        terminal.wait_for(
            lambda text: count_of("Endpoints on live", text) == 10 and text.count("running") == 6,
            TWO_INTERVALS,
        )
        lab.docker(1, "node", "update", "--availability", "drain", "node3")
        wait_until(
            lambda: "node3" not in _places(lab) and len(_places(lab)) == 6,
            "tasks moved away from node 3",
        )
        terminal.wait_for(
            lambda text: count_of("Endpoints on live", text) == 9 and text.count("running") == 6,
            TWO_INTERVALS,
        )
        terminal.press(":nodes\r")
        terminal.wait_for("drain", TWO_INTERVALS)
        lab.docker(1, "network", "create", "-d", "overlay", "appears")
        terminal.press(":networks\r")
        terminal.wait_for("appears", TWO_INTERVALS)
        lab.docker(1, "network", "rm", "appears")
        terminal.wait_for(lambda text: "appears" not in text, TWO_INTERVALS)
        terminal.press("q")
        assert terminal.wait_for_end() == 0


def _places(lab: Lab) -> list[str]:
    names = {node["ID"]: node["Description"]["Hostname"] for node in lab.get(1, "/nodes")}
    filters = json.dumps({"desired-state": ["running"]}).replace('"', "%22").replace(" ", "")
    return [
        names.get(task.get("NodeID", ""), "")
        for task in lab.get(1, f"/tasks?filters={filters}")
        if task["Status"]["State"] == "running"
    ]


def test_the_engine_goes_and_comes_back(fresh_lab: Lab) -> None:
    lab = fresh_lab
    lab.docker(1, "network", "create", "-d", "overlay", "stays")
    with explore(lab, 2) as terminal:
        terminal.wait_for("stays")
        lab.stop_engine(2, signal.SIGKILL)
        words = ("what is shown is from before", "lost since", "stays")
        terminal.wait_for(lambda text: all(word in text for word in words))
        lab.start_engine(2)
        terminal.wait_for(lambda text: "● live" in text and "stays" in text, 30)


def test_without_a_leader_nothing_is_shown_as_deleted(fresh_lab: Lab) -> None:
    lab = fresh_lab
    lab.docker(1, "network", "create", "-d", "overlay", "stays")
    with explore(lab, 1) as terminal:
        terminal.wait_for("stays")
        lab.stop_engine(2, signal.SIGKILL)
        words = ("The swarm has no leader", "Networks 6", "stays")
        terminal.wait_for(lambda text: all(word in text for word in words), 60)
        lab.start_engine(2)
        terminal.wait_for(lambda text: "● live" in text and "no leader" not in text, 60)


def test_idle_writes_nothing(fresh_lab: Lab) -> None:
    with explore(fresh_lab, 2) as terminal:
        terminal.wait_for("● live")
        terminal.press("jj")
        terminal.listen(TWO_INTERVALS)
        assert terminal.listen(3 * INTERVAL) == 0


def test_a_worker_names_the_managers_in_the_terminal(lab: Lab) -> None:
    with explore(lab, 3) as terminal:
        words = ("This node is a worker", lab.address(1))
        terminal.wait_for(lambda text: all(word in text for word in words))
