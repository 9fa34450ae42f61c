"""Edits of raw specifications."""

from __future__ import annotations

import json
from typing import Any

import msgspec
import pytest

from swarmtui.operations.running.edits import (
    asked_ports,
    read_object,
    with_ports,
    without_ingress_ports,
)
from swarmtui.operations.writes import Port


def raw(value: Any) -> msgspec.Raw:
    return msgspec.Raw(json.dumps(value).encode())


def spec(*ports: Any, **fields: Any) -> msgspec.Raw:
    return raw({"Name": "web", "EndpointSpec": {"Mode": "vip", "Ports": ports, "X": 1}, **fields})


def ports_of(edited: msgspec.Raw) -> Any:
    return json.loads(bytes(edited))["EndpointSpec"].get("Ports")


def port(published: int, target: int, mode: str = "ingress", **fields: Any) -> Any:
    return {
        "Protocol": "tcp",
        "TargetPort": target,
        "PublishedPort": published,
        "PublishMode": mode,
        **fields,
    }


def plain(published: int, target: int, mode: str = "ingress") -> Port:
    return Port("tcp", target, published, mode)


def test_ports_have_the_engines_defaults() -> None:
    bare = raw({"EndpointSpec": {"Ports": [{"TargetPort": 80}]}})
    assert asked_ports(bare) == (Port("tcp", 80, 0, "ingress"),)


@pytest.mark.parametrize(
    "document",
    [
        {},
        {"EndpointSpec": None},
        {"EndpointSpec": {}},
        {"EndpointSpec": {"Ports": None}},
        {"EndpointSpec": {"Ports": []}},
    ],
)
def test_no_ports_are_no_ports(document: Any) -> None:
    assert asked_ports(raw(document)) == ()
    assert asked_ports(with_ports(raw(document), (plain(80, 80),), None)) == (plain(80, 80),)


def test_every_other_byte_stays() -> None:
    odd = b'{"Labels":{"a":"\\u003c"},"Number":1.50,"Big":12345678901234567890,"EndpointSpec":{}}'
    edited = bytes(without_ingress_ports(msgspec.Raw(odd)))
    assert edited == odd


def test_a_port_without_mode_is_one_of_the_ingress() -> None:
    assert ports_of(without_ingress_ports(spec({"TargetPort": 80}, port(91, 91, "host")))) == [
        port(91, 91, "host")
    ]


def test_the_last_port_takes_the_list_with_it() -> None:
    edited = without_ingress_ports(spec(port(80, 80)))
    assert json.loads(bytes(edited))["EndpointSpec"] == {"Mode": "vip", "X": 1}


def test_ports_come_back_in_order_and_with_their_numbers() -> None:
    image = spec(port(0, 80, Odd=[1.50]), port(91, 91, "host"), port(443, 443))
    now = without_ingress_ports(image)
    wanted = (plain(30000, 80), plain(91, 91, "host"), plain(443, 443))
    edited = with_ports(now, wanted, image)
    assert asked_ports(edited) == wanted
    assert ports_of(edited)[0]["Odd"] == [1.5]


def test_two_ports_of_one_target_keep_their_own_fields() -> None:
    image = spec(port(8000, 80, Odd="a"), port(8001, 80, Odd="b"))
    edited = with_ports(without_ingress_ports(image), (plain(8000, 80), plain(8001, 80)), image)
    assert ports_of(edited) == [port(8000, 80, Odd="a"), port(8001, 80, Odd="b")]


def test_two_open_ports_of_one_target_keep_their_own_fields() -> None:
    image = spec(port(0, 80, Odd="a"), port(0, 80, Odd="b"))
    edited = with_ports(without_ingress_ports(image), (plain(30000, 80), plain(30001, 80)), image)
    assert ports_of(edited) == [port(30000, 80, Odd="a"), port(30001, 80, Odd="b")]


def test_a_host_port_without_number_stays_without() -> None:
    open_port = {"TargetPort": 91, "PublishMode": "host"}
    image = spec(open_port, port(80, 80))
    edited = with_ports(without_ingress_ports(image), (plain(0, 91, "host"), plain(80, 80)), image)
    assert ports_of(edited) == [open_port, port(80, 80)]


def test_host_ports_that_changed_meanwhile_stay_as_they_are() -> None:
    image = spec(port(80, 80), port(91, 91, "host"))
    now = spec(port(92, 91, "host", Odd=1))
    edited = with_ports(now, (plain(80, 80), plain(91, 91, "host")), image)
    assert ports_of(edited) == [port(92, 91, "host", Odd=1), port(80, 80)]


def test_without_an_image_ports_are_written_anew() -> None:
    edited = with_ports(spec(), (plain(8080, 80), plain(0, 91)), None)
    assert ports_of(edited)[0] == port(8080, 80)
    assert "PublishedPort" not in ports_of(edited)[1]


def test_ports_that_the_image_has_not_are_written_anew() -> None:
    image = spec(port(8080, 80, Odd=1))
    assert ports_of(with_ports(spec(), (plain(9090, 80),), image)) == [port(9090, 80)]


@pytest.mark.parametrize("body", [b"", b"[]", b"{}", b'{"Version":{"Index":"x"},"Spec":{}}'])
def test_what_is_no_service_is_told_apart(body: bytes) -> None:
    with pytest.raises(msgspec.DecodeError):
        read_object(body)
