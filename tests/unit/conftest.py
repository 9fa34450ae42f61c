from __future__ import annotations

import os
from pathlib import Path

import pytest


@pytest.fixture
def no_docker_here(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Hide the engine, the settings and the state of whoever runs the tests."""
    for name in [name for name in os.environ if name.startswith(("DOCKER_", "SWARMTUI_"))]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("HOME", str(tmp_path))
