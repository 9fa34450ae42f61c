"""A swarm that loses its managers one after another, and what is found wrong with it meanwhile."""

from __future__ import annotations

import signal

from swarmtui.findings import Finding
from tests.swarm.calls import await_allocated, await_running, create_network, done, service
from tests.swarm.findings import await_finding, await_nothing, everything
from tests.swarm.lab import Lab
from tests.swarm.waiting import wait_until

Stages = dict[str, dict[str, Finding]]
"""By the stage and the code: at no stage does a rule find two things."""

LONG = 120.0


def decline_and_rise() -> Stages:
    """Return what was found while things got worse and better again.

    `fresh`: nothing was done. `three`: all nodes are managers. `unreachable`, then `down`: the
    third one has crashed. `removed`: it was removed. `locked`: what the second one says, which was
    restarted. `leaderless`: what the first one says of that. `unlocked`: all is well. `single`: the
    second one was demoted.
    """
    with Lab() as lab:
        stages = Stages()

        def enter(stage: str, *, node: int = 1) -> None:
            stages[stage] = {each.code: each for each in everything(lab, node=node)}

        # A swarm brings its third node the ingress a moment after it has joined.
        await_nothing(lab, "ingress-not-everywhere")
        enter("fresh")
        _have_three_managers(lab)
        enter("three")
        lab.stop_engine(3, signal.SIGKILL)
        await_finding(lab, "manager-unreachable", "node3")
        enter("unreachable")
        await_finding(lab, "node-down-holds-addresses", "node3", seconds=LONG)
        enter("down")
        lab.docker(1, "node", "demote", "node3")
        lab.docker(1, "node", "rm", "--force", "node3")
        await_nothing(lab, "node-down-holds-addresses")
        enter("removed")
        lab.docker(1, "swarm", "update", "--autolock")
        lab.stop_engine(2)
        lab.start_engine(2)
        await_finding(lab, "swarm-locked", "node2", node=2)
        enter("locked", node=2)
        key = {"UnlockKey": lab.get(1, "/swarm/unlockkey")["UnlockKey"]}
        await_finding(lab, "swarm-without-leader", "swarm", seconds=LONG)
        enter("leaderless")
        assert lab.call(2, "POST", "/swarm/unlock", key)[0] == 200
        await_nothing(lab, "swarm-without-leader", seconds=LONG)
        await_finding(lab, "managers-even", "swarm", seconds=LONG)
        enter("unlocked")
        lab.docker(1, "node", "demote", "node2")
        await_finding(lab, "manager-single", "swarm")
        enter("single")
    return stages


def _have_three_managers(lab: Lab) -> None:
    """Have all nodes manage, and run a task on the third."""
    identity = create_network(lab, "app", {"Subnet": "10.95.0.0/24"})
    await_allocated(lab, identity)
    body = service("web", "app", replicas=1)
    body["TaskTemplate"]["Placement"] = {"Constraints": ["node.hostname==node3"]}
    done(lab, "POST", "/services/create", body)
    lab.docker(1, "node", "promote", "node3")

    def reached() -> bool:
        found = [each.get("ManagerStatus") for each in lab.get(1, "/nodes")]
        return [each["Reachability"] for each in found if each] == ["reachable"] * 3

    wait_until(reached, "three managers")
    await_running(lab, "web", 1, identity)
