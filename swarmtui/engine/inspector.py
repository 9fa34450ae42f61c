"""Inspections of networks: the ingress and the one in focus always, the others in turn."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Protocol

from swarmtui.engine.decode import decode_object
from swarmtui.engine.shapes import InspectionShape
from swarmtui.engine.wire import inspection_of
from swarmtui.errors import EngineAnswered, EngineGarbled, EngineTimedOut, RequestRefused
from swarmtui.model import Inspection, Network, NetworkId, Problem, Snapshot, Standing

PASS_SECONDS = 0.15
PASS_NETWORKS = 4
FRESH = timedelta(seconds=10)
"""A view this young needs no turn, so that a small swarm is not asked the same every time."""
_COUNTS_SINCE_API = (1, 52)
_PLAIN_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]*")


class Fetch(Protocol):
    """Sends a GET and returns the body; raises an EngineError for anything but success."""

    def __call__(self, path: str, params: Mapping[str, str]) -> bytes:
        """Fetch one path of the Engine API, given without its version prefix."""


@dataclass(frozen=True, slots=True, eq=False)
class _Known:
    bodies: tuple[bytes, bytes]
    inspection: Inspection


class Inspector:
    """Inspects networks so that each one's view has a bounded age.

    Besides the ingress and the focus, a pass inspects at least `PASS_NETWORKS` networks in turn,
    and more while it has not taken `PASS_SECONDS`; those seen less than `FRESH` ago are left out.
    """

    def __init__(
        self,
        fetch: Fetch,
        api: str,
        *,
        now: Callable[[], datetime],
        monotonic: Callable[[], float],
    ) -> None:
        self._fetch = fetch
        self._counts = _api_numbers(api) >= _COUNTS_SINCE_API
        self._now = now
        self._monotonic = monotonic
        self._known: dict[NetworkId, _Known] = {}
        self._waiting: list[NetworkId] = []

    def inspect(
        self,
        snapshot: Snapshot,
        previous: Snapshot | None,
        *,
        focus: NetworkId | None,
        every_network: bool,
    ) -> tuple[Mapping[NetworkId, Inspection], tuple[Problem, ...]]:
        """Inspect some networks of a snapshot; the others keep the inspection they had."""
        present = snapshot.network_by_id
        before = previous.inspections if previous else {}
        found = {network_id: before[network_id] for network_id in before if network_id in present}
        chosen = snapshot.networks if every_network else self._chosen(snapshot, focus)
        problems = self._inspect_into(found, snapshot, chosen)
        self._known = {key: each for key, each in self._known.items() if key in present}
        return found, problems

    def inspect_one(
        self, snapshot: Snapshot, network: Network
    ) -> tuple[Mapping[NetworkId, Inspection], tuple[Problem, ...]]:
        """Inspect one network of a snapshot; the others keep the inspection they have."""
        found = dict(snapshot.inspections)
        return found, self._inspect_into(found, snapshot, (network,))

    def _inspect_into(
        self,
        found: dict[NetworkId, Inspection],
        snapshot: Snapshot,
        networks: Iterable[Network],
    ) -> tuple[Problem, ...]:
        problems: list[Problem] = []
        names = Counter(network.name for network in snapshot.networks)
        for network in networks:
            counted = self._counts and network.is_swarm and names[network.name] == 1
            counted = counted and _PLAIN_NAME.fullmatch(network.name) is not None
            counted = counted and snapshot.engine.standing is Standing.MANAGER
            try:
                found[network.id] = self._inspect(network, counted=counted)
            except (EngineAnswered, EngineGarbled, EngineTimedOut, RequestRefused) as error:
                # 404: removed since the list was read; or, without a leader, not on this node.
                if not (isinstance(error, EngineAnswered) and error.status == 404):
                    since = found[network.id].taken_at if network.id in found else None
                    problems.append(
                        Problem("inspect", network.name, error.explanation or error.title, since)
                    )
                if isinstance(error, EngineTimedOut):
                    break  # each of the others might cost as much waiting; their turn comes
        return tuple(problems)

    def _chosen(self, snapshot: Snapshot, focus: NetworkId | None) -> Iterator[Network]:
        started = self._monotonic()
        present = snapshot.network_by_id
        alone = snapshot.engine.standing is Standing.NO_SWARM
        first = dict.fromkeys(
            network.id
            for network in snapshot.networks
            if network.ingress or (alone and network.is_gateway_bridge)
        )
        if focus is not None and focus in present:
            first[focus] = None
        yield from (present[network_id] for network_id in first)
        others = [
            network.id
            for network in snapshot.networks
            if _worth_a_turn(snapshot, network) and not self._is_fresh(network.id)
        ]
        known = set(others)
        queue = [network_id for network_id in self._waiting if network_id in known]
        queued = set(queue)
        queue += [network_id for network_id in others if network_id not in queued]
        turns = 0
        while turns < len(queue) and (
            turns < PASS_NETWORKS or self._monotonic() - started < PASS_SECONDS
        ):
            network_id = queue[turns]
            turns += 1
            self._waiting = queue[turns:] + queue[:turns]
            if network_id not in first:
                yield present[network_id]

    def _is_fresh(self, network_id: NetworkId) -> bool:
        known = self._known.get(network_id)
        return known is not None and self._now() - known.inspection.taken_at < FRESH

    def _inspect(self, network: Network, *, counted: bool) -> Inspection:
        body = self._fetch(f"/networks/{network.id}", {"verbose": "true"})
        counts = self._fetch(f"/networks/{network.name}", {}) if counted else b""
        known = self._known.get(network.id)
        if known is not None and known.bodies == (body, counts):
            inspection = replace(known.inspection, taken_at=self._now())
        else:
            what = f"Inspection of {network.name}"
            shape = decode_object(body, InspectionShape, what)
            if shape.id != network.id:
                raise EngineGarbled(
                    "The engine's answer cannot be understood",
                    f"Asked for {network.name}, it told of another network.",
                )
            inspection = inspection_of(
                shape,
                self._now(),
                decode_object(counts, InspectionShape, what) if counts else None,
            )
        self._known[network.id] = _Known((body, counts), inspection)
        return inspection


def _worth_a_turn(snapshot: Snapshot, network: Network) -> bool:
    """Tell whether a network's view is kept fresh without being in focus.

    On a manager those are the overlays, and the bridge whose ports run out; elsewhere this node's
    view is all there is.
    """
    if snapshot.sees_cluster:
        return (network.is_swarm and network.is_allocated) or network.is_gateway_bridge
    return network.driver not in ("host", "null")


def _api_numbers(api: str) -> tuple[int, ...]:
    return tuple(int(part) for part in api.split(".") if part.isascii() and part.isdigit())
