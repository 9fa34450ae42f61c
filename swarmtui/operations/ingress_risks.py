"""What replacing the ingress costs, and what may go wrong with it."""

from __future__ import annotations

from collections.abc import Sequence

from swarmtui.findings import encryption_defects, replaces_ingress
from swarmtui.model import Snapshot
from swarmtui.operations.definition import Definition
from swarmtui.operations.plan import Publisher


def engine_faults(snapshot: Snapshot) -> tuple[str, ...]:
    """Return why some node's engine is too old for replacing the ingress (engine-facts D.3)."""
    old = [
        f"{node.hostname} runs engine {node.engine_version}"
        for node in snapshot.nodes
        if not replaces_ingress(node.engine_version)
    ]
    return tuple(f"{words}; releasing an ingress needs 17.05." for words in old)


def ingress_risks(
    snapshot: Snapshot, publishers: Sequence[Publisher], target: Definition | None
) -> tuple[str, ...]:
    """Return what a person should know before confirming."""
    found: list[str] = []
    versions = sorted({node.engine_version for node in snapshot.nodes})
    if len(versions) > 1:
        found.append(
            f"Nodes run different engines ({', '.join(versions)}): releasing the old ingress is "
            "safest when all are alike."
        )
    away = sorted(node.hostname for node in snapshot.nodes if not node.is_ready)
    if away:
        found.append(
            f"{', '.join(away)} cannot be reached, and the old ingress stays there until then; "
            "afterwards run: swarmtui ingress repair"
        )
    managers = [node for node in snapshot.nodes if node.role == "manager"]
    if len(managers) % 2 == 0:
        found.append(
            f"{len(managers)} managers tolerate no more failures than {len(managers) - 1} would; "
            "without a leader the operation stops and waits for you."
        )
    found += _service_risks(snapshot, publishers)
    if target is not None and target.is_encrypted:
        found += encryption_defects(snapshot)
    return tuple(found)


def _service_risks(snapshot: Snapshot, publishers: Sequence[Publisher]) -> list[str]:
    found: list[str] = []
    for each in publishers:
        service = snapshot.service_by_id.get(each.service_id)
        if service is None:
            continue
        wanted = snapshot.wanted_tasks(service)
        if service.is_job:
            found.append(f"{service.name} is a job: it runs again, twice.")
        elif each.running < wanted:
            found.append(
                f"{service.name} runs {each.running} of {wanted} tasks now; "
                "as many are waited for afterwards."
            )
        if service.update_policy.on_failure == "rollback":
            found.append(
                f"{service.name} rolls back by itself when an update fails; its ports would come "
                "back too early, and the operation would stop before it removes anything."
            )
    others = [
        service.name
        for service in snapshot.services
        if service.update_state in ("updating", "rollback_started")
        and not service.publishes_on_ingress
    ]
    if others:
        found.append(f"Updates are under way elsewhere: {', '.join(sorted(others))}.")
    return found
