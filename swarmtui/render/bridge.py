"""The gateway bridge of the node that is read, and the way to another one, as text."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING, Any

from rich.text import Text

from swarmtui.addressing import first_host
from swarmtui.model import DEFAULT_OUTER_MTU, Standing, short_id
from swarmtui.model.network import GATEWAY_BRIDGE
from swarmtui.operations import (
    BRIDGE_PORTS,
    ICC_OPTION,
    MASQUERADE_OPTION,
    NAME_OPTION,
    bridge_faults,
    definition_of,
    is_on,
)
from swarmtui.render.sheet import SheetText
from swarmtui.render.text import bar, counted, printable, tone_of_share, when

if TYPE_CHECKING:
    from swarmtui.model import Network, Snapshot
    from swarmtui.operations import (
        Fault,
        Runbook,
    )

_INDENT = "     "


def bridge_sheet(snapshot: Snapshot, *, lan_ranges: Collection[str] = ()) -> Text:
    """Return what there is to say of the gateway bridge of the node that is read."""
    sheet = SheetText(GATEWAY_BRIDGE, f"of {snapshot.engine.name}: how overlays reach the outside")
    bridge, alone = snapshot.gateway_bridge, snapshot.engine.standing is Standing.NO_SWARM
    if bridge is None:
        sheet.line("This node has none. Joining a swarm makes one, with the engine's own choices.")
        if alone:
            sheet.line("e makes one with yours before that.")
        return sheet.text
    _facts(sheet, bridge)
    _endpoints(sheet, snapshot, bridge)
    _conflicts(sheet, snapshot, bridge, lan_ranges)
    sheet.section("To change it")
    if alone:
        sheet.line("This engine is in no swarm: e plans another bridge, to be reviewed.")
    else:
        sheet.line("The engine keeps it in use as long as the node is in the swarm.")
        sheet.line("e writes the runbook for this node: leave, another bridge, and back.")
    return sheet.text


BRIDGE_FACTS = ("Now", "Then")
"""What `bridge_facts` tells, in order."""


def bridge_facts(snapshot: Snapshot) -> tuple[str, ...]:
    """Return what there is now, and what becomes of the form."""
    bridge = snapshot.gateway_bridge
    now = "this node has no docker_gwbridge"
    if bridge is not None:
        inspection = snapshot.inspections.get(bridge.id)
        subnets = ", ".join(each.cidr for each in bridge.subnets)
        used = f", {counted(len(inspection.endpoints), 'endpoint')}" if inspection else ""
        now = f"{subnets}, MTU {bridge.mtu_option or DEFAULT_OUTER_MTU}{used}"
    if snapshot.engine.standing is Standing.NO_SWARM:
        return now, "this engine is in no swarm: a plan, done once it is confirmed"
    return now, "the node is in a swarm: a runbook, which you follow by hand"


def bridge_mtu_remark() -> str:
    """Return which MTU a bridge gets by itself."""
    return f"{DEFAULT_OUTER_MTU} if left empty"


def bridge_document(snapshot: Snapshot, *, lan_ranges: Collection[str] = ()) -> dict[str, Any]:
    """Return the gateway bridge as plain data, for programs."""
    bridge = snapshot.gateway_bridge
    if bridge is None:
        return {"node": snapshot.engine.name, "bridge": None}
    inspection = snapshot.inspections.get(bridge.id)
    endpoints = inspection.endpoints if inspection is not None else None
    return {
        "node": snapshot.engine.name,
        "bridge": {
            "id": bridge.id,
            "subnets": [{"cidr": each.cidr, "gateway": each.gateway} for each in bridge.subnets],
            "options": dict(bridge.options),
            "ports": BRIDGE_PORTS,
            "endpoints": endpoints
            and [
                {"name": each.name, "address": each.address, "mac": each.mac} for each in endpoints
            ],
            "conflicts": [each.words for each in _subnet_faults(snapshot, bridge, lan_ranges)],
        },
    }


def runbook_text(runbook: Runbook) -> Text:
    """Return a runbook to read."""
    text = Text(f"Another {GATEWAY_BRIDGE} for {printable(runbook.node)}\n")
    text.stylize("bold")
    steps = counted(len(runbook.steps), "step")
    text.append(f"{steps}, by hand, each on the machine that it names\n", style="dim")
    text.append("\nRISKS\n", style="accent")
    for risk in runbook.risks:
        text.append("  ! ", style="warning")
        text.append(f"{printable(risk)}\n")
    text.append("\nSTEPS\n", style="accent")
    for number, step in enumerate(runbook.steps, 1):
        text.append(f"  {number:>2} ", style="accent")
        text.append(printable(step.title), style="bold")
        text.append(f"\n{_INDENT}on {printable(step.where)}\n", style="accent")
        text.append(f"{_INDENT}{printable(step.why)}\n", style="dim")
        for command in step.commands:
            for index, line in enumerate(command.split("\n")):
                text.append(f"{_INDENT}{'  ' if index else '$ '}", style="dim")
                text.append(f"{printable(line)}\n", style="good")
    return text


def _facts(sheet: SheetText, bridge: Network) -> None:
    sheet.value("Id", short_id(bridge.id))
    sheet.value("Created (UTC)", when(bridge.created))
    for subnet in bridge.subnets:
        sheet.value("Subnet", subnet.cidr)
        note = "" if subnet.gateway else "the first address, by itself"
        sheet.value("Gateway", subnet.gateway or first_host(subnet.cidr), note=note)
    sheet.section("Options")
    options = bridge.options
    sheet.value("Interface", options.get(NAME_OPTION, ""))
    _choice(sheet, "Containers", options, ICC_OPTION, ("reach one another", "kept apart"))
    _choice(sheet, "Outbound", options, MASQUERADE_OPTION, ("masqueraded", "not masqueraded"))
    mtu = bridge.mtu_option
    sheet.value("MTU", str(mtu or DEFAULT_OUTER_MTU), note="option" if mtu else "engine default")


def _choice(
    sheet: SheetText, label: str, options: Mapping[str, str], option: str, words: tuple[str, str]
) -> None:
    name = option.rpartition(".")[2]
    note = f"{name}={options[option]}" if option in options else f"{name}, engine default"
    sheet.value(label, words[0] if is_on(options, option) else words[1], note=note)


def _endpoints(sheet: SheetText, snapshot: Snapshot, bridge: Network) -> None:
    sheet.section("Endpoints")
    inspection = snapshot.inspections.get(bridge.id)
    if inspection is None:
        sheet.line("not read yet", tone="dim")
        return
    used = len(inspection.endpoints)
    share = f"{used} of {BRIDGE_PORTS} {bar(used, BRIDGE_PORTS)}"
    note = "beyond that tasks fail: exchange full"
    sheet.value("Ports", share, note=note, tone=tone_of_share(used / BRIDGE_PORTS))
    holders = _holders(snapshot)
    rows = (
        (holders.get(each.key) or each.name or each.key[:12], each.address, each.mac)
        for each in inspection.endpoints
    )
    sheet.table(sorted(rows))


def _holders(snapshot: Snapshot) -> dict[str, str]:
    """Return the names of containers by id; on the bridge itself all are `gateway_` something."""
    found = {
        each.key: each.name
        for network in snapshot.networks
        if network.is_swarm and (inspection := snapshot.inspections.get(network.id))
        for each in inspection.endpoints
    }
    tasks = (each for each in snapshot.tasks if each.is_live and each.service_id)
    return found | {str(each.container_id): snapshot.task_name(each) for each in tasks}


def _conflicts(
    sheet: SheetText, snapshot: Snapshot, bridge: Network, lan_ranges: Collection[str]
) -> None:
    sheet.section("Conflicts")
    found = _subnet_faults(snapshot, bridge, lan_ranges)
    for fault in found:
        mark, tone = ("✗", "error") if fault.fatal else ("!", "warning")
        sheet.line(f"{mark} {fault.words}", tone=tone)
    if not found:
        what = "networks, nodes' addresses and LAN ranges"
        sheet.line(f"none with other {what}", tone="good")
    if not snapshot.sees_cluster and snapshot.engine.standing is not Standing.NO_SWARM:
        sheet.line("Of the swarm's networks only those are known that this node carries.")


def _subnet_faults(snapshot: Snapshot, bridge: Network, lan_ranges: Collection[str]) -> list[Fault]:
    faults = bridge_faults(snapshot, definition_of(bridge), lan_ranges=lan_ranges)
    return [each for each in faults if each.field == "subnet"]
