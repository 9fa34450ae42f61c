"""Tasks that failed, and that no other task has replaced since."""

from __future__ import annotations

from swarmtui.model import Snapshot, Task


def failed_tasks(snapshot: Snapshot, words: str) -> tuple[Task, ...]:
    """Return the tasks whose error holds some words while nothing runs in their place.

    The engine keeps the last few tasks of every slot, so that one that failed may be long past.
    """
    failed = [task for task in snapshot.tasks if task.error and words in task.error]
    if not failed:
        return ()
    running = {_place(task) for task in snapshot.tasks if task.state == "running"}
    return tuple(task for task in failed if _place(task) not in running)


def _place(task: Task) -> tuple[str, int | str]:
    """Return what a task and the one that replaces it have in common."""
    return task.service_id, task.slot or task.node_id
