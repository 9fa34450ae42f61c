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
    by_name: dict[str, _Candidate] = {}
    by_prefix: dict[str, _Candidate] = {}
    for each in _candidates(view):
        if call.query.get("scope", "") not in ("", each.scope):
            continue
        if each.id == term:
            return Answer(200, _inspected(view, call, each))
        if each.name == term:
            by_name[each.id] = each
        if each.id.startswith(term):
            by_prefix[each.id] = each
    for found, based_on in ((by_name, "name"), (by_prefix, "ID prefix")):
        if len(found) > 1:
            raise _ambiguous(view, term, len(found), based_on)
        for each in found.values():
            shape = _inspected(view, call, each)
            if each.network is not None and not each.network.removed and view.sees_cluster:
                shape = with_status(shape, each.network, call.api)
            return Answer(200, shape)
    raise Refusal(404, f"network {term} not found")


@dataclass(frozen=True, slots=True)
class _Candidate:
    """A network that may be meant; `network` is None for the node's own ones."""

    id: str
    name: str
    scope: str
    network: Network | None = None


def _candidates(view: NodeView) -> Iterator[_Candidate]:
    for shape in local_networks(view):
        yield _Candidate(str(shape["Id"]), str(shape["Name"]), "local")
    known = list(view.world.networks.values()) if view.sees_cluster else []
    for network in {each.id: each for each in (*known, *view.carried())}.values():
        yield _Candidate(network.id, network.name, "swarm", network)


def _inspected(view: NodeView, call: Call, candidate: _Candidate) -> Json:
    network = candidate.network
    if network is None:
        shapes = inspected_local_networks(view, call.api)
        return next(each for each in shapes if each["Id"] == candidate.id)
    if view.carries(network):
        return inspected_realisation(view, network, call.api, verbose=call.flag("verbose"))
    return inspected_record(view.world, network, call.api)


def _ambiguous(view: NodeView, term: str, count: int, based_on: str) -> Refusal:
    if view.world.release.split_inspect:
        return Refusal(
            400, f"{count} matches found based on {based_on}: network {term} is ambiguous"
        )
    return Refusal(400, f"network {term} is ambiguous ({count} matches found based on {based_on})")


def _built_in(shape: Json) -> bool:
    return shape["Name"] in _BUILT_IN or bool(shape["Ingress"])
