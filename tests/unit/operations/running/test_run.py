"""A run that nothing disturbs."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from swarmtui.engine import Endpoint
from swarmtui.operations import Range, State
from swarmtui.operations.journal import read_journal
from swarmtui.operations.lines import (
    Answered,
    Ended,
    Entered,
    Head,
    Image,
    Intended,
    Line,
    Locked,
    Noted,
    Reached,
    Run,
)
from swarmtui.operations.plan import BuildIngress
from tests.running import MESH, PUBLISHERS, Bench
from tests.unit.demo.asking import ask
from tests.unit.operations.running.portraits import assert_like, portrait


@pytest.fixture(params=[True, False], ids=["at once", "one after another"])
def at_once(request: pytest.FixtureRequest) -> bool:
    return bool(request.param)


def run(desk: Bench, *, at_once: bool = True) -> tuple[Path, tuple[Line, ...]]:
    path = desk.begin(desk.plan(at_once=at_once))
    operation = desk.run(path)
    assert (operation.state, operation.stopped) == (State.DONE, None)
    return path, read_journal(path)


def test_the_swarm_is_as_it_was_but_for_the_ingress(desk: Bench, at_once: bool) -> None:
    before = portrait(desk.swarm)
    run(desk, at_once=at_once)
    assert_like(desk.swarm, before, MESH)


def test_the_numbers_that_the_engine_chose_are_kept(desk: Bench) -> None:
    chosen = [each["PublishedPort"] for each in desk.service("auto")["Endpoint"]["Ports"]]
    run(desk)
    asked = desk.service("auto")["Spec"]["EndpointSpec"]["Ports"]
    assert [each["PublishedPort"] for each in asked] == chosen
    assert 0 not in chosen
    assert [each["Protocol"] for each in asked] == ["tcp", "udp"]


def test_what_swarmtui_does_not_know_survives(desk: Bench) -> None:
    run(desk)
    for name in PUBLISHERS:
        assert desk.service(name)["Spec"]["Future"]["Text"] == "<a> & b"
    (port,) = desk.service("web")["Spec"]["EndpointSpec"]["Ports"]
    assert port["Future"]["Nothing"] is None
    assert set(port) == {"Protocol", "TargetPort", "PublishedPort", "PublishMode", "Future"}


def test_host_mode_ports_stay_open_all_the_time(desk: Bench) -> None:
    seen = set()

    def watch() -> None:
        ports = desk.service("mixed")["Spec"]["EndpointSpec"]["Ports"]
        seen.add(tuple((each["PublishMode"], each["PublishedPort"]) for each in ports))

    desk.before_sleep = watch
    run(desk)
    assert seen == {
        (("host", 9100),),
        (("ingress", 9000), ("host", 9100), ("ingress", 9001)),
    }


def test_every_write_stands_between_its_intent_and_its_result(desk: Bench, at_once: bool) -> None:
    _, lines = run(desk, at_once=at_once)
    writes = [line for line in lines if isinstance(line, Intended | Answered)]
    assert writes[::2] == [line for line in writes if isinstance(line, Intended)]
    assert writes[1::2] == [line for line in writes if isinstance(line, Answered)]
    assert all(line.outcome == "done" for line in writes[1::2] if isinstance(line, Answered))
    paths = [line.path.split("/")[1] for line in writes if isinstance(line, Intended)]
    assert paths == 5 * ["services"] + 2 * ["networks"] + 3 * ["nodes"] + 5 * ["services"]


def test_the_lines_come_in_order(desk: Bench, at_once: bool) -> None:
    _, lines = run(desk, at_once=at_once)
    kinds = [type(line) for line in lines]
    images = len(PUBLISHERS) + 1
    assert kinds[: images + 3] == [Head, *[Image] * images, Run, Locked]
    assert kinds[images + 3] is Entered
    assert kinds[-2:] == [Reached, Ended]
    steps = len(lines[0].plan.steps) if isinstance(lines[0], Head) else 0
    entered = [(kind, line.step) for kind, line in _framed(lines)]
    assert entered == [
        each for step in range(1, steps + 1) for each in ((Entered, step), (Reached, step))
    ]
    within = 0
    for line in lines:
        if isinstance(line, Entered):
            within = line.step
        elif isinstance(line, Intended | Answered | Noted):
            assert line.step == within


def _framed(lines: tuple[Line, ...]) -> list[tuple[type, Entered | Reached]]:
    return [(type(line), line) for line in lines if isinstance(line, Entered | Reached)]


def test_what_it_waits_for_is_noted(desk: Bench) -> None:
    _, lines = run(desk)
    noted = [line.words for line in lines if isinstance(line, Noted) and line.step == 1]
    assert noted[0] == "9 tasks still on the ingress: auto, glob, mixed, web"
    assert len(noted) == len(set(noted))


def test_images_are_what_the_engine_said_before_the_first_write(desk: Bench) -> None:
    names = {desk.service(name)["ID"]: desk.service(name) for name in PUBLISHERS}
    ingress = desk.swarm.world.ingress()
    assert ingress is not None
    _, lines = run(desk)
    images = [line for line in lines if isinstance(line, Image)]
    services = {
        line.identity: json.loads(bytes(line.document)) for line in images if line.kind == "service"
    }
    assert services == names
    assert [line.identity for line in images if line.kind == "network"] == [ingress.id]
    first = next(index for index, line in enumerate(lines) if isinstance(line, Intended))
    assert all(lines.index(line) < first for line in images)


def test_the_journal_is_for_its_owner_alone(desk: Bench) -> None:
    path, _ = run(desk)
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.parent.stat().st_mode & 0o777 == 0o700


def test_the_lock_is_held_from_the_first_write_to_the_end(desk: Bench) -> None:
    held = []

    def note(method: str, path: str) -> None:
        if method != "GET" and not path.startswith("/configs"):
            held.append([each["Spec"]["Labels"] for each in ask(desk.swarm, "/configs")])

    desk.engine.before = note
    path, _ = run(desk)
    assert len(held) == 15
    assert all(len(each) == 1 for each in held)
    labels = [each[0] for each in held]
    assert {each["swarmtui.operation"] for each in labels} == {path.stem}
    assert {(each["swarmtui.who"], each["swarmtui.host"]) for each in labels} == {("ann", "desk")}
    assert [each["swarmtui.step"] for each in labels] == sorted(
        each["swarmtui.step"] for each in labels
    )
    assert {each["swarmtui.steps"] for each in labels} == {"7"}
    assert ask(desk.swarm, "/configs") == []


def test_the_lock_shows_life_in_a_long_wait(desk: Bench) -> None:
    told: dict[str, set[str]] = {}

    def watch() -> None:
        for config in ask(desk.swarm, "/configs"):
            labels = config["Spec"]["Labels"]
            told.setdefault(labels["swarmtui.step"], set()).add(labels["swarmtui.seen"])

    desk.before_sleep = watch
    one_by_one = {"UpdateConfig": {"Parallelism": 1}, "Mode": {"Replicated": {"Replicas": 12}}}
    desk.update("web", lambda spec: spec.update(one_by_one))
    desk.engine.step(60)
    path = desk.begin(desk.plan(at_once=True))
    assert desk.run(path).state is State.DONE
    assert len(told["1"]) > 1


def test_only_what_the_plan_needs_is_sent(desk: Bench, at_once: bool) -> None:
    plan = desk.plan(at_once=at_once)
    path = desk.begin(plan)
    desk.engine.asked.clear()
    assert desk.run(path).state is State.DONE
    sent = [each for each in desk.engine.asked if each[0] != "GET"]
    ingress = plan.before.ingress_ids[0]
    (created,) = {each[1].split("/")[2] for each in sent if each[1].startswith("/configs/")} - {
        "create"
    }
    nodes = [f"/nodes/{each.id}/update" for each in desk.swarm.world.nodes.values()]
    services = [f"/services/{each.service_id}/update" for each in plan.before.publishers]
    assert sorted(each for each in sent if not each[1].startswith("/configs")) == sorted(
        [("POST", each) for each in (*services, *services, *nodes, "/networks/create")]
        + [("DELETE", f"/networks/{ingress}")]
    )
    assert {each for each in sent if each[1].startswith("/configs")} == {
        ("POST", "/configs/create"),
        ("POST", f"/configs/{created}/update"),
        ("DELETE", f"/configs/{created}"),
    }
    read = {path.split("/")[1] for method, path in desk.engine.asked if method == "GET"}
    assert read == {"version", "info", "nodes", "networks", "services", "tasks", "configs"}


def test_an_ingress_whose_range_the_engine_chooses(desk: Bench) -> None:
    wanted = type(MESH)("open", (Range(),), ingress=True)
    path = desk.begin(desk.plan(BuildIngress(wanted, at_once=True)))
    assert desk.run(path).state is State.DONE
    mesh = desk.swarm.world.ingress()
    assert mesh is not None
    assert (mesh.name, mesh.allocation is not None) == ("open", True)


def test_the_engine_is_named_in_the_head(desk: Bench) -> None:
    _, lines = run(desk)
    head = lines[0]
    assert isinstance(head, Head)
    assert Endpoint(head.engine) == Endpoint(desk.engine.url)
    assert (head.who, head.host) == ("ann", "desk")
