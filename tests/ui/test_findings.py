"""What is wrong, on screen: counts, marks, the table, the sheet, and the ways from there."""

from __future__ import annotations

from pathlib import Path

import pytest

from swarmtui.acknowledgements import Acknowledgements
from swarmtui.findings import Finding, Repair, RepairKind, Severity, Subject, SubjectKind
from swarmtui.messages import SnapshotTaken
from swarmtui.model import Snapshot
from swarmtui.screens.attach import AttachScreen
from swarmtui.screens.explorer import ExplorerScreen
from swarmtui.screens.findings import FindingSheet, FindingsScreen
from swarmtui.screens.form import FormScreen
from swarmtui.screens.ingress import IngressScreen
from swarmtui.screens.migrate import MigrateScreen
from swarmtui.screens.reach import ReachScreen
from swarmtui.screens.removal import RemovalScreen
from swarmtui.screens.review import ReviewScreen
from tests.builders import APP, INGRESS, NODES, busy_snapshot
from tests.findings import EVERYWHERE, about, finding, rule
from tests.ui.explorers import Running, explorer

BUSY = busy_snapshot()
WEB = next(each for each in BUSY.services if each.name == "web")
BAD = finding(rule("bad", Severity.CRITICAL), title="app has no room")
NOTE = finding(rule("note", Severity.INFO), EVERYWHERE, title="just so that you know")
ODD = finding(rule("odd"), Subject(SubjectKind.SERVICE, "web", WEB.id), title="web is odd")
FAR = finding(rule("far"), Subject(SubjectKind.NODE, "node3", NODES[2].id), title="node3 is far")
ALL = (BAD, ODD, FAR, NOTE)


async def tell(running: Running, *findings: Finding, snapshot: Snapshot = BUSY) -> None:
    running.app.post_message(SnapshotTaken(snapshot, findings))
    await running.pilot.pause()


def rows(running: Running) -> list[tuple[str, ...]]:
    return [cells[:4] for cells in running.cells("findings")]


async def test_counts_stand_in_the_header_of_every_screen() -> None:
    async with explorer(BUSY) as running:
        await tell(running, *ALL)
        for place in ("", "services", "findings"):
            if place:
                await running.press("colon", *place, "enter")
            for words in ("1 critical", "2 warnings", "1 info"):
                assert words in running.screen_text
        await tell(running)
        assert "critical" not in running.screen_text
    async with explorer(BUSY, size=(80, 24)) as running:
        await tell(running, *ALL)
        for words in ("1C", "2W", "1I"):
            assert words in running.screen_text


async def test_each_table_marks_what_they_are_about() -> None:
    async with explorer(BUSY) as running:
        await tell(running, *ALL)
        assert "! app" in [cells[0] for cells in running.cells("networks")]
        await running.press("down")
        endpoints = {cells[1] for cells in running.cells("endpoints")}
        assert {"▲ web", "▲ lb-app"} <= endpoints
        assert "▲ node3" in [cells[0] for cells in running.cells("peers")]
        for place, marked in (("services", "▲ web"), ("nodes", "▲ node3"), ("ports", "▲ web")):
            await running.press("colon", *place, "enter")
            assert any(marked in cells for cells in running.cells(place))
        await tell(running)
        assert not any("▲" in str(cells) for cells in running.cells("ports"))


async def test_the_table_lists_the_worst_first() -> None:
    async with explorer(BUSY) as running:
        await tell(running, *ALL)
        await running.press("f")
        assert rows(running) == [
            ("! app has no room", "critical", "app", "bad"),
            ("▲ web is odd", "warning", "web", "odd"),
            ("▲ node3 is far", "warning", "node3", "far"),
            ("· just so that you know", "info", "swarm", "note"),
        ]
        await tell(running)
        assert rows(running) == []
        assert "Nothing is wrong as far as can be seen from here." in running.screen_text
        await running.press("escape")
        assert running.shows(ExplorerScreen)


async def test_the_sheet_gives_evidence_meaning_remedy_and_references() -> None:
    async with explorer(BUSY) as running:
        await tell(running, BAD)
        await running.press("f", "d")
        assert running.shows(FindingSheet)
        for words in (
            "number of app: 7",
            "(GET /networks)",
            "It means nothing.",
            "docker network inspect app",
            "https://github.com/moby/moby/issues/40184",
        ):
            assert words in running.screen_text
        await tell(running, finding(BAD.rule, title="app has no room", value="8"))
        assert "number of app: 8" in running.screen_text
        await tell(running)
        assert "Over: this is no longer found." in running.screen_text
        await running.press("enter", "x", "k")
        assert running.shows(FindingSheet)


@pytest.mark.parametrize(
    ("found", "pane", "key"),
    [
        (BAD, "networks", APP.id),
        (ODD, "services", WEB.id),
        (FAR, "nodes", NODES[2].id),
        (
            finding(subject=about(INGRESS)),
            "networks",
            INGRESS.id,
        ),
    ],
    ids=["network", "service", "node", "ingress"],
)
@pytest.mark.parametrize("keys", [("enter",), ("d", "enter")], ids=["table", "sheet"])
async def test_enter_jumps_to_the_subject(
    found: Finding, pane: str, key: str, keys: tuple[str, ...]
) -> None:
    async with explorer(BUSY) as running:
        await tell(running, found)
        await running.press("f", *keys)
        assert running.pane(pane).selected_key == key
        await running.press("escape")
        assert running.shows(FindingsScreen)


async def test_what_has_no_row_is_described() -> None:
    async with explorer(BUSY) as running:
        await tell(running, NOTE)
        await running.press("f", "enter")
        assert running.shows(FindingSheet)


async def test_k_hides_a_finding_until_its_evidence_changes(tmp_path: Path) -> None:
    async with explorer(BUSY, acknowledgements=Acknowledgements(tmp_path)) as running:
        await tell(running, BAD, ODD)
        await running.press("f", "k")
        assert rows(running)[-1] == ("✓ app has no room", "critical", "app", "bad")
        assert "1 warning, 1 acknowledged" in running.screen_text
        assert "1 critical" not in running.screen_text
        assert running.pane("findings").selected_key == BAD.key
        await tell(running, BAD, ODD)
        assert rows(running)[-1][0] == "✓ app has no room"
        await tell(running, finding(BAD.rule, title="app has no room", value="9"), ODD)
        assert rows(running)[0][0] == "! app has no room"
        await tell(running, BAD, ODD)
        await running.press("k")
        assert rows(running)[0][0] == "! app has no room"
        await running.press("k")
    async with explorer(BUSY, acknowledgements=Acknowledgements(tmp_path)) as running:
        await tell(running, BAD, ODD)
        await running.press("f")
        assert rows(running)[-1][0] == "✓ app has no room"


async def test_k_still_moves_the_cursor_elsewhere() -> None:
    async with explorer(BUSY) as running:
        await tell(running, BAD)
        first = running.pane("networks").selected_key
        await running.press("j", "k")
        assert running.pane("networks").selected_key == first
        await running.press("f", "j")
        assert running.pane("findings").selected_key == BAD.key


async def test_acknowledgements_that_cannot_be_kept_are_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    kept = Acknowledgements(tmp_path / "file" / "x")
    async with explorer(BUSY, acknowledgements=kept) as running:
        await tell(running, BAD)
        await running.press("f", "k")
        told = [each.message for each in running.app._notifications]
        assert sum("cannot be kept" in words for words in told) == 1
        assert rows(running)[0][0] == "✓ app has no room"


@pytest.mark.parametrize(
    ("repair", "page"),
    [
        (Repair(RepairKind.INGRESS), ReviewScreen),
        (Repair(RepairKind.REPLACE_INGRESS), IngressScreen),
        (Repair(RepairKind.ENCRYPTION, "app"), MigrateScreen),
        (Repair(RepairKind.MIGRATE, "app"), MigrateScreen),
        (Repair(RepairKind.REMOVE, "app"), RemovalScreen),
        (Repair(RepairKind.ATTACH, "pay_secure", "web"), AttachScreen),
        (Repair(RepairKind.DETACH, "app", "web"), ReviewScreen),
        (Repair(RepairKind.MODE, service="web"), ReachScreen),
    ],
    ids=lambda value: value.kind if isinstance(value, Repair) else "",
)
async def test_x_opens_what_repairs_it(
    repair: Repair, page: type[ReviewScreen] | type[FormScreen]
) -> None:
    async with explorer(BUSY) as running:
        await tell(running, finding(repair=repair))
        await running.press("f")
        assert "x Repair" in running.screen_text
        await running.press("x")
        assert running.shows(page)
        await running.press("escape", "d", "x")
        assert running.shows(page)


@pytest.mark.parametrize("kind", [RepairKind.ENCRYPTION, RepairKind.MIGRATE, RepairKind.MODE])
async def test_a_repair_of_what_is_gone_says_so(kind: RepairKind) -> None:
    async with explorer(BUSY) as running:
        await tell(running, finding(repair=Repair(kind, "gone", "gone")))
        await running.press("f", "x")
        assert running.shows(FindingsScreen)
        assert "What it was about is gone." in running.screen_text


async def test_without_a_repair_there_is_no_key_for_it() -> None:
    async with explorer(BUSY) as running:
        await tell(running, BAD)
        await running.press("f")
        assert "x Repair" not in running.screen_text
        await running.press("x", "d", "x")
        assert running.shows(FindingSheet)


async def test_hostile_names_are_shown_as_they_are() -> None:
    hostile = Subject(SubjectKind.NETWORK, "[red]x\x1b[31m", "nowhere")
    async with explorer(BUSY) as running:
        await tell(running, finding(subject=hostile, title="[@click=app.quit]x[/]\x07"))
        await running.press("f")
        assert "[@click=app.quit]x[/]␇" in running.screen_text
        await running.press("d")
        assert "[red]x␛[31m" in running.screen_text
