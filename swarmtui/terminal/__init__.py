"""The terminal: what it takes, what it understands, and its signals."""

from swarmtui.terminal.driver import TerminalDriver
from swarmtui.terminal.pacing import PacedApp

__all__ = ["PacedApp", "TerminalDriver"]
