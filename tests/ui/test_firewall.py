"""`:ports`: what nodes need between them, its sheet, and trying it from here."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import timedelta

from swarmtui.commands import CATALOGUE
from swarmtui.model import Door, Outcome, Trial
from swarmtui.screens.decision import DecisionScreen
from swarmtui.screens.ports import PortsScreen
from swarmtui.settings import Settings
from tests.builders import NODES, NOW, busy_snapshot, worker_snapshot
from tests.ui.explorers import Running, explorer

DOORS = [
    Door("192.168.77.1", 2377),
    Door("192.168.77.1", 7946),
    Door("192.168.77.2", 2377),
    Door("192.168.77.2", 7946),
    Door("192.168.77.3", 7946),
]


class FakeTester:
    """Tries nothing, and tells what a test pleases."""

    def __init__(self) -> None:
        self.rounds: list[list[Door]] = []
        self._tell: Callable[[Trial], object] = lambda _: None

    def __call__(self, doors: Sequence[Door], tell: Callable[[Trial], object]) -> None:
        self.rounds.append(list(doors))
        self._tell = tell

    def tell(self, number: int, outcome: Outcome, minutes: int = 0) -> None:
        self._tell(Trial(DOORS[number], outcome, NOW + timedelta(minutes=minutes)))


async def to_ports(running: Running) -> None:
    await running.press("colon", *"ports", "enter")
    assert running.shows(PortsScreen)


def tries(running: Running) -> list[tuple[str, str, str, str]]:
    """Return node, port, outcome and time of what was tried."""
    return [(row[0], row[2], row[6], row[7]) for row in running.cells("openings") if row[6] != "–"]


async def test_what_nodes_need_stands_below_what_services_publish() -> None:
    async with explorer(busy_snapshot()) as running:
        await to_ports(running)
        assert [row[0] for row in running.cells("ports")] == ["8080"]
        rows = running.cells("openings")
        assert rows[0] == (
            "node1",
            "192.168.77.1",
            "2377",
            "tcp",
            "management",
            "2 nodes",
            "–",
            "–",
        )
        assert rows[4] == ("node1", "192.168.77.1", "–", "esp", "encryption", "2 nodes", "–", "–")
        assert len(rows) == 14


async def test_the_sheet_has_lines_for_every_tool() -> None:
    async with explorer(busy_snapshot(), size=(160, 80)) as running:
        await to_ports(running)
        await running.press("tab", "d")
        for line in (
            "ufw allow proto tcp from 192.168.77.2 to any port 2377",
            "firewall-cmd --permanent --add-rich-rule=",
            "nft 'insert rule inet filter input ip saddr { 192.168.77.2, 192.168.77.3 }",
            "iptables -I INPUT -p esp -s 192.168.77.2,192.168.77.3 -j ACCEPT",
            "No rule: it would cut off what is not encrypted: app, ingress.",
        ):
            assert line in running.screen_text
        await running.press("escape")
        await running.press("enter")
        assert running.app.history.here.kind == "tasks"


async def test_hostile_addresses_are_in_no_line() -> None:
    evil = replace(NODES[2], hostname="n[red]\x1b", address="1.1.1.1; reboot")
    snapshot = replace(busy_snapshot(), nodes=(*NODES[:2], evil))
    async with explorer(snapshot, size=(160, 80)) as running:
        await to_ports(running)
        await running.press("tab", "end", "d")
        assert "reboot" not in running.screen_text
        assert "Not known here are addresses of n[red]␛: add them by hand." in running.screen_text


async def test_a_key_tries_the_ports_and_the_table_follows() -> None:
    tester = FakeTester()
    async with explorer(busy_snapshot(), tester=tester) as running:
        await to_ports(running)
        assert tester.rounds == []
        await running.press("t")
        assert tester.rounds == [DOORS]
        assert {row[2:] for row in tries(running)} == {("trying", "–")}
        await running.press("t")
        assert len(tester.rounds) == 1
        for number in range(3):
            tester.tell(number, Outcome.REACHABLE)
        tester.tell(3, Outcome.REFUSED)
        await running.until(lambda: len([r for r in tries(running) if r[2] == "trying"]) == 1)
        tester.tell(4, Outcome.NO_ANSWER)
        await running.until(lambda: "5 ports tried:" in running.screen_text)
        assert tries(running) == [
            ("node1", "2377", "reachable", "12:00:00"),
            ("node1", "7946", "reachable", "12:00:00"),
            ("node2", "2377", "reachable", "12:00:00"),
            ("node2", "7946", "refused", "12:00:00"),
            ("node3", "7946", "no answer", "12:00:00"),
        ]
        await running.press("t")
        for number in range(5):
            tester.tell(number, Outcome.REACHABLE, minutes=2)
        await running.until(lambda: tries(running)[4][2] == "reachable")
        assert [row[3] for row in tries(running)] == ["12:00:00"] * 3 + ["12:02:00"] * 2


async def test_what_was_tried_is_still_there_when_one_comes_back() -> None:
    tester = FakeTester()
    async with explorer(busy_snapshot(), tester=tester) as running:
        await to_ports(running)
        await running.press("t")
        tester.tell(0, Outcome.REACHABLE)
        await running.until(lambda: tries(running)[0][2] == "reachable")
        await running.press("escape")
        await to_ports(running)
        assert tries(running)[0][2] == "reachable"


async def test_read_only_mode_asks_first() -> None:
    tester = FakeTester()
    async with explorer(
        busy_snapshot(), tester=tester, settings=Settings(read_only=True)
    ) as running:
        await to_ports(running)
        await running.press("t")
        assert running.shows(DecisionScreen)
        assert "5 addresses and ports (tcp 2377, 7946)" in running.screen_text
        await running.press("enter")
        assert not running.shows(DecisionScreen)
        assert tester.rounds == []
        await running.press("t", "tab")
        await running.write("yes")
        await running.press("enter")
        assert tester.rounds == [DOORS]


async def test_only_its_own_key_tries_anything() -> None:
    tester = FakeTester()
    keys = [key for command in CATALOGUE for key in command.KEY.split(",") if key not in ("", "t")]
    async with explorer(busy_snapshot(), tester=tester, size=(80, 24)) as running:
        for key in keys:
            if not running.shows(PortsScreen):
                await to_ports(running)
            await running.press(key)
            while len(running.app.screen_stack) > 2:
                await running.press("escape")
            if running.app.screen.query("Prompt > Input:focus"):
                await running.press("escape")
        assert tester.rounds == []


async def test_where_nothing_can_be_tried_there_is_no_key() -> None:
    async with explorer(busy_snapshot()) as running:
        await to_ports(running)
        assert "t Test" not in running.screen_text
    tester = FakeTester()
    async with explorer(worker_snapshot(), tester=tester) as running:
        await to_ports(running)
        assert "Only a manager tells the nodes." in running.screen_text
        await running.press("t")
        assert tester.rounds == []
