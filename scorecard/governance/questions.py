"""Questions to the organisation's own experts: asked, answered blind to each other, pooled, resolved and scored.

While a question is open nobody is shown another's answer, only how many there are. Once it has closed the answers are
pooled beside the model's probability, which they never enter.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, fields, replace
from datetime import date
from typing import Any

from scorecard import clock
from scorecard.people import Actor, once
from scorecard.records import POOL, QUICK, Event, ForecastRun, Judgement, Question, Threshold
from scorecard.store import Store, StoreError, View
from scorecard.thresholds.board import standing_prior_set
from scorecard.thresholds.pooling import FLOOR, brier, log_odds_pool, log_score, weights
from scorecard.words import title_of


class QuestionRefused(StoreError):
    """A question, answer or resolution that cannot stand; the message says what would."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """One expert's probability with its weight in the pool, and its Brier score once the question is resolved."""

    author: str
    probability: float
    reason: str
    weight: float
    brier: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionView:
    """A question as a day and a reader see it.

    state: open, closed, or resolved. given: how many have answered. answers: all of them once closed, the reader's own
    before. pool and ours (the model's probability, from the last forecast made by the closing day) stay None while
    open. scores: Brier and log score of the pool and of the model, once resolved.
    """

    question: Question
    name: str
    criteria: str
    state: str
    given: int
    answers: tuple[Answer, ...]
    pool: float | None
    ours: float | None
    run: str
    scores: Mapping[str, float]

    def as_json(self) -> dict[str, Any]:
        """The question as plain values."""
        return {
            **asdict(self),
            "question": {one.name: getattr(self.question, one.name) for one in fields(self.question)},
        }


@once(Question)
def ask(
    store: Store,
    actor: Actor,
    *,
    about: str,
    due_on: date,
    closes_on: date,
    note: str = "",
    today: date | None = None,
) -> Question:
    """Ask whether an event happens, or a threshold is crossed, by a day; answers are taken up to `closes_on`.

    Raises NotAllowed or QuestionRefused.
    """
    actor.require("ask the experts")
    day = today or clock.today()
    if closes_on < day:
        raise QuestionRefused(
            f"a question that closes on {closes_on} can have no answer; choose {day} or later"
        )
    if due_on < closes_on:
        raise QuestionRefused(
            f"answers are taken until {closes_on}, when the outcome of {due_on} would be known; close it earlier"
        )
    with store.view() as now:
        _named(now, about)
        taken = {q.id for q in now.all(Question)}
    id = next(name for n in range(1, len(taken) + 2) if (name := f"{about}/{due_on}/{n}") not in taken)
    question = Question(
        id=id,
        about=about,
        due_on=due_on,
        closes_on=closes_on,
        asked_by=actor.name,
        note=note.strip(),
        known_at=day,
    )
    store.append([question], action="ask the experts", actor=actor)
    return question


@once(Judgement)
def answer(
    store: Store, actor: Actor, *, question: str, probability: float, reason: str, today: date | None = None
) -> Judgement:
    """Record what one expert thinks; a second answer to an open question supersedes the first.

    probability lies in [0.001, 0.999]. Raises NotAllowed or QuestionRefused.
    """
    actor.require("answer")
    day = today or clock.today()
    if not FLOOR <= probability <= 1 - FLOOR:
        raise QuestionRefused(
            f"{probability:g} is no probability between {FLOOR:g} and {1 - FLOOR:g}; nobody is surer"
        )
    if not reason.strip():
        raise QuestionRefused(
            "an answer needs a reason, by which you can judge it yourself when the day has come"
        )
    with store.view() as now:
        asked = now.get(Question, id=question)
    if (state := asked.state(day)) != "open":
        raise QuestionRefused(f"{question} is {state}; what is known since would not be a forecast of it")
    given = Judgement(
        question=question, author=actor.name, probability=probability, reason=reason.strip(), known_at=day
    )
    store.append([given], action="answer", actor=actor)
    return given


@once(Question)
def resolve(
    store: Store,
    actor: Actor,
    *,
    question: str,
    happened: bool,
    on: date,
    grounds: str,
    today: date | None = None,
) -> Question:
    """Say what became of it: it happened on a day, or had not by the day asked about; scores follow from that.

    Raises NotAllowed or QuestionRefused.
    """
    actor.require("resolve")
    day = today or clock.today()
    with store.view() as now:
        asked = now.get(Question, id=question)
    if not grounds.strip():
        raise QuestionRefused("a resolution needs its grounds: what was seen, and where it can be read")
    if on > day:
        raise QuestionRefused(f"{on} has not come; a question is resolved by what has happened")
    if happened and on > asked.due_on:
        raise QuestionRefused(
            f"it was asked by {asked.due_on}; what happens on {on} resolves it as not happened"
        )
    if not happened and on < asked.due_on:
        raise QuestionRefused(f"until {asked.due_on} it can still happen; resolve it then")
    resolved = replace(
        asked,
        happened=happened,
        resolved_on=on,
        resolved_by=actor.name,
        grounds=grounds.strip(),
        known_at=day,
    )
    store.append([resolved], action="resolve", actor=actor)
    return resolved


def asked(known: View, now: View, *, as_of: date, reader: str = "") -> list[QuestionView]:
    """Every question known on a day, the open ones first, then by the day asked about; blind as the module says."""
    questions = known.all(Question)
    given: dict[str, list[Judgement]] = defaultdict(list)
    for one in known.all(Judgement):
        given[one.question].append(one)
    prior_set = standing_prior_set(known)
    runs = [r for r in now.all(ForecastRun, prior_set=prior_set) if r.publishable]
    found = []
    for q in questions:
        name, criteria, threshold = _named(now, q.about)
        run = _last(runs, threshold, q.closes_on)
        found.append(
            _asked(
                q, name, criteria, given[q.id], _records(questions, given, q.closes_on), run, as_of, reader
            )
        )
    order = {"open": 0, "closed": 1, "resolved": 2}
    return sorted(found, key=lambda a: (order[a.state], a.question.due_on, a.question.id))


def _asked(
    q: Question,
    name: str,
    criteria: str,
    given: list[Judgement],
    records: Mapping[str, list[float]],
    run: ForecastRun | None,
    as_of: date,
    reader: str,
) -> QuestionView:
    state = q.state(as_of)
    shares = weights(records, [one.author for one in given])
    happened = q.happened if state == "resolved" else None
    answers = tuple(
        Answer(
            author=one.author,
            probability=one.probability,
            reason=one.reason,
            weight=shares[one.author],
            brier=None if happened is None else brier(one.probability, happened),
        )
        for one in given
    )
    if state == "open":
        own = tuple(one for one in answers if one.author == reader)
        return QuestionView(
            question=q,
            name=name,
            criteria=criteria,
            state=state,
            given=len(given),
            answers=own,
            pool=None,
            ours=None,
            run="",
            scores={},
        )
    pool = log_odds_pool([a.probability for a in answers], [a.weight for a in answers]) if answers else None
    ours = run.quoted.p_by(q.due_on) if run else None
    scores = {
        f"{who} {name}": measure(p, happened)
        for who, p in (("pool", pool), ("model", ours))
        for name, measure in (("Brier", brier), ("log", log_score))
        if p is not None and happened is not None
    }
    return QuestionView(
        question=q,
        name=name,
        criteria=criteria,
        state=state,
        given=len(given),
        answers=answers,
        pool=pool,
        ours=ours,
        run=run.id if run else "",
        scores=scores,
    )


def _named(now: View, about: str) -> tuple[str, str, str]:
    """What a question is about in words, what resolves it, and the threshold that stands for it (or "")."""
    for event in now.all(Event, id=about):
        return event.name, event.criteria, event.threshold
    for threshold in now.all(Threshold, id=about):
        name = f"{title_of(threshold.category)}, {title_of(threshold.level)}"
        return f"{name}, is crossed", threshold.paraphrase, threshold.id
    raise QuestionRefused(
        f"there is no event and no threshold {about!r}; `scorecard milestones` lists the events"
    )


def _records(
    questions: Iterable[Question], given: Mapping[str, list[Judgement]], by: date
) -> dict[str, list[float]]:
    """Brier scores of each person in questions resolved by a day: what could be known when another one closed."""
    found: dict[str, list[float]] = defaultdict(list)
    for q in questions:
        if q.happened is not None and q.resolved_on is not None and q.known_at <= by:
            for one in given[q.id]:
                found[one.author].append(brier(one.probability, q.happened))
    return found


def _last(runs: Iterable[ForecastRun], threshold: str, day: date) -> ForecastRun | None:
    """The last forecast of ours as of a day or before it; a sampled one goes before a quick one of the same day."""
    ours = [r for r in runs if r.threshold == threshold and r.as_of <= day and r.model in (POOL, QUICK)]
    return max(ours, key=lambda run: (run.as_of, run.model == POOL), default=None)
