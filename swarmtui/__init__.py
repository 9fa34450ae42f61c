"""swarmtui: a terminal explorer for Docker Swarm overlay networks."""

__version__ = "0.1.0"
