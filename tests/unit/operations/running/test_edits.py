"""Edits of raw specifications."""

from __future__ import annotations

import json
from typing import Any

import msgspec
import pytest

from swarmtui.operations.running.edits import (
    asked_mode,
    asked_ports,
    asked_wires,
    read_object,
    with_endpoint,
    with_ports,
    with_wires,
    without_ingress_ports,
)
from swarmtui.operations.writes import Port, Wire


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


def shaped(*networks: Any, **fields: Any) -> msgspec.Raw:
    return raw({"Name": "web", "TaskTemplate": {"Networks": list(networks), "X": 1.5}, **fields})


def networks_of(edited: msgspec.Raw) -> Any:
    return json.loads(bytes(edited))["TaskTemplate"].get("Networks")


@pytest.mark.parametrize(
    "document",
    [
        {},
        {"TaskTemplate": {}},
        {"TaskTemplate": {"Networks": None}, "Networks": None},
        {"TaskTemplate": {"Networks": []}, "Networks": []},
    ],
)
def test_no_networks_are_no_networks(document: Any) -> None:
    assert asked_wires(raw(document)) == ()
    if "TaskTemplate" in document:
        assert asked_wires(with_wires(raw(document), (Wire("a"),), None)) == (Wire("a"),)
        assert networks_of(with_wires(raw(document), (), None)) is None


def test_networks_are_read_by_name_or_id_and_with_all_that_is_said_of_them() -> None:
    found = asked_wires(
        shaped({"Target": "app"}, {"Target": "id", "Aliases": ["w"], "DriverOpts": {"k": "v"}})
    )
    assert found == (Wire("app"), Wire("id", ("w",), (("k", "v"),)))
    assert asked_wires(shaped({"Target": "app", "Aliases": None, "DriverOpts": None})) == (
        Wire("app"),
    )


def test_networks_beside_the_template_move_into_it() -> None:
    old = raw({"TaskTemplate": {"X": 1}, "Networks": [{"Target": "a", "Odd": 1}], "Name": "web"})
    assert asked_wires(old) == (Wire("a"),)
    edited = json.loads(bytes(with_wires(old, (Wire("a"), Wire("b")), None)))
    assert edited == {
        "TaskTemplate": {"X": 1, "Networks": [{"Target": "a", "Odd": 1}, {"Target": "b"}]},
        "Name": "web",
    }
    gone = json.loads(bytes(with_wires(old, (), None)))
    assert gone == {"TaskTemplate": {"X": 1}, "Name": "web"}


def test_networks_of_the_template_are_what_counts() -> None:
    both = raw({"TaskTemplate": {"Networks": [{"Target": "a"}]}, "Networks": [{"Target": "b"}]})
    assert asked_wires(both) == (Wire("a"),)


def test_a_network_that_takes_anothers_place_keeps_what_is_not_known_of_it() -> None:
    before = shaped({"Target": "a", "Aliases": ["w"], "Odd": [1.50]}, {"Target": "b", "Odd": 2})
    edited = with_wires(before, (Wire("c", ("w",)), Wire("b")), None)
    assert networks_of(edited) == [
        {"Target": "c", "Aliases": ["w"], "Odd": [1.5]},
        {"Target": "b", "Odd": 2},
    ]
    # Other aliases are another entry.
    assert networks_of(with_wires(before, (Wire("c", ("x",)),), None)) == [
        {"Target": "c", "Aliases": ["x"]}
    ]


def test_a_network_that_comes_back_is_as_it_was() -> None:
    before = shaped({"Target": "a", "DriverOpts": {"k": "v"}, "Odd": 1})
    now = with_wires(before, (), before)
    assert networks_of(now) is None
    again = with_wires(now, (Wire("a", (), (("k", "v"),)),), before)
    assert networks_of(again) == [{"Target": "a", "DriverOpts": {"k": "v"}, "Odd": 1}]
    # A new network of the same name has another id.
    again = with_wires(now, (Wire("a2", (), (("k", "v"),)),), before)
    assert networks_of(again) == [{"Target": "a2", "DriverOpts": {"k": "v"}, "Odd": 1}]


def test_every_other_byte_of_a_service_stays() -> None:
    odd = (
        b'{"TaskTemplate":{"Number":1.50,"Networks":[{"Target":"a","Odd":"\\u003c"}]},'
        b'"Big":12345678901234567890}'
    )
    edited = bytes(with_wires(msgspec.Raw(odd), (Wire("a"),), None))
    assert b'"Number":1.50' in edited
    assert b'{"Target":"a","Odd":"\\u003c"}' in edited
    assert b"12345678901234567890" in edited


@pytest.mark.parametrize("endpoint", [{}, {"EndpointSpec": None}, {"EndpointSpec": {"Mode": ""}}])
def test_the_mode_is_the_engines_default(endpoint: Any) -> None:
    assert asked_mode(raw(endpoint)) == "vip"
    edited = with_endpoint(raw(endpoint), "dnsrr", (plain(80, 80, "host"),), None)
    assert asked_mode(edited) == "dnsrr"
    assert asked_ports(edited) == (plain(80, 80, "host"),)
    same = json.loads(bytes(with_endpoint(raw(endpoint), "vip", (), None)))
    assert (same["EndpointSpec"] or {}).get("Mode", "") == ""


def test_a_port_that_opens_in_another_way_keeps_what_is_not_known_of_it() -> None:
    before = spec(port(8080, 80, Name="http"), port(0, 53, Name="dns"))
    wanted = (plain(8080, 80, "host"), plain(5353, 53))
    edited = with_endpoint(before, "vip", wanted, before)
    assert ports_of(edited) == [port(8080, 80, "host", Name="http"), port(5353, 53, Name="dns")]
    open_again = with_endpoint(edited, "vip", (plain(0, 80),), edited)
    kept = {key: value for key, value in port(0, 80, Name="http").items() if key != "PublishedPort"}
    assert ports_of(open_again) == [kept]


def test_a_port_beside_an_open_one_of_the_same_target_stays_itself() -> None:
    before = spec(port(0, 80, Name="open"), port(8080, 80, Name="fixed"))
    assert ports_of(with_endpoint(before, "vip", (plain(8080, 80),), None)) == [
        port(8080, 80, Name="fixed")
    ]


def test_closed_ports_come_back_from_the_image() -> None:
    before = spec(port(0, 80, Name="http"))
    closed = with_endpoint(before, "dnsrr", (), before)
    assert json.loads(bytes(closed))["EndpointSpec"] == {"Mode": "dnsrr", "X": 1}
    again = with_endpoint(closed, "vip", (plain(30000, 80),), before)
    assert ports_of(again) == [port(30000, 80, Name="http")]
    assert asked_mode(again) == "vip"
