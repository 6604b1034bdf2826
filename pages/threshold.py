"""Threshold: how near it is and why, on what evidence and assumptions, what it obliges, and what was decided."""

import streamlit as st

from screens import forecasts_under_way, sources_footer, versions
from screens.frame import record
from screens.frame.navigation import Page, tab_bar
from screens.frame.page import page
from screens.threshold import decision_form, safeguards
from screens.threshold import summary as threshold

PAGE = Page(
    title="Threshold",
    place=2,
    tabs={
        "answer": "Answer",
        "evidence": "Evidence",
        "assumptions": "Assumptions",
        "safeguards": "Safeguards",
        "record": "Record",
    },
    was={
        "next_evaluation": "evidence",
        "priors": "assumptions",
        "forecasts": "record",
        "versions": "record",
    },
)

with page(
    "Threshold",
    "One threshold: evidence, forecast, criteria, what the developer found, what we decided.",
    assumptions=True,
) as frame:
    card = record.scorecard(frame.store, frame.as_of, everything=True, assumptions=frame.assumptions)
    about, title = threshold.choose(
        frame, threshold.nearest_first(card.rows, st.query_params.get("framework"))
    )
    dossier = record.dossier(frame.store, frame.as_of, about, assumptions=frame.assumptions)
    row, known = dossier.row, record.evidence(frame.store, frame.as_of)
    frame.retitle(title)
    frame.answer(threshold.answer(row))
    forecasts_under_way(frame, card)
    tab, place = tab_bar(PAGE.tabs)
    with place:
        match tab:
            case "answer":
                threshold.draw_answer(frame, dossier)
            case "evidence":
                from screens.views import next_evaluation

                threshold.draw_evidence_tab(frame, dossier, known)
                if row.criteria:
                    st.subheader("What to measure next", anchor=False)
                    next_evaluation.draw(frame, about, title)
            case "assumptions":
                from screens.views import priors

                priors.draw(frame, dossier)
            case "safeguards":
                safeguards.draw(frame, dossier)
            case _:
                from screens.views import runs

                st.subheader("Decisions", anchor=False)
                decision_form.draw_folded(frame, dossier)
                st.subheader("Forecasts on record", anchor=False)
                runs.draw(frame, dossier, title)
                st.subheader("Versions of the framework", anchor=False)
                versions.view(frame, row.threshold.framework)
    read = [row.source] + [known.sources[c.source] for c in row.criteria if c.source in known.sources]
    sources_footer(read, card.entry, note=threshold.adoption(row, dossier.adopted) if row.criteria else "")
