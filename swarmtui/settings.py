"""Everything a run of swarmtui is told from outside, as one value."""

from __future__ import annotations

from dataclasses import dataclass

DEFAULT_INTERVAL_SECONDS = 2.0
DEFAULT_TIMEOUT_SECONDS = 10.0


@dataclass(frozen=True, slots=True)
class Settings:
    """The settings of one run: flags before environment before settings file before defaults.

    Attributes:
        host: Address of the engine; None to ask context and environment as the docker CLI does.
        context: Name of a docker context.
        read_only: Never start anything that changes the swarm.
        interval_seconds: Wanted time between two readings.
        timeout_seconds: Longest wait for one answer of the engine.
        theme: Name of the colour theme; empty for the default.
        color: False when NO_COLOR is set.
    """

    host: str | None = None
    context: str | None = None
    read_only: bool = False
    interval_seconds: float = DEFAULT_INTERVAL_SECONDS
    timeout_seconds: float = DEFAULT_TIMEOUT_SECONDS
    theme: str = ""
    color: bool = True
