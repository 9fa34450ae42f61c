"""The planner against a real engine: what it warns of, `docker swarm init` refuses."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from swarmtui.operations import InitDraft
from tests.swarm.lab import Lab
from tests.swarm.waiting import wait_until

pytestmark = pytest.mark.swarm


class OneEngine(Lab):
    """One engine in no swarm."""

    def __init__(self) -> None:
        super().__init__(1)

    def _join(self) -> None:
        """Stay alone."""

    def _all_ready(self) -> bool:
        return True

    def make(self, draft: InitDraft) -> str:
        """Make the swarm that is meant; return why the engine refused, or nothing."""
        try:
            self.docker(1, *draft.command[1:])
        except AssertionError as error:
            return str(error)
        return ""

    def ingress(self) -> str:
        """Return the subnet of the ingress once it has one."""

        def given() -> str:
            found = [each for each in self.get(1, "/networks") if each.get("Ingress")]
            config = found[0]["IPAM"]["Config"] if found else None
            return config[0]["Subnet"] if config else ""

        return wait_until(given, "subnet of the ingress")


@pytest.fixture(scope="module")
def alone(engines_here: None) -> Iterator[OneEngine]:
    with OneEngine() as engine:
        yield engine


@pytest.fixture
def engine(alone: OneEngine) -> Iterator[OneEngine]:
    """The engine, out of any swarm again once the test is over."""
    yield alone
    if alone.get(1, "/info")["Swarm"]["LocalNodeState"] != "inactive":
        alone.docker(1, "swarm", "leave", "--force")


@pytest.mark.parametrize(
    "draft",
    [
        InitDraft("10.20.0.0/24", "30"),
        InitDraft("10.20.0.0/24", "33"),
        InitDraft("10.20.0.0/24", "20"),
        InitDraft("10.20.0/24"),
        InitDraft("fd00:1::/64", "64"),
        InitDraft(advertise="0.0.0.0"),
        InitDraft(data_path="0.0.0.0"),
        InitDraft(data_path="10.1.1.1:4789"),
        InitDraft(port="1023"),
        InitDraft(port="49152"),
    ],
    ids=lambda draft: " ".join(draft.command[3:]),
)
def test_what_would_not_work_is_refused(engine: OneEngine, draft: InitDraft) -> None:
    assert any(fault.fatal for fault in draft.faults([]))
    assert engine.make(draft) != ""


@pytest.mark.parametrize(
    "draft",
    [
        InitDraft(),
        InitDraft("10.20.0.5/24", "26"),
        InitDraft("10.20.0.0/24 10.20.0.128/25", "29"),
        InitDraft("10.30.0.0/24,10.20.0.0/24", "25", port="1024"),
        InitDraft("10.20.0.0/24", "24", port="49151"),
        InitDraft(mask="26", advertise="eth0", data_path="eth0"),
    ],
    ids=lambda draft: " ".join(draft.command[3:]) or "nothing given",
)
def test_what_works_is_accepted_and_the_ingress_gets_its_block(
    engine: OneEngine, draft: InitDraft
) -> None:
    assert not any(fault.fatal for fault in draft.faults([]))
    assert engine.make(draft) == ""
    plan = draft.plan
    assert plan is not None
    assert engine.ingress() in plan.ingress


def test_so_many_networks_get_a_block(engine: OneEngine) -> None:
    draft = InitDraft("10.20.0.0/26 10.20.0.32/27", "28")
    plan = draft.plan
    assert plan is not None
    assert plan.networks == 3
    assert engine.make(draft) == ""
    engine.ingress()
    names = [f"n{number}" for number in range(plan.networks)]
    for name in (*names, "one-too-many"):
        engine.docker(1, "network", "create", "-d", "overlay", name)
    # They are allocated one after another: once this one is, all before it had their turn.
    engine.docker(1, "network", "create", "-d", "overlay", "--subnet", "10.99.0.0/24", "later")
    wait_until(lambda: "later" in _allocated(engine), "subnet of a later network")
    assert _allocated(engine) - {"ingress", "later", "docker_gwbridge", "bridge"} == {*names}


def _allocated(engine: OneEngine) -> set[str]:
    return {each["Name"] for each in engine.get(1, "/networks") if each["IPAM"]["Config"]}
