from __future__ import annotations

from typing import Any

from textual.app import App, ComposeResult
from textual.driver import Driver
from textual.pilot import Pilot
from textual.widgets import Static

from swarmtui.terminal.canvas import FRAME
from swarmtui.terminal.pacing import PacedApp


class SlowDriver(Driver):
    """Of a terminal that is busy with each frame until somebody says otherwise."""

    def __init__(
        self,
        app: App[Any],
        *,
        debug: bool = False,
        mouse: bool = True,
        size: tuple[int, int] | None = None,
    ) -> None:
        super().__init__(app, debug=debug, mouse=mouse, size=size)
        assert isinstance(app, Numbers)
        self.app = app

    def write(self, data: str) -> None:
        if FRAME.match(data):
            self.app.frames.append(data)

    def flush(self) -> None:
        self.app.line_is_busy()

    def start_application_mode(self) -> None: ...

    def stop_application_mode(self) -> None: ...

    def disable_input(self) -> None: ...


class Numbers(PacedApp):
    """Shows a number."""

    CSS = "Static { height: 1; }"

    def __init__(self) -> None:
        super().__init__()
        self.frames: list[str] = []

    def get_driver_class(self) -> type[Driver]:
        return SlowDriver

    def compose(self) -> ComposeResult:
        yield Static("number 0")
        yield Static("another line")

    def show(self, number: int) -> None:
        self.query_one(Static).update(f"number {number}")


async def run(act: Any) -> None:
    app = Numbers()

    async def pilot(pilot: Pilot[Any]) -> None:
        try:
            while not app.frames:
                await pilot.pause(0.02)
            await act(app, pilot)
        finally:
            app.exit()

    await app.run_async(size=(40, 4), auto_pilot=pilot)
    assert app.return_code == 0


async def freed(app: Numbers, pilot: Pilot[Any]) -> list[str]:
    """Say that the terminal is free, and return the frames that come."""
    before = len(app.frames)
    app.line_is_free()
    while len(app.frames) == before:
        await pilot.pause(0.02)
    await pilot.pause(0.1)
    return app.frames[before:]


async def test_a_busy_terminal_gets_the_newest_state_as_one_frame() -> None:
    async def act(app: Numbers, pilot: Pilot[Any]) -> None:
        before = len(app.frames)
        for number in range(1, 20):
            app.show(number)
            await pilot.pause(0.01)
        assert len(app.frames) == before
        (frame,) = await freed(app, pilot)
        assert "number 19" in frame

    await run(act)


async def test_a_layout_made_meanwhile_is_shown_whole() -> None:
    async def act(app: Numbers, pilot: Pilot[Any]) -> None:
        app.query(Static).last().styles.margin = (1, 0, 0, 5)
        # The last moment of a batch of our own, as a screen that lays itself out in one has it.
        app.post_display_hook()
        (frame,) = await freed(app, pilot)
        assert "number 0" in frame
        assert "another line" in frame

    await run(act)
