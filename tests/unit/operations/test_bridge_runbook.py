"""The runbook for a node of a swarm: every step in order, and never one that loses the quorum."""

from __future__ import annotations

import shlex
import subprocess
from collections.abc import Iterable
from dataclasses import replace

import pytest

from swarmtui.model import (
    GossipService,
    GossipTask,
    Inspection,
    LocalEndpoint,
    Node,
    Peer,
    Problem,
    Snapshot,
    Standing,
)
from swarmtui.operations import (
    BridgeDraft,
    Refusal,
    Runbook,
    bridge_draft_of,
    bridge_runbook,
    runbook_file,
)
from swarmtui.operations.definition import create_command
from tests.builders import (
    INGRESS,
    NOW,
    alone_snapshot,
    busy_snapshot,
    engine,
    node,
    task,
    worker_snapshot,
)

WANTED = BridgeDraft("172.30.0.0/16", "", "", icc=False, masquerade=True).definition
ONE = node(1, role="manager", leader=True)


def with_nodes(*nodes: Node, **changes: object) -> Snapshot:
    return replace(busy_snapshot(), nodes=nodes, **changes)  # type: ignore[arg-type]


def managers(count: int, *, away: Iterable[int] = ()) -> Snapshot:
    """A swarm of managers alone, of which the first is read."""
    return with_nodes(
        *(
            replace(
                node(number, role="manager", leader=number == 1),
                reachability="unreachable" if number in away else "reachable",
                state="down" if number in away else "ready",
            )
            for number in range(1, count + 1)
        )
    )


def runbook(snapshot: Snapshot) -> Runbook:
    made = bridge_runbook(snapshot, WANTED)
    assert isinstance(made, Runbook), made
    return made


def refusal(snapshot: Snapshot) -> Refusal:
    made = bridge_runbook(snapshot, WANTED)
    assert isinstance(made, Refusal)
    return made


def commands(made: Runbook) -> list[str]:
    return [command for step in made.steps for command in step.commands]


def at(made: Runbook, words: str) -> int:
    (found,) = (n for n, step in enumerate(made.steps) if any(words in c for c in step.commands))
    return found


def test_a_manager_of_three_in_order() -> None:
    one = replace(ONE, labels={"zone": "a b", "disk": "ssd"})
    made = runbook(with_nodes(one, *managers(3).nodes[1:]))
    assert [(step.where, step.title) for step in made.steps] == [
        ("node2, a manager", "Drain node1"),
        ("node2, a manager", "Wait until no task is left on node1"),
        ("node1", "See that nobody but the ingress is on the bridge"),
        ("node2, a manager", "Demote node1, and wait until it is a worker"),
        ("node1", "Leave the swarm"),
        ("node2, a manager", "Remove the node that has left"),
        ("node1", "Stop Docker"),
        ("node1", "Remove the bridge from the kernel"),
        ("node1", "Start Docker, and let it forget the old bridge"),
        ("node1", "Create the new bridge"),
        ("node2, a manager", "Ask for the token with which workers join"),
        ("node1", "Join again, with the same addresses"),
        ("node2, a manager", "Give it its labels again"),
        ("node2, a manager", "Promote it again"),
        ("node2, a manager", "Set its availability to active"),
        ("node2, a manager", "Bring the ingress network to it, if it is missing there"),
        ("node1", "Look at the bridge"),
    ]
    all_of_it = commands(made)
    assert f"docker node demote {one.id}" in all_of_it
    assert "docker swarm leave" in all_of_it
    assert create_command(WANTED) in all_of_it
    assert "docker swarm join-token -q worker" in all_of_it
    assert (
        'docker swarm join --token "$TOKEN" --availability drain '
        "--advertise-addr 192.168.77.1 192.168.77.2:2377"
    ) in all_of_it
    assert "docker node update --label-add 'zone=a b' --label-add disk=ssd node1" in all_of_it
    assert "docker node promote node1" in all_of_it
    assert "docker node update --availability active node1" in all_of_it
    assert any("none of the 2 managers that remain may fail" in risk for risk in made.risks)
    assert not any("--force" in command for command in all_of_it)


def test_a_worker_as_a_manager_sees_none_of_its_own() -> None:
    # A node that is listed as a worker, and yet tells the swarm: it was demoted a moment ago.
    demoted = replace(node(1), availability="pause")
    made = runbook(with_nodes(demoted, *managers(3).nodes[1:]))
    assert not any("demote" in each or "promote" in each for each in commands(made))
    assert "docker node update --availability pause node1" in commands(made)
    assert not any("label-add" in each for each in commands(made))


def test_a_worker_knows_little_and_has_it_written_down_first() -> None:
    made = runbook(worker_snapshot())
    first = made.steps[0]
    assert first.where == "a manager, such as 192.168.77.1"
    assert first.title == "Write down the node's labels and availability"
    assert "docker node inspect" in first.commands[0]
    text = "\n".join(commands(made))
    assert "--advertise-addr 192.168.77.3 192.168.77.1:2377" in text
    assert "--label-add KEY=VALUE node3" in text
    assert "demote" not in text
    assert "promote" not in text
    assert any("A worker knows only" in risk for risk in made.risks)


def test_a_worker_that_knows_no_manager_cannot_come_back() -> None:
    lost = replace(worker_snapshot(), engine=replace(engine(Standing.WORKER, 3), managers=()))
    assert "knows no manager" in refusal(lost).reasons[0]


def test_a_manager_of_two_is_demoted_and_the_risk_is_told() -> None:
    made = runbook(managers(2))
    assert at(made, "docker node demote") < at(made, "docker swarm leave")
    assert any("node2 is the only manager" in risk for risk in made.risks)


@pytest.mark.parametrize(
    ("others", "hint"),
    [((node(2), node(3)), "docker node promote node2"), ((), "docker swarm join-token manager")],
)
def test_the_only_manager_never_leaves(others: tuple[Node, ...], hint: str) -> None:
    made = refusal(with_nodes(ONE, *others))
    assert made.title == "node1 is the only manager"
    assert "the swarm would be lost" in made.reasons[0]
    assert hint in made.hint
    assert "Reachable" in made.hint


@pytest.mark.parametrize(
    ("count", "away", "spared"),
    [
        (3, (), True),
        (3, (3,), False),  # one of two would be left
        (4, (), True),
        (4, (4,), True),  # two of three
        (4, (3, 4), False),  # a swarm without a leader, should it say that it has one
        (5, (5,), True),  # three of four
        (5, (4, 5), False),  # two of four
        (7, (6, 7), True),  # four of six
        (7, (5, 6, 7), False),  # three of six
    ],
)
def test_a_majority_of_those_that_remain_has_to_be_reachable(
    count: int, away: tuple[int, ...], spared: bool
) -> None:
    made = bridge_runbook(managers(count, away=away), WANTED)
    assert isinstance(made, Runbook) == spared
    if isinstance(made, Refusal):
        names = ", ".join(f"node{number}" for number in away)
        assert made.reasons[0].startswith(f"{names} cannot be reached. Without node1, ")
        assert f"{count - 1 - len(away)} of {count - 1} managers" in made.reasons[0]
        assert f"{(count - 1) // 2 + 1} are needed" in made.reasons[0]


def test_it_is_told_to_a_manager_that_can_be_reached() -> None:
    made = runbook(managers(5, away=(2,)))
    assert {step.where for step in made.steps} == {"node1", "node3, a manager"}


@pytest.mark.parametrize(
    ("snapshot", "words"),
    [
        (alone_snapshot(), "without leaving"),
        (replace(busy_snapshot(), engine=engine(Standing.NO_LEADER)), "no-leader"),
        (replace(busy_snapshot(), engine=engine(Standing.LOCKED)), "locked"),
        (replace(busy_snapshot(), engine=engine(Standing.JOINING)), "joining"),
        (replace(busy_snapshot(), problems=(Problem("nodes", "", "timeout"),)), "timeout"),
        (replace(busy_snapshot(), nodes=busy_snapshot().nodes[1:]), "does not list this node"),
    ],
)
def test_what_is_not_known_well_enough_is_refused(snapshot: Snapshot, words: str) -> None:
    assert words in refusal(snapshot).reasons[0]


def test_a_bridge_that_would_not_work_is_refused() -> None:
    draft = BridgeDraft("10.20.0.64/26", "", "", icc=False, masquerade=True)
    made = bridge_runbook(busy_snapshot(), draft.definition)
    assert isinstance(made, Refusal)
    assert "subnet: It overlaps network app (10.20.0.64/26)." in made.reasons
    same = bridge_runbook(busy_snapshot(), bridge_draft_of(busy_snapshot()).definition)
    assert isinstance(same, Refusal)


def test_a_drained_node_stays_drained() -> None:
    one = replace(ONE, availability="drain")
    made = runbook(with_nodes(one, *managers(3).nodes[1:]))
    assert not any("docker node update --availability" in each for each in commands(made))
    assert "--availability drain" in "\n".join(commands(made))  # with which it joins


def test_a_data_path_of_its_own_is_kept() -> None:
    ingress = Inspection(
        INGRESS.id,
        NOW,
        (Peer("x", "10.99.0.1"),),
        endpoints=(LocalEndpoint("ingress-sbox", "ingress-endpoint", "10.20.0.2", "", "ep1"),),
        services=(
            GossipService(
                "",
                "",
                (),
                (
                    GossipTask("ingress-endpoint", "10.20.0.3", "10.99.0.2", "ep2"),
                    GossipTask("ingress-endpoint", "10.20.0.2", "10.99.0.1", "ep1"),
                ),
            ),
        ),
    )
    made = runbook(replace(managers(3), inspections={INGRESS.id: ingress}))
    assert "--advertise-addr 192.168.77.1 --data-path-addr 10.99.0.1 " in "\n".join(commands(made))
    unknown = runbook(replace(managers(3), inspections={}))
    (join,) = (each for each in unknown.steps if each.title.startswith("Join again"))
    assert "Add --data-path-addr if the node was given one" in join.why


def test_a_control_port_of_its_own_is_kept() -> None:
    one = replace(ONE, manager_address="192.168.77.1:2400")
    text = "\n".join(commands(runbook(with_nodes(one, *managers(3).nodes[1:]))))
    assert "--advertise-addr 192.168.77.1:2400 --listen-addr 0.0.0.0:2400 192.168.77.2:2377" in text


def test_two_nodes_of_one_name_are_not_mixed_up() -> None:
    twin = replace(node(4), hostname="node1")
    made = runbook(with_nodes(*managers(3).nodes, twin))
    assert 'docker node promote "$NODE"' in commands(made)
    assert any("read -r NODE" in step.why for step in made.steps)


def test_what_stops_meanwhile_is_told() -> None:
    busy = busy_snapshot()
    one, two, three = managers(3).nodes
    drained = tuple(replace(each, availability="drain") for each in (two, three))
    box = task(None, 7, one, {"app": "10.20.0.77"})
    made = runbook(replace(busy, nodes=(one, *drained), tasks=(*busy.tasks, box)))
    assert any("No other node takes tasks: the 2 here" in risk for risk in made.risks)
    assert any("Containers outside services" in risk for risk in made.risks)


def test_every_command_is_bash_whatever_things_are_called() -> None:
    evil = "$(touch owned) `x`'\n[red]\x1b[31m"
    one = replace(ONE, hostname=evil, labels={evil: evil})
    made = runbook(with_nodes(one, *managers(3).nodes[1:]))
    text = runbook_file(made, tool="swarmtui", when="now")
    checked = subprocess.run(
        ["bash", "-n"], input=text, text=True, capture_output=True, check=False
    )
    assert (checked.returncode, checked.stderr) == (0, "")
    assert all(line.isprintable() for line in text.split("\n"))
    (labels,) = (each for each in commands(made) if "--label-add" in each)
    listed = subprocess.run(
        ["bash", "-c", f"printf '%s\\0' {labels.removeprefix('docker ')}"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert listed.stdout.split("\0")[2:5] == ["--label-add", f"{evil}={evil}", evil]


def test_no_token_is_in_it() -> None:
    text = runbook_file(runbook(managers(3)), tool="swarmtui", when="now")
    assert "SWMTKN" not in text
    assert "read -rs TOKEN" in text
    assert shlex.quote("$TOKEN") not in text
