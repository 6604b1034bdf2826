"""Track record: how forecasts like these would have done, so that nobody trusts a date more than it deserves."""

from collections import Counter

import streamlit as st

from scorecard.briefings.charts import track_coverage, track_scores
from scorecard.ui import draw_chart, page, record, sources_footer, track
from scorecard.ui.downloads import table_download
from scorecard.ui.page import as_of_line, choice, view_link

with page(
    "Track record", "How forecasts like these would have done in the past, and how late their dates were."
) as frame:
    known = record.evidence(frame.store, frame.as_of)
    found = record.track_records(frame.store, frame.as_of)
    rows = record.scorecard(frame.store, frame.as_of).rows
    used = Counter(c.indicator for row in rows for c in row.criteria)
    names = {id: known.indicators[id].name for id in sorted(found, key=lambda id: -used[id])}
    if not names:
        st.subheader("No backtest is on record for this day yet.", anchor=False)
        track.backtests_under_way(frame, missing=True)
        st.stop()
    chosen = choice("Indicator", names, key="indicator")
    if chosen not in found:
        st.subheader(f"No backtest of {chosen} is on record; pick another on the left.", anchor=False)
        st.stop()
    one, name = found[chosen], names[chosen]

    st.subheader(track.answer(one, name), anchor=False)
    with st.container(horizontal=True, vertical_alignment="center"):
        st.caption(as_of_line(frame))
        view_link(frame)
    track.backtests_under_way(frame, missing=False)
    left, right = st.columns(2)
    draw_chart(track_scores(one, as_of=frame.as_of, name=name), left)
    draw_chart(track_coverage(one, as_of=frame.as_of, name=name), right)

    st.subheader("How late dates were", anchor=False)
    st.markdown(track.lateness_sentence(one))
    late = track.lateness_frame(one)
    st.dataframe(late, hide_index=True, alt="Months by which median dates were late")
    table_download(late, frame, f"lateness-{chosen}", label="Download lateness (CSV)")

    st.subheader("Every score", anchor=False)
    scores = track.scores_frame(one, "measured again")
    track.draw_scores(scores, f"Scores of forecasts of {name}")
    table_download(scores, frame, f"scores-{chosen}", label="Download scores (CSV)")
    st.caption(
        "At the first of each month since 2024 every model is fitted to what had been released by then and asked "
        "for each record of the following year. Readings are today's, cut by release date, since most systems were "
        "measured again later. Errors in standard units: doublings for time horizons."
    )
    then = track.scores_frame(one, "published then")
    if not then.empty:
        with st.expander("The same with nothing but what had been published by each origin"):
            track.draw_scores(then, "Scores with what was published then")
    sources_footer(
        [known.sources[m.source] for m in known.measurements.get(chosen, ()) if m.source in known.sources], None,
        note=f"Backtest {one.id[:12]}, model {one.model_version}, prior set {one.prior_set}, seed {one.seed}.",
    )  # fmt: skip
