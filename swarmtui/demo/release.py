"""The engine releases that can be simulated, and in what their answers differ."""

from __future__ import annotations

from dataclasses import dataclass

_API_OF_RELEASE = {
    (20, 10): ("1.41", "1.12"),
    (23, 0): ("1.42", "1.12"),
    (24, 0): ("1.43", "1.12"),
    (25, 0): ("1.44", "1.24"),
    (26, 0): ("1.45", "1.24"),
    (27, 0): ("1.46", "1.24"),
    (28, 0): ("1.48", "1.24"),
    (28, 5): ("1.51", "1.24"),
    (29, 0): ("1.52", "1.44"),
    (29, 2): ("1.53", "1.44"),
    (29, 7): ("1.55", "1.40"),
}


@dataclass(frozen=True, slots=True)
class Release:
    """One release of the engine.

    Attributes:
        version: Such as "29.7.2".
        api: The newest API version it speaks.
        oldest_api: The oldest API version it accepts.
    """

    version: str
    api: str
    oldest_api: str

    @property
    def number(self) -> tuple[int, int]:
        """Return the major and minor number."""
        major, minor = self.version.split(".")[:2]
        return int(major), int(minor)

    @property
    def lowest_gap(self) -> bool:
        """Tell whether address pools hand out the lowest free subnet."""
        return self.number >= (27, 0)

    @property
    def strict_networks(self) -> bool:
        """Tell whether network requests are validated strictly."""
        return self.number >= (25, 0)

    @property
    def reads_service_networks(self) -> bool:
        """Tell whether networks beside the task template count (engine-facts B.4)."""
        return self.number < (25, 0)

    @property
    def tells_ipv4(self) -> bool:
        """Tell whether networks carry `EnableIPv4`."""
        return self.number >= (28, 0)

    @property
    def split_inspect(self) -> bool:
        """Tell whether lists leave out what only an inspection knows."""
        return self.number >= (29, 0)


def release_of(version: str, api: str | None = None) -> Release:
    """Return the release of an engine version.

    Args:
        version: Such as "20.10.24" or "29.7.2".
        api: Another newest API version than this engine's.

    Raises:
        ValueError: The version is older than 20.10.
    """
    number = Release(version, "", "").number
    known = [each for each in _API_OF_RELEASE if each <= number]
    if not known:
        raise ValueError(f"no such engine to simulate: {version}")
    newest, oldest = _API_OF_RELEASE[max(known)]
    return Release(version, api or newest, oldest)


def api_number(text: str) -> tuple[int, int]:
    """Return an API version as numbers that compare.

    Raises:
        ValueError: The text is no API version.
    """
    major, _, minor = text.partition(".")
    return int(major), int(minor)
