"""judge: every model on the reference class of some forty series, against a fair line."""

from __future__ import annotations

import json
from typing import Annotated

import typer

from forecasts import SEED
from forecasts.judging.reference.freezing import frozen_text, outcomes_text
from forecasts.judging.reference.series_class import reference_class
from forecasts.judging.reference.tables import lines, markdown, named_scores
from forecasts.judging.reference.track import track
from forecasts.priors.sets import priors_of, read_prior_set
from forecasts.runs.backtests import workers
from forecasts.runs.plan import MODEL_VERSION
from scorecard.clock import today
from scorecard.places import DATA
from scorecard.terminal.options import Json

app = typer.Typer()


@app.command("judge")
def judge_command(
    shapes: Annotated[bool, typer.Option(help="Judge the pools of the shapes, too (slower).")] = True,
    seed: Annotated[int, typer.Option(help="Seed of every random draw.")] = SEED,
    dask: Annotated[
        str | None,
        typer.Option(
            help="Spread the series over a Dask cluster, by its scheduler's address (tcp://HOST:8786); "
            "needs requirements-dask.txt. The numbers are the same."
        ),
    ] = None,
    as_markdown: Annotated[
        bool, typer.Option("--markdown", help="Tables as docs/track-record.md has them.")
    ] = False,
    freeze: Annotated[
        bool,
        typer.Option(
            "--freeze",
            help="Write what the class says today (class.yaml, which forecasts read) and how it came out "
            "(outcomes.jsonl, which `init` stores) to data/reference.",
        ),
    ] = False,
    json_: Json = False,
) -> None:
    """Forecast every series of the reference class from every month since 2024, and score all that came."""
    priors = priors_of(read_prior_set(DATA / "priors" / "default.yaml")) if shapes else None
    with workers(dask) as pool:
        found = track(reference_class(DATA), priors, seed=seed, spread=pool.map)
    if freeze:
        (DATA / "reference" / "class.yaml").write_text(frozen_text(found), encoding="utf-8")
        outcomes = outcomes_text(found, today(), MODEL_VERSION)
        (DATA / "reference" / "outcomes.jsonl").write_text(outcomes, encoding="utf-8")
    if json_:
        print(json.dumps(named_scores(found)))
        return
    print(markdown(found) if as_markdown else "\n".join(lines(found)))
