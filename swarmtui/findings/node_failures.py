"""Tasks that failed on a node for a reason of that node, and that nothing has belied since."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from swarmtui.findings.wording import listed
from swarmtui.model import Network, NetworkId, Node, NodeId, Snapshot, Task, moment

RECENT = timedelta(minutes=10)
"""A failure older than this tells little: the engine may have been restarted since."""

_IDENTITY = re.compile(r"(?:veth|gateway_)?[0-9a-f]{7,64}\b")


@dataclass(frozen=True, slots=True)
class NodeFailure:
    """The tasks that failed on one node.

    Attributes:
        error: What the engine says of the last one, without the ids that differ between tasks.
        networks: That the errors name by subnet; else all that the tasks were to be on.
        since: When the first of those that the engine still remembers failed.
    """

    node: Node
    error: str
    services: str
    networks: tuple[Network, ...]
    since: datetime

    @property
    def names(self) -> str:
        """Return the names of the networks."""
        return listed(each.name for each in self.networks)

    @property
    def subnets(self) -> str:
        """Return the subnets of the networks."""
        return listed(each.cidr for network in self.networks for each in network.subnets)


def node_failures(
    snapshot: Snapshot, words: Sequence[str], besides: Sequence[str] = ()
) -> Iterator[NodeFailure]:
    """Yield the Ready nodes on which tasks failed recently, and no later one came right.

    A later task that runs on the node on the same networks shows that the reason is gone, whichever
    service it is of.

    Args:
        snapshot: The swarm.
        words: Of which the error of a task holds one.
        besides: Of which it holds none.
    """
    by_node: dict[NodeId, list[Task]] = {}
    for task in snapshot.failed_tasks:
        if _holds(task.error, words) and not _holds(task.error, besides):
            by_node.setdefault(task.node_id, []).append(task)
    if not by_node:
        return
    oldest = (snapshot.tasks_at or snapshot.taken_at) - RECENT
    starts = _last_starts(snapshot, by_node)
    for node in snapshot.nodes:
        tasks = [
            (failed, task)
            for task in by_node.get(node.id, ())
            if (failed := moment(task.since)) and failed >= oldest and node.is_ready
            if _still_counts(snapshot, task, failed, starts)
        ]
        if tasks:
            _, newest = max(tasks, key=lambda each: each[0])
            yield NodeFailure(
                node,
                _IDENTITY.sub("…", newest.error),
                listed(sorted({snapshot.service_name(task) for _, task in tasks})),
                tuple(_networks_of(snapshot, [task for _, task in tasks])),
                min(failed for failed, _ in tasks),
            )


def _holds(error: str, words: Sequence[str]) -> bool:
    return any(each in error for each in words)


def _last_starts(
    snapshot: Snapshot, nodes: Collection[NodeId]
) -> Mapping[tuple[NodeId, NetworkId], datetime]:
    """Return when a task began to run on a node and a network, the last time."""
    found: dict[tuple[NodeId, NetworkId], datetime] = {}
    for task in snapshot.tasks:
        if task.state == "running" and task.node_id in nodes and (began := moment(task.since)):
            for each in task.attachments:
                key = (task.node_id, each.network_id)
                found[key] = max(found.get(key, began), began)
    return found


def _still_counts(
    snapshot: Snapshot,
    task: Task,
    failed: datetime,
    starts: Mapping[tuple[NodeId, NetworkId], datetime],
) -> bool:
    """Tell whether the networks of a task are all there, and one of them has not worked since."""
    networks = [each.network_id for each in task.attachments]
    works = [(began := starts.get((task.node_id, each))) and began > failed for each in networks]
    return all(each in snapshot.network_by_id for each in networks) and not all(works)


def _networks_of(snapshot: Snapshot, tasks: Iterable[Task]) -> Iterator[Network]:
    named: dict[NetworkId, bool] = {}
    for task in tasks:
        for each in task.attachments:
            subnets = snapshot.network_by_id[each.network_id].subnets
            is_named = any(subnet.cidr in task.error for subnet in subnets)
            named[each.network_id] = named.get(each.network_id, False) or is_named
    for network_id, is_named in named.items():
        if is_named or not any(named.values()):
            yield snapshot.network_by_id[network_id]
