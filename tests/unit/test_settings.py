from __future__ import annotations

from pathlib import Path

import pytest

from swarmtui.errors import SettingsError
from swarmtui.locations import settings_file
from swarmtui.settings import Settings, load_settings


def file_with(folder: Path, text: str) -> Path:
    file = folder / "settings.toml"
    file.write_text(text)
    return file


def test_defaults(tmp_path: Path) -> None:
    assert load_settings({}, {}, tmp_path / "none.toml") == Settings()


def test_flags_beat_environment_beats_file(tmp_path: Path) -> None:
    file = file_with(tmp_path, 'interval = 9\ntheme = "light"\nread-only = true\n')
    environ = {"SWARMTUI_INTERVAL": "7", "SWARMTUI_TIMEOUT": "3"}
    settings = load_settings({"timeout_seconds": "4", "theme": None}, environ, file)
    assert settings.interval_seconds == 7
    assert settings.timeout_seconds == 4
    assert settings.theme == "light"
    assert settings.read_only


def test_a_flag_for_the_engine_beats_the_other_kind_in_the_file(tmp_path: Path) -> None:
    file = file_with(tmp_path, 'context = "prod"\n')
    assert load_settings({"host": "unix:///x"}, {}, file).context is None
    file = file_with(tmp_path, 'host = "unix:///x"\n')
    assert load_settings({"context": "prod"}, {}, file).host is None


def test_no_color(tmp_path: Path) -> None:
    assert not load_settings({}, {"NO_COLOR": "1"}, tmp_path / "none").color
    assert load_settings({}, {"NO_COLOR": ""}, tmp_path / "none").color


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("interval = 0.1\n", "interval"),
        ("interval = true\n", "interval"),
        ("interval = 'soon'\n", "soon"),
        ("interval = nan\n", "nan"),
        ("read-only = 'perhaps'\n", "perhaps"),
        ("host = 7\n", "host"),
        ("colour = 'red'\n", "colour"),
        ("not toml", "cannot be read"),
    ],
)
def test_what_is_impossible_is_told(tmp_path: Path, text: str, words: str) -> None:
    with pytest.raises(SettingsError) as caught:
        load_settings({}, {}, file_with(tmp_path, text))
    assert words in str(caught.value)


def test_a_folder_in_place_of_the_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(SettingsError):
        load_settings({}, {}, tmp_path)


def test_where_the_file_is() -> None:
    assert settings_file({"HOME": "/home/me"}) == Path("/home/me/.config/swarmtui/settings.toml")
    environ = {"HOME": "/home/me", "XDG_CONFIG_HOME": "/cfg"}
    assert settings_file(environ) == Path("/cfg/swarmtui/settings.toml")
    assert settings_file({**environ, "XDG_CONFIG_HOME": "cfg"}).is_relative_to("/home/me")


def test_ascii_follows_the_locale_unless_somebody_says(tmp_path: Path) -> None:
    none = tmp_path / "none"
    assert load_settings({}, {"LANG": "C"}, none).ascii
    assert not load_settings({}, {"LANG": "C", "SWARMTUI_ASCII": "no"}, none).ascii
    assert load_settings({"ascii": True}, {"SWARMTUI_ASCII": "0"}, none).ascii
    assert load_settings({}, {}, file_with(tmp_path, "ascii = true\n")).ascii
