"""The page that reviews what cures a finding."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from textual.screen import ModalScreen

from swarmtui.findings import Repair, RepairKind
from swarmtui.model import Snapshot
from swarmtui.operations import (
    AttachDraft,
    DetachDraft,
    free_subnet,
    migration_draft,
    plan_operation,
    plan_repair,
    reach_draft,
)
from swarmtui.screens.attach import AttachScreen
from swarmtui.screens.host import Host
from swarmtui.screens.ingress import IngressScreen
from swarmtui.screens.migrate import MigrateScreen
from swarmtui.screens.reach import ReachScreen
from swarmtui.screens.removal import RemovalScreen
from swarmtui.screens.review import ReviewScreen

Page = ModalScreen[None]
_Maker = Callable[[Host, Snapshot, Repair], Page | None]


def repair_screen(host: Host, repair: Repair) -> Page | None:
    """Return the review or the filled-in form of a repair; None where its object is gone."""
    snapshot = host.snapshot
    return _MAKERS[repair.kind](host, snapshot, repair) if snapshot is not None else None


def _ingress(host: Host, _: Snapshot, __: Repair) -> Page:
    lan_ranges = host.settings.lan_ranges
    return ReviewScreen(
        "Repair the ingress",
        lambda snapshot: plan_repair(snapshot, lan_ranges=lan_ranges),
        host.begin,
    )


def _replace_ingress(_: Host, snapshot: Snapshot, __: Repair) -> Page:
    return IngressScreen(snapshot)


def _encryption(_: Host, snapshot: Snapshot, repair: Repair) -> Page | None:
    draft = migration_draft(snapshot, repair.network)
    if draft is None:
        return None
    return MigrateScreen(snapshot, replace(draft, encrypted=not draft.encrypted))


def _migrate(host: Host, snapshot: Snapshot, repair: Repair) -> Page | None:
    draft = migration_draft(snapshot, repair.network)
    if draft is None:
        return None
    needed = draft.needed(snapshot)
    subnet = free_subnet(snapshot, needed, lan_ranges=host.settings.lan_ranges)
    return MigrateScreen(snapshot, replace(draft, subnet=subnet or draft.subnet, gateway=""))


def _remove(host: Host, _: Snapshot, repair: Repair) -> Page:
    return RemovalScreen(host, repair.network)


def _attach(_: Host, snapshot: Snapshot, repair: Repair) -> Page:
    return AttachScreen(snapshot, AttachDraft(service=repair.service, network=repair.network))


def _detach(host: Host, snapshot: Snapshot, repair: Repair) -> Page:
    intent = DetachDraft(repair.service, repair.network).intent(snapshot)
    return ReviewScreen("Review", lambda newest: plan_operation(newest, intent), host.begin)


def _mode(_: Host, snapshot: Snapshot, repair: Repair) -> Page | None:
    draft = reach_draft(snapshot, repair.service)
    return ReachScreen(snapshot, draft) if draft is not None else None


_MAKERS: Mapping[RepairKind, _Maker] = {
    RepairKind.INGRESS: _ingress,
    RepairKind.REPLACE_INGRESS: _replace_ingress,
    RepairKind.ENCRYPTION: _encryption,
    RepairKind.MIGRATE: _migrate,
    RepairKind.REMOVE: _remove,
    RepairKind.ATTACH: _attach,
    RepairKind.DETACH: _detach,
    RepairKind.MODE: _mode,
}
