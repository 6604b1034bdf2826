"""A record in which every text that people or files wrote is poisoned: markup, links, images, formulas, scripts.

Names by which the program itself looks things up (ids, units, scales, versions, hashes) stay as they are: they are
chosen from lists or checked where they come in.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, is_dataclass, replace
from datetime import UTC, datetime, timedelta
from types import UnionType
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

from scorecard.evidence import names
from scorecard.governance import (
    adjustments,
    commentary,
    decisions,
    meetings,
    proposals,
    questions,
    safeguards,
    snapshots,
)
from scorecard.people import Actor
from scorecard.records import DEFAULTS, RECORDS, Criterion, ForecastRun, Measurement, Record, Safeguard
from scorecard.store import Store

CHAIR = Actor(name="A", identity="typed by hand", role="administrator")
HIGH = "openai.pf2.ai_self_improvement.high"
CODES = frozenset(  # what the program looks up by name, or computes with
    (
        *(
            "id",
            "key",
            "kind",
            "role",
            "level",
            "state",
            "content",
            "hash",
            "token",
            "clock",
            "file",
            "sha256",
        ),
        *(
            "threshold",
            "thresholds",
            "category",
            "framework",
            "version",
            "area",
            "capability",
            "baseline",
            "part",
        ),
        *("indicator", "indicators", "unit", "scale", "benchmark", "task", "scorer", "condition", "importer"),
        *(
            "criteria",
            "criterion",
            "system",
            "systems",
            "source",
            "supersedes",
            "links",
            "of",
            "about",
            "method",
        ),
        *(
            "prior_set",
            "priors",
            "settings",
            "shape",
            "shapes",
            "model",
            "model_version",
            "data_hash",
            "draws",
        ),
        *(
            "draws_sha256",
            "forecast_run",
            "run",
            "meeting",
            "snapshot",
            "subject",
            "sub_events",
            "event",
            "table",
        ),
        *(
            "assessor",
            "action",
            "calibration",
            "held_in",
            "watched",
            "changed",
            "public_key",
            "identity",
            "bound",
        ),
    )
)
REFERENCES = {"Report.decision", "Minute.item", "Adjustment.vintage", "Watched.refresh"}


def poison(mark: str, host: str) -> str:
    """What a text field holds: every kind of markup a screen, a sheet or a page might fall for, marked by its field."""
    at = f"http://{host}/{mark}"
    return (
        f'=HYPERLINK("{at}.csv") ![i]({at}.png) [Sign in again]({at}.lnk) <img src={at}.raw> '
        f"<script src={at}.js></script> {at}.bare www.evil.example/{mark} {mark}@evil.example **bolded** `coded` "
        f"$kx^2$ :red[reddened] :material/skull: :skull: \\[q]({at}.esc) \u202etxt.exe\n\n# Headed\n\n    indented"
    )


class Poisoner:
    """Poisons records of a store, and counts the fields it did it to."""

    def __init__(self, host: str) -> None:
        self.host = host
        self.poisoned: set[str] = set()

    def record[R: Record](self, one: R) -> R:
        """The record with every text field that is no code or key poisoned."""
        return self._held(one, type(one).__name__, frozenset(type(one).KEY))

    def _held(self, one: Any, path: str, kept: frozenset[str] = frozenset()) -> Any:
        hints = get_type_hints(type(one))
        changes = {
            field.name: self._value(getattr(one, field.name), hints[field.name], f"{path}.{field.name}")
            for field in fields(one)
            if field.name not in kept
        }
        return replace(one, **changes)

    def _value(self, value: Any, hint: Any, path: str) -> Any:
        name = path.rpartition(".")[2]
        origin = get_origin(hint)
        if value is None or origin is Literal or name in CODES or path in REFERENCES:
            return value
        if value == DEFAULTS:
            return value  # what stands without anybody's ruling is known by its author
        if origin in (UnionType, Union):
            inner = [one for one in get_args(hint) if one is not type(None)]
            fitting = [one for one in inner if not isinstance(one, type) or isinstance(value, one)]
            return self._value(value, fitting[0], path) if fitting else value
        if hint is str:
            return self._poison(path)
        if origin is tuple:
            return tuple(self._value(one, get_args(hint)[0], path) for one in value)
        if is_dataclass(value) and not isinstance(value, type):
            return self._held(value, path)
        if isinstance(value, Mapping) and origin is not None and get_args(hint)[1] is not Any:
            return {key: self._value(one, get_args(hint)[1], path) for key, one in value.items()}
        return value

    def _poison(self, path: str) -> str:
        self.poisoned.add(path)
        mark = path.replace(".", "-")
        if path == "Source.url":
            return f"https://x.example/) ![p](http://{self.host}/{mark}.png) [Sign in](http://{self.host}/{mark}.lnk"
        return poison(mark, self.host)


def poisoned(store: Store, host: str) -> Poisoner:
    """Let people do everything that is recorded, poison every record, then close and sign what they did."""
    drugged = Poisoner(host)
    meeting, decision = _governed(store)
    with store.view() as now:
        everything = [drugged.record(one) for kind in RECORDS for one in now.all(kind)]
    chair = replace(CHAIR, name=poison("Actor-name", host))
    # As the facts were stored: what nobody has ruled on stands only if it came with the scorecard.
    store.append(
        everything,
        action="poison",
        actor=chair.name,
        identity="built from data/",
        reason=poison("LogEntry-reason", host),
    )
    drugged.poisoned |= {"Actor.name", "LogEntry.reason", "Statement", "Summary"}
    meetings.close(store, meeting, chair, poison("Summary", host))
    snapshots.sign_decision(store, decision, chair, poison("Statement", host))
    names.alias(store, "gpt_5", poison("Alias-name", host), actor=chair, reason=poison("Alias-reason", host))
    return drugged


def _governed(store: Store) -> tuple[str, str]:
    """One of everything that people put on record; the ids of the open meeting and of the decision."""
    today = datetime.now(UTC).date()
    soon = today + timedelta(days=30)
    other = replace(CHAIR, name="B")
    with store.view() as now:
        run = next(one for one in now.all(ForecastRun, threshold=HIGH))
        criterion = next(one for one in now.all(Criterion, threshold=HIGH))
        reading = next(
            one for one in now.all(Measurement, indicator=criterion.indicator) if not one.condition
        )
    meeting = meetings.schedule(store, CHAIR, held_on=today, attendees=("somebody",))
    decision = decisions.decide(
        store,
        actor=CHAIR,
        threshold=HIGH,
        finding="look_deeper",
        decision="Look deeper.",
        reason="So.",
        dissent="B: no",
        owner="B",
        holds_while="it holds",
        options=("Go on.",),
        votes={"A": "yes"},
        forecast_run=run.id,
        meeting=meeting.id,
        capability=dict.fromkeys(decisions.CAPABILITY, "Told."),
    )
    commentary.comment(store, actor=CHAIR, threshold=HIGH, text="It moved.")
    mine = replace(
        criterion,
        id="mine",
        author=CHAIR.name,
        rationale="This is close to what is delegated already.",
        supersedes="",
    )
    proposals.propose(store, mine, CHAIR)
    proposals.propose(store, replace(mine, id="open"), CHAIR)
    proposals.rule(
        store, "criteria", "mine", "declined", actor=other, reason="This is not what we would decide by."
    )
    question = questions.ask(store, CHAIR, about=HIGH, due_on=soon, closes_on=soon, note="A note.")
    questions.answer(
        store, other, question=question.id, probability=0.4, reason="The trend says so, as far as it goes."
    )
    adjustments.adjust(
        store,
        CHAIR,
        reading,
        doubt="cheating",
        value=reading.value * 0.9,
        rationale="This is close to what is delegated already.",
    )
    safeguards.plan_safeguard(
        store,
        Safeguard(
            id="one",
            thresholds=(HIGH,),
            name="A safeguard",
            obligation="It is obliged.",
            owner="B",
            status="planned",
            starts_on=today,
            ready_10=soon,
            ready_50=soon,
            ready_90=soon,
            author=CHAIR.name,
            evidence=("A file.",),
            note="A note.",
            known_at=today,
        ),
        CHAIR,
    )
    meetings.open_meeting(store, meeting.id, CHAIR)
    meetings.minute(store, meeting.id, "", "We met.", CHAIR)
    return meeting.id, decision.id
