"""Somebody else changes the swarm while an operation runs."""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from typing import Any

import pytest

from swarmtui.demo import port, service_spec
from swarmtui.operations import State
from swarmtui.operations.journal import read_journal
from swarmtui.operations.lines import Answered, Noted
from tests.running import IMAGE, MESH, Bench, words
from tests.unit.demo.asking import ask
from tests.unit.operations.running.portraits import assert_like, portrait


def at_call(desk: Bench, number: int, method: str, ending: str, act: Callable[[], None]) -> None:
    """Have something done just before a call is answered."""
    left = number

    def watch(asked: str, path: str) -> None:
        nonlocal left
        if (asked, path.endswith(ending)) == (method, True):
            left -= 1
            if left == 0:
                act()

    desk.engine.before = watch


def update_of(desk: Bench, name: str) -> str:
    return f"/services/{desk.service(name)['ID']}/update"


def ports_of(desk: Bench, name: str) -> list[tuple[int, str]]:
    ports = desk.service(name)["Spec"]["EndpointSpec"].get("Ports") or []
    return [(each["PublishedPort"], each["PublishMode"]) for each in ports]


def publish(*ports: Any) -> Callable[[Any], None]:
    return lambda spec: spec["EndpointSpec"].update(Ports=list(ports))


def image(spec: Any) -> None:
    spec["TaskTemplate"]["ContainerSpec"]["Image"] = "127.0.0.1:9/probe:2"


@pytest.mark.parametrize("number", [1, 2], ids=["unpublishing", "publishing"])
def test_a_change_between_reading_and_writing_survives(desk: Bench, number: int) -> None:
    before = portrait(desk.swarm)
    at_call(desk, number, "POST", update_of(desk, "web"), lambda: desk.update("web", image))
    path = desk.begin()
    assert desk.run(path).state is State.DONE
    wanted = deepcopy(before)
    image(wanted.specs["web"])
    assert_like(desk.swarm, wanted, MESH)
    answers = [line for line in read_journal(path) if isinstance(line, Answered)]
    refused = [line for line in answers if line.outcome == "refused"]
    assert ["update out of sequence" in line.words for line in refused] == [True]


def test_a_node_that_is_changed_while_it_is_touched_keeps_the_change(desk: Bench) -> None:
    node = desk.swarm.node("node3")

    def label() -> None:
        with desk.engine.changing():
            node.labels["zone"] = "b"
            desk.swarm.world.touch(node)

    at_call(desk, 1, "POST", f"/nodes/{node.id}/update", label)
    assert desk.run(desk.begin()).state is State.DONE
    assert node.labels == {"zone": "b"}
    assert desk.written.count(("POST", f"/nodes/{node.id}/update")) == 2


def test_who_is_always_first_stops_it(desk: Bench) -> None:
    numbers = iter(range(100))

    def always(method: str, path: str) -> None:
        if (method, path) == ("POST", update_of(desk, "web")):
            count = next(numbers)
            desk.update("web", lambda spec: spec["Labels"].update(count=str(count)))

    desk.engine.before = always
    operation = desk.run(desk.begin())
    assert operation.state is State.STOPPED
    assert "web changes faster than it can be changed" in words(operation)
    desk.engine.before = lambda method, path: None
    assert desk.run(operation.path).state is State.DONE


def test_an_ingress_that_somebody_removes_first_is_gone_already(desk: Bench) -> None:
    before = portrait(desk.swarm)
    ingress = desk.swarm.world.ingress()
    assert ingress is not None

    def remove() -> None:
        with desk.engine.changing() as swarm:
            swarm.remove_network(ingress.name)

    at_call(desk, 1, "DELETE", f"/networks/{ingress.id}", remove)
    path = desk.begin()
    assert desk.run(path).state is State.DONE
    assert_like(desk.swarm, before, MESH)
    lines = list(read_journal(path))
    # The manager carries it for a moment, and so does not answer that it does not know it.
    refused = [each for each in lines if isinstance(each, Answered) and each.outcome == "refused"]
    assert [each.words for each in refused] == [f"network {ingress.id} not found"]
    assert "ingress is gone already" in [each.words for each in lines if isinstance(each, Noted)]


@pytest.mark.parametrize("direction", ["forward", "back"])
def test_changed_ports_stop_it_and_then_are_what_counts(desk: Bench, direction: str) -> None:
    before = portrait(desk.swarm)
    other = publish(port(8090, 80))
    at_call(desk, 1, "POST", update_of(desk, "web"), lambda: desk.update("web", other))
    operation = desk.run(desk.begin())
    assert operation.state is State.STOPPED
    assert "Somebody changed the ports of web meanwhile: It asks for 8090:80/tcp" in words(
        operation
    )
    # What was done in the same step before it stopped counts too.
    assert "Closed are the ports of auto, glob, idle, mixed." in words(operation)
    ended = desk.run(operation.path, direction)
    assert ended.state is (State.DONE if direction == "forward" else State.ROLLED_BACK)
    wanted = deepcopy(before)
    other(wanted.specs["web"])
    wanted.ports["web"][:] = [port(8090, 80)]
    assert_like(desk.swarm, wanted, MESH if direction == "forward" else None)


def test_ports_that_changed_before_anything_was_sent_end_it(desk: Bench) -> None:
    path = desk.begin()
    other = publish(port(0, 99), port(0, 98, protocol="udp"))
    entered = f"/services/{desk.service('auto')['ID']}"
    # The first reading is of what it was before, the second just before the first write.
    at_call(desk, 2, "GET", entered, lambda: desk.update("auto", other))
    operation = desk.run(path)
    assert (operation.state, desk.written) == (State.DISMISSED, [])
    assert operation.stopped is not None
    assert operation.stopped.title == "Somebody changed the ports of auto meanwhile"
    assert operation.stopped.hint == "Look at the swarm, and plan it again."
    assert ask(desk.swarm, "/configs") == []


@pytest.mark.parametrize("direction", ["forward", "back"])
def test_ports_that_somebody_publishes_on_the_new_ingress_count(
    desk: Bench, direction: str
) -> None:
    node = desk.swarm.node("node3").id
    other = publish(port(8099, 80))
    at_call(desk, 1, "POST", f"/nodes/{node}/update", lambda: desk.update("web", other))
    operation = desk.run(desk.begin())
    assert operation.state is State.STOPPED
    assert "Somebody changed the ports of web meanwhile" in words(operation)
    assert desk.run(operation.path, direction).is_over
    assert ports_of(desk, "web") == [(8099, "ingress")]
    assert ports_of(desk, "mixed") == [(9000, "ingress"), (9100, "host"), (9001, "ingress")]
    mesh = desk.swarm.world.ingress()
    assert mesh is not None
    assert mesh.name == ("mesh" if direction == "forward" else "ingress")


@pytest.mark.parametrize("direction", ["forward", "back"])
@pytest.mark.parametrize(
    ("replicas", "told"), [(0, "late publish ports meanwhile"), (1, "1 task still on it: late.1")]
)
def test_a_service_that_publishes_before_the_removal_stops_it(
    desk: Bench, replicas: int, told: str, direction: str
) -> None:
    late = service_spec("late", IMAGE, replicas=replicas, ports=(port(8200, 80),))

    def create() -> None:
        with desk.engine.changing() as swarm:
            swarm.create_service(late)

    at_call(desk, 1, "POST", update_of(desk, "web"), create)
    operation = desk.run(desk.begin())
    assert operation.state is State.STOPPED
    assert told in words(operation)
    assert not any(method == "DELETE" for method, _ in desk.written)
    assert desk.run(operation.path, direction).is_over
    assert ports_of(desk, "late") == [(8200, "ingress")]
    assert ports_of(desk, "web") == [(8080, "ingress")]


def test_what_a_removal_requires_is_looked_at_just_before_it(desk: Bench) -> None:
    told = 0

    def watch(method: str, path: str) -> None:
        nonlocal told
        told += (method, path.startswith("/configs/"), path.endswith("/update")) == (
            "POST",
            True,
            True,
        )
        # The third step has just been entered, and is to remove the network.
        if told == 3:
            told += 1
            with desk.engine.changing() as swarm:
                swarm.create_service(
                    service_spec("late", IMAGE, replicas=0, ports=(port(8200, 80),))
                )

    desk.engine.before = watch
    operation = desk.run(desk.begin())
    assert operation.state is State.STOPPED
    assert "It is not safe now: late publish ports meanwhile." in words(operation)
    assert not any(method == "DELETE" for method, _ in desk.written)


def test_a_service_that_is_removed_meanwhile_is_left_out(desk: Bench) -> None:
    def remove() -> None:
        with desk.engine.changing() as swarm:
            swarm.remove_service("web")

    at_call(desk, 1, "POST", update_of(desk, "mixed"), remove)
    path = desk.begin()
    assert desk.run(path).state is State.DONE
    notes = [line.words for line in read_journal(path) if isinstance(line, Noted)]
    assert notes.count("web is gone; nothing to do for it") == 2
    assert "web" not in {each["Spec"]["Name"] for each in ask(desk.swarm, "/services")}


def test_an_ingress_of_somebody_else_stops_it(desk: Bench) -> None:
    def create() -> None:
        with desk.engine.changing() as swarm:
            swarm.create_network({"Name": "theirs", "Driver": "overlay", "Ingress": True})

    at_call(desk, 1, "POST", "/networks/create", create)
    operation = desk.run(desk.begin())
    assert operation.state is State.STOPPED
    assert "somebody created the ingress theirs" in words(operation)
    assert (ports_of(desk, "web"), ports_of(desk, "glob")) == ([], [])
    assert desk.run(operation.path).state is State.DONE
    mesh = desk.swarm.world.ingress()
    assert mesh is not None
    assert mesh.name == "mesh"
