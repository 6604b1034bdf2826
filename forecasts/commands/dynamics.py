"""dynamics, automation, next-evaluation: the self-improvement loop, the automation of staff, what to measure next."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any

import typer

from forecasts import SEED
from scorecard.evidence.readings.adjusting import readings
from scorecard.records import (
    Drivers,
    ErrorsAnswer,
    ForecastRun,
    Indicator,
    LoopAnswer,
    PaceAnswer,
    Span,
    StaffAnswer,
    System,
)
from scorecard.records.typed_json import to_plain
from scorecard.terminal.options import AsOf, Json, built_store, day_or_today
from scorecard.thresholds.board import board, quoted_runs
from scorecard.thresholds.loop import loop_held
from scorecard.words import chance_in_words

app = typer.Typer()

Seed = Annotated[int | None, typer.Option(help="Seed of every random draw.")]
Fix = Annotated[
    list[str] | None,
    typer.Option("--set", metavar="PARAM=VALUE", help="Hold a parameter at a value; repeatable."),
]


def _fixed(written: list[str] | None) -> dict[str, float]:
    fixed = {}
    for text in written or ():
        name, _, value = text.partition("=")
        try:
            fixed[name.strip()] = float(value)
        except ValueError:
            raise typer.BadParameter(
                f"{text!r}: write PARAM=VALUE with a number, for instance returns=0.8"
            ) from None
    return fixed


@app.command()
def dynamics(
    as_of: AsOf = None,
    fix: Fix = None,
    paths: Annotated[int, typer.Option(min=100, help="Scenario paths.")] = 20_000,
    seed: Seed = None,
    monitors: Annotated[
        int, typer.Option(min=1, max=20, help="Independent monitors, for error compounding.")
    ] = 1,
    json_: Json = False,
) -> None:
    """Scenarios of the self-improvement loop to 2040, its gain G, pace thresholds, drivers, and errors (R_e)."""
    from forecasts.dynamics import answers

    store, day = built_store(), day_or_today(as_of)
    with store.view(as_of=day) as known:
        measurements, held = readings(known), loop_held(known)
    chosen = SEED if seed is None else seed
    found = answers.loop(measurements, day, held, paths=paths, seed=chosen, fixed=_fixed(fix))
    spread = answers.spread(measurements, day, held, seed=chosen)
    errors = answers.errors(measurements, day, held, monitors=monitors, seed=chosen)
    with store.view(as_of=day) as known, store.view() as now:
        runs = quoted_runs(board(known, now, as_of=day))
    if json_:
        told = to_plain(found) | {"drivers": to_plain(spread), "errors": to_plain(errors)}
        for plain, one in zip(told["thresholds"], found.thresholds, strict=True):
            run = runs.get(one.threshold)
            plain["quoted"] = {"run": run.id, "p_by": _quoted(one, run)} if run else None
        print(json.dumps(told, indent=2, ensure_ascii=False))
    else:
        print("\n".join(_loop_lines(found, spread, errors, runs)))


def _quoted(one: PaceAnswer, run: ForecastRun) -> dict[str, float]:
    """What the scorecard's row says by the dates that the scenarios are asked for."""
    return {on: run.quoted.p_by(date.fromisoformat(on)) for on in one.scenario_p_by}


def _loop_lines(
    found: LoopAnswer, spread: Drivers, e: ErrorsAnswer, runs: Mapping[str, ForecastRun]
) -> list[str]:
    g = found.gain
    lines = [f"As of {found.as_of}, {found.paths:,} paths to {found.horizon}; {found.status}."]
    if g.combined:
        lines.append(
            f"Loop gain G {_span(g.combined)} from {g.points} readings and METR's note (below 1 amplifies by "
            f"{g.amplification or 0:.2f}; P(1 or more) {g.p_runaway or 0:.0%}); "
            f"the priors alone imply {_span(g.implied)}"
        )
    for one in found.thresholds:
        run = runs.get(one.threshold)
        said = (
            f"the scorecard says {_by(_quoted(one, run))} (run {run.id[:12]})" if run else "no forecast yet"
        )
        alone = list(one.scenario_p_by_speed_alone.values())[-1:]
        lines.append(f"{one.name}: {said}")
        lines.append(
            f"  another argument, {one.argument} (exploratory, weight {one.weight:g} in the scorecard): "
            f"{_by(one.scenario_p_by)}; not by {found.horizon} {chance_in_words(one.scenario_p_beyond_horizon)}"
        )
        lines += [
            f"  (the speed alone, whoever caused it: {chance_in_words(p)} by the last of these dates)"
            for p in alone
        ]
    lines.append("What drives the spread (total Sobol index, first order):")
    lines += [
        f"  {d.parameter:22} {d.total:5.2f} {d.first_order:5.2f}  {d.meaning}" for d in spread.drivers[:6]
    ]
    lines.append(
        f"Undetected errors per cycle R_e {_span(e.r)} with {e.monitors} monitor(s): P(1 or more) "
        f"{e.p_above_one:.0%}, P(runaway within {e.cycles} cycles) {e.p_runaway:.1%}"
    )
    return lines


def _by(chances: Mapping[str, float]) -> str:
    return ", ".join(f"by {on} {chance_in_words(p)}" for on, p in chances.items())


def _span(q: Span) -> str:
    return f"{q.q50:.2f} ({q.q10:.2f} to {q.q90:.2f}, 80 %)"


@app.command()
def automation(
    as_of: AsOf = None,
    salary: Annotated[
        str | None,
        typer.Option(metavar="LOW-HIGH", help="Staff salary in USD a year; by default 295000-445000."),
    ] = None,
    fix: Fix = None,
    seed: Seed = None,
    json_: Json = False,
) -> None:
    """How far technical staff are automated: one latent multiplier, adoption ahead, the cost of work by stage."""
    from forecasts.dynamics import answers

    store, day = built_store(), day_or_today(as_of)
    with store.view(as_of=day) as known:
        measurements, names = readings(known), {s.id: s.name for s in known.all(System)}
        indicators = {i.id: i for i in known.all(Indicator)}
        held = loop_held(known)
    found = answers.staff(
        measurements,
        indicators,
        day,
        held,
        salary=_salary(salary),
        fixed=_fixed(fix),
        names=names,
        seed=SEED if seed is None else seed,
    )
    if json_:
        print(json.dumps(to_plain(found), indent=2, ensure_ascii=False))
    else:
        print("\n".join(_staff_lines(found, {i: x.name for i, x in indicators.items()})))


def _salary(text: str | None) -> tuple[float, float] | None:
    if text is None:
        return None
    low, _, high = text.partition("-")
    try:
        pair = float(low), float(high or low)
    except ValueError:
        raise typer.BadParameter(
            f"{text!r}: write LOW-HIGH in USD a year, for instance 295000-445000"
        ) from None
    if not 0 < pair[0] <= pair[1]:
        raise typer.BadParameter(f"{text!r}: the lower end comes first and is above zero")
    return pair


def _staff_lines(found: StaffAnswer, names: dict[str, str]) -> list[str]:
    u = found.uplift
    lines = [
        f"As of {found.as_of}; {found.status}.",
        f"Research work goes {_span(u.now)} times as fast with AI; P(twofold or more) {u.p_twofold:.0%}, "
        f"P(slower) {u.p_slower:.0%}",
    ]
    lines += [
        f"  {s.on}  {s.name[:44]:44} {s.kind:12} said {s.published:.2f}, freed of bias {s.freed[1]:.2f} "
        f"({s.freed[0]:.2f} to {s.freed[2]:.2f}); latent {s.latent[1]:.2f}"
        for s in u.sources
    ]
    lines.append(u.why)
    if a := found.amdahl:
        lines.append(
            f"{a.share_of_code:.0%} of code, coding {a.share_of_time_coding:.0%} of the time: research at most "
            f"{a.bound:.2f} times as fast (Amdahl), {a.multiplier_at_ten_times:.2f} at tenfold coding speed"
        )
    for one in found.adoption:
        ends = zip(one.dates, one.q10, one.q50, one.q90, strict=True)
        said = "; ".join(f"{on} {mid:.0f} % ({low:.0f} to {high:.0f})" for on, low, mid, high in ends)
        lines.append(f"{names.get(one.indicator, one.indicator)}: {said}")
    lines.append("Cheaper by AI at equal quality (10/50/90 %), cost now as a multiple of staff's:")
    for c in found.costs:
        days = (c.cheaper.q10, c.cheaper.q50, c.cheaper.q90)
        dates = " / ".join(day.isoformat() if day else "not within 14 years" for day in days)
        low, middle, high = c.cost_ratio_now
        lines.append(f"  {c.stage:12} {dates}; {middle:.2f} ({low:.2f} to {high:.2f})")
    return lines


@app.command("next-evaluation")
def next_evaluation(
    as_of: AsOf = None,
    threshold: Annotated[str | None, typer.Option(help="Only this threshold, by id.")] = None,
    seed: Seed = None,
    json_: Json = False,
) -> None:
    """Which result would narrow each threshold's date most, what is due, and which thresholds lack fresh evidence."""
    from forecasts.runs.planning import plan

    found = plan(built_store(), day_or_today(as_of), threshold=threshold, seed=SEED if seed is None else seed)
    print(json.dumps(found, indent=2, ensure_ascii=False) if json_ else "\n".join(_next_lines(found)))


def _next_lines(found: dict[str, Any]) -> list[str]:
    lines = [
        f"As of {found['as_of']}: by how many months one more result would cut the expected error of the date"
    ]
    last = ""
    for row in found["options"]:
        if row["threshold"] != last:
            last = row["threshold"]
            lines.append(f"\n{last}")
        if "refused" in row:
            lines.append(f"  {row['indicator']}: {row['refused']}")
        else:
            months = 12 * row["narrowing_years"]
            lines.append(
                f"  {row['indicator']:32} {row['kind']:16} {months:5.1f} of {12 * row['error_now_years']:.0f} months "
                f"(weight of the criterion {row['weight']:g})"
            )
    lines.append("\nNo fresh evidence:")
    lines += [f"  {id}: {why}" for id, why in found["without_fresh_evidence"].items()] or ["  none"]
    due = [r for r in found["retests"] if r["overdue"]]
    lines.append(f"\nRe-tests overdue: {len(due)} of {len(found['retests'])}")
    lines += [f"  {r['due'] or 'never measured'}  {r['indicator']} ({r['threshold']})" for r in due[:12]]
    return lines
