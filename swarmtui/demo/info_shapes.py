"""What an engine says about itself: `/info` and `/version`."""

from __future__ import annotations

from swarmtui.demo.identity import hex_id
from swarmtui.demo.node_shapes import (
    CPUS,
    LOG_DRIVERS,
    MEMORY_BYTES,
    NETWORK_DRIVERS,
    cluster_shape,
    unknown_cluster_shape,
)
from swarmtui.demo.records import Json, LocalState, TaskState
from swarmtui.demo.refusals import LOCKED, NO_LEADER
from swarmtui.demo.release import Release
from swarmtui.demo.view import NodeView

_KERNEL = "6.1.0-31-amd64"
_BUILT = "2026-01-15T10:22:14.000000000+00:00"
_COMMIT = "9e34c9b"
_GO = "go1.25.6"
_MODULE = {"Module": "github.com/moby/moby/v2", "ModuleVersion": "v2.0.0+unknown"}
_TWO_MANAGERS = (
    "WARNING: Running Swarm in a two-manager configuration. This configuration provides\n"
    "         no fault tolerance, and poses a high risk to lose control over the cluster.\n"
    "         Refer to https://docs.docker.com/engine/swarm/admin_guide/ to configure the\n"
    "         Swarm for fault-tolerance."
)


def version_shape(release: Release) -> Json:
    """Return the answer to `/version`."""
    facts = {"Os": "linux", "Arch": "amd64"}
    build = {
        "GitCommit": _COMMIT,
        "GoVersion": _GO,
        "KernelVersion": _KERNEL,
        "BuildTime": _BUILT,
    }
    details = {
        "ApiVersion": release.api,
        "Arch": "amd64",
        "BuildTime": _BUILT,
        "Experimental": "false",
        "GitCommit": _COMMIT,
        "GoVersion": _GO,
        "KernelVersion": _KERNEL,
        "MinAPIVersion": release.oldest_api,
        **(_MODULE if release.split_inspect else {}),
        "Os": "linux",
    }
    components = [
        {"Name": "Engine", "Version": release.version, "Details": details},
        {"Name": "containerd", "Version": "v2.2.1", "Details": {"GitCommit": "dea7da5"}},
        {"Name": "runc", "Version": "1.3.4", "Details": {"GitCommit": "v1.3.4-0-gd6d73eb8"}},
        {"Name": "docker-init", "Version": "0.19.0", "Details": {"GitCommit": "de40ad0"}},
    ]
    return {
        "Platform": {"Name": "swarmtui demo"},
        "Version": release.version,
        "ApiVersion": release.api,
        "MinAPIVersion": release.oldest_api,
        **facts,
        "Components": components,
        **build,
    }


def info_shape(view: NodeView) -> Json:
    """Return the answer to `/info`."""
    swarm = _swarm(view)
    running, stopped = _container_counts(view)
    return {
        "ID": hex_id(view.world.seed, view.node.id, "engine", length=32),
        "Containers": running + stopped,
        "ContainersRunning": running,
        "ContainersPaused": 0,
        "ContainersStopped": stopped,
        "Images": 9,
        "Driver": "overlay2",
        "DriverStatus": [["Backing Filesystem", "extfs"]],
        "Plugins": {
            "Volume": ["local"],
            "Network": NETWORK_DRIVERS,
            "Authorization": None,
            "Log": LOG_DRIVERS,
        },
        **_capabilities(view.world.release),
        "Debug": False,
        "NFd": 96,
        "OomKillDisable": True,
        "NGoroutines": 240,
        "SystemTime": view.world.moment(view.world.elapsed),
        "LoggingDriver": "json-file",
        "CgroupDriver": "systemd",
        "CgroupVersion": "2",
        "NEventsListener": 4,
        "KernelVersion": _KERNEL,
        "OperatingSystem": "Debian GNU/Linux 12 (bookworm)",
        "OSVersion": "12",
        "OSType": "linux",
        "Architecture": "x86_64",
        "IndexServerAddress": "https://index.docker.io/v1/",
        "RegistryConfig": _registries(view.world.release),
        "NCPU": CPUS,
        "MemTotal": MEMORY_BYTES,
        "GenericResources": None,
        "DockerRootDir": "/var/lib/docker",
        "HttpProxy": "",
        "HttpsProxy": "",
        "NoProxy": "",
        "Name": view.node.hostname,
        "Labels": [],
        "ExperimentalBuild": False,
        "ServerVersion": view.world.release.version,
        "Runtimes": _runtimes(view.world.release),
        "DefaultRuntime": "runc",
        "Swarm": swarm,
        "LiveRestoreEnabled": False,
        "Isolation": "",
        "InitBinary": "docker-init",
        "ContainerdCommit": _commit(view.world.release, "dea7da5"),
        "RuncCommit": _commit(view.world.release, "v1.3.4-0-gd6d73eb8"),
        "InitCommit": _commit(view.world.release, "de40ad0"),
        "SecurityOptions": ["name=seccomp,profile=builtin", "name=cgroupns"],
        **_newer(view.world.release),
        "Warnings": swarm.get("Warnings"),
    }


def _capabilities(release: Release) -> Json:
    old = release.number < (28, 0)
    return {
        "MemoryLimit": True,
        "SwapLimit": True,
        **({"KernelMemory": True, "KernelMemoryTCP": True} if release.number < (23, 0) else {}),
        "CpuCfsPeriod": True,
        "CpuCfsQuota": True,
        "CPUShares": True,
        "CPUSet": True,
        "PidsLimit": True,
        "IPv4Forwarding": True,
        **({"BridgeNfIptables": True, "BridgeNfIp6tables": True} if old else {}),
    }


def _registries(release: Release) -> Json:
    old: Json = {
        "AllowNondistributableArtifactsCIDRs": [],
        "AllowNondistributableArtifactsHostnames": [],
    }
    docker_io = {"Name": "docker.io", "Mirrors": [], "Secure": True, "Official": True}
    return {
        **(old if release.number < (28, 0) else {}),
        "InsecureRegistryCIDRs": ["::1/128", "127.0.0.0/8"],
        "IndexConfigs": {"docker.io": docker_io},
        "Mirrors": [],
    }


def _runtimes(release: Release) -> Json:
    features = {"org.opencontainers.runtime-spec.features": '{"ociVersionMax":"1.3.0"}'}
    told = {"status": features} if release.number >= (25, 0) else {}
    return {name: {"path": "runc", **told} for name in ("io.containerd.runc.v2", "runc")}


def _commit(release: Release, identity: str) -> Json:
    expected = {"Expected": identity} if release.number < (28, 0) else {}
    return {"ID": identity, **expected}


def _newer(release: Release) -> Json:
    if release.number < (28, 5):
        return {}
    proxy = [["EnableUserlandProxy", "true"], ["UserlandProxyPath", "/usr/bin/docker-proxy"]]
    return {
        "FirewallBackend": {"Driver": "iptables", "Info": proxy},
        "CDISpecDirs": ["/etc/cdi", "/var/run/cdi"],
        "Containerd": {
            "Address": "/run/containerd/containerd.sock",
            "Namespaces": {"Containers": "moby", "Plugins": "plugins.moby"},
        },
    }


def _swarm(view: NodeView) -> Json:
    node, world = view.node, view.world
    shape: Json = {
        "NodeID": node.id if view.in_swarm else "",
        "NodeAddr": "" if node.local_state is LocalState.INACTIVE else node.address,
        "LocalNodeState": str(node.local_state),
        "ControlAvailable": view.in_swarm and node.is_manager,
        "Error": LOCKED if node.local_state is LocalState.LOCKED else "",
        "RemoteManagers": None,
    }
    if not view.in_swarm:
        return shape
    managers = [each for each in world.nodes.values() if each.is_manager]
    shape["RemoteManagers"] = [
        {"NodeID": each.id, "Addr": f"{each.address}:2377"} for each in managers if not each.down
    ]
    if not node.is_manager:
        return shape
    if not world.has_leader:
        return shape | {"Error": NO_LEADER, "Cluster": unknown_cluster_shape()}
    shape |= {"Nodes": len(world.nodes), "Managers": len(managers)}
    shape["Cluster"] = cluster_shape(world)
    if len(managers) == 2:
        shape["Warnings"] = [_TWO_MANAGERS]
    return shape


def _container_counts(view: NodeView) -> tuple[int, int]:
    running = [task.state is TaskState.RUNNING for task in view.tasks_with_container()]
    running += [each.running for each in view.containers()]
    return sum(running), len(running) - sum(running)
