"""The word `plan` of the command line, which reads no engine."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from swarmtui.cli import main


@pytest.fixture(autouse=True)
def at_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Nobody's settings, and no engine anywhere."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    monkeypatch.setenv("DOCKER_HOST", "unix:///nowhere/docker.sock")
    return tmp_path


def test_the_command_and_what_it_means(capsys: pytest.CaptureFixture[str]) -> None:
    words = ["plan", "--pool", "10.20.0.0/16", "--mask", "26", "--nodes", "5", "--services", "12"]
    assert main([*words, "--data-path-port", "7789"]) == 0
    out = capsys.readouterr().out
    assert "$ docker swarm init \\\n" in out
    assert "--default-addr-pool-mask-length 26 \\\n" in out
    assert "1,023: of 1,024 blocks of /26 the ingress takes the first" in out
    assert "44 on each network: 64 addresses less 3 reserved, 5 for nodes, 12 for services" in out
    assert "--data-path-port 7789\n    Traffic of containers between nodes is VXLAN on" in out
    assert "moby#45635" in out
    assert "--advertise-addr\n    Left out: docker takes this node's only address" in out
    assert "cannot be changed once the swarm is made" in out
    assert "LOOK AT FIRST" not in out


def test_json(capsys: pytest.CaptureFixture[str]) -> None:
    pools = ["--pool", "10.30.0.0/24", "--pool", "10.20.0.0/24"]
    assert main(["plan", *pools, "--mask", "26", "--nodes", "3", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["command"][:5] == [
        "docker",
        "swarm",
        "init",
        "--default-addr-pool",
        "10.30.0.0/24",
    ]
    assert (found["networks"], found["tasks_per_network"]) == (7, 58)
    assert found["ingress"] == ["10.30.0.0/26", "10.20.0.0/26"]
    assert len(found["flags"]) == 5
    assert found["faults"] == []


def test_what_docker_would_refuse_is_told_and_exits_with_one(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["plan", "--pool", "10.20.0.0/24", "--mask", "20"]) == 1
    out = capsys.readouterr().out
    assert "COMMAND, WHICH WOULD NOT WORK AS IT IS" in out
    assert "✗ Mask length: A /20 block is larger than the pool 10.20.0.0/24." in out
    assert main(["plan", "--data-path-port", "80", "--json"]) == 1
    assert json.loads(capsys.readouterr().out)["faults"][0]["field"] == "port"


def test_ranges_of_the_settings_are_compared_with(
    at_home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (at_home / "swarmtui").mkdir()
    (at_home / "swarmtui" / "settings.toml").write_text('lan-ranges = ["10.0.0.0/12"]\n')
    assert main(["plan"]) == 0
    out = capsys.readouterr().out
    assert "! Pools: 10.0.0.0/8 overlaps the LAN range (10.0.0.0/12)" in out
    assert "against 1 LAN range; no engine was read" in out
