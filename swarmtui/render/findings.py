"""What is wrong: the table of findings, the sheet about one, counts, and marks for other tables."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from rich.text import Text

from swarmtui import findings
from swarmtui.findings import RepairKind, Severity, SubjectKind
from swarmtui.render.sheet import SheetText
from swarmtui.render.table import Column, Row
from swarmtui.render.text import NOTHING, counted, printable, toned

if TYPE_CHECKING:
    from swarmtui.findings import Finding, Told

FINDING_COLUMNS = (
    Column("finding", "FINDING", 84, "F", flex=5, min_width=24),
    Column("severity", "SEVERITY", 8, "S", min_width=8, priority=1),
    Column("subject", "SUBJECT", 16, "U", flex=1, wide=True),
    Column("code", "CODE", 26, "C", wide=True),
    Column("kind", "KIND", 8, "K", wide=True),
    Column("repair", "x REPAIRS IT", 24, "R", wide=True),
)

MARKS: Mapping[Severity, str] = {
    Severity.CRITICAL: "!",
    Severity.WARNING: "▲",
    Severity.INFO: "·",
}
TONES: Mapping[Severity, str] = {
    Severity.CRITICAL: "error",
    Severity.WARNING: "warning",
    Severity.INFO: "accent",
}
_REPAIR_WORDS: Mapping[RepairKind, str] = {
    RepairKind.INGRESS: "repair the ingress",
    RepairKind.REPLACE_INGRESS: "replace the ingress",
    RepairKind.ENCRYPTION: "change the encryption",
    RepairKind.MIGRATE: "migrate the network",
    RepairKind.REMOVE: "remove the network",
    RepairKind.ATTACH: "attach the service",
    RepairKind.DETACH: "detach the service",
    RepairKind.MODE: "change mode or ports",
}
_REFERENCES = {
    "moby": "https://github.com/moby/moby/issues/",
    "swarmkit": "https://github.com/moby/swarmkit/issues/",
    "libnetwork": "https://github.com/moby/libnetwork/issues/",
    "for-linux": "https://github.com/docker/for-linux/issues/",
    "for-aws": "https://github.com/docker/for-aws/issues/",
}

RowSubject = tuple[SubjectKind, str]
"""Kind and id of what a row is about."""


def finding_rows(told: Told) -> list[Row]:
    """Return a row for every finding, the worst first; acknowledged ones come last and dim."""
    rows = [_row(each, acknowledged=False) for each in told.open]
    return rows + [_row(each, acknowledged=True) for each in told.acknowledged]


def _row(finding: Finding, *, acknowledged: bool) -> Row:
    severity, repair = finding.severity, finding.trouble.repair
    mark, tone = ("✓", "dim") if acknowledged else (MARKS[severity], TONES[severity])
    subject = finding.subject
    mended = _REPAIR_WORDS[repair.kind] if repair else ""
    return Row(
        finding.key,
        (
            toned(f"{mark} {printable(finding.title)}", tone),
            toned(str(severity), tone),
            subject.name,
            finding.code,
            str(subject.kind),
            mended or NOTHING,
        ),
        (
            finding.title,
            (acknowledged, severity.rank),
            subject.name.lower(),
            finding.code,
            str(subject.kind),
            mended,
        ),
        "dim" if acknowledged else "",
    )


def finding_sheet(told: Told, key: str) -> Text | None:
    """Return everything about one finding; None when it is over."""
    finding = told.find(key)
    if finding is None:
        return None
    rule, trouble = finding.rule, finding.trouble
    seen = "" if finding in told.open else ", acknowledged"
    sheet = SheetText(finding.title)
    sheet.value("Severity", f"{finding.severity}{seen}", tone=TONES[finding.severity])
    sheet.value("Subject", f"{finding.subject.kind} {finding.subject.name}")
    sheet.value("Code", finding.code)
    sheet.section("Evidence")
    for each in trouble.evidence:
        sheet.line(f"{each.what}: {each.value}")
        sheet.line(f"  ({each.source})", tone="dim")
    sheet.section("What it means")
    sheet.line(rule.meaning)
    sheet.section("What to do")
    sheet.line(rule.cure)
    for number, step in enumerate(trouble.remedy, 1):
        sheet.line(f"{number}  {step.words}")
        for command in step.command.splitlines():
            sheet.line(f"     {command}", tone="good")
    if trouble.repair is not None:
        sheet.line("")
        sheet.line(f"x reviews how to {_REPAIR_WORDS[trouble.repair.kind]}.", tone="accent")
    if rule.references:
        sheet.section("References")
        for reference in rule.references:
            sheet.value(reference, reference_address(reference))
    return sheet.text


def reference_address(reference: str) -> str:
    """Return where a reference such as `moby#40184` can be read, empty where it is not known."""
    project, _, number = reference.partition("#")
    if project in _REFERENCES and number:
        return _REFERENCES[project] + number
    if reference.startswith("CVE-"):
        return f"https://nvd.nist.gov/vuln/detail/{reference}"
    return ""


def severity_counts(told: Told, *, short: bool) -> Text:
    """Return how many findings there are, such as `2 critical 3 warnings`; empty without any."""
    text = Text()
    for severity, count in told.counts.items():
        text.append(" " if text else "")
        plural = "warnings" if severity is Severity.WARNING else str(severity)
        words = f"{count}{severity[0].upper()}" if short else counted(count, severity, plural)
        text.append(words, style=TONES[severity])
    return text


def marked(
    rows: Sequence[Row], column: int, subject_of: Callable[[str], RowSubject | None], told: Told
) -> list[Row]:
    """Return rows with the mark of the worst finding before a cell.

    Args:
        rows: Of any table.
        column: Which cell takes the mark.
        subject_of: What a row is about, from its key; None for what findings know nothing of.
        told: The findings.
    """
    if not told.marks:
        return list(rows)
    return [_with_mark(row, column, told.marks.get(subject_of(row.key) or _NOBODY)) for row in rows]


_NOBODY: RowSubject = (SubjectKind.SWARM, "")


def _with_mark(row: Row, column: int, severity: Severity | None) -> Row:
    if severity is None:
        return row
    cells = list(row.cells)
    cells[column] = toned(f"{MARKS[severity]} {printable(str(cells[column]))}", TONES[severity])
    return Row(row.key, tuple(cells), row.sort_values, row.style)


def rules_markdown() -> str:
    """Return every code with its meaning and cure, as the README lists them."""
    lines = ["| Code | Severity | Meaning | What to do |", "| --- | --- | --- | --- |"]
    for rule in findings.RULES:
        told = ", ".join(
            f"[{each}]({address})" if (address := reference_address(each)) else each
            for each in rule.references
        )
        meaning = f"{rule.title}. {rule.meaning}{f' ({told})' if told else ''}"
        cells = (f"`{rule.code}`", str(rule.severity), meaning, rule.cure)
        lines.append("| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |")
    return "\n".join(lines) + "\n"


def finding_lines(findings: Iterable[Finding]) -> Text:
    """Return findings for print: each with its evidence and its remedy."""
    text = Text()
    for finding in findings:
        text.append(f"{finding.severity:<8} ", style=TONES[finding.severity])
        text.append(f"{printable(finding.title)}")
        text.append(f"  [{finding.code}]\n", style="dim")
        for each in finding.trouble.evidence:
            text.append(f"    {printable(f'{each.what}: {each.value}')}", style="")
            text.append(f"  ({printable(each.source)})\n", style="dim")
        for step in finding.trouble.remedy:
            text.append(f"    - {printable(step.words)}\n")
            for command in step.command.splitlines():
                text.append(f"        {printable(command)}\n", style="good")
    return text
