from __future__ import annotations

from dataclasses import replace

from swarmtui.addressing import endpoint_of, endpoints
from swarmtui.model import EndpointKind, GossipService, GossipTask, LocalEndpoint
from tests.builders import (
    APP,
    INGRESS,
    NODES,
    busy_snapshot,
    failing_snapshot,
    inspection,
    local_network,
    worker_snapshot,
)


def test_everyone_on_every_node_once_and_by_address() -> None:
    found = endpoints(busy_snapshot(), APP)
    shown = [(each.address, each.name, each.node, str(each.kind)) for each in found]
    assert shown == [
        ("10.20.0.66", "web", "", "vip"),
        ("10.20.0.67", "web.1", "node1", "task"),
        ("10.20.0.68", "web.2", "node2", "task"),
        ("10.20.0.69", "web.3", "node3", "task"),
        ("10.20.0.70", "rr.1", "node2", "task"),
        ("10.20.0.71", "rr.2", "node3", "task"),
        ("10.20.0.72", "lb-app", "node1", "node-lb"),
        ("10.20.0.76", "box1node2ccc", "node2", "container"),
        ("", "lb-app", "node2", "node-lb"),
        ("", "lb-app", "node3", "node-lb"),
    ]
    assert len({each.key for each in found}) == len(found)


def test_macs_are_known_for_the_read_node_only() -> None:
    macs = {each.name: each.mac for each in endpoints(busy_snapshot(), APP) if each.mac}
    assert macs == {"web.1": "02:42:0a:14:00:43", "lb-app": "02:42:0a:14:00:48"}


def test_gossip_names_containers_of_other_nodes() -> None:
    gossip = GossipService("", "", (), (GossipTask("probe-box", "10.20.0.76", "192.168.77.2"),))
    snapshot = replace(
        busy_snapshot(), inspections={APP.id: inspection(APP, NODES, services=(gossip,))}
    )
    assert "probe-box" in {each.name for each in endpoints(snapshot, APP)}


def test_gossip_of_older_engines_tells_the_ingress_balancers() -> None:
    entries = tuple(
        GossipTask("ingress-endpoint", f"10.20.0.{number + 1}", f"192.168.77.{number}")
        for number in (1, 2, 3)
    )
    gossip = GossipService("", "<nil>", (), entries)
    snapshot = replace(
        busy_snapshot(), inspections={INGRESS.id: inspection(INGRESS, NODES, services=(gossip,))}
    )
    balancers = {
        each.node: each.address
        for each in endpoints(snapshot, INGRESS)
        if each.kind is EndpointKind.NODE_LB
    }
    assert balancers == {"node1": "10.20.0.2", "node2": "10.20.0.3", "node3": "10.20.0.4"}


def test_a_task_on_a_down_node_says_so() -> None:
    down = {each.name for each in endpoints(failing_snapshot(), APP) if each.node_is_down}
    assert {"web.3", "rr.2"} <= down


def test_an_endpoint_without_a_sandbox_is_shown() -> None:
    stale = inspection(APP, NODES, endpoints=(LocalEndpoint("ep-1", "old", "10.20.0.99", "m"),))
    snapshot = replace(busy_snapshot(), inspections={APP.id: stale})
    assert ("10.20.0.99", "no sandbox") in {
        (each.address, each.state) for each in endpoints(snapshot, APP)
    }


def test_a_worker_joins_its_own_endpoints_with_gossip() -> None:
    busy = worker_snapshot()
    gossip = GossipService(
        "web",
        "10.20.0.66",
        (),
        (
            GossipTask("web.3." + "t" * 25, "10.20.0.69", "192.168.77.3"),
            GossipTask("web.1." + "u" * 25, "10.20.0.67", "192.168.77.1"),
        ),
    )
    found = replace(busy.inspections[APP.id], services=(gossip,))
    shown = [
        (each.address, each.name, each.node, str(each.kind), bool(each.mac))
        for each in endpoints(replace(busy, inspections={APP.id: found}), APP)
    ]
    assert shown == [
        ("10.20.0.66", "web", "", "vip", False),
        ("10.20.0.67", "web.1", "192.168.77.1", "task", False),
        ("10.20.0.69", "web.3", "node3", "task", True),
        ("10.20.0.73", "lb-app", "node3", "node-lb", True),
    ]


def test_a_local_network_shows_this_nodes_containers() -> None:
    bridge = local_network("bridge")
    seen = inspection(bridge, (), endpoints=(LocalEndpoint("c1", "box", "172.18.0.2", "m"),))
    snapshot = replace(
        busy_snapshot(), networks=(bridge,), inspections={bridge.id: replace(seen, peers=None)}
    )
    (only,) = endpoints(snapshot, bridge)
    assert (only.name, only.node, only.kind) == ("box", "node1", EndpointKind.CONTAINER)


def test_tasks_that_wait_for_an_address() -> None:
    failing = failing_snapshot()
    tiny = next(each for each in failing.networks if each.name == "tiny")
    assert len(failing.waiting_tasks_by_network[tiny.id]) == 4
    assert APP.id not in failing.waiting_tasks_by_network


def test_each_endpoint_is_found_by_its_key() -> None:
    for snapshot in (busy_snapshot(), worker_snapshot()):
        for network in snapshot.networks:
            for endpoint in endpoints(snapshot, network):
                assert endpoint_of(snapshot, network, endpoint.key) == endpoint
            assert endpoint_of(snapshot, network, "task:nobody") is None
