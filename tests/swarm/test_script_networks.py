"""Exported plans of networks and services, run by bash and the docker client on a real swarm."""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import msgspec
import pytest

from swarmtui.engine import read_once, resolve_endpoint
from swarmtui.model import Service, Snapshot
from swarmtui.operations import Definition, Plan, Rearrange, definition_of, plan_operation
from swarmtui.operations.changes import (
    Way,
    attaching,
    creation_of,
    detaching,
    migration,
    reaching,
    removal_of,
)
from swarmtui.operations.script import script_of
from swarmtui.operations.sights import look
from swarmtui.operations.writes import Port
from tests.swarm.image import PROBE_IMAGE
from tests.swarm.lab import Lab
from tests.swarm.networking import await_running, members, overlays
from tests.swarm.publishing import create, ports, running_tasks, services
from tests.swarm.waiting import wait_until

pytestmark = pytest.mark.swarm

_BY_HAND = re.compile(r" +docker (network (?:dis)?connect \S+ \w+)  # on node(\d)")
_WEB = {"app": ["web", "www"], "back": []}


@dataclass
class Scene:
    """A lab, and somebody who runs scripts on it."""

    lab: Lab
    folder: Path

    def snapshot(self) -> Snapshot:
        return read_once(resolve_endpoint(self.lab.url(1), None, {}), timeout_seconds=10)

    def plan(self, intent: Rearrange) -> Plan:
        plan = plan_operation(self.snapshot(), intent)
        assert isinstance(plan, Plan), plan
        return plan

    def run(self, plan: Plan, *words: str) -> tuple[int, str]:
        """Run a plan's script, and give each command that it asks a person for."""
        written = self.folder / "change.sh"
        written.write_text(script_of(plan, tool="swarmtui", when="now"))
        said = []
        with subprocess.Popen(
            ["bash", str(written), *words],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            env={**os.environ, "DOCKER_HOST": self.lab.url(1)},
        ) as process:
            assert process.stdout is not None
            for line in process.stdout:
                said.append(line)
                asked = _BY_HAND.match(line)
                if asked is not None:
                    self.lab.docker(int(asked[2]), *asked[1].split())
        return process.returncode, "".join(said)

    def change(self, intent: Rearrange) -> None:
        """Run a change to its end, and see for ourselves that it is there."""
        plan = self.plan(intent)
        code, said = self.run(plan)
        assert code == 0, said
        assert said.endswith("Done.\n")
        now = self.snapshot()
        sights = [look(each, now) for each in plan.steps[-1].until]
        assert [each.words for each in sights if not each.met] == []

    def encrypted(self, name: str) -> Definition:
        """Return the network as it is, with encryption and perhaps another name."""
        present = next(each for each in self.snapshot().networks if each.name == "app")
        found = definition_of(present)
        wanted = msgspec.structs.replace(found, name=name, options={"encrypted": ""})
        return wanted if name == "app" else msgspec.structs.replace(wanted, ranges=())

    def service(self, name: str) -> Service:
        return next(each for each in self.snapshot().services if each.name == name)

    def wiring(self, service: str) -> dict[str, list[str]]:
        """Return the networks of a service with the aliases there."""
        return dict(members(self.lab)[service]["networks"])


@pytest.fixture
def scene(bare_lab: Lab, tmp_path: Path) -> Iterator[Scene]:
    lab = bare_lab
    label = ["--label", "tier=front"]
    lab.docker(1, "network", "create", "-d", "overlay", "--attachable", *label, "app")
    lab.docker(1, "network", "create", "-d", "overlay", "back")
    web = ["--network", "back", "--network", "name=app,alias=web,alias=www"]
    create(lab, "web", *web, "-p", "8080:80")
    create(lab, "store", "--endpoint-mode", "dnsrr", "--network", "app")
    # To replace a task takes some seconds, which one without tasks spares.
    idle = ["--replicas", "0", "--network", "name=back,alias=idler"]
    create(lab, "idle", *idle, "-p", "8082:80", "-p", "8083:80")
    await_running(lab)
    yield Scene(lab, tmp_path)
    lab.docker(1, "service", "rm", *services(lab))
    wait_until(lambda: _bare(lab), "networks removed")


def _bare(lab: Lab) -> bool:
    for name in overlays(lab):
        with suppress(AssertionError):
            lab.docker(1, "network", "rm", name)
    return not overlays(lab)


def _check_encrypted(scene: Scene, name: str) -> None:
    found = overlays(scene.lab)
    assert sorted(found) == sorted([name, "back"])
    assert found[name]["options"] == {"encrypted": ""}
    assert found[name]["labels"] == {"tier": "front"}
    assert found[name]["attachable"]
    found = members(scene.lab)
    assert scene.wiring("web") == {name: _WEB["app"], "back": []}
    assert set(found["web"]["addresses"]) == {name, "back", "ingress"}
    assert scene.wiring("store") == {name: []}
    assert found["store"]["addresses"] == []
    assert found["store"]["mode"] == "dnsrr"
    assert len(running_tasks(scene.lab, "web")) == 1


@pytest.mark.parametrize(
    ("way", "name"), [(Way.IN_PLACE, "app"), (Way.QUICK, "app"), (Way.SIDE_BY_SIDE, "app2")]
)
def test_a_script_encrypts_a_network(scene: Scene, way: Way, name: str) -> None:
    before, open_ports = overlays(scene.lab)["app"], ports(scene.lab)
    visited = way is Way.IN_PLACE
    if visited:
        run = ["run", "-d", "--name", "visitor", "--network", "app", PROBE_IMAGE]
        scene.lab.docker(2, *run)
    try:
        scene.change(
            migration(
                scene.snapshot(),
                "app",
                scene.encrypted(name),
                way,
                at_once=True,
                by_hand=True,
            )
        )
        _check_encrypted(scene, name)
        assert ports(scene.lab) == open_ports
        if name == "app":
            assert overlays(scene.lab)["app"]["subnets"] == before["subnets"]
        if visited:
            format_ = "{{range $name, $_ := .NetworkSettings.Networks}}{{$name}} {{end}}"
            assert scene.lab.docker(2, "inspect", "--format", format_, "visitor") == "app"
    finally:
        if visited:
            scene.lab.docker(2, "rm", "-f", "visitor")


def test_scripts_change_how_services_are_reached(scene: Scene) -> None:
    scene.change(creation_of(Definition("more", labels={"odd": "a label's"}, internal=True)))
    assert overlays(scene.lab)["more"]["internal"]
    scene.change(attaching(scene.snapshot(), scene.service("web"), "more", ("shop", "shop.more")))
    assert scene.wiring("web") == {**_WEB, "more": ["shop", "shop.more"]}
    scene.change(attaching(scene.snapshot(), scene.service("idle"), "more"))
    scene.change(detaching(scene.snapshot(), scene.service("idle"), "back"))
    assert scene.wiring("idle") == {"more": []}
    # The client takes both ports of a target away when it is asked for one.
    kept, added = Port("tcp", 80, 8083, "ingress"), Port("udp", 53, 5353, "host")
    scene.change(reaching(scene.snapshot(), scene.service("idle"), ports=(kept, added)))
    assert ports(scene.lab)["idle"] == [("tcp", 80, 8083, "ingress"), ("udp", 53, 5353, "host")]
    scene.change(reaching(scene.snapshot(), scene.service("idle"), mode="dnsrr", ports=(added,)))
    assert members(scene.lab)["idle"]["mode"] == "dnsrr"
    scene.change(reaching(scene.snapshot(), scene.service("idle"), mode="vip"))
    assert members(scene.lab)["idle"]["addresses"] == ["more"]
    scene.change(removal_of(scene.snapshot(), ["more"], detach=True))
    assert sorted(overlays(scene.lab)) == ["app", "back"]
    assert scene.wiring("web") == _WEB
    assert scene.wiring("idle") == {}


def test_a_script_stops_where_somebody_interferes_and_goes_on(scene: Scene) -> None:
    lab, update = scene.lab, ("service", "update", "-q", "--detach")
    lab.docker(1, "network", "create", "-d", "overlay", "solo")
    create(lab, "lone", "--replicas", "0", "--network", "solo")
    wanted = Definition("solo", options={"encrypted": ""})
    plan = scene.plan(migration(scene.snapshot(), "solo", wanted, Way.QUICK))
    create(lab, "late", "--replicas", "0", "--network", "solo")
    code, said = scene.run(plan)
    assert code == 1
    assert "late is on solo" in said
    assert "Nothing has been changed." in said
    lab.docker(1, "service", "rm", "late")

    lab.docker(1, *update, "--network-add", "back", "lone")
    await_running(lab)
    code, said = scene.run(plan)
    assert code == 1
    assert "STOPPED in step 1" in said
    assert "it is like this: back solo; vip;" in said
    assert "Nothing has been changed." in said

    # What somebody did by hand already is no obstacle to going on.
    lab.docker(1, *update, "--network-rm", "back", "--network-rm", "solo", "lone")
    await_running(lab)
    code, said = scene.run(plan)
    assert code == 0, said
    assert overlays(lab)["solo"]["options"] == {"encrypted": ""}
    assert scene.wiring("lone") == {"solo": []}
    again = scene.run(plan, str(len(plan.steps)))
    assert again[0] == 0, again
