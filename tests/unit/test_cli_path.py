"""The words `path` and `firewall` of the command line, on the embedded engine."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from swarmtui.cli import main
from swarmtui.demo import DemoEngine, Swarm
from tests.running import empty_swarm, small_swarm


@pytest.fixture(autouse=True)
def narrow(no_docker_here: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "120")


def serve(swarm: Swarm, node: str = "node1") -> Iterator[str]:
    with TemporaryDirectory(prefix="cli-") as folder:
        socket = Path(folder) / "e.sock"
        engine = DemoEngine(swarm, socket, node=node)
        engine.start()
        try:
            yield f"unix://{socket}"
        finally:
            engine.stop()


@pytest.fixture
def host() -> Iterator[str]:
    yield from serve(small_swarm())


@pytest.fixture
def worker() -> Iterator[str]:
    yield from serve(empty_swarm(), "node3")


def test_a_path_that_is_well(host: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--host", host, "path", "web", "onapp"]) == 0
    out = capsys.readouterr().out
    assert "From web, service (vip), 3 tasks on node1, node2, node3\n" in out
    assert "Nothing is broken that can be seen from here; 4 steps cannot be seen.\n" in out
    assert "\x1b[" not in out


def test_a_path_that_breaks(host: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--host", host, "path", "web", "plain", "--json"]) == 1
    found = json.loads(capsys.readouterr().out)
    assert (found["schema"], found["broken_at"]) == (1, 1)
    assert found["verdict"].startswith("Broken at step 1 (Common network): ")
    (step,) = found["steps"]
    assert (step["step"], step["title"], step["state"]) == (1, "Common network", "broken")
    assert step["checks"][0] == {
        "where": None,
        "words": "Puts plain on app, which replaces its tasks; so does + in :services.",
        "command": "docker service update --network-add app plain",
    }


def test_the_way_in(host: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--host", host, "path", "outside:8080", "web"]) == 0
    assert "web publishes tcp 8080 for its port 80, in ingress mode" in capsys.readouterr().out
    assert main(["--host", host, "path", "outside:8081", "web"]) == 1
    assert "idle publishes it" in capsys.readouterr().out


def test_a_name_that_is_not_clear(host: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--host", host, "path", "wbe", "onapp"]) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err == (
        "swarmtui: There is no service, task or container wbe. Did you mean web?\n"
    )


@pytest.mark.parametrize("words", [["path", "web", "onapp"], ["firewall"]])
def test_a_worker_cannot_tell(
    words: list[str], worker: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["--host", worker, *words]) == 3
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.startswith("swarmtui: ")


def test_an_engine_that_is_not_there() -> None:
    assert main(["--host", "unix:///nowhere/docker.sock", "path", "a", "b"]) == 3
    assert main(["--host", "unix:///nowhere/docker.sock", "firewall"]) == 3


def test_what_nodes_need(host: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--host", host, "firewall"]) == 0
    out = capsys.readouterr().out
    assert out.count("7946") == 6
    assert out.count("2377") == 2
    assert main(["--host", host, "firewall", "--node", "node3"]) == 0
    assert "node1" not in capsys.readouterr().out


def test_lines_for_one_node(host: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--host", host, "firewall", "--tool", "iptables", "--node", "node3"]) == 0
    assert capsys.readouterr().out == (
        "# on node3\n"
        "iptables -I INPUT -p tcp -s 192.168.7.1,192.168.7.2 --dport 7946 -j ACCEPT\n"
        "iptables -I INPUT -p udp -s 192.168.7.1,192.168.7.2 --dport 7946 -j ACCEPT\n"
        "iptables -I INPUT -p udp -s 192.168.7.1,192.168.7.2 --dport 4789 -j ACCEPT\n"
        "\n"
        "# Gone after a restart unless saved, as by netfilter-persistent save.\n"
    )


def test_lines_for_all_tools_and_nodes_as_json(
    host: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["--host", host, "firewall", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert [each["node"] for each in found["nodes"]] == ["node1", "node2", "node3"]
    assert set(found["nodes"][0]["lines"]) == {"ufw", "firewalld", "nftables", "iptables"}
    assert found["nodes"][2]["openings"][0] == {
        "protocol": "tcp",
        "port": 7946,
        "purpose": "gossip",
        "address": "192.168.7.3",
        "sources": ["192.168.7.1", "192.168.7.2"],
        "unknown": [],
    }
    assert found["hardening"] == {"command": None, "in_clear": ["app", "ingress"]}


def test_a_node_that_is_not_there(host: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--host", host, "firewall", "--node", "nodeX"]) == 2
    assert "Nodes: node1, node2, node3" in capsys.readouterr().err
