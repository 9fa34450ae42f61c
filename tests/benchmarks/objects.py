"""The objects of a generated swarm in the shapes of an engine of 29.1.

The shapes are those of `tests/captures` in full, secrets apart: also what swarmtui never reads.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any

import msgspec

from tests.benchmarks.swarms import (
    INGRESS,
    SHARED,
    GeneratedSwarm,
    Net,
    Node,
    Service,
    Task,
    dotted,
)

ENGINE, API = "29.1.0", "1.52"
_START = datetime(2026, 11, 1, tzinfo=UTC)


def task_object(
    swarm: GeneratedSwarm, task: Task, attached: Sequence[msgspec.Raw]
) -> dict[str, object]:
    """Return a task; `attached` holds each network as an attachment repeats it."""
    service = swarm.services[task.service]
    status: dict[str, object] = {
        "Timestamp": _time(task.version),
        "State": task.state,
        "Message": {"running": "started"}.get(task.state, task.state),
        "ContainerStatus": {
            "ContainerID": task.container,
            "PID": 0 if not task.is_live else 1000 + task.version % 30_000,
            "ExitCode": int(task.state == "failed"),
        },
        "PortStatus": {},
    }
    if task.state == "failed":
        status["Err"] = "task: non-zero exit (1)"
    return {
        "ID": task.id,
        "Version": {"Index": task.version},
        "CreatedAt": _time(task.version - 3),
        "UpdatedAt": _time(task.version),
        "Labels": {},
        "Spec": _template(swarm, service),
        "ServiceID": service.id,
        "Slot": task.slot,
        "NodeID": swarm.nodes[task.node].id,
        "Status": status,
        "DesiredState": "running" if task.is_live else "shutdown",
        "NetworksAttachments": [
            {
                "Network": attached[place],
                "Addresses": [swarm.networks[place].cidr(address)],
            }
            for place, address in zip(service.networks, task.addresses, strict=True)
        ],
        "Volumes": None,
    }


def _template(swarm: GeneratedSwarm, service: Service) -> dict[str, object]:
    stack, _, role = service.name.partition("_")
    digest = sha256(role.encode()).hexdigest()
    return {
        "ContainerSpec": {
            "Image": f"registry.example.com/{stack}/{role}:4.2@sha256:{digest}",
            "Labels": {"com.docker.stack.namespace": stack},
            "Env": [
                f"DATABASE_URL=postgres://{stack}_db:5432/{stack}",
                f"CACHE_URL=redis://{stack}_cache:6379/0",
                "LOG_LEVEL=info",
                f"OTEL_SERVICE_NAME={service.name}",
                "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin",
                "TZ=Europe/Berlin",
            ],
            "Privileges": {"CredentialSpec": None, "SELinuxContext": None},
            "Mounts": [{"Type": "volume", "Source": f"{service.name}-files", "Target": "/srv"}],
            "StopGracePeriod": 10_000_000_000,
            "DNSConfig": {},
            "Isolation": "default",
        },
        "Resources": {
            "Limits": {"MemoryBytes": 536_870_912},
            "Reservations": {"NanoCPUs": 100_000_000},
        },
        "RestartPolicy": {"Condition": "any", "Delay": 5_000_000_000, "MaxAttempts": 0},
        "Placement": {"Platforms": [{"Architecture": "amd64", "OS": "linux"}]},
        "Networks": [
            {"Target": swarm.networks[place].id, "Aliases": [role]}
            for place in service.networks
            if place
        ],
        "ForceUpdate": 0,
        "Runtime": "container",
    }


def service_object(swarm: GeneratedSwarm, service: Service) -> dict[str, object]:
    """Return a service with its status."""
    states = [task.state for task in service.live.values()]
    spec: dict[str, Any] = {"Mode": "vip"}
    if service.published:
        spec["Ports"] = [
            {
                "Protocol": "tcp",
                "TargetPort": 80,
                "PublishedPort": service.published,
                "PublishMode": "ingress",
            }
        ]
    places = zip(service.networks, service.virtual_ips, strict=True)
    return {
        "ID": service.id,
        "Version": {"Index": service.version},
        "CreatedAt": _time(service.version),
        "UpdatedAt": _time(service.version),
        "Spec": {
            "Name": service.name,
            "Labels": {"com.docker.stack.namespace": service.name.partition("_")[0]},
            "TaskTemplate": _template(swarm, service),
            "Mode": {"Replicated": {"Replicas": len(states)}},
            "UpdateConfig": {
                "Parallelism": 1,
                "FailureAction": "pause",
                "Monitor": 5_000_000_000,
                "MaxFailureRatio": 0,
                "Order": "stop-first",
            },
            "EndpointSpec": spec,
        },
        "Endpoint": {
            "Spec": spec,
            **({"Ports": spec["Ports"]} if service.published else {}),
            "VirtualIPs": [
                {"NetworkID": swarm.networks[place].id, "Addr": swarm.networks[place].cidr(address)}
                for place, address in places
            ],
        },
        "ServiceStatus": {
            "RunningTasks": states.count("running"),
            "DesiredTasks": len(states),
            "CompletedTasks": 0,
        },
    }


def gossip(swarm: GeneratedSwarm, service: Service, position: int) -> bytes:
    """Return what gossip tells of a service on one network, as a member of an object."""
    entries = [
        {
            "Name": f"{service.name}.{task.slot}.{task.id}",
            "EndpointID": task.container[::-1],
            "EndpointIP": dotted(task.addresses[position]),
            "Info": {"Host IP": swarm.nodes[task.node].address},
        }
        for task in service.live.values()
        if task.state == "running"
    ]
    ports = [f"Target: 80, Publish: {service.published}"] if service.published else []
    told = {
        "VIP": dotted(service.virtual_ips[position]),
        "Ports": ports if service.networks[position] == 0 else [],
        "LocalLBIndex": 256,
        "Tasks": entries,
    }
    return msgspec.json.encode(service.name) + b":" + msgspec.json.encode(told)


def attached(net: Net) -> dict[str, object]:
    """Return a network as each attachment of each task repeats it."""
    asked: dict[str, object] = {"Driver": {"Name": "default"}}
    if net.name in (INGRESS, SHARED):
        asked["Configs"] = [_range(net)]
    ingress = {"Ingress": True} if net.name == INGRESS else {}
    return {
        "ID": net.id,
        "Version": {"Index": net.version},
        "CreatedAt": _time(net.version),
        "UpdatedAt": _time(net.version),
        "Spec": {
            "Name": net.name,
            "Labels": {},
            "DriverConfiguration": {"Name": "overlay"},
            **ingress,
            "IPAMOptions": asked,
            "Scope": "swarm",
        },
        "DriverState": {"Name": "overlay", "Options": _options(net)},
        "IPAMOptions": {"Driver": {"Name": "default"}, "Configs": [_range(net)]},
    }


def listed(net: Net) -> dict[str, Any]:
    """Return a network as the list has it."""
    return {
        "Name": net.name,
        "Id": net.id,
        "Created": _time(net.version),
        "Scope": "swarm",
        "Driver": "overlay",
        "EnableIPv4": True,
        "EnableIPv6": False,
        "IPAM": {"Driver": "default", "Options": None, "Config": [_range(net)]},
        "Internal": False,
        "Attachable": False,
        "Ingress": net.name == INGRESS,
        "ConfigFrom": {"Network": ""},
        "ConfigOnly": False,
        "Options": _options(net),
        "Labels": None,
    }


def local_networks() -> list[dict[str, Any]]:
    """Return what the node that is read has besides the swarm's networks."""
    kinds = (
        ("bridge", "bridge", "172.17.0"),
        ("docker_gwbridge", "bridge", "172.18.0"),
        ("host", "host", ""),
        ("none", "null", ""),
    )
    return [
        {
            "Name": name,
            "Id": sha256(name.encode()).hexdigest(),
            "Created": _time(0),
            "Scope": "local",
            "Driver": driver,
            "EnableIPv4": True,
            "EnableIPv6": False,
            "IPAM": {
                "Driver": "default",
                "Options": None,
                "Config": [{"Subnet": f"{block}.0/16", "Gateway": f"{block}.1"}] if block else None,
            },
            "Internal": False,
            "Attachable": False,
            "Ingress": False,
            "ConfigFrom": {"Network": ""},
            "ConfigOnly": False,
            "Options": {},
            "Labels": {},
        }
        for name, driver, block in kinds
    ]


def container(net: Net, name: str, address: int) -> dict[str, str]:
    """Return an endpoint that the node that is read holds."""
    return {
        "Name": name,
        "EndpointID": sha256(f"{net.id}{address}".encode()).hexdigest(),
        "MacAddress": "02:42:" + address.to_bytes(4, "big").hex(":"),
        "IPv4Address": net.cidr(address),
        "IPv6Address": "",
    }


def status(net: Net) -> dict[str, object]:
    """Return the leader's count of a network's addresses."""
    free = len(net.free)
    counts = {"IPsInUse": net.subnet.num_addresses - free, "DynamicIPsAvailable": free}
    return {"IPAM": {"Subnets": {str(net.subnet): counts}}}


def node_object(node: Node, *, leader: bool) -> dict[str, object]:
    """Return a node."""
    told: dict[str, object] = {
        "ID": node.id,
        "Version": {"Index": 20},
        "CreatedAt": _time(0),
        "UpdatedAt": _time(20),
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
                "CreatedAt": _time(0),
                "UpdatedAt": _time(10),
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


def _range(net: Net) -> dict[str, str]:
    return {"Subnet": str(net.subnet), "Gateway": str(net.subnet[1])}


def _options(net: Net) -> dict[str, str]:
    mtu = {"com.docker.network.driver.mtu": str(net.mtu)} if net.mtu else {}
    return {**mtu, "com.docker.network.driver.overlay.vxlanid_list": str(net.vxlan)}


def _time(version: int) -> str:
    """Return when a version was written: one every second."""
    moment = _START + timedelta(seconds=version)
    return f"{moment.isoformat()[:19]}.{version % 1000:03}548675Z"
