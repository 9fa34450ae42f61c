"""The ingress wizard in a terminal, on three real nodes; explorers and connections die under it."""

from __future__ import annotations

import getpass
import signal
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.swarm.lab import Lab
from tests.swarm.proxy import Proxy
from tests.swarm.publishing import (
    ALL_NODES,
    DOCUMENTED,
    LONG,
    OTHER,
    Begun,
    Person,
    Wanted,
    await_whole,
    create_few,
    definition_of,
    ingress,
    ports,
    recreate_on_first_node,
    remove_by_hand,
)
from tests.terminal import Terminal

pytestmark = pytest.mark.swarm

TAB, ENTER, ESCAPE = "\t", "\r", "\x1b"
END, TO_START, BACK_TAB, REVIEW = "\x05", "\x15", "\x1b[Z", "\x0e"


@pytest.fixture
def person(fresh_lab: Lab, tmp_path: Path) -> Iterator[Person]:
    """Return somebody at the first manager of the lab."""
    with Person(fresh_lab, 1, tmp_path / "first") as somebody:
        yield somebody


def type_over(terminal: Terminal, text: str) -> None:
    terminal.press(END + TO_START + text)


def fill_in(terminal: Terminal, wanted: Wanted, *, at_once: bool = True) -> None:
    """Fill in the form, and go on to the review."""
    terminal.press("i")
    terminal.wait_for("Replace the ingress network")
    # The subnet has the keys at the beginning.
    terminal.press(BACK_TAB)
    for text in (wanted.name, wanted.subnet, wanted.gateway, str(wanted.mtu)):
        type_over(terminal, text)
        terminal.press(TAB)
    if at_once:
        terminal.press(TAB + TAB + " ")
        terminal.wait_for("[x] All services at once")
    terminal.wait_for(f"{wanted.mtu - 50} inside containers")
    terminal.press(REVIEW)
    terminal.wait_for("INTERRUPTED")


def start(person: Person, terminal: Terminal, wanted: Wanted, present: str = "ingress") -> Begun:
    """Go through the wizard, and return the operation that it starts."""
    fill_in(terminal, wanted)
    before = set(person.operations())
    terminal.press(TAB + present)
    terminal.wait_for(f"to start {present}")
    terminal.press(ENTER)
    terminal.wait_for(lambda _: bool(set(person.operations()) - before), LONG)
    return person.followed()


def assert_whole(lab: Lab, wanted: Wanted, numbers: object) -> None:
    await_whole(lab)
    assert [definition_of(ingress(lab, number)) for number in ALL_NODES] == [wanted.definition] * 3
    assert ports(lab) == numbers


def test_the_documented_example_by_its_keys(fresh_lab: Lab, person: Person, tmp_path: Path) -> None:
    lab = fresh_lab
    create_few(lab)
    numbers = ports(lab)
    other = Person(lab, 2, tmp_path / "other")
    with person.explore(columns=80, lines=24) as terminal, other.explore() as elsewhere:
        elsewhere.wait_for("● live")
        terminal.wait_for("● live")
        start(person, terminal, DOCUMENTED)
        told = f"{getpass.getuser()}@{socket.gethostname()} is replacing the ingress network, step "
        elsewhere.wait_for(told, LONG)
        terminal.wait_for("▶", LONG)
        terminal.wait_for("All 7 steps done in", LONG)
        terminal.press(ESCAPE)
        terminal.wait_for("[1 Networks]")
        elsewhere.wait_for(lambda text: told not in text and "my-ingress" in text)
        assert_whole(lab, DOCUMENTED, numbers)
        terminal.press("q")
        assert terminal.wait_for_end() == 0


def test_the_explorer_dies_in_every_step(fresh_lab: Lab, person: Person) -> None:
    lab = fresh_lab
    create_few(lab)
    numbers = ports(lab)
    here, aims = "ingress", [DOCUMENTED, OTHER]
    for step in range(1, 8):
        sign = signal.SIGKILL if step % 2 else signal.SIGHUP
        with person.explore() as terminal:
            terminal.wait_for("● live")
            begun = start(person, terminal, aims[0], here)
            begun.await_step(step)
            terminal.signal(sign)
        begun.outlive()
        assert_whole(lab, aims[0], numbers)
        here = aims[0].name
        aims.reverse()


@pytest.mark.parametrize(
    ("key", "word", "state"), [("r", "resume", "done"), ("b", "roll back", "rolled-back")]
)
def test_who_comes_back_is_offered_both_ways(
    fresh_lab: Lab, person: Person, key: str, word: str, state: str
) -> None:
    lab = fresh_lab
    create_few(lab)
    first, numbers = definition_of(ingress(lab, 1)), ports(lab)
    with person.explore() as terminal:
        terminal.wait_for("● live")
        begun = start(person, terminal, DOCUMENTED)
        begun.await_step(4)
        terminal.signal(signal.SIGKILL)
    begun.kill_runner()
    assert begun.state == "stopped"
    with person.explore() as terminal:
        terminal.wait_for("Its process ended.")
        terminal.press(key)
        terminal.wait_for(f"to {word}")
        terminal.press(TAB + "ingress" + ENTER)
        terminal.wait_for(lambda _: begun.state not in ("stopped", "running"), LONG)
        terminal.wait_for("done in" if state == "done" else "rolled-back", LONG)
    assert begun.state == state
    await_whole(lab)
    wanted = DOCUMENTED.definition if state == "done" else first
    assert [definition_of(ingress(lab, number)) for number in ALL_NODES] == [wanted] * 3
    assert ports(lab) == numbers


def test_nodes_that_miss_the_ingress_are_offered_it(fresh_lab: Lab, person: Person) -> None:
    lab = fresh_lab
    remove_by_hand(lab, "ingress")
    recreate_on_first_node(lab)
    with person.explore() as terminal:
        terminal.wait_for("without the ingress network", 60)
        terminal.press("x")
        terminal.wait_for("docker node update --availability active node3")
        terminal.press(TAB + "again" + ENTER)
        terminal.wait_for("steps done in", LONG)
        terminal.press(ESCAPE)
        terminal.wait_for(lambda text: "without the ingress network" not in text)
    await_whole(lab)


@pytest.mark.parametrize("read_only", [True, False], ids=["read-only", "as usual"])
def test_only_what_was_confirmed_is_written(
    fresh_lab: Lab, person: Person, tmp_path: Path, read_only: bool
) -> None:
    lab = fresh_lab
    create_few(lab)
    script = tmp_path / "replace.sh"
    flags = ("--read-only",) if read_only else ()
    with (
        Proxy(Path(lab.socket(1))) as proxy,
        person.explore(*flags, "--host", proxy.url) as terminal,
    ):
        terminal.wait_for("● live")
        fill_in(terminal, DOCUMENTED)
        if read_only:
            terminal.wait_for("Read-only: s saves the plan")
            assert "Type ingress to start" not in terminal.text
        else:
            terminal.wait_for("Type ingress to start")
        terminal.press("s")
        terminal.wait_for("save to")
        type_over(terminal, f"{script}{ENTER}")
        terminal.wait_for(lambda _: script.exists())
        assert proxy.methods == {"GET"}
        assert person.operations() == {}
        terminal.press(TAB + "ingress" + ENTER)
        if read_only:
            terminal.press("rbx ")
            terminal.listen(2)
            assert proxy.methods == {"GET"}
            assert person.operations() == {}
        else:
            terminal.wait_for("All 7 steps done in", LONG)
            # Had there been a write before, it would have been seen as these are.
            assert "POST /networks/create" in proxy.asked
    assert "docker network create --driver overlay --ingress" in script.read_text()
    await_whole(lab)
