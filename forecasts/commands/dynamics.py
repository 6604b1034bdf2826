"""dynamics, automation, next-evaluation: the self-improvement loop, the automation of staff, what to measure next."""

from __future__ import annotations

import json
from typing import Annotated, Any

import typer

from scorecard.commands._options import AsOf, Json, built_store, day_or_today
from scorecard.records import Indicator, Measurement, System

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
        readings = known.all(Measurement)
    chosen = answers.SEED if seed is None else seed
    found = answers.loop(readings, day, paths=paths, seed=chosen, fixed=_fixed(fix))
    found["drivers"] = answers.spread(readings, day, seed=chosen)
    found["errors"] = answers.errors(readings, day, monitors=monitors, seed=chosen)
    if json_:
        print(json.dumps(found, indent=2, ensure_ascii=False))
    else:
        print("\n".join(_loop_lines(found)))


def _loop_lines(found: dict[str, Any]) -> list[str]:
    g, e = found["gain"], found["errors"]
    lines = [f"As of {found['as_of']}, {found['paths']:,} paths to {found['horizon']}; {found['status']}."]
    if g["combined"]:
        lines.append(
            f"Loop gain G {_range(g['combined'])} from {g['points']} readings and METR's note (below 1 amplifies by "
            f"{g['amplification']:.2f}; P(1 or more) {g['p_runaway']:.0%}); "
            f"the priors alone imply {_range(g['implied'])}"
        )
    for one in found["thresholds"]:
        by = ", ".join(f"by {on} {p:.0%}" for on, p in one["p_by"].items())
        alone = list(one["p_by_speed_alone"].values())[-1]
        lines.append(f"{one['name']}: {by}; not by {found['horizon']}: {one['p_beyond_horizon']:.0%}")
        lines.append(f"  (the speed alone, whoever caused it: {alone:.0%} by the last of these dates)")
    lines.append("What drives the spread (total Sobol index, first order):")
    lines += [
        f"  {d['parameter']:22} {d['total']:5.2f} {d['first_order']:5.2f}  {d['meaning']}"
        for d in found["drivers"]["drivers"][:6]
    ]
    lines.append(
        f"Undetected errors per cycle R_e {_range(e['r'])} with {e['monitors']} monitor(s): P(1 or more) "
        f"{e['p_above_one']:.0%}, P(runaway within {e['cycles']} cycles) {e['p_runaway']:.1%}"
    )
    return lines


def _range(q: dict[str, float]) -> str:
    return f"{q['q50']:.2f} ({q['q10']:.2f} to {q['q90']:.2f}, 80 %)"


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
        readings, names = known.all(Measurement), {s.id: s.name for s in known.all(System)}
        indicators = {i.id: i for i in known.all(Indicator)}
    found = answers.staff(
        readings, indicators, day, salary=_salary(salary), fixed=_fixed(fix), names=names,
        seed=answers.SEED if seed is None else seed,
    )  # fmt: skip
    if json_:
        print(json.dumps(found, indent=2, ensure_ascii=False))
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


def _staff_lines(found: dict[str, Any], names: dict[str, str]) -> list[str]:
    u = found["uplift"]
    lines = [
        f"As of {found['as_of']}; {found['status']}.",
        f"Research work goes {_range(u['now'])} times as fast with AI; P(twofold or more) {u['p_twofold']:.0%}, "
        f"P(slower) {u['p_slower']:.0%}",
    ]
    lines += [
        f"  {s['on']}  {s['name'][:44]:44} {s['kind']:12} said {s['published']:.2f}, freed of bias {s['freed'][1]:.2f} "
        f"({s['freed'][0]:.2f} to {s['freed'][2]:.2f}); latent {s['latent'][1]:.2f}"
        for s in u["sources"]
    ]
    lines.append(u["why"])
    if found["amdahl"]:
        a = found["amdahl"]
        lines.append(
            f"{a['share_of_code']:.0%} of code, coding {a['share_of_time_coding']:.0%} of the time: research at most "
            f"{a['bound']:.2f} times as fast (Amdahl), {a['multiplier_at_ten_times']:.2f} at tenfold coding speed"
        )
    for one in found["adoption"]:
        ends = zip(one["dates"], one["q10"], one["q50"], one["q90"], strict=True)
        said = "; ".join(f"{on} {mid:.0f} % ({low:.0f} to {high:.0f})" for on, low, mid, high in ends)
        lines.append(f"{names.get(one['indicator'], one['indicator'])}: {said}")
    lines.append("Cheaper by AI at equal quality (10/50/90 %), cost now as a multiple of staff's:")
    for c in found["costs"]:
        dates = " / ".join(day or "not within 14 years" for day in c["cheaper"].values())
        ratio = c["cost_ratio_now"]
        lines.append(f"  {c['stage']:12} {dates}; {ratio[1]:.2f} ({ratio[0]:.2f} to {ratio[2]:.2f})")
    return lines


@app.command("next-evaluation")
def next_evaluation(
    as_of: AsOf = None,
    threshold: Annotated[str | None, typer.Option(help="Only this threshold, by id.")] = None,
    seed: Seed = None,
    json_: Json = False,
) -> None:
    """Which result would narrow each threshold's date most, what is due, and which thresholds lack fresh evidence."""
    from forecasts.planning import SEED, plan

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
