from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from swarmtui.addressing import Source, usage
from swarmtui.engine import inspector
from swarmtui.engine.reader import Reader
from swarmtui.errors import EngineAnswered, EngineGarbled, EngineTimedOut, RequestRefused
from swarmtui.model import Network, NetworkId, Snapshot, Standing
from tests.captured import ENGINES, Captured

NO_LEADER = "The swarm does not have a leader. It's possible that too few managers are online."


class Clock:
    """A clock that moves a second whenever somebody looks at it."""

    def __init__(self) -> None:
        self.time = datetime(2026, 11, 24, tzinfo=UTC)

    def now(self) -> datetime:
        self.time += timedelta(seconds=1)
        return self.time

    def monotonic(self) -> float:
        return self.now().timestamp()


def reader_of(captured: Captured) -> Reader:
    clock = Clock()
    return Reader(captured, captured.api, now=clock.now, monotonic=clock.monotonic)


def by_id(snapshot: Snapshot, part: str) -> dict[str, object]:
    return {each.id: each for each in getattr(snapshot, part)}


def network_named(snapshot: Snapshot, name: str) -> Network:
    return next(network for network in snapshot.networks if network.name == name)


@pytest.fixture(params=ENGINES)
def manager(request: pytest.FixtureRequest) -> Captured:
    return Captured(request.param, "node1")


@pytest.fixture(params=ENGINES)
def worker(request: pytest.FixtureRequest) -> Captured:
    return Captured(request.param, "node3")


def test_a_manager_is_read_whole(manager: Captured) -> None:
    snapshot = reader_of(manager).read()
    assert snapshot.engine.standing is Standing.MANAGER
    assert len(snapshot.nodes) == 3
    assert {service.name for service in snapshot.services} >= {"web", "dual", "rr", "crowd"}
    assert snapshot.cluster is not None
    assert snapshot.cluster.pools == ("10.20.0.0/16",)
    assert snapshot.problems == ()
    assert not network_named(snapshot, "overlap").is_allocated
    assert network_named(snapshot, "pay_secure").is_encrypted


def test_tasks_tell_which_networks_had_their_subnets_chosen(manager: Captured) -> None:
    snapshot = reader_of(manager).read()
    told = {snapshot.network_by_id[key].name: each for key, each in snapshot.chosen_subnets.items()}
    assert told == {
        "app": False,
        "ingress": False,
        "pay_secure": False,
        "custom": True,
        "tiny": True,
        "wide": True,
    }


def test_a_mask_length_without_a_pool_has_no_effect(manager: Captured) -> None:
    cluster = manager.body("/info")["Swarm"]["Cluster"]
    cluster["DefaultAddrPool"] = None
    read = reader_of(manager).read().cluster
    assert read is not None
    assert (read.pools, read.pool_prefix) == (("10.0.0.0/8",), 24)


def test_join_tokens_are_never_asked_for(manager: Captured) -> None:
    reader_of(manager).read(every_network=True)
    assert "/swarm" not in manager.requested


def test_counts_come_from_the_leader_where_the_engine_has_them(manager: Captured) -> None:
    snapshot = reader_of(manager).read(every_network=True)
    use = usage(snapshot)[network_named(snapshot, "app").id]
    assert use.used == 19
    assert use.subnets[0].computed == 19
    assert use.source is (Source.REPORTED if manager.api == "1.56" else Source.COMPUTED)


def test_an_oversubscribed_subnet_shows_what_is_wanted() -> None:
    snapshot = reader_of(Captured("29.9-dev", "node1")).read(every_network=True)
    use = usage(snapshot)[network_named(snapshot, "tiny").id]
    assert (use.used, use.capacity, use.wanted) == (8, 8, 10)


def test_a_count_for_another_network_of_the_same_name_is_not_believed() -> None:
    captured = Captured("29.9-dev", "node1")
    captured.body("/networks/app")["Id"] = "someothernetwork"
    snapshot = reader_of(captured).read(every_network=True)
    assert usage(snapshot)[network_named(snapshot, "app").id].source is Source.COMPUTED


def test_a_worker_shows_its_own_view_and_its_managers(worker: Captured) -> None:
    snapshot = reader_of(worker).read(every_network=True)
    assert snapshot.engine.standing is Standing.WORKER
    assert len(snapshot.engine.managers) == 2
    assert not snapshot.sees_cluster
    assert "/tasks" not in worker.requested
    app = network_named(snapshot, "app")
    assert snapshot.inspections[app.id].endpoints
    assert usage(snapshot)[app.id].source is Source.UNKNOWN


def test_unchanged_answers_keep_the_same_objects(manager: Captured) -> None:
    reader = reader_of(manager)
    first = reader.read()
    second = reader.read(first)
    assert second.tasks is first.tasks
    assert second.networks is first.networks
    assert second.services is first.services
    assert second.nodes is first.nodes


def test_what_a_manager_still_carries_of_a_removed_network_is_no_network(
    manager: Captured,
) -> None:
    rows = manager.body("/networks")
    (row,) = (each for each in rows if each["Name"] == "quiet")
    row["Peers"] = [{"Name": "0123456789ab", "IP": "192.0.2.1"}]
    reader = reader_of(manager)
    snapshot = reader.read()
    assert "quiet" not in {network.name for network in snapshot.networks}
    assert [network.name for network in snapshot.leftovers] == ["quiet"]
    assert snapshot.problems == ()
    # The clock has moved on by more than ten seconds with these.
    for _ in range(2):
        snapshot = reader.read(snapshot)
    assert [(each.part, each.subject) for each in snapshot.problems] == [("networks", "quiet")]
    assert "Restart the engine here." in snapshot.problems[0].text
    del row["Peers"]
    snapshot = reader.read(snapshot)
    assert (snapshot.leftovers, snapshot.problems) == ((), ())
    assert "quiet" in {network.name for network in snapshot.networks}


def test_on_a_worker_everything_is_a_copy_and_stays(worker: Captured) -> None:
    snapshot = reader_of(worker).read()
    copies = {network.name for network in snapshot.networks if network.local_copy}
    assert {"app", "ingress"} <= copies
    assert snapshot.leftovers == ()


def test_one_changed_task_leaves_the_others_alone(manager: Captured) -> None:
    reader = reader_of(manager)
    first = reader.read()
    changed = manager.body("/tasks")[0]
    changed["Version"]["Index"] += 1
    changed["Status"]["State"] = "failed"
    second = reader.read(first)
    fresh = [task for task in second.tasks if task is not first.task_by_id[task.id]]
    assert [task.id for task in fresh] == [changed["ID"]]
    assert fresh[0].state == "failed"


def test_service_counts_change_without_a_new_version(manager: Captured) -> None:
    reader = reader_of(manager)
    first = reader.read()
    body = manager.body("/services")
    web = next(each for each in body if each["Spec"]["Name"] == "web")
    web["ServiceStatus"]["RunningTasks"] = 1
    second = reader.read(first)
    assert second.service_by_id[web["ID"]].running == 1


def test_tasks_are_kept_when_they_are_not_due(manager: Captured) -> None:
    reader = reader_of(manager)
    first = reader.read()
    manager.requested.clear()
    second = reader.read(first, with_tasks=False)
    assert "/tasks" not in manager.requested
    assert second.tasks is first.tasks
    assert second.tasks_at == first.tasks_at


def test_without_a_leader_nothing_is_gone(manager: Captured) -> None:
    reader = reader_of(manager)
    first = reader.read(every_network=True)
    local = [each for each in manager.body("/networks") if each["Scope"] == "local"]
    manager.answer("/networks", local)
    for path in ("/nodes", "/services", "/tasks"):
        manager.answer(path, {"message": NO_LEADER}, 500)
    second = reader.read(first)
    assert second.engine.standing is Standing.NO_LEADER
    assert {network.id for network in second.networks} == {n.id for n in first.networks}
    assert (second.nodes, second.services, second.tasks) == (
        first.nodes,
        first.services,
        first.tasks,
    )
    assert {problem.part for problem in second.problems} >= {"nodes", "networks", "services"}
    assert second.inspections.keys() >= first.inspections.keys() - {NetworkId("")}


def test_the_first_reading_without_a_leader_says_so(manager: Captured) -> None:
    manager.body("/info")["Swarm"]["Error"] = NO_LEADER
    for path in ("/nodes", "/services", "/tasks"):
        manager.answer(path, {"message": NO_LEADER}, 500)
    snapshot = reader_of(manager).read()
    assert snapshot.engine.standing is Standing.NO_LEADER
    assert snapshot.nodes == ()


def test_one_failing_list_stays_as_it_was_and_says_since_when(manager: Captured) -> None:
    reader = reader_of(manager)
    first = reader.read()
    manager.answer("/tasks", {"message": "context deadline exceeded"}, 500)
    second = reader.read(first)
    assert second.tasks is first.tasks
    (problem,) = second.problems
    assert (problem.part, problem.text) == ("tasks", "context deadline exceeded")
    assert problem.stale_since == first.tasks_at


def test_garbage_in_one_list_is_a_problem_of_that_list(manager: Captured) -> None:
    reader = reader_of(manager)
    first = reader.read()
    manager.answer("/services", b'[{"ID":"a"')
    second = reader.read(first)
    assert second.services is first.services
    assert [problem.part for problem in second.problems] == ["services", "networks"]


def test_a_slow_inspection_keeps_the_one_before(manager: Captured) -> None:
    reader = reader_of(manager)
    first = reader.read(every_network=True)
    ingress = network_named(first, "ingress")
    stall = EngineTimedOut("The engine takes too long", "No answer in 10 seconds.")
    manager.fail(f"/networks/{ingress.id}", stall)
    second = reader.read(first)
    assert second.inspections[ingress.id] is first.inspections[ingress.id]
    assert [(each.part, each.subject) for each in second.problems] == [("inspect", "ingress")]


def test_a_network_whose_id_cannot_be_asked_for_is_a_problem(manager: Captured) -> None:
    overlap = next(each for each in manager.body("/networks") if each["Name"] == "quiet")
    overlap["Id"] = "../swarm"
    manager.fail("/networks/../swarm", RequestRefused("swarmtui does not send this"))
    snapshot = reader_of(manager).read(every_network=True)
    assert [(each.part, each.subject) for each in snapshot.problems] == [("inspect", "quiet")]


def test_a_removed_network_is_gone_with_its_inspection(manager: Captured) -> None:
    reader = reader_of(manager)
    first = reader.read(every_network=True)
    body = [each for each in manager.body("/networks") if each["Name"] != "app"]
    manager.answer("/networks", body)
    second = reader.read(first)
    gone = network_named(first, "app").id
    assert gone not in second.network_by_id
    assert gone not in second.inspections


def test_a_network_removed_between_list_and_inspection_is_no_problem(manager: Captured) -> None:
    app = next(each for each in manager.body("/networks") if each["Name"] == "app")
    manager.answer(f"/networks/{app['Id']}", {"message": "network app not found"}, 404)
    snapshot = reader_of(manager).read(every_network=True)
    assert snapshot.problems == ()
    assert app["Id"] not in snapshot.inspections


def test_every_overlay_gets_its_turn_and_the_focus_always(manager: Captured) -> None:
    reader = reader_of(manager)
    snapshot = reader.read()
    focus = network_named(snapshot, "docker_gwbridge")
    for _ in range(3):
        manager.requested.clear()
        snapshot = reader.read(snapshot, focus=focus.id)
        assert f"/networks/{focus.id}" in manager.requested
        assert f"/networks/{network_named(snapshot, 'ingress').id}" in manager.requested
    overlays = {n.id for n in snapshot.networks if n.is_swarm and n.is_allocated}
    assert overlays <= snapshot.inspections.keys()


def test_the_gateway_bridge_of_a_manager_gets_its_turn_too(manager: Captured) -> None:
    reader = reader_of(manager)
    snapshot = reader.read()
    for _ in range(3):
        snapshot = reader.read(snapshot)
    known = {snapshot.network_by_id[each].name for each in snapshot.inspections}
    assert "docker_gwbridge" in known
    assert known.isdisjoint({"bridge", "host", "none"})
    assert snapshot.gateway_bridge is not None
    assert snapshot.inspections[snapshot.gateway_bridge.id].endpoints


def test_networks_that_a_service_names_in_the_old_way_are_known_as_such(manager: Captured) -> None:
    body = manager.body("/services")
    old = next(each for each in body if each["Spec"]["TaskTemplate"].get("Networks"))
    old["Spec"]["Networks"] = old["Spec"]["TaskTemplate"].pop("Networks")
    manager.answer("/services", body)
    services = reader_of(manager).read().services
    (found,) = (each for each in services if each.legacy_networks)
    assert found.id == old["ID"]
    assert [each.target for each in found.networks] == [
        e["Target"] for e in old["Spec"]["Networks"]
    ]


def test_a_young_view_is_not_asked_for_again(manager: Captured) -> None:
    now = datetime(2026, 11, 24, tzinfo=UTC)
    reader = Reader(manager, manager.api, now=lambda: now, monotonic=lambda: 0.0)
    first = reader.read(every_network=True)
    app = network_named(first, "app")
    manager.requested.clear()
    second = reader.read(first)
    assert f"/networks/{app.id}" not in manager.requested
    now += timedelta(seconds=11)
    for _ in range(3):
        second = reader.read(second)
    assert f"/networks/{app.id}" in manager.requested
    assert second.inspections[app.id].taken_at == now


def test_of_more_networks_each_is_asked_for_less_often(
    manager: Captured, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(inspector, "EACH", timedelta(seconds=10))
    now = datetime(2026, 11, 24, tzinfo=UTC)
    reader = Reader(manager, manager.api, now=lambda: now, monotonic=lambda: 0.0)
    snapshot = reader.read(every_network=True)
    app = network_named(snapshot, "app")
    for seconds, is_asked in ((11, False), (10 * len(snapshot.networks), True)):
        now += timedelta(seconds=seconds)
        manager.requested.clear()
        for _ in range(3):
            snapshot = reader.read(snapshot)
        assert (f"/networks/{app.id}" in manager.requested) == is_asked


def test_looking_at_a_network_reads_nothing_else(manager: Captured) -> None:
    reader = reader_of(manager)
    snapshot = reader.read()
    bridge = network_named(snapshot, "docker_gwbridge")
    manager.requested.clear()
    looked = reader.look(snapshot, bridge.id)
    assert manager.requested == [f"/networks/{bridge.id}"]
    assert looked.inspections[bridge.id].endpoints
    assert reader.look(snapshot, NetworkId("gone")) is snapshot


def test_another_swarm_on_the_same_engine_starts_afresh(manager: Captured) -> None:
    reader = reader_of(manager)
    first = reader.read()
    manager.body("/info")["Swarm"]["NodeID"] = "another"
    manager.answer("/tasks", {"message": "broken"}, 500)
    assert reader.read(first).tasks == ()


@pytest.mark.parametrize(
    ("state", "standing"),
    [
        ("inactive", Standing.NO_SWARM),
        ("locked", Standing.LOCKED),
        ("pending", Standing.JOINING),
        ("error", Standing.FAILED),
    ],
)
def test_a_node_outside_a_working_swarm_says_what_it_is(
    worker: Captured, state: str, standing: Standing
) -> None:
    swarm = {"LocalNodeState": state, "Error": "why"}
    worker.answer("/info", {"ServerVersion": "1", "Name": "n", "Swarm": swarm})
    snapshot = reader_of(worker).read()
    assert snapshot.engine.standing is standing
    assert snapshot.engine.error == "why"
    assert snapshot.networks


def test_documents_are_the_engines_own_json(manager: Captured) -> None:
    reader = reader_of(manager)
    app = next(each for each in manager.body("/networks") if each["Name"] == "app")
    assert '"Name": "app"' in reader.document("network", app["Id"])
    with pytest.raises(EngineAnswered):
        reader.document("service", "gone")


def test_an_engine_that_does_not_tell_what_it_is_cannot_be_read(manager: Captured) -> None:
    manager.answer("/info", b"<html>")
    with pytest.raises(EngineGarbled):
        reader_of(manager).read()


@pytest.mark.parametrize(("part", "key"), [("networks", "Id"), ("services", "ID"), ("tasks", "ID")])
def test_an_object_that_is_not_understood_any_more_stays_as_it_was(
    manager: Captured, part: str, key: str
) -> None:
    reader = reader_of(manager)
    first = reader.read(every_network=True)
    rows = manager.body(f"/{part}")
    odd = rows[1]
    identity = odd[key]
    whole = dict(odd)
    odd["Version"] = odd["Options"] = odd["IPAM"] = "what is this"
    second = reader.read(first, every_network=True)
    third = reader.read(second, every_network=True)
    for snapshot in (second, third):
        assert by_id(snapshot, part) == by_id(first, part)
        (problem,) = snapshot.problems
        assert (problem.part, problem.subject) == (part, identity)
        assert problem.stale_since == (first.tasks_at if part == "tasks" else first.taken_at)
    rows[1] = whole
    assert reader.read(third, every_network=True).problems == ()
    rows[1] = "what is this"
    nameless = reader.read(first, every_network=True)
    assert by_id(nameless, part) == by_id(first, part)
    assert nameless.problems[0].stale_since is not None
    del rows[1]
    assert identity not in by_id(reader.read(nameless), part)


@pytest.mark.parametrize("part", ["networks", "nodes"])
def test_a_manager_without_networks_or_nodes_is_not_believed(manager: Captured, part: str) -> None:
    reader = reader_of(manager)
    first = reader.read()
    manager.answer(f"/{part}", [])
    second = reader.read(first)
    assert getattr(second, part) == getattr(first, part)
    assert part in {each.part for each in second.problems}


def test_after_a_reconnect_what_fails_is_still_from_before(manager: Captured) -> None:
    first = reader_of(manager).read()
    for path in ("/nodes", "/services", "/tasks", "/configs"):
        manager.answer(path, {"message": "oh"}, 500)
    reader = reader_of(manager)
    second = reader.read(first)
    third = reader.read(second)
    for snapshot in (second, third):
        assert (snapshot.nodes, snapshot.tasks) == (first.nodes, first.tasks)
        since = {each.part: each.stale_since for each in snapshot.problems}
        assert since["nodes"] == since["services"] == since["operations"] == first.taken_at
        assert since["tasks"] == snapshot.tasks_at == first.tasks_at


def test_an_answer_about_another_network_is_not_believed(manager: Captured) -> None:
    reader = reader_of(manager)
    first = reader.read(every_network=True)
    ingress = network_named(first, "ingress")
    app = network_named(first, "app")
    manager.answer(f"/networks/{ingress.id}", manager.body(f"/networks/{app.id}"))
    second = reader.read(first, every_network=True)
    assert second.inspections[ingress.id] is first.inspections[ingress.id]
    assert [(each.part, each.subject) for each in second.problems] == [("inspect", "ingress")]


def test_who_waits_for_one_inspection_in_vain_waits_for_no_other(manager: Captured) -> None:
    reader = reader_of(manager)
    first = reader.read(every_network=True)
    for path in manager.paths:
        if path.startswith("/networks/"):
            manager.fail(path, EngineTimedOut("The engine takes too long"))
    manager.requested.clear()
    second = reader.read(first, every_network=True)
    assert second.inspections == first.inspections
    assert len([each for each in manager.requested if each.startswith("/networks/")]) == 1
    assert [each.part for each in second.problems] == ["inspect"]


def test_indexes_of_unchanged_lists_are_kept(manager: Captured) -> None:
    reader = reader_of(manager)
    first = reader.read()
    indexes = first.live_tasks_by_network, first.services_by_network, first.node_by_id
    second = reader.read(first)
    assert second.live_tasks_by_network is indexes[0]
    assert second.services_by_network is indexes[1]
    assert second.node_by_id is indexes[2]
    manager.body("/tasks").pop()
    third = reader.read(second)
    assert third.live_tasks_by_network is not indexes[0]
    assert third.services_by_network is indexes[1]


def test_a_bad_object_stays_a_problem_while_nothing_changes(manager: Captured) -> None:
    manager.body("/tasks")[0]["Slot"] = "first"
    reader = reader_of(manager)
    first = reader.read()
    second = reader.read(first)
    assert second.tasks is first.tasks
    assert [problem.part for problem in first.problems] == ["tasks"]
    assert second.problems == first.problems
