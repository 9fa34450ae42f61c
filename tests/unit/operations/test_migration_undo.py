"""Changes of networks that are done and undone, and what keeps them from it."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from swarmtui.model import NetworkTarget, PublishedPort, Service, Snapshot
from swarmtui.operations import (
    Intent,
    Plan,
    Rearrange,
    Way,
    attaching,
    detaching,
    plan_operation,
    plan_undo,
    removal_of,
)
from swarmtui.operations.arrangement import shape_of
from swarmtui.operations.changes import creation_of, migration, reaching, splitting
from swarmtui.operations.definition import Definition, Range, definition_of, fits
from swarmtui.operations.network_sights import swarm_network
from swarmtui.operations.writes import CreateNetwork, Port, RemoveNetwork, Reshape
from tests.builders import network, service
from tests.replacing import replace
from tests.unit.operations.planning import planned, refused
from tests.unit.operations.shops import (
    SHOP,
    SIDE,
    TEMPORARY,
    done,
    edited,
    encrypted,
    moving,
    on,
    shop,
    target,
    with_network,
    with_service,
    without_network,
)


def split(snapshot: Snapshot) -> Intent:
    return splitting(
        snapshot, SHOP.name, Definition("half", (Range("10.61.0.0/24"),)), ["web"], ["store"]
    )


def service_of(snapshot: Snapshot, name: str) -> Service:
    return next(each for each in snapshot.services if each.name == name)


def reach(snapshot: Snapshot) -> Intent:
    ports = (Port("tcp", 80, 0, "ingress"), Port("tcp", 81, 8081, "host"))
    return reaching(snapshot, service_of(snapshot, "web"), ports=ports)


KINDS: dict[str, Callable[[Snapshot], Intent]] = {
    "in place": lambda snapshot: moving(snapshot, Way.IN_PLACE),
    "quick": lambda snapshot: moving(snapshot, Way.QUICK),
    "side by side": lambda snapshot: moving(snapshot, Way.SIDE_BY_SIDE),
    "create": lambda _: creation_of(Definition("half", (Range("10.61.0.0/24"),))),
    "remove": lambda snapshot: removal_of(snapshot, [SHOP.name], detach=True),
    "split": split,
    "attach": lambda snapshot: attaching(snapshot, service_of(snapshot, "agent"), "back", ["x"]),
    "detach": lambda snapshot: detaching(snapshot, service_of(snapshot, "web"), SHOP.name),
    "reach": reach,
}


def carried(kind: str) -> tuple[Snapshot, Plan]:
    plan = planned(plan_operation(shop(), KINDS[kind](shop())))
    return done(shop(), plan), plan


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_can_be_undone(kind: str) -> None:
    after, plan = carried(kind)
    back = planned(plan_undo(after, plan))
    assert back.title == f"Undo the change: {plan.title[0].lower()}{plan.title[1:]}"
    end = done(after, back)
    for each in shop().services:
        now, was = shape_of(end, end.service_by_id[each.id]), shape_of(shop(), each)
        assert (set(now.wires), now.mode, now.ports) == (set(was.wires), was.mode, was.ports)
    for network_before in shop().networks:
        found = swarm_network(end, network_before.name)
        assert found is not None
        assert fits(found, definition_of(network_before))
    assert len(end.networks) == len(shop().networks)


def test_an_undo_in_place_chooses_a_temporary_network_anew() -> None:
    after, plan = carried("in place")
    after = with_network(after, network(TEMPORARY, "10.20.0.64/26", vxlan=6000))
    refusal = refused(plan_undo(after, plan))
    assert refusal.reasons == (f"There is a network {TEMPORARY} again.",)
    after, plan = carried("in place")
    back = planned(plan_undo(with_network(after, network("x", "10.20.0.64/26", vxlan=1)), plan))
    assert isinstance(back.intent, Rearrange)
    assert back.intent.temporary is not None
    assert back.intent.temporary.ranges == (Range("10.20.0.128/26"),)
    # It carries what is encrypted by now.
    assert "encrypted" in back.intent.temporary.options


def rewired(*targets: NetworkTarget) -> Callable[[Snapshot], Snapshot]:
    return lambda snapshot: edited(snapshot, "web", lambda each: on(each, *targets))


def gone(name: str) -> Callable[[Snapshot], Snapshot]:
    return lambda snapshot: replace(
        snapshot, services=tuple(each for each in snapshot.services if each.name != name)
    )


def ported(*ports: PublishedPort) -> Callable[[Snapshot], Snapshot]:
    return lambda snapshot: edited(
        snapshot, "web", lambda each: replace(each, ports=ports, asked_ports=ports)
    )


def late_on(name: str) -> Callable[[Snapshot], Snapshot]:
    return lambda snapshot: with_service(snapshot, on(service("late"), target(snapshot, name)))


OTHER = network(SHOP.name, "10.91.0.0/24", vxlan=6001)
OLD_AGAIN = "web is on other networks, or has other aliases, than it was left with."
FACTS: list[tuple[str, Callable[[Snapshot], Snapshot], str]] = [
    ("in place", lambda s: without_network(s, SHOP.name), "The network shop_app is gone."),
    ("in place", lambda s: with_network(s, OTHER), "The network shop_app is not as it was left."),
    ("side by side", lambda s: with_network(s, OTHER), "There is a network shop_app again."),
    ("remove", lambda s: with_network(s, OTHER), "There is a network shop_app again."),
    ("quick", rewired(), OLD_AGAIN),
    ("attach", lambda s: edited(s, "agent", on), OLD_AGAIN.replace("web", "agent")),
    ("split", gone("web"), "The service web is gone."),
    ("split", late_on("half"), "late is on half"),
    ("side by side", late_on(SIDE), f"late is on {SIDE}"),
    ("reach", gone("web"), "The service web is gone."),
    ("reach", ported(), "web publishes other ports than it was left with."),
    (
        "reach",
        ported(PublishedPort("tcp", 80, 40001, "ingress"), PublishedPort("tcp", 81, 8089, "host")),
        "web publishes other ports than it was left with.",
    ),
    (
        "reach",
        ported(
            PublishedPort("tcp", 80, 40001, "ingress"),
            PublishedPort("tcp", 81, 8081, "host"),
            PublishedPort("tcp", 82, 8082, "host"),
        ),
        "web publishes other ports than it was left with.",
    ),
    (
        "in place",
        lambda s: edited(s, "web", lambda each: replace(each, update_state="updating")),
        "the engine still updates web",
    ),
]


@pytest.mark.parametrize(("kind", "happen", "words"), FACTS)
def test_what_changed_since_keeps_it_from_being_undone(
    kind: str, happen: Callable[[Snapshot], Snapshot], words: str
) -> None:
    after, plan = carried(kind)
    refusal = refused(plan_undo(happen(after), plan))
    assert words in refusal.reasons
    assert not refusal.needless


def test_aliases_and_the_endpoint_mode_count() -> None:
    after, plan = carried("quick")
    shop_now = swarm_network(after, SHOP.name)
    assert shop_now is not None

    def renamed(each: Service) -> Service:
        networks = tuple(replace(target, aliases=("other",)) for target in each.networks)
        return replace(each, networks=networks)

    assert OLD_AGAIN in refused(plan_undo(edited(after, "web", renamed), plan)).reasons
    turned = reaching(shop(), service_of(shop(), "web"), mode="dnsrr")
    plan = planned(plan_operation(shop(), turned))
    after = edited(done(shop(), plan), "web", lambda each: replace(each, endpoint_mode="vip"))
    assert refused(plan_undo(after, plan)).reasons == (
        "web has another endpoint mode than it was left with.",
    )


def test_what_changed_elsewhere_does_not() -> None:
    after, plan = carried("quick")
    port = PublishedPort("tcp", 80, 8080, "host")
    after = ported(port)(after)
    after = edited(after, "lonely", on)
    after = with_service(after, on(service("late"), target(after, "back")))
    end = done(after, planned(plan_undo(after, plan)))
    assert service_of(end, "web").ports == (port,)


def test_chosen_numbers_are_no_change() -> None:
    after, plan = carried("reach")
    (first, _) = service_of(after, "web").ports
    assert first.published > 0
    planned(plan_undo(after, plan))


def test_an_undo_of_an_undo_is_the_change() -> None:
    after, plan = carried("side by side")
    back = planned(plan_undo(after, plan))
    again = planned(plan_undo(done(after, back), back))
    assert again.title == plan.title
    assert [type(each) for each in again.writes] == [
        CreateNetwork,
        *[Reshape] * 8,
        RemoveNetwork,
    ]


def test_ports_that_were_closed_are_told_to_come_back_in_part() -> None:
    base = ported(PublishedPort("tcp", 80, 8080, "host"))(shop())
    plan = planned(plan_operation(base, reaching(base, service_of(base, "web"), ports=())))
    words = "Ports of web come back with their numbers, protocols and modes"
    assert words in " ".join(planned(plan_undo(done(base, plan), plan)).risks)
    ports = (Port("tcp", 80, 8090, "host"),)
    plan = planned(plan_operation(base, reaching(base, service_of(base, "web"), ports=ports)))
    assert words not in " ".join(planned(plan_undo(done(base, plan), plan)).risks)


def test_a_subnet_that_is_changed_comes_back() -> None:
    wanted = encrypted(ranges=(Range("10.61.0.0/24"),))
    intent = migration(shop(), SHOP.name, wanted, Way.IN_PLACE)
    plan = planned(plan_operation(shop(), intent))
    after = done(shop(), plan)
    end = done(after, planned(plan_undo(after, plan)))
    found = swarm_network(end, SHOP.name)
    assert found is not None
    assert definition_of(found) == definition_of(SHOP)
