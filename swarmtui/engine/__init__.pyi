from .connection import Endpoint, resolve_endpoint
from .opening import longest_retry_seconds, read_once, session_opener
from .poller import Poller
from .reach import try_doors
from .reader import Reader
from .session import Session

__all__ = [
    "Endpoint",
    "Poller",
    "Reader",
    "Session",
    "longest_retry_seconds",
    "read_once",
    "resolve_endpoint",
    "session_opener",
    "try_doors",
]
