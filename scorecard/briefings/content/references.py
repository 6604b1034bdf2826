"""Numbers the sources of a briefing as they are first used, one key a thing."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from scorecard.addresses import web_address
from scorecard.briefings.content.briefing import Reference, ReferenceKind
from scorecard.records import (
    Buffer,
    Commentary,
    Criterion,
    Decision,
    ForecastRun,
    PriorSet,
    Safeguard,
    Source,
    TrackRecord,
)
from scorecard.words import day_in_words

LETTERS: Mapping[ReferenceKind, str] = {
    "source": "S",
    "forecast run": "F",
    "criterion": "C",
    "prior set": "P",
    "decision": "D",
    "calendar": "K",
    "commentary": "A",
    "safeguard": "G",
    "warning rule": "W",
    "backtest": "B",
}


class Register:
    """Hands out keys (S1, S2, F1 ...) and remembers what each stands for."""

    def __init__(self, sources: Mapping[str, Source], as_of: date) -> None:
        self._sources = sources
        self._as_of = as_of
        self._known: dict[tuple[ReferenceKind, str], Reference] = {}

    def _key(self, kind: ReferenceKind, id: str, reference: Reference) -> str:
        found = self._known.get((kind, id))
        if found is None:
            number = 1 + sum(known_kind == kind for known_kind, _ in self._known)
            fields = {name: getattr(reference, name) for name in ("title", "day", "where", "detail")}
            found = Reference(key=f"{LETTERS[kind]}{number}", kind=kind, **fields)
            self._known[(kind, id)] = found
        return found.key

    def source(self, id: str) -> str:
        """The key of a published source, by its id in the record."""
        s = self._sources[id]
        detail = "; ".join(part for part in (s.licence and f"licence: {s.licence}", s.note) if part)
        return self._key(
            "source",
            id,
            Reference(
                key="",
                kind="source",
                title=s.title,
                day=s.published_on,
                where=web_address(s.url) or "",
                detail=detail,
            ),
        )

    def run(self, run: ForecastRun) -> str:
        """The key of a forecast run of our own."""
        model = f"model {run.model} {run.model_version}, prior set {run.prior_set}"
        detail = f"{model}, seed {run.seed}, data {run.data_hash[:12]}"
        title = f"Forecast of {run.threshold} on the evidence of {day_in_words(run.as_of)}"
        return self._key(
            "forecast run",
            run.id,
            Reference(key="", kind="forecast run", title=title, day=run.as_of, where=run.id, detail=detail),
        )

    def criterion(self, criterion: Criterion, standing: str) -> str:
        """The key of a criterion, with whether it was adopted."""
        title = f"Criterion {criterion.id}: {criterion.indicator} reaches {criterion.level:g}"
        detail = f"{standing}; source: {criterion.source}" if criterion.source else standing
        return self._key(
            "criterion",
            criterion.id,
            Reference(
                key="",
                kind="criterion",
                title=title,
                day=criterion.known_at,
                where=criterion.id,
                detail=detail,
            ),
        )

    def prior_set(self, priors: PriorSet) -> str:
        """The key of a prior set."""
        return self._key(
            "prior set",
            priors.id,
            Reference(
                key="",
                kind="prior set",
                title=priors.name,
                day=priors.known_at,
                where=priors.id,
                detail=priors.rationale,
            ),
        )

    def decision(self, decision: Decision) -> str:
        """The key of a recorded decision."""
        title = f"Decision of {day_in_words(decision.known_at)} on {decision.threshold}"
        return self._key(
            "decision",
            decision.id,
            Reference(key="", kind="decision", title=title, day=decision.known_at, where=decision.id),
        )

    def commentary(self, one: Commentary) -> str:
        """The key of what somebody said about a threshold."""
        title = f"Commentary of {day_in_words(one.known_at)} on {one.threshold} by {one.author}"
        return self._key(
            "commentary",
            one.id,
            Reference(key="", kind="commentary", title=title, day=one.known_at, where=one.id),
        )

    def safeguard(self, one: Safeguard) -> str:
        """The key of a safeguard's plan."""
        ready = f"{one.ready_10.isoformat()} / {one.ready_50.isoformat()} / {one.ready_90.isoformat()}"
        return self._key(
            "safeguard",
            one.id,
            Reference(
                key="",
                kind="safeguard",
                title=f"Safeguard: {one.name}",
                day=one.known_at,
                where=one.id,
                detail=f"{one.status}; ready at 10 / 50 / 90 %: {ready}",
            ),
        )

    def buffer(self, one: Buffer) -> str:
        """The key of an adopted warning rule."""
        return self._key(
            "warning rule",
            one.id,
            Reference(
                key="",
                kind="warning rule",
                title=f"Warning rule for {one.threshold}",
                day=one.known_at,
                where=one.id,
                detail=one.rationale,
            ),
        )

    def backtest(self, one: TrackRecord) -> str:
        """The key of a backtest of our forecasts."""
        detail = (
            f"{one.origins} origins, model {one.model_version}, prior set {one.prior_set}, seed {one.seed}"
        )
        return self._key(
            "backtest",
            one.id,
            Reference(
                key="",
                kind="backtest",
                title=f"Backtest of forecasts of {one.indicator}",
                day=one.known_at,
                where=one.id,
                detail=detail,
            ),
        )

    def reference_class(self, detail: str) -> str:
        """The key of the backtest of the reference class, which comes with the product."""
        return self._key(
            "backtest",
            "reference class",
            Reference(
                key="",
                kind="backtest",
                title="Backtest of the reference class of benchmark series",
                day=self._as_of,
                where="data/reference/outcomes.jsonl",
                detail=detail,
            ),
        )

    def calendar(self) -> str:
        """The key of the calendar: meeting dates, deadlines and the day compared with."""
        detail = (
            "named deadlines, meetings that are scheduled, and how many months lie between meetings otherwise, "
            "as the record had them on the day; the day compared with is one meeting earlier"
        )
        return self._key(
            "calendar",
            "calendar",
            Reference(
                key="",
                kind="calendar",
                title="The scorecard's calendar",
                day=self._as_of,
                where="deadlines, meetings, rhythms",
                detail=detail,
            ),
        )

    def all(self) -> tuple[Reference, ...]:
        """What was used, sources first, in the order of first use."""
        order = list(LETTERS)
        return tuple(sorted(self._known.values(), key=lambda r: order.index(r.kind)))
