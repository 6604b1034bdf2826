"""Import: results from files, first as a dry run with the difference, then onto the record."""

import streamlit as st

from scorecard.clock import today
from screens.evidence import entry, imports
from screens.frame.page import Frame


def draw(frame: Frame) -> None:

    head = st.container()
    asked = imports.ask(latest=today())
    if asked is None:
        frame.answer("Choose files to see what they would add.", head)
        imports.draw_formats()
        entry.draw(frame.store)
        return
    with imports.laid_out(asked) as folder:
        plans = imports.planned(frame.store, folder, asked)
        frame.answer(imports.answer(plans), head)
        imports.draw_files(plans)
        imports.draw_unknown(plans)
        imports.draw_questions(plans)
        imports.draw_changes(plans)
        imports.draw_preview(plans)
        imports.draw_refusals(plans)
        imports.draw_store(frame.store, plans, asked)
