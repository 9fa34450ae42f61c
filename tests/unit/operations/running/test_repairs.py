"""What `plan_repair` plans, run."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from swarmtui.demo import Swarm, network_spec, port, service_spec
from swarmtui.operations import Plan, State, plan_repair
from swarmtui.operations.lines import Reached
from tests.running import IMAGE, NODES, Bench, bench, empty_swarm, words
from tests.unit.demo.asking import ask, states


def repaired(served: Bench) -> Plan:
    planned = plan_repair(served.snapshot())
    assert isinstance(planned, Plan), planned
    return planned


def carrying(swarm: Swarm) -> set[str]:
    mesh = swarm.world.ingress()
    assert mesh is not None
    return {node.hostname for node in swarm.world.nodes.values() if mesh.id in node.realised}


@pytest.fixture
def missing() -> Iterator[Bench]:
    swarm = empty_swarm()
    swarm.create_service(service_spec("plain", IMAGE))
    swarm.step(20)
    swarm.remove_network("ingress")
    swarm.step(5)
    with bench(swarm) as served:
        yield served


@pytest.fixture
def forgotten() -> Iterator[Bench]:
    """An ingress that was made anew by hand, so that it reached one node only."""
    swarm = empty_swarm()
    swarm.remove_network("ingress")
    swarm.step(5)
    swarm.create_network(network_spec("ingress", ingress=True))
    swarm.step(5)
    swarm.create_service(service_spec("web", IMAGE, ports=(port(8080, 80),)))
    swarm.step(20)
    with bench(swarm) as served:
        yield served


@pytest.fixture
def stuck() -> Iterator[Bench]:
    """An ingress whose range is another network's, with a service that was put on it by hand."""
    swarm = empty_swarm()
    swarm.create_network(network_spec("app"))
    swarm.create_service(service_spec("web", IMAGE, ("app",), replicas=3))
    swarm.step(20)
    swarm.remove_network("ingress")
    swarm.step(5)
    swarm.create_network(network_spec("ingress", ingress=True, subnet="10.20.0.0/16"))
    swarm.step(2)
    web = {**ask(swarm, "/services/web")["Spec"]}
    swarm.update_service("web", {**web, "EndpointSpec": {"Mode": "vip", "Ports": [port(8080, 80)]}})
    swarm.create_service(service_spec("fresh", IMAGE, replicas=2, ports=(port(0, 90),)))
    swarm.create_service(service_spec("spread", IMAGE, replicas=None, ports=(port(8443, 443),)))
    swarm.step(60)
    with bench(swarm) as served:
        yield served


def test_a_missing_ingress_is_created(missing: Bench) -> None:
    plain = states(missing.swarm, "plain")
    assert missing.swarm.world.ingress() is None
    assert missing.run(missing.begin(repaired(missing))).state is State.DONE
    assert carrying(missing.swarm) == set(NODES)
    assert states(missing.swarm, "plain") == plain
    assert ask(missing.swarm, "/configs") == []
    missing.swarm.create_service(service_spec("web", IMAGE, ports=(port(8080, 80),)))
    missing.engine.step(20)
    assert states(missing.swarm, "web") == ["running/running"]


@pytest.mark.parametrize("step", [1, 2, 3])
def test_a_created_ingress_can_be_taken_back(missing: Bench, step: int) -> None:
    path = missing.begin(repaired(missing))
    kill_in(missing, path, step)
    assert missing.swarm.world.ingress() is not None
    assert missing.run(path, "back").state is State.ROLLED_BACK
    assert missing.swarm.world.ingress() is None
    assert ask(missing.swarm, "/configs") == []


def test_what_uses_a_created_ingress_keeps_it(missing: Bench) -> None:
    path = missing.begin(repaired(missing))
    kill_in(missing, path, 3)
    missing.swarm.create_service(service_spec("web", IMAGE, ports=(port(8080, 80),)))
    missing.engine.step(20)
    operation = missing.run(path, "back")
    assert operation.state is State.STOPPED
    assert "Cannot go back to no ingress network: web publish" in words(operation)
    assert missing.run(path).state is State.DONE


def kill_in(served: Bench, path: Path, step: int) -> None:
    """Run until a step is nearly reached."""
    served.run_until(path, lambda line: isinstance(line, Reached) and line.step == step)


def test_nodes_that_miss_the_ingress_are_touched(forgotten: Bench) -> None:
    mesh = forgotten.swarm.world.ingress()
    without = set(NODES) - carrying(forgotten.swarm)
    assert 0 < len(without) < len(NODES)
    tasks = states(forgotten.swarm, "web")
    assert forgotten.run(forgotten.begin(repaired(forgotten))).state is State.DONE
    assert carrying(forgotten.swarm) == set(NODES)
    assert forgotten.swarm.world.ingress() is mesh
    assert states(forgotten.swarm, "web") == tasks
    touched = {path.split("/")[2] for _, path in forgotten.written}
    assert {forgotten.swarm.node(each).hostname for each in touched} == without


@pytest.mark.parametrize("step", [1, 2])
@pytest.mark.parametrize(
    ("direction", "state"), [("forward", State.DONE), ("back", State.ROLLED_BACK)]
)
def test_killed_when_all_was_done_it_comes_to_an_end(
    forgotten: Bench, step: int, direction: str, state: State
) -> None:
    path = forgotten.begin(repaired(forgotten))
    kill_in(forgotten, path, step)
    operation = forgotten.run(path, direction)
    assert (operation.state, operation.stopped) == (state, None)
    assert carrying(forgotten.swarm) == set(NODES)
    assert ask(forgotten.swarm, "/configs") == []


def test_an_ingress_without_addresses_is_replaced(stuck: Bench) -> None:
    broken = stuck.swarm.world.ingress()
    assert broken is not None
    assert broken.allocation is None
    for name in ("web", "fresh", "spread"):
        assert "new/running" in states(stuck.swarm, name)
    operation = stuck.run(stuck.begin(repaired(stuck)))
    assert (operation.state, operation.stopped) == (State.DONE, None)
    stuck.engine.step(30)
    mesh = stuck.swarm.world.ingress()
    assert mesh is not None
    assert (mesh.allocation is not None, mesh.id != broken.id) == (True, True)
    assert carrying(stuck.swarm) == set(NODES)
    for name, count in (("web", 3), ("fresh", 2), ("spread", 3)):
        assert states(stuck.swarm, name).count("running/running") == count
        vips = stuck.service(name)["Endpoint"]["VirtualIPs"]
        assert mesh.id in {each["NetworkID"] for each in vips}
    assert stuck.service("web")["Endpoint"]["Ports"] == [port(8080, 80)]


def test_there_is_no_way_back_to_an_ingress_without_addresses(stuck: Bench) -> None:
    path = stuck.begin(repaired(stuck))
    kill_in(stuck, path, 1)
    operation = stuck.run(path, "back")
    assert operation.state is State.STOPPED
    assert "What was there before never worked" in words(operation)
    assert stuck.run(path).state is State.DONE
