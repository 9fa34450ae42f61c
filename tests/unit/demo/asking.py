"""Asking a simulated node without a connection."""

from __future__ import annotations

import json
from typing import Any

from swarmtui.demo import Swarm
from swarmtui.demo.calls import Call, encode
from swarmtui.demo.records import Task
from swarmtui.demo.routes import answer, with_version
from swarmtui.demo.view import NodeView

EVERY_RUNTIME = '{"runtime":["container","attachment",""]}'


def ask(swarm: Swarm, path: str, node: str = "node1", **query: str) -> Any:
    """Return what a GET answers, as it would arrive."""
    return json.loads(ask_bytes(swarm, path, node, **query))


def ask_bytes(swarm: Swarm, path: str, node: str = "node1", **query: str) -> bytes:
    call = with_version(Call("GET", path, "", query), swarm.world.release)
    return encode(answer(NodeView(swarm.world, swarm.node(node)), call).document)


def send(
    swarm: Swarm,
    method: str,
    path: str,
    body: object = None,
    node: str = "node1",
    **query: str,
) -> Any:
    """Return what a call that changes something answers."""
    call = Call(method, path, "", query, json.dumps(body).encode())
    call = with_version(call, swarm.world.release)
    return answer(NodeView(swarm.world, swarm.node(node)), call).document


def tasks_named(swarm: Swarm, service: str) -> list[Task]:
    """Return a service's tasks, oldest first."""
    (found,) = [each for each in swarm.world.services.values() if each.name == service]
    return swarm.world.tasks_of(found.id)


def states(swarm: Swarm, service: str) -> list[str]:
    """Return state and desired state of a service's tasks, sorted."""
    return sorted(f"{task.state.word}/{task.desired.word}" for task in tasks_named(swarm, service))


def hosts(swarm: Swarm, service: str) -> set[str]:
    """Return where a service's running tasks are that are meant to run."""
    return {
        swarm.world.nodes[task.node_id].hostname
        for task in tasks_named(swarm, service)
        if task.state.word == "running" and task.is_wanted
    }
