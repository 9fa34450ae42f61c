"""The calls that read networks: the node's own copies first, then the swarm's record."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from swarmtui.demo.calls import Answer, Call
from swarmtui.demo.filters import Test, has_label, matching, parse_filters
from swarmtui.demo.local_shapes import inspected_local_networks, local_networks
from swarmtui.demo.network_shapes import (
    inspected_realisation,
    inspected_record,
    realised_network,
    recorded_network,
    with_status,
)
from swarmtui.demo.records import Json, Network
from swarmtui.demo.refusals import Refusal
from swarmtui.demo.view import NodeView

_BUILT_IN = ("bridge", "host", "none")


def list_networks(view: NodeView, call: Call) -> Answer:
    """Answer `/networks`.

    Errors of the cluster are dropped: without a leader, only what this node has is told
    (engine-facts 0.4).
    """
    tests: Mapping[str, Test[Json]] = {
        "scope": lambda shape, value: shape["Scope"] == value,
        "driver": lambda shape, value: shape["Driver"] == value,
        "name": lambda shape, value: value in shape["Name"],
        "id": lambda shape, value: str(shape["Id"]).startswith(value),
        "label": lambda shape, value: has_label(shape["Labels"], value),
        "type": lambda shape, value: value == ("builtin" if _built_in(shape) else "custom"),
        "dangling": lambda shape, value: not _built_in(shape),
    }
    filters = parse_filters(call.query.get("filters", ""), tests)
    rows: list[Json] = []
    if view.sees_cluster:
        networks = sorted(view.world.networks.values(), key=lambda network: network.id)
        rows += [recorded_network(view.world, network) for network in networks]
    carried = [each for each in view.carried() if each.removed or not view.sees_cluster]
    rows += [realised_network(view, network) for network in carried]
    rows += local_networks(view)
    return Answer(200, matching(rows, filters, tests))


def inspect_network(view: NodeView, call: Call, term: str) -> Answer:
    """Answer `/networks/{id or name}`.

    Raises:
        Refusal: 404, or 400 when several networks match.
    """
    scope = call.query.get("scope", "")
    known = [each for each in _candidates(view) if scope in ("", each.scope)]
    for found, based_on in _matches(known, term):
        if len(found) > 1:
            raise Refusal(
                400, f"{len(found)} matches found based on {based_on}: network {term} is ambiguous"
            )
        for each in found:
            shape = _inspected(view, call, each)
            asked_otherwise = based_on != "ID"
            if asked_otherwise and each.is_recorded and each.network and view.sees_cluster:
                shape = with_status(shape, each.network, call.api)
            return Answer(200, shape)
    raise Refusal(404, f"network {term} not found")


def find_to_remove(view: NodeView, term: str) -> Candidate:
    """Return the network that is to be removed.

    The copy of the ingress that a node carries is only meant by its whole id, so that a worker
    does not know the ingress by name.

    Raises:
        Refusal: 404, or 400 when several networks match.
    """
    known = list(_candidates(view))
    named = [each for each in known if not each.is_copy_of_ingress(view)]
    for found, based_on in (*_matches(known, term)[:1], *_matches(named, term)[1:]):
        if len(found) > 1:
            raise Refusal(
                400, f"network {term} is ambiguous ({len(found)} matches found based on {based_on})"
            )
        for each in found:
            return each
    raise Refusal(404, f"network {term} not found")


@dataclass(frozen=True, slots=True)
class Candidate:
    """A network that may be meant; `network` is None for the node's own ones."""

    id: str
    name: str
    scope: str
    network: Network | None = None

    @property
    def is_recorded(self) -> bool:
        """Tell whether the swarm has it on record."""
        return self.network is not None and not self.network.removed

    def is_copy_of_ingress(self, view: NodeView) -> bool:
        """Tell whether only the asked node itself knows it, and it is an ingress network."""
        recorded = self.is_recorded and view.sees_cluster
        return self.network is not None and self.network.ingress and not recorded


def _matches(known: list[Candidate], term: str) -> list[tuple[list[Candidate], str]]:
    """Return what a term may mean, the surest meaning first."""
    return [
        ([each for each in known if each.id == term], "ID"),
        ([each for each in known if each.name == term], "name"),
        ([each for each in known if each.id.startswith(term)], "ID prefix"),
    ]


def _candidates(view: NodeView) -> Iterator[Candidate]:
    for shape in local_networks(view):
        yield Candidate(str(shape["Id"]), str(shape["Name"]), "local")
    known = list(view.world.networks.values()) if view.sees_cluster else []
    for network in {each.id: each for each in (*known, *view.carried())}.values():
        yield Candidate(network.id, network.name, "swarm", network)


def _inspected(view: NodeView, call: Call, candidate: Candidate) -> Json:
    network = candidate.network
    if network is None:
        shapes = inspected_local_networks(view, call.api)
        return next(each for each in shapes if each["Id"] == candidate.id)
    if view.carries(network):
        return inspected_realisation(view, network, call.api, verbose=call.flag("verbose"))
    return inspected_record(view.world, network, call.api)


def _built_in(shape: Json) -> bool:
    return shape["Name"] in _BUILT_IN or bool(shape["Ingress"])
