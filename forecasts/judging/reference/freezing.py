"""Freeze what the class says by each quarter's end, and how every forecast of it came out, into data files."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date, timedelta
from functools import partial
from math import isfinite

import yaml

from forecasts.headline.frozen import OTHER
from forecasts.headline.learnt import learn
from forecasts.headline.weights import weights_at
from forecasts.judging.reference.scoring import CENSORED
from forecasts.judging.reference.track import HEADLINE, Track
from forecasts.series import day, years
from scorecard.clock import plus_months
from scorecard.thresholds.quoted.league import ScoredForecast
from scorecard.thresholds.quoted.outcomes import packed

NOTE = """# What the reference class said by each of these days, for forecasts of one series as of then or later;
# `preparedness forecast judge --freeze` writes it.
# rises: rates, steps and reading rates of the rise process. levels: weights over the level model's grid, whose axes
# are in forecasts/levels/filtering.py. weights: of the rise process against the level model by lead. Each entry is
# learnt without the series it is for; `other` serves every indicator that is not in the class.
"""
OUTCOMES = """# How every forecast of the reference class came out, reconstructed from the first of each month
# with what had been released by then: a series a line. `preparedness forecast judge --freeze` writes it, and
# scorecard/thresholds/quoted/league.py says what each column is.
"""
BESIDE = ("equal weights",)  # a step on the way to the headline, no forecaster of its own
FIRST, EVERY = date(2023, 12, 31), 3  # the first day, and months between the days


def frozen_text(found: Track) -> str:
    """The file's text: by day, an entry for each series that is an indicator here, and one for all others."""
    own = [one for one in found.listed if one.id == "epoch_eci" or not one.id.startswith("epoch_")]
    held = {
        "units": {one.id: one.readings.link_units for one in own},
        "learnt": {
            known_at.isoformat(): {
                id or OTHER: _plain(found, id, known_at) for id in ("", *(one.id for one in own))
            }
            for known_at in _days(day(max(one.last for one in found.listed)))
        },
    }
    return NOTE + yaml.safe_dump(held, sort_keys=False, width=110, default_flow_style=None) + "...\n"


def _days(last: date) -> list[date]:
    """The ends of quarters before the last reading, and its day."""
    found, months = [FIRST], 0
    while (following := plus_months(FIRST.replace(day=1), months + EVERY + 1) - timedelta(days=1)) < last:
        found.append(following)
        months += EVERY
    return [*found, last]


def _plain(found: Track, without: str, known_at: date) -> dict[str, object]:
    # Everything that was read by a day counts, so the day after it is the first that may use it.
    origin = years(known_at + timedelta(days=1))
    others = [one.readings.until(origin) for one in found.listed if one.id != without]
    others = [known for known in others if len(known) and known.is_record.sum() >= 2]
    return learn(others, origin, weights_at(found.tried, without=without, origin=origin)).plain()


def outcomes_text(found: Track, known_at: date, model_version: str) -> str:
    """The file's text: a series a line, with what we said, what came, and the score of every forecaster."""
    names = [name for name in found.results if name not in BESIDE]
    lines = (
        {
            "series": one.id,
            "known_at": known_at.isoformat(),
            "model_version": model_version,
            "retired": one.retired,
            "rise": found.rise[one.id],
            "asked": packed(_outcomes(found, one.id, names)),
        }
        for one in found.listed
    )
    return OUTCOMES + "".join(f"{json.dumps(line)}\n" for line in lines if line["asked"]) + "# end\n"


def _outcomes(found: Track, id: str, names: list[str]) -> Iterator[ScoredForecast]:
    by = {name: found.results[name][id] for name in names}
    ours = by[HEADLINE]
    made = partial(
        ScoredForecast,
        series=id,
        rise=found.rise[id],
        retired=next(one.retired for one in found.listed if one.id == id),
    )
    for place, one in enumerate(ours.reached):
        yield made(
            kind="value" if one.kind == "frontier" else one.kind,
            origin=day(one.origin),
            lead=float(one.lead),
            # The ends of leads of different origins are one day, so that revisions of its forecast are found.
            resolved=plus_months(day(one.origin), round(one.lead))
            if one.kind == "frontier"
            else day(one.origin + one.lead / 12),
            pit=one.pit,
            median=one.happened + one.bias,
            floor=one.floor,
            happened=one.happened,
            scores={name: scores.reached[place].crps for name, scores in by.items()},
        )
    for place, dated in enumerate(ours.dated):
        asked_for = min(CENSORED, int(dated.ends + 1e-6))
        yield made(
            kind="date",
            origin=day(dated.origin),
            lead=float(asked_for),
            resolved=day(dated.origin + asked_for / 12),
            median=dated.median,
            low=dated.low,
            high=dated.high,
            happened=dated.happened,
            scores={name: scores.dated[place].crps for name, scores in by.items()},
        )
        if isfinite(dated.within):
            truth = float(dated.happened <= 12)
            yield made(
                kind="level",
                origin=day(dated.origin),
                lead=12.0,
                resolved=day(dated.origin + 1),
                happened=truth,
                said=dated.within,
                scores={name: (scores.dated[place].within - truth) ** 2 for name, scores in by.items()},
            )
