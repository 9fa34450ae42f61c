"""The plan for a gateway bridge as a bash script, for people who make the change by hand."""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from typing import Final

from swarmtui.model.network import GATEWAY_BRIDGE
from swarmtui.operations.definition import first_range
from swarmtui.operations.plan import Plan, Step
from swarmtui.operations.shell import comment, join, plain
from swarmtui.operations.writes import CreateNetwork, RemoveNetwork, Write, command_of

_FUNCTIONS: Final = r"""
set -euo pipefail

stop() {
    echo "STOPPED: $1" >&2
    exit 1
}

in_no_swarm() { [[ $(docker info --format '{{.Swarm.LocalNodeState}}') == inactive ]]; }
bridge_ids() { docker network ls -q --no-trunc --filter 'name=^docker_gwbridge$'; }
bridge_is() { local ids && ids=$(bridge_ids) && [[ $ids == "$1" ]]; }

nobody_is_on_it() {
    local count
    count=$(docker network inspect --format '{{len .Containers}}' "$1") && ((count == 0))
}

# The bridge has this subnet.
made() {
    local subnets
    subnets=$(docker network inspect --format '{{range .IPAM.Config}}{{.Subnet}}{{end}}' "$1") &&
        [[ $subnets == "$2" ]]
}
"""


def bridge_script(plan: Plan, *, tool: str, when: str) -> str:
    """Return a bash script that does what a plan for a gateway bridge does, with its checks."""
    lines = ["#!/usr/bin/env bash", *_header(plan, tool, when), *_FUNCTIONS.splitlines(), ""]
    lines.append("in_no_swarm || stop 'this engine is in a swarm, or does not answer'")
    for number, step in enumerate(plan.steps, 1):
        lines += ["", *comment(f"Step {number}: {plain(step.title)}"), *comment(step.why)]
        lines += _body(step)
    lines += ["", *_way_back(plan)]
    return "\n".join(lines) + "\n"


def _header(plan: Plan, tool: str, when: str) -> Iterator[str]:
    yield from comment(f"{plan.title}: {plan.subject}")
    yield from comment(f"Written by {tool} at {when} for the engine {plan.cluster_id or '?'}.")
    yield from comment(
        "Run it with bash on that node while it is in no swarm. It stops before it changes "
        "anything that is not as it was then."
    )
    yield from (line for risk in plan.risks for line in comment(risk, "Risk: "))


def _body(step: Step) -> Iterator[str]:
    for write in step.writes:
        match write:
            case RemoveNetwork():
                identity = join([write.network_id])
                yield f"bridge_is {identity} || stop 'docker_gwbridge is another one by now'"
                yield f"nobody_is_on_it {identity} || stop 'somebody is on docker_gwbridge'"
            case CreateNetwork():
                yield "bridge_is '' || stop 'there is a docker_gwbridge'"
            case _:
                pass
        yield f"{_command(write)} >/dev/null"
        if isinstance(write, CreateNetwork):
            subnet, _ = first_range(write.definition)
            looks = join(["made", GATEWAY_BRIDGE, subnet])
            yield f"{looks} || stop 'docker_gwbridge is not as it was asked for'"

    if not step.writes:
        yield from step.commands


def _command(write: Write) -> str:
    return join(shlex.split(command_of(write)))


def _way_back(plan: Plan) -> Iterator[str]:
    yield from comment("To go back, run these by hand, without what had not been done yet:")
    for step in reversed(plan.steps):
        yield from (f"#     {_command(each)}" for each in step.undo)
