"""Whether a manager can be spared: the swarm must keep more than half of those that remain."""

from __future__ import annotations

from collections.abc import Iterator

from swarmtui.model import Node, Snapshot
from swarmtui.operations.plan import Refusal


def quorum_refusal(snapshot: Snapshot) -> Refusal | None:
    """Return why the node that is read cannot be spared as a manager; None where it can.

    Demoting takes it out of the managers, so that the majority is of the others alone.
    """
    node = snapshot.node_by_id[snapshot.engine.node_id]
    others = _other_managers(snapshot, node)
    reachable = [each for each in others if _is_reachable(each)]
    if not others:
        words = [each.hostname for each in snapshot.nodes if each.id != node.id and each.is_ready]
        hint = (
            f"Make another node a manager first: docker node promote {words[0]}"
            if words
            else "Let another node join as a manager first: docker swarm join-token manager"
        )
        return Refusal(
            f"{node.hostname} is the only manager",
            ("If it left, the swarm would be lost, with every service in it.",),
            f"{hint}. Wait until docker node ls calls it Reachable, and ask again.",
        )
    least = len(others) // 2 + 1
    if len(reachable) < least:
        away = ", ".join(sorted(each.hostname for each in others if not _is_reachable(each)))
        return Refusal(
            f"The swarm cannot spare {node.hostname}",
            (
                f"{away} cannot be reached. Without {node.hostname}, {len(reachable)} of "
                f"{len(others)} managers would be left, and {least} are needed.",
            ),
            "Bring that manager back, or demote it if it is gone for good, and ask again.",
        )
    return None


def quorum_risks(snapshot: Snapshot, node: Node) -> Iterator[str]:
    """Yield what the managers that remain cannot bear while the node is away."""
    if node.role != "manager":
        return
    others = _other_managers(snapshot, node)
    reachable = [each for each in others if _is_reachable(each)]
    spare = len(reachable) - (len(others) // 2 + 1)
    if spare:
        return
    if len(others) == 1:
        yield (
            f"While {node.hostname} is away, {others[0].hostname} is the only manager: if it is "
            "lost then, the swarm is. Promote another node for that time if you can."
        )
    else:
        yield (
            f"While {node.hostname} is away, none of the {len(others)} managers that remain may "
            "fail: the swarm could not be changed any more, and nothing could come back."
        )


def stand_in(snapshot: Snapshot, node: Node) -> Node | None:
    """Return a manager on which to do what has to be done to a node, the leader before others."""
    others = [each for each in _other_managers(snapshot, node) if _is_reachable(each)]
    return min(others, key=lambda each: (not each.leader, each.hostname), default=None)


def _other_managers(snapshot: Snapshot, node: Node) -> list[Node]:
    return [each for each in snapshot.nodes if each.role == "manager" and each.id != node.id]


def _is_reachable(node: Node) -> bool:
    return node.is_ready and node.reachability == "reachable"
