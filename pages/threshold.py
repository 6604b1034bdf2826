"""Threshold: what it says and obliges, how near it is, by what criteria, and what was decided."""

import streamlit as st

from scorecard.briefings.charts import crossing, evidence
from scorecard.ui import (
    decision_form,
    draw_chart,
    forecasts_under_way,
    page,
    priors_form,
    record,
    safeguards,
    sources_footer,
    threshold,
    track,
)
from scorecard.ui.board import name_of
from scorecard.ui.downloads import briefing_downloads, table_download
from scorecard.ui.page import as_of_line, view_link

with page(
    "Threshold", "One threshold: evidence, forecast, criteria, what the developer found, what we decided."
) as frame:
    card = record.scorecard(frame.store, frame.as_of, everything=True)
    forecast_first = sorted(card.rows, key=lambda row: row.forecast is None and not row.criteria)
    about, title = threshold.choose(forecast_first)
    dossier = record.dossier(frame.store, frame.as_of, about)
    row, known = dossier.row, record.evidence(frame.store, frame.as_of)

    st.header(title, anchor=False)
    st.subheader(threshold.answer(row), anchor=False)
    with st.container(horizontal=True, vertical_alignment="center"):
        st.caption(as_of_line(frame))
        view_link(frame)
    forecasts_under_way(frame, card)
    st.markdown(f"**{row.status.name.capitalize()}.** {row.status.reason}")
    threshold.draw_definition(row)

    forecast = row.forecast if row.forecast and not row.forecast.refused else None
    if forecast:
        threshold.draw_figures(forecast)
        chart = crossing(forecast.run, as_of=frame.as_of, name=name_of(row))
        draw_chart(chart)
        leading = max(row.criteria, key=lambda c: c.weight).indicator
        tracks = record.track_records(frame.store, frame.as_of)
        st.caption(track.lateness_sentence(tracks.get(leading)))
    measured = list(dict.fromkeys(c.indicator for c in row.criteria))
    if not measured and row.latest:
        measured = [row.latest.indicator.id]
    for name in (n for n in measured if n in known.indicators):
        indicator = known.indicators[name]
        levels = threshold.levels_of(forecast.run, row.criteria, indicator) if forecast else None
        fan = forecast.run.result["fans"].get(name) if forecast else None
        chart = evidence(
            indicator, known.measurements[name], known.systems, as_of=frame.as_of, fan=fan, levels=levels,
            sources=known.titles,
        )  # fmt: skip
        draw_chart(chart)

    st.subheader("How it is measured", anchor=False)
    criteria = threshold.draw_criteria(row, known, dossier.adopted)
    table_download(criteria, frame, f"criteria-{row.threshold.id}")
    if forecast:
        st.subheader("How far the answer depends on the model", anchor=False)
        threshold.draw_shapes(forecast.run)
        threshold.draw_checks(forecast.run)
    st.subheader("What the developer has found", anchor=False)
    threshold.draw_determinations(dossier, known)
    if measured and measured[0] in known.indicators:
        st.subheader("Change the priors", anchor=False)
        priors_form.draw(frame, dossier, known.indicators[measured[0]])
    st.subheader("Safeguards", anchor=False)
    safeguards.draw(frame, dossier)
    st.subheader("Decisions", anchor=False)
    decision_form.draw(frame, dossier)
    st.caption("The day's briefing, every number with its source:")
    briefing_downloads(frame)
    read = [row.source] + [known.sources[c.source] for c in row.criteria if c.source in known.sources]
    sources_footer(read, card.entry, note=threshold.adoption(row, dossier.adopted) if row.criteria else "")
