"""Engine versions that do not do all that is asked of them (engine-facts D.3, E.5)."""

from __future__ import annotations

import re
from collections.abc import Iterable

from swarmtui.model import Snapshot
from swarmtui.model.snapshot import DEFAULT_DATA_PATH_PORT

Version = tuple[int, int, int]

_FIRST_WITH_REPLACEMENT = (17, 5, 0)
_NUMBERS = re.compile(r"v?([0-9]+)\.([0-9]+)(?:\.([0-9]+))?")
_VENDOR = "A distribution's build may carry the fix: ask its vendor."


def version_number(text: str) -> Version | None:
    """Return the leading x.y.z of an engine's version, None where there is none."""
    match = _NUMBERS.match(text)
    if match is None:
        return None
    major, minor, patch = match.groups()
    return int(major), int(minor), int(patch or 0)


def replaces_ingress(text: str) -> bool:
    """Tell whether an engine of this version can give up an ingress network (engine-facts D.3)."""
    number = version_number(text)
    return number is None or number >= _FIRST_WITH_REPLACEMENT


def encryption_defects(snapshot: Snapshot) -> tuple[str, ...]:
    """Return in words what is known to be wrong with encryption on the engines of this swarm."""
    numbers = {number for node in snapshot.nodes if (number := version_number(node.engine_version))}
    found: list[str] = []
    spoofed = _shown(number for number in numbers if _accepts_clear_packets(number))
    if spoofed:
        found.append(
            f"Engine {spoofed} accepts packets in the clear on encrypted networks "
            f"(CVE-2023-28840, fixed in 20.10.24 and 23.0.3). {_VENDOR}"
        )
    port = snapshot.cluster.data_path_port if snapshot.cluster else DEFAULT_DATA_PATH_PORT
    silent = _shown(number for number in numbers if _silent_on_other_port(number))
    if port != DEFAULT_DATA_PATH_PORT and silent:
        found.append(
            f"Engine {silent} passes no encrypted traffic between nodes when the data path port "
            f"is not 4789; here it is {port} (moby#45635, fixed in 23.0.7 and 24.0.3)."
        )
    odd = {number for number in numbers if _other_keys(number)}
    if odd and odd != numbers:
        found.append(
            f"Engine {_shown(odd)} beside others: encrypted traffic between them is lost "
            "(moby#51798, fixed in 29.2.1 and 25.0.15)."
        )
    windows = sorted(node.hostname for node in snapshot.nodes if node.os == "windows")
    if windows:
        found.append(
            f"Windows nodes ({', '.join(windows)}) cannot talk on encrypted networks, "
            "and no error tells."
        )
    return tuple(found)


def _accepts_clear_packets(number: Version) -> bool:
    return number < (20, 10, 24) or (23, 0, 0) <= number < (23, 0, 3)


def _silent_on_other_port(number: Version) -> bool:
    return number < (23, 0, 7) or (24, 0, 0) <= number < (24, 0, 3)


def _other_keys(number: Version) -> bool:
    return (29, 0, 0) <= number < (29, 2, 1) or number == (25, 0, 14)


def _shown(numbers: Iterable[Version]) -> str:
    return ", ".join(".".join(map(str, each)) for each in sorted(numbers))
