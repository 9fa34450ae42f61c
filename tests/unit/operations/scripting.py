"""Plans of every kind, hostile ones among them, and their scripts."""

from __future__ import annotations

import re
from dataclasses import replace

import msgspec

from swarmtui.model import NetworkTarget, PublishedPort, Snapshot
from swarmtui.operations import (
    ENCRYPTED_OPTION,
    BuildIngress,
    Definition,
    Plan,
    Range,
    Refusal,
    definition_of,
    plan_operation,
    plan_repair,
    plan_rollback,
)
from swarmtui.operations.changes import Way, attaching, migration, reaching, removal_of
from swarmtui.operations.script import script_of
from swarmtui.operations.writes import Port
from tests.builders import APP, INGRESS, NODES, busy_snapshot, inspection, service

EVIL = "x'\ntouch evil; $(touch evil) `touch evil` \\ \x1b[2J \u2028touch evil\r# \""
_ALIASES = (EVIL, "a,b", 'c"d')
_WANTED = Definition(
    "my-ingress",
    (Range("10.11.0.0/16", "10.11.0.2"),),
    {"com.docker.network.driver.mtu": "1200"},
    ingress=True,
)
API = service(
    "api",
    ports=(
        PublishedPort("tcp", 80, 30000, "ingress"),
        PublishedPort("udp", 53, 8053, "ingress"),
        PublishedPort("tcp", 80, 9080, "host"),
    ),
)


def _swarm() -> Snapshot:
    """Return a swarm where one port's number was given by the engine."""
    busy = busy_snapshot()
    asked = (replace(API.ports[0], published=0), *API.ports[1:])
    return replace(busy, services=(*busy.services, replace(API, asked_ports=asked)))


def _hostile() -> Snapshot:
    swarm = _swarm()
    return replace(
        swarm,
        nodes=tuple(replace(node, hostname=f"{EVIL}{node.hostname}") for node in swarm.nodes),
        services=tuple(replace(each, name=EVIL + each.name) for each in swarm.services),
        networks=(
            *(each for each in swarm.networks if not each.ingress),
            replace(INGRESS, name=EVIL, labels={EVIL: EVIL}),
        ),
    )


def _planned(planned: Plan | Refusal) -> Plan:
    assert isinstance(planned, Plan), planned
    return planned


def _build(snapshot: Snapshot, *, at_once: bool = False) -> Plan:
    return _planned(plan_operation(snapshot, BuildIngress(_WANTED, at_once=at_once)))


def _migration(snapshot: Snapshot, way: Way, name: str = APP.name, key: str = "") -> Plan:
    """Return the encryption of a network, perhaps with an option and a label of another key."""
    present = next(each for each in snapshot.networks if each.id == APP.id)
    wanted = msgspec.structs.replace(
        definition_of(present),
        name=present.name if name == APP.name else name,
        options={ENCRYPTED_OPTION: "", **({key: key} if key else {})},
        labels={key: key} if key else {},
        ranges=() if name != APP.name else definition_of(present).ranges,
    )
    intent = migration(snapshot, present.name, wanted, way, title="Encrypt", by_hand=True)
    return _planned(plan_operation(snapshot, intent))


def _hostile_networks() -> Snapshot:
    hostile = _hostile()
    named = tuple(
        replace(each, networks=tuple(NetworkTarget(n.target, _ALIASES) for n in each.networks))
        for each in hostile.services
    )
    networks = tuple(
        replace(each, name=EVIL + each.name) if each.id == APP.id else each
        for each in hostile.networks
    )
    return replace(hostile, services=named, networks=networks)


def _network_plans() -> dict[str, Plan]:
    swarm = _swarm()
    web, api = (next(s for s in swarm.services if s.name == name) for name in ("web", "api"))
    kept = (Port("udp", 53, 8053, "ingress"), Port("tcp", 80, 9080, "host"))
    twice = replace(web, asked_ports=(*web.ports, PublishedPort("tcp", 80, 8081, "ingress")))
    twice = replace(twice, ports=twice.asked_ports)
    doubled = replace(swarm, services=(twice, *swarm.services[1:]))
    one = reaching(doubled, twice, ports=(Port("tcp", 80, 8081, "ingress"),))
    attached = attaching(swarm, web, "pay_secure", ("web", "www"))
    removed = removal_of(swarm, [APP.name, "pay_secure"], detach=True, by_hand=True)
    hostile, evil = _hostile_networks(), EVIL + APP.name
    gone = removal_of(hostile, [evil], detach=True, by_hand=True)
    joined = attaching(hostile, hostile.services[1], evil)
    named = attaching(hostile, hostile.services[0], "pay_secure", _ALIASES)
    return {
        "in place": _migration(swarm, Way.IN_PLACE),
        "quick": _migration(swarm, Way.QUICK),
        "side by side": _migration(swarm, Way.SIDE_BY_SIDE, "app2"),
        "hostile removal": _planned(plan_operation(hostile, gone)),
        "hostile network": _planned(plan_operation(hostile, joined)),
        "hostile aliases": _planned(plan_operation(hostile, named)),
        "hostile network wish": _migration(swarm, Way.QUICK, key=EVIL),
        "attach": _planned(plan_operation(swarm, attached)),
        "reach": _planned(plan_operation(swarm, reaching(swarm, api, ports=kept))),
        "one port of two": _planned(plan_operation(doubled, one)),
        "remove": _planned(plan_operation(swarm, removed)),
    }


def _plans() -> dict[str, Plan]:
    swarm = _swarm()
    bare = replace(swarm, networks=tuple(each for each in swarm.networks if not each.ingress))
    narrow = inspection(INGRESS, NODES[:1])
    partial = replace(swarm, inspections={**swarm.inspections, INGRESS.id: narrow})
    evil = Definition("wished", labels={EVIL: EVIL}, options={EVIL: EVIL}, ingress=True)
    plain = _build(swarm)
    return {
        "one after another": plain,
        "at once": _build(swarm, at_once=True),
        "hostile names": _build(_hostile()),
        "hostile wish": _planned(plan_operation(swarm, BuildIngress(evil))),
        "none there": _planned(plan_repair(replace(bare, services=()))),
        "spread": _planned(plan_repair(partial)),
        "rollback": _planned(plan_rollback(bare, plain)),
        "evil cluster": msgspec.structs.replace(plain, cluster_id=EVIL, risks=(EVIL,)),
        **_network_plans(),
    }


PLANS = _plans()


def script(plan: Plan) -> str:
    return script_of(plan, tool=f"swarmtui {EVIL}", when="2026-11-24T12:00:00Z")


def sections(script: str) -> list[list[str]]:
    """Return what stands in each step, without indentation."""
    found = re.findall(r"^if step \d+ .*?; then\n(.*?)^fi$", script, re.DOTALL | re.MULTILINE)
    return [[line.strip() for line in section.splitlines()] for section in found]
