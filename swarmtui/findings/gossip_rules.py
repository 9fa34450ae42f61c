"""What this node has heard of others' endpoints by gossip, against what the managers know."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from swarmtui.findings.finding import (
    Evidence,
    Remedy,
    Rule,
    Severity,
    Sight,
    Subject,
    Trouble,
)
from swarmtui.findings.wording import SHOWN, command, commands, listed
from swarmtui.model import (
    GossipTask,
    Inspection,
    Network,
    Node,
    PeerState,
    Snapshot,
    Task,
    TaskId,
    carrying_nodes,
    moment,
    without_task_id,
)

SPREAD = timedelta(seconds=30)
"""After this time everybody has heard of a task: nodes compare all that they know as often."""

AT_ONCE = timedelta(seconds=5)
"""Tasks and gossip that were read so close to one another can be compared."""


def _stale(sight: Sight) -> Iterator[Trouble]:
    snapshot = sight.snapshot
    if not sight.understands("tasks"):
        return
    existing = {service.name for service in snapshot.services}
    for network, inspection in _heard(snapshot):
        stale = list(_stale_entries(snapshot, network, inspection))
        if not stale:
            continue
        names = dict.fromkeys(service for service, _, _ in stale if service)
        services = [name for name in names if name in existing]
        hosts = dict.fromkeys(entry.host_address for _, entry, _ in stale if entry.host_address)
        own = snapshot.engine.name
        begun = [since for _, _, since in stale if since]
        yield Trouble(
            Subject.network(network),
            f"{own} sends traffic on {network.name} to {listed(_shown(e) for _, e, _ in stale)}, "
            "which is gone",
            (
                Evidence(
                    f"endpoints of {network.name} that {own} knows and no live task has",
                    listed(sorted(_shown(entry) for _, entry, _ in stale)),
                    _VERBOSE,
                ),
                Evidence("told by the nodes at", listed(sorted(hosts)) or "none", _VERBOSE),
                Evidence("live tasks with these ids or addresses", "none", "GET /tasks"),
            ),
            (
                *(
                    (Remedy("Replace the tasks of these services.", _forcing(services)),)
                    if services
                    else ()
                ),
                Remedy(
                    f"If the entries stay, restart the engine of {own}, and of whichever node "
                    "still tells of them.",
                    "systemctl restart docker",
                ),
                Remedy(
                    "If one of them was removed from the swarm and still runs, have it leave.",
                    "docker swarm leave",
                ),
            ),
            since=min(begun, default=None) if len(begun) == len(stale) else None,
        )


def _missing(sight: Sight) -> Iterator[Trouble]:
    snapshot = sight.snapshot
    for network, inspection in _heard(snapshot):
        tasks = list(_unheard(snapshot, network, inspection))
        if not tasks:
            continue
        services = list(dict.fromkeys(map(snapshot.service_name, tasks)))
        own = snapshot.engine.name
        names = listed(sorted(map(snapshot.task_name, tasks)))
        nodes = listed(sorted({snapshot.node_name(task.node_id) for task in tasks}))
        yield Trouble(
            Subject.network(network),
            f"{own} has not heard of {names} on {network.name}: no traffic goes there from it",
            (
                Evidence(f"tasks that run on {network.name} for long", names, "GET /tasks"),
                Evidence("nodes that run them", nodes, "GET /tasks"),
                Evidence(f"their endpoints as {own} knows them", "none", _VERBOSE),
            ),
            (
                Remedy("Replace the tasks, so that they are told of anew.", _forcing(services)),
                Remedy("If it comes back, upgrade engines 29.0 to 29.7.2: they lose entries."),
            ),
        )


def _peers_missing(sight: Sight) -> Iterator[Trouble]:
    snapshot = sight.snapshot
    addresses = {node.id: node.addresses for node in snapshot.nodes}
    for network, inspection in _inspected(snapshot):
        holders = snapshot.live_tasks_by_network.get(network.id, ())
        peers = {peer.address for peer in inspection.peers or ()}
        busy = snapshot.busy_nodes_by_network.get(network.id, ())
        # Cheap and mostly so; to find out who is missing takes long where tasks are many.
        all_seen = all(not peers.isdisjoint(addresses.get(each, ())) for each in busy)
        if network.ingress or all_seen:
            continue
        settled = {task.node_id for task, _ in holders if _has_settled(task, inspection)}
        missing = [node for node in _missing_nodes(snapshot, network) if node.id in settled]
        if not missing:
            continue
        own, names = snapshot.engine.name, listed(node.hostname for node in missing)
        yield Trouble(
            Subject.network(network),
            f"{own} does not see {names} on {network.name}: containers there are out of reach",
            (
                Evidence(
                    f"peers of {network.name} as {own} knows them", listed(sorted(peers)), _VERBOSE
                ),
                Evidence("Ready nodes that run its tasks and are not among them", names, _TASKS),
                Evidence("their addresses", listed(node.address for node in missing), "GET /nodes"),
            ),
            (
                Remedy(
                    f"Look from {own} whether port 7946 of these nodes answers, by TCP and UDP.",
                    commands(
                        [
                            command("nc", flags, node.address, "7946")
                            for node in missing[:3]
                            for flags in ("-vz", "-vzu")
                        ]
                    ),
                ),
                Remedy(
                    "Open it between all nodes; the data path needs UDP "
                    f"{snapshot.data_path_port} too."
                ),
                Remedy("If it is open, restart the engine of these nodes.", _RESTART),
            ),
        )


_VERBOSE = "GET /networks/ID?verbose=true"
_TASKS = "GET /nodes, /tasks"
_RESTART = "systemctl restart docker"


def _inspected(snapshot: Snapshot) -> Iterator[tuple[Network, Inspection]]:
    """Yield the overlays that this node carries, and what it knows of them."""
    for network in snapshot.networks:
        inspection = snapshot.inspections.get(network.id)
        if network.is_overlay and inspection is not None and inspection.peers is not None:
            yield network, inspection


def _heard(snapshot: Snapshot) -> Iterator[tuple[Network, Inspection]]:
    """Yield the overlays of which this node has heard of any endpoint at all."""
    return (each for each in _inspected(snapshot) if each[1].services)


def _stale_entries(
    snapshot: Snapshot, network: Network, inspection: Inspection
) -> Iterator[tuple[str, GossipTask, datetime | None]]:
    """Yield entries of tasks that are gone, with their services, and since when if that is known.

    A task that is not known at all is gone only if it cannot be younger than the list of tasks.
    """
    holders = snapshot.task_by_address(network.id)
    tasks_at = snapshot.tasks_at or snapshot.taken_at
    close = abs(inspection.taken_at - tasks_at) <= AT_ONCE
    for service in inspection.services:
        for entry in service.tasks:
            holder = holders.get(entry.address)
            if holder is not None and entry.name.endswith(holder.id):
                continue
            if not service.name and entry.name == f"{network.name}-endpoint":
                continue
            task = snapshot.task_by_id.get(TaskId(entry.name.rpartition(".")[2]))
            ended = moment(task.since) if task is not None and not task.is_live else None
            if ended is not None and inspection.taken_at - ended >= SPREAD:
                yield service.name, entry, ended
            elif task is None and close and holder is None:
                yield service.name, entry, None


def _unheard(snapshot: Snapshot, network: Network, inspection: Inspection) -> Iterator[Task]:
    """Yield tasks that have run for long on nodes which this one sees, and has not heard of."""
    tasks_at = snapshot.tasks_at or snapshot.taken_at
    if inspection.taken_at - tasks_at > AT_ONCE:
        return
    heard = {entry.address for service in inspection.services for entry in service.tasks}
    heard.update(local.address for local in inspection.endpoints)
    if snapshot.task_by_address(network.id).keys() <= heard:
        return
    unheard = [
        task
        for task, addresses in snapshot.live_tasks_by_network.get(network.id, ())
        if addresses and heard.isdisjoint(addresses) and _has_settled(task, inspection)
    ]
    unseen = {node.id for node in _missing_nodes(snapshot, network)} if unheard else set()
    for task in unheard:
        node = snapshot.node_by_id.get(task.node_id)
        if node is not None and node.is_ready and node.id not in unseen:
            yield task


def _has_settled(task: Task, inspection: Inspection) -> bool:
    if (task.state, task.desired_state) != ("running", "running"):
        return False
    since = moment(task.since)
    return since is not None and inspection.taken_at - since >= SPREAD


def _missing_nodes(snapshot: Snapshot, network: Network) -> list[Node]:
    found = carrying_nodes(snapshot, network)
    return [each.node for each in found if each.state is PeerState.MISSING and each.node]


def _shown(entry: GossipTask) -> str:
    """Return an endpoint by its name, without the task's id, and its address."""
    return f"{without_task_id(entry.name)} {entry.address}"


def _forcing(services: list[str]) -> str:
    words = ("docker", "service", "update", "--force")
    return commands([command(*words, name) for name in services[:SHOWN]])


RULES: tuple[Rule, ...] = (
    Rule(
        "gossip-stale",
        Severity.WARNING,
        "A node knows endpoints that are gone",
        "The node balances a part of the traffic to addresses where nobody answers, or somebody "
        "else does. Such entries stay behind when an engine crashes, or when a node that was "
        "removed from the swarm still runs. Seen is the node that is read, others may differ.",
        "Replace the tasks of the service; restart the engines that keep the entries.",
        _stale,
        lasts_seconds=30,
        references=("moby#35548", "moby#28836", "moby#47728"),
    ),
    Rule(
        "gossip-missing",
        Severity.CRITICAL,
        "A node has not heard of a task",
        "The task runs, but its name does not resolve on the node that is read, nor does the "
        "balancing there reach it. After a short break of the connection engines may forget to "
        "tell one another again.",
        "Replace the tasks of the service; upgrade the engine.",
        _missing,
        lasts_seconds=30,
        references=("moby#53141", "moby#30972"),
    ),
    Rule(
        "peers-missing",
        Severity.CRITICAL,
        "A node that runs tasks of a network is not seen on it",
        "The managers reach the node, the other nodes do not: no traffic of the network goes "
        "between it and the node that is read. Most often port 7946 is blocked between them.",
        "Open port 7946, TCP and UDP, between all nodes.",
        _peers_missing,
        lasts_seconds=30,
        references=("moby#30972",),
    ),
)
