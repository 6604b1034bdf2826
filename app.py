"""The scorecard's screens: which pages there are. Start it with `./run`."""

import streamlit as st

st.set_page_config(page_title="Preparedness scorecard", page_icon="◔", layout="wide")
st.navigation(
    {
        "": [
            st.Page("pages/scorecard.py", title="Scorecard", default=True),
            st.Page("pages/threshold.py", title="Threshold"),
        ],
        "Forecasts": [
            st.Page("pages/forecasts.py", title="Forecasts"),
            st.Page("pages/priors.py", title="Priors"),
            st.Page("pages/track_record.py", title="Track record"),
            st.Page("pages/next_evaluation.py", title="Next evaluation"),
        ],
        "Evidence": [
            st.Page("pages/evidence.py", title="Evidence"),
            st.Page("pages/system.py", title="System"),
            st.Page("pages/source.py", title="Source"),
            st.Page("pages/import.py", title="Import"),
        ],
        "Governance": [
            st.Page("pages/meeting.py", title="Meeting"),
            st.Page("pages/decisions.py", title="Decisions"),
            st.Page("pages/proposals.py", title="Proposals"),
            st.Page("pages/versions.py", title="Framework versions"),
            st.Page("pages/briefing.py", title="Briefing"),
        ],
        "Self-improvement": [
            st.Page("pages/automation.py", title="Automation"),
            st.Page("pages/loop.py", title="Loop and errors"),
            st.Page("pages/oversight.py", title="Oversight"),
            st.Page("pages/milestones.py", title="Milestones"),
        ],
    },
    expanded=True,
).run()
