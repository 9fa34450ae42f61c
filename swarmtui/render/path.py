"""A path as a page, and as plain data."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from rich.text import Text

from swarmtui.findings import StepState
from swarmtui.render.text import printable

if TYPE_CHECKING:
    from swarmtui.findings import Check, Path, Step, Unclear

SCHEMA = 1
_INDENT = "      "
_MARKS: Mapping[StepState, tuple[str, str]] = {
    StepState.OK: ("✓", "good"),
    StepState.BROKEN: ("✗", "error"),
    StepState.UNSEEN: ("?", "warning"),
}
_WORDS: Mapping[StepState, str] = {
    StepState.OK: "ok",
    StepState.BROKEN: "broken",
    StepState.UNSEEN: "cannot be seen from here",
}


def path_text(path: Path) -> Text:
    """Return a path to read: the verdict, then each step with what was seen and what to run."""
    text = Text()
    for word, end in (("From", path.a), ("to", path.b)):
        text.append(f"{word:<5}", style="dim")
        text.append(f"{printable(end)}\n", style="bold")
    tone = "error" if path.broken else "warning" if path.unseen else "good"
    text.append(f"\n{printable(path.verdict)}.\n", style=tone)
    for remark in path.remarks:
        text.append(f"! {printable(remark)}\n", style="warning")
    text.append("\nSTEPS\n", style="accent")
    for number, step in enumerate(path.steps, 1):
        _add_step(text, number, step)
    return text


def _add_step(text: Text, number: int, step: Step) -> None:
    mark, tone = _MARKS[step.state]
    text.append(f" {mark} {number:>2} ", style=tone)
    text.append(printable(step.title), style="bold")
    text.append(f"  {_WORDS[step.state]}\n", style=tone)
    for fact in step.facts:
        text.append(f"{_INDENT}{printable(fact)}\n")
    for check in step.checks:
        _add_check(text, check)


def _add_check(text: Text, check: Check) -> None:
    text.append(f"{_INDENT}on {printable(check.where)}: " if check.where else _INDENT, style="dim")
    text.append(f"{printable(check.words)}\n", style="dim")
    if check.command:
        text.append(f"{_INDENT}$ ", style="dim")
        text.append(f"{printable(check.command)}\n", style="accent")


def unclear_text(unclear: Unclear) -> Text:
    """Return why there is no path."""
    return Text(printable(str(unclear)))


def path_document(path: Path) -> dict[str, Any]:
    """Return a path as plain data, for programs; `broken_at` is the number of a step or null."""
    return {
        "schema": SCHEMA,
        "from": path.a,
        "to": path.b,
        "verdict": path.verdict,
        "broken_at": path.broken[0] if path.broken else None,
        "unseen": path.unseen,
        "remarks": list(path.remarks),
        "steps": [_step(number, step) for number, step in enumerate(path.steps, 1)],
    }


def _step(number: int, step: Step) -> dict[str, Any]:
    return {
        "step": number,
        "title": step.title,
        "state": str(step.state),
        "facts": list(step.facts),
        "checks": [
            {"where": each.where or None, "words": each.words, "command": each.command or None}
            for each in step.checks
        ],
    }
