"""What is wrong with the swarm's networks, why, and what to do about it."""

from swarmtui.findings.defects import encryption_defects, replaces_ingress
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
from swarmtui.findings.firewall import Hardening, Opening, Purpose, hardening, openings
from swarmtui.findings.firewall_lines import TOOL_NOTES, Tool, firewall_lines
from swarmtui.findings.path import Check, Path, Step, StepState
from swarmtui.findings.path_end import Unclear, find_end, path_names
from swarmtui.findings.path_walk import path_between, path_ends
from swarmtui.findings.rules import RULES
from swarmtui.findings.stuck import stuck_services
from swarmtui.findings.told import Told, told
from swarmtui.findings.watch import Watch

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
