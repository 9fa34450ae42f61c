"""Nodes of a generated swarm, and its engine, in the shapes of an engine of 29.1."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from tests.benchmarks.swarms import GeneratedSwarm, Node

ENGINE, API = "29.1.0", "1.52"
_START = datetime(2026, 11, 1, tzinfo=UTC)


def node_object(node: Node, *, leader: bool) -> dict[str, object]:
    """Return a node."""
    told: dict[str, object] = {
        "ID": node.id,
        "Version": {"Index": 20},
        "CreatedAt": written_at(0),
        "UpdatedAt": written_at(20),
        "Spec": {
            "Labels": {"zone": f"zone-{node.peer[0]}"},
            "Role": "manager" if node.manager else "worker",
            "Availability": "active",
        },
        "Description": {
            "Hostname": node.name,
            "Platform": {"Architecture": "x86_64", "OS": "linux"},
            "Resources": {"NanoCPUs": 16_000_000_000, "MemoryBytes": 67_430_301_696},
            "Engine": {
                "EngineVersion": ENGINE,
                "Plugins": [
                    {"Type": kind, "Name": name}
                    for kind, names in (
                        ("Log", ("awslogs", "fluentd", "gelf", "journald", "json-file", "syslog")),
                        ("Network", ("bridge", "host", "ipvlan", "macvlan", "null", "overlay")),
                        ("Volume", ("local",)),
                    )
                    for name in names
                ],
            },
        },
        "Status": {"State": "ready", "Addr": node.address},
    }
    if node.manager:
        address = f"{node.address}:2377"
        told["ManagerStatus"] = {"Reachability": "reachable", "Addr": address}
        if leader:
            told["ManagerStatus"] = {"Leader": True, "Reachability": "reachable", "Addr": address}
    return told


def engine_object(swarm: GeneratedSwarm) -> dict[str, object]:
    """Return what the engine of the first node says of itself and of its swarm."""
    here = swarm.nodes[0]
    managers = [node for node in swarm.nodes if node.manager]
    return {
        "ID": "c58c4c07-df6b-4c68-a14c-4bd240bf9933",
        "Name": here.name,
        "ServerVersion": ENGINE,
        "OperatingSystem": "Debian GNU/Linux 12 (bookworm)",
        "Swarm": {
            "NodeID": here.id,
            "NodeAddr": here.address,
            "LocalNodeState": "active",
            "ControlAvailable": True,
            "Error": "",
            "RemoteManagers": [
                {"NodeID": node.id, "Addr": f"{node.address}:2377"} for node in managers
            ],
            "Nodes": len(swarm.nodes),
            "Managers": len(managers),
            "Cluster": {
                "ID": swarm.cluster_id,
                "Version": {"Index": 10},
                "CreatedAt": written_at(0),
                "UpdatedAt": written_at(10),
                "Spec": {"Name": "default", "Labels": {}},
                "RootRotationInProgress": False,
                "DefaultAddrPool": ["10.0.0.0/8"],
                "SubnetSize": 24,
                "DataPathPort": 4789,
            },
        },
    }


def version_object() -> dict[str, object]:
    """Return what the engine says before anything is agreed."""
    return {
        "Version": ENGINE,
        "ApiVersion": API,
        "MinAPIVersion": "1.44",
        "Os": "linux",
        "Arch": "amd64",
    }


def written_at(version: int) -> str:
    """Return when a version was written: one every second."""
    moment = _START + timedelta(seconds=version)
    return f"{moment.isoformat()[:19]}.{version % 1000:03}548675Z"
