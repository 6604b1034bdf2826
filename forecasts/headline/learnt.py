"""Everything that is learnt from the class for one forecast: frozen, dated, and stored with the run."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from forecasts.levels.filtering import Filtered, filtered
from forecasts.levels.learning import LevelClass
from forecasts.levels.learning import learn as learn_levels
from forecasts.readings import Readings
from forecasts.rises.history import history
from forecasts.rises.learning import READ_WITHIN, RiseClass
from forecasts.rises.learning import learn as learn_rises

LEADS = (3, 6, 12)  # months at which weights are learnt; between them straight, beyond the last constant


@dataclass(frozen=True, slots=True, kw_only=True)
class LeadWeights:
    """The rise process's weight against the level model's, at each of LEADS: for the frontier, and for the next
    record's reading. `cases`: resolved forecasts of other series that they are learnt from."""

    frontier: tuple[float, ...] = (0.5,) * len(LEADS)
    record: tuple[float, ...] = (0.5,) * len(LEADS)
    cases: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Learnt:
    """What the class says, as it stood on a day; the series that is forecast is never in it."""

    rises: RiseClass = field(default_factory=RiseClass)
    levels: LevelClass = field(default_factory=LevelClass)
    weights: LeadWeights = field(default_factory=LeadWeights)

    def plain(self) -> dict[str, Any]:
        """Plain values, six digits, for a data file and for the run's record."""
        return {name: _rounded(part) for name, part in asdict(self).items()}

    @staticmethod
    def from_plain(plain: Mapping[str, Any]) -> Learnt:
        """The same from plain values; KeyError or TypeError where the file is not of this version."""
        return Learnt(
            rises=RiseClass(**plain["rises"]),
            levels=LevelClass(**{key: _tupled(value) for key, value in plain["levels"].items()}),
            weights=LeadWeights(**{key: _tupled(value) for key, value in plain["weights"].items()}),
        )


def learn(
    others: Sequence[Readings],
    origin: float,
    weights: LeadWeights | None = None,
    run_filter: Callable[[Readings], Filtered] = filtered,
) -> Learnt:
    """Learn from the other series as they stood at `origin`: nothing in them may be younger.

    Series that were no longer read count in neither part. run_filter: `filtered`, or one that remembers.
    """
    read = [one for one in others if one.t[-1] >= origin - READ_WITHIN]
    return Learnt(
        rises=learn_rises([history(one) for one in read], origin),
        levels=learn_levels([run_filter(one) for one in read]),
        weights=weights or LeadWeights(),
    )


def _rounded(part: Mapping[str, Any]) -> dict[str, Any]:
    return {key: _digits(value) for key, value in part.items()}


def _digits(value: Any) -> Any:
    if isinstance(value, tuple):
        return [_digits(one) for one in value]
    return float(f"{value:.6g}") if isinstance(value, float) else value


def _tupled(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value
