"""What a script looks at and says where it changes networks and services."""

from __future__ import annotations

import re
import shlex
import subprocess
from typing import get_args

import pytest

from swarmtui.operations import Plan
from swarmtui.operations.conditions import Condition, LocalCondition
from tests.builders import APP, DB, ROUND, SECURE, WEB
from tests.unit.operations.scripting import PLANS, script, sections


def _looks(name: str, verb: str = "wait_until") -> list[list[str]]:
    """Return the looks of each step, and their arguments without the words."""
    skipped = 3 if verb == "wait_until" else 2
    return [
        [" ".join(shlex.split(line)[skipped:]) for line in lines if line.startswith(f"{verb} ")]
        for lines in sections(script(PLANS[name]))
    ]


def _head(name: str) -> str:
    head = script(PLANS[name]).partition("set -euo")[0]
    return " ".join(head.replace("\n#", " ").split())


def test_every_kind_of_condition_has_its_look() -> None:
    planned = {
        type(each)
        for plan in PLANS.values()
        for each in (
            *plan.preconditions,
            *(look for step in plan.steps for look in (*step.requires, *step.until)),
        )
    }
    assert planned == set(get_args(Condition)) - set(get_args(LocalCondition))


def test_waits_of_a_migration_over_a_temporary_network() -> None:
    wired, rr = f"wired {WEB.id} 3", f"wired {ROUND.id} 2"
    subnet = "10.20.0.192/26"
    assert _looks("in place") == [
        [f"ready app-moving true false {subnet}"],
        ["follow app app-moving"],
        [f"{rr} app app-moving --"],
        [f"{wired} app app-moving --"],
        [f"{rr} app-moving -- app"],
        [f"{wired} app-moving -- app"],
        ["left app"],
        ["unused app"],
        ["absent app"],
        ["ready app true false encrypted= 10.20.0.64/26"],
        ["follow app-moving app"],
        [f"{rr} app app-moving --"],
        [f"{wired} app app-moving --"],
        [f"{rr} app -- app-moving"],
        [f"{wired} app -- app-moving"],
        ["left app-moving"],
        ["unused app-moving"],
        ["absent app-moving"],
        [
            "ready app true false encrypted= 10.20.0.64/26",
            "peered app",
            f"{rr} app --",
            f"{wired} app --",
            "absent app-moving",
        ],
    ]


def test_what_a_plan_rests_on_is_looked_at_first() -> None:
    first = script(PLANS["in place"]).partition("if ((FROM == 1))")[2].partition("\nfi")[0]
    looks = [shlex.split(line)[2:] for line in first.splitlines() if "require" in line]
    assert ["networks_are", "app", APP.id, "app-moving", ""] in looks
    assert ["only_on", "app", ROUND.id, WEB.id] in [
        [*each[:2], *sorted(each[2:])] for each in looks
    ]


def test_a_service_is_compared_before_it_is_changed() -> None:
    (first, *_) = _looks("attach", "require")
    assert first == [f"shaped {WEB.id} app app pay_secure,web,www"]
    (first, *_) = _looks("one port of two", "require")
    ports = "ingress/tcp/80/8080 ingress/tcp/80/8081"
    assert first == [f"shaped {WEB.id} app; vip; {ports} app; vip; ingress/tcp/80/8081"]


def test_networks_are_named_by_their_ids_of_the_moment() -> None:
    text = script(PLANS["remove"])
    assert '--network-rm "$(network app)"' in text
    assert f"gone {APP.id} || docker network rm {APP.id} " in text
    assert 'absent app-moving || docker network rm "$(network app-moving)"' in script(
        PLANS["in place"]
    )
    assert """--network-add name="$(network pay_secure)",alias=web,alias=www web""" in script(
        PLANS["attach"]
    )
    assert {DB.name, SECURE.name} <= set(re.findall(r"\w+", text))


def test_people_are_told_what_to_do_by_hand() -> None:
    told = [line for lines in sections(script(PLANS["in place"])) for line in lines]
    assert f"echo '   docker network connect app-moving {'box1node2cccc'[:12]}  # on node2'" in told
    assert f"echo '   docker network disconnect app {'box1node2cccc'[:12]}  # on node2'" in told


def test_the_head_says_what_the_client_does_otherwise_and_what_to_look_at() -> None:
    head = _head("in place")
    assert "puts the networks of a service that it updates in the order of their ids" in head
    assert "aliases and driver options in small letters" in head
    assert "web: each of 3 tasks replaced 4 times" in head
    assert "Look at first" in head
    assert "modprobe esp4 && lsmod | grep esp4" in head
    assert "web: cut off from its network for" in _head("quick")
    assert "Look at first" not in _head("remove")


def test_the_end_says_what_is_left_to_do() -> None:
    end = script(PLANS["quick"]).rpartition("echo 'Done.'\n")[2].partition("# To go back: ")[0]
    assert all(line.startswith("#") or not line for line in end.splitlines())
    assert "# Afterwards:" in end
    assert "#     ip xfrm state" in end
    assert "#     docker network connect app box1node2ccc  # on node2" in end
    assert "Afterwards" not in script(PLANS["reach"])


@pytest.mark.parametrize("plan", PLANS.values(), ids=PLANS.keys())
def test_every_function_that_is_called_is_there(plan: Plan) -> None:
    text = script(plan)
    every = "\n".join(map(script, PLANS.values()))
    names = set(re.findall(r"^(\w+)\(\)", every, re.MULTILINE))
    mine = set(re.findall(r"^(\w+)\(\)", text, re.MULTILINE))
    code = re.sub(r"'[^']*'|#.*", "", text)
    called = {name for name in names if re.search(rf"(?<![\w$-]){name}(?![\w(=])", code)}
    assert called <= mine


def test_a_script_has_only_the_functions_that_it_needs() -> None:
    assert "\npublished()" in script(PLANS["at once"])
    assert "\nwired()" not in script(PLANS["at once"])
    assert "\nwired()" in script(PLANS["quick"])
    assert "\npublished()" not in script(PLANS["quick"])


def test_a_name_that_two_networks_have_means_none() -> None:
    text = script(PLANS["in place"])
    functions = text.partition("set -euo pipefail")[2].partition("\nif ((FROM == 1))")[0]
    stub = "docker() { [[ $1 != network ]] || printf '%s\\n' 'id1 app' 'id2 other' 'id3 other'; }\n"
    looks = (
        "network app; network other || echo several; network none; "
        "absent none && echo gone; absent app || echo there; known app && echo known; "
        "networks_are app id1 none '' && echo same; networks_are app id2 || echo \"$REASON\""
    )
    done = subprocess.run(
        ["bash", "-c", f"{functions}\n{stub}{looks}"], capture_output=True, text=True, check=True
    )
    told = ["id1", "several", "", "gone", "there", "known", "same", "network app: id1"]
    assert done.stdout.splitlines() == told
