"""What is wrong with the swarm's networks, why, and what to do about it."""

from swarmtui.findings.defects import encryption_defects
from swarmtui.findings.examination import Examiner, examine
from swarmtui.findings.finding import (
    Evidence,
    Finding,
    Remedy,
    Repair,
    RepairKind,
    Rule,
    Severity,
    Sight,
    Subject,
    SubjectKind,
    Trouble,
)
from swarmtui.findings.rules import RULES
from swarmtui.findings.told import Told, told
from swarmtui.findings.watch import Watch

__all__ = [
    "RULES",
    "Evidence",
    "Examiner",
    "Finding",
    "Remedy",
    "Repair",
    "RepairKind",
    "Rule",
    "Severity",
    "Sight",
    "Subject",
    "SubjectKind",
    "Told",
    "Trouble",
    "Watch",
    "encryption_defects",
    "examine",
    "told",
]
