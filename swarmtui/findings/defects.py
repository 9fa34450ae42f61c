"""Engine versions that do not do all that is asked of them (engine-facts D.3, E.5)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from swarmtui.model import Node, Snapshot, Version, version_number
from swarmtui.model.snapshot import DEFAULT_DATA_PATH_PORT

_FIRST_WITH_REPLACEMENT = (17, 5, 0)
_VENDOR = "A distribution's build may carry the fix: ask its vendor."


@dataclass(frozen=True, slots=True)
class Defect:
    """Something that is wrong with encryption on the engines of a swarm.

    Attributes:
        code: The rule that finds it.
        title: What is wrong, in a line without its end.
        more: How the text goes on: where it is told of, and what has to be known besides.
        nodes: Those that have it.
        settled: False where it is not known for certain which engines have it.
    """

    code: str
    title: str
    more: str
    nodes: tuple[Node, ...]
    settled: bool = True

    @property
    def words(self) -> str:
        """Return all of it as text."""
        return f"{self.title}{self.more}"


def replaces_ingress(text: str) -> bool:
    """Tell whether an engine of this version can give up an ingress network (engine-facts D.3)."""
    number = version_number(text)
    return number is None or number >= _FIRST_WITH_REPLACEMENT


def encryption_defects(snapshot: Snapshot) -> tuple[str, ...]:
    """Return in words what is known to be wrong with encryption on the engines of this swarm."""
    return tuple(each.words for each in known_defects(snapshot) if each.settled)


def known_defects(snapshot: Snapshot) -> Iterator[Defect]:
    """Yield what is wrong with encryption on the engines of this swarm, settled or not."""
    spoofed = _having(snapshot, _accepts_clear_packets)
    if spoofed:
        yield Defect(
            "encryption-accepts-clear-packets",
            f"Engine {_shown(spoofed)} accepts packets in the clear on encrypted networks",
            f" (CVE-2023-28840, fixed in 20.10.24 and 23.0.3). {_VENDOR}",
            spoofed,
        )
    port = snapshot.data_path_port
    silent = _having(snapshot, _silent_on_other_port)
    if port != DEFAULT_DATA_PATH_PORT and silent:
        yield Defect(
            "encryption-silent-on-other-port",
            f"Engine {_shown(silent)} passes no encrypted traffic between nodes when the data "
            f"path port is not 4789; here it is {port}",
            " (moby#45635, fixed in 23.0.7 and 24.0.3).",
            silent,
        )
    odd = _having(snapshot, _other_keys)
    if odd and set(_numbers(odd)) != set(_numbers(snapshot.nodes)):
        yield Defect(
            "encryption-mixed-engines",
            f"Engine {_shown(odd)} beside others: encrypted traffic between them is lost",
            " (moby#51798, fixed in 29.2.1 and 25.0.15).",
            odd,
        )
    windows = tuple(node for node in snapshot.nodes if node.os == "windows")
    if windows:
        names = ", ".join(sorted(node.hostname for node in windows))
        yield Defect(
            "encryption-windows",
            f"Windows nodes ({names}) cannot talk on encrypted networks, and no error tells",
            ".",
            windows,
        )
    yield from _unsettled(snapshot)


def _unsettled(snapshot: Snapshot) -> Iterator[Defect]:
    for finds, title, more in (
        (
            _broken_after_upgrade,
            "may lose encrypted traffic after an upgrade",
            " (moby#51672, reported for 29.0 and 29.1, not settled).",
        ),
        (
            _forgets_tunnels,
            "may end an encrypted tunnel that is in use, so that data goes in the clear",
            " (moby PR 53420; which engines have it is not settled).",
        ),
    ):
        found = _having(snapshot, finds)
        if found:
            whole = f"Engine {_shown(found)} {title}"
            yield Defect("encryption-unsettled", whole, more, found, settled=False)


def _accepts_clear_packets(number: Version) -> bool:
    return number < (20, 10, 24) or (23, 0, 0) <= number < (23, 0, 3)


def _silent_on_other_port(number: Version) -> bool:
    return number < (23, 0, 7) or (24, 0, 0) <= number < (24, 0, 3)


def _other_keys(number: Version) -> bool:
    return (29, 0, 0) <= number < (29, 2, 1) or number == (25, 0, 14)


def _broken_after_upgrade(number: Version) -> bool:
    return (29, 0, 0) <= number < (29, 2, 0)


def _forgets_tunnels(number: Version) -> bool:
    return number <= (29, 7, 2)


def _having(snapshot: Snapshot, finds: Callable[[Version], bool]) -> tuple[Node, ...]:
    return tuple(
        node
        for node in snapshot.nodes
        if (number := version_number(node.engine_version)) and finds(number)
    )


def _numbers(nodes: Iterable[Node]) -> Iterator[Version]:
    return (number for node in nodes if (number := version_number(node.engine_version)))


def _shown(nodes: Iterable[Node]) -> str:
    return ", ".join(".".join(map(str, each)) for each in sorted(set(_numbers(nodes))))
