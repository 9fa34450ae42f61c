"""Which findings a person has seen, kept in a file for each swarm."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from swarmtui.errors import SwarmtuiError

if TYPE_CHECKING:
    from swarmtui.findings import Finding

_REALM = re.compile(r"\w[\w:-]*")
_HINT = "Acknowledgements hold for this run only until the file can be used."


class Acknowledgements:
    """The fingerprints of acknowledged findings, by the findings' keys.

    Args:
        folder: Where the files are, one for each swarm; it need not exist. None keeps nothing.
    """

    def __init__(self, folder: Path | None = None) -> None:
        self._folder = folder
        self._by_realm: dict[str, dict[str, str]] = {}

    def of(self, realm: str) -> Mapping[str, str]:
        """Return what is acknowledged in a swarm.

        Raises:
            SwarmtuiError: The file cannot be read, told once; nothing counts as acknowledged then.
        """
        if realm not in self._by_realm:
            self._by_realm[realm] = {}
            self._by_realm[realm] = self._read(realm)
        return self._by_realm[realm]

    def turn(self, realm: str, finding: Finding) -> bool:
        """Acknowledge a finding as it is, or bring it back; tell whether it is acknowledged now.

        Raises:
            SwarmtuiError: The file cannot be written; it is acknowledged for this run all the same.
        """
        known = dict(self.of(realm))
        if known.get(finding.key) == finding.fingerprint:
            del known[finding.key]
        else:
            known[finding.key] = finding.fingerprint
        self._by_realm[realm] = known
        self._write(realm, known)
        return finding.key in known

    def _read(self, realm: str) -> dict[str, str]:
        path = self._path(realm)
        if path is None:
            return {}
        try:
            given = json.loads(path.read_text(encoding="utf-8"))
        except FileNotFoundError:
            return {}
        except (OSError, ValueError) as error:
            raise SwarmtuiError(
                "Acknowledged findings cannot be read", f"{path}: {error}.", _HINT
            ) from error
        if not isinstance(given, dict):
            raise SwarmtuiError("Acknowledged findings cannot be read", f"{path}.", _HINT)
        return {key: text for key, text in given.items() if isinstance(text, str)}

    def _write(self, realm: str, known: Mapping[str, str]) -> None:
        path = self._path(realm)
        if path is None:
            return
        new = path.with_suffix(f".{os.getpid()}")
        try:
            path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            new.touch(mode=0o600)
            new.write_text(json.dumps(known, indent=1, sort_keys=True), encoding="utf-8")
            new.replace(path)
        except OSError as error:
            raise SwarmtuiError(
                "Acknowledged findings cannot be kept", f"{path}: {error.strerror}.", _HINT
            ) from error

    def _path(self, realm: str) -> Path | None:
        if self._folder is None or _REALM.fullmatch(realm) is None:
            return None
        return self._folder / f"{realm.replace(':', '-')}.json"
