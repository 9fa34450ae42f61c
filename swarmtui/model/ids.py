"""The identities of swarm objects: the engine's own ids, one type per kind."""

from __future__ import annotations

from typing import NewType

NetworkId = NewType("NetworkId", str)
ServiceId = NewType("ServiceId", str)
TaskId = NewType("TaskId", str)
NodeId = NewType("NodeId", str)
ContainerId = NewType("ContainerId", str)

SHORT_ID_LENGTH = 12


def without_task_id(name: str) -> str:
    """Shorten the name of a task's container, `web.1.TASKID`, to `web.1`."""
    stem, _, last = name.rpartition(".")
    return stem if stem and len(last) == 25 else name


def short_id(identity: str) -> str:
    """Return the first twelve characters of an id, as the docker CLI shows it."""
    return identity[:SHORT_ID_LENGTH]
