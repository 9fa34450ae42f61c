"""Changes to the swarm: planned as data, journalled, run, resumed and taken back."""

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
from swarmtui.operations.ingress import ingress_need, plan_repair
from swarmtui.operations.journal import JournalUnusable, journal_path, read_journal
from swarmtui.operations.leftover import leftover
from swarmtui.operations.operation import (
    Operation,
    State,
    StepTimes,
    read_operation,
)
from swarmtui.operations.plan import (
    Advice,
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
from swarmtui.operations.script import script_of
from swarmtui.operations.sizing import needed_addresses
from swarmtui.operations.wording import activity_words, doing, words_of

__all__ = [
    "ENCRYPTED_OPTION",
    "MTU_OPTION",
    "Advice",
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
    "Rearrange",
    "Refusal",
    "SpreadIngress",
    "State",
    "Step",
    "StepTimes",
    "activity_words",
    "definition_of",
    "doing",
    "draft_of",
    "ingress_faults",
    "ingress_need",
    "journal_path",
    "leftover",
    "needed_addresses",
    "plan_operation",
    "plan_repair",
    "plan_resume",
    "plan_rollback",
    "plan_undo",
    "proposed_subnet",
    "read_journal",
    "read_operation",
    "script_of",
    "words_of",
]
