"""The runner: the only part of operations that talks to an engine, in a process of its own."""

from swarmtui.operations.running.process import dismiss_journal, run_journal

__all__ = ["dismiss_journal", "run_journal"]
