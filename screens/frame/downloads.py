"""Downloads: every table as CSV of what is shown, and the day's briefing in each format."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import streamlit as st

from screens.frame.page import Frame
from screens.frame.text import escaped

if TYPE_CHECKING:
    import pandas as pd

OFFERED = (
    ("summary", "pdf", "One page (PDF)"),
    ("csv", "csv", "CSV"),
    ("json", "json", "JSON"),
    ("xlsx", "xlsx", "XLSX"),
)


def as_csv(table: pd.DataFrame) -> bytes:
    """The table as UTF-8 CSV with a byte-order mark; text that a spreadsheet would run is quoted."""
    from scorecard.evidence.export import harmless  # pandas takes most of a second

    return harmless(table).to_csv(index=False, lineterminator="\r\n").encode("utf-8-sig")


def table_download(
    table: pd.DataFrame, frame: Frame, name: str, *, label: str = "Download this table (CSV)"
) -> None:
    """A button that hands out the table as it is filtered now; its name says the day."""
    st.download_button(
        escaped(label),
        data=lambda: as_csv(table),
        file_name=f"{name}-{frame.as_of.isoformat()}.csv",
        mime="text/csv",
        key=f"csv-{name}",
        on_click="ignore",
        disabled=table.empty,
    )


def briefing_downloads(frame: Frame) -> None:
    """The day's briefing as one page, CSV, JSON and XLSX; made when the button is pressed. More on its own page."""
    if frame.assumptions:
        st.caption("The briefing keeps to the assumptions of its own day.")
    with st.container(horizontal=True):
        for format, suffix, label in OFFERED:
            st.download_button(
                escaped(label),
                data=partial(_export, frame, format),
                file_name=f"scorecard-{frame.as_of.isoformat()}.{suffix}",
                key=f"briefing-{format}",
                on_click="ignore",
            )


def _export(frame: Frame, format: str) -> bytes:
    from scorecard.briefings import export  # typesetting takes a second to import

    return export(frame.store, format, as_of=frame.as_of, audience="internal").content
