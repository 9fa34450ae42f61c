"""Plans for the gateway bridge of an engine that is in no swarm."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from dataclasses import replace

import pytest

from swarmtui.model import NetworkId, Problem, Snapshot, Standing
from swarmtui.operations import (
    MTU_OPTION,
    BridgeDraft,
    BuildBridge,
    Definition,
    Range,
    bridge_draft_of,
    bridge_faults,
    plan_operation,
    plan_resume,
    plan_rollback,
    proposed_bridge_subnet,
    script_of,
    words_of,
)
from swarmtui.operations.conditions import (
    BridgeFree,
    BridgeIs,
    BridgeMade,
    BridgeSound,
    EngineAnswers,
    LocalCondition,
)
from swarmtui.operations.definition import creation
from swarmtui.operations.leftovers import leftover
from swarmtui.operations.sights import look
from swarmtui.operations.writes import CreateNetwork, RemoveNetwork
from tests.builders import (
    GATEWAY,
    LOCALS,
    alone_snapshot,
    busy_snapshot,
    empty_snapshot,
    local_network,
    worker_snapshot,
)
from tests.unit.operations.planning import planned, refused

DOCUMENTED = BridgeDraft("10.11.0.0/16", "", "", icc=False, masquerade=True)
WISH = DOCUMENTED.intent(())
DOCUMENTED_OPTIONS = {
    "com.docker.network.bridge.name": "docker_gwbridge",
    "com.docker.network.bridge.enable_icc": "false",
    "com.docker.network.bridge.enable_ip_masquerade": "true",
}


def test_the_documented_bridge_is_what_is_asked_of_the_engine() -> None:
    plan = planned(plan_operation(alone_snapshot(), WISH))
    assert plan.writes == (
        RemoveNetwork(GATEWAY.id, "docker_gwbridge"),
        CreateNetwork(DOCUMENTED.definition),
    )
    assert creation(DOCUMENTED.definition) == {
        "Name": "docker_gwbridge",
        "Driver": "bridge",
        "CheckDuplicate": True,
        "IPAM": {"Driver": "default", "Config": [{"Subnet": "10.11.0.0/16"}]},
        "Options": DOCUMENTED_OPTIONS,
    }
    assert (plan.title, plan.subject) == ("Rebuild the gateway bridge", "docker_gwbridge")
    assert plan.is_local
    assert plan.cluster_id == "ENGINE1"
    assert plan.answers == EngineAnswers()
    options = " ".join(f"--opt {key}={value}" for key, value in DOCUMENTED_OPTIONS.items())
    assert [step.commands for step in plan.steps] == [
        (f"docker network rm {GATEWAY.id}",),
        (f"docker network create --driver bridge --subnet 10.11.0.0/16 {options} docker_gwbridge",),
        ("docker network inspect docker_gwbridge",),
    ]


def test_where_is_none_one_is_created() -> None:
    plan = planned(plan_operation(empty_snapshot(), WISH))
    assert plan.writes == (CreateNetwork(DOCUMENTED.definition),)
    assert plan.title == "Create the gateway bridge"
    assert plan.before.bridge is None


def test_an_mtu_is_asked_for_only_where_it_is_wanted() -> None:
    assert replace(DOCUMENTED, mtu="0").definition == DOCUMENTED.definition
    wanted = replace(DOCUMENTED, mtu="1400")
    assert wanted.definition.options[MTU_OPTION] == "1400"
    plan = planned(plan_operation(alone_snapshot(), wanted.intent(())))
    assert plan.risks == ("mtu: The interface of the bridge itself may keep its own (moby#41406).",)


def test_who_is_on_it_is_not_cut_off() -> None:
    refusal = refused(plan_operation(alone_snapshot("box", "cache"), WISH))
    assert refusal.reasons == ("still on docker_gwbridge: box, cache",)
    assert "Stop or disconnect" in refusal.hint


def test_nobody_is_supposed_to_be_on_it_where_that_was_not_read() -> None:
    unread = replace(alone_snapshot(), inspections={})
    refusal = refused(plan_operation(unread, WISH))
    assert refusal.reasons == ("who is on docker_gwbridge cannot be read",)


@pytest.mark.parametrize("snapshot", [busy_snapshot(), worker_snapshot()], ids=["boss", "worker"])
def test_an_engine_of_a_swarm_is_left_alone(snapshot: Snapshot) -> None:
    refusal = refused(plan_operation(snapshot, WISH))
    assert refusal.title == "This engine is in a swarm"
    assert "swarmtui bridge rebuild" in refusal.hint


def test_what_is_there_already_is_not_done_again() -> None:
    draft = bridge_draft_of(alone_snapshot())
    assert draft == BridgeDraft("172.18.0.0/16", "", "", icc=False, masquerade=True)
    assert refused(plan_operation(alone_snapshot(), draft.intent(()))).needless
    for other in (
        replace(draft, icc=True),
        replace(draft, masquerade=False),
        replace(draft, mtu="1400"),
        replace(draft, gateway="172.18.0.9"),
    ):
        planned(plan_operation(alone_snapshot(), other.intent(())))


def test_options_that_engines_add_by_themselves_do_not_matter() -> None:
    newer = {**GATEWAY.options, "com.docker.network.enable_ipv4": "true"}
    snapshot = _with_bridge(options=newer)
    assert refused(plan_operation(snapshot, bridge_draft_of(snapshot).intent(()))).needless


def _with_bridge(**changes: object) -> Snapshot:
    bridge = replace(GATEWAY, **changes)  # type: ignore[arg-type]
    return replace(alone_snapshot(), networks=(bridge, *LOCALS[1:]))


@pytest.mark.parametrize(
    ("draft", "field", "words"),
    [
        (replace(DOCUMENTED, subnet=""), "subnet", "It needs a subnet"),
        (replace(DOCUMENTED, subnet="10.11.0.5/16"), "subnet", "write 10.11.0.0/16"),
        (replace(DOCUMENTED, subnet="10.11.0.0"), "subnet", "prefix length"),
        (replace(DOCUMENTED, subnet="127.0.0.0/16"), "subnet", "loopback"),
        (replace(DOCUMENTED, subnet="172.17.4.0/24"), "subnet", "bridge network bridge"),
        (replace(DOCUMENTED, subnet="10.9.4.0/24"), "subnet", "the LAN range"),
        (replace(DOCUMENTED, subnet="10.11.0.0/31"), "subnet", "no room"),
        (replace(DOCUMENTED, gateway="10.12.0.1"), "gateway", "It is not in 10.11.0.0/16."),
        (replace(DOCUMENTED, gateway="10.11.0.0"), "gateway", "the network address"),
        (replace(DOCUMENTED, gateway="10.11.255.255"), "gateway", "the broadcast address"),
        (replace(DOCUMENTED, mtu="many"), "mtu", "A number of bytes"),
        (replace(DOCUMENTED, mtu="500"), "mtu", "they need 576"),
        (replace(DOCUMENTED, mtu="70000"), "mtu", "No packet is larger"),
    ],
)
def test_what_would_not_work_is_refused(draft: BridgeDraft, field: str, words: str) -> None:
    faults = [
        each for each in draft.faults(alone_snapshot(), lan_ranges=("10.9.0.0/16",)) if each.fatal
    ]
    assert [each.field for each in faults] == [field]
    assert words in faults[0].words
    intent = draft.intent(("10.9.0.0/16",))
    refusal = refused(plan_operation(alone_snapshot(), intent))
    assert refusal.reasons == (f"{field}: {faults[0].words}",)


def test_overlays_and_nodes_are_in_the_way_of_it() -> None:
    def faults(subnet: str) -> list[str]:
        draft = replace(DOCUMENTED, subnet=subnet)
        return [each.words for each in bridge_faults(busy_snapshot(), draft.definition)]

    assert faults("172.18.0.0/16") == []  # its own
    assert "It overlaps network app (10.20.0.64/26)." in faults("10.20.0.64/26")
    assert "It overlaps the address of node2 (192.168.77.2)." in faults("192.168.77.0/24")
    assert faults("10.20.16.0/21") == ["A later overlay may meet it: 10.20.0.0/16 is a pool."]
    assert faults("10.30.0.0/24") == ["It has room for 253 endpoints; the bridge has 1024 ports."]


def test_a_proposed_subnet_keeps_clear_of_everything() -> None:
    busy = busy_snapshot()
    assert proposed_bridge_subnet(busy) == "172.16.0.0/16"
    ranges = ("172.16.0.0/12",)
    assert proposed_bridge_subnet(busy, lan_ranges=ranges) == "10.0.0.0/16"
    crowded = (*ranges, "10.0.0.0/9", "10.128.0.0/9")
    found = proposed_bridge_subnet(busy, lan_ranges=crowded)
    assert found == "192.168.128.0/17"
    draft = replace(DOCUMENTED, subnet=found)
    assert draft.faults(busy, lan_ranges=crowded) == ()
    assert proposed_bridge_subnet(busy, lan_ranges=("0.0.0.0/0",)) == ""
    # Where is none, the form begins with it.
    assert bridge_draft_of(empty_snapshot()).subnet == "172.16.0.0/16"


MET: dict[str, LocalCondition] = {
    "answers": EngineAnswers(),
    "is": BridgeIs((GATEWAY.id,)),
    "free": BridgeFree(),
    "sound": BridgeSound(DOCUMENTED.definition),
    "made": BridgeMade(bridge_draft_of(alone_snapshot()).definition),
}


@pytest.mark.parametrize("condition", MET.values(), ids=MET)
def test_conditions_hold_only_where_an_engine_answers_that_is_in_no_swarm(
    condition: LocalCondition,
) -> None:
    assert look(condition, alone_snapshot()).met
    assert words_of(condition)
    for standing in Standing:
        if standing is not Standing.NO_SWARM:
            engine = replace(alone_snapshot().engine, standing=standing)
            sight = look(condition, replace(alone_snapshot(), engine=engine))
            assert (sight.met, sight.hopeless) == (False, True)
            assert standing in sight.words
    unread = replace(alone_snapshot(), problems=(Problem("networks", "", "timeout"),))
    assert look(condition, unread).words == "the networks cannot be read: timeout"


def test_conditions_that_do_not_hold_say_why() -> None:
    snapshot, empty = alone_snapshot(), empty_snapshot()
    assert look(BridgeIs(()), snapshot).words == "the engine still lists docker_gwbridge"
    assert "another one" in look(BridgeIs((NetworkId("x"),)), snapshot).words
    assert "another one" in look(BridgeIs((GATEWAY.id,)), empty).words
    assert look(BridgeIs(()), empty).met
    assert look(BridgeFree(), empty).met
    assert look(BridgeMade(DOCUMENTED.definition), snapshot).hopeless
    assert not look(BridgeMade(DOCUMENTED.definition), empty).hopeless
    taken = BridgeSound(replace(DOCUMENTED, subnet="172.17.0.0/16").definition)
    assert look(taken, snapshot).hopeless


def test_going_on_and_going_back_begin_from_what_is_there() -> None:
    plan = planned(plan_operation(alone_snapshot(), WISH))
    before = plan.before.bridge
    assert before is not None
    removed, made = empty_snapshot(), _with_bridge(subnets=_subnets("10.11.0.0/16"))
    create, back = CreateNetwork(DOCUMENTED.definition), CreateNetwork(before)
    assert planned(plan_resume(removed, plan)).writes == (create,)
    assert planned(plan_resume(made, plan)).writes == ()
    assert planned(plan_rollback(removed, plan)).writes == (back,)
    assert planned(plan_rollback(made, plan)).writes == (
        RemoveNetwork(GATEWAY.id, "docker_gwbridge"),
        back,
    )
    assert planned(plan_rollback(alone_snapshot(), plan)).writes == ()
    fresh = planned(plan_operation(removed, WISH))
    assert planned(plan_rollback(made, fresh)).writes == (
        RemoveNetwork(GATEWAY.id, "docker_gwbridge"),
    )
    assert refused(plan_resume(busy_snapshot(), plan)).title == "The engine cannot be changed now"
    assert leftover(removed, plan).startswith("There is no docker_gwbridge now")
    assert leftover(made, plan) == "docker_gwbridge has 10.11.0.0/16."


def _subnets(cidr: str) -> object:
    return tuple(replace(each, cidr=cidr, gateway="") for each in GATEWAY.subnets)


@pytest.mark.parametrize("snapshot", [alone_snapshot, empty_snapshot])
def test_the_script_is_bash_and_looks_before_it_acts(snapshot: Callable[[], Snapshot]) -> None:
    evil = "$(touch owned)\n'`x`"
    definition = Definition(
        "docker_gwbridge",
        (Range("10.11.0.0/16"),),
        {**DOCUMENTED_OPTIONS, "odd": evil},
        driver="bridge",
    )
    plan = planned(plan_operation(snapshot(), BuildBridge(definition)))
    script = script_of(plan, tool=f"swarmtui {evil}", when="now")
    checked = subprocess.run(
        ["bash", "-n"], input=script, text=True, capture_output=True, check=False
    )
    assert checked.stderr == ""
    assert all(line.isprintable() for line in script.split("\n"))
    lines = script.split("\n")
    creates = next(n for n, line in enumerate(lines) if line.startswith("docker network create"))
    assert lines[creates - 1].startswith("bridge_is ''")
    assert lines[creates + 1].startswith("made docker_gwbridge 10.11.0.0/16 ||")
    assert "in_no_swarm || stop" in script
    if plan.before.bridge_ids:
        removes = lines.index(f"docker network rm {GATEWAY.id} >/dev/null")
        assert lines[removes - 1].startswith(f"nobody_is_on_it {GATEWAY.id} || stop")


def test_a_local_network_of_another_name_is_no_gateway_bridge() -> None:
    other = local_network("mine", subnet="10.11.0.0/16")
    snapshot = replace(alone_snapshot(), networks=(*alone_snapshot().networks, other))
    refusal = refused(plan_operation(snapshot, WISH))
    assert refusal.reasons == (
        "subnet: It overlaps this node's bridge network mine (10.11.0.0/16).",
    )
