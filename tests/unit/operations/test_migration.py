"""Plans that bring a network's services onto another one in its place, in three ways."""

from __future__ import annotations

from dataclasses import replace

import msgspec
import pytest

from swarmtui.model import NetworkTarget, Snapshot
from swarmtui.operations import Plan, Way, plan_operation
from swarmtui.operations.changes import migration
from swarmtui.operations.conditions import NetworkReady, NetworkUnused, OnlyOn, ServicesWired
from swarmtui.operations.definition import Definition, Range, definition_of
from swarmtui.operations.network_draft import migration_draft
from swarmtui.operations.writes import CreateNetwork, RemoveNetwork, Reshape
from tests.builders import network, service, task, unallocated
from tests.unit.operations.planning import planned, writes_of
from tests.unit.operations.shops import (
    BACK,
    LONELY,
    MEMBERS,
    MTU,
    SHOP,
    SIDE,
    TEMPORARY,
    WEB,
    WIDE,
    moving,
    on,
    plan_of_way,
    reshapes,
    shop,
    with_service,
)


def each_of(*names: str) -> list[list[str]]:
    return [[f"Reshape {name}"] for name in names]


PASS = each_of(*MEMBERS)
AT_ONCE = [[f"Reshape {name}" for name in MEMBERS]]
OLD_GOES: list[list[str]] = [[], [f"RemoveNetwork {SHOP.name}"]]
WRITES = {
    Way.IN_PLACE: lambda each: [
        [f"CreateNetwork {TEMPORARY}"],
        *each,
        *each,
        *OLD_GOES,
        [f"CreateNetwork {SHOP.name}"],
        *each,
        *each,
        [],
        [f"RemoveNetwork {TEMPORARY}"],
        [],
    ],
    Way.QUICK: lambda each: [*each, *OLD_GOES, [f"CreateNetwork {SHOP.name}"], *each, []],
    Way.SIDE_BY_SIDE: lambda each: [[f"CreateNetwork {SIDE}"], *each, *each, *OLD_GOES, []],
}
"""What is written, step by step; a step without writes waits."""


@pytest.mark.parametrize("at_once", [False, True])
@pytest.mark.parametrize("way", Way)
def test_the_steps(way: Way, at_once: bool) -> None:
    # A gap that is there anyway would only become longer.
    together = at_once or way is Way.QUICK
    plan = plan_of_way(way, at_once=at_once)
    assert writes_of(plan) == WRITES[way](AT_ONCE if together else PASS)


def test_each_network_keeps_its_place_and_the_others_theirs() -> None:
    in_place = plan_of_way(Way.IN_PLACE)
    assert reshapes(in_place, "web") == [
        "back shop_app shop_app-moving wide",
        "back shop_app-moving wide",
        "back shop_app shop_app-moving wide",
        "back shop_app wide",
    ]
    assert reshapes(in_place, "store") == [
        "shop_app shop_app-moving back",
        "shop_app-moving back",
        "shop_app shop_app-moving back",
        "shop_app back",
    ]
    assert reshapes(plan_of_way(Way.QUICK), "web") == ["back wide", "back shop_app wide"]
    assert reshapes(plan_of_way(Way.QUICK), "agent") == ["", "shop_app"]
    assert reshapes(plan_of_way(Way.SIDE_BY_SIDE), "web") == [
        "back shop_app2 shop_app wide",
        "back shop_app2 wide",
    ]
    assert reshapes(in_place, "lonely") == []


@pytest.mark.parametrize("way", Way)
def test_aliases_and_driver_options_go_along(way: Way) -> None:
    own = {SHOP.name, SIDE, TEMPORARY}
    kept = {"back": (("b",), ()), "wide": ((), ())}
    for write in plan_of_way(way).writes:
        if isinstance(write, Reshape) and write.name == "web":
            for wire in write.wires:
                wanted = (("www", "w.w"), (("weight", "1"),))
                if wire.network not in own:
                    wanted = kept[wire.network]  # type: ignore[assignment]
                assert (wire.aliases, wire.driver_options) == wanted
            assert (write.mode, write.ports) == ("", ())


@pytest.mark.parametrize("way", Way)
def test_each_write_begins_where_the_last_one_ended(way: Way) -> None:
    wires = {each.name: each.wires for each in moving(shop(), way).before.services}
    for write in plan_of_way(way).writes:
        if isinstance(write, Reshape):
            assert write.wires_before == wires[write.name]
            wires[write.name] = write.wires


def created(way: Way, snapshot: Snapshot | None = None) -> list[Definition]:
    plan = plan_of_way(way, snapshot)
    return [each.definition for each in plan.writes if isinstance(each, CreateNetwork)]


@pytest.mark.parametrize("way", Way)
def test_the_new_network_differs_in_what_was_asked_for_only(way: Way) -> None:
    made = created(way)[-1]
    old = definition_of(SHOP)
    assert made.options == {MTU: "1400", "encrypted": ""}
    assert made.labels == {"com.docker.stack.namespace": "shop", "team": "a&b"}
    assert (made.attachable, made.internal) == (True, True)
    assert made.ranges == (
        (Range("10.60.0.0/24"),)
        if way is Way.SIDE_BY_SIDE
        else (Range("10.50.0.0/24", "10.50.0.9"),)
    )
    assert (
        msgspec.structs.replace(made, options=old.options, ranges=old.ranges, name=old.name) == old
    )


def test_the_temporary_network_carries_the_same_traffic_and_tells_what_it_is() -> None:
    temporary, _ = created(Way.IN_PLACE)
    assert temporary == Definition(
        TEMPORARY,
        (Range("10.20.0.64/26"),),
        {MTU: "1400"},
        {"swarmtui.temporary": "shop_app"},
        attachable=True,
        internal=True,
    )
    secret = replace(SHOP, options={**SHOP.options, "encrypted": "", "other": "x"})
    snapshot = shop()
    snapshot = replace(snapshot, networks=(secret, *snapshot.networks[1:]))
    plain = msgspec.structs.replace(definition_of(secret), options={})
    intent = migration(snapshot, SHOP.name, plain, Way.IN_PLACE)
    assert intent.temporary is not None
    # Nothing goes in the clear that did not before.
    assert intent.temporary.options == {MTU: "1400", "encrypted": ""}


def test_a_taken_name_gets_a_number() -> None:
    taken = [network(TEMPORARY, "10.70.0.0/24", vxlan=5000), unallocated(f"{TEMPORARY}2")]
    temporary, _ = created(Way.IN_PLACE, shop(networks=tuple(taken)))
    assert temporary.name == f"{TEMPORARY}3"


def test_the_temporary_network_keeps_clear_of_the_local_network() -> None:
    plan = plan_of_way(Way.IN_PLACE, lan_ranges=("10.20.0.0/24",))
    first = plan.writes[0]
    assert isinstance(first, CreateNetwork)
    assert first.definition.ranges == (Range("10.20.1.0/26"),)


@pytest.mark.parametrize("way", Way)
def test_without_users_there_is_nothing_to_lead(way: Way) -> None:
    plan = plan_of_way(way, shop(LONELY))
    made = SIDE if way is Way.SIDE_BY_SIDE else SHOP.name
    wanted = [[], [f"RemoveNetwork {SHOP.name}"], [f"CreateNetwork {made}"], []]
    if way is Way.SIDE_BY_SIDE:
        wanted = [wanted[2], *wanted[:2], []]
    assert writes_of(plan) == wanted
    assert (plan.interruptions, plan.seconds) == ((), 2.0)


@pytest.mark.parametrize(
    ("way", "at_once", "replacements", "cut", "whole"),
    [
        (Way.IN_PLACE, False, 4, 0.0, 4 * (41 + 1 + 29 + 41) + 4),
        (Way.IN_PLACE, True, 4, 0.0, 4 * 41 + 4),
        (Way.QUICK, False, 2, 84.0, 2 * 41 + 2),
        (Way.SIDE_BY_SIDE, False, 2, 0.0, 2 * (41 + 1 + 29 + 41) + 2),
        (Way.SIDE_BY_SIDE, True, 2, 0.0, 2 * 41 + 2),
    ],
)
def test_what_it_costs(
    way: Way, at_once: bool, replacements: int, cut: float, whole: float
) -> None:
    plan = plan_of_way(way, at_once=at_once)
    assert plan.seconds == whole
    assert [
        (each.service, each.tasks, each.replacements, each.closed_seconds, each.isolated)
        for each in plan.interruptions
    ] == [
        (name, tasks, replacements, cut, False)
        for name, tasks in (("agent", 3), ("idle", 0), ("store", 2), ("web", 3))
    ]


def test_what_the_steps_require_and_wait_for() -> None:
    plan = plan_of_way(Way.IN_PLACE)
    for step in plan.steps:
        for write in step.writes:
            match write:
                case RemoveNetwork():
                    assert NetworkUnused(write.name) in step.requires
                case CreateNetwork():
                    assert step.until == (NetworkReady(write.definition),)
                case Reshape():
                    (wired,) = step.until
                    assert isinstance(wired, ServicesWired)
                    (one,) = wired.services
                    own = [w.network for w in write.wires if w.network.startswith("shop")]
                    assert list(one.on) == own
                    left = {w.network for w in write.wires_before} - {
                        w.network for w in write.wires
                    }
                    assert set(one.off) == left
    only = [each for each in plan.preconditions if isinstance(each, OnlyOn)]
    assert [each.networks for each in only] == [(SHOP.name,)]


def test_each_step_can_be_taken_back() -> None:
    for step in plan_of_way(Way.IN_PLACE).steps:
        for write, undo in zip(step.writes, step.undo, strict=True):
            match write:
                case Reshape():
                    assert undo == write.reversed
                case CreateNetwork():
                    assert isinstance(undo, RemoveNetwork)
                    assert undo.name == write.definition.name
                case _:
                    assert isinstance(undo, CreateNetwork)
    assert plan_of_way(Way.QUICK).steps[2].undo == (CreateNetwork(definition_of(SHOP)),)


def full(free: int = 0) -> Snapshot:
    """Return the swarm with a small network whose service wants more tasks than it can hold."""
    small = network("shop_app", "10.50.0.0/29", gateway="10.50.0.1", vxlan=4300)
    crowd = on(service("crowd", replicas=6), NetworkTarget(small.id))
    snapshot = replace(shop(LONELY), networks=(small, *shop().networks[1:]))
    snapshot = with_service(snapshot, crowd)
    if free:
        return snapshot
    waiting = task(crowd, 7, None, {}, state="new", targets=[small])
    return replace(snapshot, tasks=(*snapshot.tasks, waiting))


def enlarged(snapshot: Snapshot) -> Plan:
    small = definition_of(snapshot.networks[0])
    wanted = msgspec.structs.replace(small, ranges=(Range("10.61.0.0/24"),))
    intent = migration(snapshot, small.name, wanted, Way.IN_PLACE)
    return planned(plan_operation(snapshot, intent))


def test_from_a_full_network_all_leave_at_once() -> None:
    plan = enlarged(full())
    # Nobody can be on both: one swap instead of two passes, and then as ever.
    assert [each for step in writes_of(plan) for each in step] == [
        "CreateNetwork shop_app-moving",
        "Reshape crowd",
        "RemoveNetwork shop_app",
        "CreateNetwork shop_app",
        "Reshape crowd",
        "Reshape crowd",
        "RemoveNetwork shop_app-moving",
    ]
    words = "Tasks wait for addresses on shop_app: services leave it all at once"
    assert words in " ".join(plan.risks)
    assert reshapes(enlarged(full(1)), "crowd")[0] == "shop_app shop_app-moving"


def test_beside_it_gets_another_name_and_a_free_subnet_that_holds_everybody() -> None:
    draft = migration_draft(shop(), SHOP.name)
    assert draft is not None
    assert draft.new_name == SIDE
    wanted = replace(draft, way=Way.SIDE_BY_SIDE, encrypted=True).definition(shop())
    assert (wanted.name, wanted.ranges) == (SIDE, (Range("10.20.0.64/26"),))
    own = replace(draft, way=Way.SIDE_BY_SIDE, subnet="10.60.0.0/24", gateway="10.60.0.9")
    assert own.definition(shop()).ranges == (Range("10.60.0.0/24", "10.60.0.9"),)
    # Side by side it cannot have the subnet of the old one.
    assert draft.definition(shop()).ranges == (Range("10.50.0.0/24", "10.50.0.9"),)


def guest() -> Snapshot:
    snapshot = shop()
    box = task(None, 1, snapshot.nodes[1], {SHOP.name: "10.50.0.77"})
    return replace(snapshot, tasks=(*snapshot.tasks, box))


def test_containers_can_be_waited_for() -> None:
    plan = plan_of_way(Way.IN_PLACE, guest(), by_hand=True, at_once=True)
    titles = [step.title for step in plan.steps if "by hand" in step.title]
    assert titles == [
        f"Connect containers to {TEMPORARY} by hand",
        f"Disconnect containers from {SHOP.name} by hand",
        f"Connect containers to {SHOP.name} by hand",
        f"Disconnect containers from {TEMPORARY} by hand",
    ]
    (connect, *_) = (step for step in plan.steps if "by hand" in step.title)
    assert connect.commands == (f"docker network connect {TEMPORARY} box1node2ccc  # on node2",)
    quick = plan_of_way(Way.QUICK, guest(), by_hand=True)
    assert [step.title for step in quick.steps if "by hand" in step.title] == titles[1:2]
    assert quick.afterwards[-1].commands == (
        f"docker network connect {SHOP.name} box1node2ccc  # on node2",
    )


def test_other_networks_of_the_services_are_no_concern() -> None:
    snapshot = shop(WEB, LONELY)
    plan = plan_of_way(Way.IN_PLACE, snapshot)
    names = {each.name for each in (BACK, WIDE)}
    for write in plan.writes:
        assert not isinstance(write, RemoveNetwork) or write.name not in names
    assert {each.name for each in plan.writes if isinstance(each, Reshape)} == {"web"}
