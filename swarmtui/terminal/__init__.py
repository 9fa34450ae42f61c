"""The terminal: what it takes, what it understands, and its signals."""

from swarmtui.terminal.fitting import FittedApp

__all__ = ["FittedApp"]
