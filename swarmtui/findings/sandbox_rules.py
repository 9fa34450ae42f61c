"""Tasks that a node cannot connect to their networks, by what its engine says of them."""

from __future__ import annotations

from collections.abc import Iterator

from swarmtui.findings.finding import (
    Evidence,
    Remedy,
    Repair,
    Rule,
    Severity,
    Sight,
    Subject,
    Trouble,
)
from swarmtui.findings.node_failures import NodeFailure, node_failures
from swarmtui.findings.wording import command, listed

_VXLAN = "error creating vxlan interface: file exists"
_POOL = "Pool overlaps with other one on this address space"
_FULL = "exchange full"
_LOCAL_POOLS = "could not find an available, non-overlapping IPv4 address pool"
_LEFTOVER = "ingress sandbox already present"
_TOLD_BY_OTHERS = (_VXLAN, _POOL, _FULL, _LOCAL_POOLS, _LEFTOVER)
_ANY = ("network sandbox join failed",)

_RESTART = "systemctl restart docker"


def _vxlan_exists(sight: Sight) -> Iterator[Trouble]:
    for each in node_failures(sight.snapshot, (_VXLAN,)):
        node = each.node.hostname
        ids = listed(str(number) for network in each.networks for number in network.vxlan_ids)
        yield _trouble(
            each,
            f"{node} cannot carry {each.names}: an interface with its VXLAN id was left there",
            Remedy(
                f"Look on {node} for an interface with VXLAN id {ids}.",
                "ip -d link show type vxlan",
            ),
            Remedy("Delete it, where its name begins with vx-,", "ip link delete NAME"),
            Remedy("or restart the engine there.", _RESTART),
        )


def _pool_overlap(sight: Sight) -> Iterator[Trouble]:
    for each in node_failures(sight.snapshot, (_POOL,)):
        node = each.node.hostname
        yield _trouble(
            each,
            f"{node} cannot carry {each.names}: a network of its own has the same addresses",
            Remedy(
                f"Look on {node} for a local network that overlaps {each.subnets}.",
                "docker network inspect --format '{{.Name}} {{.Scope}} {{.IPAM.Config}}' "
                "$(docker network ls -q)",
            ),
            Remedy("Remove it, and create it with another subnet,", "docker network rm NAME"),
            Remedy("or give the swarm's network a subnet that is free on every node."),
            repair=Repair.rebuilding(each.networks[0]),
        )


def _bridge_full(sight: Sight) -> Iterator[Trouble]:
    for each in node_failures(sight.snapshot, (_FULL,)):
        node = each.node.hostname
        yield _trouble(
            each,
            f"docker_gwbridge of {node} has no port left: tasks fail there",
            Remedy(
                f"Count the ports of the bridge on {node}; the kernel allows 1023.",
                "ip -o link show master docker_gwbridge | wc -l",
            ),
            Remedy(
                "If there are far fewer containers, restart the engine there: it clears up what "
                "was left behind.",
                _RESTART,
            ),
            Remedy(
                "Else let no more tasks come to the node.",
                command("docker", "node", "update", "--availability", "pause", each.node.id),
            ),
        )


def _local_pools(sight: Sight) -> Iterator[Trouble]:
    for each in node_failures(sight.snapshot, (_LOCAL_POOLS,)):
        node = each.node.hostname
        yield _trouble(
            each,
            f"{node} has no subnet left for its own bridges: tasks fail there",
            Remedy(f"Remove the networks of {node} that nobody uses,", "docker network prune"),
            Remedy(
                "or give the engine more default-address-pools in /etc/docker/daemon.json.",
                _RESTART,
            ),
        )


def _ingress_left(sight: Sight) -> Iterator[Trouble]:
    for each in node_failures(sight.snapshot, (_LEFTOVER,)):
        node = each.node.hostname
        yield _trouble(
            each,
            f"{node} still carries an ingress that was removed: {each.services} cannot run there",
            Remedy(f"Restart the engine on {node}.", _RESTART),
        )


def _join_failed(sight: Sight) -> Iterator[Trouble]:
    for each in node_failures(sight.snapshot, _ANY, _TOLD_BY_OTHERS):
        node = each.node.hostname
        yield _trouble(
            each,
            f"{node} cannot connect tasks of {each.services} to {each.names}",
            Remedy(
                f"Read the log of the engine on {node}.",
                "journalctl -u docker --since -10min | grep -i sandbox",
            ),
            Remedy("If it tells nothing, restart it.", _RESTART),
        )


def _trouble(
    failure: NodeFailure, title: str, *remedies: Remedy, repair: Repair | None = None
) -> Trouble:
    node = failure.node
    shown = f"{failure.names} ({failure.subnets})" if failure.subnets else failure.names
    return Trouble(
        Subject.node(node),
        title,
        (
            Evidence(f"error of tasks on {node.hostname}", failure.error, "GET /tasks"),
            Evidence("services of these tasks", failure.services, "GET /tasks"),
            Evidence("networks of these tasks", shown or "none", "GET /tasks, /networks"),
        ),
        remedies,
        repair,
        failure.since,
    )


RULES: tuple[Rule, ...] = (
    Rule(
        "vxlan-interface-exists",
        Severity.CRITICAL,
        "A node cannot make the interface of a network",
        "A VXLAN interface with the network's id was left behind on the node, most often by a "
        "crash of its engine. Tasks that are to be on the network fail there.",
        "Delete the interface, or restart the engine of the node.",
        _vxlan_exists,
        lasts_seconds=10,
        references=("moby#28559", "moby#47728", "libnetwork#562", "libnetwork#945"),
    ),
    Rule(
        "node-pool-overlap",
        Severity.CRITICAL,
        "A network of a node is in the way of one of the swarm",
        "The managers do not know what networks a node has for itself. A node with one in the "
        "same range cannot carry the swarm's, and tasks fail there.",
        "Remove the node's own network, or give one of the two another subnet.",
        _pool_overlap,
        lasts_seconds=10,
        references=("moby#50011", "moby#26912"),
    ),
    Rule(
        "bridge-exhausted",
        Severity.CRITICAL,
        "The gateway bridge of a node is full",
        "Every container on an overlay takes a port of docker_gwbridge, unless the overlay is "
        "internal, and a bridge has 1023. Further tasks fail on that node.",
        "Run fewer tasks on the node, or use internal networks where no way out is needed.",
        _bridge_full,
        lasts_seconds=10,
        references=("moby#31100", "moby#44973"),
    ),
    Rule(
        "local-pools-exhausted",
        Severity.CRITICAL,
        "A node has no subnet left for its own networks",
        "The engine found no free range for docker_gwbridge or another bridge of the node: other "
        "networks and routes take all of its local pools. Tasks fail there.",
        "Remove unused networks of the node, or configure more pools.",
        _local_pools,
        lasts_seconds=10,
        references=("for-linux#599",),
    ),
    Rule(
        "ingress-sandbox-left",
        Severity.CRITICAL,
        "A node still carries an ingress network that was removed",
        "When an ingress is removed while tasks are on it, a node may forget to give it up. It "
        "cannot carry the new one then, and rejects tasks that publish ports.",
        "Restart the engine of the node.",
        _ingress_left,
        lasts_seconds=10,
        references=("moby#40184", "moby#24400"),
    ),
    Rule(
        "sandbox-join-failed",
        Severity.CRITICAL,
        "A node cannot connect tasks to their networks",
        "The engine of the node fails to make interfaces or addresses for a container. Its log "
        "tells more than the task does.",
        "Read the log of that engine; a restart of it often helps.",
        _join_failed,
        lasts_seconds=10,
        references=("libnetwork#1765",),
    ),
)
