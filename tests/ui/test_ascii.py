"""The explorer in ASCII, and in the colours that a terminal has."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from textual.pilot import Pilot

from swarmtui.app import SwarmtuiApp
from swarmtui.model import Snapshot
from swarmtui.settings import Settings
from tests.builders import APP, busy_snapshot, failing_snapshot
from tests.ui.explorers import explorer, hear
from tests.ui.nets import wide_snapshot

_SCENES: dict[str, tuple[Snapshot, tuple[str, ...]]] = {
    "failing": (failing_snapshot(), ("down", "down")),
    "blocks": (wide_snapshot(), ("slash", *"wide", "enter", "a", *["right"] * 4)),
}


@pytest.mark.parametrize("scene", _SCENES)
def test_picture_in_ascii(scene: str, snap_compare: Callable[..., bool]) -> None:
    snapshot, keys = _SCENES[scene]

    async def show(pilot: Pilot[None]) -> None:
        hear(pilot, snapshot)
        await pilot.pause()
        for key in keys:
            await pilot.press(key)
        await pilot.pause()

    app = SwarmtuiApp(None, Settings(ascii=True), source="unix:///var/run/docker.sock")
    assert snap_compare(app, terminal_size=(80, 24), run_before=show)


async def test_no_sign_beyond_ascii_is_on_screen_whatever_the_engine_says() -> None:
    named = replace(APP, name="naïve-日本-👩‍💻-e\u0301")
    busy = busy_snapshot()
    networks = tuple(named if each is APP else each for each in busy.networks)
    settings = Settings(ascii=True)
    async with explorer(replace(busy, networks=networks), settings=settings) as running:
        assert "na?ve-????-" in running.screen_text
        for keys in (["question_mark"], ["escape", "i"], ["escape", "f"], ["ctrl+p"]):
            await running.press(*keys)
            beyond = {sign for sign in running.screen_text if not sign.isascii()}
            assert beyond == set()


@pytest.mark.parametrize(
    ("kind", "known", "theme"),
    [("xterm-256color", 256, "dark"), ("linux", 8, "ansi-dark"), ("vt100", -1, "ansi-dark")],
)
async def test_the_colors_are_those_that_the_terminal_has(
    kind: str, known: int, theme: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TERM", kind)
    monkeypatch.delenv("COLORTERM")
    # Curses describes the terminal that a program has started in, once.
    monkeypatch.setattr("curses.setupterm", lambda fd: None)
    monkeypatch.setattr("curses.tigetnum", lambda name: known)
    async with explorer(busy_snapshot()) as running:
        assert running.app.theme == theme
        pane = running.pane("networks")
        styles = [each.style for strip in pane.render_lines(pane.size.region) for each in strip]
        colors = {style.color.name for style in styles if style and style.color}
        assert (colors == {"default"}) is (known < 8)
