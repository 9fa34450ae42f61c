"""What nodes have to let in from one another, as rows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.text import Text

from swarmtui import findings
from swarmtui.model import NodeId
from swarmtui.render import OPENING_COLUMNS, firewall_sheet, opening_rows
from swarmtui.screens.resource import Resource

if TYPE_CHECKING:
    from swarmtui.model import DocumentKind, Snapshot
    from swarmtui.screens.place import Place


def _node_of(key: str) -> NodeId:
    return NodeId(key.partition("/")[0])


def _sheet(snapshot: Snapshot, _: str, key: str) -> Text | None:
    return firewall_sheet(snapshot, _node_of(key))


def _copied(snapshot: Snapshot, _: str, key: str) -> tuple[str, str]:
    return "address", next(
        (each.address for each in findings.openings(snapshot) if each.key == key), ""
    )


def _document(_: Snapshot, __: str, key: str) -> tuple[DocumentKind, str]:
    return "node", _node_of(key)


def _open(snapshot: Snapshot, place: Place, key: str) -> Place | None:
    node = snapshot.node_by_id.get(_node_of(key))
    if node is None:
        return None
    return place.below("tasks", f"node:{node.id}", f"tasks on {node.hostname}")


OPENINGS = Resource(
    "Between the nodes",
    OPENING_COLUMNS,
    lambda snapshot, _: opening_rows(snapshot, {}),  # what was tried is the explorer's to know
    _sheet,
    _copied,
    document=_document,
    opened=_open,
    empty="Only a manager tells the nodes.",
)
