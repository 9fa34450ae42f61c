"""Asking a simulated node without a connection."""

from __future__ import annotations

import json
from typing import Any

import pytest

from swarmtui.demo import Refusal, Swarm
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


def refusal(
    swarm: Swarm, method: str, path: str, body: object = None, node: str = "node1", **query: str
) -> tuple[int, str]:
    """Return status and words of the refusal of a call, which changes nothing."""
    before = swarm.world.index
    with pytest.raises(Refusal) as refused:
        send(swarm, method, path, body, node, **query)
    assert swarm.world.index == before
    message = refused.value.message
    return refused.value.status, message.partition(" desc = ")[2] or message


def service(swarm: Swarm, name: str) -> Any:
    """Return a service as the engine tells it."""
    return ask(swarm, f"/services/{name}")


def updated(swarm: Swarm, name: str, **parts: Any) -> None:
    """Post a service's spec with other parts."""
    row = service(swarm, name)
    version = str(row["Version"]["Index"])
    send(swarm, "POST", f"/services/{row['ID']}/update", {**row["Spec"], **parts}, version=version)


def touched(swarm: Swarm, *nodes: str) -> None:
    """Post the specs of nodes unchanged, and let the swarm act on it."""
    for node in nodes:
        row = ask(swarm, f"/nodes/{node}")
        version = str(row["Version"]["Index"])
        send(swarm, "POST", f"/nodes/{row['ID']}/update", row["Spec"], version=version)
    swarm.step(0.1)


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
