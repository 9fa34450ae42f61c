"""Migrations that are refused, and why."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import msgspec
import pytest

from swarmtui.model import Snapshot, Standing, UpdatePolicy
from swarmtui.operations import Way, plan_operation
from swarmtui.operations.changes import migration
from swarmtui.operations.definition import Definition, Range, definition_of
from tests.builders import network, service, unallocated, worker_snapshot
from tests.unit.operations.planning import planned, refused
from tests.unit.operations.shops import (
    AGENT,
    IDLE,
    MTU,
    SHOP,
    SIDE,
    STORE,
    WEB,
    edited,
    encrypted,
    moving,
    on,
    shop,
    target,
    with_service,
)
from tests.unit.operations.test_migration import guest


def with_policy(snapshot: Snapshot, **parts: object) -> Snapshot:
    policy = replace(UpdatePolicy(), **parts)  # type: ignore[arg-type]
    return edited(snapshot, "web", lambda each: replace(each, update_policy=policy))


def crowded() -> Snapshot:
    tight = replace(SHOP, subnets=(replace(SHOP.subnets[0], cidr="10.50.0.0/28"),))
    snapshot = shop()
    return replace(snapshot, networks=(tight, *snapshot.networks[1:]))


def poolless() -> Snapshot:
    snapshot = shop()
    taken = tuple(
        network(f"all{number}", subnet, vxlan=5000 + number)
        for number, subnet in enumerate(("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"))
    )
    return replace(snapshot, networks=(*snapshot.networks, *taken))


REFUSALS: dict[str, tuple[Callable[[], Snapshot], str]] = {
    "update": (
        lambda: edited(shop(), "web", lambda each: replace(each, update_state="updating")),
        "the engine still updates web",
    ),
    "paused": (
        lambda: edited(
            shop(), "web", lambda s: replace(s, update_state="paused", update_message="task failed")
        ),
        "the update of web is paused: task failed",
    ),
    "start-first": (
        lambda: with_policy(crowded(), order="start-first", parallelism=9),
        "web starts new tasks before old ones stop, and shop_app has",
    ),
    "job": (
        lambda: edited(shop(), "idle", lambda each: replace(each, mode="replicated-job")),
        "idle is a job: it would run again. Change it by hand.",
    ),
    "guest": (guest, "Containers outside services are on shop_app, and can only be moved"),
    "pools": (poolless, "There is no free subnet for the network that carries services meanwhile."),
    "no leader": (
        lambda: replace(shop(), engine=replace(shop().engine, standing=Standing.NO_LEADER)),
        "this node is no manager with a leader",
    ),
}


@pytest.mark.parametrize("kind", REFUSALS)
def test_what_is_refused_and_why(kind: str) -> None:
    make, words = REFUSALS[kind]
    snapshot = make()
    refusal = refused(plan_operation(snapshot, moving(snapshot, Way.IN_PLACE, title="Encrypt it")))
    assert refusal.title == "Cannot encrypt it"
    assert any(reason.startswith(words) for reason in refusal.reasons), refusal


def test_a_worker_names_a_manager() -> None:
    refusal = refused(plan_operation(worker_snapshot(), moving(shop(), Way.QUICK)))
    assert refusal.hint == "Ask a manager: swarmtui --host ssh://192.168.77.1"


def test_the_quick_way_needs_neither_room_nor_pools() -> None:
    snapshot = with_policy(crowded(), order="start-first", parallelism=9)
    wanted = encrypted(ranges=(Range("10.61.0.0/24"),))
    planned(plan_operation(snapshot, migration(snapshot, SHOP.name, wanted, Way.QUICK)))
    intent = moving(poolless(), Way.QUICK)
    assert not any(
        "meanwhile" in each for each in refused(plan_operation(poolless(), intent)).reasons
    )


def test_the_ingress_and_what_never_worked_are_not_migrated() -> None:
    snapshot = shop(networks=(unallocated(),))
    ingress = msgspec.structs.replace(definition_of(snapshot.networks[3]), options={MTU: "1300"})
    intent = migration(snapshot, "ingress", ingress, Way.QUICK)
    assert any(
        "replace it with i" in each for each in refused(plan_operation(snapshot, intent)).reasons
    )
    intent = migration(snapshot, "overlap", Definition("overlap"), Way.QUICK)
    reasons = refused(plan_operation(snapshot, intent)).reasons
    assert "overlap has no addresses, so that nothing runs on it: remove it." in reasons


def test_what_is_there_already_is_needless() -> None:
    snapshot = shop()
    intent = migration(snapshot, SHOP.name, definition_of(SHOP), Way.QUICK)
    refusal = refused(plan_operation(snapshot, intent))
    assert refusal.needless
    assert refusal.reasons == (
        "The change would interrupt services and lead to what there is now.",
    )


@pytest.mark.parametrize(
    ("wanted", "words"),
    [
        (encrypted(ranges=(Range("10.51.0.0/25"),)), "subnet: It overlaps network back"),
        (encrypted(ranges=(Range("10.61.0.0/29"),)), "subnet: "),
        (encrypted("back", ranges=(Range("10.61.0.0/24"),)), "name: There is a swarm network back"),
        (encrypted(SIDE), "subnet: It overlaps network shop_app"),
    ],
)
def test_a_network_that_would_not_work_is_refused(wanted: Definition, words: str) -> None:
    snapshot = shop()
    way = Way.QUICK if wanted.name == SHOP.name else Way.SIDE_BY_SIDE
    intent = migration(snapshot, SHOP.name, wanted, way)
    reasons = refused(plan_operation(snapshot, intent)).reasons
    assert any(reason.startswith(words) for reason in reasons), reasons


def test_who_came_since_the_intent_was_made_is_told() -> None:
    snapshot = shop(WEB, AGENT, IDLE, STORE)
    intent = moving(snapshot, Way.IN_PLACE)
    late = on(service("late"), target(snapshot, SHOP.name))
    reasons = refused(plan_operation(with_service(snapshot, late), intent)).reasons
    assert reasons == ("late is on shop_app",)
