"""`swarmtui check`: what is wrong, once, for people and for scripts."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from swarmtui.cli import main
from swarmtui.demo import DemoEngine, Swarm, demo_swarm
from swarmtui.findings import RULES, Severity, Sight, Trouble, examination
from tests.findings import EVERYWHERE, rule

pytestmark = pytest.mark.usefixtures("no_docker_here")


@pytest.fixture
def swarm() -> Swarm:
    return demo_swarm(troubled=False)


@contextmanager
def served(swarm: Swarm, folder: Path) -> Iterator[str]:
    engine = DemoEngine(swarm, folder / "docker.sock")
    engine.start()
    try:
        yield f"unix://{folder / 'docker.sock'}"
    finally:
        engine.stop()


def test_a_healthy_swarm_has_nothing_critical(
    swarm: Swarm, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with served(swarm, tmp_path) as host:
        assert main(["--host", host, "check", "--fail-on", "critical"]) == 0
    captured = capsys.readouterr()
    assert captured.err == ""
    assert "critical" not in captured.out


def test_a_swarm_without_an_ingress_is_told(
    swarm: Swarm, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for service in list(swarm.world.services.values()):
        swarm.remove_service(service.name)
    swarm.step(60)
    swarm.remove_network("ingress")
    swarm.step(1)
    with served(swarm, tmp_path) as host:
        told = ["--host", host, "check", "--json", "--patience", "0"]
        assert main(told) == 1
        document = json.loads(capsys.readouterr().out)
        assert document["schema"] == 1
        (found,) = (each for each in document["findings"] if each["code"] == "ingress-missing")
        assert found["subject"] == {"kind": "swarm", "name": "swarm", "id": ""}
        assert {"what": "ingress networks", "value": "0", "source": "GET /networks"} in found[
            "evidence"
        ]
        assert "docker network create" in found["remedy"][0]["command"]
        assert found["references"] == ["moby#33420"]
        codes = {each["code"] for each in document["findings"]}
        assert main([*told, *(f"--skip={code}" for code in codes)]) == 0
        assert json.loads(capsys.readouterr().out)["findings"] == []
        assert main(["--host", host, "check", "--patience", "0"]) == 1
    assert "[ingress-missing]" in capsys.readouterr().out


def test_what_may_pass_is_read_again_for_as_long_as_somebody_is_patient(
    swarm: Swarm, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lasting = replace(rule("slow", Severity.CRITICAL, lasts_seconds=60), find=_always)
    monkeypatch.setattr(examination, "RULES", (lasting,))
    pauses: list[float] = []
    monkeypatch.setattr("time.sleep", pauses.append)
    with served(swarm, tmp_path) as host:
        assert main(["--host", host, "check", "--patience", "0"]) == 1
        assert pauses == []
        assert main(["--host", host, "check", "--patience", "0.05"]) == 1
        assert pauses


def _always(_: Sight) -> Iterator[Trouble]:
    yield Trouble(EVERYWHERE, "always", ())


@pytest.mark.parametrize("flags", [[], ["--json"]])
def test_an_engine_that_cannot_be_read(
    flags: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["--host", "unix:///nowhere/docker.sock", "check", *flags]) == 3
    captured = capsys.readouterr()
    assert captured.out == ""
    assert "There is no engine at" in captured.err


def test_without_a_leader_nobody_can_tell(
    swarm: Swarm, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    swarm.lose_quorum()
    swarm.step(60)
    with served(swarm, tmp_path) as host:
        assert main(["--host", host, "check"]) == 3
    captured = capsys.readouterr()
    assert "cannot tell what is wrong" in captured.err
    assert "no leader" in captured.err


def test_a_code_that_does_not_exist(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", "--skip", "nonsense"]) == 2
    assert "no rule has the code nonsense" in capsys.readouterr().err


def test_every_code_is_listed_without_an_engine(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--host", "unix:///nowhere", "check", "--rules"]) == 0
    listed = capsys.readouterr().out
    assert all(f"| `{rule.code}` |" in listed for rule in RULES)


def test_the_readme_lists_what_the_rules_say(capsys: pytest.CaptureFixture[str]) -> None:
    main(["check", "--rules"])
    readme = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")
    assert capsys.readouterr().out in readme
