"""A snapshot as one JSON document, for programs."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING, Any

from swarmtui.addressing import SubnetUse, endpoints, ledger, pool_usage, usage
from swarmtui.model import (
    PeerState,
    Standing,
    carrying_nodes,
)

if TYPE_CHECKING:
    from swarmtui.findings import Finding
    from swarmtui.model import (
        CarryingNode,
        Network,
        Node,
        Problem,
        PublishedPort,
        Service,
        Snapshot,
    )

SCHEMA = 1


def document_json(snapshot: Snapshot, findings: Iterable[Finding] = ()) -> str:
    """Return the document as indented JSON."""
    return json.dumps(document(snapshot, findings), indent=2, ensure_ascii=False)


def findings_json(findings: Iterable[Finding], taken_at: datetime) -> str:
    """Return findings alone as indented JSON."""
    told = {
        "schema": SCHEMA,
        "taken_at": taken_at.isoformat(),
        "findings": [_finding(each) for each in findings],
    }
    return json.dumps(told, indent=2, ensure_ascii=False)


def document(snapshot: Snapshot, findings: Iterable[Finding] = ()) -> dict[str, Any]:
    """Return a snapshot as plain data; its schema only grows while `schema` stays the same.

    Environments, secrets and join tokens are never part of it.
    """
    engine = snapshot.engine
    return {
        "schema": SCHEMA,
        "taken_at": snapshot.taken_at.isoformat(),
        "engine": {
            "version": engine.version,
            "api": engine.api,
            "node": engine.name,
            "role": str(engine.standing),
            "managers": [each.address for each in engine.managers],
        },
        "nodes": [_node(each) for each in snapshot.nodes],
        "services": [_service(snapshot, each) for each in snapshot.services],
        "networks": _networks(snapshot),
        "endpoints": _endpoints(snapshot),
        "ledger": [_totals(snapshot, each) for each in snapshot.networks if each.is_swarm],
        "pools": [
            {
                "cidr": pool.cidr,
                "block_size": pool.block_prefix,
                "blocks": pool.blocks,
                "used": pool.used,
                "free": pool.free,
            }
            for pool in pool_usage(snapshot)
        ],
        "findings": [_finding(each) for each in findings],
        "problems": [_problem(each) for each in snapshot.problems],
    }


def _finding(finding: Finding) -> dict[str, Any]:
    trouble, subject = finding.trouble, finding.subject
    return {
        "code": finding.code,
        "severity": str(finding.severity),
        "subject": {"kind": str(subject.kind), "name": subject.name, "id": subject.id},
        "title": finding.title,
        "evidence": [
            {"what": each.what, "value": each.value, "source": each.source}
            for each in trouble.evidence
        ],
        "remedy": [
            {"words": step.words, "command": step.command or None} for step in trouble.remedy
        ],
        "references": list(finding.rule.references),
    }


def _node(node: Node) -> dict[str, Any]:
    return {
        "id": node.id,
        "hostname": node.hostname,
        "role": node.role,
        "leader": node.leader,
        "reachability": node.reachability or None,
        "state": node.state,
        "availability": node.availability,
        "address": node.address,
        "engine_version": node.engine_version,
    }


def _service(snapshot: Snapshot, service: Service) -> dict[str, Any]:
    by_id = snapshot.network_by_id
    return {
        "id": service.id,
        "name": service.name,
        "mode": service.mode,
        "replicas": service.replicas,
        "running": service.running,
        "desired": service.desired,
        "endpoint_mode": service.endpoint_mode,
        "networks": [
            by_id[key].name if key in by_id else key for key in snapshot.networks_of(service)
        ],
        "virtual_ips": [
            {
                "network": by_id[each.network_id].name
                if each.network_id in by_id
                else each.network_id,
                "address": each.address or None,
            }
            for each in service.virtual_ips
        ],
        "ports": [_port(each) for each in service.ports],
        "update_state": service.update_state or None,
    }


def _port(port: PublishedPort) -> dict[str, Any]:
    return {
        "protocol": port.protocol,
        "published": port.published or None,
        "target": port.target,
        "mode": port.mode,
    }


def _networks(snapshot: Snapshot) -> list[dict[str, Any]]:
    uses = usage(snapshot)
    found = []
    for network in snapshot.networks:
        use = uses.get(network.id)
        subnets = use.subnets if use else tuple(SubnetUse(each, 0) for each in network.subnets)
        found.append(_network(snapshot, network, subnets))
    return found


def _network(
    snapshot: Snapshot, network: Network, subnets: tuple[SubnetUse, ...]
) -> dict[str, Any]:
    carrying = carrying_nodes(snapshot, network)
    inspection = snapshot.inspections.get(network.id)
    return {
        "id": network.id,
        "name": network.name,
        "driver": network.driver,
        "scope": network.scope,
        "allocated": network.is_allocated,
        "subnets": [_subnet(each) for each in subnets],
        "encrypted": network.is_encrypted,
        "mtu": network.outer_mtu if network.is_overlay else network.mtu_option,
        "vxlan_ids": list(network.vxlan_ids),
        "ingress": network.ingress,
        "attachable": network.attachable,
        "internal": network.internal,
        "stack": network.stack or None,
        "peers": [_peer(each) for each in carrying if each.state is PeerState.CARRIES],
        "missing_peers": [_peer(each) for each in carrying if each.state is PeerState.MISSING],
        "peers_known": inspection is not None and inspection.peers is not None,
    }


def _subnet(use: SubnetUse) -> dict[str, Any]:
    return {
        "cidr": use.subnet.cidr,
        "gateway": use.subnet.gateway or None,
        "used": use.used,
        "wanted": use.wanted,
        "capacity": use.capacity or None,
        "free": use.free,
        "source": str(use.source),
    }


def _totals(snapshot: Snapshot, network: Network) -> dict[str, Any]:
    """Return how many addresses of a network are held by whom, and both counts of them."""
    found = ledger(snapshot, network)
    use = found.use
    return {
        "network": network.name,
        "id": network.id,
        "capacity": use.capacity or None,
        "computed": use.computed,
        "reported": use.reported,
        "wanted": use.wanted,
        "free": use.free,
        "source": str(use.source),
        "holders": dict(sorted(Counter(str(each.kind) for each in found.holders).items())),
    }


def _peer(peer: CarryingNode) -> dict[str, Any]:
    return {"address": peer.address, "node": peer.node.hostname if peer.node else None}


def _endpoints(snapshot: Snapshot) -> list[dict[str, Any]]:
    swarm_only = snapshot.engine.standing in (Standing.MANAGER, Standing.NO_LEADER)
    return [
        {
            "network": network.name,
            "address": each.address or None,
            "mac": each.mac or None,
            "kind": str(each.kind),
            "name": each.name,
            "service": each.service or None,
            "node": each.node or None,
            "state": each.state or None,
        }
        for network in snapshot.networks
        if network.is_swarm or not swarm_only
        for each in endpoints(snapshot, network)
    ]


def _problem(problem: Problem) -> dict[str, Any]:
    since = problem.stale_since
    return {
        "part": problem.part,
        "subject": problem.subject or None,
        "text": problem.text,
        "stale_since": since.isoformat() if since else None,
    }
