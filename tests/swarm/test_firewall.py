"""The ports between real nodes: tried from one of them, and opened by the lines that we print."""

from __future__ import annotations

import json
import shlex
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.swarm.lab import POOL, POOL_PREFIX, Lab
from tests.swarm.networking import await_running
from tests.swarm.publishing import create
from tests.swarm.test_path import path, resolve, serve
from tests.swarm.test_snapshot import swarmtui
from tests.swarm.waiting import wait_until
from tests.terminal import Terminal

pytestmark = pytest.mark.swarm

Json = dict[str, Any]

_TRY = (
    "import json, queue, sys\n"
    "from swarmtui.engine import try_doors\n"
    "from swarmtui.model import Door\n"
    "told = queue.SimpleQueue()\n"
    "doors = [Door(*each) for each in json.loads(sys.argv[1])]\n"
    "try_doors(doors, told.put, timeout_seconds=1)\n"
    "ended = [told.get(timeout=20) for _ in doors]\n"
    "print(json.dumps([[e.door.address, e.door.port, e.outcome] for e in ended]))\n"
)


def inside(lab: Lab, number: int, *command: str) -> subprocess.CompletedProcess[str]:
    """Run a command in the network of a node."""
    return subprocess.run(
        ["nsenter", f"--net=/var/run/netns/{lab.name}n{number}", *command],
        capture_output=True,
        text=True,
        check=False,
    )


def run_lines(lab: Lab, number: int, *lines: str) -> None:
    """Run lines of a shell in the network of a node; each has to succeed."""
    for line in lines:
        done = inside(lab, number, *shlex.split(line))
        assert done.returncode == 0, f"{line}: {done.stdout}{done.stderr}"


def firewall(lab: Lab) -> dict[str, Json]:
    """Return what each node lets in, by name."""
    done = swarmtui(lab, 1, "firewall", "--json")
    assert done.returncode == 0, done.stderr
    return {each["node"]: each for each in json.loads(done.stdout)["nodes"]}


def tried(lab: Lab) -> dict[tuple[int, int], str]:
    """Return what came of trying all TCP ports from the first node, by node and port."""
    doors = [
        (opening["address"], opening["port"])
        for node in firewall(lab).values()
        for opening in node["openings"]
        if opening["protocol"] == "tcp"
    ]
    done = inside(lab, 1, sys.executable, "-c", _TRY, json.dumps(doors))
    assert done.returncode == 0, done.stderr
    numbers = {lab.address(number): number for number in (1, 2, 3)}
    return {(numbers[address], port): what for address, port, what in json.loads(done.stdout)}


REACHABLE = {
    **dict.fromkeys([(1, 2377), (1, 7946), (2, 2377), (2, 7946), (3, 7946)], "reachable"),
}


def test_ports_are_reachable_refused_or_silent(fresh_lab: Lab) -> None:
    lab = fresh_lab
    assert tried(lab) == REACHABLE
    lab.stop_engine(3, signal.SIGKILL)
    run_lines(lab, 2, "iptables -I INPUT -p tcp --dport 7946 -j DROP")
    assert tried(lab) == {**REACHABLE, (3, 7946): "refused", (2, 7946): "no answer"}
    with Terminal(
        *("--host", lab.url(1)), within=("nsenter", f"--net=/var/run/netns/{lab.name}n1")
    ) as terminal:
        terminal.wait_for("● live")
        terminal.press(":ports\r")
        terminal.wait_for("Between the nodes 11")
        assert "reachable" not in terminal.text
        terminal.press("t")
        terminal.wait_for("5 ports tried: 3 reachable, 1 refused, 1 no answer.")
        terminal.press("q")
        assert terminal.wait_for_end() == 0


def close(lab: Lab) -> None:
    """Let nodes drop whatever their firewalls do not let in."""
    for number in (1, 2, 3):
        run_lines(
            lab,
            number,
            "iptables -A INPUT -i lo -j ACCEPT",
            "iptables -A INPUT -m conntrack --ctstate ESTABLISHED,RELATED -j ACCEPT",
            "iptables -P INPUT DROP",
        )


def test_behind_the_lines_for_iptables_a_swarm_works(fresh_lab: Lab) -> None:
    lab = fresh_lab
    lines = {name: node["lines"]["iptables"] for name, node in firewall(lab).items()}
    close(lab)
    assert tried(lab)[2, 7946] == "no answer"
    for number in (1, 2, 3):
        mine = lines[f"node{number}"]
        run_lines(lab, number, *mine)
        # Each is there now: the tool says so itself.
        run_lines(lab, number, *(line.replace("-I INPUT", "-C INPUT") for line in mine))
    assert tried(lab) == REACHABLE
    lab.stop_engine(3)
    lab.start_engine(3)
    lab.docker(1, "network", "create", "-d", "overlay", "app")
    create(lab, "client", "--network", "app", "--constraint", "node.hostname==node1")
    serve(lab, "store", "--network", "app", "--endpoint-mode", "dnsrr")
    await_running(lab)
    assert path(lab, "client", "store")[0] == 0
    wait_until(lambda: resolve(lab, "client", "store")[1], "packets between the nodes")


def test_nothing_passes_without_the_data_path_port(fresh_lab: Lab) -> None:
    """The counterpart: the same swarm whose lines lack one port resolves, and does not connect."""
    lab = fresh_lab
    lines = {name: node["lines"]["iptables"] for name, node in firewall(lab).items()}
    close(lab)
    for number in (1, 2, 3):
        run_lines(lab, number, *(each for each in lines[f"node{number}"] if "4789" not in each))
    lab.docker(1, "network", "create", "-d", "overlay", "app")
    create(lab, "client", "--network", "app", "--constraint", "node.hostname==node1")
    serve(lab, "store", "--network", "app", "--endpoint-mode", "dnsrr")
    await_running(lab)
    wait_until(lambda: resolve(lab, "client", "store")[0], "name of the service")
    assert not resolve(lab, "client", "store")[1]
    status, found = path(lab, "client", "store")
    assert status == 0
    between = next(each for each in found["steps"] if each["title"] == "Between nodes")
    assert between["state"] == "unseen"
    assert between["checks"][0]["command"] == "tcpdump -ni any udp port 4789"


@pytest.fixture(scope="module")
def encrypted(engines_here: None) -> Iterator[Lab]:
    """Nodes with an encrypted network beside the ingress."""
    with Lab() as lab:
        lab.docker(1, "network", "create", "-d", "overlay", "--opt", "encrypted", "secret")
        yield lab


def need(tool: str) -> None:
    if shutil.which(tool) is None:
        pytest.skip(f"{tool} is not installed")


def test_nft_takes_its_lines(encrypted: Lab, tmp_path: Path) -> None:
    need("nft")
    lines = firewall(encrypted)["node1"]["lines"]["nftables"]
    assert any("esp" in line for line in lines)
    chain = "{ type filter hook input priority 0; }"
    rules = [shlex.split(line)[1] for line in lines]
    file = tmp_path / "rules.nft"
    file.write_text("\n".join(["table inet filter {", f"chain input {chain}", "}", *rules, ""]))
    run_lines(encrypted, 1, f"nft -c -f {file}")
    run_lines(
        encrypted, 1, "nft add table inet filter", f"nft 'add chain inet filter input {chain}'"
    )
    run_lines(encrypted, 1, *lines)
    shown = inside(encrypted, 1, "nft", "list", "chain", "inet", "filter", "input").stdout
    assert shown.count(" accept\n") == len(lines)
    run_lines(encrypted, 1, "nft delete table inet filter")


def test_ufw_takes_its_lines(encrypted: Lab) -> None:
    need("ufw")
    for line in firewall(encrypted)["node1"]["lines"]["ufw"]:
        run_lines(encrypted, 1, line.replace("ufw ", "ufw --dry-run ", 1))


def test_firewalld_takes_its_lines(encrypted: Lab, tmp_path: Path) -> None:
    need("firewall-offline-cmd")
    *rules, reload = firewall(encrypted)["node1"]["lines"]["firewalld"]
    assert reload == "firewall-cmd --reload"
    offline = f"firewall-offline-cmd --system-config {tmp_path}"
    for line in rules:
        run_lines(encrypted, 1, line.replace("firewall-cmd --permanent", offline, 1))
    zone = (tmp_path / "zones" / "public.xml").read_text()
    assert zone.count("<accept/>") == len(rules)
    assert zone.count('<protocol value="esp"/>') == 2


def test_iptables_takes_the_rule_against_packets_in_the_clear(encrypted: Lab) -> None:
    done = swarmtui(encrypted, 1, "firewall", "--json")
    against = json.loads(done.stdout)["hardening"]
    assert against == {"command": None, "in_clear": ["ingress"]}
    rule = "iptables -I INPUT -p udp -m udp --dport 4789 -m policy --dir in --pol none -j DROP"
    if inside(encrypted, 1, *shlex.split(rule)).returncode:
        pytest.skip("this kernel cannot tell packets that came out of IPsec")
    run_lines(encrypted, 1, rule.replace("-I", "-D"))
    documented = inside(encrypted, 1, *shlex.split(rule.replace("-p udp ", "")))
    assert "requires" in documented.stderr


class TwoFoldLab(Lab):
    """Nodes whose packets of overlays have addresses of their own."""

    def data(self, number: int) -> str:
        return f"10.99.{int(self.name[2:4], 16)}.{number}"

    def _join(self) -> None:
        for number in self._numbers:
            address = f"{self.data(number)}/24"
            run_lines(self, number, f"ip addr add {address} dev eth0")

        def flags(number: int) -> tuple[str, ...]:
            return (
                *("--advertise-addr", self.address(number)),
                *("--data-path-addr", self.data(number)),
            )

        pools = ("--default-addr-pool", POOL, "--default-addr-pool-mask-length", str(POOL_PREFIX))
        self.docker(1, "swarm", "init", *flags(1), *pools)
        token = self.docker(1, "swarm", "join-token", "-q", "manager")
        for number in self._numbers[1:]:
            self.docker(
                number, "swarm", "join", *flags(number), "--token", token, f"{self.address(1)}:2377"
            )


def test_a_data_path_of_its_own_has_lines_of_its_own(engines_here: None) -> None:
    with TwoFoldLab() as lab:
        lab.docker(1, "network", "create", "-d", "overlay", "app")
        create(lab, "everywhere", "--mode", "global", "--network", "app")
        await_running(lab)
        data = {f"node{number}": lab.data(number) for number in (1, 2, 3)}

        def shown() -> dict[str, str]:
            return {name: node["openings"][-1]["address"] for name, node in firewall(lab).items()}

        wait_until(lambda: shown() == data, "data path addresses")
        for name, node in firewall(lab).items():
            by_port = {each["port"]: each for each in node["openings"]}
            others = [each for each in data if each != name]
            numbers = [int(each[-1]) for each in others]
            assert by_port[4789]["sources"] == [data[each] for each in others]
            assert by_port[7946]["sources"] == [lab.address(number) for number in numbers]
        status, found = path(lab, "everywhere", "everywhere")
        assert status == 0
        assert {each["title"]: each["state"] for each in found["steps"]}["Nodes"] == "ok"
