"""Inspections of networks: the ingress and the one in focus always, the others in turn."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from swarmtui.engine.decode import decode_object
from swarmtui.engine.shapes import GossipServiceShape, InspectionShape
from swarmtui.engine.wave import Ask, Wave
from swarmtui.engine.wire import inspection_of
from swarmtui.errors import EngineAnswered, EngineGarbled, EngineTimedOut, RequestRefused
from swarmtui.model import Inspection, Network, NetworkId, Problem, Snapshot, Standing

PASS_SECONDS = 0.15
PASS_NETWORKS = 4
FIRST_NETWORKS = 16
"""How many have their turn in the first pass, when nothing is known of what they cost."""

FRESH = timedelta(seconds=10)
"""A view this young needs no turn, so that a small swarm is not asked the same every time."""
EACH = timedelta(seconds=0.1)
"""By this a view may be older for each network there is: ten in a second are asked for at most."""
_COUNTS_SINCE_API = (1, 52)
_PLAIN_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]*")


@dataclass(frozen=True, slots=True, eq=False)
class _Known:
    bodies: tuple[bytes, bytes]
    inspection: Inspection


class Inspector:
    """Inspects networks so that each one's view has a bounded age.

    Besides the ingress and the focus, a pass inspects at least `PASS_NETWORKS` networks in turn,
    and as many more as `PASS_SECONDS` are enough for, judged by the pass before and at most twice
    as many as in that; those seen less than `FRESH` ago, or `EACH` for each network, are left out.
    """

    def __init__(
        self,
        fetch: Wave,
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
        self._turns = FIRST_NETWORKS

    def choose(
        self, snapshot: Snapshot, *, focus: NetworkId | None, every_network: bool = False
    ) -> tuple[Network, ...]:
        """Return the networks to inspect in this pass: those that always are, then some in turn."""
        always = self.always(snapshot, focus)
        if every_network:
            return snapshot.networks
        first = {network.id for network in always}
        fresh = max(FRESH, len(snapshot.networks) * EACH)
        others = [
            network.id
            for network in snapshot.networks
            if network.id not in first
            and _worth_a_turn(snapshot, network)
            and not self._is_fresh(network.id, fresh)
        ]
        known = set(others)
        queue = [network_id for network_id in self._waiting if network_id in known]
        queued = set(queue)
        queue += [network_id for network_id in others if network_id not in queued]
        self._waiting = queue[self._turns :] + queue[: self._turns]
        present = snapshot.network_by_id
        return (*always, *(present[network_id] for network_id in queue[: self._turns]))

    def always(self, snapshot: Snapshot, focus: NetworkId | None) -> tuple[Network, ...]:
        """Return the networks that every pass inspects."""
        alone = snapshot.engine.standing is Standing.NO_SWARM
        return tuple(
            network
            for network in snapshot.networks
            if network.ingress or (alone and network.is_gateway_bridge) or network.id == focus
        )

    def asks(self, snapshot: Snapshot, networks: Iterable[Network]) -> Iterator[Ask]:
        """Yield the requests that inspecting these networks takes."""
        names = Counter(network.name for network in snapshot.networks)
        for network in networks:
            yield _view_of(network)
            if self._is_counted(snapshot, network, names):
                yield _counts_of(network)

    def inspect(
        self, snapshot: Snapshot, previous: Snapshot | None, networks: Sequence[Network]
    ) -> tuple[Mapping[NetworkId, Inspection], tuple[Problem, ...]]:
        """Inspect some networks of a snapshot; the others keep the inspection they had."""
        present = snapshot.network_by_id
        before = previous.inspections if previous else {}
        found = {network_id: before[network_id] for network_id in before if network_id in present}
        started = self._monotonic()
        problems = self._inspect_into(found, snapshot, networks)
        self._adapt(len(networks), self._monotonic() - started)
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
            counted = self._is_counted(snapshot, network, names)
            try:
                found[network.id] = self._inspect(network, counted=counted)
            except (EngineAnswered, EngineGarbled, EngineTimedOut, RequestRefused) as error:
                # 404: removed since the list was read; or, without a leader, not on this node.
                if not (isinstance(error, EngineAnswered) and error.status == 404):
                    since = found[network.id].taken_at if network.id in found else None
                    problems.append(
                        Problem("inspect", network.name, error.explanation or error.title, since)
                    )
                if isinstance(error, EngineGarbled):
                    self._fetch.distrust()
                if isinstance(error, EngineTimedOut):
                    break  # each of the others might cost as much waiting; their turn comes
        return tuple(problems)

    def _adapt(self, networks: int, seconds: float) -> None:
        """Choose as many in the next pass as this one's pace allows."""
        fitting = networks * PASS_SECONDS / seconds if seconds > 0 else math.inf
        self._turns = max(PASS_NETWORKS, int(min(fitting, 2 * max(networks, PASS_NETWORKS))))

    def _is_counted(self, snapshot: Snapshot, network: Network, names: Counter[str]) -> bool:
        return (
            self._counts
            and network.is_swarm
            and names[network.name] == 1
            and _PLAIN_NAME.fullmatch(network.name) is not None
            and snapshot.engine.standing is Standing.MANAGER
        )

    def _is_fresh(self, network_id: NetworkId, fresh: timedelta) -> bool:
        known = self._known.get(network_id)
        return known is not None and self._now() - known.inspection.taken_at < fresh

    def _inspect(self, network: Network, *, counted: bool) -> Inspection:
        body = self._fetch(*_view_of(network))
        counts = self._fetch(*_counts_of(network)) if counted else b""
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
            gossip = {
                name: decode_object(each, GossipServiceShape, what)
                for name, each in (shape.services or {}).items()
            }
            inspection = inspection_of(
                shape,
                gossip,
                self._now(),
                decode_object(counts, InspectionShape, what) if counts else None,
            )
        self._known[network.id] = _Known((body, counts), inspection)
        return inspection


def _view_of(network: Network) -> Ask:
    return f"/networks/{network.id}", {"verbose": "true"}


def _counts_of(network: Network) -> Ask:
    return f"/networks/{network.name}", {}


def _worth_a_turn(snapshot: Snapshot, network: Network) -> bool:
    """Tell whether a network's view is kept fresh without being in focus.

    On a manager those are the overlays, and the bridge whose ports run out; elsewhere this node's
    view is all there is.
    """
    if snapshot.sees_cluster or snapshot.engine.standing is Standing.MANAGER:
        return (network.is_swarm and network.is_allocated) or network.is_gateway_bridge
    return network.driver not in ("host", "null")


def _api_numbers(api: str) -> tuple[int, ...]:
    return tuple(int(part) for part in api.split(".") if part.isascii() and part.isdigit())
