"""How old the answer on screen is, and which engine gave it."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from textual.pilot import Pilot
from textual.widgets import Static

from swarmtui.app import SwarmtuiApp
from swarmtui.settings import Settings
from tests.builders import busy_snapshot, lost_engine
from tests.ui.explorers import Running, explorer, hear


def title(running: Running) -> str:
    return str(running.app.screen.query_one("#title", Static).render())


def liveness(running: Running) -> str:
    found = re.search("● live|◐ .* old|○ lost", title(running))
    assert found is not None, title(running)
    return found.group()


async def test_a_late_answer_shows_its_age_in_coarse_steps_until_the_next() -> None:
    seconds = 100.0
    snapshot = busy_snapshot()
    async with explorer(snapshot, clock=lambda: seconds) as running:
        shown = []
        for late in (1, 5, 7, 9, 11, 29, 31, 59, 61):
            seconds = 100.0 + late
            running.app.watch_age()
            shown.append(liveness(running))
        live, five, ten, thirty = "● live", "answer 5 s", "answer 10 s", "answer 30 s"
        minute = "◐ answer 1 min old"
        old = [f"◐ {each} old" for each in (five, five, ten, ten, thirty, thirty)]
        assert shown == [live, live, *old, minute]
        # A look at one network makes nothing else younger.
        await running.hear(replace(snapshot, inspections={}))
        assert liveness(running) == minute
        await running.hear(replace(snapshot, taken_at=snapshot.taken_at + timedelta(seconds=61)))
        assert liveness(running) == live
        await running.hear(lost_engine())
        seconds += 500
        running.app.watch_age()
        assert liveness(running) == "○ lost"


async def test_nothing_is_shown_anew_while_the_step_is_the_same() -> None:
    seconds, shown = 0.0, 0

    async with explorer(busy_snapshot(), clock=lambda: seconds) as running:
        screen = running.app.screen

        def count() -> None:
            nonlocal shown
            shown += 1

        screen.show_state = count  # type: ignore[attr-defined]
        for _ in range(40):
            seconds += 0.5
            running.app.watch_age()
        assert shown == 2, "at 6 s and at 10 s"


async def test_the_header_and_help_name_the_engine_that_somebody_chose() -> None:
    async with explorer(busy_snapshot(), size=(80, 24)) as running:
        assert "via" not in title(running)
        running.app.source, running.app.origin = "ssh://ops@mgr1.example.com", "DOCKER_HOST"
        await running.hear(busy_snapshot())
        assert "node1 via ssh://ops@mgr1.example.com" in title(running)
        await running.press("question_mark", "G")
        words = "ssh://ops@mgr1.example.com, as told by: DOCKER_HOST."
        await running.until(lambda: words in running.screen_text)


@pytest.mark.parametrize("size", [(80, 24), (160, 45)], ids=["80x24", "160x45"])
def test_picture(size: tuple[int, int], snap_compare: Callable[..., bool]) -> None:
    seconds = 0.0
    origin = "DOCKER_HOST"
    app = SwarmtuiApp(
        None, Settings(), source="ssh://ops@mgr1.example.com", origin=origin, clock=lambda: seconds
    )

    async def show(pilot: Pilot[None]) -> None:
        nonlocal seconds
        hear(pilot, busy_snapshot())
        await pilot.pause()
        seconds = 12.0
        app.watch_age()
        await pilot.pause()

    assert snap_compare(app, terminal_size=size, run_before=show)
