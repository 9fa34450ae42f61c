"""What an engine refuses, in its own words (engine-facts D.1 and G)."""

from __future__ import annotations

_GRPC_STATUS = {
    "InvalidArgument": 400,
    "FailedPrecondition": 400,
    "NotFound": 404,
    "AlreadyExists": 409,
    "PermissionDenied": 403,
    "Unimplemented": 501,
    "Unavailable": 503,
}

NOT_IN_SWARM = (
    'This node is not a swarm manager. Use "docker swarm init" or "docker swarm join" to connect '
    "this node to swarm and try again."
)
NOT_A_MANAGER = (
    "This node is not a swarm manager. Worker nodes can't be used to view or modify cluster state. "
    "Please run this command on a manager node or promote the current node to a manager."
)
LOCKED = (
    "Swarm is encrypted and needs to be unlocked before it can be used. "
    'Please use "docker swarm unlock" to unlock it.'
)
NO_LEADER = (
    "rpc error: code = Unknown desc = The swarm does not have a leader. It's possible that too few "
    "managers are online. Make sure more than half of the managers are online."
)
OVERLAY_FROM_WORKER = (
    "Cannot create a multi-host network from a worker node. "
    "Please create the network from a manager node."
)


class Refusal(Exception):
    """An answer that is no success.

    Args:
        status: HTTP status.
        message: The engine's text.
    """

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.message = message


def rpc(code: str, text: str) -> Refusal:
    """Return a refusal by the swarm's leader, with the status that the engine makes of its code."""
    return Refusal(_GRPC_STATUS.get(code, 500), f"rpc error: code = {code} desc = {text}")
