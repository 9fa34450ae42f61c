"""Calls of the Engine API that change something, on the engines of a lab."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from contextlib import suppress
from copy import deepcopy
from typing import Any
from urllib.parse import quote

from tests.swarm.image import PROBE_IMAGE
from tests.swarm.lab import Lab
from tests.swarm.waiting import wait_until

Json = dict[str, Any]
Said = tuple[int, str]

ALL_NODES = (1, 2, 3)
LIVE = (
    *("new", "allocated", "pending", "assigned", "accepted", "ready"),
    *("preparing", "starting", "running"),
)


def said(lab: Lab, node: int, method: str, path: str, body: object = None) -> Said:
    """Return the status of an answer and what it says, nothing where it is a success."""
    status, document = lab.call(node, method, path, body)
    return status, document["message"] if status >= 400 else ""


def done(lab: Lab, method: str, path: str, body: object = None) -> Any:
    """Return what the first node answers to a call that has to succeed."""
    status, document = lab.call(1, method, path, body)
    assert status < 300, f"{method} {path}: {status} {document}"
    return document


def rpc(code: str, words: str) -> str:
    """Return words of the swarm's leader as its managers pass them on."""
    return f"rpc error: code = {code} desc = {words}"


def network(name: str, *configs: Json, **fields: object) -> Json:
    """Return the body that creates an overlay network."""
    ipam = {"Driver": "default", "Config": list(configs)}
    return {"Name": name, "Driver": "overlay", "IPAM": ipam, **fields}


def service(name: str, *networks: str, replicas: int = 0, **fields: object) -> Json:
    """Return the body that creates a service whose updates are quick."""
    container = {"Image": PROBE_IMAGE, "StopGracePeriod": 1_000_000_000, "Isolation": "default"}
    template = {
        "ContainerSpec": container,
        "RestartPolicy": {"Condition": "any", "Delay": 200_000_000, "MaxAttempts": 0},
        **({"Networks": [{"Target": each} for each in networks]} if networks else {}),
        "ForceUpdate": 0,
        "Runtime": "container",
    }
    return {
        "Name": name,
        "Labels": {},
        "TaskTemplate": template,
        "Mode": {"Replicated": {"Replicas": replicas}},
        "UpdateConfig": {
            "Parallelism": 0,
            "FailureAction": "pause",
            "Monitor": 1_000_000_000,
            "MaxFailureRatio": 0,
            "Order": "stop-first",
        },
        **fields,
    }


def port(published: int, target: int = 80, **fields: str) -> Json:
    """Return a port as it may be posted: neither protocol nor mode have to be told."""
    return {"TargetPort": target, "PublishedPort": published, **fields}


def publishing(*ports: Json, mode: str = "vip") -> Json:
    """Return an endpoint that publishes ports."""
    return {"Mode": mode, "Ports": list(ports)}


def create_network(lab: Lab, *arguments: Any, **fields: Any) -> str:
    """Create an overlay network and return its id."""
    return str(done(lab, "POST", "/networks/create", network(*arguments, **fields))["Id"])


def create_service(lab: Lab, *arguments: Any, **fields: Any) -> str:
    """Create a service and return its id."""
    return str(done(lab, "POST", "/services/create", service(*arguments, **fields))["ID"])


def update(
    lab: Lab, kind: str, name: str, edit: Callable[[Json], object], *, behind: int = 0
) -> Said:
    """Post the edited spec of an object, for a version that is so many numbers behind.

    The engine changes objects too, so a call that is out of sequence is made again unless it is
    meant to be.
    """
    while True:
        found = lab.get(1, f"/{kind}/{name}")
        spec = deepcopy(found["Spec"])
        edit(spec)
        version = found["Version"]["Index"] - behind
        answer = said(lab, 1, "POST", f"/{kind}/{found['ID']}/update?version={version}", spec)
        if behind or "update out of sequence" not in answer[1]:
            return answer


def touch(lab: Lab, number: int, labels: dict[str, str] | None = None) -> None:
    """Update a node without changing anything about it, unless its labels are to change."""
    ids = {each["Description"]["Hostname"]: each["ID"] for each in lab.get(1, "/nodes")}

    def edit(spec: Json) -> None:
        if labels is not None:
            spec["Labels"] = labels

    assert update(lab, "nodes", ids[f"node{number}"], edit) == (200, "")


def tasks(lab: Lab, name: str = "", runtime: str = "container") -> list[Json]:
    """Return the tasks of a service, or of a runtime."""
    wanted = f'{{"runtime":["{runtime}"]' + (f',"service":["{name}"]}}' if name else "}")
    found: list[Json] = lab.get(1, f"/tasks?filters={quote(wanted)}")
    return found


def live_tasks(lab: Lab, name: str) -> list[tuple[str, list[str]]]:
    """Return state and networks of the tasks of a service that have not ended."""
    return [
        (
            f"{each['Status']['State']}/{each['DesiredState']}",
            [attached["Network"]["ID"] for attached in each.get("NetworksAttachments") or ()],
        )
        for each in tasks(lab, name)
        if each["Status"]["State"] in LIVE
    ]


def await_running(lab: Lab, name: str, count: int, *networks: str) -> None:
    """Wait until so many tasks of a service run, on these networks, and no other one lives."""
    wanted = [("running/running", list(networks))] * count
    wait_until(lambda: live_tasks(lab, name) == wanted, f"{count} running tasks of {name}", 60)


def ingress_row(lab: Lab) -> Json:
    """Return the ingress as the swarm has it on record."""
    (found,) = (each for each in lab.get(1, "/networks") if each["Ingress"] and "Peers" not in each)
    return dict(found)


def carrying(lab: Lab, network_id: str, nodes: Sequence[int] = ALL_NODES) -> dict[int, set[str]]:
    """Return the nodes that carry a network themselves, with the peers that each knows."""
    found = {}
    for number in nodes:
        status, inspected = lab.call(number, "GET", f"/networks/{network_id}")
        if status == 200 and inspected.get("Peers"):
            found[number] = {each["IP"] for each in inspected["Peers"]}
    return found


def await_everywhere(lab: Lab, network_id: str) -> None:
    """Wait until every node carries a network and knows that all others do."""
    everybody = {lab.address(number) for number in ALL_NODES}
    wanted = dict.fromkeys(ALL_NODES, everybody)
    wait_until(lambda: carrying(lab, network_id) == wanted, "network on all nodes")


def bring(lab: Lab, network_id: str, number: int) -> None:
    """Touch a node until it carries an ingress network.

    An engine makes its ingress before it has noted its own address there, or after, by chance; if
    before, it fails, and tries again only when its node has really changed.
    """
    touch(lab, number)
    for label in itertools.count():
        with suppress(AssertionError):
            wait_until(lambda: carrying(lab, network_id, [number]), "ingress", 3)
            return
        assert label < 5, f"node{number} never carries the ingress"
        touch(lab, number, labels={"shaken": str(label)})
        touch(lab, number, labels={})


def await_nowhere(lab: Lab, network_id: str) -> None:
    """Wait until no node carries a network."""
    wait_until(lambda: not carrying(lab, network_id), "nodes without a network")


def await_allocated(lab: Lab, network_id: str) -> None:
    """Wait until the leader has given a network its subnet."""

    def allocated() -> bool:
        (row,) = (each for each in lab.get(1, "/networks") if each["Id"] == network_id)
        return row["Driver"] == "overlay" and bool(row["IPAM"]["Config"])

    wait_until(allocated, "allocated network")


def create_ingress(lab: Lab, subnet: str, name: str = "ingress") -> str:
    """Create an ingress network, have every node take it, and return its id."""
    identity = create_network(lab, name, {"Subnet": subnet}, Ingress=True)
    await_allocated(lab, identity)
    for number in ALL_NODES:
        bring(lab, identity, number)
    await_everywhere(lab, identity)
    return identity


def remove_ingress(lab: Lab) -> str:
    """Remove the ingress, wait until every node has given it up, and return the id that it had."""
    identity = str(ingress_row(lab)["Id"])
    done(lab, "DELETE", f"/networks/{identity}")
    await_nowhere(lab, identity)
    return identity


def unpublish(spec: Json) -> None:
    """Close all ports of a service's spec."""
    spec["EndpointSpec"].pop("Ports", None)


def changed(**parts: object) -> Callable[[Json], None]:
    """Return an edit that puts other parts into a spec."""
    return lambda spec: spec.update(parts)


def force(spec: Json) -> None:
    """Have all tasks of a service replaced."""
    spec["TaskTemplate"]["ForceUpdate"] += 1


def join(*networks: str | Json) -> Callable[[Json], None]:
    """Return an edit that puts a service on these networks and on no others."""
    listed = [{"Target": each} if isinstance(each, str) else each for each in networks]
    return lambda spec: spec["TaskTemplate"].update(Networks=listed)


def clear(lab: Lab) -> None:
    """Remove everything but the ingress, and make one where there is none that works."""
    for kind in ("services", "configs"):
        for each in lab.get(1, f"/{kind}"):
            done(lab, "DELETE", f"/{kind}/{each['ID']}")
    for each in lab.get(1, "/containers/json"):
        if "com.docker.swarm.task.id" not in each["Labels"]:
            done(lab, "DELETE", f"/containers/{each['Id']}?force=1")
    # Where a node was cut off the swarm has to miss it first.
    wait_until(
        lambda: not tasks(lab) and not tasks(lab, runtime="attachment"), "end of all tasks", 120
    )
    # What has peers in the list is the node's own copy of a network that is removed already.
    rows = [
        each for each in lab.get(1, "/networks") if each["Scope"] == "swarm" and "Peers" not in each
    ]
    for each in rows:
        if not each["Ingress"] or not each["Driver"]:
            done(lab, "DELETE", f"/networks/{each['Id']}")
    if not any(each["Ingress"] and each["Driver"] for each in rows):
        create_ingress(lab, "10.70.0.0/24")
