"""One measured figure beside its floor, and what is made of several takes of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median, quantiles


@dataclass(frozen=True, slots=True)
class Target:
    """What a figure has to keep to; `of` says what is compared with the limit."""

    limit: float
    of: str = "value"
    at_least: bool = False

    def __str__(self) -> str:
        sign = ">=" if self.at_least else "<="
        return f"{sign} {self.limit:g}{' x' if self.of == 'ratio' else ''}"

    def is_met(self, row: Row) -> bool:
        """Tell whether a row keeps to it."""
        found = row.ratio if self.of == "ratio" else row.value
        if found is None:
            return False
        return found >= self.limit if self.at_least else found <= self.limit


@dataclass(frozen=True, slots=True)
class Row:
    """A figure.

    Attributes:
        value, low, high: The median of several takes and their middle half.
        floor: The same of what cannot be beaten, measured in the same run.
        floor_is: What that is.
        ratio: The median of the takes' ratios; of value and floor where they have no pairs.
        cpu, cpu_ratio: Processor time in ms, which a busy machine hardly changes, and its ratio.
        note: What else a reader has to know.
    """

    measure: str
    size: str
    value: float
    unit: str
    low: float | None = None
    high: float | None = None
    floor: float | None = None
    floor_is: str = ""
    ratio: float | None = None
    cpu: float | None = None
    cpu_ratio: float | None = None
    target: Target | None = None
    note: str = ""

    @property
    def met(self) -> bool | None:
        """Whether the target is met; None where there is none."""
        return self.target.is_met(self) if self.target else None


def row(
    measure: str,
    size: str,
    unit: str,
    takes: Sequence[float],
    *,
    floors: Sequence[float] = (),
    floor_is: str = "",
    cpu: tuple[Sequence[float], Sequence[float]] | None = None,
    inverse: bool = False,
    target: Target | None = None,
    note: str = "",
) -> Row:
    """Return the row of several takes.

    Args:
        takes: Of the figure.
        floors: Of its floor; those of the same position were taken side by side.
        cpu: The processor times of both, in pairs.
        inverse: The ratio says how many times better the figure is than what it is compared with.
    """
    low, high = middle_half(takes)
    ratio = ratio_of(takes, floors, inverse=inverse)
    return Row(
        measure,
        size,
        median(takes),
        unit,
        low,
        high,
        floor=median(floors) if floors else None,
        floor_is=floor_is,
        ratio=ratio,
        cpu=median(cpu[0]) if cpu else None,
        cpu_ratio=ratio_of(*cpu, inverse=inverse) if cpu else None,
        target=target,
        note=note,
    )


def middle_half(takes: Sequence[float]) -> tuple[float, float]:
    """Return the first and the third quartile."""
    if len(takes) < 2:
        return takes[0], takes[0]
    low, _, high = quantiles(takes, n=4, method="inclusive")
    return low, high


def ratio_of(
    takes: Sequence[float], floors: Sequence[float], *, inverse: bool = False
) -> float | None:
    """Return the median of the ratios of pairs, or the ratio of the medians where none pair."""
    if not floors:
        return None
    if len(takes) == len(floors):
        pairs = [(take, floor) for take, floor in zip(takes, floors, strict=True) if floor and take]
    else:
        pairs = [(median(takes), median(floors))] if median(floors) and median(takes) else []
    if not pairs:
        return None
    return median(floor / take if inverse else take / floor for take, floor in pairs)


def percentile(takes: Sequence[float], share: float) -> float:
    """Return the value that a share of the takes does not exceed."""
    return sorted(takes)[min(int(len(takes) * share), len(takes) - 1)]
