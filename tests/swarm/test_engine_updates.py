"""What engines say of the update of a service while it goes on, and when it fails."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.swarm.calls import (
    Json,
    await_running,
    changed,
    clear,
    create_service,
    force,
    tasks,
    update,
)
from tests.swarm.lab import Lab
from tests.swarm.waiting import wait_until

pytestmark = pytest.mark.swarm

CHANGED = (200, "")


@pytest.fixture
def web(bare_lab: Lab) -> Iterator[Lab]:
    """Three nodes with a service that runs, and afterwards with nothing."""
    create_service(bare_lab, "web", replicas=2)
    await_running(bare_lab, "web", 2)
    yield bare_lab
    clear(bare_lab)


def status_of(lab: Lab) -> Json | None:
    """Return what a service says of its update, without times."""
    found = lab.get(1, "/services/web").get("UpdateStatus")
    if found is None:
        return None
    return {key: None if key.endswith("At") else text for key, text in found.items()}


def await_state(lab: Lab, state: str) -> Json:
    """Wait until an update has come into a state, and return what is said of it."""
    wait_until(lambda: (status_of(lab) or {}).get("State") == state, f"{state} update")
    return status_of(lab) or {}


UPDATING = {"State": "updating", "StartedAt": None, "Message": "update in progress"}
COMPLETED = {
    "State": "completed",
    "StartedAt": None,
    "CompletedAt": None,
    "Message": "update completed",
}


def test_an_update_goes_on_until_the_last_task_was_watched(web: Lab) -> None:
    assert status_of(web) is None
    assert update(web, "services", "web", force) == CHANGED
    assert await_state(web, "updating") == UPDATING
    assert await_state(web, "completed") == COMPLETED
    await_running(web, "web", 2)


def test_an_update_that_no_task_minds_has_no_state(web: Lab) -> None:
    assert update(web, "services", "web", force) == CHANGED
    await_state(web, "completed")
    for edit in (
        changed(),
        changed(Labels={"a": "b"}),
        changed(Mode={"Replicated": {"Replicas": 3}}),
    ):
        assert update(web, "services", "web", edit) == CHANGED
        assert status_of(web) is None
    await_running(web, "web", 3)
    assert status_of(web) is None


def test_an_update_whose_tasks_fail_is_paused_until_the_next_one(web: Lab) -> None:
    def missing(spec: Json) -> None:
        spec["TaskTemplate"]["ContainerSpec"]["Command"] = ["/bin/nope"]
        spec["UpdateConfig"]["Parallelism"] = 1

    def repaired(spec: Json) -> None:
        del spec["TaskTemplate"]["ContainerSpec"]["Command"]

    assert update(web, "services", "web", missing) == CHANGED
    paused = await_state(web, "paused")
    failed = {each["ID"] for each in tasks(web, "web") if each["Status"]["State"] == "failed"}
    words, _, task = str(paused.pop("Message")).rpartition(" ")
    assert words == "update paused due to failure or early termination of task"
    assert task in failed
    assert paused == {"State": "paused", "StartedAt": None}
    assert update(web, "services", "web", repaired) == CHANGED
    assert await_state(web, "completed") == COMPLETED
    await_running(web, "web", 2)
