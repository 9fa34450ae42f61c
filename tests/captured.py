"""Answers of real engines, served from files to whoever fetches."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from swarmtui.errors import EngineAnswered, SwarmtuiError

FOLDER = Path(__file__).parent / "captures"
ENGINES = {"20.10.24": "1.41", "29.9-dev": "1.56"}
"""Captured engine versions and their API versions."""


class Captured:
    """The answers of one node, changed as a test pleases; fetched as an engine's are."""

    def __init__(self, engine: str, node: str) -> None:
        file = FOLDER / f"engine-{engine}-{node}.json"
        self.api = ENGINES[engine]
        self.requested: list[str] = []
        # Nobody was at work when they were captured.
        self._answers: dict[str, tuple[int, Any]] = {"/configs": (200, [])}
        for request, answer in json.loads(file.read_text()).items():
            self._answers[urlsplit(request).path] = (answer["status"], answer["body"])

    def __call__(self, path: str, params: Mapping[str, str]) -> bytes:
        self.requested.append(path)
        status, body = self._answers.get(unquote(path), (404, {"message": "not found"}))
        if isinstance(body, SwarmtuiError):
            raise body
        if status != 200:
            words = body["message"]
            raise EngineAnswered("Engine answers", words, "", status=status, message=words)
        return body if isinstance(body, bytes) else json.dumps(body).encode()

    def body(self, path: str) -> Any:
        """Return the parsed body of an answer; changes to it are served."""
        return self._answers[path][1]

    def answer(self, path: str, body: object, status: int = 200) -> None:
        """Answer a path with a body: bytes as they are, all else as JSON."""
        self._answers[path] = (status, body)

    def fail(self, path: str, error: SwarmtuiError) -> None:
        """Fail a path with an error of the transport."""
        self._answers[path] = (0, error)

    @property
    def paths(self) -> list[str]:
        """Return every path that is answered."""
        return list(self._answers)
