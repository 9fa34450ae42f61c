"""The lock of operations: one Swarm config, which every manager's swarmtui sees."""

from __future__ import annotations

from collections.abc import Mapping

from swarmtui.engine.decode import decode_list
from swarmtui.engine.shapes import ConfigShape
from swarmtui.errors import EngineGarbled
from swarmtui.model import Activity

LOCK_NAME = "swarmtui-operation"
LOCK_QUERY: Mapping[str, str] = {"filters": f'{{"name":["{LOCK_NAME}"]}}'}
"""The engine takes the name as a prefix (engine-facts B); `activity_of` wants it whole."""

_PREFIX = "swarmtui."


def activity_of(body: bytes) -> Activity | None:
    """Return the operation that a list of configs tells of, None when no lock is among them.

    Raises:
        EngineGarbled: The body is no list of configs.
    """
    shapes, _ = decode_list(body, ConfigShape, "configs")
    for shape in shapes:
        name = shape.spec.name or ""
        if not name.startswith(LOCK_NAME):
            raise EngineGarbled(
                "The engine's answer cannot be understood",
                f"Asked for configs named {LOCK_NAME}, it told of {name or 'none'}.",
            )
        if name == LOCK_NAME:
            labels = shape.spec.labels or {}
            told = {key.removeprefix(_PREFIX): value for key, value in labels.items()}
            return Activity(
                lock_id=shape.id,
                operation=told.get("operation", ""),
                title=told.get("title", ""),
                who=told.get("who", ""),
                host=told.get("host", ""),
                step=_number(told.get("step", "")),
                steps=_number(told.get("steps", "")),
                since=told.get("since", ""),
                seen=told.get("seen", ""),
            )
    return None


def lock_labels(activity: Activity) -> Mapping[str, str]:
    """Return an operation as the labels of its lock."""
    return {
        _PREFIX + name: str(getattr(activity, name))
        for name in ("operation", "title", "who", "host", "step", "steps", "since", "seen")
    }


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() else 0
