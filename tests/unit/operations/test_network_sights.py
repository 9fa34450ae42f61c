"""How conditions about networks and services on them stand: met, not yet, and never."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from swarmtui.model import NetworkId, Service, Snapshot, Standing, Task
from swarmtui.operations.conditions import (
    Condition,
    ContainersFollow,
    ContainersLeft,
    NetworkAbsent,
    NetworkReady,
    NetworksAre,
    NetworkUnused,
    OnlyOn,
    PeersComplete,
    ServicesWired,
    Wired,
)
from swarmtui.operations.definition import Definition, Range, definition_of
from swarmtui.operations.sights import look
from tests.builders import NODES, inspection, network, service, task, unallocated
from tests.replacing import replace
from tests.unit.operations.shops import (
    BACK,
    MEMBERS,
    SERVICES,
    SHOP,
    WEB,
    WIDE,
    edited,
    on,
    shop,
    target,
    with_network,
    with_service,
    without_network,
)

WIRED = ServicesWired(
    tuple(
        Wired(each.id, each.name, (SHOP.name,), (), each.replicas or 3 * (each.replicas is None))
        for each in SERVICES
        if each.name in MEMBERS
    )
)
OFF = ServicesWired((Wired(WEB.id, "web", ("back",), (SHOP.name,), 3),))
HERE = {each.name: each.id for each in (SHOP, BACK)}
IDS = tuple(each.id for each in SERVICES if each.name in MEMBERS)


def boxed(*networks: str) -> Snapshot:
    """Return the swarm with a container outside services on networks."""
    base = shop()
    box = task(None, 1, NODES[1], dict.fromkeys(networks, "10.50.0.77"))
    return replace(base, tasks=(*base.tasks, box))


def tasks(edit: Callable[[Task], Task | None]) -> Snapshot:
    """Return the swarm with the tasks of web changed."""
    base = shop()
    found = [edit(each) if each.service_id == WEB.id else each for each in base.tasks]
    return replace(base, tasks=tuple(each for each in found if each is not None))


def left_behind(snapshot: Snapshot) -> Snapshot:
    """Return the swarm where web has left the network, and its tasks have not yet."""
    stays = tuple(each for each in WEB.networks if each.target != SHOP.id)
    changed = edited(snapshot, "web", lambda each: on(each, *stays))
    return replace(changed, tasks=snapshot.tasks)


def with_address_left(snapshot: Snapshot) -> Snapshot:
    """Return the swarm where web has left the network, but for its virtual address."""
    (before, *_) = snapshot.services
    left = left_behind(snapshot)
    return replace(
        left,
        services=tuple(
            replace(each, virtual_ips=before.virtual_ips) if each.id == WEB.id else each
            for each in left.services
        ),
        tasks=(),
    )


def web(edit: Callable[[Service], Service]) -> Snapshot:
    """Return the swarm with web changed, and nothing come of it yet."""
    base = shop()
    return replace(base, services=tuple(edit(s) if s.id == WEB.id else s for s in base.services))


def down() -> Snapshot:
    base = left_behind(shop())
    nodes = tuple(replace(each, state="down") for each in base.nodes)
    return replace(base, nodes=nodes)


def peers(*names: str) -> Snapshot:
    carrying = [each for each in NODES if each.hostname in names]
    return replace(shop(), inspections={SHOP.id: inspection(SHOP, carrying)})


MET: list[tuple[Condition, Snapshot, str]] = [
    (NetworksAre({**HERE, "new": NetworkId("")}), shop(), "the networks are the ones"),
    (OnlyOn((SHOP.name,), IDS), shop(), "no other service is on them"),
    (NetworkUnused("nobody"), with_network(shop(), network("nobody", vxlan=1)), "nobody is on it"),
    (NetworkUnused("gone"), shop(), "nobody is on it"),
    (NetworkAbsent("gone"), shop(), "the network is gone"),
    (NetworkReady(definition_of(SHOP)), shop(), "shop_app has 10.50.0.0/24"),
    (WIRED, shop(), "all have their addresses, and their tasks run"),
    (ContainersFollow(SHOP.name, "back"), boxed(SHOP.name, "back"), "every container is on it too"),
    (ContainersFollow(SHOP.name, "back"), boxed(), "every container is on it too"),
    (ContainersLeft(SHOP.name), boxed("back"), "no container is on it"),
    (ContainersLeft("gone"), boxed("back"), "no container is on it"),
    (PeersComplete(SHOP.name), shop(), "this node does not carry it"),
    (PeersComplete(SHOP.name), peers("node1", "node2", "node3"), "every node that runs a task"),
    # Services that were removed, and networks to leave that are gone, are not waited for.
    (ServicesWired((Wired(NetworkId("x"), "x", ("nope",), (), 1),)), shop(), ""),  # type: ignore[arg-type]
    (ServicesWired((Wired(WEB.id, "web", ("back",), ("gone",), 3),)), shop(), ""),
    (ServicesWired(()), shop(), "all have their addresses"),
    # Fewer tasks are enough where fewer are wanted by then.
    (
        WIRED,
        edited(
            tasks(lambda each: each if each.slot == 1 else None),
            "web",
            lambda each: replace(each, desired=1),
        ),
        "",
    ),
]


@pytest.mark.parametrize(("condition", "snapshot", "words"), MET)
def test_met(condition: Condition, snapshot: Snapshot, words: str) -> None:
    sight = look(condition, snapshot)
    assert sight.met, sight
    assert sight.words.startswith(words)


NOT_YET: list[tuple[Condition, Snapshot, str]] = [
    (NetworkAbsent(SHOP.name), shop(), "the swarm still lists it"),
    (
        NetworkAbsent("gone"),
        replace(shop(), leftovers=(network("gone", vxlan=1),)),
        "this node still carries it",
    ),
    (NetworkReady(Definition("new")), shop(), "the swarm does not list it yet"),
    (
        NetworkReady(Definition("new")),
        with_network(shop(), unallocated("new")),
        "the swarm has not given it addresses yet: its subnet may overlap",
    ),
    (OFF, shop(), "web is still on shop_app"),
    (OFF, left_behind(shop()), "web is still on shop_app"),
    (OFF, replace(left_behind(shop()), tasks=()), "web runs 0 of 3 tasks"),
    (OFF, with_address_left(shop()), "web still has its virtual address on shop_app"),
    (
        ServicesWired((Wired(WEB.id, "web", ("gone",), (), 3),)),
        shop(),
        "web is not on gone",
    ),
    (
        ServicesWired((Wired(WEB.id, "web", ("other",), (), 3),)),
        with_network(shop(), network("other", vxlan=1)),
        "web is not on other",
    ),
    (
        WIRED,
        web(lambda each: replace(each, virtual_ips=())),
        "web has no virtual address on shop_app",
    ),
    (
        WIRED,
        web(lambda each: replace(each, endpoint_mode="dnsrr")),
        "web still has its virtual address on shop_app",
    ),
    (WIRED, tasks(lambda each: replace(each, state="starting")), "web runs 0 of 3 tasks"),
    (WIRED, tasks(lambda each: replace(each, desired_state="shutdown")), "web runs 0 of 3 tasks"),
    (WIRED, tasks(lambda each: replace(each, attachments=())), "web runs 0 of 3 tasks"),
    (WIRED, tasks(lambda each: each if each.slot == 1 else None), "web runs 1 of 3 tasks"),
    (WIRED, web(lambda each: replace(each, update_state="updating")), "the engine still updates"),
    (
        ContainersFollow(SHOP.name, "back"),
        boxed(SHOP.name),
        "connect to back: box1node2ccc on node2",
    ),
    (
        ContainersLeft(SHOP.name),
        boxed(SHOP.name),
        "disconnect from shop_app: box1node2ccc on node2",
    ),
    (PeersComplete(SHOP.name), peers("node1"), "no peers of it yet: node2, node3"),
]


@pytest.mark.parametrize(("condition", "snapshot", "words"), NOT_YET)
def test_not_yet(condition: Condition, snapshot: Snapshot, words: str) -> None:
    sight = look(condition, snapshot)
    assert (sight.met, sight.hopeless) == (False, False)
    assert sight.words.startswith(words)


LATE = on(service("late"), target(shop(), SHOP.name))
NEVER: list[tuple[Condition, Snapshot, str]] = [
    (NetworksAre(HERE), without_network(shop(), "back"), "the network back is gone"),
    (
        NetworksAre({"new": NetworkId("")}),
        with_network(shop(), network("new", vxlan=1)),
        "the network new is another one than when this was planned",
    ),
    (
        NetworksAre(HERE),
        with_network(shop(), replace(BACK, id=NetworkId("other"))),
        "the network back is another one than when this was planned",
    ),
    (OnlyOn((SHOP.name, "back"), IDS), shop(), "lonely is on shop_app, back"),
    (OnlyOn((SHOP.name,), IDS[:1]), shop(), "agent, idle, store are on shop_app"),
    (NetworkUnused(SHOP.name), shop(), "agent, idle, store, web are still on it"),
    (NetworkUnused(WIDE.name), shop(), "web is still on it"),
    (
        NetworkReady(Definition(SHOP.name, (Range("10.99.0.0/24"),))),
        shop(),
        "the network shop_app is not as it was wanted; somebody else made it",
    ),
    (
        WIRED,
        web(lambda each: replace(each, update_state="paused", update_message="task failed")),
        "the update of web is paused: task failed",
    ),
]


@pytest.mark.parametrize(("condition", "snapshot", "words"), NEVER)
def test_never(condition: Condition, snapshot: Snapshot, words: str) -> None:
    sight = look(condition, snapshot)
    assert (sight.met, sight.hopeless) == (False, True)
    assert sight.words == words


@pytest.mark.parametrize("condition", [each for each, _, _ in MET])
def test_nothing_holds_without_a_leader(condition: Condition) -> None:
    blind = replace(shop(), engine=replace(shop().engine, standing=Standing.NO_LEADER))
    sight = look(condition, blind)
    assert (sight.met, sight.hopeless) == (False, False)


def test_tasks_and_containers_that_linger_are_named() -> None:
    base = boxed(SHOP.name)
    lone = replace(base, services=())
    words = look(NetworkUnused(SHOP.name), lone).words
    assert words.startswith("still on it: ")
    assert words.endswith("...")
    sight = look(NetworkUnused(SHOP.name), replace(lone, tasks=lone.tasks[-1:]))
    assert sight.words == "still on it: container box1node2ccc on node2"


def test_a_node_that_is_down_cannot_let_go() -> None:
    lone = replace(down(), services=())
    assert look(NetworkUnused(SHOP.name), lone).met
    assert look(OFF, down()).met


def test_the_tasks_of_a_job_are_not_counted() -> None:
    job = tasks(lambda _: None)
    job = replace(
        job,
        services=tuple(
            replace(s, mode="replicated-job") if s.id == WEB.id else s for s in job.services
        ),
    )
    assert look(WIRED, job).met


def test_newcomers_are_told() -> None:
    sight = look(OnlyOn((SHOP.name,), IDS), with_service(shop(), LATE))
    assert sight.words == "late is on shop_app"
