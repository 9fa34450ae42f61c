"""Changes of one service: how people word them, what is planned, done and taken back."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from swarmtui.model import NetworkTarget, PublishedPort, Snapshot
from swarmtui.operations import (
    Operation,
    Plan,
    ReachDraft,
    Rearrange,
    Refusal,
    State,
    attaching,
    detaching,
    mode_change,
    plan_operation,
    plan_undo,
    port_text,
    ports_of,
    publishing,
    reach_draft,
    unpublishing,
)
from swarmtui.operations.lines import Intended
from swarmtui.operations.writes import Port, Wire
from tests.builders import APP, WEB, busy_snapshot
from tests.running import Bench, bench
from tests.unit.operations.planning import planned, with_services

PORTS = st.builds(
    Port,
    st.sampled_from(["tcp", "udp", "sctp"]),
    st.integers(1, 65535),
    st.integers(0, 65535),
    st.sampled_from(["ingress", "host"]),
)
MANY = replace(
    WEB,
    asked_ports=(
        PublishedPort("tcp", 80, 8080, "ingress"),
        PublishedPort("tcp", 80, 8081, "ingress"),
        PublishedPort("udp", 53, 0, "ingress"),
        PublishedPort("tcp", 91, 9100, "host"),
    ),
    ports=(
        PublishedPort("tcp", 80, 8080, "ingress"),
        PublishedPort("tcp", 80, 8081, "ingress"),
        PublishedPort("udp", 53, 30000, "ingress"),
        PublishedPort("tcp", 91, 9100, "host"),
    ),
)


@given(st.lists(PORTS, max_size=5))
def test_ports_are_read_as_they_are_written(ports: list[Port]) -> None:
    assert ports_of(port_text(ports).split()) == tuple(ports)


@given(st.text(max_size=12))
def test_whatever_is_typed_is_ports_or_the_word_that_is_none(text: str) -> None:
    words = text.split()
    found = ports_of(words)
    assert found in words if isinstance(found, str) else len(found) == len(words)


@pytest.mark.parametrize(
    ("word", "port"),
    [
        ("80", Port("tcp", 80, 0, "ingress")),
        ("8080:80", Port("tcp", 80, 8080, "ingress")),
        ("ingress:8080:80/sctp", Port("sctp", 80, 8080, "ingress")),
        ("host:53/udp", Port("udp", 53, 0, "host")),
    ],
)
def test_what_is_left_out_is_the_engines_default(word: str, port: Port) -> None:
    assert ports_of([word]) == (port,)


@pytest.mark.parametrize("word", ["", "http", "80/icmp", "1:2:3", "host:", "-80", "100000"])
def test_what_is_no_port(word: str) -> None:
    assert ports_of(["80", word]) == word
    refusal = publishing(busy_snapshot(), WEB, ["80", word])
    assert isinstance(refusal, Refusal)
    assert refusal.title == f"{word} is no port"


def after(found: Rearrange | Refusal) -> str:
    assert isinstance(found, Rearrange)
    (shape,) = found.after.services
    return port_text(shape.ports)


@pytest.mark.parametrize(
    ("words", "left"),
    [
        (["80"], "30000:53/udp host:9100:91/tcp"),
        (["8081:80"], "8080:80/tcp 30000:53/udp host:9100:91/tcp"),
        (["53/udp"], "8080:80/tcp 8081:80/tcp host:9100:91/tcp"),
        (["30000:53/udp", "host:91"], "8080:80/tcp 8081:80/tcp"),
    ],
)
def test_ports_are_closed_by_number_or_not(words: list[str], left: str) -> None:
    assert after(unpublishing(with_services(MANY), MANY, words)) == left


@pytest.mark.parametrize("word", ["8082:80", "91", "host:80", "80/udp"])
def test_what_is_not_published_cannot_be_closed(word: str) -> None:
    refusal = unpublishing(with_services(MANY), MANY, [word])
    assert isinstance(refusal, Refusal)
    assert "it publishes: 8080:80/tcp, 8081:80/tcp, 30000:53/udp, host 9100:91/tcp." in str(refusal)


def test_what_is_published_already_is_not_published_twice() -> None:
    kept = port_text(Port(p.protocol, p.target, p.published, p.mode) for p in MANY.ports)
    assert after(publishing(with_services(MANY), MANY, ["8080:80", "host:9100:91"])) == kept


@pytest.mark.parametrize(
    ("ports", "left"),
    [
        (None, "8080:80/tcp 8081:80/tcp 30000:53/udp host:9100:91/tcp"),
        ("host", "host:8080:80/tcp host:8081:80/tcp host:30000:53/udp host:9100:91/tcp"),
        ("close", "host:9100:91/tcp"),
    ],
)
def test_what_becomes_of_ports_without_virtual_addresses(ports: str | None, left: str) -> None:
    assert after(mode_change(with_services(MANY), MANY, "dnsrr", ports)) == left


def test_a_form_rewrites_only_the_ports_through_the_ingress() -> None:
    draft = ReachDraft("web", "dnsrr", "8080:80  oops host:53:53/udp 90/tcp")
    assert draft.has_ingress_ports
    assert draft.in_host_mode.ports == "host:8080:80/tcp oops host:53:53/udp host:90/tcp"
    assert draft.closed.ports == "oops host:53:53/udp"
    assert not draft.closed.has_ingress_ports
    assert reach_draft(busy_snapshot(), "nobody") is None


def test_a_network_is_attached_behind_and_detached_by_name() -> None:
    service = replace(WEB, networks=(NetworkTarget(APP.id, ("www",)),))
    snapshot = with_services(service)
    (shape,) = attaching(snapshot, service, "pay_secure", ["shop"]).after.services
    assert shape.wires == (Wire("app", ("www",)), Wire("pay_secure", ("shop",)))
    (shape,) = detaching(snapshot, service, "app").after.services
    assert shape.wires == ()


def test_a_change_to_what_there_is_is_needless() -> None:
    snapshot = busy_snapshot()
    for intent in (detaching(snapshot, WEB, "pay_secure"), mode_change(snapshot, WEB, "vip")):
        refusal = plan_operation(snapshot, intent)
        assert isinstance(refusal, Refusal)
        assert refusal.needless


def endpoint(desk: Bench, name: str) -> tuple[Any, Any, Any]:
    """Return how a service is reached: the specification, all ports, and its networks."""
    service = desk.service(name)
    spec = service["Spec"]
    networks = spec["TaskTemplate"].get("Networks") or []
    return spec.get("EndpointSpec"), service["Endpoint"].get("Ports"), networks


def intent_of(desk: Bench, name: str, act: str, *words: str) -> Rearrange:
    snapshot = desk.snapshot()
    service = next(each for each in snapshot.services if each.name == name)
    found: Rearrange | Refusal
    match act:
        case "attach":
            found = attaching(snapshot, service, words[0], words[1:])
        case "detach":
            found = detaching(snapshot, service, *words)
        case "mode":
            found = mode_change(snapshot, service, *words)
        case "publish":
            found = publishing(snapshot, service, words)
        case _:
            found = unpublishing(snapshot, service, words)
    assert isinstance(found, Rearrange)
    return found


def run(desk: Bench, plan: Plan) -> Operation:
    operation = desk.run(desk.begin(plan))
    assert (operation.state, operation.stopped) == (State.DONE, None)
    return operation


def undo_of(snapshot: Snapshot, plan: Plan) -> Plan:
    return planned(plan_undo(snapshot, plan))


CHANGES = (
    ("plain", "attach", "app", "shop", "www"),
    ("onapp", "detach", "app"),
    ("web", "mode", "dnsrr", "host"),
    ("auto", "mode", "dnsrr", "close"),
    ("mixed", "publish", "9200:92/udp"),
    ("auto", "unpublish", "53/udp"),
    ("mixed", "unpublish", "9000:90", "host:91"),
)


@pytest.mark.parametrize("change", CHANGES, ids=" ".join)
def test_what_is_done_can_be_undone(change: tuple[str, ...]) -> None:
    name, act, *words = change
    with bench() as desk:
        before = endpoint(desk, name)
        intent = intent_of(desk, name, act, *words)
        plan = planned(plan_operation(desk.snapshot(), intent))
        run(desk, plan)
        assert endpoint(desk, name) != before
        back = undo_of(desk.snapshot(), plan)
        assert back.title.startswith("Undo the change: ")
        run(desk, back)
        assert without_numbers(endpoint(desk, name)) == without_numbers(before)
        # A number that the engine had chosen comes back, asked for by then.
        assert numbers(endpoint(desk, name)) == numbers(before)


def without_numbers(found: tuple[Any, Any, Any]) -> Any:
    spec, _, networks = found
    known = ("Protocol", "TargetPort", "PublishMode")
    ports = [[each[key] for key in known] for each in (spec or {}).get("Ports", ())]
    return {**(spec or {}), "Ports": ports}, networks


def numbers(found: tuple[Any, Any, Any]) -> list[tuple[Any, ...]]:
    """Return the ports as they are published, those with numbers that the engine chose too."""
    known = ("Protocol", "TargetPort", "PublishedPort", "PublishMode")
    return sorted(tuple(each[key] for key in known) for each in found[1] or ())


@pytest.mark.parametrize("change", CHANGES[:4], ids=" ".join)
def test_what_is_half_done_can_be_rolled_back(change: tuple[str, ...]) -> None:
    name, act, *words = change
    with bench() as desk:
        before = endpoint(desk, name)
        intent = intent_of(desk, name, act, *words)
        path = desk.begin(planned(plan_operation(desk.snapshot(), intent)))
        written = []

        def is_second(line: object) -> bool:
            # Just after the write was sent, and before its answer is in the journal.
            written.append(line)
            return len(written) > 1 and any(isinstance(each, Intended) for each in written[:-1])

        desk.run_until(path, is_second)
        operation = desk.run(path, direction="back")
        assert operation.state is State.ROLLED_BACK
        assert without_numbers(endpoint(desk, name)) == without_numbers(before)
        assert numbers(endpoint(desk, name)) == numbers(before)
