"""Tasks and services of a generated swarm in the shapes of an engine of 29.1.

The shapes are those of `tests/captures` in full, secrets apart: also what swarmtui never reads.
"""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import sha256
from typing import Any

import msgspec

from tests.benchmarks.nodes import written_at
from tests.benchmarks.swarms import GeneratedSwarm, Service, Task, dotted


def task_object(
    swarm: GeneratedSwarm, task: Task, attached: Sequence[msgspec.Raw]
) -> dict[str, object]:
    """Return a task; `attached` holds each network as an attachment repeats it."""
    service = swarm.services[task.service]
    status: dict[str, object] = {
        "Timestamp": written_at(task.version),
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
        "CreatedAt": written_at(task.version - 3),
        "UpdatedAt": written_at(task.version),
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
            "Init": False,
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
        "CreatedAt": written_at(service.version),
        "UpdatedAt": written_at(service.version),
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
