"""Real engines in trouble: faults on the way to one, and a node that changes its swarm."""

from __future__ import annotations

import os
import time
from contextlib import closing
from pathlib import Path

import pytest

from swarmtui.engine import Session, resolve_endpoint
from swarmtui.errors import EngineError
from swarmtui.model import Snapshot
from tests.faults import FAULTS
from tests.faulty import EVERYTHING, INSPECTION, FaultyProxy
from tests.swarm.lab import Lab
from tests.swarm.waiting import wait_until
from tests.terminal import Terminal

pytestmark = pytest.mark.swarm

LONG = 90.0
SHORT_PATIENCE = 2.0
REPAINT_SECONDS = 3.0
"""Longer than any picture is half painted, even on a busy machine."""


@pytest.mark.parametrize(
    ("fault", "path"),
    [
        ("dead", "/tasks"),
        ("reset in the body", "/networks"),
        ("the answer to another request", "/nodes"),
        ("numbers for texts", INSPECTION),
        ("chunks cut", "/services"),
        ("drip of the body", "/configs"),
        ("cut before the answer", EVERYTHING),
        ("null", "/info"),
    ],
)
def test_a_fault_costs_nothing_but_a_word(bare_lab: Lab, fault: str, path: str) -> None:
    with FaultyProxy(Path(bare_lab.socket(1))) as proxy:
        endpoint = resolve_endpoint(proxy.url, None, os.environ)
        with closing(Session(endpoint, timeout_seconds=SHORT_PATIENCE)) as session:

            def whole() -> Snapshot | None:
                snapshot = session.reader.read(every_network=True)
                return None if snapshot.problems else snapshot

            before = wait_until(whole, "whole snapshot")
            with proxy.failing(FAULTS[fault], path):
                if path in (EVERYTHING, "/info"):
                    with pytest.raises(EngineError):
                        session.reader.read(before, every_network=True)
                else:
                    during = session.reader.read(before, every_network=True)
                    assert during.problems
                    assert during.network_by_id == before.network_by_id
                    assert during.node_by_id.keys() == before.node_by_id.keys()
            after = wait_until(whole, "whole snapshot")
            assert after.network_by_id == before.network_by_id


def test_a_node_loses_its_engine_its_place_and_its_swarm(bare_lab: Lab, tmp_path: Path) -> None:
    lab = bare_lab
    lab.docker(1, "network", "create", "-d", "overlay", "stays")
    homes = {f"XDG_{name}_HOME": str(tmp_path) for name in ("CONFIG", "STATE", "CACHE", "DATA")}
    arguments = ("--host", lab.url(1), "--interval", "1", "--timeout", "5", "--read-only")
    with Terminal(*arguments, environ=homes) as terminal:

        def shows(*words: str, kept: str = "") -> None:
            last_seen = time.monotonic()

            def seen(text: str) -> bool:
                nonlocal last_seen
                now = time.monotonic()
                last_seen = now if kept in text else last_seen
                assert now - last_seen < REPAINT_SECONDS, text
                return all(word in text for word in words)

            terminal.wait_for(seen, LONG)

        shows("● live", "stays", "Networks 6")
        lab.stop_engine(1)
        shows("what is shown is from before", "○ lost since", "stays", kept="stays")
        lab.start_engine(1)
        shows("● live", "stays", "3 nodes", kept="stays")

        wait_until(lambda: _reachable(lab) == 2, "two managers that reach each other", LONG)
        lab.docker(2, "node", "demote", "node1")
        shows("This node is a worker and shows its own view", lab.address(2))
        lab.docker(2, "node", "promote", "node1")
        shows("● live", "manager", "stays", "3 nodes")

        # A place and a finding of this swarm, which the next one has not.
        terminal.press(":findings\r")
        shows("The swarm has 2 managers")
        terminal.press(":networks\rG\r")
        shows("networks › endpoints of")
        lab.docker(1, "swarm", "leave", "--force")
        shows("This engine is in no swarm", "Networks 4")
        terminal.wait_for(lambda text: "endpoints of" not in text)
        lab.docker(1, "swarm", "init", "--advertise-addr", lab.address(1))
        shows("● live", "manager, leader", "1 node", "Networks 5")
        # What the old swarm was warned of is not said of the new one.
        terminal.wait_for(lambda text: "warning" not in text and "stays" not in text)
        terminal.press("q")
        assert terminal.wait_for_end() == 0


def _reachable(lab: Lab) -> int:
    managers = (each.get("ManagerStatus") or {} for each in lab.get(2, "/nodes"))
    return sum(each.get("Reachability") == "reachable" for each in managers)
