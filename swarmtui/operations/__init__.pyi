from .arrangement import services_on
from .bridge_checks import (
    BRIDGE_PORTS,
    ICC_OPTION,
    MASQUERADE_OPTION,
    NAME_OPTION,
    bridge_faults,
    is_on,
    proposed_bridge_subnet,
)
from .bridge_draft import BridgeDraft, bridge_draft_of
from .changes import Way, attaching, detaching, removal_of
from .checks import Fault, free_subnet, ingress_faults, proposed_subnet
from .definition import (
    ENCRYPTED_OPTION,
    MTU_OPTION,
    Definition,
    Range,
    definition_of,
)
from .desk import Desk, OperationPending, ReadOnly
from .draft import IngressDraft, draft_of
from .ingress import plan_repair
from .init_draft import InitDraft, proposed_pool
from .journal import JournalUnusable, journal_path, read_journal
from .leftovers import leftover
from .network_draft import MigrationDraft, NetworkDraft, migration_draft
from .network_sights import containers_on, is_full, swarm_network
from .operation import (
    Operation,
    State,
    StepTimes,
    read_operation,
)
from .plan import (
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
from .planning import (
    plan_operation,
    plan_resume,
    plan_rollback,
    plan_undo,
)
from .runbook import Runbook, bridge_runbook, runbook_file
from .runbook_steps import RunbookStep
from .script import script_of
from .service_changes import (
    mode_change,
    port_text,
    ports_of,
    publishing,
    unpublishing,
)
from .service_checks import service_faults
from .service_drafts import (
    AttachDraft,
    DetachDraft,
    ReachDraft,
    reach_draft,
    service_called,
)
from .service_steps import touched_names
from .sizing import needed_addresses
from .splitting import SplitDraft, companions, same_stack, unused_networks
from .wording import activity_words, doing, words_of

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
