"""Small swarms made by hand, for tests of everything that looks at snapshots."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import UTC, datetime

from swarmtui.errors import EngineNotFound
from swarmtui.model import (
    Attachment,
    Cluster,
    ContainerId,
    Engine,
    Inspection,
    LocalEndpoint,
    Lost,
    Network,
    NetworkId,
    NetworkTarget,
    Node,
    NodeId,
    Peer,
    Problem,
    PublishedPort,
    RemoteManager,
    ReportedUse,
    Service,
    ServiceId,
    Snapshot,
    Standing,
    Subnet,
    Task,
    TaskId,
    VirtualIp,
)

NOW = datetime(2026, 11, 24, 12, 0, 0, tzinfo=UTC)


def an_id(name: str) -> str:
    """Return a made-up id of the engine's length that tells what it is of."""
    return f"{name.lower().replace('_', '0'):x<25.25}"


def network(
    name: str = "app",
    subnet: str = "10.20.0.64/26",
    *,
    gateway: str = "10.20.0.65",
    vxlan: int = 4097,
    options: Mapping[str, str] | None = None,
    ingress: bool = False,
    attachable: bool = False,
    internal: bool = False,
    labels: Mapping[str, str] | None = None,
    ip_range: str = "",
) -> Network:
    """Return an allocated overlay."""
    vxlan_option = {"com.docker.network.driver.overlay.vxlanid_list": str(vxlan)}
    return Network(
        id=NetworkId(an_id(name)),
        name=name,
        scope="swarm",
        driver="overlay",
        subnets=(Subnet(subnet, gateway, ip_range),),
        created="2026-11-24T00:30:29.583168261Z",
        options={**vxlan_option, **(options or {})},
        labels=labels or {},
        ingress=ingress,
        attachable=attachable,
        internal=internal,
    )


def unallocated(name: str = "overlap") -> Network:
    """Return a network that the engine accepted and never allocated."""
    return Network(NetworkId(an_id(name)), name, "swarm", "", created="2026-11-24T00:30:30Z")


def local_network(name: str, driver: str = "bridge", subnet: str = "172.18.0.0/16") -> Network:
    """Return a network of the node itself."""
    subnets = (Subnet(subnet, subnet.replace("0.0/16", "0.1")),) if subnet else ()
    return Network(NetworkId(an_id(name)), name, "local", driver, subnets, "2026-11-20T08:00:00Z")


def node(number: int, *, role: str = "worker", state: str = "ready", leader: bool = False) -> Node:
    """Return `nodeN` at 192.168.77.N."""
    address = f"192.168.77.{number}"
    manager = role == "manager"
    return Node(
        id=NodeId(an_id(f"node{number}")),
        version=10 + number,
        hostname=f"node{number}",
        role=role,
        state=state,
        address=address,
        manager_address=f"{address}:2377" if manager else "",
        leader=leader,
        reachability="reachable" if manager else "",
        engine_version="29.1.0",
        os="linux",
        architecture="x86_64",
    )


def service(
    name: str,
    networks: Iterable[Network] = (),
    vips: Mapping[str, str] | None = None,
    *,
    replicas: int = 1,
    running: int | None = None,
    mode: str = "replicated",
    endpoint_mode: str = "vip",
    ports: tuple[PublishedPort, ...] = (),
    labels: Mapping[str, str] | None = None,
) -> Service:
    """Return a service; `vips` maps names of networks to addresses."""
    return Service(
        id=ServiceId(an_id(name)),
        version=20,
        name=name,
        mode=mode,
        replicas=replicas if mode == "replicated" else None,
        endpoint_mode=endpoint_mode,
        networks=tuple(NetworkTarget(each.id) for each in networks),
        ports=ports,
        asked_ports=ports,
        virtual_ips=tuple(
            VirtualIp(NetworkId(an_id(net)), address) for net, address in (vips or {}).items()
        ),
        image=f"registry.example/{name}:1.2",
        labels=labels or {},
        running=replicas if running is None else running,
        desired=replicas,
        created="2026-11-24T00:30:31Z",
        updated="2026-11-24T00:31:02Z",
    )


def task(
    of: Service | None,
    slot: int,
    on: Node | None,
    addresses: Mapping[str, str],
    *,
    state: str = "running",
    targets: Iterable[Network] = (),
    error: str = "",
) -> Task:
    """Return a task; `addresses` maps names of networks to addresses."""
    name = f"{of.name if of else 'box'}{slot}{on.hostname if on else ''}"
    return Task(
        id=TaskId(an_id(f"t{name}")),
        version=30,
        state=state,
        desired_state="running",
        service_id=of.id if of else ServiceId(""),
        slot=slot if of else 0,
        node_id=on.id if on else NodeId(""),
        container_id=ContainerId(f"{name:c<64.64}"),
        attachments=tuple(
            Attachment(NetworkId(an_id(net)), (address,)) for net, address in addresses.items()
        ),
        targets=tuple(each.id for each in targets),
        error=error,
        since="2026-11-24T00:31:05.1Z",
    )


def inspection(of: Network, nodes: Iterable[Node], **changes: object) -> Inspection:
    """Return a view of a network that the given nodes carry."""
    peers = tuple(Peer(f"{each.hostname}gossip", each.address) for each in nodes)
    found = Inspection(of.id, NOW, peers)
    return replace(found, **changes)  # type: ignore[arg-type]


def engine(standing: Standing = Standing.MANAGER, number: int = 1) -> Engine:
    """Return the engine of `nodeN`."""
    return Engine(
        version="29.1.0",
        api="1.52",
        name=f"node{number}",
        standing=standing,
        node_id=NodeId(an_id(f"node{number}")) if standing is not Standing.NO_SWARM else NodeId(""),
        node_address=f"192.168.77.{number}",
        managers=(
            RemoteManager(NodeId(an_id("node1")), "192.168.77.1:2377"),
            RemoteManager(NodeId(an_id("node2")), "192.168.77.2:2377"),
        ),
        id=f"ENGINE{number}",
    )


NODES = (node(1, role="manager", leader=True), node(2, role="manager"), node(3))
INGRESS = network("ingress", "10.20.0.0/26", gateway="10.20.0.1", vxlan=4096, ingress=True)
APP = network(attachable=True)
SECURE = network(
    "pay_secure",
    "10.20.0.128/26",
    gateway="10.20.0.129",
    vxlan=4098,
    options={"encrypted": ""},
    labels={"com.docker.stack.namespace": "pay"},
)
LOCALS = (
    local_network("docker_gwbridge"),
    local_network("bridge", subnet="172.17.0.0/16"),
    local_network("host", "host", ""),
)
WEB = service(
    "web",
    [APP],
    {"app": "10.20.0.66", "ingress": "10.20.0.5"},
    replicas=3,
    ports=(PublishedPort("tcp", 80, 8080, "ingress"),),
)
DB = service("pay_db", [SECURE], {"pay_secure": "10.20.0.130"}, replicas=2)
ROUND = service("rr", [APP], replicas=2, endpoint_mode="dnsrr")


def busy_snapshot() -> Snapshot:
    """Return a healthy swarm of three nodes."""
    one, two, three = NODES
    tasks = (
        task(WEB, 1, one, {"app": "10.20.0.67", "ingress": "10.20.0.6"}),
        task(WEB, 2, two, {"app": "10.20.0.68", "ingress": "10.20.0.7"}),
        task(WEB, 3, three, {"app": "10.20.0.69", "ingress": "10.20.0.8"}),
        task(DB, 1, two, {"pay_secure": "10.20.0.131"}),
        task(DB, 2, three, {"pay_secure": "10.20.0.132"}),
        task(ROUND, 1, two, {"app": "10.20.0.70"}),
        task(ROUND, 2, three, {"app": "10.20.0.71"}),
        task(None, 1, two, {"app": "10.20.0.76"}),
    )
    web_container = tasks[0].container_id
    inspections = (
        inspection(
            INGRESS,
            NODES,
            endpoints=(
                LocalEndpoint("ingress-sbox", "", "10.20.0.2", "02:42:0a:14:00:02"),
                LocalEndpoint(web_container, "web.1", "10.20.0.6", "02:42:0a:14:00:06"),
            ),
            reported=(ReportedUse("10.20.0.0/26", 10, 54),),
        ),
        inspection(
            APP,
            NODES,
            endpoints=(
                LocalEndpoint("lb-app", "app-endpoint", "10.20.0.72", "02:42:0a:14:00:48"),
                LocalEndpoint(web_container, "web.1", "10.20.0.67", "02:42:0a:14:00:43"),
            ),
            reported=(ReportedUse("10.20.0.64/26", 13, 51),),
        ),
    )
    return Snapshot(
        taken_at=NOW,
        engine=engine(),
        cluster=Cluster("cluster", ("10.20.0.0/16",), 26),
        nodes=NODES,
        networks=(APP, *LOCALS, SECURE, INGRESS),
        services=(WEB, DB, ROUND),
        tasks=tasks,
        inspections={each.network_id: each for each in inspections},
        tasks_at=NOW,
    )


def failing_snapshot() -> Snapshot:
    """Return the busy swarm with a node down, a full network and one never allocated."""
    busy = busy_snapshot()
    tiny = network("tiny", "10.50.0.0/29", gateway="10.50.0.1", vxlan=4100)
    crowd = service("crowd", [tiny], {"tiny": "10.50.0.2"}, replicas=9, running=2)
    one, two, _ = NODES
    down = replace(node(3), state="down", message="heartbeat failure")
    full = "node is missing network attachments, ip addresses may be exhausted"
    tasks = (
        *busy.tasks,
        task(crowd, 1, one, {"tiny": "10.50.0.3"}),
        task(crowd, 2, two, {"tiny": "10.50.0.4"}),
        task(crowd, 3, two, {"tiny": "10.50.0.5"}, state="preparing"),
        task(crowd, 4, one, {"tiny": "10.50.0.6"}, state="preparing"),
        task(crowd, 5, one, {"tiny": "10.50.0.6"}, state="rejected", error=full),
        *(task(crowd, slot, None, {}, state="new", targets=[tiny]) for slot in range(6, 10)),
    )
    ingress = inspection(INGRESS, NODES[:1])
    return replace(
        busy,
        nodes=(one, two, down),
        networks=(*busy.networks, tiny, unallocated()),
        services=(*busy.services, crowd),
        tasks=tasks,
        inspections={**busy.inspections, ingress.network_id: ingress},
        problems=(Problem("inspect", "pay_secure", "context deadline exceeded"),),
    )


def empty_snapshot() -> Snapshot:
    """Return an engine outside any swarm."""
    return Snapshot(NOW, engine(Standing.NO_SWARM), networks=LOCALS[1:])


GATEWAY = replace(
    LOCALS[0],
    options={
        "com.docker.network.bridge.enable_icc": "false",
        "com.docker.network.bridge.enable_ip_masquerade": "true",
        "com.docker.network.bridge.name": "docker_gwbridge",
    },
)
"""As an engine makes it that joins a swarm."""


def alone_snapshot(*attached: str) -> Snapshot:
    """Return an engine that has left its swarm, and who is on its gateway bridge all the same."""
    endpoints = tuple(
        LocalEndpoint(f"{name:c<64.64}", name, f"172.18.0.{number}", f"02:42:ac:12:00:0{number}")
        for number, name in enumerate(attached, 2)
    )
    return Snapshot(
        NOW,
        replace(engine(Standing.NO_SWARM), node_address="", managers=()),
        networks=(GATEWAY, *LOCALS[1:]),
        inspections={GATEWAY.id: Inspection(GATEWAY.id, NOW, None, endpoints)},
    )


def worker_snapshot() -> Snapshot:
    """Return a worker's own view."""
    busy = busy_snapshot()
    app = inspection(
        APP,
        NODES,
        endpoints=(
            LocalEndpoint("lb-app", "app-endpoint", "10.20.0.73", "02:42:0a:14:00:49"),
            LocalEndpoint("c" * 64, "web.3." + "t" * 25, "10.20.0.69", "02:42:0a:14:00:45"),
        ),
    )
    return Snapshot(
        NOW,
        engine(Standing.WORKER, 3),
        networks=(APP, *LOCALS, INGRESS),
        inspections={APP.id: app, INGRESS.id: busy.inspections[INGRESS.id]},
    )


def lost_engine(attempt: int = 1) -> Lost:
    """Return an engine that is away."""
    error = EngineNotFound(
        "There is no engine at unix:///var/run/docker.sock",
        "The socket does not exist (address from default socket).",
        "Start Docker (sudo systemctl start docker), or name another engine with --host.",
    )
    return Lost(error, NOW, attempt, 4.0)
