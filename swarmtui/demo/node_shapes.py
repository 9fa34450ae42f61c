"""Nodes and the cluster as JSON."""

from __future__ import annotations

from swarmtui.demo.records import Json, Node
from swarmtui.demo.service_shapes import meta
from swarmtui.demo.timestamps import ZERO_TIME
from swarmtui.demo.world import TASK_HISTORY_LIMIT, World

CPUS = 4
MEMORY_BYTES = 16 << 30

LOG_DRIVERS = (
    "awslogs",
    "fluentd",
    "gcplogs",
    "gelf",
    "journald",
    "json-file",
    "local",
    "splunk",
    "syslog",
)
NETWORK_DRIVERS = ("bridge", "host", "ipvlan", "macvlan", "null", "overlay")

# No real certificate: nobody should take a demonstration for a swarm to join.
_TLS_INFO = {
    "TrustRoot": "-----BEGIN CERTIFICATE-----\nc3dhcm10dWkgZGVtbw==\n-----END CERTIFICATE-----\n",
    "CertIssuerSubject": "MBMxETAPBgNVBAMTCHN3YXJtLWNh",
    "CertIssuerPublicKey": "c3dhcm10dWkgZGVtbw==",
}


def node_shape(world: World, node: Node) -> Json:
    """Return a node."""
    plugins = [
        {"Type": kind, "Name": name}
        for kind, names in (
            ("Log", LOG_DRIVERS),
            ("Network", NETWORK_DRIVERS),
            ("Volume", ("local",)),
        )
        for name in names
    ]
    shape = meta(world, node) | {
        "Spec": {
            "Labels": node.labels,
            "Role": node.role,
            "Availability": node.availability,
        },
        "Description": {
            "Hostname": node.hostname,
            "Platform": {"Architecture": "x86_64", "OS": node.os},
            "Resources": {"NanoCPUs": CPUS * 10**9, "MemoryBytes": MEMORY_BYTES},
            "Engine": {
                "EngineVersion": node.engine_version or world.release.version,
                "Plugins": plugins,
            },
            "TLSInfo": _TLS_INFO,
        },
        "Status": {
            "State": "down" if node.down else "ready",
            **({"Message": "heartbeat failure"} if node.down else {}),
            "Addr": node.address,
        },
    }
    if node.is_manager:
        shape["ManagerStatus"] = {
            **({"Leader": True} if node.leader else {}),
            "Reachability": "unreachable" if node.down else "reachable",
            "Addr": f"{node.address}:2377",
        }
    return shape


def cluster_shape(world: World) -> Json:
    """Return the swarm as `/info` tells it, without join tokens."""
    return meta(world, world.cluster) | {
        "Spec": {
            "Name": "default",
            "Labels": {},
            "Orchestration": {"TaskHistoryRetentionLimit": TASK_HISTORY_LIMIT},
            "Raft": {
                "SnapshotInterval": 10000,
                "KeepOldSnapshots": 0,
                "LogEntriesForSlowFollowers": 500,
                "ElectionTick": 10,
                "HeartbeatTick": 1,
            },
            "Dispatcher": {"HeartbeatPeriod": 5_000_000_000},
            "CAConfig": {"NodeCertExpiry": 7_776_000_000_000_000},
            "TaskDefaults": {},
            "EncryptionConfig": {"AutoLockManagers": False},
        },
        "TLSInfo": _TLS_INFO,
        "RootRotationInProgress": False,
        "DefaultAddrPool": [str(pool) for pool in world.pools.pools],
        "SubnetSize": world.pools.subnet_size,
        "DataPathPort": world.data_path_port,
    }


def unknown_cluster_shape() -> Json:
    """Return the swarm as `/info` tells it when there is no leader to ask."""
    return {
        "ID": "",
        "Version": {},
        "CreatedAt": ZERO_TIME,
        "UpdatedAt": ZERO_TIME,
        "Spec": {
            "Labels": None,
            "Orchestration": {},
            "Raft": {"ElectionTick": 0, "HeartbeatTick": 0},
            "Dispatcher": {},
            "CAConfig": {},
            "TaskDefaults": {},
            "EncryptionConfig": {"AutoLockManagers": False},
        },
        "TLSInfo": {},
        "RootRotationInProgress": False,
        "DefaultAddrPool": None,
        "SubnetSize": 0,
        "DataPathPort": 0,
    }


def swarm_shape(world: World) -> Json:
    """Return the answer to `GET /swarm`, with tokens that let nobody join."""
    tokens = {"Worker": "SWMTKN-redacted", "Manager": "SWMTKN-redacted"}
    return cluster_shape(world) | {"JoinTokens": tokens}
