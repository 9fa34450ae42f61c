"""Ports of simulated nodes, which nothing real may be asked for."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime

from swarmtui.demo.swarm import Swarm
from swarmtui.model import Door, Outcome, Trial


def simulated_doors(swarm: Swarm) -> Callable[[Sequence[Door], Callable[[Trial], object]], None]:
    """Return what tries ports of a simulated swarm: those of nodes that are up answer."""

    def try_doors(doors: Sequence[Door], tell: Callable[[Trial], object]) -> None:
        up = {node.address for node in swarm.world.nodes.values() if not node.down}
        for door in doors:
            outcome = Outcome.REACHABLE if door.address in up else Outcome.NO_ANSWER
            tell(Trial(door, outcome, datetime.now(UTC)))

    return try_doors
