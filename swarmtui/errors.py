"""The errors of swarmtui: each says what happened, why, and what to do, and is shown as it is."""

from __future__ import annotations


class SwarmtuiError(Exception):
    """Anything that goes wrong and is told to a person.

    Attributes:
        title: What happened, in a few words, without a full stop.
        explanation: Why, in one or two sentences; holds the engine's own words where there are any.
        hint: What to do next; empty when nothing can be advised.
    """

    def __init__(self, title: str, explanation: str = "", hint: str = "") -> None:
        super().__init__(title)
        self.title = title
        self.explanation = explanation
        self.hint = hint

    def __str__(self) -> str:
        """Return the whole error as plain lines, the way stderr shows it."""
        return "\n".join(part for part in (self.title, self.explanation, self.hint) if part)


class SettingsError(SwarmtuiError):
    """A flag, an environment variable or the settings file asks for something impossible."""


class EngineError(SwarmtuiError):
    """The engine could not be read; the subclass says in which way."""


class EngineNotFound(EngineError):
    """Nothing listens at the address: no socket, connection refused, unknown host."""


class EngineForbidden(EngineError):
    """The operating system or the engine denies access."""


class EngineTlsFailed(EngineError):
    """The TLS handshake failed, or its files are missing."""


class EngineTimedOut(EngineError):
    """The engine accepted the request and did not answer in time."""


class EngineTooOld(EngineError):
    """The engine speaks no API version that swarmtui understands."""


class EngineGarbled(EngineError):
    """The answer is not what the Engine API promises: bad JSON, cut off, not HTTP."""


class EngineAnswered(EngineError):
    """The engine answered with an error status.

    Attributes:
        status: The HTTP status.
        message: The engine's own words, without its `rpc error: code = X desc = ` prefix.
    """

    def __init__(
        self, title: str, explanation: str, hint: str, *, status: int, message: str
    ) -> None:
        super().__init__(title, explanation, hint)
        self.status = status
        self.message = message


class RequestRefused(SwarmtuiError):
    """swarmtui itself refused to send a request that its transport does not allow."""
