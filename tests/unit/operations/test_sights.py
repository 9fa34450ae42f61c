"""Looking whether conditions hold."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from swarmtui.model import Attachment, Network, NetworkId, Problem, ServiceId, Snapshot, Standing
from swarmtui.operations import MTU_OPTION, Definition, Range
from swarmtui.operations.conditions import (
    ClusterAnswers,
    Condition,
    DefinitionSound,
    Expected,
    IngressAllocated,
    IngressEverywhere,
    IngressIs,
    NetworkFree,
    NetworkGone,
    OnlyPublish,
    ServicesPublished,
    ServicesReleased,
    ServicesSettled,
)
from swarmtui.operations.sight import Sight
from swarmtui.operations.sights import look
from tests.builders import (
    APP,
    DB,
    INGRESS,
    NODES,
    WEB,
    an_id,
    busy_snapshot,
    engine,
    inspection,
    network,
    node,
    service,
    unallocated,
)
from tests.replacing import replace

GONE = ServiceId(an_id("gone"))
SOUND = Definition("mesh", (Range("10.77.0.0/24"),), ingress=True)
PUBLISHED = ServicesPublished((Expected(WEB.id, "web", 3),))
RELEASED = ServicesReleased((DB.id,), (INGRESS.id,))
MET: Mapping[str, Condition] = {
    "answers": ClusterAnswers(),
    "is": IngressIs((INGRESS.id,)),
    "sound": DefinitionSound(SOUND),
    "only": OnlyPublish((WEB.id,)),
    "settled": ServicesSettled((WEB.id, DB.id)),
    "released": RELEASED,
    "free": NetworkFree(NetworkId("nobody's")),
    "gone": NetworkGone(NetworkId("gone")),
    "allocated": IngressAllocated("ingress"),
    "everywhere": IngressEverywhere(),
    "published": PUBLISHED,
}


def met(condition: Condition, snapshot: Snapshot | None = None) -> None:
    sight = look(condition, snapshot or busy_snapshot())
    assert (sight.met, sight.hopeless) == (True, False), sight


def not_yet(condition: Condition, snapshot: Snapshot) -> str:
    sight = look(condition, snapshot)
    assert (sight.met, sight.hopeless) == (False, False), sight
    return sight.words


def never(condition: Condition, snapshot: Snapshot) -> str:
    sight = look(condition, snapshot)
    assert (sight.met, sight.hopeless) == (False, True), sight
    return sight.words


def with_networks(*networks: Network) -> Snapshot:
    return replace(busy_snapshot(), networks=networks)


def with_web(**changes: object) -> Snapshot:
    return replace(busy_snapshot(), services=(replace(WEB, **changes), DB))


@pytest.mark.parametrize("condition", MET.values(), ids=MET)
def test_all_hold_in_a_swarm_at_rest(condition: Condition) -> None:
    met(condition)


@pytest.mark.parametrize("condition", MET.values(), ids=MET)
@pytest.mark.parametrize("part", ["nodes", "networks", "services", "tasks"])
def test_nothing_holds_by_what_was_read_before(condition: Condition, part: str) -> None:
    stale = replace(busy_snapshot(), problems=(Problem(part, "", "no leader"),))
    assert not_yet(condition, stale) == f"the {part} cannot be read: no leader"


@pytest.mark.parametrize("condition", MET.values(), ids=MET)
@pytest.mark.parametrize("standing", [each for each in Standing if each is not Standing.MANAGER])
def test_nothing_holds_without_a_leader(condition: Condition, standing: Standing) -> None:
    away = replace(busy_snapshot(), engine=engine(standing))
    assert str(standing) in not_yet(condition, away)


def test_a_single_object_that_is_not_understood_is_no_matter() -> None:
    odd = (Problem("services", "odd", "not understood"), Problem("inspect", "", "slow"))
    met(ClusterAnswers(), replace(busy_snapshot(), problems=odd))


def test_another_ingress_than_was_planned_with() -> None:
    for other in (
        with_networks(APP),
        with_networks(replace(INGRESS, id=NetworkId("new"))),
        with_networks(INGRESS, replace(INGRESS, id=NetworkId("new"))),
    ):
        assert "another one" in never(IngressIs((INGRESS.id,)), other)
    assert never(IngressIs(()), busy_snapshot())
    met(IngressIs(()), with_networks(APP))
    second = replace(INGRESS, id=NetworkId("new"))
    met(IngressIs((INGRESS.id, second.id)), with_networks(second, INGRESS))


def test_something_in_the_way() -> None:
    taken = Definition("mesh", (Range("10.20.0.64/26"),), ingress=True)
    assert "overlaps network app" in never(DefinitionSound(taken), busy_snapshot())
    lan = DefinitionSound(SOUND, ("10.77.0.0/16",))
    assert "LAN range" in never(lan, busy_snapshot())


def test_a_doubt_is_not_in_the_way() -> None:
    met(DefinitionSound(Definition("mesh", options={MTU_OPTION: "9999"}, ingress=True)))


def test_others_that_publish() -> None:
    more = service("more", ports=WEB.ports)
    snapshot = replace(busy_snapshot(), services=(WEB, DB, more))
    met(OnlyPublish((WEB.id, more.id, GONE)), snapshot)
    assert never(OnlyPublish((WEB.id,)), snapshot).startswith("more publish")
    assert never(OnlyPublish(()), snapshot).startswith("more, web publish")
    hosts = tuple(replace(port, mode="host") for port in WEB.ports)
    met(OnlyPublish(()), with_web(asked_ports=hosts))


@pytest.mark.parametrize("state", ["updating", "rollback_started"])
def test_updates_under_way(state: str) -> None:
    words = not_yet(ServicesSettled((WEB.id,)), with_web(update_state=state))
    assert words == "the engine still updates web"


@pytest.mark.parametrize("state", ["paused", "rollback_paused"])
def test_updates_that_have_stopped(state: str) -> None:
    for condition in (
        ServicesSettled((DB.id, WEB.id)),
        ServicesReleased((WEB.id,), (INGRESS.id,)),
        PUBLISHED,
    ):
        stuck = with_web(update_state=state, update_message="task failed")
        assert never(condition, stuck) == "the update of web is paused: task failed"
    assert "does not say why" in never(ServicesSettled((WEB.id,)), with_web(update_state=state))


@pytest.mark.parametrize("state", ["", "completed", "rollback_completed"])
def test_updates_that_are_over(state: str) -> None:
    met(ServicesSettled((WEB.id,)), with_web(update_state=state))


def test_what_is_not_asked_about_may_be_under_way() -> None:
    met(ServicesSettled((DB.id,)), with_web(update_state="updating"))


def unpublished(**changes: object) -> Snapshot:
    """Return the swarm after the tasks of web were replaced."""
    snapshot = with_web(asked_ports=(), **changes)
    tasks = tuple(
        replace(each, attachments=each.attachments[:1]) if each.service_id == WEB.id else each
        for each in snapshot.tasks
    )
    return replace(snapshot, tasks=tasks)


def test_tasks_that_have_left() -> None:
    met(ServicesReleased((WEB.id, GONE), (INGRESS.id,)), unpublished())


def test_tasks_that_have_not_left() -> None:
    condition = ServicesReleased((WEB.id,), (NetworkId("other"), INGRESS.id))
    words = not_yet(condition, busy_snapshot())
    assert words == "3 tasks still on the ingress: web"


def test_a_task_is_called_by_its_service_wherever_it_runs() -> None:
    named = replace(NODES[0], hostname="node1.example.org")
    snapshot = replace(with_web(mode="global"), nodes=(named, *NODES[1:]))
    tasks = tuple(replace(each, slot=0) for each in snapshot.tasks[:1])
    words = not_yet(ServicesReleased((WEB.id,), (INGRESS.id,)), replace(snapshot, tasks=tasks))
    assert words == "1 task still on the ingress: web"


def test_tasks_of_a_service_that_was_removed_have_to_leave_too() -> None:
    snapshot = replace(busy_snapshot(), services=())
    words = not_yet(ServicesReleased((WEB.id,), (INGRESS.id,)), snapshot)
    assert words == f"3 tasks still on the ingress: {WEB.id[:12]}"


def test_tasks_that_have_ended_hold_nothing() -> None:
    busy = with_web(asked_ports=())
    ended = tuple(replace(each, state="shutdown") for each in busy.tasks)
    met(ServicesReleased((WEB.id,), (INGRESS.id,)), replace(busy, tasks=ended))
    met(NetworkFree(INGRESS.id), replace(busy, tasks=ended))


def test_ports_that_came_back_too_early() -> None:
    back = replace(unpublished(), services=(WEB,))
    words = never(ServicesReleased((WEB.id,), (INGRESS.id,)), back)
    assert words == "web publish again"


def test_tasks_that_have_left_in_an_update_that_goes_on() -> None:
    words = not_yet(
        ServicesReleased((WEB.id,), (INGRESS.id,)), unpublished(update_state="updating")
    )
    assert words == "the engine still updates web"


def test_a_network_with_somebody_on_it() -> None:
    assert not_yet(NetworkFree(INGRESS.id), busy_snapshot()) == (
        "3 tasks still on it: web.1, web.2, web.3"
    )
    assert not_yet(NetworkFree(APP.id), busy_snapshot()).endswith(" ...")
    met(NetworkFree(INGRESS.id), unpublished())


def test_a_node_that_is_down_cannot_let_go() -> None:
    nodes = (*NODES[:2], replace(NODES[2], state="down"))
    snapshot = replace(busy_snapshot(), nodes=nodes)
    assert not_yet(NetworkFree(INGRESS.id), snapshot).startswith("2 tasks")
    on_it = tuple(each for each in snapshot.tasks if each.node_id == NODES[2].id)
    met(NetworkFree(INGRESS.id), replace(snapshot, tasks=on_it))
    closed = replace(with_web(asked_ports=()), nodes=nodes, tasks=on_it)
    met(ServicesReleased((WEB.id,), (INGRESS.id,)), closed)


def test_a_network_that_is_still_there() -> None:
    assert not_yet(NetworkGone(INGRESS.id), busy_snapshot()) == "the swarm still lists it"
    carried = replace(busy_snapshot(), networks=(), leftovers=(INGRESS,))
    assert "this node still carries it" in not_yet(NetworkGone(INGRESS.id), carried)


def test_how_an_ingress_comes_to_be() -> None:
    condition = IngressAllocated("ingress")
    assert not_yet(condition, with_networks(APP)) == "the swarm does not list it yet"
    bare = replace(unallocated("ingress"), ingress=True)
    assert "no" in not_yet(condition, with_networks(bare))
    half = replace(INGRESS, options={})
    assert "not given it addresses" in not_yet(condition, with_networks(half))
    met(condition, with_networks(APP, INGRESS))
    other = replace(network("mesh"), ingress=True)
    assert "more than one" in not_yet(condition, with_networks(INGRESS, other))
    assert never(condition, with_networks(other)) == "somebody created the ingress mesh"


def seen_by(*numbers: int) -> Snapshot:
    view = inspection(INGRESS, [node(number) for number in numbers])
    return replace(busy_snapshot(), inspections={INGRESS.id: view})


def test_nodes_that_miss_the_ingress() -> None:
    words = not_yet(IngressEverywhere(), seen_by(2))
    assert words == "peers 1 of 3: node1, node3 missing"
    sight = look(IngressEverywhere(), seen_by(1, 2, 3))
    assert sight == Sight(met=True, words="peers 3 of 3")


def test_nodes_that_are_down_are_not_missed() -> None:
    down = (*NODES[:2], replace(NODES[2], state="down"))
    met(IngressEverywhere(), replace(seen_by(1, 2), nodes=down))
    met(IngressEverywhere(), replace(seen_by(1, 2, 3), nodes=down))


def test_nobody_can_tell_who_carries_the_ingress() -> None:
    assert "peers 0 of 3" in not_yet(IngressEverywhere(), replace(busy_snapshot(), inspections={}))
    unknown = replace(inspection(INGRESS, ()), peers=None)
    snapshot = replace(busy_snapshot(), inspections={INGRESS.id: unknown})
    assert "peers 0 of 3" in not_yet(IngressEverywhere(), snapshot)
    assert not_yet(IngressEverywhere(), with_networks(APP)) == "there is no ingress network"


def test_services_that_publish_again() -> None:
    assert not_yet(PUBLISHED, with_networks(APP)) == "there is no ingress network"
    assert not_yet(PUBLISHED, with_web(virtual_ips=WEB.virtual_ips[:1])) == (
        "web has no address on it yet"
    )
    bare = tuple(replace(each, address="") for each in WEB.virtual_ips)
    assert "no address" in not_yet(PUBLISHED, with_web(virtual_ips=bare))
    assert not_yet(PUBLISHED, with_web(update_state="updating")) == "the engine still updates web"


def test_an_address_on_the_ingress_of_before_does_not_count() -> None:
    fresh = replace(INGRESS, id=NetworkId("fresh"))
    assert "no address" in not_yet(PUBLISHED, with_networks(fresh))


@pytest.mark.parametrize(
    "change",
    [
        {"state": "starting"},
        {"state": "failed"},
        {"desired_state": "shutdown"},
        {"attachments": ()},
        {"attachments": (Attachment(INGRESS.id, ()),)},
    ],
)
def test_tasks_that_do_not_run_on_it(change: dict[str, object]) -> None:
    busy = busy_snapshot()
    first = replace(busy.tasks[0], **change)
    snapshot = replace(busy, tasks=(first, *busy.tasks[1:]))
    assert not_yet(PUBLISHED, snapshot) == "web 2 of 3 tasks run on it"
    met(ServicesPublished((Expected(WEB.id, "web", 2),)), snapshot)


def test_fewer_tasks_are_enough_where_fewer_are_wanted_now() -> None:
    more = ServicesPublished((Expected(WEB.id, "web", 5),))
    met(more, busy_snapshot())
    assert "3 of 5" in not_yet(more, with_web(desired=None))
    assert "3 of 4" in not_yet(more, with_web(desired=4))


def test_a_service_without_replicas_needs_its_address_only() -> None:
    none = replace(with_web(replicas=0, desired=0), tasks=())
    met(ServicesPublished((Expected(WEB.id, "web", 0),)), none)
    met(PUBLISHED, none)


def test_the_tasks_of_a_job_are_not_counted() -> None:
    met(PUBLISHED, replace(with_web(mode="replicated-job"), tasks=()))


def test_services_that_were_removed_are_not_waited_for() -> None:
    met(ServicesPublished((Expected(GONE, "gone", 3), Expected(WEB.id, "web", 3))))
    met(ServicesSettled((GONE,)))
    met(ServicesReleased((GONE,), (INGRESS.id,)))


def test_many_that_are_waited_for_are_not_all_named() -> None:
    five = [service(f"s{number}") for number in range(5)]
    snapshot = replace(busy_snapshot(), services=tuple(five))
    condition = ServicesPublished(tuple(Expected(each.id, each.name, 1) for each in five))
    words = not_yet(condition, snapshot)
    assert words.endswith("s2 has no address on it yet ...")
