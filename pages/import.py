"""Import: results from files, first as a dry run with the difference, then onto the record."""

import streamlit as st

from scorecard.ui import entry, imports, page
from scorecard.ui.page import today

with page(
    "Import", "Evaluation logs, published tables and usage reports, read with care; nothing is stored unseen."
) as frame:
    asked = imports.ask(latest=today())
    if asked is None:
        st.subheader("Choose files to see what they would add.", anchor=False)
        imports.draw_formats()
        entry.draw(frame.store)
        st.stop()
    with imports.laid_out(asked) as folder:
        plans = imports.planned(frame.store, folder, asked)
        st.subheader(imports.answer(plans), anchor=False)
        imports.draw_files(plans)
        imports.draw_unknown(plans)
        imports.draw_changes(plans)
        imports.draw_preview(plans)
        imports.draw_refusals(plans)
        imports.draw_store(frame.store, plans, asked)
