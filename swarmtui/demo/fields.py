"""The fields of a service's spec that engines know, in the order in which they tell them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

Known = Mapping[str, "Known | None"]
"""The fields of an object by name; None where whatever is posted is told."""


def _plain(*names: str) -> dict[str, Known | None]:
    return dict.fromkeys(names)


_UPDATE = _plain("Parallelism", "Delay", "FailureAction", "Monitor", "MaxFailureRatio", "Order")
_NETWORK = _plain("Target", "Aliases", "DriverOpts")
_CONTAINER = _plain(
    *("Image", "Labels", "Command", "Args", "Hostname", "Env", "Dir", "User", "Groups"),
    *("Privileges", "Init", "StopSignal", "TTY", "OpenStdin", "ReadOnly", "Mounts"),
    *("StopGracePeriod", "Healthcheck", "Hosts", "DNSConfig", "Secrets", "Configs", "Isolation"),
    *("Sysctls", "CapabilityAdd", "CapabilityDrop", "Ulimits", "OomScoreAdj"),
)
_TEMPLATE: Known = {
    "ContainerSpec": _CONTAINER,
    **_plain("PluginSpec", "NetworkAttachmentSpec", "Resources"),
    "RestartPolicy": _plain("Condition", "Delay", "MaxAttempts", "Window"),
    "Placement": _plain("Constraints", "Preferences", "MaxReplicas", "Platforms"),
    "Networks": _NETWORK,
    **_plain("LogDriver", "ForceUpdate", "Runtime"),
}
_MODE: Known = {
    "Replicated": _plain("Replicas"),
    "Global": {},
    "ReplicatedJob": _plain("MaxConcurrent", "TotalCompletions"),
    "GlobalJob": {},
}
_PORT = _plain("Name", "Protocol", "TargetPort", "PublishedPort", "PublishMode")
SERVICE: Known = {
    **_plain("Name", "Labels"),
    "TaskTemplate": _TEMPLATE,
    "Mode": _MODE,
    "UpdateConfig": _UPDATE,
    "RollbackConfig": _UPDATE,
    "Networks": _NETWORK,
    "EndpointSpec": {"Mode": None, "Ports": _PORT},
}


def told(posted: Any, known: Known | None, *, others: bool) -> Any:
    """Return what an engine makes of posted JSON: names in any case, in its own order.

    Args:
        posted: The JSON; a list stands for objects of one kind.
        known: The fields that the engine knows.
        others: Keep the fields that it does not know.
    """
    if isinstance(posted, list):
        return [told(each, known, others=others) for each in posted]
    if known is None or not isinstance(posted, dict):
        return posted
    names = {name.lower(): name for name in known}
    found = {names.get(str(key).lower(), str(key)): value for key, value in posted.items()}
    kept = {
        name: told(found[name], inner, others=others)
        for name, inner in known.items()
        if found.get(name) is not None
    }
    if others:
        kept |= {key: value for key, value in found.items() if key not in known}
    return kept
