"""Somebody else changes networks, or services on them, while a network is migrated."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from swarmtui.demo import network_spec, service_spec
from swarmtui.demo.containers import start_container, stop_container
from swarmtui.errors import EngineTimedOut
from swarmtui.operations import Operation, State, Way, attaching
from swarmtui.operations.changes import migration
from swarmtui.operations.definition import Definition, Range
from swarmtui.operations.journal import read_journal
from swarmtui.operations.lines import Answered, Noted
from tests.running import IMAGE, Bench, Between, bench, empty_swarm, words
from tests.unit.demo.asking import ask
from tests.unit.operations.running.test_others import at_call, update_of

OLD, SIDE, TEMPORARY = "app", "app2", "app-moving"
WANTED = Definition(OLD, (Range("10.50.0.0/24", "10.50.0.1"),), {"encrypted": ""}, attachable=True)
BOTH = pytest.mark.parametrize("direction", ["forward", "back"])


@pytest.fixture
def desk() -> Iterator[Bench]:
    """Two services on one network, a second network, and a service on none."""
    swarm = empty_swarm()
    swarm.create_network({**network_spec(OLD, subnet="10.50.0.0/24"), "Attachable": True})
    swarm.create_network(network_spec("other"))
    swarm.step(1)
    for spec in (
        service_spec("api", IMAGE, (OLD,), replicas=2, aliases=("a",)),
        service_spec("web", IMAGE, (OLD,), replicas=2),
        service_spec("free", IMAGE, replicas=1),
    ):
        swarm.create_service({**spec, "UpdateConfig": {"Parallelism": 0}})
    swarm.step(30)
    with bench(swarm, pace=20) as served:
        yield served


def begin(desk: Bench, way: Way = Way.IN_PLACE, **parts: Any) -> Path:
    wanted = WANTED
    if way is Way.SIDE_BY_SIDE:
        wanted = Definition(SIDE, (Range("10.60.0.0/24"),), {"encrypted": ""}, attachable=True)
    intent = migration(desk.snapshot(), OLD, wanted, way, at_once=True, **parts)
    return desk.begin(desk.plan(intent))


def network_id(desk: Bench, name: str) -> str:
    return next(
        (
            str(each["Id"])
            for each in ask(desk.swarm, "/networks")
            if (each["Name"], each["Scope"]) == (name, "swarm")
        ),
        "",
    )


def encrypted(desk: Bench, name: str) -> bool:
    return "encrypted" in ask(desk.swarm, f"/networks/{network_id(desk, name)}")["Options"]


def on(desk: Bench, service: str) -> list[tuple[str, tuple[str, ...]]]:
    """Return the networks that a service names, with its aliases."""
    names = {each["Id"]: each["Name"] for each in ask(desk.swarm, "/networks")}
    wires = desk.service(service)["Spec"]["TaskTemplate"].get("Networks") or []
    return [(names[each["Target"]], tuple(each.get("Aliases") or ())) for each in wires]


def put(desk: Bench, service: str, *networks: str, **fields: Any) -> Callable[[], None]:
    targets = [{"Target": name, **fields} for name in networks]
    return lambda: desk.update(service, lambda spec: spec["TaskTemplate"].update(Networks=targets))


def assert_ended(desk: Bench, operation: Operation, direction: str, name: str = OLD) -> None:
    """Check that both ways end with the network that they promise, and nothing beside it."""
    assert operation.stopped is None, words(operation)
    assert operation.state is (State.DONE if direction == "forward" else State.ROLLED_BACK)
    kept = name if direction == "forward" else OLD
    assert encrypted(desk, kept) is (direction == "forward")
    left = {each.name for each in desk.snapshot().networks if each.is_swarm}
    assert left == {"ingress", "other", kept}


def stopped(desk: Bench, path: Path, told: str) -> Operation:
    operation = desk.run(path)
    assert operation.state is State.STOPPED
    assert told in words(operation)
    desk.engine.before = lambda method, path: None
    return operation


@BOTH
@pytest.mark.parametrize("onto", [OLD, TEMPORARY])
def test_who_comes_meanwhile_stops_it_before_the_removal(
    desk: Bench, onto: str, direction: str
) -> None:
    old = network_id(desk, OLD)
    path = begin(desk)
    second = 2 if onto == OLD else 4
    at_call(desk, second, "POST", update_of(desk, "web"), put(desk, "free", onto))
    operation = stopped(desk, path, "free is still on it")
    assert f"On {onto} (10." in words(operation)
    assert network_id(desk, onto)
    assert (onto == OLD) is (("DELETE", f"/networks/{old}") not in desk.written)
    assert_ended(desk, desk.run(path, direction), direction)
    assert on(desk, "free") == [(OLD, ())]


@BOTH
def test_changed_networks_of_a_service_stop_it_and_others_stay(desk: Bench, direction: str) -> None:
    path = begin(desk)
    at_call(desk, 2, "GET", f"/services/{desk.service('api')['ID']}", put(desk, "api", "other"))
    operation = stopped(desk, path, "Somebody changed the networks of api meanwhile")
    assert operation.stopped is not None
    assert "of the operation's own networks it gets those that were planned" in (
        operation.stopped.hint
    )
    assert_ended(desk, desk.run(path, direction), direction)
    assert sorted(on(desk, "api")) == [(OLD, ("a",)), ("other", ())]


@BOTH
def test_changed_aliases_count_as_changed(desk: Bench, direction: str) -> None:
    path = begin(desk, Way.SIDE_BY_SIDE)
    change = put(desk, "web", OLD, Aliases=["w"])
    at_call(desk, 1, "POST", update_of(desk, "api"), change)
    stopped(desk, path, "Somebody changed the networks of web meanwhile")
    assert_ended(desk, desk.run(path, direction), direction, SIDE)
    name = SIDE if direction == "forward" else OLD
    assert (on(desk, "web"), on(desk, "api")) == ([(name, ())], [(name, ("a",))])


def test_scaling_and_ports_and_mode_are_kept(desk: Bench) -> None:
    path = begin(desk)
    ports = [{"Protocol": "tcp", "TargetPort": 80, "PublishedPort": 88, "PublishMode": "host"}]

    def change(spec: Any) -> None:
        spec["Mode"]["Replicated"]["Replicas"] = 3
        spec["EndpointSpec"] = {"Mode": "dnsrr", "Ports": ports}

    at_call(desk, 2, "POST", update_of(desk, "web"), lambda: desk.update("web", change))
    assert_ended(desk, desk.run(path), "forward")
    spec = desk.service("web")["Spec"]
    assert spec["EndpointSpec"] == {"Mode": "dnsrr", "Ports": ports}
    assert spec["Mode"]["Replicated"]["Replicas"] == 3


def test_a_service_that_is_removed_is_left_out(desk: Bench) -> None:
    path = begin(desk)

    def remove() -> None:
        with desk.engine.changing() as swarm:
            swarm.remove_service("api")

    at_call(desk, 2, "POST", update_of(desk, "web"), remove)
    assert_ended(desk, desk.run(path), "forward")
    notes = [line.words for line in read_journal(path) if isinstance(line, Noted)]
    assert "api is gone; nothing to do for it" in notes


def removing(desk: Bench, name: str) -> Callable[[], None]:
    def remove() -> None:
        with desk.engine.changing() as swarm:
            swarm.remove_network(name)

    return remove


@BOTH
@pytest.mark.parametrize("number", [1, 3])
def test_a_network_that_is_removed_before_anybody_is_on_it_is_made_again(
    desk: Bench, number: int, direction: str
) -> None:
    path = begin(desk)
    name = TEMPORARY if number == 1 else OLD
    at_call(desk, number, "POST", update_of(desk, "api"), removing(desk, name))
    operation = desk.run(path)
    desk.engine.before = lambda method, path: None
    assert operation.state is State.STOPPED
    assert f"There is no network {name}." in words(operation)
    assert_ended(desk, desk.run(path, direction), direction)
    assert on(desk, "api") == [(OLD, ("a",))]


@BOTH
@pytest.mark.parametrize("name", [TEMPORARY, OLD])
def test_a_network_of_somebody_else_is_not_taken_and_not_removed(
    desk: Bench, name: str, direction: str
) -> None:
    path = begin(desk)
    theirs = network_spec(name, subnet="10.90.0.0/24")
    number = 1 if name == TEMPORARY else 2

    def create() -> None:
        with desk.engine.changing() as swarm:
            swarm.create_network(theirs)
            swarm.step(1)

    at_call(desk, number, "POST", "/networks/create", create)
    stopped(desk, path, f"the network {name} is not as it was wanted; somebody else made it")
    made = network_id(desk, name)
    operation = desk.run(path, direction)
    assert operation.state is State.STOPPED
    assert "Somebody else made a network of the same name meanwhile" in words(operation)
    assert network_id(desk, name) == made
    removing(desk, name)()
    desk.sleep(1)
    assert_ended(desk, desk.run(path, direction), direction)


@BOTH
def test_an_update_that_is_paused_stops_it(desk: Bench, direction: str) -> None:
    path = begin(desk)

    def fail() -> None:
        status = desk.service("web").get("UpdateStatus") or {}
        if status.get("State") == "updating":
            with desk.engine.changing() as swarm, suppress(LookupError):
                swarm.fail_task("web.1")

    desk.before_sleep = fail
    stopped(desk, path, "Waiting does not help: the update of web is paused: update paused due to")
    desk.before_sleep = lambda: None
    # Going on is an update as well, and so is whatever else a person does about it.
    desk.update("web", lambda spec: spec["TaskTemplate"].update(ForceUpdate=1))
    desk.sleep(2)
    assert_ended(desk, desk.run(path, direction), direction)


def test_an_update_between_reading_and_writing_survives(desk: Bench) -> None:
    def label(spec: Any) -> None:
        spec["Labels"] = {**(spec.get("Labels") or {}), "theirs": "yes"}

    path = begin(desk)
    at_call(desk, 2, "POST", update_of(desk, "api"), lambda: desk.update("api", label))
    operation = desk.run(path)
    desk.engine.before = lambda method, path: None
    assert_ended(desk, operation, "forward")
    assert desk.service("api")["Spec"]["Labels"]["theirs"] == "yes"
    answers = [line for line in read_journal(path) if isinstance(line, Answered)]
    assert ["update out of sequence" in each.words for each in answers].count(True) == 1


@pytest.mark.parametrize("arrived", [True, False])
def test_any_write_may_stay_without_answer(desk: Bench, arrived: bool) -> None:
    lost: list[int] = []

    def act(number: int, send: Callable[[], bytes]) -> bytes:
        # Every other one: what is sent again then has its answer.
        if number % 2 or number - 1 in lost:
            return send()
        lost.append(number)
        if arrived:
            send()
        raise EngineTimedOut("The engine does not answer", f"write {number}")

    desk.wrap = lambda writer: Between(writer, act)
    path = begin(desk)
    serials = {each.name: each.update_serial for each in desk.swarm.world.services.values()}
    assert_ended(desk, desk.run(path), "forward")
    assert len(lost) > 6
    now = {each.name: each.update_serial for each in desk.swarm.world.services.values()}
    # Tasks are replaced as often as without it.
    assert {name: now[name] - serials[name] for name in now} == {"api": 4, "web": 4, "free": 0}
    assert on(desk, "api") == [(OLD, ("a",))]


class Person:
    """Moves a container as the journal's last remark asks, each time a few looks later."""

    def __init__(self, desk: Bench, path: Path) -> None:
        self.desk, self.path, self.looks = desk, path, 0

    def __call__(self) -> None:
        notes = [line.words for line in read_journal(self.path) if isinstance(line, Noted)]
        verb, *rest = notes[-1].split() if notes else [""]
        if verb not in ("connect", "disconnect"):
            return
        self.looks += 1
        if self.looks % 3 == 0:
            self.move(verb, rest[1].rstrip(":"))

    def move(self, verb: str, network: str) -> None:
        with self.desk.engine.changing() as swarm:
            (box,) = swarm.world.containers.values()
            others = tuple(name for name in box.networks if name != network)
            stop_container(swarm.world, box)
            box.networks = (*others, network) if verb == "connect" else others
            start_container(swarm.world, box)


def with_box(desk: Bench) -> None:
    with desk.engine.changing() as swarm:
        swarm.run_container("node2", "box", (OLD,))
        swarm.step(5)


def test_containers_are_waited_for_and_moved_by_a_person(desk: Bench) -> None:
    with_box(desk)
    path = begin(desk, by_hand=True)
    desk.before_sleep = Person(desk, path)
    assert_ended(desk, desk.run(path), "forward")
    (task,) = (each for each in desk.snapshot().tasks if each.is_attachment and each.is_live)
    assert [each.network_id for each in task.attachments] == [network_id(desk, OLD)]


@BOTH
def test_while_a_person_is_waited_for_it_can_be_cancelled(desk: Bench, direction: str) -> None:
    with_box(desk)
    path = begin(desk, by_hand=True)
    desk.cancelled = lambda: any(
        isinstance(line, Noted) and line.words.startswith("disconnect")
        for line in read_journal(path)
    )
    desk.before_sleep = Person(desk, path)
    operation = desk.run(path)
    assert "Stopped as you asked" in words(operation)
    desk.cancelled = lambda: False
    assert_ended(desk, desk.run(path, direction), direction)


def test_a_person_that_never_comes_is_not_waited_for_for_ever(desk: Bench) -> None:
    desk.pace = 2000
    with_box(desk)
    path = begin(desk, by_hand=True)
    operation = desk.run(path)
    assert operation.state is State.STOPPED
    assert "Waited 3600 seconds in vain: connect to app-moving: " in words(operation)
    assert encrypted(desk, OLD) is False


def test_tasks_that_never_come_up_stop_it_at_the_deadline(desk: Bench) -> None:
    path = begin(desk)

    def constrain(spec: Any) -> None:
        spec["TaskTemplate"]["Placement"] = {"Constraints": ["node.labels.none == such"]}

    at_call(desk, 1, "POST", update_of(desk, "web"), lambda: desk.update("web", constrain))
    operation = stopped(desk, path, "seconds in vain: ")
    assert "web runs 0 of 2 tasks" in words(operation)
    desk.update("web", lambda spec: spec["TaskTemplate"].pop("Placement"))
    assert_ended(desk, desk.run(path), "forward")


def test_an_attachment_to_a_network_that_is_removed_first_stops(desk: Bench) -> None:
    free = next(each for each in desk.snapshot().services if each.name == "free")
    path = desk.begin(desk.plan(attaching(desk.snapshot(), free, "other")))
    at_call(desk, 1, "POST", update_of(desk, "free"), removing(desk, "other"))
    operation = desk.run(path)
    assert operation.state in (State.STOPPED, State.DISMISSED)
    assert on(desk, "free") == []
