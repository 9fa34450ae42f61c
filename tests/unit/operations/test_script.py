"""A plan as a bash script."""

from __future__ import annotations

import math
import re
import shlex
import subprocess

import pytest

from swarmtui.operations import Plan
from swarmtui.operations.writes import (
    Publish,
    Reshape,
    TouchNode,
    Unpublish,
    Write,
    command_of,
    reshape_commands,
)
from tests.builders import NODES, WEB
from tests.unit.operations.scripting import API, PLANS, script, sections

_DONE = ("shaped", "gone", "known", "absent")
"""Looks that keep a command from being given twice."""
each_plan = pytest.mark.parametrize("plan", PLANS.values(), ids=PLANS.keys())


def _arguments(line: str) -> list[str]:
    """Return what the docker client would be given by a line, by asking bash."""
    stub = 'again() { "$@"; }\ndocker() { printf "%s\\0" "$@" >&2; }\n'
    # The ids of networks are their names here, and nothing is done already.
    stub += 'network() { echo -n "$1"; }\n'
    stub += "".join(f"{name}() {{ return 1; }}\n" for name in _DONE)
    done = subprocess.run(["bash", "-c", stub + line], capture_output=True, check=True)
    return done.stderr.decode().split("\0")[:-1]


def _is_command(line: str) -> bool:
    return line.startswith(("again ", "docker ", "INGRESS=", *(f"{each} " for each in _DONE)))


def _wanted(write: Write) -> list[str]:
    words = shlex.split(command_of(write))[1:]
    match write:
        case Unpublish() | Publish():
            return [*words[:2], "--detach", *words[2:]]
        case Reshape():
            commands = [(*each[1:3], "--detach", *each[3:]) for each in reshape_commands(write)]
            return [word for each in commands for word in each]
        case TouchNode():
            return [*words[:2], "--availability", "", write.node_id]
        case _:
            return words


@each_plan
def test_bash_can_read_it(plan: Plan) -> None:
    done = subprocess.run(
        ["bash", "-n"], input=script(plan), capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""


@each_plan
def test_every_write_is_a_command_of_its_step(plan: Plan) -> None:
    found = sections(script(plan))
    assert len(found) == len(plan.steps)
    for step, lines in zip(plan.steps, found, strict=True):
        commands = [line for line in lines if _is_command(line)]
        given = [_arguments(line) for line in commands]
        if any(isinstance(write, TouchNode) for write in step.writes):
            # The client is asked first how available the node is; here it answers nothing.
            given = [each[each.index("node", 1) :] for each in given]
        assert given == [_wanted(write) for write in step.writes]


@each_plan
def test_checks_come_before_the_commands_and_waits_after_them(plan: Plan) -> None:
    for step, lines in zip(plan.steps, sections(script(plan)), strict=True):
        kinds = "".join(
            "r" if line.startswith("require ") else "c" if _is_command(line) else line[0]
            for line in lines
        )
        assert re.fullmatch("r*c*e*w*", kinds)
        assert kinds.count("r") >= len(step.requires)
        waits = [shlex.split(line) for line in lines if line.startswith("wait_until ")]
        assert len(waits) == kinds.count("w")
        assert {wait[1] for wait in waits} <= {str(math.ceil(step.deadline_seconds))}
        assert bool(waits) == bool(step.until)


def test_each_condition_has_its_look() -> None:
    looks = [
        [shlex.split(line)[3] for line in lines if line.startswith("wait_until ")]
        for lines in sections(script(PLANS["at once"]))
    ]
    assert looks == [
        ["released"],
        ["free", "settled"],
        ["gone"],
        ["allocated"],
        ["everywhere"],
        ["published", "published"],
        ["everywhere", "published", "published"],
    ]


def test_the_ports_are_compared_before_they_are_taken() -> None:
    text = script(PLANS["one after another"])
    ports = "host/tcp/80/9080 ingress/tcp/80/0 ingress/udp/53/8053"
    assert f"asks {API.id} '{ports}' host/tcp/80/9080" in text
    assert f"asks {WEB.id} ingress/tcp/80/8080 ''" in text
    assert "--publish-add published=30000,target=80,protocol=tcp,mode=ingress" in text


@each_plan
def test_nothing_that_is_named_can_leave_its_line(plan: Plan) -> None:
    text = script(plan)
    assert not re.search(r"^\s*touch ", text, re.MULTILINE)
    assert "\x1b" not in text
    assert "\r" not in text
    assert "\u2028" not in text
    assert all(line.isprintable() for line in text.split("\n"))


def test_the_head_says_what_it_costs() -> None:
    plan = PLANS["one after another"]
    head = script(plan).partition("set -euo")[0]
    assert head.startswith("#!/usr/bin/env bash\n# Replace the ingress network: ingress\n")
    assert "2026-11-24T12:00:00Z" in head
    assert "on a manager" in head
    for number, step in enumerate(plan.steps, 1):
        assert f"{number}. {step.title}" in head
    for effect in plan.interruptions:
        assert f"{effect.service} ({effect.ports}): closed for" in head
    assert "in the order of their ids" not in head
    words = " ".join(head.replace("\n#", " ").split())
    assert all(risk in words for risk in plan.risks)
    assert all(line.startswith("#") or not line for line in head.splitlines())


@each_plan
def test_the_way_back_is_told_in_reverse(plan: Plan) -> None:
    back = script(plan).rpartition("\n# To go back: ")[2]
    back = f"# {back}"
    assert all(line.startswith("#") or not line for line in back.splitlines())
    numbers = [int(number) for number in re.findall(r"^# Step (\d+): ", back, re.MULTILINE)]
    undone = [number for number, step in enumerate(plan.steps, 1) if step.undo]
    assert numbers == undone[::-1]
    commands = [line[2:].strip() for line in back.splitlines() if line.startswith("#     docker ")]
    given = [_arguments(line) for line in commands if not line.startswith("docker node update")]
    undo = [write for step in plan.steps[::-1] for write in step.undo]
    assert given == [
        [word for command in reshape_commands(write) for word in command[1:]]
        if isinstance(write, Reshape)
        else shlex.split(command_of(write))[1:]
        for write in undo
    ]


def test_an_ingress_that_is_made_again_is_brought_to_the_nodes() -> None:
    plan = PLANS["one after another"]
    back = script(plan).rpartition("echo 'Done.'\n")[2]
    touches = re.findall(r"^#     docker node update .* # (.*)$", back, re.MULTILINE)
    assert touches == [node.hostname for node in NODES]
