"""The record in words and figures: lines for a terminal, tables for the documentation, plain values for a file."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict
from math import inf, isfinite
from typing import Any

from forecasts.judging.reference.scoring import ContenderScores
from forecasts.judging.reference.summary import Figures, Late, figures
from forecasts.judging.reference.track import BASE, Track

HEADS = (
    "contender",
    "frontier 3-12 m",
    "frontier 12 m",
    "record",
    "date",
    "50/80/95 % hold, 12 m",
    "all leads",
    "record",
    "P(level in 12 m) said / happened, Brier",
    "late at 6 / 12 / 18 m, months (inside 80 %)",
    "reached by the median date",
)


type Span = tuple[float, float]  # origins from the first up to the second, years since 2024-01-01

EVER: Span = (-inf, inf)


def sections(found: Track) -> Iterator[tuple[str, list[str], Span]]:
    """Title, series and span of origins of every table."""
    live = found.ids()
    yield "Live series", live, EVER
    yield "Live series of the test half", found.ids(half="test"), EVER
    yield "Live series of the design half", found.ids(half="design"), EVER
    yield "Retired series", found.ids(retired=True), EVER
    yield "Live series, origins of 2024", live, (-inf, 1.0)
    yield "Live series, origins from 2025", live, (1.0, inf)
    for id in ("metr_p50_horizon", "metr_p80_horizon", "epoch_eci"):
        if id in found.rise:
            yield id, [id], EVER


def markdown(found: Track) -> str:
    """Every table, for docs/track-record.md."""
    parts = []
    for title, ids, span in sections(found):
        rows = [(name, _figures(found, name, ids, span)) for name in found.results]
        cases = rows[0][1].cases
        parts.append(
            f"### {title}\n\n{cases['series']} series, {cases['frontier']} frontier cases, {cases['record']} record "
            f"cases, {cases['date']} dated levels, {cases['within']} of them with a whole year.\n"
        )
        parts.append("| " + " | ".join(HEADS) + " |\n" + "|---" * len(HEADS) + "|")
        parts += ["| " + " | ".join(_cells(name, one)) + " |" for name, one in rows]
        parts.append("")
    return "\n".join(parts)


def lines(found: Track) -> Iterator[str]:
    """The same for a terminal, ratios and coverage only."""
    for title, ids, span in sections(found):
        yield f"\n{title} (ratio of CRPS to the {BASE}; 95 % intervals over series)"
        for name in found.results:
            one = _figures(found, name, ids, span)
            yield (
                f"  {name:26} frontier {one.frontier}  12 m {one.frontier_12}  record {one.record}  "
                f"date {one.date}  12 m holds {_shares(one.cover_12)}  "
                f"P {one.said:.2f}/{one.happened:.2f}, Brier {one.brier:.3f}"
            )


def named_scores(found: Track) -> dict[str, Any]:
    """Every score named in the tables, by contender over the class and by series."""
    return {
        "tables": {
            title: {name: asdict(_figures(found, name, ids, span)) for name in found.results}
            for title, ids, span in sections(found)
        },
        "series": {
            one.id: {
                "half": one.half,
                "retired": one.retired,
                "rise_a_year": found.rise[one.id],
                "scores": {name: _scores(by[one.id]) for name, by in found.results.items()},
            }
            for one in found.listed
        },
    }


def _figures(found: Track, name: str, ids: Sequence[str], span: Span) -> Figures:
    return figures(found.results, name, BASE, ids, found.rise, since=span[0], until=span[1])


def _cells(name: str, one: Figures) -> list[str]:
    return [
        name,
        str(one.frontier),
        f"{one.frontier_12} ({one.frontier_12.series})",
        str(one.record),
        str(one.date),
        _shares(one.cover_12),
        _shares(one.cover_all),
        _shares(one.cover_record),
        f"{one.said:.2f} / {one.happened:.2f}, {one.brier:.3f}",
        ", ".join(_late(late) for late in one.late),
        ", ".join("-" if not late.mirror else f"{late.by_then:.0%} of {late.mirror}" for late in one.late),
    ]


def _late(late: Late) -> str:
    if not late.cases:
        return "-"
    months = f"{late.months:.1f}" if isfinite(late.months) else "beyond 36"
    return f"{months} ({late.inside:.0%} of {late.cases})"


def _shares(shares: tuple[float, float, float]) -> str:
    return " ".join(f"{100 * share:.0f}" if isfinite(share) else "-" for share in shares)


def _scores(scored: ContenderScores) -> dict[str, Any]:
    return {
        "reached": [asdict(one) for one in scored.reached],
        "dated": [asdict(one) for one in scored.dated],
    }
