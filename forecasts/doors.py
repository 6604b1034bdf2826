"""The question of the read doors that the maths answers: any level of any indicator by any day; nothing is kept."""

from __future__ import annotations

from datetime import date
from functools import lru_cache
from threading import Lock
from typing import Annotated

from pydantic import Field

from forecasts import SEED
from forecasts.runs.questions import Answered, answered
from forecasts.worlds.asking import QuestionError
from scorecard.clock import plus_months
from scorecard.doors.answers import AskAnswer
from scorecard.doors.questions import FIRST, AsOf, Id, asked_of, question
from scorecard.doors.readers import Caller, NotForThisReader, NotHeld, Unaskable
from scorecard.records import AskedQuestion, Indicator, PriorError, PriorSet
from scorecard.store import Store

# An answer takes seconds of a core and some hundred MB: many at once would help nobody.
_one_at_a_time = Lock()


@question
def ask(
    store: Store,
    reader: Caller,
    indicator: Annotated[Id, Field(description="Whose best published reading, as `search` gives its id.")],
    level: Annotated[
        str, Field(description='What it reaches, as ">= 40 h"; without it, its quantiles.', max_length=100)
    ] = "",
    by: Annotated[
        date | None,
        Field(description="By (or, for quantiles, on) which day; in 12 months if left out.", ge=FIRST),
    ] = None,
    given: Annotated[
        str,
        Field(description='Only in worlds where this holds by the day: "epoch_eci >= 165".', max_length=100),
    ] = "",
    prior_set: Annotated[
        str, Field(description="Another prior set than the one in use (not for viewers).", max_length=200)
    ] = "",
    as_of: AsOf = None,
) -> AskAnswer:
    """The chance that an indicator reaches a level by a day, or its quantiles on it; given another level, if wished."""
    asked = asked_of(store, reader, as_of)
    if prior_set and not reader.internal:
        raise NotForThisReader("prior_set: others than the one in use are internal; ask without it")
    with store.view(as_of=asked.as_of) as known:
        names = [one.id for one in known.all(Indicator)]
    if indicator not in names:
        raise NotHeld(f"indicator: there is no {indicator!r} on {asked.as_of}; there are: {', '.join(names)}")
    if prior_set:
        with store.view() as now:
            sets = [one.id for one in now.all(PriorSet)]
        if prior_set not in sets:
            raise NotHeld(f"prior_set: there is no {prior_set!r}; there are: {', '.join(sets)}")
    day = by or plus_months(asked.as_of, 12)
    try:
        with _one_at_a_time:
            found = _answered(
                store.address, store.stamp(), indicator, level, day, given, asked.as_of, prior_set
            )
    except (QuestionError, PriorError) as error:
        raise Unaskable(str(error)) from error
    record = found.record
    with store.view() as now:
        held = bool(now.all(AskedQuestion, id=record.id))
    return AskAnswer(
        about=asked.about(),
        run=record.id,
        on_record=held,
        indicator=record.indicator,
        unit=found.indicator.unit,
        level=record.level,
        day=record.day,
        given=record.given,
        as_of=record.as_of,
        known_at=record.known_at,
        prior_set=record.prior_set,
        model_version=record.model_version,
        seed=record.seed,
        data_hash=record.data_hash,
        probability=record.probability,
        quantiles=record.quantiles,
        given_probability=record.given_probability,
        mcse=record.mcse,
    )


@lru_cache(maxsize=64)
def _answered(
    address: str,
    stamp: tuple[int, int],  # noqa: ARG001  # a key
    indicator: str,
    level: str,
    day: date,
    given: str,
    as_of: date,
    prior_set: str,
) -> Answered:
    """Kept while the record stays as it is, since nothing is written where a second asking would find it."""
    return answered(
        Store(address),
        indicator,
        level,
        day,
        given=given,
        as_of=as_of,
        prior_set=prior_set or None,
        seed=SEED,
        keep=False,
    )
