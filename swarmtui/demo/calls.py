"""One call of the Engine API, apart from the connection on which it came."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from swarmtui.demo.records import Json
from swarmtui.demo.refusals import Refusal

# Go's encoder writes these so that JSON is safe inside HTML.
_ESCAPES = (("<", "\\u003c"), (">", "\\u003e"), ("&", "\\u0026"))

# No text that can be sent has half a surrogate pair in it.
_MARK = "\udfff"
_MARKED = re.compile(f'"{_MARK}([-+.0-9E]+){_MARK}"')


@dataclass(frozen=True, slots=True)
class Call:
    """A request.

    Attributes:
        path: Without version prefix.
        api: The version that the caller speaks.
    """

    method: str
    path: str
    api: str
    query: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""

    def flag(self, name: str) -> bool:
        """Return a boolean of the query."""
        return self.query.get(name, "").lower() in ("1", "t", "true")

    def document(self) -> Json:
        """Return the body.

        Raises:
            Refusal: It is no JSON object.
        """
        try:
            found = json.loads(self.body, parse_float=Decimal)
        except (ValueError, ArithmeticError):
            raise Refusal(400, "invalid JSON: unexpected end of input") from None
        if not isinstance(found, dict):
            raise Refusal(400, "invalid JSON: no object")
        return found

    def version(self, kind: str) -> int:
        """Return the `version` of the query.

        Args:
            kind: Of the object that is to be changed.

        Raises:
            Refusal: It is missing.
        """
        text = self.query.get("version", "")
        if text.isdecimal():
            return int(text)
        if kind == "config":
            raise Refusal(400, "invalid config version")
        raise Refusal(
            400,
            f"invalid {kind} version '{text}': strconv.ParseUint: parsing \"{text}\": "
            "invalid syntax",
        )


@dataclass(frozen=True, slots=True)
class Answer:
    """A response; `document` is what the body says, None for no body."""

    status: int
    document: Any = None


def encode(document: Any) -> bytes:
    """Write JSON as the engine does: compact, with a newline at the end."""
    text = json.dumps(document, separators=(",", ":"), ensure_ascii=False, default=_marked)
    text = _MARKED.sub(r"\1", text)
    for character, escape in _ESCAPES:
        text = text.replace(character, escape)
    return text.encode() + b"\n"


def _marked(number: object) -> str:
    """Mark a number that is told as it was posted: a float would make 1.5 of 1.50."""
    if not isinstance(number, Decimal):
        raise TypeError(f"no JSON: {number!r}")
    return f"{_MARK}{number}{_MARK}"
