"""A plan as a page to read before confirming it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from rich.text import Text

from swarmtui.operations import words_of
from swarmtui.render.notices import activity_notice
from swarmtui.render.text import counted, printable

if TYPE_CHECKING:
    from swarmtui.model import Activity
    from swarmtui.operations import Advice, Interruption, Plan, Refusal, Step

_INDENT = "     "
_TIMES = {0: "not replaced", 1: "replaced once", 2: "replaced twice"}


def plan_text(plan: Plan) -> Text:
    """Return all that a plan does, costs and risks."""
    text = Text(f"{printable(plan.title)}: {printable(plan.subject)}\n")
    text.stylize("bold")
    writes = counted(len(plan.writes), "change")
    text.append(f"{counted(len(plan.steps), 'step')}, {writes}", style="dim")
    text.append(f", at most about {duration(plan.seconds)}\n", style="dim")
    _heading(text, "Interrupted")
    if not plan.interruptions:
        text.append("  Nothing: no port is closed, and no task replaced.\n", style="good")
    for each in plan.interruptions:
        _interruption(text, each)
    if plan.checklist:
        _heading(text, "Look at first")
        _advice(text, plan.checklist)
    if plan.risks:
        _heading(text, "Risks")
        for risk in plan.risks:
            text.append("  ! ", style="warning")
            text.append(f"{printable(risk)}\n")
    _heading(text, "Steps")
    for number, step in enumerate(plan.steps, 1):
        _step(text, number, step)
    text.append_text(afterwards_text(plan))
    _heading(text, "It rests on")
    for words in dict.fromkeys(map(words_of, plan.preconditions)):
        text.append(f"  · {words}\n")
    text.append("\nLooked at again before the first change, and before each that cannot be undone.")
    return text


def afterwards_text(plan: Plan) -> Text:
    """Return what is left to a person once a plan is done; empty where nothing is."""
    text = Text()
    if plan.afterwards:
        _heading(text, "Afterwards")
        _advice(text, plan.afterwards)
    return text


def refusal_text(refusal: Refusal) -> Text:
    """Return why there is no plan."""
    text = Text()
    text.append(printable(refusal.title), style="accent" if refusal.needless else "error")
    for reason in refusal.reasons:
        text.append(f"\n  {printable(reason)}")
    if refusal.hint:
        text.append(f"\n{printable(refusal.hint)}", style="dim")
    return text


def taking_over_text(activity: Activity) -> Text:
    """Return whose lock would be taken over, and what that means."""
    text = Text()
    text.append(f"{printable(activity_notice(activity).title)}\n", style="error")
    text.append(
        f"Begun {printable(activity.since)}, last heard of {printable(activity.seen)}. If nobody "
        "runs it any more, its lock can be taken over; what it left half done stays so.\n\n"
    )
    return text


def duration(seconds: float) -> str:
    """Return a length of time as people say it."""
    whole = round(seconds)
    if whole < 120:
        return f"{whole} s"
    minutes, rest = divmod(whole, 60)
    if minutes >= 60:
        return f"{minutes // 60} h {minutes % 60} min"
    return f"{minutes} min {rest} s" if rest else f"{minutes} min"


def _interruption(text: Text, each: Interruption) -> None:
    text.append(f"  {printable(each.service)}", style="warning")
    if each.ports:
        words = f"{printable(each.ports)} closed for up to {duration(each.closed_seconds)}"
    elif each.isolated:
        words = "on no network afterwards"
    elif each.closed_seconds:
        words = f"cut off for up to {duration(each.closed_seconds)}"
    elif not each.tasks:
        words = "nothing is interrupted"
    elif each.tasks == 1:
        words = "away while its only task is replaced"
    elif each.together:
        words = "away while its tasks are replaced, all at once by its update policy"
    else:
        words = "reachable all the time, by its other tasks"
    text.append(f"  {words}; ")
    if each.tasks:
        times = _TIMES.get(each.replacements, f"replaced {each.replacements} times")
        text.append(f"{counted(each.tasks, 'task')} {times}\n")
    else:
        text.append("it has no tasks\n")


def _advice(text: Text, advice: Iterable[Advice]) -> None:
    for each in advice:
        text.append("  · ", style="accent")
        text.append(f"{printable(each.words)}\n")
        for command in each.commands:
            text.append(f"{_INDENT}{printable(command)}\n", style="good")


def _step(text: Text, number: int, step: Step) -> None:
    text.append(f"  {number:>2} ", style="accent")
    text.append(f"{printable(step.title)}\n", style="bold")
    text.append(f"{_INDENT}{printable(step.why)}\n", style="dim")
    for command in step.commands:
        text.append(f"{_INDENT}$ ", style="dim")
        text.append(f"{printable(command)}\n", style="good")
    for condition in step.until:
        text.append(f"{_INDENT}until {words_of(condition)}\n")


def _heading(text: Text, words: str) -> None:
    text.append(f"\n{words.upper()}\n", style="accent")
