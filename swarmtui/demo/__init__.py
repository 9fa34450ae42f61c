"""An embedded engine: the Docker Engine API in front of a simulated swarm."""

from __future__ import annotations

from swarmtui.demo.doors import simulated_doors
from swarmtui.demo.engine import DemoEngine
from swarmtui.demo.refusals import Refusal
from swarmtui.demo.scenario import demo_swarm
from swarmtui.demo.specs import network_spec, port, service_spec
from swarmtui.demo.swarm import Swarm

__all__ = [
    "DemoEngine",
    "Refusal",
    "Swarm",
    "demo_swarm",
    "network_spec",
    "port",
    "service_spec",
    "simulated_doors",
]
