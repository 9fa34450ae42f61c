"""Changes of networks whose runner is killed at any line of its journal, and what is undone."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

import msgspec
import pytest

from swarmtui.demo import Swarm
from swarmtui.operations import Intent, Operation, Plan, State, Way, plan_undo
from swarmtui.operations.changes import (
    attaching,
    creation_of,
    detaching,
    migration,
    reaching,
    removal_of,
    splitting,
)
from swarmtui.operations.definition import Definition, Range, definition_of
from swarmtui.operations.journal import Journal
from swarmtui.operations.lines import Line
from swarmtui.operations.network_sights import swarm_network
from swarmtui.operations.writes import Port
from tests.running import Bench, Killed, bench
from tests.unit.operations.running.arrangements import (
    NETWORK,
    OTHER,
    Look,
    look_at,
    shop_swarm,
    sorted_addresses,
)
from tests.unit.operations.running.films import PACE, Film, appending, revived, shoot

OTHER_WAY = {"forward": "back", "back": "forward"}
STATES = {"forward": State.DONE, "back": State.ROLLED_BACK}
SPLIT = Definition("half", (Range("10.51.0.0/24"),))


@dataclass(frozen=True)
class Change:
    """A change, and what it makes of how the swarm looked before."""

    intent: Callable[[Bench], Intent]
    made: Callable[[Look], Look]


def wanted(served: Bench, **parts: Any) -> Definition:
    network = swarm_network(served.snapshot(), NETWORK)
    assert network is not None
    return msgspec.structs.replace(definition_of(network), **parts)


def encrypted(served: Bench, way: Way) -> Intent:
    snapshot = served.snapshot()
    name = f"{NETWORK}2" if way is Way.SIDE_BY_SIDE else NETWORK
    definition = wanted(served, name=name)
    options = {**definition.options, "encrypted": ""}
    definition = msgspec.structs.replace(definition, options=options)
    if way is Way.SIDE_BY_SIDE:
        definition = msgspec.structs.replace(definition, ranges=(Range("10.51.0.0/24"),))
    return migration(snapshot, NETWORK, definition, way, at_once=True)


def with_encryption(before: Look, name: str = NETWORK) -> Look:
    config, options, labels, attachable, internal = before.networks[NETWORK]
    if name != NETWORK:
        config = [{"Subnet": "10.51.0.0/24", "Gateway": "10.51.0.1"}]
    networks = {key: value for key, value in before.networks.items() if key != NETWORK}
    networks[name] = (config, {**options, "encrypted": ""}, labels, attachable, internal)
    return replace(
        before,
        networks=networks,
        specs=mapped(before.specs, lambda target: name if target == NETWORK else target),
        addresses={
            service: [(name if network == NETWORK else network, length) for network, length in each]
            for service, each in before.addresses.items()
        },
    )


def mapped(specs: Mapping[str, Any], rename: Callable[[str], str]) -> dict[str, Any]:
    found = {}
    for name, spec in specs.items():
        template = spec["TaskTemplate"]
        networks = [{**each, "Target": rename(each["Target"])} for each in template["Networks"]]
        found[name] = {**spec, "TaskTemplate": {**template, "Networks": networks}}
    return found


def with_networks(before: Look, service: str, networks: list[Any]) -> Look:
    spec = before.specs[service]
    template = {key: value for key, value in spec["TaskTemplate"].items() if key != "Networks"}
    if networks:
        template["Networks"] = networks
    specs = {**before.specs, service: {**spec, "TaskTemplate": template}}
    names = {each["Target"] for each in networks}
    held = [each for each in before.addresses[service] if each[0] in (*names, "ingress")]
    missing = names - {name for name, _ in held}
    lengths = {OTHER: "26", NETWORK: "24", SPLIT.name: "24"}
    held += [(name, lengths[name]) for name in sorted(missing)]
    return replace(before, specs=specs, addresses={**before.addresses, service: held})


def attach(served: Bench) -> Intent:
    snapshot = served.snapshot()
    (web,) = (each for each in snapshot.services if each.name == "web")
    return attaching(snapshot, web, OTHER, ("front",))


def attached(before: Look) -> Look:
    networks = before.specs["web"]["TaskTemplate"]["Networks"]
    return with_networks(before, "web", [*networks, {"Target": OTHER, "Aliases": ["front"]}])


def detach(served: Bench) -> Intent:
    snapshot = served.snapshot()
    (api,) = (each for each in snapshot.services if each.name == "api")
    return detaching(snapshot, api, NETWORK)


def detached(before: Look) -> Look:
    networks = before.specs["api"]["TaskTemplate"]["Networks"]
    return with_networks(before, "api", [each for each in networks if each["Target"] == OTHER])


def turn(served: Bench) -> Intent:
    snapshot = served.snapshot()
    (web,) = (each for each in snapshot.services if each.name == "web")
    ports = (Port("tcp", 80, 8080, "host"), Port("udp", 53, 53, "host"))
    return reaching(snapshot, web, mode="dnsrr", ports=ports)


def turned(before: Look) -> Look:
    endpoint = {
        "Mode": "dnsrr",
        "Ports": [
            {"Protocol": "tcp", "TargetPort": 80, "PublishedPort": 8080, "PublishMode": "host"},
            {"Protocol": "udp", "TargetPort": 53, "PublishedPort": 53, "PublishMode": "host"},
        ],
    }
    specs = {**before.specs, "web": {**before.specs["web"], "EndpointSpec": endpoint}}
    untouched = {
        **before.untouched,
        "vips": {k: v for k, v in before.untouched["vips"].items() if k[0] != "web"},
    }
    return replace(
        before, specs=specs, addresses={**before.addresses, "web": []}, untouched=untouched
    )


def remove(served: Bench) -> Intent:
    return removal_of(served.snapshot(), (NETWORK,), detach=True)


def removed(before: Look) -> Look:
    after = before
    for service in ("web", "api", "agent", "store", "idle"):
        networks = before.specs[service]["TaskTemplate"]["Networks"]
        kept = [each for each in networks if each["Target"] != NETWORK]
        after = with_networks(after, service, kept)
    networks = {name: each for name, each in before.networks.items() if name != NETWORK}
    addresses = {**after.addresses, "store": []}
    return replace(after, networks=networks, addresses=addresses)


def split(served: Bench) -> Intent:
    return splitting(served.snapshot(), NETWORK, SPLIT, ("web",), ("api",), at_once=True)


def divided(before: Look) -> Look:
    web = before.specs["web"]["TaskTemplate"]["Networks"]
    api = before.specs["api"]["TaskTemplate"]["Networks"]
    after = with_networks(before, "web", [{**web[0], "Target": SPLIT.name}])
    after = with_networks(after, "api", [*api, {**api[1], "Target": SPLIT.name}])
    config = [{"Subnet": "10.51.0.0/24", "Gateway": "10.51.0.1"}]
    return replace(
        after, networks={**before.networks, SPLIT.name: (config, {}, None, False, False)}
    )


def create(_: Bench) -> Intent:
    return creation_of(SPLIT)


def created(before: Look) -> Look:
    config = [{"Subnet": "10.51.0.0/24", "Gateway": "10.51.0.1"}]
    return replace(
        before, networks={**before.networks, SPLIT.name: (config, {}, None, False, False)}
    )


CHANGES = {
    "in place": Change(lambda served: encrypted(served, Way.IN_PLACE), with_encryption),
    "quick": Change(lambda served: encrypted(served, Way.QUICK), with_encryption),
    "side by side": Change(
        lambda served: encrypted(served, Way.SIDE_BY_SIDE),
        lambda before: with_encryption(before, f"{NETWORK}2"),
    ),
    "attach": Change(attach, attached),
    "detach": Change(detach, detached),
    "endpoint": Change(turn, turned),
    "remove": Change(remove, removed),
    "split": Change(split, divided),
    "create": Change(create, created),
}


@pytest.fixture(autouse=True)
def _in_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    # What a power failure leaves of a file is not what is tried here.
    monkeypatch.setattr(os, "fsync", lambda _: None)


def assert_like(swarm: Swarm, expected: Look, name: str, *, undone: bool = False) -> None:
    now = look_at(swarm)
    if undone or name in ("side by side", "split"):
        now, expected = without_unknown(now), without_unknown(expected)
    if name == "attach":
        # The address that it gets there is new.
        now, expected = (replace(each, untouched={}) for each in (now, expected))
    if undone and name == "endpoint":
        # An address that was given back is not given out again at once.
        now, expected = (replace(each, untouched={}) for each in (now, expected))
    assert now.networks == expected.networks
    assert now.specs == expected.specs
    assert sorted_addresses(now) == sorted_addresses(expected)
    assert now.running == expected.running
    assert now.untouched == expected.untouched


@cache
def film(name: str) -> Film[Look]:
    """Photograph one run of a change."""
    change = CHANGES[name]
    return shoot(
        shop_swarm,
        lambda served: served.plan(change.intent(served)),
        look_at,
        lambda swarm, before: assert_like(swarm, change.made(before), name),
    )


def assert_end(served: Bench, operation: Operation, direction: str, name: str) -> None:
    before = film(name).before
    assert (operation.state, operation.stopped) == (STATES[direction], None)
    expected = before if direction == "back" else CHANGES[name].made(before)
    undone = direction == "back" and name == "endpoint"
    assert_like(served.swarm, expected, name, undone=undone)


@pytest.mark.parametrize("direction", STATES)
@pytest.mark.parametrize("name", CHANGES)
def test_killed_at_any_line_it_comes_to_its_end(name: str, direction: str) -> None:
    taken = film(name)
    for photograph in taken.photographs:
        with revived(photograph, taken.name) as (served, path):
            assert_end(served, served.run(path, direction), direction, name)


@pytest.mark.parametrize("direction", STATES)
@pytest.mark.parametrize("name", ["in place", "quick", "split", "remove"])
def test_killed_again_on_its_way_it_can_turn_round(name: str, direction: str) -> None:
    taken = film(name)
    turns = 0
    for number, photograph in enumerate(taken.photographs[4::6]):
        with revived(photograph, taken.name) as (served, path):
            left = 3 + 5 * number % 23

            def kill(_: Journal, __: Line, append: Callable[[], None]) -> None:
                nonlocal left
                left -= 1
                if left < 0:
                    raise Killed
                append()

            try:
                with appending(kill):
                    served.run(path, direction)
            except Killed:
                turns += 1
                other = OTHER_WAY[direction]
                assert_end(served, served.run(path, other), other, name)
    assert turns > 1


@pytest.mark.parametrize("name", CHANGES)
def test_what_is_done_can_be_undone_and_done_again(name: str) -> None:
    change = CHANGES[name]
    with bench(shop_swarm(), pace=PACE) as served:
        before = look_at(served.swarm)
        plan = served.plan(change.intent(served))
        assert served.run(served.begin(plan)).state is State.DONE
        after = look_at(served.swarm)
        back = plan_undo(served.snapshot(), plan)
        assert isinstance(back, Plan), back
        assert back.title.startswith("Undo the change: ")
        undone = served.run(served.begin(back))
        assert (undone.state, undone.stopped) == (State.DONE, None)
        assert_like(served.swarm, before, name, undone=True)
        again = plan_undo(served.snapshot(), back)
        assert isinstance(again, Plan), again
        assert again.title == plan.title
        assert served.run(served.begin(again)).state is State.DONE
        assert_like(served.swarm, after, name, undone=True)


def without_unknown(look: Look) -> Look:
    """Leave out fields of entries that swarmtui does not know: an entry that is new has none."""
    specs = {}
    for service, spec in look.specs.items():
        template = dict(spec["TaskTemplate"])
        if "Networks" in template:
            template["Networks"] = [
                {key: value for key, value in each.items() if key != "Future"}
                for each in template["Networks"]
            ]
        specs[service] = {**spec, "TaskTemplate": template}
    return replace(look, specs=specs)
