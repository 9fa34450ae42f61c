"""What a person means by a name."""

from __future__ import annotations

import pytest

from swarmtui.findings import StepState, Unclear, path_between, path_names
from swarmtui.model import (
    ContainerId,
    GossipService,
    GossipTask,
    TaskId,
)
from tests.builders import (
    APP,
    ROUND,
    WEB,
    an_id,
    worker_snapshot,
)
from tests.replacing import replace
from tests.unit.findings.paths import (
    BOX,
    FIRST,
    step,
    walk,
    well,
    with_tasks,
)


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("web", "web, service (vip), 3 tasks on node1, node2, node3"),
        (WEB.id, "web, service (vip), 3 tasks on node1, node2, node3"),
        ("web.1", "web.1, task on node1"),
        (f"web.1.{FIRST.id}", "web.1, task on node1"),
        (FIRST.id, "web.1, task on node1"),
        (FIRST.container_id[:12], "web.1, task on node1"),
        ("probe-box", "probe-box, container on node2"),
        (BOX.container_id, "probe-box, container on node2"),
        (BOX.container_id[:6], "probe-box, container on node2"),
        ("outside:8080", "outside, port 8080"),
        ("OUTSIDE:53/UDP", "outside, port 53/udp"),
    ],
)
def test_what_is_meant_by_a_name(text: str, meant: str) -> None:
    assert walk(well(), text, "rr").a == meant


@pytest.mark.parametrize(
    ("a", "b", "words"),
    [
        ("wbe", "rr", "There is no service, task or container wbe. Did you mean web?"),
        ("web", "web.9", "There is no service, task or container web.9. Did you mean "),
        ("", "rr", "Name a service, a task or a container."),
        ("outside:0", "web", "There is no port 0."),
        ("outside:99999", "web", "There is no port 99999."),
        ("web", "outside:80", "Only the way in can be followed: outside:PORT comes first."),
        ("web.1", "web.1", "Both ends are web.1."),
        ("web", "ghost", "There is no service, task or container ghost."),
    ],
)
def test_what_is_no_end(a: str, b: str, words: str) -> None:
    found = path_between(well(), a, b)
    assert isinstance(found, Unclear)
    assert str(found).startswith(words)


def test_a_name_of_several_is_settled_by_an_id() -> None:
    snapshot = well()
    box = replace(BOX, id=TaskId(an_id("otherbox")), container_id=ContainerId("d" * 64))
    entries = (GossipTask("probe-box", "10.20.0.76", ""), GossipTask("probe-box", "10.20.0.77", ""))
    box = replace(box, attachments=(replace(BOX.attachments[0], addresses=("10.20.0.77",)),))
    snapshot = with_tasks(snapshot, box)
    seen = snapshot.inspections[APP.id]
    services = (*seen.services[:2], GossipService("", "", (), entries))
    snapshot = replace(
        snapshot, inspections={**snapshot.inspections, APP.id: replace(seen, services=services)}
    )
    found = path_between(snapshot, "probe-box", "web")
    assert isinstance(found, Unclear)
    assert found.words == "probe-box is 2 containers: say which one by its id."
    assert set(found.near) == {BOX.container_id[:12], "d" * 12}
    assert walk(snapshot, "dddd", "web").a == "probe-box, container on node2"


def test_a_place_with_two_lives_is_one_task() -> None:
    snapshot = well()
    old = replace(FIRST, id=TaskId(an_id("old")), state="shutdown", desired_state="shutdown")
    new = replace(FIRST, id=TaskId(an_id("new")), state="starting")
    path = walk(with_tasks(snapshot, old, new), "web.1", "rr")
    assert step(path, "Tasks of web.1").state is StepState.OK
    over = with_tasks(snapshot, replace(FIRST, state="rejected", error="no such image"))
    assert (
        "web.1 is rejected: no such image"
        in step(walk(over, "web.1", "rr"), "Tasks of web.1").facts
    )


def test_names_to_choose_from() -> None:
    names = path_names(well())
    assert names[:3] == ("pay_db", "rr", "web")
    assert {"probe-box", "web.1", "rr.2"} <= set(names)


def test_a_worker_cannot_tell() -> None:
    found = path_between(worker_snapshot(), "web", "rr")
    assert isinstance(found, Unclear)
    assert "Only a manager" in found.words


def test_a_task_is_called_by_its_containers_name() -> None:
    path = walk(well(), "web", "rr.1")
    identity = next(each.id for each in well().tasks if each.service_id == ROUND.id)
    assert step(path, "Name").facts[0] == f"app: rr.1.{identity} leads to 10.20.0.70"


def test_a_container_is_called_by_its_name_and_its_short_id() -> None:
    path = walk(well(), "web", "probe-box")
    facts = step(path, "Name").facts
    assert facts[0] == f"app: probe-box leads to 10.20.0.76; so does {BOX.container_id[:12]}"
