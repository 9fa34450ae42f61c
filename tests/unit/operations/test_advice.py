"""What a person should know of a change to overlays: risks, what to look at before, and after."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import msgspec
import pytest

from swarmtui.model import Cluster, Snapshot, UpdatePolicy
from swarmtui.operations import (
    Intent,
    Plan,
    Way,
    attaching,
    detaching,
    plan_operation,
    plan_rollback,
    plan_undo,
    removal_of,
)
from swarmtui.operations.changes import creation_of, migration, reaching, splitting
from swarmtui.operations.definition import Definition, Range, definition_of
from swarmtui.operations.leftovers import leftover
from swarmtui.operations.writes import Port
from tests.builders import node, unallocated
from tests.unit.operations.planning import planned
from tests.unit.operations.shops import (
    MEMBERS,
    MTU,
    SHOP,
    SIDE,
    TEMPORARY,
    WEB,
    done,
    edited,
    encrypted,
    on,
    plan_of_way,
    shop,
    until,
)

HALF = Definition("half", (Range("10.61.0.0/24"),), {"encrypted": ""})


def plan_of(intent: Intent, snapshot: Snapshot | None = None) -> Plan:
    return planned(plan_operation(snapshot or shop(), intent))


def secret() -> Snapshot:
    """Return the swarm with the network encrypted already."""
    snapshot = shop()
    changed = replace(SHOP, options={**SHOP.options, "encrypted": ""})
    return replace(snapshot, networks=(changed, *snapshot.networks[1:]))


def split_of(snapshot: Snapshot, wanted: Definition = HALF) -> Plan:
    return plan_of(splitting(snapshot, SHOP.name, wanted, ["web"], ["store"]), snapshot)


def test_whoever_encrypts_has_to_look_at_the_nodes_first() -> None:
    plan = plan_of_way(Way.QUICK)
    assert plan.checklist[0].words.startswith("IP protocol 50 (ESP)")
    assert "UDP port 4789" in plan.checklist[0].words
    assert "an MTU of 1324 instead of 1350" in plan.checklist[2].words
    assert "ip xfrm state" in plan.afterwards[0].commands
    other = replace(shop(), cluster=Cluster("cluster", ("10.20.0.0/16",), 26, 5789))
    assert "UDP port 5789" in plan_of_way(Way.QUICK, other).checklist[0].words


IN_PLACE: Plan = plan_of_way(Way.IN_PLACE)
REMOVE = f"Remove the network {SHOP.name}"


def decrypted() -> Plan:
    plain = msgspec.structs.replace(definition_of(SHOP), options={MTU: "1400"})
    return plan_of(migration(secret(), SHOP.name, plain, Way.QUICK), secret())


ENCRYPTING: list[tuple[Callable[[], Plan], bool]] = [
    (lambda: plan_of(creation_of(HALF)), True),
    (lambda: plan_of(creation_of(msgspec.structs.replace(HALF, options={}))), False),
    (lambda: split_of(shop()), True),
    # Those who move had encryption before.
    (lambda: split_of(secret()), False),
    (lambda: plan_of_way(Way.SIDE_BY_SIDE), True),
    (lambda: planned(plan_rollback(until(shop(), IN_PLACE, REMOVE), IN_PLACE)), False),
    (lambda: planned(plan_undo(done(shop(), IN_PLACE), IN_PLACE)), False),
    (lambda: plan_of(removal_of(secret(), [SHOP.name], detach=True), secret()), False),
    (decrypted, False),
    (lambda: planned(plan_undo(done(secret(), decrypted()), decrypted())), True),
]


@pytest.mark.parametrize(("make", "told"), ENCRYPTING)
def test_only_then(make: Callable[[], Plan], told: bool) -> None:
    plan = make()
    assert bool(plan.checklist) is told
    assert any("ip xfrm state" in each.commands for each in plan.afterwards) is told


def test_what_to_write_into_the_compose_file() -> None:
    (*_, drift) = plan_of_way(Way.IN_PLACE).afterwards
    assert drift.words == (
        "Put this into the compose file of the stack shop, or its next deploy differs:"
    )
    assert drift.commands == (
        "networks:",
        "  app:",
        "    driver: overlay",
        "    driver_opts:",
        f'      {MTU}: "1400"',
        '      encrypted: ""',
        "    attachable: true",
        "    internal: true",
        "    ipam:",
        "      config:",
        "        - subnet: 10.50.0.0/24",
    )
    (*_, drift) = plan_of_way(Way.SIDE_BY_SIDE).afterwards
    assert drift.commands[1:4] == (
        "  app:",
        "    driver: overlay",
        f"    name: {SIDE}",
    )


def test_no_stack_needs_no_compose_file() -> None:
    wanted = encrypted()
    wanted = msgspec.structs.replace(wanted, labels={})
    snapshot = shop()
    plain = replace(SHOP, labels={})
    snapshot = replace(snapshot, networks=(plain, *snapshot.networks[1:]))
    plan = plan_of(migration(snapshot, SHOP.name, wanted, Way.QUICK), snapshot)
    assert not any("compose" in each.words for each in plan.afterwards)


def eager() -> Snapshot:
    policy = UpdatePolicy(on_failure="rollback")
    return edited(shop(), "web", lambda each: replace(each, update_policy=policy))


def away() -> Snapshot:
    return replace(shop(), nodes=(*shop().nodes, node(4, state="down")))


def old_engines() -> Snapshot:
    nodes = tuple(replace(each, engine_version="20.10.7") for each in shop().nodes)
    return replace(shop(), nodes=nodes)


ONE_TASK = "A service that runs one task is away while that task is replaced, whatever the way."
RISKS: list[tuple[Plan, str]] = [
    (plan_of_way(Way.IN_PLACE), ONE_TASK),
    (plan_of_way(Way.QUICK), "Meanwhile the services cannot reach each other by name."),
    (plan_of_way(Way.SIDE_BY_SIDE), "The next docker stack deploy shop would make the old network"),
    (plan_of_way(Way.QUICK, eager()), "web rolls back by itself when an update fails"),
    (plan_of_way(Way.QUICK, away()), "node4 cannot be reached, and will follow when it is back."),
    (plan_of_way(Way.QUICK, old_engines()), "CVE-2023-28840"),
    (
        plan_of(reaching(shop(), WEB, mode="dnsrr")),
        "web loses its virtual addresses",
    ),
    (
        plan_of(reaching(shop(), shop().services[3], mode="vip")),
        "store gets a virtual address on each network: its name means that one then; tasks.store",
    ),
    (plan_of(detaching(shop(), shop().services[1], SHOP.name)), "agent is on no network then"),
]


@pytest.mark.parametrize(("plan", "words"), RISKS)
def test_risks(plan: Plan, words: str) -> None:
    assert words in " ".join(plan.risks)


def test_a_port_that_closes_is_a_risk() -> None:
    port = Port("tcp", 80, 8080, "host")
    opened = done(shop(), plan := plan_of(reaching(shop(), WEB, ports=(port,))))
    assert not any("is closed" in each for each in plan.risks)
    (web, *_) = opened.services
    closing = plan_of(reaching(opened, web, ports=()), opened)
    assert "8080/tcp of web is closed, or opened in another way." in closing.risks


def test_a_service_that_ends_on_no_network_is_not_reachable_all_the_time() -> None:
    agent = shop().services[1]
    (cost,) = plan_of(detaching(shop(), agent, SHOP.name)).interruptions
    assert (cost.service, cost.replacements, cost.closed_seconds) == ("agent", 1, 0.0)
    assert cost.isolated
    (cost,) = plan_of(detaching(shop(), WEB, SHOP.name)).interruptions
    assert not cost.isolated
    removal = plan_of(removal_of(shop(), [SHOP.name], detach=True))
    assert {each.service: each.isolated for each in removal.interruptions} == {
        "agent": True,
        "idle": True,
        "store": False,
        "web": False,
    }
    alone = on(agent)
    snapshot = edited(shop(), "agent", lambda _: alone)
    (cost,) = plan_of(attaching(snapshot, alone, "back"), snapshot).interruptions
    assert not cost.isolated


def test_what_is_left_half_way_is_told() -> None:
    everybody = ", ".join(MEMBERS)
    once = plan_of_way(Way.QUICK)
    gap = until(shop(), once, f"Create the network {SHOP.name}")
    assert leftover(gap, once) == (
        f"There is no network {SHOP.name}. On no network at all: agent, idle."
    )
    assert leftover(shop(), IN_PLACE) == (
        f"On {SHOP.name} (10.50.0.0/24): {everybody}. There is no network {TEMPORARY}."
    )
    snapshot = replace(shop(), networks=(*shop().networks, unallocated(TEMPORARY)))
    assert leftover(snapshot, IN_PLACE).endswith(f"On {TEMPORARY} (no addresses): nobody.")
    reach = plan_of(reaching(shop(), WEB, mode="dnsrr"))
    assert leftover(shop(), reach) == ""


def test_without_services_nothing_would_be_interrupted() -> None:
    found = plan_operation(shop(), creation_of(definition_of(SHOP)))
    assert not isinstance(found, Plan)
    assert found.needless
    assert found.reasons == ("The change would lead to what there is now.",)
