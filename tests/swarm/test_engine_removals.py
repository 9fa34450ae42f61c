"""When engines let a network go, and what they leave of it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import pytest

from tests.swarm.calls import (
    Said,
    await_allocated,
    await_nowhere,
    await_running,
    carrying,
    clear,
    create_network,
    create_service,
    done,
    join,
    live_tasks,
    rpc,
    said,
    tasks,
    update,
)
from tests.swarm.image import PROBE_IMAGE
from tests.swarm.lab import Lab
from tests.swarm.waiting import wait_until

pytestmark = pytest.mark.swarm

REMOVED = (204, "")


class Place(NamedTuple):
    """A swarm with an allocated, attachable network."""

    lab: Lab
    network: str

    def remove(self) -> Said:
        return said(self.lab, 1, "DELETE", f"/networks/{self.network}")

    def in_use_by(self, user: str) -> Said:
        words = f"network {self.network} is in use by {user}"
        return 400, rpc("FailedPrecondition", words)


@pytest.fixture
def place(bare_lab: Lab) -> Iterator[Place]:
    """Three nodes on which afterwards nothing is left."""
    identity = create_network(bare_lab, "app", {"Subnet": "10.90.0.0/24"}, Attachable=True)
    await_allocated(bare_lab, identity)
    yield Place(bare_lab, identity)
    clear(bare_lab)


@pytest.mark.parametrize("replicas", [0, 1])
def test_a_network_stays_while_a_service_names_it(place: Place, replicas: int) -> None:
    lab = place.lab
    web = create_service(lab, "web", "app", replicas=replicas)
    assert place.remove() == place.in_use_by(f"service {web}")
    assert update(lab, "services", "web", join())[0] == 200
    assert "Networks" not in lab.get(1, "/services/web")["Spec"]["TaskTemplate"]


def test_a_network_goes_while_tasks_that_have_to_stop_are_on_it(place: Place) -> None:
    lab = place.lab
    create_service(lab, "web", "app", replicas=2)
    await_running(lab, "web", 2, place.network)
    assert update(lab, "services", "web", join())[0] == 200
    # Until the tasks are told to stop, they are in the way by themselves.
    refused = {place.in_use_by(f"task {each['ID']}") for each in tasks(lab, "web")}

    def removed() -> bool:
        answer = place.remove()
        assert answer == REMOVED or answer in refused
        return answer == REMOVED

    wait_until(removed, "removal")
    on_it = ("running/shutdown", [place.network])
    assert on_it in live_tasks(lab, "web")
    again = create_network(lab, "app", {"Subnet": "10.90.0.0/24"})
    await_allocated(lab, again)
    await_nowhere(lab, place.network)
    await_running(lab, "web", 2)


def test_a_network_goes_and_comes_again_while_its_service_ends(place: Place) -> None:
    lab = place.lab
    create_service(lab, "web", "app", replicas=2)
    await_running(lab, "web", 2, place.network)
    done(lab, "DELETE", "/services/web")
    assert place.remove() == REMOVED
    again = create_network(lab, "app", {"Subnet": "10.90.0.0/24"})
    await_allocated(lab, again)
    assert {each["DesiredState"] for each in tasks(lab)} == {"remove"}
    assert carrying(lab, place.network)
    create_service(lab, "other", "app", replicas=1)
    await_running(lab, "other", 1, again)
    await_nowhere(lab, place.network)


def test_what_was_never_allocated_is_in_use_like_any_other(place: Place) -> None:
    lab = place.lab
    bad = place._replace(network=create_network(lab, "bad", {"Subnet": "10.90.0.0/16"}))
    web = create_service(lab, "web", "bad", replicas=1)
    assert bad.remove() == bad.in_use_by(f"service {web}")
    waiting = ("new/running", list[str]())
    wait_until(lambda: live_tasks(lab, "web") == [waiting], "task that waits")
    done(lab, "DELETE", "/services/web")
    assert bad.remove() == REMOVED
    wait_until(lambda: not tasks(lab), "end of a task that never was anywhere")


def test_a_network_stays_while_containers_are_attached_to_it(place: Place) -> None:
    lab = place.lab
    boxes = {2: "box2", 3: "box3"}
    for number, name in boxes.items():
        lab.docker(number, "run", "-d", "--name", name, "--network", "app", PROBE_IMAGE)
    attached = tasks(lab, runtime="attachment")
    hosts = {each["ID"]: each["Description"]["Hostname"] for each in lab.get(1, "/nodes")}
    assert {hosts[each["NodeID"]] for each in attached} == {"node2", "node3"}
    for each in attached:
        assert "ServiceID" not in each
        assert each["DesiredState"] == each["Status"]["State"] == "running"
        (address,) = each["NetworksAttachments"][0]["Addresses"]
        assert address.startswith("10.90.0.")
        number = int(hosts[each["NodeID"]].removeprefix("node"))
        assert each["Spec"] == {
            "NetworkAttachmentSpec": {
                "ContainerID": lab.get(number, f"/containers/{boxes[number]}/json")["Id"]
            },
            "Networks": [{"Target": place.network}],
            "ForceUpdate": 0,
            "Runtime": "attachment",
        }
    assert place.remove() in {place.in_use_by(f"task {each['ID']}") for each in attached}
    lab.docker(3, "stop", "box3")
    wait_until(lambda: len(tasks(lab, runtime="attachment")) == 1, "end of one attachment")
    (left,) = tasks(lab, runtime="attachment")
    assert place.remove() == place.in_use_by(f"task {left['ID']}")
    lab.docker(2, "rm", "-f", "box2")
    wait_until(lambda: not tasks(lab, runtime="attachment"), "end of attachments")
    assert place.remove() == REMOVED
    await_nowhere(lab, place.network)
    lab.docker(3, "rm", "box3")


def test_by_a_worker_nothing_is_removed(place: Place) -> None:
    lab = place.lab
    create_service(lab, "web", "app", replicas=3)
    await_running(lab, "web", 3, place.network)
    wait_until(lambda: carrying(lab, place.network, [3]), "network on the worker")
    for term in ("app", place.network):
        assert said(lab, 3, "DELETE", f"/networks/{term}")[0] == 503
