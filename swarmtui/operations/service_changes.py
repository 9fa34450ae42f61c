"""Changes of one service as people word them: its endpoint mode, and ports to open or close."""

from __future__ import annotations

import re
from collections.abc import Iterable

import msgspec

from swarmtui.model import Service, Snapshot
from swarmtui.operations.arrangement import shape_of
from swarmtui.operations.changes import reaching
from swarmtui.operations.plan import Rearrange, Refusal
from swarmtui.operations.service_checks import port_words
from swarmtui.operations.writes import Port

NO_PORT = "Write it as [mode:][published:]target[/protocol]: 8080:80, host:53:53/udp."
"""What to say of a word that is no port."""

_PORT = re.compile(r"(?:(host|ingress):)?(?:(\d{1,5}):)?(\d{1,5})(?:/(tcp|udp|sctp))?")


def ports_of(words: Iterable[str]) -> tuple[Port, ...] | str:
    """Return ports that were written as `[mode:][published:]target[/protocol]`.

    The first word that is no port is returned instead.
    """
    found = []
    for word in words:
        match = _PORT.fullmatch(word)
        if match is None:
            return word
        mode, published, target, protocol = match.groups()
        found.append(Port(protocol or "tcp", int(target), int(published or 0), mode or "ingress"))
    return tuple(found)


def port_text(ports: Iterable[Port]) -> str:
    """Return ports as `ports_of` takes them."""
    return " ".join(
        ("host:" if port.mode == "host" else "")
        + (f"{port.published}:" if port.published else "")
        + f"{port.target}/{port.protocol}"
        for port in ports
    )


def mode_change(
    snapshot: Snapshot, service: Service, mode: str, ports: str | None = None
) -> Rearrange:
    """Return another endpoint mode for a service.

    Args:
        snapshot: The swarm.
        service: The service.
        mode: `vip` or `dnsrr`.
        ports: What becomes of ports through the ingress: `host` or `close`; None to keep them.
    """
    now = shape_of(snapshot, service).ports
    if ports == "host":
        now = tuple(msgspec.structs.replace(port, mode="host") for port in now)
    elif ports == "close":
        now = tuple(port for port in now if port.mode == "host")
    return reaching(snapshot, service, mode=mode, ports=now)


def publishing(snapshot: Snapshot, service: Service, words: Iterable[str]) -> Rearrange | Refusal:
    """Return that a service publishes more ports."""
    asked = ports_of(words)
    if isinstance(asked, str):
        return _no_port(asked)
    now = shape_of(snapshot, service).ports
    more = tuple(port for port in asked if port not in now)
    return reaching(snapshot, service, ports=(*now, *more))


def unpublishing(snapshot: Snapshot, service: Service, words: Iterable[str]) -> Rearrange | Refusal:
    """Return that a service publishes some ports no more; a word without a number means any."""
    asked = ports_of(words)
    if isinstance(asked, str):
        return _no_port(asked)
    now = shape_of(snapshot, service).ports
    for port in asked:
        if not any(_means(port, each) for each in now):
            shown = ", ".join(map(port_words, now)) or "none"
            reason = f"{service.name} does not publish {port_words(port)}; it publishes: {shown}."
            return Refusal("There is no such port", (reason,))
    kept = tuple(each for each in now if not any(_means(port, each) for port in asked))
    return reaching(snapshot, service, ports=kept)


def _means(asked: Port, port: Port) -> bool:
    same = (asked.protocol, asked.target, asked.mode) == (port.protocol, port.target, port.mode)
    return same and asked.published in (0, port.published)


def _no_port(word: str) -> Refusal:
    return Refusal(f"{word} is no port", (NO_PORT,))
