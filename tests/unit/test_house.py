"""The rules of the house, checked by the tools that know them."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
BIN = Path(sys.executable).parent


@pytest.mark.parametrize(
    "command",
    [
        ["ruff", "check", "."],
        ["ruff", "format", "--check", "."],
        ["lint-imports", "--no-cache"],
        ["mypy"],
    ],
    ids=" ".join,
)
def test_the_tools_find_nothing(command: list[str]) -> None:
    found = subprocess.run(
        [BIN / command[0], *command[1:]], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert found.returncode == 0, found.stdout + found.stderr


@pytest.mark.parametrize("flag", ["--version", "--help"])
def test_asking_for_little_loads_little(flag: str) -> None:
    script = (
        "import sys\n"
        "from swarmtui.cli import main\n"
        "try:\n"
        f"    main(['{flag}'])\n"
        "except SystemExit as end:\n"
        "    assert not end.code\n"
        "heavy = {'textual', 'docker', 'rich', 'requests', 'msgspec', 'netaddr', 'humanize'}\n"
        "loaded = heavy.intersection(sys.modules)\n"
        "print('loaded:', sorted(loaded), file=sys.stderr)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout.startswith("swarmtui 0" if flag == "--version" else "usage: swarmtui")
    assert done.stderr == "loaded: []\n"


def test_loading_the_explorer_loads_what_its_first_screen_shows() -> None:
    later = (
        "docker",
        "swarmtui.engine.reader",
        "swarmtui.findings.rules",
        "swarmtui.operations.script",
        "swarmtui.render.report",
        "swarmtui.screens.form",
        "swarmtui.widgets.cell_map",
    )
    script = (
        "import sys, swarmtui.app\n"
        "from swarmtui.engine import Poller, resolve_endpoint, session_opener, try_doors\n"
        f"before = [name for name in {later} if name in sys.modules]\n"
        "swarmtui.app._load_ahead()\n"
        f"after = [name for name in {later} if name in sys.modules]\n"
        "print(before, *after)"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout.split() == ["[]", *later[2:]]


def test_no_file_has_grown_past_reading() -> None:
    long = {
        str(file.relative_to(ROOT)): lines
        for file in (ROOT / "swarmtui").rglob("*.py")
        if (lines := len(file.read_text().splitlines())) > 350
    }
    assert long == {}
