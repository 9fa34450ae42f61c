"""Several requests on one connection before the first is answered: one round trip for all."""

from __future__ import annotations

import http.client
import io
from collections import deque
from collections.abc import Generator, Iterator, Sequence
from itertools import islice

import requests

from swarmtui.engine.dial import Connections, DialledAdapter

WINDOW = 16
"""Requests that wait for their answers at a time: few enough to fit any buffer on the way."""

Answer = http.client.HTTPResponse | OSError | http.client.HTTPException
"""The head of an answer, its body still to be read; or why there is none."""


class PipeliningAdapter(DialledAdapter):
    """Sends requests together as well."""

    def pipeline(self, asked: Sequence[requests.PreparedRequest]) -> Generator[Answer, None, None]:
        """Send requests without waiting for each other's answers, and yield these in order.

        The engine works on them one after the other, as it does without pipelining (RFC 9112
        section 9.3.2). What it has not answered when it closes a connection that was good before
        is asked again on a new one, and so is what follows an answer that was cut, garbled, late or
        not read to its end: each failure is that of one request alone.

        Yields:
            Each has to be read to its end, or given up, before the next is taken.
        """
        waiting = deque(asked)
        while waiting:
            lane, is_sure = None, True
            try:
                lane = _Lane(self.connections)
                is_sure = not lane.was_used
                while waiting and not lane.is_spent:
                    lane.send(islice(waiting, lane.unanswered, WINDOW))
                    answer = lane.answer()
                    waiting.popleft()
                    is_sure = False
                    yield answer
                    lane.leave(answer)
            except (OSError, http.client.HTTPException) as error:
                if is_sure or isinstance(error, TimeoutError):
                    waiting.popleft()
                    yield error
            finally:
                if lane is not None:
                    lane.end()


class _Exchange(http.client.HTTPConnection):
    """Writes one request and parses its answer, on the socket of a lane."""

    auto_open = 0

    def __init__(self, lane: _Lane, request: requests.PreparedRequest) -> None:
        super().__init__(lane.host)
        self.sock = lane
        headers = {"Host": lane.host, **request.headers}
        self.request(str(request.method), request.path_url, headers=headers)


class _Stream(io.BufferedReader):
    """What arrives, for all answers: none takes away what belongs to the next."""

    def close(self) -> None:
        """Stay open, when an answer has ended."""

    def end(self) -> None:
        """Close in earnest."""
        super().close()


class _Lane:
    """A connection with the requests on it that wait for their answers."""

    def __init__(self, connections: Connections) -> None:
        self._connections = connections
        self._connection = connections.take()
        dialled = self._connection.sock
        assert dialled is not None
        self._socket = dialled
        self._stream = _Stream(dialled.makefile("rb", buffering=0))
        self.host = connections.host
        self.was_used = self._connection.was_used
        self._waiting: deque[_Exchange] = deque()
        self.is_spent = False
        """Whether no further answer is to be had here."""

    @property
    def unanswered(self) -> int:
        """How many requests wait."""
        return len(self._waiting)

    def send(self, asked: Iterator[requests.PreparedRequest]) -> None:
        """Send requests; where the other side has hung up it may have answered earlier ones."""
        for request in asked:
            try:
                self._waiting.append(_Exchange(self, request))
            except OSError:
                if not self._waiting:
                    raise
                return

    def answer(self) -> http.client.HTTPResponse:
        """Return the next answer."""
        # Whatever goes wrong before the body has been read to its end.
        self.is_spent = True
        self._connection.answer_in_time()
        answer = self._waiting.popleft().getresponse()
        self._connection.answer_in_time()
        return answer

    def leave(self, answer: http.client.HTTPResponse) -> None:
        """Go on after an answer."""
        self.is_spent = answer.will_close or not (answer.isclosed() or answer.length == 0)

    def end(self) -> None:
        """Give the connection back for the next requests, or close it where they cannot use it."""
        self._stream.end()
        self._connections.give_back(self._connection, usable=not (self.is_spent or self._waiting))

    def sendall(self, data: bytes) -> None:
        """Send, for an exchange."""
        self._socket.sendall(data)

    def makefile(self, _: str) -> _Stream:
        """Return what arrives, for an exchange."""
        return self._stream

    def close(self) -> None:
        """Stay open, when the head of an answer says that it is the last."""
