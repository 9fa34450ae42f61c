"""Changes to the swarm: planned as data, journalled, run, resumed and taken back."""

from swarmtui.operations.arrangement import services_on
from swarmtui.operations.bridge_checks import (
    BRIDGE_PORTS,
    ICC_OPTION,
    MASQUERADE_OPTION,
    NAME_OPTION,
    bridge_faults,
    is_on,
    proposed_bridge_subnet,
)
from swarmtui.operations.bridge_draft import BridgeDraft, bridge_draft_of
from swarmtui.operations.changes import Way, attaching, detaching, removal_of
from swarmtui.operations.checks import Fault, free_subnet, ingress_faults, proposed_subnet
from swarmtui.operations.definition import (
    ENCRYPTED_OPTION,
    MTU_OPTION,
    Definition,
    Range,
    definition_of,
)
from swarmtui.operations.desk import Desk, OperationPending, ReadOnly
from swarmtui.operations.draft import IngressDraft, draft_of
from swarmtui.operations.ingress import plan_repair
from swarmtui.operations.init_draft import InitDraft, proposed_pool
from swarmtui.operations.journal import JournalUnusable, journal_path, read_journal
from swarmtui.operations.leftover import leftover
from swarmtui.operations.network_draft import MigrationDraft, NetworkDraft, migration_draft
from swarmtui.operations.network_sights import containers_on, is_full, swarm_network
from swarmtui.operations.operation import (
    Operation,
    State,
    StepTimes,
    read_operation,
)
from swarmtui.operations.plan import (
    Advice,
    BuildBridge,
    BuildIngress,
    Intent,
    Interruption,
    Plan,
    Rearrange,
    Refusal,
    SpreadIngress,
    Step,
)
from swarmtui.operations.planning import (
    plan_operation,
    plan_resume,
    plan_rollback,
    plan_undo,
)
from swarmtui.operations.runbook import Runbook, bridge_runbook, runbook_file
from swarmtui.operations.runbook_steps import RunbookStep
from swarmtui.operations.script import script_of
from swarmtui.operations.service_changes import (
    mode_change,
    port_text,
    ports_of,
    publishing,
    unpublishing,
)
from swarmtui.operations.service_checks import service_faults
from swarmtui.operations.service_drafts import (
    AttachDraft,
    DetachDraft,
    ReachDraft,
    reach_draft,
    service_called,
)
from swarmtui.operations.service_steps import touched_names
from swarmtui.operations.sizing import needed_addresses
from swarmtui.operations.splitting import SplitDraft, companions, same_stack, unused_networks
from swarmtui.operations.wording import activity_words, doing, words_of

__all__ = [
    "BRIDGE_PORTS",
    "ENCRYPTED_OPTION",
    "ICC_OPTION",
    "MASQUERADE_OPTION",
    "MTU_OPTION",
    "NAME_OPTION",
    "Advice",
    "AttachDraft",
    "BridgeDraft",
    "BuildBridge",
    "BuildIngress",
    "Definition",
    "Desk",
    "DetachDraft",
    "Fault",
    "IngressDraft",
    "InitDraft",
    "Intent",
    "Interruption",
    "JournalUnusable",
    "MigrationDraft",
    "NetworkDraft",
    "Operation",
    "OperationPending",
    "Plan",
    "Range",
    "ReachDraft",
    "ReadOnly",
    "Rearrange",
    "Refusal",
    "Runbook",
    "RunbookStep",
    "SplitDraft",
    "SpreadIngress",
    "State",
    "Step",
    "StepTimes",
    "Way",
    "activity_words",
    "attaching",
    "bridge_draft_of",
    "bridge_faults",
    "bridge_runbook",
    "companions",
    "containers_on",
    "definition_of",
    "detaching",
    "doing",
    "draft_of",
    "free_subnet",
    "ingress_faults",
    "is_full",
    "is_on",
    "journal_path",
    "leftover",
    "migration_draft",
    "mode_change",
    "needed_addresses",
    "plan_operation",
    "plan_repair",
    "plan_resume",
    "plan_rollback",
    "plan_undo",
    "port_text",
    "ports_of",
    "proposed_bridge_subnet",
    "proposed_pool",
    "proposed_subnet",
    "publishing",
    "reach_draft",
    "read_journal",
    "read_operation",
    "removal_of",
    "runbook_file",
    "same_stack",
    "script_of",
    "service_called",
    "service_faults",
    "services_on",
    "swarm_network",
    "touched_names",
    "unpublishing",
    "unused_networks",
    "words_of",
]
