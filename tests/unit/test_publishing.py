"""What the explorer posts of a reading, without a screen."""

from __future__ import annotations

import pytest
from textual.message import Message

from swarmtui import app
from swarmtui.app import SwarmtuiApp
from swarmtui.messages import SnapshotTaken
from swarmtui.settings import Settings
from tests.builders import busy_snapshot
from tests.replacing import replace


@pytest.mark.parametrize(("most", "posts"), [(1_000, [True]), (0, [False, True])])
def test_many_tasks_are_shown_before_the_rules_are_through(
    monkeypatch: pytest.MonkeyPatch, most: int, posts: list[bool]
) -> None:
    posted: list[Message] = []
    monkeypatch.setattr(app, "MANY_TASKS", most)
    explorer = SwarmtuiApp(None, Settings())
    monkeypatch.setattr(explorer, "post_message", posted.append)
    snapshot = replace(busy_snapshot(), leftovers=busy_snapshot().networks[:1])
    explorer.publish(snapshot)
    told = [each for each in posted if isinstance(each, SnapshotTaken)]
    assert [bool(each.findings) for each in told] == posts
    assert all(each.snapshot is snapshot for each in told)
