"""An ingress as it is typed, and what is understood of it."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from swarmtui.model import Network, Subnet
from swarmtui.operations import (
    ENCRYPTED_OPTION,
    MTU_OPTION,
    Range,
    definition_of,
    doing,
    draft_of,
    plan_operation,
)
from tests.builders import APP, INGRESS, busy_snapshot, network, unallocated
from tests.unit.operations.planning import planned, refused, with_networks

DRAFT = draft_of(busy_snapshot())
TEXTS = st.text(st.characters(codec="utf-8", exclude_characters="\0"), min_size=1)


def ingress(**changes: object) -> Network:
    return replace(INGRESS, **changes)  # type: ignore[arg-type]


@given(
    options=st.dictionaries(
        st.sampled_from([MTU_OPTION, ENCRYPTED_OPTION, "other"]), st.sampled_from(["", "1400"])
    ),
    labels=st.dictionaries(TEXTS.filter(lambda key: "=" not in key), TEXTS | st.just("")),
    gateway=st.sampled_from(["10.20.0.1", "10.20.0.9", ""]),
    ip_range=st.sampled_from(["", "10.20.0.32/27"]),
)
def test_untouched_it_is_the_ingress_that_there_is(
    options: dict[str, str], labels: dict[str, str], gateway: str, ip_range: str
) -> None:
    options = {key: value for key, value in options.items() if value or key != MTU_OPTION}
    present = ingress(
        options={**INGRESS.options, **options},
        labels=labels,
        subnets=(Subnet("10.20.0.0/26", gateway, ip_range),),
    )
    snapshot = with_networks(APP, present)
    draft = draft_of(snapshot)
    assert draft.definition == definition_of(present)
    assert refused(plan_operation(snapshot, draft.intent(()))).needless


def test_a_gateway_that_comes_by_itself_is_left_open() -> None:
    assert (DRAFT.subnet, DRAFT.gateway) == ("10.20.0.0/26", "")
    moved = replace(DRAFT, subnet=" 10.11.0.0/16 ")
    assert moved.definition.ranges == (Range("10.11.0.0/16"),)
    assert not any(fault.fatal for fault in moved.faults(busy_snapshot(), lan_ranges=()))


def test_a_gateway_of_ones_own_stays() -> None:
    own = ingress(subnets=(Subnet("10.20.0.0/26", "10.20.0.9"),))
    draft = draft_of(with_networks(own))
    assert draft.gateway == "10.20.0.9"
    (fault,) = replace(draft, subnet="10.11.0.0/16").faults(with_networks(own), lan_ranges=())
    assert (fault.field, fault.words) == ("gateway", "It is not in 10.11.0.0/16.")


def test_a_gateway_without_a_subnet_is_a_fault() -> None:
    lonely = replace(DRAFT, subnet="", gateway="10.11.0.2")
    assert [each.field for each in lonely.faults(busy_snapshot(), lan_ranges=())] == ["gateway"]


@pytest.mark.parametrize(("typed", "option"), [("", None), ("0", None), (" 1400 ", "1400")])
def test_the_mtu(typed: str, option: str | None) -> None:
    assert replace(DRAFT, mtu=typed).definition.options.get(MTU_OPTION) == option


def test_encryption_keeps_the_value_that_is_there() -> None:
    assert replace(DRAFT, encrypted=True).definition.options == {ENCRYPTED_OPTION: ""}
    odd = with_networks(ingress(options={ENCRYPTED_OPTION: "false", "other": "x"}))
    draft = draft_of(odd)
    assert draft.encrypted
    assert draft.definition.options == {ENCRYPTED_OPTION: "false", "other": "x"}
    assert replace(draft, encrypted=False).definition.options == {"other": "x"}


@pytest.mark.parametrize(
    ("typed", "labels"),
    [
        ("", {}),
        ("a=1 b='x y' c", {"a": "1", "b": "x y", "c": ""}),
        ("a=b=c", {"a": "b=c"}),
    ],
)
def test_labels(typed: str, labels: dict[str, str]) -> None:
    draft = replace(DRAFT, labels=typed)
    assert draft.definition.labels == labels
    assert not draft.faults(busy_snapshot(), lan_ranges=())


@pytest.mark.parametrize("typed", ["a='x", "=b", "a=1 =2", 'a="'])
def test_labels_that_cannot_be_understood(typed: str) -> None:
    (fault,) = replace(DRAFT, labels=typed).faults(busy_snapshot(), lan_ranges=())
    assert (fault.field, fault.fatal) == ("labels", True)


def test_where_there_is_none_one_is_proposed() -> None:
    snapshot = replace(with_networks(APP), services=())
    draft = draft_of(snapshot, lan_ranges=("10.20.0.0/26",))
    assert (draft.name, draft.subnet, draft.repair) == ("ingress", "10.20.0.128/26", "missing")
    plan = planned(plan_operation(snapshot, draft.intent(())))
    assert plan.title == "Create the missing ingress network"


def test_where_none_works_another_is_proposed() -> None:
    stuck = replace(unallocated("mesh"), ingress=True, labels={"a": "b"})
    snapshot = with_networks(stuck, network())
    draft = draft_of(snapshot)
    assert (draft.name, draft.labels, draft.repair) == ("mesh", "a=b", "unallocated")
    assert planned(plan_operation(snapshot, draft.intent(()))).subject == "mesh"


@pytest.mark.parametrize(
    ("title", "words"),
    [
        ("Replace the ingress network", "replacing the ingress network"),
        ("Bring the ingress to node3", "bringing the ingress to node3"),
        ("Roll back: replace it", "rolling back: replace it"),
        ("Split app", "splitting app"),
        ("Create", "creating"),
    ],
)
def test_what_somebody_is_doing(title: str, words: str) -> None:
    assert doing(title) == words
