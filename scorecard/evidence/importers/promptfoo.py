"""promptfoo: the JSON of `promptfoo eval --output`: pass rates by provider and prompt, and cases as attempts.

Format: https://www.promptfoo.dev/docs/configuration/outputs; results of versions 2 and 3.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from scorecard.evidence.reading.bounded import mapping, parsed, text
from scorecard.evidence.reading.gather import Gather, gathered
from scorecard.evidence.reading.glimpse import Glimpse
from scorecard.evidence.reading.importer import Imported, Importer
from scorecard.evidence.reading.runs import Json, Run, inner, measured, moment, objects, text_of
from scorecard.evidence.reading.scores import table
from scorecard.evidence.reading.settings import fingerprint, phrases

ERRED = 2  # failureReason: the provider or an assertion broke, so that nothing was judged


@gathered
def _read(gather: Gather, path: Path) -> Imported:
    document = mapping(parsed(text(path), path.name), path.name, "an evaluation of promptfoo")
    results = inner(document.get("results"))
    config = inner(document.get("config"))
    made_at = moment(results.get("timestamp") or inner(document.get("metadata")).get("evaluationCreatedAt"))
    name = text_of(config.get("description")) or path.stem
    groups: dict[tuple[str, str, str], list[Json]] = defaultdict(list)
    for case in objects(results.get("results")):
        provider = case.get("provider")
        about = provider if isinstance(provider, dict) else {"id": provider}
        said = "; ".join(phrases(_configured(config, str(about.get("id")))))
        groups[text_of(about.get("id")), _prompt(case.get("prompt")), said].append(case)
    attempts: list[dict[str, Any]] = []
    for (provider, prompt, settings), cases in groups.items():
        if not provider:
            gather.refuse("results", "provider", "nothing", "the provider's id")
            continue
        gather.system(provider)
        judged = [case for case in cases if not _erred(case) and isinstance(case.get("success"), bool)]
        gather.absent("errored", len(cases) - len(judged))
        run = Run(
            format="promptfoo",
            title="promptfoo",
            benchmark=name,
            system=provider,
            made_at=made_at,
            condition=[prompt, settings],
            remarks=[
                f"{len(cases) - len(judged)} of {len(cases)} cases errored"
                if len(judged) < len(cases)
                else ""
            ],
        )
        if judged:
            share = sum(case["success"] for case in judged) / len(judged)
            measured(gather, run, "pass rate", share, scale="share", n=len(judged), place=provider)
        attempts += [_attempt(name, provider, prompt, settings, case) for case in judged]
    return gather.done(f"promptfoo {document.get('evalId') or path.stem}", table(attempts), made_at=made_at)


def _configured(config: Json, provider: str) -> Mapping[str, Any]:
    """A provider's own settings, where the configuration has them."""
    given = config.get("providers")
    for one in objects(given if isinstance(given, list) else [given]):
        if one.get("id") == provider:
            return inner(one.get("config"))
    return {}


def _prompt(given: Any) -> str:
    prompt = inner(given)
    raw = text_of(prompt.get("raw")) or text_of(prompt.get("label"))
    label = text_of(prompt.get("label"))
    return (
        f"prompt {label}"
        if label and len(label) <= 40 and label != raw
        else f"prompt {fingerprint(_template(prompt))}"
    )


def _template(prompt: Json) -> str:
    """A prompt's own text: the label is the template, `raw` of a case is filled in."""
    return text_of(prompt.get("label")) or text_of(prompt.get("display")) or text_of(prompt.get("raw"))


def _erred(case: Json) -> bool:
    return case.get("failureReason") == ERRED or (bool(case.get("error")) and not case.get("gradingResult"))


def _attempt(name: str, provider: str, prompt: str, settings: str, case: Json) -> dict[str, Any]:
    test = inner(case.get("testCase"))
    task = text_of(case.get("description")) or text_of(test.get("description"))
    return {
        "system": provider,
        "benchmark": name,
        "task": task or f"test {case.get('testIdx', fingerprint(case.get('vars')))}",
        "score": float(case["success"]),
        "scorer": "assertions",
        "settings": "; ".join(part for part in (prompt, settings) if part),
        "sample": text_of(case.get("id")),
    }


def _recognise(path: Path, seen: Glimpse) -> bool:
    return path.suffix == ".json" and seen.has("results.results", "results.stats")


IMPORTER = Importer(
    name="promptfoo", version="1", title="promptfoo: an evaluation's output", recognise=_recognise, read=_read
)
