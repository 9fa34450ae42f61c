"""Migrations read before they begin: plans, refusals, confirmation, export."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from textual.widgets import Input

from swarmtui.model import (
    NetworkId,
    NetworkTarget,
    Snapshot,
    UpdatePolicy,
)
from swarmtui.screens import ExplorerScreen, OperationScreen
from swarmtui.screens.review import ReviewScreen
from swarmtui.settings import Settings
from tests.builders import (
    APP,
    DB,
    NODES,
    NOW,
    ROUND,
    WEB,
    network,
    service,
    task,
    unallocated,
)
from tests.ui.desks import PaperDesk, paper_desk
from tests.ui.explorers import explorer
from tests.ui.migrations import (
    TALL,
    begun,
    calm_snapshot,
    confirm,
    fill,
    is_in_order,
    open_form,
    turn,
    with_networks,
    with_services,
)


@pytest.fixture
def desk(tmp_path: Path) -> PaperDesk:
    return paper_desk(tmp_path / "operations")


async def test_the_review_tells_everything(desk: PaperDesk) -> None:
    plain = replace(APP, labels={"com.docker.stack.namespace": "shop"}, name="shop_app")
    busy = calm_snapshot()
    snapshot = replace(busy, networks=(plain, *busy.networks[1:]))
    async with explorer(snapshot, size=TALL, desk=desk) as running:
        await open_form(running, "e", "shop_app")
        await fill(running, mtu="1400")
        await running.press("ctrl+n")
        assert running.shows(ReviewScreen)
        assert is_in_order(
            running.screen_text,
            (
                "rr  reachable all the time, by its other tasks; 2 tasks replaced 4 times",
                "LOOK AT FIRST",
                "UDP port 4789",
                "tcpdump -ni any esp",
                "modprobe esp4 && lsmod | grep esp4",
                "Containers get an MTU of 1324 instead of 1350",
                "Create the network shop_app-moving",
                "docker network create --driver overlay --attachable --subnet 10.20.0.192/26",
                "Put rr on shop_app-moving",
                "docker service update --network-add shop_app-moving rr",
                "docker service update --network-add shop_app-moving web",
                "Take rr off shop_app",
                "docker service update --network-rm shop_app rr",
                "docker service update --network-rm shop_app web",
                "Wait until nobody is on shop_app",
                "Remove the network shop_app",
                f"docker network rm {APP.id}",
                "Create the network shop_app",
                "--subnet 10.20.0.64/26 --gateway 10.20.0.65",
                "docker service update --network-add shop_app rr",
                "docker service update --network-add shop_app web",
                "docker service update --network-rm shop_app-moving rr",
                "docker service update --network-rm shop_app-moving web",
                "Remove the network shop_app-moving",
                "docker network inspect --verbose shop_app",
                "AFTERWARDS",
                "ip xfrm state",
                "compose file of the stack shop",
                "app:",
                "driver_opts:",
                'encrypted: ""',
                "IT RESTS ON",
                "Type shop_app to start",
            ),
        )
        assert running.screen_text.count("nothing is in the way of the new network") == 1


async def test_the_name_starts_it(desk: PaperDesk) -> None:
    async with explorer(calm_snapshot(), desk=desk) as running:
        await open_form(running, "e")
        await fill(running, mtu="1400")
        await turn(running, "at-once")
        await running.press("ctrl+n")
        await confirm(running, "ap")
        assert running.shows(ReviewScreen)
        assert desk.asked == []
        await running.press("p", "enter")
        assert running.shows(OperationScreen)
        assert "Encrypt the network" not in running.screen_text
        assert "Migrate the network: app" in running.screen_text
        await running.press("escape")
        assert running.shows(ExplorerScreen)
    intent = begun(desk)
    (made,) = intent.after.networks
    assert (made.name, made.mtu, made.is_encrypted) == ("app", "1400", True)
    assert made.ranges == intent.before.networks[0].ranges
    assert intent.at_once
    assert intent.temporary is not None
    assert intent.temporary.name == "app-moving"


async def test_the_plan_follows_the_swarm(desk: PaperDesk) -> None:
    busy = calm_snapshot()
    async with explorer(busy, size=TALL, desk=desk) as running:
        await open_form(running, "e")
        await running.press("ctrl+n", "tab")
        await running.write("app")
        typed = running.app.screen.query_one("Confirmation Input", Input)
        await running.hear(replace(busy, taken_at=NOW))
        assert typed.value == "app"
        alias = NetworkTarget(NetworkId(APP.id), ("front",))
        await running.hear(replace(busy, services=(replace(WEB, networks=(alias,)), DB, ROUND)))
        assert typed.value == ""
        assert "The swarm changed, and the plan" in running.screen_text
        await running.press("enter")
        assert running.shows(ReviewScreen)
        late = service("late", [APP])
        await running.hear(replace(busy, services=(*busy.services, late)))
        assert "Cannot encrypt the network" in running.screen_text
        assert "late is on app" in running.screen_text
        assert "Type app to start" not in running.screen_text
        await running.press("enter")
    assert desk.asked == []


async def test_read_only_ends_at_a_script(tmp_path: Path) -> None:
    desk = paper_desk(tmp_path / "operations", read_only=True)
    script = tmp_path / "encrypt.sh"
    async with explorer(calm_snapshot(), settings=Settings(read_only=True), desk=desk) as running:
        await open_form(running, "e")
        await running.press("ctrl+n")
        assert "Read-only: s saves the plan" in running.screen_text
        assert "Type app to start" not in running.screen_text
        await running.press("s")
        running.app.screen.query_one("#script Input", Input).value = str(script)
        await running.press("enter")
    assert "docker network rm" in script.read_text()
    assert desk.asked == []
    assert not desk.folder.exists()


def crowded(*, waiting: int = 0) -> Snapshot:
    """A service that starts new tasks first fills a network; more of its tasks may wait."""
    tiny = network("tiny", "10.77.0.0/26", gateway="10.77.0.1", vxlan=4200)
    crowd = service("crowd", [tiny], {"tiny": "10.77.0.2"}, replicas=56)
    crowd = replace(crowd, update_policy=UpdatePolicy(order="start-first", parallelism=4))
    busy = calm_snapshot()
    tasks = [task(crowd, n, NODES[n % 3], {"tiny": f"10.77.0.{n + 3}"}) for n in range(56)]
    tasks += [task(crowd, 60 + n, None, {}, state="new", targets=[tiny]) for n in range(waiting)]
    return replace(
        busy,
        networks=(*busy.networks, tiny),
        services=(*busy.services, crowd),
        tasks=(*busy.tasks, *tasks),
    )


_REFUSED = {
    "updating": (with_services(replace(WEB, update_state="updating"), ROUND), "app", "web"),
    "paused": (with_services(replace(WEB, update_state="paused"), ROUND), "app", "paused"),
    "unallocated": (with_networks(unallocated()), "overlap", "overlap has no addresses"),
}


@pytest.mark.parametrize("case", _REFUSED)
async def test_what_cannot_be_planned_says_why(case: str, desk: PaperDesk) -> None:
    snapshot, name, told = _REFUSED[case]
    async with explorer(snapshot, desk=desk) as running:
        await open_form(running, "e", name)
        await running.press("ctrl+n")
        assert running.shows(ReviewScreen)
        assert "Cannot encrypt the network" in running.screen_text
        assert told in running.screen_text
        await confirm(running, name)
        assert running.shows(ReviewScreen)
    assert desk.asked == []


async def test_a_full_network_has_no_room_for_new_tasks_first() -> None:
    async with explorer(crowded()) as running:
        await open_form(running, "m", "tiny")
        await fill(running, subnet="10.78.0.0/24")
        await running.press("ctrl+n")
        assert "crowd starts new tasks before old ones stop, and tiny has" in running.screen_text


async def test_all_leave_an_exhausted_network_at_once(desk: PaperDesk) -> None:
    snapshot = crowded(waiting=4)
    slow = UpdatePolicy(parallelism=1)
    services = (*snapshot.services[:-1], replace(snapshot.services[-1], update_policy=slow))
    snapshot = replace(snapshot, services=services)
    async with explorer(snapshot, size=TALL, desk=desk) as running:
        await open_form(running, "m", "tiny")
        await fill(running, subnet="10.78.0.0/24")
        assert "same name, contact in part;" in running.screen_text
        await running.press("ctrl+n")
        text = " ".join(running.screen_text.replace("│", "").split())
        assert "Tasks wait for addresses on tiny: services leave it all at once" in text
        assert "so that nobody can be on both" in text
        assert "docker service update --network-rm tiny --network-add tiny-moving crowd" in text
