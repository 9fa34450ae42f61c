"""What a network is to be, as a request, as a command, and as what came of it."""

from __future__ import annotations

import argparse
import shlex
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from swarmtui.addressing import contains
from swarmtui.model import Network, Subnet
from swarmtui.operations import ENCRYPTED_OPTION, MTU_OPTION, Definition, Range, definition_of
from swarmtui.operations.definition import VXLAN_OPTION, create_command, creation, fits
from tests.builders import INGRESS, SECURE, network, unallocated

_NAME = st.from_regex(r"[a-z][a-z0-9-]{0,8}[a-z0-9]", fullmatch=True)
_VALUE = st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=6)
_KEY = st.text(st.characters(codec="utf-8", exclude_characters="\x00=-"), min_size=1, max_size=6)
_RANGES = st.lists(
    st.sampled_from(
        [
            Range("10.1.0.0/24"),
            Range("10.2.0.0/24", "10.2.0.9"),
            Range("10.3.0.0/24", "10.3.0.1", "10.3.0.128/25"),
        ]
    ),
    max_size=2,
    unique=True,
).map(tuple)
_DEFINITIONS = st.builds(
    Definition,
    name=_NAME,
    ranges=_RANGES,
    options=st.dictionaries(_KEY, _VALUE, max_size=3),
    labels=st.dictionaries(_KEY, _VALUE, max_size=3),
    ingress=st.booleans(),
    attachable=st.booleans(),
    internal=st.booleans(),
    ipv6=st.booleans(),
)


def allocated(body: Mapping[str, Any]) -> Network:
    """Return the network that an engine makes of a request."""
    configs = body.get("IPAM", {}).get("Config") or [{"Subnet": "10.9.0.0/24"}]
    return Network(
        INGRESS.id,
        body["Name"],
        "swarm",
        body["Driver"],
        subnets=tuple(
            Subnet(
                each["Subnet"],
                each.get("Gateway") or each["Subnet"].replace(".0/24", ".1"),
                each.get("IPRange", ""),
            )
            for each in configs
        ),
        options={VXLAN_OPTION: "4099", **body.get("Options", {})},
        labels=body.get("Labels", {}),
        ingress=body.get("Ingress", False),
        attachable=body.get("Attachable", False),
        internal=body.get("Internal", False),
        ipv6=body.get("EnableIPv6", False),
    )


def understood(command: str) -> dict[str, Any]:
    """Return the request that the docker client makes of a command."""
    parser = argparse.ArgumentParser(exit_on_error=False, allow_abbrev=False)
    parser.add_argument("--driver")
    for flag in ("ingress", "attachable", "internal", "ipv6"):
        parser.add_argument(f"--{flag}", action="store_true")
    for flag in ("subnet", "gateway", "ip-range", "opt", "label"):
        parser.add_argument(f"--{flag}", action="append", default=[])
    parser.add_argument("name")
    words = shlex.split(command)
    assert words[:3] == ["docker", "network", "create"]
    found = parser.parse_args(words[3:])
    body: dict[str, Any] = {"Name": found.name, "Driver": found.driver}
    names = {"ingress": "Ingress", "attachable": "Attachable", "internal": "Internal"}
    names["ipv6"] = "EnableIPv6"
    body |= {key: True for flag, key in names.items() if getattr(found, flag)}
    configs = [
        {
            "Subnet": subnet,
            **_within(subnet, "Gateway", found.gateway),
            **_within(subnet, "IPRange", found.ip_range),
        }
        for subnet in found.subnet
    ]
    if configs:
        body["IPAM"] = {"Driver": "default", "Config": configs}
    for key, pairs in (("Options", found.opt), ("Labels", found.label)):
        if pairs:
            body[key] = {name: value for name, _, value in (each.partition("=") for each in pairs)}
    return body


def _within(subnet: str, key: str, values: list[str]) -> dict[str, str]:
    """Put an address to the subnet that it lies in, as the client does."""
    found = [each for each in values if contains(subnet, each.partition("/")[0])]
    return {key: found[0]} if found else {}


@given(_DEFINITIONS)
def test_what_was_asked_for_fits_once_it_is_there(wanted: Definition) -> None:
    made = allocated(creation(wanted))
    assert fits(made, wanted)
    assert fits(made, definition_of(made))


@given(_DEFINITIONS)
def test_what_is_there_can_be_made_again(wanted: Definition) -> None:
    made = allocated(creation(wanted))
    again = allocated(creation(definition_of(made)))
    assert again == made


@given(_DEFINITIONS)
def test_the_command_asks_for_the_same(wanted: Definition) -> None:
    assert understood(create_command(wanted)) == creation(wanted)


@pytest.mark.parametrize("present", [INGRESS, SECURE, network(ip_range="10.20.0.96/28")])
def test_a_network_is_what_would_create_it(present: Network) -> None:
    definition = definition_of(present)
    assert fits(present, definition)
    assert VXLAN_OPTION not in definition.options


def test_what_differs_does_not_fit() -> None:
    wanted = definition_of(INGRESS)
    subnet = INGRESS.subnets[0]
    for other in (
        replace(INGRESS, name="mesh"),
        replace(INGRESS, options={**INGRESS.options, MTU_OPTION: "1400"}),
        replace(INGRESS, options={**INGRESS.options, ENCRYPTED_OPTION: ""}),
        replace(INGRESS, labels={"a": "b"}),
        replace(INGRESS, ingress=False),
        replace(INGRESS, attachable=True),
        replace(INGRESS, internal=True),
        replace(INGRESS, subnets=(replace(subnet, cidr="10.20.0.0/27"),)),
        replace(INGRESS, subnets=(replace(subnet, gateway="10.20.0.2"),)),
        replace(INGRESS, subnets=(replace(subnet, ip_range="10.20.0.32/27"),)),
        replace(INGRESS, subnets=(subnet, Subnet("10.9.0.0/24", "10.9.0.1"))),
        replace(INGRESS, driver=""),
        replace(INGRESS, options={}),
    ):
        assert not fits(other, wanted), other
    assert fits(replace(INGRESS, options={**INGRESS.options, VXLAN_OPTION: "9"}), wanted)


def test_what_was_left_open_fits_whatever_the_engine_chose() -> None:
    assert fits(INGRESS, Definition("ingress", ingress=True))
    assert fits(INGRESS, Definition("ingress", (Range(),), ingress=True))
    assert fits(INGRESS, Definition("ingress", (Range("10.20.0.0/26"),), ingress=True))


def test_what_has_no_addresses_fits_nothing() -> None:
    assert not fits(unallocated("ingress"), definition_of(unallocated("ingress")))


def test_the_request_says_no_more_than_it_has_to() -> None:
    assert creation(Definition("ingress", (Range(),), ingress=True)) == {
        "Name": "ingress",
        "Driver": "overlay",
        "Ingress": True,
    }


def test_the_whole_request() -> None:
    wanted = Definition(
        "mesh",
        (Range("10.7.0.0/24", "10.7.0.9"),),
        {MTU_OPTION: "1400", ENCRYPTED_OPTION: ""},
        {"team": "a b"},
        ingress=True,
    )
    assert creation(wanted) == {
        "Name": "mesh",
        "Driver": "overlay",
        "Ingress": True,
        "IPAM": {
            "Driver": "default",
            "Config": [{"Subnet": "10.7.0.0/24", "Gateway": "10.7.0.9"}],
        },
        "Options": {MTU_OPTION: "1400", ENCRYPTED_OPTION: ""},
        "Labels": {"team": "a b"},
    }
    assert create_command(wanted) == (
        "docker network create --driver overlay --ingress --subnet 10.7.0.0/24 "
        f"--gateway 10.7.0.9 --opt {MTU_OPTION}=1400 --opt encrypted --label 'team=a b' mesh"
    )


def test_what_the_options_mean() -> None:
    assert (definition_of(SECURE).is_encrypted, definition_of(SECURE).mtu) == (True, "")
    plain = Definition("a", options={MTU_OPTION: "1400"})
    assert (plain.is_encrypted, plain.mtu) == (False, "1400")
