"""What is wrong, told by real engines: to scripts, on screen, and gone once it is repaired."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.swarm.lab import Lab
from tests.swarm.publishing import (
    LONG,
    Person,
    await_whole,
    recreate_on_first_node,
    remove_by_hand,
)

pytestmark = pytest.mark.swarm

TAB, ENTER, ESCAPE = "\t", "\r", "\x1b"


@pytest.fixture
def person(fresh_lab: Lab, tmp_path: Path) -> Iterator[Person]:
    """Return somebody at the first manager of the lab."""
    with Person(fresh_lab, 1, tmp_path / "first") as somebody:
        yield somebody


def codes(person: Person, *words: str) -> dict[str, str]:
    """Return what `swarmtui check` finds: severities by code."""
    found = json.loads(person.run("check", "--json", *words).stdout)["findings"]
    return {each["code"]: each["severity"] for each in found}


def test_a_fresh_swarm_and_one_whose_ingress_was_recreated_as_documented(
    fresh_lab: Lab, person: Person, tmp_path: Path
) -> None:
    lab = fresh_lab
    assert person.run("check", "--fail-on", "critical").returncode == 0
    assert "critical" not in codes(person).values()
    with Person(lab, 3, tmp_path / "worker") as worker:
        told = worker.run("check")
        assert (told.returncode, told.stdout) == (3, "")
        assert "This node is a worker" in told.stderr

    remove_by_hand(lab, "ingress")
    assert "ingress-missing" in codes(person, "--patience", "0")
    recreate_on_first_node(lab)

    assert codes(person, "--patience", "2")["ingress-not-everywhere"] == "critical"
    assert person.run("check", "--fail-on", "critical", "--patience", "2").returncode == 1
    with person.explore() as terminal:
        terminal.wait_for("1 critical", 60)
        terminal.wait_for("! again")
        terminal.press("f")
        # Without an update of its own a node may get the ingress, or not.
        terminal.wait_for("node3 without the ingress")
        terminal.press("d")
        terminal.wait_for("peers of again")
        terminal.wait_for("moby#40184")
        terminal.press("x")
        terminal.wait_for("docker node update --availability active node3")
        terminal.press(TAB + "again" + ENTER)
        terminal.wait_for("steps done in", LONG)
        terminal.press(ESCAPE)
        terminal.wait_for(lambda text: "critical" not in text, 30)
        terminal.press("q")
        assert terminal.wait_for_end() == 0
    await_whole(lab)
    assert person.run("check", "--fail-on", "critical").returncode == 0
