"""Splitting a crowded network: who moves, who would lose whom, and what it costs."""

from __future__ import annotations

from dataclasses import replace

import pytest

from swarmtui.model import Snapshot
from swarmtui.operations import (
    Plan,
    Refusal,
    SplitDraft,
    companions,
    plan_operation,
    same_stack,
)
from swarmtui.operations.writes import CreateNetwork, Reshape
from tests.builders import APP, busy_snapshot, network, service

OTHER = network("other", "10.20.2.0/26", vxlan=4300)
STACK = {"com.docker.stack.namespace": "shop"}
FRONT = service("front", [APP, OTHER], replicas=2, labels=STACK)
BACK = service("back", [APP, OTHER], replicas=1, labels=STACK)


def crowd() -> Snapshot:
    busy = busy_snapshot()
    return replace(
        busy,
        networks=(*busy.networks, OTHER),
        services=(*busy.services, FRONT, BACK),
    )


def split(movers: tuple[str, ...], both: tuple[str, ...] = ()) -> SplitDraft:
    return SplitDraft("app", "app2", movers=frozenset(movers), both=frozenset(both))


def planned(draft: SplitDraft) -> Plan:
    found = plan_operation(crowd(), draft.intent(crowd()))
    assert isinstance(found, Plan), found
    return found


def test_only_those_are_lost_who_share_nothing_else() -> None:
    assert companions(crowd(), "app", ["front"]) == {"rr": "front", "web": "front"}
    assert companions(crowd(), "app", ["web", "rr"]) == {
        "back": "rr, web",
        "front": "rr, web",
    }
    assert companions(crowd(), "app", ["web", "rr", "front", "back"]) == {}


def test_a_stack_moves_together() -> None:
    assert same_stack(crowd(), "app", ["front"]) == {"front", "back"}
    assert same_stack(crowd(), "app", ["web"]) == frozenset()


def test_the_new_network_is_like_the_crowded_one() -> None:
    definition = split(("web",)).definition(crowd())
    assert definition.attachable == APP.attachable
    assert [each.subnet for each in definition.ranges] == ["10.20.0.192/26"]


def test_movers_are_on_both_before_they_leave_and_nobody_is_cut_off() -> None:
    plan = planned(split(("web",), ("rr",)))
    create, *reshapes = plan.writes
    assert isinstance(create, CreateNetwork)
    found = [
        (each.name, tuple(w.network for w in each.wires))
        for each in reshapes
        if isinstance(each, Reshape)
    ]
    assert found == [("rr", ("app", "app2")), ("web", ("app2", "app")), ("web", ("app2",))]
    costs = {each.service: (each.replacements, each.closed_seconds) for each in plan.interruptions}
    assert costs == {"web": (2, 0.0), "rr": (1, 0.0)}


def test_the_plan_tells_who_loses_whom() -> None:
    risks = " ".join(planned(split(("web",))).risks)
    assert "cannot reach each other: back and web; front and web; rr and web." in risks
    assert "A container outside services on app cannot reach web." in risks
    assert "cannot reach each other" not in " ".join(
        planned(split(("web",), ("rr", "front", "back"))).risks
    )


def test_the_next_deploy_of_a_stack_is_told() -> None:
    assert "docker stack deploy shop puts its services back" in " ".join(
        planned(split(("front",))).risks
    )


def test_how_much_becomes_free() -> None:
    assert split(("web",)).freed(crowd()) == 1 + 3
    assert split(("rr",)).freed(crowd()) == 2


@pytest.mark.parametrize(
    ("draft", "words"),
    [
        (split(()), "Choose at least one service to move."),
        (split((), ("web",)), "Choose at least one service to move."),
        (split(("web", "pay_db")), "pay_db is not on app."),
    ],
)
def test_choices_that_lead_nowhere(draft: SplitDraft, words: str) -> None:
    refusal = draft.refusal(crowd())
    assert refusal is not None
    assert refusal.reasons == (words,)
    assert any(
        fault.fatal and (fault.field, fault.words) == ("services", words)
        for fault in draft.faults(crowd())
    )


def test_the_new_name_has_to_be_free() -> None:
    draft = replace(split(("web",)), new_name="other")
    assert isinstance(plan_operation(crowd(), draft.intent(crowd())), Refusal)
    assert [each.field for each in draft.faults(crowd()) if each.fatal] == ["name"]


def test_the_subnet_has_to_hold_them() -> None:
    draft = replace(split(("web", "rr")), subnet="10.77.0.0/29")
    assert [each.field for each in draft.faults(crowd()) if each.fatal] == ["subnet"]
