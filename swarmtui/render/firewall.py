"""What nodes let in from one another: the table, the sheet of a node, lines and plain data."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import TYPE_CHECKING, Any

from rich.text import Text

from swarmtui.findings import (
    TOOL_NOTES,
    Tool,
    firewall_lines,
    hardening,
    openings,
)
from swarmtui.model import Outcome
from swarmtui.render.sheet import SheetText
from swarmtui.render.table import Column, Row
from swarmtui.render.text import NOTHING, clock_time, counted, printable, toned

if TYPE_CHECKING:
    from swarmtui.findings import (
        Hardening,
        Opening,
    )
    from swarmtui.model import Door, NodeId, Snapshot, Trial

OPENING_COLUMNS = (
    Column("node", "NODE", 14, "N", flex=1, min_width=9),
    Column("address", "ADDRESS", 15, "A", min_width=13),
    Column("port", "PORT", 5, "P", justify="right", min_width=5),
    Column("protocol", "PROTO", 5, "R", min_width=5),
    Column("purpose", "FOR", 10, "F", min_width=10, priority=2),
    Column("sources", "FROM", 7, "O", flex=1, min_width=7, priority=3),
    Column("answer", "TESTED", 9, "T", min_width=9),
    Column("since", "SINCE UTC", 9, "S", min_width=9, priority=1),
)
SCHEMA = 1
_TONES: Mapping[Outcome, str] = {
    Outcome.TRYING: "dim",
    Outcome.REACHABLE: "good",
    Outcome.REFUSED: "error",
    Outcome.NO_ANSWER: "error",
}


def opening_rows(snapshot: Snapshot, trials: Mapping[Door, Trial]) -> list[Row]:
    """Return a row for everything that a node has to let in, with what came of trying it."""
    return [_row(each, trials.get(each.door) if each.door else None) for each in openings(snapshot)]


def _row(opening: Opening, trial: Trial | None) -> Row:
    answer, since = toned(NOTHING, "dim"), ""
    if trial is not None:
        answer = toned(str(trial.outcome), _TONES[trial.outcome])
        since = "" if trial.outcome is Outcome.TRYING else clock_time(trial.at)
    sources = _sources(opening)
    number = str(opening.port) if opening.port else NOTHING
    return Row(
        opening.key,
        (
            opening.node.hostname or opening.node.id,
            opening.address or toned("not known", "warning"),
            number,
            opening.protocol,
            str(opening.purpose),
            sources,
            answer,
            since or NOTHING,
        ),
        (
            opening.node.hostname.lower(),
            opening.address,
            opening.port,
            opening.protocol,
            str(opening.purpose),
            len(opening.sources),
            answer.plain,
            since,
        ),
    )


def _sources(opening: Opening) -> str:
    words = counted(len(opening.sources), "node")
    return f"{words}, {len(opening.unknown)} unknown" if opening.unknown else words


def trials_summary(trials: Collection[Trial]) -> str:
    """Return in a line what came of all tries."""
    count = {
        outcome: sum(1 for each in trials if each.outcome is outcome)
        for outcome in (Outcome.REACHABLE, Outcome.REFUSED, Outcome.NO_ANSWER)
    }
    told = ", ".join(f"{number} {outcome}" for outcome, number in count.items() if number)
    return f"{counted(len(trials), 'port')} tried: {told}." if told else "Nothing was tried."


def trial_text(doors: Collection[Door]) -> Text:
    """Return what trying ports does, for who has to agree to it."""
    text = Text("Try the ports of the nodes from here\n", style="")
    text.stylize("bold")
    ports = sorted({door.port for door in doors})
    for line in (
        "",
        f"This machine connects to {counted(len(doors), 'address and port', 'addresses and ports')}"
        f" (tcp {', '.join(map(str, ports))}) and closes each connection at once.",
        "Nothing is sent, and nothing in the swarm changes; the nodes may log the connections.",
        "A few are tried at a time, each for two seconds at most.",
        "From here is not from another node: a firewall may tell the two apart.",
    ):
        text.append(f"{line}\n")
    return text


def firewall_sheet(snapshot: Snapshot, node_id: NodeId) -> Text | None:
    """Return a sheet about what one node lets in, with the lines for each tool."""
    found = [each for each in openings(snapshot) if each.node.id == node_id]
    if not found:
        return None
    node = found[0].node
    sheet = SheetText(node.hostname or node.id, "what it has to let in from the other nodes")
    addresses = dict.fromkeys(each.address or "not known" for each in found)
    labels = ("Address", "Data path") if len(addresses) > 1 else ("Address",)
    for label, address in zip(labels, addresses, strict=False):
        sheet.value(label, address)
    sheet.section("From the other nodes")
    sheet.table(
        (_port(each), str(each.purpose), ", ".join(each.sources) or NOTHING) for each in found
    )
    for line in _warnings(found):
        sheet.line(line, tone="warning")
    for tool in Tool:
        sheet.section(str(tool))
        lines = firewall_lines(found, tool)
        for line in lines:
            sheet.line(f"$ {line}")
        if lines:
            sheet.line(TOOL_NOTES[tool], tone="dim")
        else:
            sheet.line("nothing to let in: no other node is known", tone="dim")
    sheet.section("Against packets in the clear")
    _hardening(sheet, hardening(snapshot))
    return sheet.text


def _port(opening: Opening) -> str:
    return f"{opening.protocol} {opening.port}" if opening.port else "esp (protocol 50)"


def _warnings(found: Iterable[Opening]) -> list[str]:
    unknown = dict.fromkeys(name for each in found for name in each.unknown)
    if not unknown:
        return []
    return [f"Not known here are addresses of {', '.join(unknown)}: add them by hand."]


def _hardening(sheet: SheetText, found: Hardening) -> None:
    if found.command:
        sheet.line("Every overlay is encrypted: this drops what did not come out of IPsec.")
        sheet.line(f"$ {found.command}")
        return
    if found.in_clear:
        names = ", ".join(found.in_clear)
        sheet.line(f"No rule: it would cut off what is not encrypted: {names}.", tone="dim")


def firewall_script(snapshot: Snapshot, tool: Tool, node: str = "") -> str:
    """Return the lines of one tool for all nodes, or for one by name, under comments."""
    parts: list[str] = []
    found = openings(snapshot)
    for node_id, name in {each.node.id: each.node.hostname for each in found}.items():
        if node in ("", name):
            mine = [each for each in found if each.node.id == node_id]
            lines = [f"# on {printable(name)}", *(f"# {each}" for each in _warnings(mine))]
            parts.append("\n".join((*map(printable, lines), *firewall_lines(mine, tool))))
    command = hardening(snapshot).command
    if command:
        parts.append(f"# on every node, after these: every overlay is encrypted\n{command}")
    return "\n\n".join((*parts, f"# {TOOL_NOTES[tool]}"))


def firewall_document(snapshot: Snapshot, node: str = "") -> dict[str, Any]:
    """Return all of it as plain data, for programs."""
    found = [each for each in openings(snapshot) if node in ("", each.node.hostname)]
    against = hardening(snapshot)
    return {
        "schema": SCHEMA,
        "nodes": [
            _document([each for each in found if each.node.id == node_id])
            for node_id in dict.fromkeys(each.node.id for each in found)
        ],
        "hardening": {"command": against.command or None, "in_clear": list(against.in_clear)},
    }


def _document(found: list[Opening]) -> dict[str, Any]:
    return {
        "node": found[0].node.hostname,
        "openings": [
            {
                "protocol": each.protocol,
                "port": each.port or None,
                "purpose": str(each.purpose),
                "address": each.address or None,
                "sources": list(each.sources),
                "unknown": list(each.unknown),
            }
            for each in found
        ],
        "lines": {str(tool): list(firewall_lines(found, tool)) for tool in Tool},
    }
