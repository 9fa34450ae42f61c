"""Which cell of which table takes the mark of a finding, and what a row there is about."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from swarmtui.findings import SubjectKind
from swarmtui.screens.lookup import service_of_port

if TYPE_CHECKING:
    from swarmtui.render import RowSubject

_ENDPOINT_KINDS = {
    "task": SubjectKind.TASK,
    "vip": SubjectKind.SERVICE,
    "lb": SubjectKind.NODE,
}


def _about(kind: SubjectKind) -> Callable[[str], RowSubject | None]:
    return lambda key: (kind, key)


def _endpoint(key: str) -> RowSubject | None:
    kind, _, rest = key.partition(":")
    found = _ENDPOINT_KINDS.get(kind)
    return (found, rest.partition(":")[0]) if found is not None else None


def _port(key: str) -> RowSubject | None:
    return SubjectKind.SERVICE, service_of_port(key)


MARKED: Mapping[str, tuple[int, Callable[[str], RowSubject | None]]] = {
    "networks": (0, _about(SubjectKind.NETWORK)),
    "services": (0, _about(SubjectKind.SERVICE)),
    "nodes": (0, _about(SubjectKind.NODE)),
    "tasks": (0, _about(SubjectKind.TASK)),
    "pools": (0, _about(SubjectKind.POOL)),
    "peers": (0, _about(SubjectKind.NODE)),
    "endpoints": (1, _endpoint),
    "ports": (3, _port),
}
"""By the kind of rows."""
