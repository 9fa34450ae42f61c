"""Services that publish through the ingress, and people who replace it from managers of a lab."""

from __future__ import annotations

import ipaddress
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from swarmtui.operations.journal import is_in_use
from tests.swarm.image import PROBE_IMAGE
from tests.swarm.lab import Lab
from tests.swarm.waiting import wait_until
from tests.terminal import Terminal

Json = dict[str, Any]

MTU_OPTION = "com.docker.network.driver.mtu"
ALL_NODES = (1, 2, 3)
LONG = 120.0
"""For what waits until the swarm has missed, or believes in, a node again."""

_CREATE = (
    *("service", "create", "-q", "--detach", "--no-resolve-image"),
    *("--stop-grace-period", "1s", "--update-monitor", "1s", "--update-parallelism", "0"),
)


@dataclass(frozen=True)
class Wanted:
    """An ingress network to ask for."""

    name: str
    subnet: str
    gateway: str
    mtu: int

    @property
    def flags(self) -> tuple[str, ...]:
        """Return it in the words of the command line."""
        return (
            *("--name", self.name, "--subnet", self.subnet),
            *("--gateway", self.gateway, "--mtu", str(self.mtu)),
        )

    @property
    def definition(self) -> Json:
        """Return what `definition_of` says of it once it is there."""
        return {
            "name": self.name,
            "subnets": [{"Subnet": self.subnet, "Gateway": self.gateway}],
            "options": {MTU_OPTION: str(self.mtu)},
        }


DOCUMENTED = Wanted("my-ingress", "10.11.0.0/16", "10.11.0.2", 1200)
"""The example of the documentation of Docker."""
OTHER = Wanted("other-ingress", "10.12.0.0/16", "10.12.0.9", 1400)


class Person:
    """Somebody at a manager, with a state home of their own."""

    def __init__(self, lab: Lab, node: int, home: Path) -> None:
        home.mkdir(exist_ok=True)
        self._home, self._begun = home, list[Begun]()
        self._command = [sys.executable, "-m", "swarmtui", "--host", lab.url(node)]
        self._folder = home / "swarmtui" / "operations"
        self._environ = {
            name: value for name, value in os.environ.items() if not name.startswith("DOCKER_")
        } | {"XDG_STATE_HOME": str(home)}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for each in self._begun:
            each.end()

    def run(self, *words: str) -> subprocess.CompletedProcess[str]:
        """Run swarmtui to its end."""
        return subprocess.run(
            [*self._command, *words],
            capture_output=True,
            text=True,
            check=False,
            stdin=subprocess.DEVNULL,
            env=self._environ,
        )

    def succeed(self, *words: str) -> str:
        """Run swarmtui, which has to exit with 0, and return what it prints."""
        done = self.run(*words)
        assert done.returncode == 0, f"{words}: {done.stdout}\n{done.stderr}"
        return done.stdout

    def replace(self, wanted: Wanted, *words: str) -> str:
        """Replace the ingress, all services at once."""
        return self.succeed("ingress", "replace", *wanted.flags, "--at-once", "--yes", *words)

    def begin(self, wanted: Wanted, *words: str) -> Begun:
        """Start replacing the ingress, and return once a runner is at it."""
        return self.begin_word("ingress", "replace", *wanted.flags, *words)

    def begin_word(self, *words: str) -> Begun:
        """Start a change, and return once a runner is at it."""
        before = set(self._journals())
        with (self._home / "said").open("w") as said:
            process = subprocess.Popen(
                [*self._command, *words, "--yes"],
                stdin=subprocess.DEVNULL,
                stdout=said,
                stderr=said,
                start_new_session=True,
                env=self._environ,
            )

        def journals() -> set[Path]:
            assert process.poll() is None, (self._home / "said").read_text()
            return set(self._journals()) - before

        (journal,) = wait_until(journals, "journal of the operation")
        begun = Begun(self, process, journal)
        self._begun.append(begun)
        return begun

    def explore(self, *words: str, columns: int = 120, lines: int = 40) -> Terminal:
        """Return the explorer in a terminal of theirs, not started yet."""
        environ = {"XDG_STATE_HOME": str(self._home)}
        arguments = (*self._command[3:], "--interval", "0.5", *words)
        return Terminal(*arguments, columns=columns, lines=lines, environ=environ)

    def followed(self) -> Begun:
        """Return the newest operation, which somebody else follows, as soon as there is one."""
        wait_until(self._journals, "journal of the operation")
        nobody = subprocess.Popen(["true"])
        nobody.wait()
        begun = Begun(self, nobody, self.journal())
        self._begun.append(begun)
        return begun

    def operations(self) -> dict[str, str]:
        """Return the state of each operation by its id."""
        listed = json.loads(self.succeed("operations", "list", "--json"))["operations"]
        return {each["id"]: each["state"] for each in listed}

    def journal(self) -> Path:
        """Return the journal of the newest operation."""
        return max(self._journals())

    def _journals(self) -> list[Path]:
        return list(self._folder.glob("*.jsonl"))


class Begun:
    """An operation that somebody started, and the process that follows it."""

    def __init__(self, person: Person, process: subprocess.Popen[bytes], journal: Path) -> None:
        self.person, self.process, self.journal = person, process, journal

    @property
    def id(self) -> str:
        """Return the id of the operation."""
        return self.journal.stem

    def lines(self, kind: str) -> list[Json]:
        """Return the lines of a kind that the journal has by now."""
        whole, _, _ = self.journal.read_bytes().rpartition(b"\n")
        lines: list[Json] = [json.loads(line) for line in whole.split(b"\n") if line]
        return [line for line in lines if line["line"] == kind]

    def await_step(self, step: int) -> None:
        """Return as soon as a step is entered; looks more often than a short step lasts."""
        entered = f'"line":"entered","step":{step},'.encode()
        deadline = time.monotonic() + LONG
        with self.journal.open("rb") as file:
            tail, over = b"", False
            while entered not in (tail := tail[-len(entered) :] + file.read()):
                assert time.monotonic() < deadline, f"step {step} was not entered"
                # Once it is over, what it wrote last has to be read too.
                assert not over, self.ending()
                over = self.process.poll() is not None and self.state != "running"
                time.sleep(0.001)

    def await_note(self, words: str) -> None:
        """Return once the journal has a remark with these words."""
        wait_until(lambda: any(words in each["words"] for each in self.lines("note")), words, LONG)

    def kill_runner(self) -> int:
        """Kill the runner at once, and return the step that it was in."""
        with suppress(ProcessLookupError):
            os.kill(self.lines("run")[-1]["process"], signal.SIGKILL)
        self.process.wait(LONG)
        return int(self.lines("entered")[-1]["step"])

    @contextmanager
    def held(self) -> Iterator[None]:
        """Let the runner stand still, so that however slow others are it is where it is."""
        runner = self.lines("run")[-1]["process"]
        os.kill(runner, signal.SIGSTOP)
        try:
            yield
        finally:
            os.kill(runner, signal.SIGCONT)

    def finish(self) -> None:
        """Wait for the end of the process that follows, which has to be a good one."""
        self.process.wait(2 * LONG)
        assert (self.process.returncode, self.state) == (0, "done"), self.ending()

    def outlive(self) -> None:
        """Wait until the operation is done, whoever has left it alone."""
        wait_until(lambda: self.state != "running", "end of the operation", 2 * LONG)
        assert self.state == "done", self.ending()

    def end(self) -> None:
        """End what still runs of it, where a test failed in the middle."""
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        if is_in_use(self.journal):
            self.kill_runner()

    @property
    def state(self) -> str:
        """Return what became of the operation."""
        return self.person.operations()[self.id]

    def ending(self) -> str:
        """Return the journal's last lines, for those who have to see why."""
        return "\n".join(self.journal.read_text().splitlines()[-6:])[-3000:]


def create(lab: Lab, name: str, *flags: str) -> None:
    """Create a service whose updates are quick."""
    lab.docker(1, *_CREATE, "--name", name, *flags, PROBE_IMAGE)


def create_few(lab: Lab) -> None:
    """Create two services that publish, one on a number of the engine's choice, and await them."""
    create(lab, "web", "--replicas", "2", "-p", "8080:80")
    create(lab, "auto", "-p", "80", "-p", "53/udp")
    await_whole(lab)


def services(lab: Lab, node: int = 1) -> dict[str, Json]:
    """Return the services by name, as the engine gives them."""
    found: list[Json] = lab.get(node, "/services?status=true")
    return {each["Spec"]["Name"]: each for each in found}


def ports(lab: Lab, node: int = 1) -> dict[str, list[tuple[str, int, int, str]]]:
    """Return the ports of each service, with the numbers that the engine gave."""
    return {
        name: sorted(
            (
                each["Protocol"],
                each["TargetPort"],
                each.get("PublishedPort", 0),
                each["PublishMode"],
            )
            for each in service["Endpoint"].get("Ports") or ()
        )
        for name, service in services(lab, node).items()
    }


def ingress(lab: Lab, node: int) -> Json | None:
    """Return the ingress as a node carries it, None where there is none or several."""
    found = [each["Id"] for each in lab.get(node, "/networks") if each.get("Ingress")]
    if len(found) != 1:
        return None
    inspected: Json = lab.get(node, f"/networks/{found[0]}")
    return inspected if "Id" in inspected else None


def definition_of(network: Json | None) -> Json:
    """Return of a network what a person decides about it."""
    if network is None:
        return {}
    options = network["Options"] or {}
    return {
        "name": network["Name"],
        "subnets": network["IPAM"]["Config"],
        "options": {key: value for key, value in options.items() if "vxlanid" not in key},
    }


def running_tasks(lab: Lab, service: str) -> set[str]:
    """Return the ids of the tasks of a service that run."""
    filters = json.dumps({"service": [service]}, separators=(",", ":")).replace('"', "%22")
    return {
        task["ID"]
        for task in lab.get(1, f"/tasks?filters={filters}")
        if task["Status"]["State"] == task["DesiredState"] == "running"
    }


def faults(lab: Lab, nodes: Sequence[int] = ALL_NODES) -> list[str]:
    """Return what is wrong with the ingress on these nodes, or with the services."""
    found = []
    wanted = {lab.address(number) for number in nodes}
    carried = {number: ingress(lab, number) for number in nodes}
    ids = {each["Id"] for each in carried.values() if each is not None}
    for number, network in carried.items():
        peers = {each["IP"] for each in (network or {}).get("Peers") or ()}
        if not wanted <= peers:
            found.append(f"node{number} has the peers {sorted(peers)} on {definition_of(network)}")
    if len(ids) != 1:
        found.append(f"the nodes carry {len(ids)} ingress networks: {sorted(ids)}")
    for name, service in services(lab, nodes[0]).items():
        found += [f"{name} {words}" for words in _service_faults(service, ids)]
    configs = lab.get(nodes[0], "/configs")
    return [*found, *(f"config {each['Spec']['Name']}" for each in configs or ())]


def _service_faults(service: Json, ingress_ids: set[str]) -> list[str]:
    found = []
    status = service["ServiceStatus"]
    if status["RunningTasks"] != status["DesiredTasks"]:
        found.append(f"runs {status['RunningTasks']} of {status['DesiredTasks']}")
    update = (service.get("UpdateStatus") or {}).get("State", "completed")
    if update != "completed":
        found.append(f"has an update that is {update}")
    published = service["Endpoint"].get("Ports") or ()
    addresses = {
        each["NetworkID"] for each in service["Endpoint"].get("VirtualIPs") or () if each["Addr"]
    }
    if any(each["PublishMode"] == "ingress" for each in published) and not ingress_ids <= addresses:
        found.append(f"has addresses on {sorted(addresses)} only")
    return found


def await_whole(lab: Lab, nodes: Sequence[int] = ALL_NODES, seconds: float = LONG) -> None:
    """Wait until nothing is wrong on these nodes: all peers, all tasks, all addresses, no lock."""
    seen: list[str] = []

    def calm() -> bool:
        seen[:] = faults(lab, nodes)
        return not seen

    try:
        wait_until(calm, "whole swarm", seconds)
    except AssertionError as error:
        raise AssertionError(f"{error}: {seen}") from None


def remove_by_hand(lab: Lab, network: str) -> None:
    """Remove a network as the documentation says, which asks back for the ingress."""
    command = ["docker", "-H", lab.url(1), "network", "rm", network]
    done = subprocess.run(command, input="y\n", capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr

    def gone() -> bool:
        return not any(each.get("Ingress") for n in ALL_NODES for each in lab.get(n, "/networks"))

    wait_until(gone, "nodes without an ingress")


def recreate_on_first_node(lab: Lab) -> None:
    """Create an ingress and bring it to the first node alone, as one who touches only that one.

    Others may get it with a task of their own; before it has addresses a touch brings nothing.
    """
    lab.docker(1, "network", "create", "-d", "overlay", "--ingress", "again")
    wait_until(lambda: ((ingress(lab, 1) or {}).get("IPAM") or {}).get("Config"), "its addresses")
    lab.docker(1, "node", "update", "--availability", "active", "node1")
    await_ingress(lab, 1)


def await_ingress(lab: Lab, number: int) -> None:
    """Wait until a node that was touched carries the ingress.

    By chance an engine fails to make it, and tries again only when its node has really changed.
    """
    for _ in range(10):
        try:
            wait_until(lambda: (ingress(lab, number) or {}).get("Peers"), "ingress", 4)
        except AssertionError:
            for change in ("--label-add", "--label-rm"):
                label = "shaken=1" if change == "--label-add" else "shaken"
                lab.docker(1, "node", "update", change, label, f"node{number}")
        else:
            return
    raise AssertionError(f"node{number} does not take the ingress")


def address_in(service: Json, subnet: str) -> bool:
    """Tell whether a virtual address of a service lies in a subnet."""
    return any(
        ipaddress.ip_interface(each["Addr"]).ip in ipaddress.ip_network(subnet)
        for each in service["Endpoint"].get("VirtualIPs") or ()
        if each["Addr"]
    )
