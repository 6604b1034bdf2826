"""The chance of another crossing, as the doors tell it: that of the record's rows in the worlds they share."""

from __future__ import annotations

from datetime import date

from forecasts.runs.request import Request
from forecasts.runs.run import run
from scorecard.doors.questions import status
from scorecard.doors.readers import ANYBODY
from scorecard.store import Store
from scorecard.thresholds.board import board
from scorecard.thresholds.quoted.together import together

DAY = date(2026, 11, 30)
TWO = ("openai.pf2.ai_self_improvement.high", "microsoft.fgf2026.autonomy.high")


def test_the_chance_of_another_crossing_is_that_of_all_rows_whatever_rows_are_asked_for(
    published: Store,
) -> None:
    assert status(published, ANYBODY, as_of=DAY).another_12_months is None
    run(published, Request(as_of=DAY, thresholds=TWO, method="quick"))
    with published.view(as_of=DAY) as known, published.view() as now:
        expected = together(published, board(known, now, as_of=DAY), DAY)
    assert expected is not None
    told = status(published, ANYBODY, as_of=DAY, developer="OpenAI").another_12_months
    assert told is not None
    assert (told.p, told.mcse) == tuple(expected.another(expected.soon))
    assert (set(told.thresholds), told.by) == (set(TWO), date(2027, 11, 30))
