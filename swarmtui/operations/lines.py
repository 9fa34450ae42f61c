"""The lines of a journal: what an operation set out to do, did, and came to."""

from __future__ import annotations

import msgspec

from swarmtui.operations.plan import Plan


class Head(msgspec.Struct, frozen=True, tag_field="line", tag="head"):
    """The first line, written before anything else.

    Attributes:
        engine: The address of the engine that it goes through.
        at: RFC 3339 time, as in every line.
    """

    id: str
    tool: str
    engine: str
    who: str
    host: str
    at: str
    plan: Plan


class Image(msgspec.Struct, frozen=True, tag_field="line", tag="image"):
    """An object as the engine gave it before anything was changed."""

    kind: str
    identity: str
    document: msgspec.Raw
    at: str


class Run(msgspec.Struct, frozen=True, tag_field="line", tag="run"):
    """A runner begins, with the plan for this run.

    Attributes:
        direction: `forward` or `back`.
    """

    direction: str
    process: int
    plan: Plan
    at: str


class Locked(msgspec.Struct, frozen=True, tag_field="line", tag="locked"):
    """The swarm's lock is ours."""

    lock_id: str
    at: str


class Entered(msgspec.Struct, frozen=True, tag_field="line", tag="entered"):
    """A step begins, counted from 1."""

    step: int
    at: str


class Intended(msgspec.Struct, frozen=True, tag_field="line", tag="intent"):
    """A write is about to be sent."""

    step: int
    method: str
    path: str
    query: dict[str, str]
    body: msgspec.Raw
    at: str


class Answered(msgspec.Struct, frozen=True, tag_field="line", tag="result"):
    """What the engine answered to the write.

    Attributes:
        outcome: `done`, `refused`, or `unknown` where the answer never arrived.
        words: The engine's own words, or the id of what was created.
    """

    step: int
    outcome: str
    words: str
    at: str


class Noted(msgspec.Struct, frozen=True, tag_field="line", tag="note"):
    """Something worth knowing: what is waited for, or why a write was not needed."""

    step: int
    words: str
    at: str


class Reached(msgspec.Struct, frozen=True, tag_field="line", tag="reached"):
    """All that a step waits for holds."""

    step: int
    at: str


class Stopped(msgspec.Struct, frozen=True, tag_field="line", tag="stopped"):
    """The runner ended part-way, in a state from which both ways are open."""

    title: str
    explanation: str
    hint: str
    at: str


class Ended(msgspec.Struct, frozen=True, tag_field="line", tag="ended"):
    """The operation is over.

    Attributes:
        outcome: `done`, `rolled-back`, or `dismissed`.
    """

    outcome: str
    words: str
    at: str


Line = (
    Head | Image | Run | Locked | Entered | Intended | Answered | Noted | Reached | Stopped | Ended
)
