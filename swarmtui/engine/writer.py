"""The way out of the runner: reads, and the writes that its plan needs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from swarmtui.engine.connection import Endpoint
from swarmtui.engine.guard import WriteGuard
from swarmtui.engine.pipeline import PipeliningAdapter
from swarmtui.engine.transport import TROUBLES, ReadOnlyClient
from swarmtui.engine.troubles import answered, trouble_of


class Writer(ReadOnlyClient):
    """A client that lets besides reads only permitted writes out.

    Raises:
        EngineError: The engine cannot be reached, or is too old.
    """

    _guard: WriteGuard

    def __init__(self, endpoint: Endpoint, *, timeout_seconds: float) -> None:
        super().__init__(endpoint, timeout_seconds=timeout_seconds)

    def permit(self, permits: Iterable[tuple[str, str]]) -> None:
        """Permit exactly these writes from now on, as methods and paths without API version."""
        self._guard.permits = frozenset(permits)

    def write(self, method: str, path: str, params: Mapping[str, str], body: bytes) -> bytes:
        """Send a write and return the answer's body.

        Args:
            method: `POST` or `DELETE`.
            path: Of the Engine API, without version prefix.
            params: The query.
            body: JSON, or nothing.

        Raises:
            EngineError: Anything but success; after `EngineTimedOut` and `EngineGarbled` nobody
                knows whether the engine did it.
            RequestRefused: The write was not permitted.
        """
        try:
            with self.request(
                method,
                f"{self.base_url}/v{self.api_version}{path}",
                params=params,
                data=body or None,
                headers={"Content-Type": "application/json"} if body else {},
                stream=True,
                allow_redirects=False,
                timeout=self.timeout,
            ) as response:
                answer = self.read_body(response.raw)
        except TROUBLES as error:
            raise trouble_of(error, self.endpoint, self.timeout) from error
        if response.status_code not in (200, 201, 204):
            raise answered(response.status_code, answer, path)
        return answer

    def _guarded(self, inner: PipeliningAdapter) -> WriteGuard:
        self._guard = WriteGuard(inner, self.base_url)
        return self._guard
