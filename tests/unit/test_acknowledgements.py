"""Acknowledged findings are kept per swarm, for one person's eyes, and never stand in the way."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from swarmtui.acknowledgements import Acknowledgements
from swarmtui.errors import SwarmtuiError
from tests.findings import finding

FOUND = finding()


def test_they_are_kept_for_each_swarm(tmp_path: Path) -> None:
    folder = tmp_path / "acknowledged"
    assert Acknowledgements(folder).turn("swarm1", FOUND)
    again = Acknowledgements(folder)
    assert again.of("swarm1") == {FOUND.key: FOUND.fingerprint}
    assert again.of("swarm2") == {}
    (file,) = folder.iterdir()
    assert file.stat().st_mode & 0o777 == 0o600


def test_once_more_brings_the_finding_back(tmp_path: Path) -> None:
    kept = Acknowledgements(tmp_path)
    assert kept.turn("swarm1", FOUND)
    assert not kept.turn("swarm1", FOUND)
    assert Acknowledgements(tmp_path).of("swarm1") == {}


def test_changed_evidence_is_acknowledged_anew() -> None:
    kept = Acknowledgements()
    kept.turn("swarm1", FOUND)
    changed = finding(value="8")
    assert kept.turn("swarm1", changed)
    assert kept.of("swarm1") == {FOUND.key: changed.fingerprint}


@pytest.mark.parametrize("content", ["", "[]", "{", '"x"', "\xff"])
def test_a_file_that_cannot_be_understood_is_told_once(tmp_path: Path, content: str) -> None:
    (tmp_path / "swarm1.json").write_text(content, encoding="latin-1")
    kept = Acknowledgements(tmp_path)
    with pytest.raises(SwarmtuiError, match="cannot be read"):
        kept.of("swarm1")
    assert kept.of("swarm1") == {}


def test_a_folder_that_cannot_be_written_holds_for_this_run(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    kept = Acknowledgements(tmp_path / "file" / "acknowledged")
    with pytest.raises(SwarmtuiError):
        kept.turn("swarm1", FOUND)
    assert kept.of("swarm1") == {}
    with pytest.raises(SwarmtuiError, match="cannot be kept"):
        kept.turn("swarm1", FOUND)
    assert kept.of("swarm1") == {FOUND.key: FOUND.fingerprint}


@pytest.mark.parametrize("realm", ["", "../x", ".hidden", "a/b"])
def test_no_other_file_is_touched(tmp_path: Path, realm: str) -> None:
    kept = Acknowledgements(tmp_path)
    assert kept.turn(realm, FOUND)
    assert list(tmp_path.iterdir()) == []


def test_an_engine_out_of_a_swarm_has_an_id_with_colons(tmp_path: Path) -> None:
    Acknowledgements(tmp_path).turn("7TRN:IPZB", FOUND)
    assert json.loads((tmp_path / "7TRN-IPZB.json").read_text())
