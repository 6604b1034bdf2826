"""Track record: how forecasts like these came out, so that nobody trusts a date more than it deserves."""

from collections import Counter

import streamlit as st

from scorecard.charts import track_coverage, track_scores
from scorecard.thresholds.quoted.outcomes import sentence
from screens import draw_chart, sources_footer
from screens.frame import record
from screens.frame.downloads import table_download
from screens.frame.page import Frame, choice
from screens.frame.tables import data_table
from screens.frame.text import escaped
from screens.scored import league, track


def draw(frame: Frame) -> None:

    frame.answer(sentence(record.class_outcomes(frame.store, frame.as_of)))
    league.draw_calibration(frame)
    league.draw_league(frame)
    league.draw_issued(frame)
    st.subheader("One indicator, shape by shape", anchor=False)
    _draw_indicator(frame)


def _draw_indicator(frame: Frame) -> None:
    known = record.evidence(frame.store, frame.as_of)
    found = record.track_records(frame.store, frame.as_of)
    rows = record.scorecard(frame.store, frame.as_of).rows
    used = Counter(c.indicator for row in rows for c in row.criteria)
    names = {id: known.indicators[id].name for id in sorted(found, key=lambda id: -used[id])}
    if not names:
        st.markdown("No backtest of a single indicator is on record for this day yet.")
        track.backtests_under_way(frame, missing=True)
        return
    chosen = choice(frame, "Indicator", names, key="indicator", place=st.container())
    if chosen not in found:
        st.markdown(escaped(f"No backtest of {chosen} is on record; pick another."))
        return
    one, name = found[chosen], names[chosen]

    st.markdown(escaped(track.answer(one, name)))
    track.backtests_under_way(frame, missing=False)
    left, right = st.columns(2)
    draw_chart(track_scores(one, as_of=frame.as_of, name=name), left)
    draw_chart(track_coverage(one, as_of=frame.as_of, name=name), right)

    st.markdown(escaped(track.lateness_sentence(one)))
    late = track.lateness_frame(one)
    data_table(late, alt="Months by which median dates were late")
    table_download(late, frame, f"lateness-{chosen}", label="Download lateness (CSV)")

    scores = track.scores_frame(one, "measured again")
    track.draw_scores(scores, f"Scores of forecasts of {name}")
    table_download(scores, frame, f"scores-{chosen}", label="Download scores (CSV)")
    st.caption(
        "At the first of each month since 2024 every shape is fitted to what had been released by then and asked "
        "for each record of the following year. Readings are today's, cut by release date, since most systems were "
        "measured again later. Errors in standard units: doublings for time horizons."
    )
    then = track.scores_frame(one, "published then")
    if not then.empty:
        with st.expander("The same with nothing but what had been published by each origin"):
            track.draw_scores(then, "Scores with what was published then")
    sources_footer(
        [known.sources[m.source] for m in known.measurements.get(chosen, ()) if m.source in known.sources],
        None,
        note=f"Backtest {one.id[:12]}, model {one.model_version}, prior set {one.prior_set}, seed {one.seed}.",
    )
