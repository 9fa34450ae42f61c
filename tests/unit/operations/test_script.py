"""A plan as a bash script."""

from __future__ import annotations

import math
import re
import shlex
import subprocess
from dataclasses import replace

import msgspec
import pytest

from swarmtui.model import PublishedPort, Snapshot
from swarmtui.operations import (
    BuildIngress,
    Definition,
    Plan,
    Range,
    Refusal,
    plan_operation,
    plan_repair,
    plan_rollback,
)
from swarmtui.operations.script import script_of
from swarmtui.operations.writes import (
    Publish,
    TouchNode,
    Unpublish,
    Write,
    command_of,
)
from tests.builders import INGRESS, NODES, WEB, busy_snapshot, inspection, service

_EVIL = "x'\ntouch evil; $(touch evil) `touch evil` \\ \x1b[2J \u2028touch evil\r# \""
_WANTED = Definition(
    "my-ingress",
    (Range("10.11.0.0/16", "10.11.0.2"),),
    {"com.docker.network.driver.mtu": "1200"},
    ingress=True,
)
_API = service(
    "api",
    ports=(
        PublishedPort("tcp", 80, 30000, "ingress"),
        PublishedPort("udp", 53, 8053, "ingress"),
        PublishedPort("tcp", 80, 9080, "host"),
    ),
)


def _swarm() -> Snapshot:
    """Return a swarm where one port's number was given by the engine."""
    busy = busy_snapshot()
    asked = (replace(_API.ports[0], published=0), *_API.ports[1:])
    return replace(busy, services=(*busy.services, replace(_API, asked_ports=asked)))


def _hostile() -> Snapshot:
    swarm = _swarm()
    return replace(
        swarm,
        nodes=tuple(replace(node, hostname=f"{_EVIL}{node.hostname}") for node in swarm.nodes),
        services=tuple(replace(each, name=_EVIL + each.name) for each in swarm.services),
        networks=(
            *(each for each in swarm.networks if not each.ingress),
            replace(INGRESS, name=_EVIL, labels={_EVIL: _EVIL}),
        ),
    )


def _planned(planned: Plan | Refusal) -> Plan:
    assert isinstance(planned, Plan), planned
    return planned


def _build(snapshot: Snapshot, *, at_once: bool = False) -> Plan:
    return _planned(plan_operation(snapshot, BuildIngress(_WANTED, at_once=at_once)))


def _plans() -> dict[str, Plan]:
    swarm = _swarm()
    bare = replace(swarm, networks=tuple(each for each in swarm.networks if not each.ingress))
    narrow = inspection(INGRESS, NODES[:1])
    partial = replace(swarm, inspections={**swarm.inspections, INGRESS.id: narrow})
    evil = Definition("wished", labels={_EVIL: _EVIL}, options={_EVIL: _EVIL}, ingress=True)
    plain = _build(swarm)
    return {
        "one after another": plain,
        "at once": _build(swarm, at_once=True),
        "hostile names": _build(_hostile()),
        "hostile wish": _planned(plan_operation(swarm, BuildIngress(evil))),
        "none there": _planned(plan_repair(replace(bare, services=()))),
        "spread": _planned(plan_repair(partial)),
        "rollback": _planned(plan_rollback(bare, plain)),
        "evil cluster": msgspec.structs.replace(plain, cluster_id=_EVIL, risks=(_EVIL,)),
    }


_PLANS = _plans()
each_plan = pytest.mark.parametrize("plan", _PLANS.values(), ids=_PLANS.keys())


def _script(plan: Plan) -> str:
    return script_of(plan, tool=f"swarmtui {_EVIL}", when="2026-11-24T12:00:00Z")


def _sections(script: str) -> list[list[str]]:
    """Return what stands in each step, without indentation."""
    found = re.findall(r"^if step \d+ .*?; then\n(.*?)^fi$", script, re.DOTALL | re.MULTILINE)
    return [[line.strip() for line in section.splitlines()] for section in found]


def _arguments(line: str) -> list[str]:
    """Return what the docker client would be given by a line, by asking bash."""
    stub = 'again() { "$@"; }\ndocker() { printf "%s\\0" "$@" >&2; }\n'
    done = subprocess.run(["bash", "-c", stub + line], capture_output=True, check=True)
    return done.stderr.decode().split("\0")[:-1]


def _is_command(line: str) -> bool:
    return line.startswith(("again ", "docker ", "INGRESS="))


def _wanted(write: Write) -> list[str]:
    words = shlex.split(command_of(write))[1:]
    match write:
        case Unpublish() | Publish():
            return [*words[:2], "--detach", *words[2:]]
        case TouchNode():
            return [*words[:2], "--availability", "", write.node_id]
        case _:
            return words


@each_plan
def test_bash_can_read_it(plan: Plan) -> None:
    done = subprocess.run(
        ["bash", "-n"], input=_script(plan), capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""


@each_plan
def test_every_write_is_a_command_of_its_step(plan: Plan) -> None:
    sections = _sections(_script(plan))
    assert len(sections) == len(plan.steps)
    for step, lines in zip(plan.steps, sections, strict=True):
        commands = [line for line in lines if _is_command(line)]
        given = [_arguments(line) for line in commands]
        if any(isinstance(write, TouchNode) for write in step.writes):
            # The client is asked first how available the node is; here it answers nothing.
            given = [each[each.index("node", 1) :] for each in given]
        assert given == [_wanted(write) for write in step.writes]


@each_plan
def test_checks_come_before_the_commands_and_waits_after_them(plan: Plan) -> None:
    for step, lines in zip(plan.steps, _sections(_script(plan)), strict=True):
        kinds = "".join(
            "r" if line.startswith("require ") else "c" if _is_command(line) else "w"
            for line in lines
        )
        assert re.fullmatch("r*c*w*", kinds)
        assert kinds.count("r") >= len(step.requires)
        waits = [shlex.split(line) for line in lines if line.startswith("wait_until ")]
        assert len(waits) == kinds.count("w")
        assert {wait[1] for wait in waits} <= {str(math.ceil(step.deadline_seconds))}
        assert bool(waits) == bool(step.until)


def test_each_condition_has_its_look() -> None:
    looks = [
        [shlex.split(line)[3] for line in lines if line.startswith("wait_until ")]
        for lines in _sections(_script(_PLANS["at once"]))
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
    script = _script(_PLANS["one after another"])
    ports = "host/tcp/80/9080 ingress/tcp/80/0 ingress/udp/53/8053"
    assert f"asks {_API.id} '{ports}' host/tcp/80/9080" in script
    assert f"asks {WEB.id} ingress/tcp/80/8080 ''" in script
    assert "--publish-add published=30000,target=80,protocol=tcp,mode=ingress" in script


@each_plan
def test_nothing_that_is_named_can_leave_its_line(plan: Plan) -> None:
    script = _script(plan)
    assert not re.search(r"^\s*touch ", script, re.MULTILINE)
    assert "\x1b" not in script
    assert "\r" not in script
    assert "\u2028" not in script
    assert all(line.isprintable() for line in script.split("\n"))


def test_the_head_says_what_it_costs() -> None:
    plan = _PLANS["one after another"]
    head = _script(plan).partition("set -euo")[0]
    assert head.startswith("#!/usr/bin/env bash\n# Replace the ingress network: ingress\n")
    assert "2026-11-24T12:00:00Z" in head
    assert "on a manager" in head
    for number, step in enumerate(plan.steps, 1):
        assert f"{number}. {step.title}" in head
    for effect in plan.interruptions:
        assert f"{effect.service} ({effect.ports}): closed for" in head
    words = " ".join(head.replace("\n#", " ").split())
    assert all(risk in words for risk in plan.risks)
    assert all(line.startswith("#") or not line for line in head.splitlines())


@each_plan
def test_the_way_back_is_told_in_reverse(plan: Plan) -> None:
    back = _script(plan).rpartition("echo 'Done.'\n")[2]
    assert all(line.startswith("#") or not line for line in back.splitlines())
    numbers = [int(number) for number in re.findall(r"^# Step (\d+): ", back, re.MULTILINE)]
    undone = [number for number, step in enumerate(plan.steps, 1) if step.undo]
    assert numbers == undone[::-1]
    commands = [line[2:].strip() for line in back.splitlines() if line.startswith("#     docker ")]
    given = [_arguments(line) for line in commands if not line.startswith("docker node update")]
    assert given == [
        shlex.split(command_of(write))[1:] for step in plan.steps[::-1] for write in step.undo
    ]


def test_an_ingress_that_is_made_again_is_brought_to_the_nodes() -> None:
    plan = _PLANS["one after another"]
    back = _script(plan).rpartition("echo 'Done.'\n")[2]
    touches = re.findall(r"^#     docker node update .* # (.*)$", back, re.MULTILINE)
    assert touches == [node.hostname for node in NODES]
