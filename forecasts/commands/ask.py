"""ask: any question about an indicator, such as the chance of 40 h at four in five by the end of next year."""

from __future__ import annotations

import json
from typing import Annotated

import typer

from forecasts import SEED
from scorecard.clock import plus_months
from scorecard.terminal.options import AsOf, Json, built_store, day_or_today, say_day
from scorecard.words import chance_in_words, day_in_words, value_in_words

app = typer.Typer()


@app.command()
def ask(
    indicator: Annotated[str, typer.Argument(help="Whose best published reading, by id: metr_p80_horizon.")],
    level: Annotated[
        str, typer.Argument(help='What it reaches: ">= 40 h"; left out, its quantiles on the day are told.')
    ] = "",
    by: Annotated[
        str | None, typer.Option("--by", "--on", metavar="DATE", help="By or on which day.")
    ] = None,
    given: Annotated[
        str, typer.Option(help='Only in the worlds in which this holds by the day: "epoch_eci >= 165".')
    ] = "",
    prior_set: Annotated[str | None, typer.Option(help="Which prior set; by default the one in use.")] = None,
    as_of: AsOf = None,
    json_: Json = False,
) -> None:
    """Ask anything of an indicator: a probability or quantiles, with their Monte Carlo error, kept on record."""
    from forecasts.runs.questions import answered
    from forecasts.worlds.asking import WRITTEN
    from scorecard.records.typed_json import to_plain

    for text in (level, given):
        if text and not WRITTEN.match(text):
            raise typer.BadParameter(f'cannot read {text!r}; write ">= 40 h", or "epoch_eci >= 165"')
    day = day_or_today(as_of)
    asked = answered(
        built_store(),
        indicator,
        level,
        say_day(by) or plus_months(day, 12),
        given=given,
        as_of=day,
        prior_set=prior_set,
        seed=SEED,
    )
    record, known = asked.record, asked.indicator
    if json_:
        plain = to_plain(record)
        plain["run"] = plain.pop("id")
        print(json.dumps({**plain, "unit": known.unit}))
        return
    condition = f", given {record.given}" if record.given else ""
    if record.probability is not None and record.level is not None:
        print(
            f"P({known.name} at least {value_in_words(record.level, known.unit)} by {day_in_words(record.day)}"
            f"{condition}) = {chance_in_words(record.probability)} "
            f"(Monte Carlo error {100 * record.mcse:.1f} points)"
        )
    elif record.quantiles is not None:
        low, middle, high = (
            value_in_words(x, known.unit)
            for x in (record.quantiles.q10, record.quantiles.q50, record.quantiles.q90)
        )
        print(
            f"{known.name}, best published reading on {day_in_words(record.day)}{condition}: {middle} "
            f"(80 % interval {low} to {high})"
        )
    print(f"run {record.id[:12]}, as of {day_in_words(record.as_of)}, prior set {record.prior_set}")
