"""What keeps happening to the swarm of the demonstration."""

from __future__ import annotations

from swarmtui.demo.swarm import Swarm
from swarmtui.demo.world import Act

_CRASH = "crash"
_SCALE = "scale"
_NODE = "node"


class Unrest:
    """Lets accidents happen on the swarm's own agenda.

    Args:
        swarm: With the nodes and services of the demonstration.
    """

    def __init__(self, swarm: Swarm) -> None:
        self._swarm = swarm

    def begin(self) -> None:
        """Plan the first accidents."""
        self._swarm.world.unrest = self._happen
        self._plan(_CRASH, 5)
        self._plan(_SCALE, 40)
        self._plan(_NODE, 420)

    def _happen(self, what: str) -> None:
        if what == _CRASH:
            self._crash()
        elif what == _SCALE:
            self._scale()
        else:
            self._node()

    def _crash(self) -> None:
        try:
            self._swarm.fail_task("ledger-sync.1")
        except LookupError:
            self._plan(_CRASH, 4)
        else:
            self._plan(_CRASH, 12)

    def _scale(self) -> None:
        for service in self._swarm.world.services.values():
            if service.name == "shop_web":
                self._swarm.scale("shop_web", 7 if service.replicas == 6 else 6)
                break
        self._plan(_SCALE, 75)

    def _node(self) -> None:
        if self._swarm.node("worker-2").down:
            self._swarm.recover_node("worker-2")
        else:
            self._swarm.fail_node("worker-2")
        self._plan(_NODE, 300)

    def _plan(self, what: str, seconds: float) -> None:
        self._swarm.world.plan(Act.UNREST, what, seconds)
