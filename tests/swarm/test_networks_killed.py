"""Changes of a network whose runner dies on three real nodes, and the wizard in a terminal."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from tests.swarm.lab import Lab
from tests.swarm.networking import await_running, members, overlays
from tests.swarm.publishing import LONG, Person, create
from tests.swarm.waiting import wait_until
from tests.terminal import Terminal

pytestmark = pytest.mark.swarm

TAB, ENTER, REVIEW = "\t", "\r", "\x0e"
LEFT, MADE = 4, 6
"""The steps that wait until nobody is on the old network, and that make the new one."""


@pytest.fixture
def person(fresh_lab: Lab, tmp_path: Path) -> Iterator[Person]:
    """Return somebody at the first manager of the lab."""
    with Person(fresh_lab, 1, tmp_path / "first") as somebody:
        yield somebody


def build(lab: Lab) -> None:
    """Create two services on a network, one of them on another one too."""
    for name in ("app", "back"):
        lab.docker(1, "network", "create", "-d", "overlay", name)
    create(lab, "web", "--replicas", "2", "--network", "name=app,alias=www", "-p", "80")
    create(lab, "api", "--network", "back", "--network", "name=app,alias=db")
    await_running(lab)


def await_idle(lab: Lab) -> None:
    await_running(lab)
    wait_until(lambda: not lab.get(1, "/configs"), "end of the lock")


def confirm(terminal: Terminal) -> None:
    """Type the network's name, again where the plan changed with the swarm and wiped it out."""
    for _ in range(3):
        terminal.wait_for("Type app to start")
        terminal.press(TAB + "app")
        with suppress(AssertionError):
            terminal.wait_for("to start app", 3)
            break
    terminal.press(ENTER)


def test_the_runner_is_killed_on_its_way(fresh_lab: Lab, person: Person) -> None:
    lab = fresh_lab
    build(lab)
    before = overlays(lab), members(lab)
    encrypted = {**before[0], "app": {**before[0]["app"], "options": {"encrypted": ""}}}
    for step, direction in ((LEFT, "rollback"), (MADE + 1, "rollback"), (MADE, "resume")):
        begun = person.begin_word("network", "encrypt", "app", "--at-once")
        begun.await_step(step)
        begun.kill_runner()
        assert begun.state == "stopped"
        listed = person.succeed("operations", "show", begun.id)
        assert "Encrypt the network: app" in listed
        person.succeed("operations", direction, begun.id)
        await_idle(lab)
        if direction == "rollback":
            assert (overlays(lab), members(lab)) == before
    assert (overlays(lab), members(lab)) == (encrypted, before[1])


def test_the_wizard_encrypts_by_its_keys(fresh_lab: Lab, person: Person) -> None:
    lab = fresh_lab
    build(lab)
    shapes = members(lab)
    with person.explore(columns=80, lines=24) as terminal:
        terminal.wait_for("● live")
        terminal.press("/app" + ENTER)
        terminal.wait_for("1 of")
        terminal.press("e")
        terminal.wait_for("Encrypt the network app")
        terminal.press(" ")
        terminal.wait_for("(•) quick")
        terminal.press(REVIEW)
        terminal.wait_for("LOOK AT FIRST")
        confirm(terminal)
        terminal.wait_for("All 6 steps done in", LONG)
        terminal.wait_for("AFTERWARDS")
        await_idle(lab)
        assert overlays(lab)["app"]["options"] == {"encrypted": ""}
        assert members(lab) == shapes
        terminal.press("u")
        terminal.wait_for("Undo the change: encrypt the network")
        confirm(terminal)
        terminal.wait_for(lambda _: overlays(lab).get("app", {}).get("options") == {}, LONG)
        terminal.wait_for("All 6 steps done in", LONG)
    await_idle(lab)
    assert members(lab) == shapes
