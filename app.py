"""The scorecard's screens: which pages there are. Start it with `./run`."""

import streamlit as st

st.set_page_config(page_title="Preparedness scorecard", page_icon="◔", layout="wide")
st.navigation(
    [
        st.Page("pages/scorecard.py", title="Scorecard", default=True),
        st.Page("pages/threshold.py", title="Threshold"),
        st.Page("pages/evidence.py", title="Evidence"),
        st.Page("pages/track_record.py", title="Track record"),
    ]
).run()
