"""trace: from a key printed on any page or paper to the row, its source and its draws."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated

import typer

from scorecard.briefings import Audience
from scorecard.evidence.tracing import trace as trace_key
from scorecard.store import StoreError
from scorecard.terminal.options import AsOf, Json, built_store, day_or_today
from scorecard.terminal.printing import print_json
from scorecard.words import day_in_words, moment_in_words

app = typer.Typer()


@app.command()
def trace(
    key: Annotated[
        str,
        typer.Argument(
            help="An id as printed (8 characters of a hash do), table/key, or a briefing's S3 or F1."
        ),
    ],
    as_of: AsOf = None,
    audience: Annotated[
        Audience, typer.Option(help="Whose briefing a key such as S3 stands in.")
    ] = "internal",
    json_: Json = False,
) -> None:
    """From a printed key to the row behind it: who stored it when, its source, and the draws of a forecast."""
    store = built_store()
    if key[:1].isupper() and key[1:].isdigit():
        key = _in_briefing(key, as_of, audience)
    with store.view() as now:
        found = trace_key(now, key)
    if json_:
        print_json([asdict(one) for one in found])
        return
    for one in found:
        print(f"{one.table}/{one.key}")
        before = f", the last of {one.versions} versions" if one.versions > 1 else ""
        print(
            f"  known {day_in_words(one.known_at)}; stored {moment_in_words(one.recorded_at)} by {one.by} "
            f"(entry {one.entry}, {one.action}){before}"
        )
        if one.source:
            graded = f" ({one.grade})" if one.grade else ""
            print(f"  source: {one.source}{graded} {one.address}".rstrip())
        if one.draws:
            name, day = one.row["threshold"], one.row["as_of"]
            print(
                f"  draws: sha256 {one.draws}; `preparedness draws --threshold {name} --as-of {day}` writes them"
            )
        if one.leads_to:
            print(f"  leads to: {', '.join(one.leads_to)}")
        for name, value in one.row.items():
            text = " ".join(str(value).split())
            if text not in ("", "None", "[]"):
                print(f"  {name}: {text[:300]}{' …' if len(text) > 300 else ''}")


def _in_briefing(key: str, as_of: str | None, audience: Audience) -> str:
    """What a key of a briefing's list of sources stands for, by the id or the address that is listed there."""
    from scorecard.briefings.content.build import build
    from scorecard.records import Source

    store = built_store()
    made = build(store, as_of=day_or_today(as_of), audience=audience)
    listed = {one.key: one for one in made.references}
    if key not in listed:
        raise StoreError(
            f"the {audience} briefing of {made.as_of} has no {key}; give --as-of and --audience of the one it stands in"
        )
    reference = listed[key]
    if reference.kind != "source":
        return reference.where
    with store.view() as now:
        return next(f"sources/{one.id}" for one in now.all(Source) if one.title == reference.title)
