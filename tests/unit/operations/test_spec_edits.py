"""What survives in a specification whose ports are taken out and put back."""

from __future__ import annotations

import json
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from swarmtui.operations.running.edits import (
    asked_ports,
    read_object,
    with_label,
    with_ports,
    without_ingress_ports,
    without_label,
)
from swarmtui.operations.writes import Port

# Written by hand: each is another text than a JSON writer would choose for the same value.
ODD = (
    b'{"Zeta":{"n":1.50,"e":1e3,"big":123456789012345678901234567890},"Alpha":[1.0,-0.0,{}],'
    b'"Text":"\\u003ca\\u003e \\/","Nothing":null}'
)


def numbered(port: Port, number: int) -> Port:
    return msgspec.structs.replace(port, published=number)


def raw_port(port: Port, *, said: bool, future: bytes | None) -> bytes:
    """Write a port, with its defaults said or left out."""
    parts = [b'"Protocol":"%s"' % port.protocol.encode()]
    parts.append(b'"TargetPort":%d' % port.target)
    if port.published or said:
        parts.append(b'"PublishedPort":%d' % port.published)
    if port.mode != "ingress" or said:
        parts.append(b'"PublishMode":"%s"' % port.mode.encode())
    if future is not None:
        parts.insert(1, b'"Future":%s' % future)
    return b"{%s}" % b",".join(parts)


def raw_spec(ports: list[bytes], *, outer: bytes = ODD, inner: bytes = ODD) -> msgspec.Raw:
    written = b',"Ports":[%s]' % b",".join(ports) if ports else b""
    return msgspec.Raw(
        b'{"Name":"web","Odd":%s,"EndpointSpec":{"Mode":"vip","Odd":%s%s},"Last":%s}'
        % (outer, inner, written, outer)
    )


_PORTS = st.builds(
    Port,
    protocol=st.sampled_from(["tcp", "udp", "sctp"]),
    target=st.sampled_from([53, 80]),
    published=st.sampled_from([0, 8080, 8081]),
    mode=st.sampled_from(["ingress", "ingress", "host"]),
)
_JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=6,
)


@st.composite
def specs(draw: st.DrawFn) -> tuple[msgspec.Raw, tuple[Port, ...]]:
    ports = draw(st.lists(_PORTS, max_size=5, unique=True))
    written = [
        raw_port(
            port,
            said=draw(st.booleans()),
            future=draw(st.sampled_from([None, ODD, b"[1.50,1e3]"])),
        )
        for port in ports
    ]
    future = json.dumps(draw(_JSON), indent=draw(st.sampled_from([None, 1]))).encode()
    return raw_spec(written, inner=future), tuple(ports)


@given(specs())
def test_ports_are_read_as_they_are_written(drawn: tuple[msgspec.Raw, tuple[Port, ...]]) -> None:
    assert asked_ports(drawn[0]) == drawn[1]


@given(specs())
def test_taking_out_and_putting_back_changes_no_byte(
    drawn: tuple[msgspec.Raw, tuple[Port, ...]],
) -> None:
    spec, ports = drawn
    closed = without_ingress_ports(spec)
    assert asked_ports(closed) == tuple(port for port in ports if port.mode == "host")
    assert bytes(with_ports(closed, ports, spec)) == bytes(spec)


@given(specs())
def test_taking_out_twice_takes_out_no_more(drawn: tuple[msgspec.Raw, tuple[Port, ...]]) -> None:
    once = without_ingress_ports(drawn[0])
    assert bytes(without_ingress_ports(once)) == bytes(once)


@given(specs(), st.lists(st.integers(30000, 32767), min_size=5, max_size=5, unique=True))
def test_only_numbers_that_were_assigned_differ_afterwards(
    drawn: tuple[msgspec.Raw, tuple[Port, ...]], numbers: list[int]
) -> None:
    spec, asked = drawn
    ports = tuple(
        numbered(port, number) if port.mode == "ingress" and not port.published else port
        for port, number in zip(asked, numbers, strict=False)
    )
    after = with_ports(without_ingress_ports(spec), ports, spec)
    assert asked_ports(after) == ports
    old, new = json.loads(bytes(spec)), json.loads(bytes(after))
    for before, now, port in zip(
        old["EndpointSpec"].get("Ports", ()),
        new["EndpointSpec"].get("Ports", ()),
        ports,
        strict=True,
    ):
        assert now.pop("PublishedPort", 0) == port.published
        before.pop("PublishedPort", None)
    assert json.dumps(old) == json.dumps(new)


@given(specs())
def test_what_somebody_changed_meanwhile_is_kept(
    drawn: tuple[msgspec.Raw, tuple[Port, ...]],
) -> None:
    spec, ports = drawn
    closed = bytes(without_ingress_ports(spec)).replace(
        b'"Name":"web"', b'"Name":"new","More":1.50'
    )
    opened = bytes(with_ports(msgspec.Raw(closed), ports, spec))
    assert opened == bytes(spec).replace(b'"Name":"web"', b'"Name":"new","More":1.50')


def test_odd_writing_survives_byte_for_byte() -> None:
    spec = raw_spec([raw_port(Port("tcp", 80, 8080, "ingress"), said=True, future=ODD)])
    closed = bytes(without_ingress_ports(spec))
    assert closed.count(ODD) == 3
    opened = bytes(with_ports(msgspec.Raw(closed), (Port("tcp", 80, 8080, "ingress"),), spec))
    assert opened.count(ODD) == 4


def test_a_number_is_put_beside_fields_that_are_not_known() -> None:
    spec = raw_spec([raw_port(Port("tcp", 80, 0, "ingress"), said=False, future=ODD)])
    edited = with_ports(without_ingress_ports(spec), (Port("tcp", 80, 30001, "ingress"),), spec)
    assert b'{"Protocol":"tcp","Future":%s,"TargetPort":80,"PublishedPort":30001}' % ODD in bytes(
        edited
    )


def test_the_same_port_in_both_modes() -> None:
    twins = (Port("tcp", 80, 8080, "ingress"), Port("tcp", 80, 8080, "host"))
    for ports in (twins, twins[::-1]):
        spec = raw_spec(
            [raw_port(port, said=True, future=b'"%s"' % port.mode.encode()) for port in ports]
        )
        closed = without_ingress_ports(spec)
        assert asked_ports(closed) == (twins[1],)
        assert b'"Future":"host"' in bytes(closed)
        assert b'"Future":"ingress"' not in bytes(closed)
        assert bytes(with_ports(closed, ports, spec)) == bytes(spec)


def test_a_changed_host_port_stays_while_the_others_come_back() -> None:
    kept = raw_port(Port("tcp", 91, 9200, "host"), said=True, future=ODD)
    ports = (Port("tcp", 91, 9100, "host"), Port("tcp", 80, 8080, "ingress"))
    image = raw_spec([raw_port(port, said=True, future=None) for port in ports])
    edited = with_ports(raw_spec([kept]), ports, image)
    assert asked_ports(edited) == (Port("tcp", 91, 9200, "host"), ports[1])
    assert kept in bytes(edited)


@pytest.mark.parametrize(
    "document",
    [
        b'{"Odd":1.50}',
        b'{"Odd":1.50,"EndpointSpec":null}',
        b'{"Odd":1.50,"EndpointSpec":{}}',
        b'{"Odd":1.50,"EndpointSpec":{"Ports":null}}',
        b'{"Odd":1.50,"EndpointSpec":{"Ports":[]}}',
    ],
)
def test_a_service_without_ports(document: bytes) -> None:
    spec = msgspec.Raw(document)
    assert asked_ports(spec) == ()
    closed = without_ingress_ports(spec)
    assert bytes(closed).startswith(b'{"Odd":1.50')
    assert asked_ports(closed) == ()
    port = Port("tcp", 80, 8080, "ingress")
    opened = with_ports(closed, (port,), None)
    assert asked_ports(opened) == (port,)
    assert bytes(without_ingress_ports(opened)) == b'{"Odd":1.50,"EndpointSpec":{}}'


def test_version_and_specification_are_read_as_they_are() -> None:
    body = b'{"ID":"x","Version":{"Index":42,"Odd":1},"Spec":%s,"Odd":1.50}' % ODD
    found = read_object(body)
    assert (found.version.index, bytes(found.spec)) == (42, ODD)


@pytest.mark.parametrize("labels", [b"", b',"Labels":null', b',"Labels":{"a":"b"}'])
def test_a_label_comes_and_goes(labels: bytes) -> None:
    spec = msgspec.Raw(b'{"Odd":%s%s}' % (ODD, labels))
    labelled = with_label(spec, "mark")
    found: Any = json.loads(bytes(labelled))["Labels"]
    had: Any = json.loads(bytes(spec)).get("Labels") or {}
    assert found == {**had, "mark": ""}
    assert bytes(labelled).count(ODD) == 1
    cleaned = without_label(labelled, "mark")
    assert json.loads(bytes(cleaned))["Labels"] == had
    assert bytes(cleaned).count(ODD) == 1
    assert without_label(spec, "mark") is spec
