"""What a node has heard of others' endpoints, against what the managers know."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

import pytest

from swarmtui.findings import Severity
from swarmtui.model import (
    GossipService,
    GossipTask,
    LocalEndpoint,
    Network,
    Node,
    Peer,
    Snapshot,
    Task,
    TaskId,
)
from tests.builders import (
    APP,
    INGRESS,
    NODES,
    NOW,
    WEB,
    an_id,
    busy_snapshot,
    inspection,
    node,
    task,
)
from tests.replacing import replace
from tests.unit.findings.looking import (
    Change,
    at_worker,
    commands,
    evidence,
    failing,
    found,
    leaderless,
    one,
)

CODES = ("gossip-stale", "gossip-missing", "peers-missing")


def entry(of: Task, address: str = "", host: str = "") -> GossipTask:
    """Return a task's endpoint on app as the gossip tells it."""
    own = next(e.addresses[0] for e in of.attachments if e.network_id == APP.id)
    return GossipTask(f"web.{of.slot}.{of.id}", address or own, host)


def entries(snapshot: Snapshot, network: Network = APP) -> list[GossipTask]:
    """Return what a node has to know of a network."""
    hosts = {each.id: each.address for each in snapshot.nodes}
    holders = snapshot.live_tasks_by_network[network.id]
    return [
        GossipTask(f"x.{each.slot}.{each.id}", addresses[0], hosts.get(each.node_id, ""))
        for each, addresses in holders
    ]


def hearing(
    snapshot: Snapshot,
    told: Iterable[GossipTask],
    *,
    on: Iterable[Node] = NODES,
    network: Network = APP,
    later: float = 0,
    local: tuple[LocalEndpoint, ...] = (),
) -> Snapshot:
    """Return a swarm of which the node that is read has heard this."""
    view = inspection(
        network,
        on,
        services=(GossipService("web", "10.20.0.66", (), tuple(told)),),
        endpoints=local,
        taken_at=NOW + timedelta(seconds=later),
    )
    return replace(snapshot, inspections={**snapshot.inspections, network.id: view})


def with_task(*tasks: Task) -> Snapshot:
    snapshot = busy_snapshot()
    return replace(snapshot, tasks=(*snapshot.tasks, *tasks))


def ended(seconds_ago: float, state: str = "orphaned") -> Task:
    """Return a task of web that ended some time ago."""
    at = (NOW - timedelta(seconds=seconds_ago)).isoformat()
    gone = task(WEB, 4, NODES[2], {"app": "10.20.0.90"}, state=state)
    return replace(gone, since=at, desired_state="shutdown")


SWARM = busy_snapshot()
UNKNOWN = GossipTask(f"web.9.{an_id('long0gone')}", "10.20.0.99", "192.168.77.3")


@pytest.mark.parametrize("code", CODES)
def test_all_is_well_where_everybody_has_heard_of_everybody(code: str) -> None:
    assert found(SWARM, code) == []
    assert found(hearing(SWARM, entries(SWARM)), code) == []


def test_an_entry_of_a_task_that_ended_is_stale() -> None:
    gone = ended(40)
    snapshot = with_task(gone)
    heard = [*entries(snapshot), entry(gone, host="192.168.77.3")]
    finding = one(hearing(snapshot, heard), "gossip-stale")
    assert (finding.severity, finding.subject.name) == (Severity.WARNING, "app")
    assert evidence(finding) == {
        "endpoints of app that node1 knows and no live task has": "web.4 10.20.0.90",
        "told by the nodes at": "192.168.77.3",
        "live tasks with these ids or addresses": "none",
    }
    assert "docker service update --force web" in commands(finding)
    assert finding.trouble.since == NOW - timedelta(seconds=40)


@pytest.mark.parametrize(("seconds_ago", "is_told"), [(30, True), (29, False)])
def test_who_has_just_ended_may_still_be_told_of(seconds_ago: float, is_told: bool) -> None:
    gone = ended(seconds_ago, "shutdown")
    snapshot = with_task(gone)
    heard = [*entries(snapshot), entry(gone)]
    assert bool(found(hearing(snapshot, heard), "gossip-stale")) is is_told


def test_its_address_may_be_another_ones_by_now() -> None:
    gone = ended(40)
    snapshot = with_task(gone)
    heard = [*entries(snapshot), entry(gone, "10.20.0.67")]
    words = evidence(one(hearing(snapshot, heard), "gossip-stale"))
    assert words["endpoints of app that node1 knows and no live task has"] == "web.4 10.20.0.67"


@pytest.mark.parametrize(("later", "is_told"), [(0, True), (5, True), (6, False), (-6, False)])
def test_a_task_that_nobody_knows_may_be_younger_than_the_list(later: float, is_told: bool) -> None:
    snapshot = hearing(SWARM, [*entries(SWARM), UNKNOWN], later=later)
    assert bool(found(snapshot, "gossip-stale")) is is_told
    if is_told:
        assert one(snapshot, "gossip-stale").trouble.since is None


def test_balancers_of_nodes_and_containers_outside_services_are_no_strangers() -> None:
    view = inspection(
        APP,
        NODES,
        services=(
            GossipService(
                "",
                "",
                (),
                (
                    GossipTask("app-endpoint", "10.20.0.73", "192.168.77.3"),
                    GossipTask("probe-box", "10.20.0.76", "192.168.77.2"),
                ),
            ),
        ),
    )
    snapshot = replace(SWARM, inspections={APP.id: view})
    assert found(snapshot, "gossip-stale") == []


def test_tasks_of_a_node_that_is_down_still_hold_their_addresses() -> None:
    down = replace(SWARM, nodes=(*NODES[:2], node(3, state="down")))
    assert [found(hearing(down, entries(SWARM)), code) for code in CODES] == [[], [], []]


def test_tasks_that_were_not_understood_are_not_stale() -> None:
    snapshot = hearing(SWARM, [*entries(SWARM), UNKNOWN])
    assert found(failing("tasks", "odd")(snapshot), "gossip-stale") == []


def lacking(*addresses: str, snapshot: Snapshot = SWARM) -> list[GossipTask]:
    return [each for each in entries(snapshot) if each.address not in addresses]


def test_a_task_that_runs_and_was_not_heard_of() -> None:
    finding = one(hearing(SWARM, lacking("10.20.0.69", "10.20.0.71")), "gossip-missing")
    assert (finding.severity, finding.subject.name) == (Severity.CRITICAL, "app")
    assert evidence(finding) == {
        "tasks that run on app for long": "rr.2, web.3",
        "nodes that run them": "node3",
        "their endpoints as node1 knows them": "none",
    }
    assert "docker service update --force web" in commands(finding)
    assert finding.trouble.since is None


@pytest.mark.parametrize(
    "change",
    [
        {"state": "starting"},
        {"desired_state": "shutdown"},
        {"since": (NOW - timedelta(seconds=29)).isoformat()},
        {"since": ""},
    ],
)
def test_not_everybody_has_to_be_known(change: dict[str, str]) -> None:
    fresh = replace(task(WEB, 4, NODES[2], {"app": "10.20.0.90"}), **change)
    snapshot = hearing(with_task(fresh), entries(SWARM))
    assert found(snapshot, "gossip-missing") == []
    old = replace(fresh, state="running", desired_state="running", since="2026-11-24T11:59:30Z")
    assert found(hearing(with_task(old), entries(SWARM)), "gossip-missing") != []


def test_what_the_node_has_itself_it_knows() -> None:
    local = (LocalEndpoint("c", "web.3", "10.20.0.69", ""),)
    assert found(hearing(SWARM, lacking("10.20.0.69"), local=local), "gossip-missing") == []


@pytest.mark.parametrize(("later", "is_told"), [(-60, True), (5, True), (6, False)])
def test_tasks_may_have_ended_after_they_were_read(later: float, is_told: bool) -> None:
    snapshot = hearing(SWARM, lacking("10.20.0.69"), later=later)
    assert bool(found(snapshot, "gossip-missing")) is is_told


def test_a_node_that_has_heard_of_nothing_at_all_says_nothing() -> None:
    view = inspection(APP, NODES)
    assert found(replace(SWARM, inspections={APP.id: view}), "gossip-missing") == []
    elsewhere = replace(view, peers=None, services=(GossipService("web", "", (), ()),))
    assert found(replace(SWARM, inspections={APP.id: elsewhere}), "gossip-missing") == []


def test_a_node_that_is_no_peer_is_told_of_once() -> None:
    snapshot = hearing(SWARM, lacking("10.20.0.69", "10.20.0.71"), on=NODES[:2])
    assert found(snapshot, "gossip-missing") == []
    finding = one(snapshot, "peers-missing")
    assert (finding.severity, finding.subject.name) == (Severity.CRITICAL, "app")
    assert evidence(finding) == {
        "peers of app as node1 knows them": "192.168.77.1, 192.168.77.2",
        "Ready nodes that run its tasks and are not among them": "node3",
        "their addresses": "192.168.77.3",
    }
    assert commands(finding).startswith("nc -vz 192.168.77.3 7946\nnc -vzu 192.168.77.3 7946")


def test_a_node_that_has_just_got_a_task_is_no_peer_yet() -> None:
    young = (NOW - timedelta(seconds=29)).isoformat()
    moved = tuple(
        replace(each, since=young) if each.node_id == NODES[2].id else each for each in SWARM.tasks
    )
    snapshot = replace(SWARM, tasks=moved)
    assert found(hearing(snapshot, entries(SWARM), on=NODES[:2]), "peers-missing") == []


def test_peers_of_the_ingress_are_told_of_by_another_rule() -> None:
    snapshot = hearing(SWARM, entries(SWARM, INGRESS), on=NODES[:2], network=INGRESS)
    assert found(snapshot, "peers-missing") == []
    assert found(snapshot, "ingress-not-everywhere") != []


def test_a_data_path_of_its_own_is_no_missing_peer() -> None:
    peers = (*(Peer("g", each.address) for each in NODES[:2]), Peer("g", "10.99.0.3"))
    view = replace(inspection(APP, NODES), peers=peers)
    assert found(replace(SWARM, inspections={APP.id: view}), "peers-missing") == []


@pytest.mark.parametrize("code", CODES)
@pytest.mark.parametrize("change", [at_worker, leaderless, *map(failing, ("tasks", "nodes"))])
def test_where_the_swarm_is_not_seen_nothing_is_compared(code: str, change: Change) -> None:
    gone = replace(ended(40), id=TaskId(an_id("gone")))
    snapshot = hearing(with_task(gone), [entry(gone)], on=NODES[:2])
    assert found(snapshot, code) != []
    assert found(change(snapshot), code) == []
