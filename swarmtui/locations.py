"""Where swarmtui keeps its files, by the XDG base directory rules."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path


def settings_file(environ: Mapping[str, str]) -> Path:
    """Return the path of the settings file, which need not exist."""
    return _base(environ, "XDG_CONFIG_HOME", ".config") / "swarmtui" / "settings.toml"


def journal_folder(environ: Mapping[str, str]) -> Path:
    """Return the folder of the journals of operations, which need not exist."""
    return _base(environ, "XDG_STATE_HOME", ".local/state") / "swarmtui" / "operations"


def acknowledged_folder(environ: Mapping[str, str]) -> Path:
    """Return the folder of acknowledged findings, which need not exist."""
    return _base(environ, "XDG_STATE_HOME", ".local/state") / "swarmtui" / "acknowledged"


def _base(environ: Mapping[str, str], variable: str, default: str) -> Path:
    given = environ.get(variable, "")
    if given.startswith("/"):  # the XDG rules call a relative path invalid
        return Path(given)
    return Path(environ.get("HOME") or Path.home()) / default
