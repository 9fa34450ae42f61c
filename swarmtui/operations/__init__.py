"""Changes to the swarm: planned as data, journalled, run, resumed and taken back."""

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
from swarmtui.operations.checks import Fault, ingress_faults, proposed_subnet
from swarmtui.operations.definition import (
    ENCRYPTED_OPTION,
    MTU_OPTION,
    Definition,
    Range,
    definition_of,
)
from swarmtui.operations.desk import Desk, OperationPending, ReadOnly
from swarmtui.operations.draft import IngressDraft, draft_of
from swarmtui.operations.ingress import (
    ingress_need,
    plan_operation,
    plan_repair,
    plan_resume,
    plan_rollback,
)
from swarmtui.operations.journal import JournalUnusable, journal_path, read_journal
from swarmtui.operations.leftover import leftover
from swarmtui.operations.operation import (
    Operation,
    State,
    StepTimes,
    read_operation,
)
from swarmtui.operations.plan import (
    BuildBridge,
    BuildIngress,
    Intent,
    Interruption,
    Plan,
    Refusal,
    SpreadIngress,
    Step,
)
from swarmtui.operations.runbook import Runbook, bridge_runbook, runbook_file
from swarmtui.operations.runbook_steps import RunbookStep
from swarmtui.operations.script import script_of
from swarmtui.operations.sizing import needed_addresses
from swarmtui.operations.wording import activity_words, doing, words_of

__all__ = [
    "BRIDGE_PORTS",
    "ENCRYPTED_OPTION",
    "ICC_OPTION",
    "MASQUERADE_OPTION",
    "MTU_OPTION",
    "NAME_OPTION",
    "BridgeDraft",
    "BuildBridge",
    "BuildIngress",
    "Definition",
    "Desk",
    "Fault",
    "IngressDraft",
    "Intent",
    "Interruption",
    "JournalUnusable",
    "Operation",
    "OperationPending",
    "Plan",
    "Range",
    "ReadOnly",
    "Refusal",
    "Runbook",
    "RunbookStep",
    "SpreadIngress",
    "State",
    "Step",
    "StepTimes",
    "activity_words",
    "bridge_draft_of",
    "bridge_faults",
    "bridge_runbook",
    "definition_of",
    "doing",
    "draft_of",
    "ingress_faults",
    "ingress_need",
    "is_on",
    "journal_path",
    "leftover",
    "needed_addresses",
    "plan_operation",
    "plan_repair",
    "plan_resume",
    "plan_rollback",
    "proposed_bridge_subnet",
    "proposed_subnet",
    "read_journal",
    "read_operation",
    "runbook_file",
    "script_of",
    "words_of",
]
