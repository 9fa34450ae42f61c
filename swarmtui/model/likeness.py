"""Whether two snapshots tell the same of the swarm, however far apart they were taken."""

from __future__ import annotations

from swarmtui.model.inspection import Inspection
from swarmtui.model.snapshot import Snapshot


def is_alike(before: Snapshot, now: Snapshot) -> bool:
    """Tell whether nothing but times differs, at little cost: what is unchanged is kept as it is.

    Lists are compared by identity, so that equal ones that were read anew count as changed.
    """
    return (
        before.engine == now.engine
        and before.cluster == now.cluster
        and before.tasks is now.tasks
        and before.services is now.services
        and before.nodes is now.nodes
        and before.networks is now.networks
        and before.leftovers == now.leftovers
        and before.problems == now.problems
        and before.inspections.keys() == now.inspections.keys()
        and all(
            _is_same_view(before.inspections[network_id], view)
            for network_id, view in now.inspections.items()
        )
    )


def _is_same_view(before: Inspection, now: Inspection) -> bool:
    return before is now or (
        before.peers is now.peers
        and before.endpoints is now.endpoints
        and before.services is now.services
        and before.reported is now.reported
    )
