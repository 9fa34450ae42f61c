from __future__ import annotations

from swarmtui.model import (
    GossipService,
    GossipTask,
    Network,
    Node,
    Peer,
    PeerState,
    Snapshot,
    carrying_nodes,
)
from tests.builders import APP, INGRESS, NODES, SECURE, busy_snapshot, inspection, node
from tests.replacing import replace


def states(snapshot: Snapshot, network: Network) -> dict[str, str]:
    return {
        peer.node.hostname if peer.node else peer.address: str(peer.state)
        for peer in carrying_nodes(snapshot, network)
    }


def seen(snapshot: Snapshot, network: Network, *nodes: Node) -> Snapshot:
    found = inspection(network, nodes)
    return replace(snapshot, inspections={**snapshot.inspections, network.id: found})


def test_all_carry_it() -> None:
    assert states(busy_snapshot(), INGRESS) == dict.fromkeys(("node1", "node2", "node3"), "carries")


def test_a_ready_node_without_the_ingress_is_missing() -> None:
    """moby#40184: a re-created ingress reaches only nodes that receive some event."""
    snapshot = seen(busy_snapshot(), INGRESS, *NODES[:2])
    assert states(snapshot, INGRESS)["node3"] == "missing"
    assert carrying_nodes(snapshot, INGRESS)[-1].state is PeerState.MISSING


def test_a_node_that_is_down_is_not_called_missing() -> None:
    down = (*NODES[:2], replace(node(3), state="down"))
    snapshot = replace(seen(busy_snapshot(), INGRESS, *NODES[:2]), nodes=down)
    assert set(states(snapshot, INGRESS)) == {"node1", "node2"}


def test_only_nodes_with_a_running_task_need_another_overlay() -> None:
    snapshot = seen(busy_snapshot(), SECURE, NODES[1])
    assert states(snapshot, SECURE) == {"node2": "carries", "node3": "missing"}


def test_a_task_that_is_not_there_yet_needs_nothing() -> None:
    busy = busy_snapshot()
    waiting = tuple(replace(task, state="assigned") for task in busy.tasks)
    snapshot = replace(seen(busy, SECURE, NODES[1]), tasks=waiting)
    assert states(snapshot, SECURE) == {"node2": "carries"}


def test_what_this_node_does_not_carry_is_only_expected() -> None:
    assert states(busy_snapshot(), SECURE) == {"node2": "expected", "node3": "expected"}


def test_the_node_that_is_asked_knows_that_it_misses_the_ingress() -> None:
    busy = busy_snapshot()
    unseen = inspection(INGRESS, (), peers=None)
    snapshot = replace(busy, inspections={INGRESS.id: unseen})
    assert states(snapshot, INGRESS) == {
        "node1": "missing",
        "node2": "expected",
        "node3": "expected",
    }
    unread = replace(busy, inspections={})
    assert set(states(unread, INGRESS).values()) == {"expected"}


def test_a_data_path_of_its_own_is_not_taken_for_a_missing_node() -> None:
    found = replace(inspection(INGRESS, NODES[:2]), peers=(Peer("a", "10.9.9.1"), Peer("b", "x")))
    busy = busy_snapshot()
    one = replace(busy, nodes=NODES[:2], inspections={INGRESS.id: found})
    assert states(one, INGRESS) == {"10.9.9.1": "carries", "x": "carries"}
    three = replace(one, nodes=NODES)
    assert sorted(states(three, INGRESS).values()).count("missing") == 3


def test_gossip_joins_a_data_path_address_to_its_node() -> None:
    gossip = GossipService(
        "web", "10.20.0.66", (), (GossipTask("web.2", "10.20.0.68", "10.9.9.2"),)
    )
    found = replace(inspection(APP, ()), peers=(Peer("b", "10.9.9.2"),), services=(gossip,))
    snapshot = replace(busy_snapshot(), inspections={APP.id: found})
    assert states(snapshot, APP)["node2"] == "carries"


def test_endpoints_are_counted_per_node() -> None:
    counts = {
        peer.node.hostname: peer.endpoints
        for peer in carrying_nodes(busy_snapshot(), APP)
        if peer.node
    }
    assert counts == {"node1": 1, "node2": 3, "node3": 2}
