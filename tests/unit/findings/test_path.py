"""Where a path between two ends on a network breaks, and what of it cannot be seen."""

from __future__ import annotations

from datetime import timedelta

import pytest

from swarmtui.model import (
    Cluster,
    NetworkTarget,
)
from tests.builders import (
    APP,
    NODES,
    NOW,
    ROUND,
    WEB,
    busy_snapshot,
    failing_snapshot,
    inspection,
    network,
    node,
    service,
    unallocated,
)
from tests.replacing import replace
from tests.unit.findings.paths import (
    ONE,
    TWO,
    broken,
    commands,
    heard,
    states,
    step,
    walk,
    well,
    with_service,
    with_tasks,
)


def test_between_services_on_one_network_nothing_is_broken() -> None:
    path = walk(well(), "rr", "web")
    assert states(path) == {
        "Common network": "ok",
        "Name": "ok",
        "Address": "ok",
        "Tasks of rr": "ok",
        "Tasks of web": "ok",
        "Nodes": "ok",
        "Balancing": "unseen",
        "Encryption": "ok",
        "Between nodes": "unseen",
        "MTU": "unseen",
        "Listening": "unseen",
    }
    assert path.broken is None
    assert path.verdict == ("Nothing is broken that can be seen from here; 4 steps cannot be seen")
    assert step(path, "Name").facts[0] == "app: web leads to 10.20.0.66"
    assert "lsmod | grep ip_vs" in commands(step(path, "Balancing"))
    assert "tcpdump -ni any udp port 4789" in commands(step(path, "Between nodes"))
    assert "ping -M do -c 3 -s 1422 10.20.0.6" in commands(step(path, "MTU"))


def test_whoever_is_reached_by_dnsrr_needs_no_virtual_address_and_no_balancing() -> None:
    path = walk(well(), "web", "rr")
    assert step(path, "Name").facts == ("app: rr leads to 10.20.0.70, 10.20.0.71",)
    assert "no virtual address is needed" in step(path, "Address").facts[0]
    assert "Balancing" not in states(path)


def test_aliases_hold_on_their_own_network_only() -> None:
    targets = (NetworkTarget("app", ("www",)), NetworkTarget("other", ("elsewhere",)))
    path = walk(with_service(well(), replace(WEB, networks=targets)), "rr", "web")
    assert step(path, "Name").facts[0] == "app: web leads to 10.20.0.66; so does www"


def test_without_a_common_network_it_breaks_there_and_tells_what_to_attach() -> None:
    path = walk(well(), "web", "pay_db")
    assert broken(path) == ("Common network", "web and pay_db share no network")
    assert path.verdict.startswith("Broken at step 1 (Common network): ")
    assert len(path.steps) == 1
    assert path.steps[0].facts[1:] == ("web is on app", "pay_db is on pay_secure")
    assert "docker service update --network-add pay_secure web" in commands(path.steps[0])


def test_nobody_reaches_anybody_by_name_over_the_ingress() -> None:
    other = service("other", [], {"ingress": "10.20.0.9"})
    snapshot = replace(well(), services=(*well().services, other))
    assert broken(walk(snapshot, "web", "other"))[0] == "Common network"


def test_a_container_is_connected_where_its_network_allows_it() -> None:
    path = walk(well(), "probe-box", "pay_db")
    assert "network connect" not in commands(path.steps[0])
    assert "docker service update --network-add app pay_db" in commands(path.steps[0])
    box = next(each for each in well().tasks if each.is_attachment)
    lone = replace(box, attachments=(), targets=())
    path = walk(with_tasks(well(), lone), box.container_id, "web")
    check = path.steps[0].checks[0]
    assert (check.where, check.command) == (
        "node2",
        f"docker network connect app {box.container_id[:12]}",
    )


def test_a_network_that_was_never_allocated() -> None:
    idle = unallocated()
    both = tuple(
        replace(each, networks=(NetworkTarget(idle.id),), virtual_ips=()) for each in (WEB, ROUND)
    )
    busy = well()
    snapshot = replace(busy, services=both, networks=(*busy.networks, idle))
    assert broken(walk(snapshot, "web", "rr")) == (
        "Common network",
        "overlap was never allocated: nobody can be on it",
    )


def test_what_this_node_does_not_carry_has_to_be_asked_elsewhere() -> None:
    path = walk(well(), "pay_db", "pay_db")
    assert states(path)["Name"] == states(path)["Nodes"] == "unseen"
    assert any("node1 does not carry pay_secure" in each for each in step(path, "Name").facts)
    assert "nslookup pay_db" in commands(step(path, "Name"))
    assert "docker network inspect" in commands(step(path, "Nodes"))


def test_who_runs_and_is_not_heard_of() -> None:
    path = walk(heard(well(), "rr"), "rr", "web")
    assert broken(path) == ("Name", "node1 has not heard of web.1, web.2, web.3 on app")
    assert "docker service update --force web" in commands(step(path, "Name"))


def test_gossip_may_lag_behind_a_task_that_has_just_started() -> None:
    just = (NOW - timedelta(seconds=3)).isoformat()
    snapshot = heard(well(), "rr")
    mine = (replace(each, since=just) for each in snapshot.tasks if each.service_id == WEB.id)
    assert states(walk(with_tasks(snapshot, *mine), "rr", "web"))["Name"] == "ok"


def test_gossip_is_not_held_against_tasks_of_another_time() -> None:
    old = replace(heard(well(), "rr"), tasks_at=NOW - timedelta(minutes=1))
    assert states(walk(old, "rr", "web"))["Name"] == "ok"


def test_addresses_of_the_dead_that_a_name_still_leads_to() -> None:
    snapshot = well()
    gone = next(each for each in snapshot.tasks if each.service_id == ROUND.id)
    path = walk(with_tasks(snapshot, replace(gone, state="failed")), "web", "rr")
    assert broken(path) == ("Name", "rr leads to 10.20.0.70 too, where nobody is on app")


def test_a_virtual_address_of_old() -> None:
    vips = tuple(replace(each, address="10.20.0.99") for each in WEB.virtual_ips)
    path = walk(with_service(well(), replace(WEB, virtual_ips=vips)), "rr", "web")
    assert broken(path) == ("Name", "web leads to 10.20.0.66, and the swarm gave it 10.20.0.99")


def test_a_service_without_a_virtual_address() -> None:
    path = walk(with_service(well(), replace(WEB, virtual_ips=())), "rr", "web")
    assert broken(path) == ("Address", "web has no virtual address on app")


def test_a_service_that_is_scaled_to_nothing() -> None:
    snapshot = with_service(well(), replace(ROUND, replicas=0))
    none = (each for each in snapshot.tasks if each.service_id != ROUND.id)
    path = walk(heard(replace(snapshot, tasks=tuple(none)), "web"), "web", "rr")
    assert broken(path) == ("Tasks of rr", "rr is scaled to 0")
    assert "docker service scale rr=1" in commands(step(path, "Tasks of rr"))
    assert "Nodes" not in states(path)


def test_tasks_that_do_not_run_say_why() -> None:
    snapshot = well()
    mine = (
        replace(each, state="preparing", message="pulling")
        for each in snapshot.tasks
        if each.service_id == ROUND.id
    )
    path = walk(with_tasks(snapshot, *mine), "web", "rr")
    assert broken(path) == ("Tasks of rr", "No task of rr answers on app")
    assert "rr.1 is preparing: pulling" in step(path, "Tasks of rr").facts


def test_what_failed_last_is_told() -> None:
    snapshot = well()
    mine = [each for each in snapshot.tasks if each.service_id == ROUND.id]
    over = (
        replace(mine[0], state="failed", error="first", since="2026-11-24T00:00:01Z"),
        replace(mine[1], state="failed", error="second", since="2026-11-24T00:00:02Z"),
    )
    path = walk(heard(with_tasks(snapshot, *over), "web"), "web", "rr")
    assert step(path, "Tasks of rr").facts == ("rr has no task", "The last error: second")


def test_a_task_that_waits_for_an_address() -> None:
    path = walk(failing_snapshot(), "crowd.6", "crowd")
    assert broken(path) == ("Tasks of crowd.6", "No task of crowd.6 answers on tiny")
    assert "crowd.6 waits for an address" in step(path, "Tasks of crowd.6").facts


def test_nobody_answers_on_a_node_that_is_down() -> None:
    snapshot = well()
    down = tuple(replace(each, state="down") for each in NODES[1:])
    path = walk(replace(snapshot, nodes=(ONE, *down)), "web", "rr")
    assert broken(path)[0] == "Tasks of rr"
    assert "rr.1 is on node2, which does not answer" in step(path, "Tasks of rr").facts


def test_a_node_that_is_not_among_the_peers() -> None:
    snapshot = well()
    seen = replace(snapshot.inspections[APP.id], peers=inspection(APP, NODES[:2]).peers)
    snapshot = replace(snapshot, inspections={**snapshot.inspections, APP.id: seen})
    path = walk(snapshot, "web", "rr")
    assert broken(path) == ("Nodes", "node3 should carry app and is not among its peers")
    assert walk(snapshot, "web.1", "rr.1").broken is None


def test_on_one_node_nothing_has_to_pass_between_nodes() -> None:
    path = walk(well(), "web.2", "rr.1")
    found = states(path)
    assert (found["Nodes"], found["Between nodes"], found["MTU"]) == ("ok", "ok", "ok")


@pytest.mark.parametrize(
    ("version", "port", "state"),
    [
        ("29.7.2", 4789, "unseen"),
        ("20.10.20", 4789, "unseen"),
        ("20.10.24", 7789, "broken"),
    ],
)
def test_encryption_by_the_engines_of_both_ends(version: str, port: int, state: str) -> None:
    snapshot = well()
    nodes = tuple(replace(each, engine_version=version) for each in snapshot.nodes)
    cluster = Cluster("cluster", data_path_port=port)
    path = walk(replace(snapshot, nodes=nodes, cluster=cluster), "pay_db", "pay_db")
    assert states(path)["Encryption"] == state
    assert "esp" in commands(step(path, "Between nodes"))
    assert "-s 1396" in commands(step(path, "MTU"))
    assert any("CVE" in fact for fact in step(path, "Encryption").facts) == (version < "20.10.24")


def test_networks_of_different_mtu_are_told_apart() -> None:
    small = network(
        "small",
        "10.20.2.0/26",
        gateway="10.20.2.1",
        options={"com.docker.network.driver.mtu": "1200"},
    )
    busy = well()
    services = tuple(
        replace(each, networks=(*each.networks, NetworkTarget(small.id))) for each in (WEB, ROUND)
    )
    tasks = tuple(
        replace(
            each,
            attachments=(
                *each.attachments,
                replace(each.attachments[0], network_id=small.id, addresses=(f"10.20.2.{n}",)),
            ),
        )
        for n, each in enumerate(busy.tasks, 10)
    )
    snapshot = replace(busy, networks=(*busy.networks, small), services=services, tasks=tasks)
    path = walk(snapshot, "web", "rr")
    assert step(path, "Common network").facts == ("app, small",)
    facts = step(path, "MTU").facts
    assert "small: 1150 bytes inside containers, 1200 between nodes" in facts
    assert any(fact.startswith("They differ") for fact in facts)
    assert "rr on" not in step(path, "Address").facts[0]


def test_parts_that_are_from_before_are_named() -> None:
    path = walk(well(), "web", "rr")
    assert path.remarks == ()
    problem = replace(failing_snapshot().problems[0], part="tasks", subject="")
    path = walk(replace(well(), problems=(problem,)), "web", "rr")
    assert path.remarks == ("The list of tasks is from before: context deadline exceeded",)


def test_commands_hold_hostile_names_together() -> None:
    evil = replace(WEB, name="web; reboot")
    path = walk(with_service(well(), evil), "web; reboot", "pay_db")
    assert "--network-add pay_secure 'web; reboot'" in commands(path.steps[0])


def test_a_node_with_a_data_path_of_its_own_is_known_by_gossip_only() -> None:
    far = (ONE, TWO, replace(node(3), address="10.0.0.3"))
    assert states(walk(replace(well(), nodes=far), "web", "rr"))["Nodes"] == "ok"
    assert states(walk(replace(busy_snapshot(), nodes=far), "web", "rr"))["Nodes"] == "unseen"
