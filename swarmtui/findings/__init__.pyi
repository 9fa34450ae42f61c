from .defects import encryption_defects, replaces_ingress
from .examination import Examiner, examine
from .finding import (
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
from .firewall import Hardening, Opening, Purpose, hardening, openings
from .firewall_tools import TOOL_NOTES, Tool, firewall_lines
from .path import Check, Path, Step, StepState
from .path_end import Unclear, find_end, path_names
from .path_walk import path_between, path_ends
from .rules import RULES
from .stuck import stuck_services
from .telling import Told, told
from .watch import Watch

__all__ = [
    "RULES",
    "TOOL_NOTES",
    "Check",
    "Evidence",
    "Examiner",
    "Finding",
    "Hardening",
    "Opening",
    "Path",
    "Purpose",
    "Remedy",
    "Repair",
    "RepairKind",
    "Rule",
    "Severity",
    "Sight",
    "Step",
    "StepState",
    "Subject",
    "SubjectKind",
    "Told",
    "Tool",
    "Trouble",
    "Unclear",
    "Watch",
    "encryption_defects",
    "examine",
    "find_end",
    "firewall_lines",
    "hardening",
    "openings",
    "path_between",
    "path_ends",
    "path_names",
    "replaces_ingress",
    "stuck_services",
    "told",
]
