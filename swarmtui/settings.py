"""Everything a run of swarmtui is told from outside, as one value."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, fields
from ipaddress import ip_network
from pathlib import Path

from swarmtui.ascii import speaks_utf8
from swarmtui.errors import SettingsError

DEFAULT_INTERVAL_SECONDS = 2.0
DEFAULT_TIMEOUT_SECONDS = 10.0
SHORTEST_INTERVAL_SECONDS = 0.5

_TRUE = frozenset(("1", "true", "yes", "on"))
_FALSE = frozenset(("0", "false", "no", "off", ""))


@dataclass(frozen=True, slots=True)
class Settings:
    """The settings of one run: flags before environment before settings file before defaults.

    Attributes:
        host: Address of the engine; None to ask context and environment as the docker CLI does.
        context: Name of a docker context.
        read_only: Never start anything that changes the swarm.
        interval_seconds: Wanted time between two readings.
        timeout_seconds: Longest wait for one answer of the engine.
        theme: Name of the colour theme; empty for the default.
        lan_ranges: Ranges of the local network in CIDR notation, which new subnets keep clear of.
        journals: Folder of the journals of operations; None for the usual one.
        acknowledged: Folder of acknowledged findings; None for the usual one.
        color: False when NO_COLOR is set.
        ascii: Show and print ASCII only; where nobody says so, when the locale is not UTF-8.
    """

    host: str | None = None
    context: str | None = None
    read_only: bool = False
    interval_seconds: float = DEFAULT_INTERVAL_SECONDS
    timeout_seconds: float = DEFAULT_TIMEOUT_SECONDS
    theme: str = ""
    lan_ranges: tuple[str, ...] = ()
    journals: Path | None = None
    acknowledged: Path | None = None
    color: bool = True
    ascii: bool = False


_NAMES = {
    "host": "host",
    "context": "context",
    "read-only": "read_only",
    "interval": "interval_seconds",
    "timeout": "timeout_seconds",
    "theme": "theme",
    "lan-ranges": "lan_ranges",
    "ascii": "ascii",
}
"""What a setting is called in the file, and as `SWARMTUI_NAME` in the environment."""


def load_settings(flags: Mapping[str, object], environ: Mapping[str, str], file: Path) -> Settings:
    """Put the settings of one run together.

    Args:
        flags: What the command line says, by attribute of Settings; None where it says nothing.
        environ: The environment; `SWARMTUI_READ_ONLY`, `SWARMTUI_INTERVAL` and so on.
        file: The settings file, a flat TOML table; it need not exist.

    Raises:
        SettingsError: A value is impossible, a name unknown, or the file cannot be read.
    """
    values: dict[str, object] = {"ascii": not speaks_utf8(environ)}
    for name, given in _from_file(file).items():
        if name not in _NAMES:
            raise SettingsError(
                "The settings file has a name that swarmtui does not know",
                f"`{name}` in {file}.",
                f"Known names: {', '.join(_NAMES)}.",
            )
        values[_NAMES[name]] = _checked(_NAMES[name], given, f"`{name}` in {file}")
    for name, attribute in _NAMES.items():
        variable = "SWARMTUI_" + name.upper().replace("-", "_")
        if variable in environ:
            values[attribute] = _checked(attribute, environ[variable], variable)
    for attribute, given in flags.items():
        if given is not None:
            flag = attribute.removesuffix("_seconds").replace("_", "-")
            values[attribute] = _checked(attribute, given, f"--{flag}")
    if flags.get("host") is not None and flags.get("context") is None:
        values["context"] = None
    if flags.get("context") is not None and flags.get("host") is None:
        values["host"] = None
    values["color"] = not environ.get("NO_COLOR")
    return Settings(**values)  # type: ignore[arg-type]


def _from_file(file: Path) -> Mapping[str, object]:
    try:
        return tomllib.loads(file.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise SettingsError(
            "The settings file cannot be read", f"{file}: {error}.", "Mend it or move it away."
        ) from error


def _checked(attribute: str, given: object, origin: str) -> object:
    default = next(each.default for each in fields(Settings) if each.name == attribute)
    if isinstance(default, bool):
        return _truth(given, origin)
    if isinstance(default, float):
        return _seconds(attribute, given, origin)
    if isinstance(default, tuple):
        return _ranges(given, origin)
    if not isinstance(given, str):
        raise _impossible(origin, given, "a text")
    return given


def _ranges(given: object, origin: str) -> tuple[str, ...]:
    each = given.split(",") if isinstance(given, str) else given
    if not isinstance(each, list) or not all(isinstance(text, str) for text in each):
        raise _impossible(origin, given, "ranges such as 192.168.0.0/16, separated by commas")
    texts = [text.strip() for text in each]
    for text in filter(None, texts):
        try:
            ip_network(text)
        except ValueError as error:
            raise _impossible(origin, text, f"a range such as 192.168.0.0/16 ({error})") from error
    return tuple(filter(None, texts))


def _truth(given: object, origin: str) -> bool:
    if isinstance(given, bool):
        return given
    if isinstance(given, str) and given.lower() in _TRUE | _FALSE:
        return given.lower() in _TRUE
    raise _impossible(origin, given, "true or false")


def _seconds(attribute: str, given: object, origin: str) -> float:
    least = SHORTEST_INTERVAL_SECONDS if attribute == "interval_seconds" else 0.1
    try:
        seconds = float(given) if isinstance(given, (str, int, float)) else -1.0
    except ValueError:
        seconds = -1.0
    if isinstance(given, bool) or not least <= seconds <= 3600:
        raise _impossible(origin, given, f"a number of seconds from {least:g} to 3600")
    return seconds


def _impossible(origin: str, given: object, wanted: str) -> SettingsError:
    return SettingsError(f"{origin} cannot be {given!r}", f"It has to be {wanted}.")
