"""Every indicator of a run in shared worlds: the headline model, or a level with a pace where readings are few."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import date
from functools import lru_cache
from hashlib import sha256
from typing import Literal

import numpy as np

from forecasts.dates.fans import QUANTILES
from forecasts.dates.paths import HORIZON, grid
from forecasts.dates.worlds import WORLDS, Draws, IndicatorWorlds, NextRecord, Worlds
from forecasts.headline.forecast import Headline, forecast
from forecasts.headline.frozen import Frozen, FrozenError, frozen
from forecasts.headline.learnt import LEADS, LeadWeights, Learnt
from forecasts.headline.pace import Pace, PaceError
from forecasts.prior import Prior
from forecasts.priors.beliefs import Belief
from forecasts.readings import Readings, readings_of
from forecasts.rises.process import RiseSettings
from forecasts.series import Series, SeriesError, few_readings, years
from forecasts.sparse.level import Points, level, ratio_paces
from scorecard.clock import YEAR
from scorecard.evidence.readings.like import beside, instrument, is_ratio
from scorecard.places import DATA
from scorecard.records import Indicator, Measurement, PriorError, System
from scorecard.words import chance_in_words

type Part = Literal["the rise process", "the level model"]

CLASS = DATA / "reference" / "class.yaml"
HEADLINE, SPARSE = "headline", "few readings"
ALONE: Mapping[Part, LeadWeights] = {
    "the rise process": LeadWeights(frontier=(1.0,) * len(LEADS), record=(1.0,) * len(LEADS)),
    "the level model": LeadWeights(frontier=(0.0,) * len(LEADS), record=(0.0,) * len(LEADS)),
}
PACES = 4000  # draws of the class's pace, to show it
STRANGE = 0.25  # chance of a pace as far off as a belief's middle, below which the conflict is said
KEPT, KEPT_SIZE = 48, 2048  # simulations that a process keeps, and worlds of the largest of them (7 MB each)
BEATEN = (
    0,
    3,
    6,
    13,
)  # months after the as-of day for which the next record's reading is told, a year and more
FEWEST = 3  # readings, and two records among them, before a series has a history to speak of


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What the worlds of a run are made from.

    paces: beliefs by indicator, link units a year. halts: a year. part: one of the headline's two models alone.
    """

    indicators: Mapping[str, Indicator]
    measurements: Sequence[Measurement]
    systems: Sequence[System]
    as_of: date
    seed: int
    paces: Mapping[str, Pace]
    halts: float
    size: int = WORLDS
    part: Part | None = None


def worlds(asked: Asked, names: Iterable[str], *, horizon: date = HORIZON) -> Worlds:
    """The named indicators in shared worlds; those of which nothing can be said say why in `refused`.

    PriorError for a belief about a pace that has almost nothing in common with the readings.
    """
    draws, names = Draws(size=asked.size, seed=asked.seed), tuple(names)
    found: dict[str, IndicatorWorlds] = {}
    refused: dict[str, str] = {}
    read = {m.indicator for m in asked.measurements if m.main}
    bounds = [n for n in beside(asked.indicators, names, read) if not is_ratio(asked.indicators[n])]

    def told(name: str) -> IndicatorWorlds | str:
        try:
            return _indicator(asked, name, draws, horizon)
        except (SeriesError, FrozenError) as error:
            return str(error)
        except PaceError as error:
            # Leaving the indicator out would let a belief move a date the wrong way.
            raise PriorError(f"{name}: {error}") from None

    wanted = tuple(dict.fromkeys([*names, *bounds]))
    if wanted:
        frozen(CLASS)  # read once, before several ask for it
    # Arrays are drawn, sorted and searched without the interpreter's lock; each indicator has a generator of its own.
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        for name, one in zip(wanted, pool.map(told, wanted), strict=True):
            if isinstance(one, str):
                refused[name] = one
            else:
                found[name] = one
    return Worlds(draws=draws, indicators=found, refused=refused).ordered()


@lru_cache
def learnt_by(as_of: date) -> str:
    """What was learnt from the class that a forecast of a day may read, by its day and hash; nothing where none was."""
    known = frozen(CLASS)
    try:
        day = known.day(as_of)
    except FrozenError:
        return ""
    said = {id: learnt.plain() for id, learnt in sorted(known.dated[day].items())}
    return f"{day} {sha256(repr((said, sorted(known.units.items()))).encode()).hexdigest()[:12]}"


def like(asked: Asked, indicator: Indicator) -> list[Indicator]:
    """The other ratios of pace on record."""
    return [i for i in asked.indicators.values() if is_ratio(i) and i.id != indicator.id]


def _series(asked: Asked, indicator: Indicator) -> Series:
    own = [m for m in asked.measurements if m.indicator == indicator.id]
    return few_readings(indicator, own, as_of=asked.as_of, systems=asked.systems)


def _indicator(asked: Asked, name: str, draws: Draws, horizon: date) -> IndicatorWorlds:
    indicator = asked.indicators.get(name)
    if indicator is None:
        raise SeriesError(f"{name} is no indicator on record")
    series, known = _series(asked, indicator), frozen(CLASS)
    if not is_ratio(indicator) and len(series) >= FEWEST and series.frontier.sum() >= 2:
        return _headline(asked, series, known, draws, horizon)
    return _sparse(asked, series, known, draws, _rng(draws.seed, indicator), horizon)


def _rng(seed: int, indicator: Indicator, stream: int = 37) -> np.random.Generator:
    """Its own for every instrument, so that an indicator's worlds do not depend on which others were asked for."""
    return np.random.default_rng([seed, stream, *instrument(indicator)[0].encode()])


@dataclass(frozen=True, kw_only=True)
class _Simulation:
    """One series to simulate in units; `key` says all that the result depends on, and alone is compared."""

    key: str
    read: Readings = field(compare=False)
    learnt: Learnt = field(compare=False)
    t: np.ndarray = field(compare=False)
    pace: Pace | None = field(compare=False)
    halts: float = field(compare=False)
    size: int = field(compare=False)
    seed: int = field(compare=False)
    indicator: Indicator = field(compare=False)

    @classmethod
    def of(
        cls,
        asked: Asked,
        indicator: Indicator,
        read: Readings,
        learnt: Learnt,
        t: np.ndarray,
        pace: Pace | None,
    ) -> _Simulation:
        arrays = b"".join(np.ascontiguousarray(a).tobytes() for a in (read.t, read.y, read.s, read.exact, t))
        said = (indicator.id, learnt.plain(), pace, asked.halts, asked.size, asked.seed, read.ceiling)
        return cls(
            key=sha256(repr(said).encode() + arrays).hexdigest(),
            read=read,
            learnt=learnt,
            t=t,
            pace=pace,
            halts=asked.halts,
            size=asked.size,
            seed=asked.seed,
            indicator=indicator,
        )

    def run(self) -> tuple[Headline, float]:
        """The paths, and how far the readings settle the pace (0: as open as the class leaves it, 1: known)."""
        rng = _rng(self.seed, self.indicator)
        settings = RiseSettings(stops=self.halts / 2, left=self.halts / 2)
        made = forecast(
            self.read, self.learnt, self.t, rng=rng, draws=self.size, pace=self.pace, settings=settings
        )
        usual = np.log(self.learnt.rises.paces(self.size, rng))
        return made, 1 - float(np.log(made.pace).var() / usual.var())


@lru_cache(maxsize=KEPT)
def _kept(what: _Simulation) -> tuple[Headline, float]:
    """A what-if changes one assumption of several: what it leaves alone is not simulated again."""
    return what.run()


def _headline(asked: Asked, series: Series, known: Frozen, draws: Draws, horizon: date) -> IndicatorWorlds:
    indicator, belief = series.indicator, asked.paces.get(series.indicator.id)
    learnt, width = known.of(indicator.id, asked.as_of), known.unit(indicator)
    read = readings_of(series, link_units=width)
    times, now = grid(min(float(read.t[-1]), years(asked.as_of)), asked.as_of, horizon)
    own = replace(belief, median=belief.median / width) if belief else None
    order = draws.order(instrument(indicator)[0])
    what = _Simulation.of(asked, indicator, read, learnt, times[now:], own)
    made, settled = _kept(what) if asked.size <= KEPT_SIZE else what.run()
    made = replace(made, order=order, weights=ALONE[asked.part] if asked.part else made.weights)
    record = read.is_record
    return IndicatorWorlds(
        series=series,
        model=HEADLINE,
        draws=draws,
        t=made.t,
        frontier=made.frontier * width,
        value=made.record * width,
        past=read.t[record],
        risen=read.y[record] * width,
        pace=made.pace * width,
        standing=made.standing,
        contraction=settled,
        learnt=_named(learnt, known.day(asked.as_of)),
        notes=(*series.notes, *_conflict(indicator, made.faster)),
        beaten=_beaten(made, width, _rng(draws.seed, indicator, 41)),
    )


def _beaten(made: Headline, width: float, rng: np.random.Generator) -> NextRecord:
    """The reading that beats the present record, by when it is taken, link scale; its draws move no path."""
    t = made.t[0] + np.array(BEATEN) / 12
    found = [np.quantile(np.minimum(made.next_record(one, rng), made.known.ceiling), QUANTILES) for one in t]
    return NextRecord(t=t, quantiles=width * np.stack(found, axis=1))


def _conflict(indicator: Indicator, faster: float) -> tuple[str, ...]:
    """A sentence where a belief lies far from what the readings alone say of the pace."""
    far = min(faster, 1 - faster)
    if far >= STRANGE:
        return ()
    way = "fast" if faster < 0.5 else "slow"
    chance = chance_in_words(far)
    return (
        f"{indicator.name}: belief and readings conflict; the readings alone give {chance} to a pace as {way} as the "
        "middle of the belief.",
    )


def _sparse(
    asked: Asked, series: Series, known: Frozen, draws: Draws, rng: np.random.Generator, horizon: date
) -> IndicatorWorlds:
    indicator, belief = series.indicator, asked.paces.get(series.indicator.id)
    points = Points.of(series)
    if not len(points.t):
        raise SeriesError(f"{indicator.id} has no exact reading known on {asked.as_of}; add one")
    if is_ratio(indicator):
        others = []
        for one in like(asked, indicator):
            try:
                others.append(Points.of(_series(asked, one)))
            except SeriesError:
                continue
        paces = ratio_paces(others, draws=draws.size, rng=rng)
        said = f"{sum(len(p.t) > 1 for p in others)} like ratios as of {asked.as_of}"
    else:
        learnt = known.of(indicator.id, asked.as_of)
        paces = known.unit(indicator) * learnt.rises.paces(draws.size, rng)
        said = _named(learnt, known.day(asked.as_of))
    prior = float(np.var(paces))
    if belief:
        paces = belief.median * np.exp(belief.spread * rng.standard_normal(draws.size))
    made = level(points, paces, draws=draws.size, rng=rng)
    times, now = grid(min(made.t, years(asked.as_of)), asked.as_of, horizon)
    value = made.paths(times, rng)[:, now:]
    value = value[np.argsort(value[:, len(times[now:]) // 3], kind="stable")]
    value = value[draws.order(instrument(indicator)[0])]
    return IndicatorWorlds(
        series=series,
        model=SPARSE,
        draws=draws,
        t=times[now:],
        frontier=(risen := np.maximum.accumulate(value, axis=1)),
        value=risen,
        past=points.t[-1:],
        risen=points.y[-1:],
        pace=made.pace,
        standing=0.0,
        contraction=1 - float(np.var(made.pace)) / prior,
        learnt=said,
        notes=(*series.notes, _few(series)),
    )


def _few(series: Series) -> str:
    count = f"{len(series)} reading{'s' if len(series) > 1 else ''}"
    return f"{series.indicator.name}: {count}; how fast it moves rests on like indicators."


def _named(learnt: Learnt, day: date) -> str:
    """Which entry of the class was read, so that a run says it for ever."""
    return f"class as of {day}, {sha256(repr(learnt.plain()).encode()).hexdigest()[:12]}"


def pace_belief(indicator: Indicator, paces: Mapping[str, Pace], as_of: date) -> Belief | None:
    """What is believed of an indicator's pace now: somebody's belief, else what the class says; None of a ratio.

    In days a doubling on a log2 scale, else as a rise a year on the link scale.
    """
    try:
        known = frozen(CLASS)
        learnt, width = known.of(indicator.id, as_of), known.unit(indicator)
    except FrozenError:
        return None
    if is_ratio(indicator):
        return None
    drawn = width * learnt.rises.paces(PACES, np.random.default_rng(1))
    low, middle, high = np.quantile(drawn, (0.1, 0.5, 0.9))
    pace = paces.get(indicator.id) or Pace.between(float(low), float(middle), float(high))
    prior = Prior(
        family="lognormal",
        params={"mu": float(np.log(pace.median)), "sigma": pace.spread},
        unit="a year",
        meaning="rise a year while it moves",
    )
    q10, q50, q90 = (float(x) for x in prior.frozen.ppf((0.1, 0.5, 0.9)))
    days = indicator.scale == "log2"
    return Belief(
        parameter="pace",
        shapes=(HEADLINE,),
        meaning=f"{indicator.name}: {'doubling time now' if days else 'rise a year now, on its link scale'}",
        unit="days" if days else "a year",
        in_days=days,
        quantiles=(YEAR / q90, YEAR / q50, YEAR / q10) if days else (q10, q50, q90),
        usual=(YEAR / float(high), YEAR / float(low)) if days else (float(low), float(high)),
        prior=prior,
        indicator=indicator.id,
    )
