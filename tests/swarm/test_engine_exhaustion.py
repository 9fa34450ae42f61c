"""How services fare on networks without a free address, and how they get off them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import NamedTuple

import pytest

from tests.swarm.calls import (
    Json,
    await_allocated,
    await_running,
    changed,
    clear,
    create_network,
    create_service,
    done,
    force,
    join,
    live_tasks,
    service,
    tasks,
    update,
)
from tests.swarm.lab import Lab
from tests.swarm.waiting import wait_until

pytestmark = pytest.mark.swarm

WAITING = ("new/running", "")


class Place(NamedTuple):
    """A swarm with a network of which three tasks of one node take all, and with a large one."""

    lab: Lab
    full: str
    wide: str

    def fill(self, name: str, replicas: int, **config: object) -> None:
        """Create a service on one node, on the network that has room for three tasks."""
        body = service(name, "full", replicas=replicas, EndpointSpec={"Mode": "vip"})
        body["TaskTemplate"]["Placement"] = {"Constraints": ["node.hostname==node1"]}
        body["UpdateConfig"] |= config
        done(self.lab, "POST", "/services/create", body)

    def tasks(self, name: str = "web") -> Counter[tuple[str, str]]:
        """Count the live tasks of a service by state and names of networks."""
        names = {self.full: "full", self.wide: "wide"}
        return Counter(
            (state, " ".join(names[each] for each in networks))
            for state, networks in live_tasks(self.lab, name)
        )

    def await_tasks(self, wanted: dict[tuple[str, str], int]) -> None:
        """Wait until a service has just these live tasks."""
        wait_until(lambda: self.tasks() == Counter(wanted), f"tasks {wanted}", 60)

    def move(self, *networks: str) -> None:
        assert update(self.lab, "services", "web", join(*networks)) == (200, "")

    def state(self) -> str:
        """Return how the update of the service goes."""
        row: Json = self.lab.get(1, "/services/web")
        return str(row.get("UpdateStatus", {}).get("State"))

    def await_done(self, *networks: str) -> None:
        """Wait until the service runs on networks, and its update is complete."""
        await_running(self.lab, "web", 3, *networks)
        wait_until(lambda: self.state() == "completed", "complete update")


@pytest.fixture
def place(bare_lab: Lab) -> Iterator[Place]:
    """Three nodes on which afterwards nothing is left."""
    full = create_network(bare_lab, "full", {"Subnet": "10.92.0.0/29"})
    wide = create_network(bare_lab, "wide", {"Subnet": "10.92.1.0/24"})
    for each in (full, wide):
        await_allocated(bare_lab, each)
    yield Place(bare_lab, full, wide)
    clear(bare_lab)


def test_off_a_full_network_everybody_comes(place: Place) -> None:
    place.fill("web", 3)
    await_running(place.lab, "web", 3, place.full)
    place.move("wide")
    place.await_done(place.wide)


def test_stopping_first_makes_room_for_a_second_network(place: Place) -> None:
    place.fill("web", 3, Parallelism=1)
    await_running(place.lab, "web", 3, place.full)
    place.move("full", "wide")
    place.await_done(place.full, place.wide)


def test_starting_first_never_gets_a_second_network_beside_a_full_one(place: Place) -> None:
    place.fill("web", 3, Order="start-first")
    await_running(place.lab, "web", 3, place.full)
    place.move("full", "wide")
    place.await_tasks({("running/running", "full"): 3, WAITING: 3})
    assert place.state() == "updating"
    place.move("wide")
    place.await_done(place.wide)


def test_whoever_waits_for_an_address_gets_the_one_that_an_update_frees(place: Place) -> None:
    place.fill("web", 3, Parallelism=1)
    await_running(place.lab, "web", 3, place.full)
    place.fill("crowd", 1)
    wait_until(lambda: place.tasks("crowd") == Counter([WAITING]), "task that waits")
    # It has no virtual address either, and takes that first.
    place.move("full", "wide")
    place.await_tasks({("running/running", "full"): 2, WAITING: 1})
    assert place.state() == "updating"
    place.move("wide")
    place.await_done(place.wide)


def test_with_tasks_that_wait_no_second_network_comes_but_another_one_does(place: Place) -> None:
    lab = place.lab
    place.fill("web", 3)
    await_running(lab, "web", 3, place.full)
    more = {"Replicated": {"Replicas": 5}}
    assert update(lab, "services", "web", changed(Mode=more)) == (200, "")
    place.await_tasks({("running/running", "full"): 3, WAITING: 2})
    for each in tasks(lab, "web"):
        if each["Status"]["State"] == "new":
            assert "Err" not in each["Status"]
            assert not each.get("NodeID")
            assert not each.get("NetworksAttachments")

    place.move("full", "wide")

    def moved() -> bool:
        seen = place.tasks()
        return all(networks != "full" for _, networks in seen) and WAITING in seen

    # There are not enough addresses, and how many tasks get one beside their node is chance.
    wait_until(moved, "tasks that wait anew")
    assert place.state() == "updating"

    # A task that waits ends only when an address has come free for it.
    place.move("wide")
    await_running(lab, "web", 5, place.wide)
    wait_until(lambda: place.state() == "completed", "complete update")


def test_a_task_on_a_network_without_subnet_holds_up_the_one_that_replaces_it(
    place: Place,
) -> None:
    lab = place.lab
    create_network(lab, "bad", {"Subnet": "10.92.0.0/16"})
    create_service(lab, "web", "bad", replicas=1)
    place.await_tasks({WAITING: 1})
    place.move("wide")
    # It cannot be ended by anybody; the other one starts a minute later in spite of it.
    place.await_tasks({("new/shutdown", ""): 1, ("ready/ready", "wide"): 1})
    assert place.state() == "updating"
    assert update(lab, "services", "web", force) == (200, "")
    # With the next update the newest task only waits for the one before it.
    wait_until(lambda: place.tasks()["running/running", "wide"] == 1, "running task")
    assert place.tasks()["new/shutdown", ""] == 1
    wait_until(lambda: place.state() == "completed", "complete update")
