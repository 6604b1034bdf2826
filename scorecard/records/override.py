"""A changed belief about a trend or about how a threshold is measured, read once from what a person typed."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Self, get_args

from scorecard.records._base import Rule

_WRITTEN = re.compile(
    r"^\s*(?:(?P<indicator>\w+):)?(?:(?P<shape>\w+)\.)?(?P<parameter>\w+)\s*=\s*(?P<how>[a-z_]+)\s*\((?P<args>[^()]*)\)\s*$"
)

MEASURES = ("level", "level_sd", "gap", "gap_sd", "weight")  # the fields of a criterion that can be changed
RULE = "rule"  # of a threshold
RULES: tuple[Rule, ...] = get_args(Rule)
_MEASURE = re.compile(r"^\s*(?P<about>[^:=\s]+):(?P<field>\w+)\s*=\s*(?P<value>\S+)\s*$")


class PriorError(ValueError):
    """A prior that cannot be, or cannot be read; the message says what to write."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Override:
    """One parameter's changed prior: `how` is a family with its numbers, or quantiles to find a prior for.

    how: `quantiles` or `doubling_days` with the 10, 50 and 90 % ones, `fixed` for a number of the set itself (`halts`,
    a model's `weight`), else a family of forecasts/prior.py, whose numbers bear their `names` where those were written.
    Without a `shape`, in every shape that has the parameter. With an `indicator` it is that indicator's own `pace`, a
    year on its link scale or days a doubling, in every model.
    """

    parameter: str
    how: str
    numbers: tuple[float, ...]
    names: tuple[str, ...] = ()
    shape: str = ""
    indicator: str = ""

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read [SHAPE.]PARAM=FAMILY(args), as an address and the command line write it."""
        found = _WRITTEN.match(text)
        if found is None:
            raise PriorError(
                f"cannot read {text!r}; write [SHAPE.]PARAM=FAMILY(args), for instance growth=lognormal(0.7, 0.3), or "
                "INDICATOR:pace=doubling_days(64, 90, 116)"
            )
        parts = [part.strip() for part in found["args"].split(",") if part.strip()]
        try:
            numbers = tuple(float(part.rpartition("=")[2]) for part in parts)
        except ValueError:
            raise PriorError(f"{text!r}: every argument must be a number") from None
        names = tuple(name.strip() for part in parts if (name := part.rpartition("=")[0]))
        if names and len(names) != len(numbers):
            raise PriorError(f"{text!r}: name every argument or none")
        return cls(
            parameter=found["parameter"],
            how=found["how"],
            numbers=numbers,
            names=names,
            shape=found["shape"] or "",
            indicator=found["indicator"] or "",
        )

    @property
    def target(self) -> str:
        """What is changed, as it is written: PARAM, SHAPE.PARAM or INDICATOR:pace."""
        if self.indicator:
            return f"{self.indicator}:{self.parameter}"
        return f"{self.shape}.{self.parameter}" if self.shape else self.parameter

    @property
    def right(self) -> str:
        """What it is changed to, as it is written."""
        named = [f"{name}=" for name in self.names] or [""] * len(self.numbers)
        return f"{self.how}({', '.join(n + _short(x) for n, x in zip(named, self.numbers, strict=True))})"

    def __str__(self) -> str:
        """As an address and the command line write it; `parse` reads the same change back."""
        return f"{self.target}={self.right}"


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangedMeasure:
    """One field of the criterion (or the rule of the threshold) `about`, held at another value.

    Units are those of the criterion's own fields: its indicator's for the level, steps of its scale for the others.
    """

    about: str
    field: str
    value: float | Rule

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read CRITERION:FIELD=NUMBER or THRESHOLD:rule=any, as an address writes it; PriorError says how to."""
        found = _MEASURE.match(text)
        about, field, value = found.groups() if found else ("", "", "")
        if field == RULE and value in RULES:
            return cls(about=about, field=field, value=RULES[RULES.index(value)])
        try:
            return cls(about=about, field=MEASURES[MEASURES.index(field)], value=float(value))
        except ValueError:
            raise PriorError(
                f"cannot read {text!r}; write CRITERION:FIELD=NUMBER with {', '.join(MEASURES)}, "
                "or THRESHOLD:rule=any or all"
            ) from None

    @property
    def target(self) -> tuple[str, str]:
        """What is changed, whatever it is changed to."""
        return self.about, self.field

    def __str__(self) -> str:
        """As an address writes it; `parse` reads the same change back."""
        value = self.value if isinstance(self.value, str) else f"{self.value:.12g}"
        return f"{self.about}:{self.field}={value}"


def _short(number: float) -> str:
    """The number as people write it where that says all of it."""
    short = f"{number:g}"
    return short if float(short) == number else repr(number)
