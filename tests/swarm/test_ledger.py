"""The ledger against a count made for these tests from what docker says, address by address."""

from __future__ import annotations

import ipaddress
import signal

import pytest

from swarmtui.addressing import Ledger, address_text, growth, ledger
from swarmtui.engine import read_once, resolve_endpoint
from swarmtui.model import Snapshot
from tests.swarm.calls import (
    LIVE,
    Json,
    await_allocated,
    clear,
    create_network,
    done,
    service,
    tasks,
    update,
)
from tests.swarm.counting import Count, count, plain
from tests.swarm.lab import Lab
from tests.swarm.waiting import wait_until

pytestmark = pytest.mark.swarm

RICH = ("ingress", "app", "pay_secure", "custom", "wide", "quiet", "tiny")


def snapshot_of(lab: Lab, number: int = 1) -> Snapshot:
    return read_once(resolve_endpoint(lab.url(number), None, {}), timeout_seconds=30)


def ledger_of(snapshot: Snapshot, name: str) -> Ledger:
    (network,) = (each for each in snapshot.networks if each.name == name and each.is_swarm)
    return ledger(snapshot, network)


def both(
    lab: Lab, name: str, manager: int = 1, asked: tuple[int, ...] = (1, 2, 3)
) -> tuple[Count, Ledger]:
    """Return count and ledger of a moment in which nothing changed."""

    def attempt() -> tuple[Count, Ledger] | None:
        before = count(lab, name, asked)
        found = ledger_of(snapshot_of(lab, manager), name)
        return (before, found) if count(lab, name, asked) == before else None

    return wait_until(attempt, f"moment of rest on {name}", 90)


def assert_equal(counted: Count, found: Ledger) -> None:
    """Compare every single address, and the totals."""
    shown: dict[str, str] = {}
    for each in found.holders:
        # A task that starts has its address before it has a sandbox: a stray stands behind it then.
        if each.value is not None and each.kind != "node-lb":
            shown.setdefault(address_text(each.value), str(each.kind))
    assert shown == counted.kinds
    balancers = {
        each.endpoint.node: each.endpoint.address
        for each in found.holders
        if each.endpoint is not None and each.kind == "node-lb"
    }
    assert balancers.keys() == counted.wanted_nodes
    known = {node: address for node, address in balancers.items() if address}
    asked = {node: address for node, address in known.items() if node in counted.asked}
    assert asked.items() <= counted.on_nodes.items()
    assert found.use.computed == len(counted.kinds) + len(counted.wanted_nodes)
    left = counted.handed_out - counted.kinds.keys()
    assert found.use.free == max(len(left) - len(counted.wanted_nodes), 0)
    free = left - set(known.values())
    listed = {
        address_text(value)
        for subnet in found.subnets
        for run in subnet.free_runs
        for value in range(run.first, run.last + 1)
    }
    assert listed == free
    # Those that are not shown sit among what is listed as free, and nowhere else.
    hidden = {counted.on_nodes[node] for node in counted.on_nodes.keys() - known.keys()}
    assert hidden <= listed
    assert {
        address
        for address in counted.every
        for subnet in found.subnets
        if subnet.span.holds(int(ipaddress.ip_address(address)))
        and subnet.kind(int(ipaddress.ip_address(address))) == "outside"
    } == counted.every - counted.handed_out - counted.kinds.keys()


@pytest.mark.parametrize("manager", [1, 2])
@pytest.mark.parametrize("name", RICH)
def test_every_address_of_every_network(lab: Lab, name: str, manager: int) -> None:
    counted, found = both(lab, name, manager)
    assert_equal(counted, found)
    if name != "tiny":
        assert counted.on_nodes.keys() == counted.wanted_nodes
    expected = {
        "app": {"vip", "task", "container"},
        "custom": {"vip", "task"},
        "ingress": {"vip", "task"},
        "quiet": set(),
    }.get(name, {"vip", "task"})
    assert set(counted.kinds.values()) - {"network", "broadcast", "gateway"} == expected


def test_no_other_network_has_addresses(lab: Lab) -> None:
    snapshot = snapshot_of(lab)
    named = {each.name for each in snapshot.networks if each.is_swarm and each.is_allocated}
    assert named == set(RICH)


def test_a_worker_lists_what_its_own_node_holds(lab: Lab) -> None:
    found = ledger_of(snapshot_of(lab, 3), "app")
    shown = {address_text(each.value) for each in found.holders if each.value is not None}
    carried = lab.get(3, "/networks/app")["Containers"].values()
    assert {plain(each["IPv4Address"]) for each in carried} <= shown
    assert (found.use.computed, [each.free_runs for each in found.subnets]) == (None, [()])


def pinned(name: str, network: str, replicas: int, **fields: object) -> Json:
    """Return the body of a service whose tasks all run on one node."""
    body = service(name, network, replicas=replicas, **fields)
    body["TaskTemplate"]["Placement"] = {"Constraints": ["node.hostname==node1"]}
    return body


def scale(lab: Lab, name: str, replicas: int) -> None:
    def edit(spec: Json) -> None:
        spec["Mode"]["Replicated"]["Replicas"] = replicas

    assert update(lab, "services", name, edit) == (200, "")


def states(lab: Lab, name: str) -> list[str]:
    return sorted(
        each["Status"]["State"]
        for each in tasks(lab, name)
        if each["Status"]["State"] in LIVE and each["DesiredState"] == "running"
    )


RANGED = {"Subnet": "10.91.0.0/27", "IPRange": "10.91.0.24/29"}
"""The range holds the broadcast address, and the gateway that the engine chooses."""
PAIR = ({"Subnet": "10.92.0.0/29"}, {"Subnet": "10.92.8.0/29", "Gateway": "10.92.8.5"})
ODD = ({"Subnet": "10.93.0.0/27", "IPRange": "10.93.0.8/29", "Gateway": "10.93.0.9"},)


@pytest.mark.parametrize(
    ("configs", "mode", "room"),
    [((RANGED,), "dnsrr", 4), (PAIR, "vip", 7), (ODD, "vip", 4)],
    ids=["range", "subnets", "gateway"],
)
def test_as_many_more_tasks_run_as_fit_and_no_more(
    bare_lab: Lab, configs: tuple[Json, ...], mode: str, room: int
) -> None:
    lab = bare_lab
    clear(lab)
    await_allocated(lab, create_network(lab, "small", *configs))
    body = pinned("web", "small", 1, EndpointSpec={"Mode": mode})
    done(lab, "POST", "/services/create", body)
    wait_until(lambda: states(lab, "web") == ["running"], "one task", 60)
    assert_equal(*both(lab, "small"))
    snapshot = snapshot_of(lab)
    fits = growth(snapshot, ledger_of(snapshot, "small").network)
    assert fits is not None
    assert (fits.crowded_tasks, fits.free) == (room, room)

    scale(lab, "web", 1 + room)
    wait_until(lambda: states(lab, "web") == ["running"] * (1 + room), "tasks that fit", 60)
    counted, found = both(lab, "small")
    assert_equal(counted, found)
    assert found.use.free == 0
    assert len(counted.handed_out - counted.kinds.keys() - set(counted.on_nodes.values())) == 0

    scale(lab, "web", 2 + room)
    wanted = ["new", *["running"] * (1 + room)]
    wait_until(lambda: states(lab, "web") == wanted, "a task that waits", 60)
    assert_equal(*both(lab, "small"))
    assert ledger_of(snapshot_of(lab), "small").waiting == 1
    clear(lab)


def test_a_rolling_update_holds_old_and_new(bare_lab: Lab) -> None:
    lab = bare_lab
    clear(lab)
    await_allocated(lab, create_network(lab, "roll", {"Subnet": "10.94.0.0/27"}))
    body = pinned("web", "roll", 3)
    body["TaskTemplate"]["ContainerSpec"]["StopGracePeriod"] = 8_000_000_000
    body["UpdateConfig"]["Order"] = "start-first"
    done(lab, "POST", "/services/create", body)
    wait_until(lambda: states(lab, "web") == ["running"] * 3, "three tasks", 60)

    def edit(spec: Json) -> None:
        spec["TaskTemplate"]["ForceUpdate"] = 1

    assert update(lab, "services", "web", edit) == (200, "")
    most = wait_until(lambda: _more_than(lab, 3), "old and new tasks side by side", 30)
    assert most <= 6
    assert_equal(*both(lab, "roll"))
    clear(lab)


def _more_than(lab: Lab, number: int) -> int:
    """Return how many tasks hold an address, where count and ledger agree on it; else 0."""
    counted = count(lab, "roll")
    found = ledger_of(snapshot_of(lab), "roll")
    held = sum(kind == "task" for kind in counted.kinds.values())
    if count(lab, "roll") != counted or held <= number:
        return 0
    assert_equal(counted, found)
    return held


def test_a_down_node_keeps_its_addresses(fresh_lab: Lab) -> None:
    lab = fresh_lab
    await_allocated(lab, create_network(lab, "app", {"Subnet": "10.95.0.0/26"}))
    body = service("web", "app")
    body["Mode"] = {"Global": {}}
    done(lab, "POST", "/services/create", body)
    wait_until(lambda: states(lab, "web") == ["running"] * 3, "a task on each node", 60)
    before = count(lab, "app")
    lab.stop_engine(3, signal.SIGKILL)

    def is_down() -> bool:
        rows = lab.get(1, "/nodes")
        return {"node3": "down"}.items() <= {
            each["Description"]["Hostname"]: each["Status"]["State"] for each in rows
        }.items()

    wait_until(is_down, "a Down node", 90)
    counted, found = both(lab, "app", asked=(1, 2))
    assert_equal(counted, found)
    assert counted.kinds.items() >= before.kinds.items()
    lost = {each.endpoint.node for each in found.holders if each.endpoint}
    down = {e.endpoint.node for e in found.holders if e.endpoint and e.endpoint.node_is_down}
    assert (lost >= {"node1", "node2", "node3"}, down) == (True, {"node3"})
    assert_equal(*both(lab, "ingress", asked=(1, 2)))
