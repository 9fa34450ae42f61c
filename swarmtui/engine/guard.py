"""The list of what the explorer may ask an engine, and the adapter that holds it."""

from __future__ import annotations

import re
from collections.abc import Generator, Sequence
from typing import Any
from urllib.parse import urlsplit

import requests
from requests.adapters import BaseAdapter

from swarmtui.engine.pipeline import Answer, PipeliningAdapter
from swarmtui.errors import RequestRefused

_NAME = r"[A-Za-z0-9][A-Za-z0-9_.-]*"
_READABLE = re.compile(
    r"(?:/v[0-9]+\.[0-9]+)?/(?:"
    r"_ping|version|info|events|containers/json"
    rf"|(?:nodes|networks|services|tasks)(?:/{_NAME})?"
    # Configs can hold secrets, so that none but the lock's is ever asked for.
    r"|configs(?=\?filters=%7B%22name%22%3A%5B%22swarmtui-operation%22%5D%7D\Z)"
    r")(?:\?.*)?\Z"
)
_VERSION = re.compile(r"^/v[0-9]+\.[0-9]+(?=/)")
_NOT_OF_READS = frozenset(("upgrade", "transfer-encoding", "content-length"))


class Guard(BaseAdapter):
    """Lets reads of listed paths pass and raises for everything else before a byte is sent.

    Args:
        inner: Sends what passes.
        base_url: Where every request has to go, with the path before that of the Engine API.
    """

    def __init__(self, inner: PipeliningAdapter, base_url: str) -> None:
        super().__init__()
        self._inner = inner
        parts = urlsplit(base_url)
        self._origin = parts[:2]
        self._prefix = parts.path

    def send(self, request: requests.PreparedRequest, *arguments: Any, **named: Any) -> Any:
        """Send a request that may pass.

        Raises:
            RequestRefused: It may not.
        """
        self._pass(request)
        return self._inner.send(request, *arguments, **named)

    def pipeline(
        self, asked: Sequence[requests.PreparedRequest]
    ) -> Generator[Answer | RequestRefused, None, None]:
        """Send the requests that may pass together, and yield all answers in order."""
        refusals = [self._refusal(each) for each in asked]
        passing = [each for each, refusal in zip(asked, refusals, strict=True) if refusal is None]
        answers = self._inner.pipeline(passing)
        for refusal in refusals:
            yield refusal or next(answers)
        yield from answers  # which ends here, and learns that the last one was read

    def _refusal(self, request: requests.PreparedRequest) -> RequestRefused | None:
        try:
            self._pass(request)
        except RequestRefused as refusal:
            return refusal
        return None

    def _pass(self, request: requests.PreparedRequest) -> None:
        if urlsplit(request.url or "")[:2] != self._origin:
            raise _refused(request, "it goes to another host")
        prefix, rest = request.path_url[: len(self._prefix)], request.path_url[len(self._prefix) :]
        if prefix != self._prefix:
            raise _refused(request, "its path is not on the list")
        self._check(request, rest)

    def _check(self, request: requests.PreparedRequest, path: str) -> None:
        if request.method not in ("GET", "HEAD") or request.body or _more_than_read(request):
            raise _refused(request, "it is no plain read")
        if not _READABLE.match(path):
            raise _refused(request, "its path is not on the list")

    def close(self) -> None:
        """Close the guarded adapter."""
        self._inner.close()


class WriteGuard(Guard):
    """Lets besides the reads exactly those writes pass that were permitted."""

    def __init__(self, inner: PipeliningAdapter, base_url: str) -> None:
        super().__init__(inner, base_url)
        self.permits: frozenset[tuple[str, str]] = frozenset()
        """Methods and paths, without API version and query; of reads, those beyond the list."""

    def _check(self, request: requests.PreparedRequest, path: str) -> None:
        if (request.method, _VERSION.sub("", path.partition("?")[0])) in self.permits:
            return
        if request.method not in ("GET", "HEAD"):
            raise _refused(request, "no step of the plan needs it")
        super()._check(request, path)


def _more_than_read(request: requests.PreparedRequest) -> bool:
    return any(name.lower() in _NOT_OF_READS for name in request.headers)


def _refused(request: requests.PreparedRequest, why: str) -> RequestRefused:
    return RequestRefused(
        f"swarmtui does not send {request.method} {urlsplit(request.url or '').path}",
        f"Only reads and planned writes leave, and {why}.",
    )
