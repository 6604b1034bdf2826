"""Downloads: every table as CSV of what is shown, every chart with its data, and the day's briefing in each format."""

from __future__ import annotations

import re
from functools import partial
from hashlib import sha256
from typing import TYPE_CHECKING

import streamlit as st

from scorecard import __version__
from scorecard.clock import today
from scorecard.store import Store
from screens.frame import record
from screens.frame.page import Frame, link_to
from screens.frame.session import TAKEN
from screens.frame.text import escaped

if TYPE_CHECKING:
    import altair as alt
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


def citation(title: str, under: str, run: str, head: str, address: str) -> str:
    """How a chart is cited: what it shows, of which day and run, read from which state of the record, and where."""
    said = " ".join(part for part in (under, f"Forecast run {run[:12]}." if run else "") if part)
    return f"“{title}”. {said} Preparedness scorecard {__version__}. {head} {address}".strip()


def take_away(chart: alt.LayerChart, title: str, under: str, run: str = "") -> None:
    """A menu beside a chart: its citation, the chart as SVG and as a page, its data as CSV; made when asked for."""
    from scorecard.charts import alt_text, as_svg  # here as in `drawing`: altair takes most of a second

    as_of = st.session_state.get("as_of") or today()
    slug = re.sub("[^a-z0-9]+", "-", title.lower()).strip("-")[:60]
    key = f"{TAKEN}{sha256(f'{title}{under}{alt_text(chart)}'.encode()).hexdigest()[:10]}"
    with st.expander("Take away", type="compact", key=key):
        head = record.head(record.Opened.of(Store()))
        cited = citation(title, under, run, head, link_to(as_of))
        st.code(cited, language=None, wrap_lines=True)
        with st.container(horizontal=True):
            for label, suffix, mime, made in (
                ("Chart (SVG)", "svg", "image/svg+xml", as_svg),
                ("Data (CSV)", "csv", "text/csv", _rows_as_csv),
                ("Page to embed (HTML)", "html", "text/html", partial(_as_page, title=title, cited=cited)),
            ):
                st.download_button(
                    escaped(label),
                    data=partial(made, chart),
                    file_name=f"{slug}-{as_of.isoformat()}.{suffix}",
                    mime=mime,
                    key=f"{key}-{suffix}",
                    on_click="ignore",
                )

        frame = (
            f'<iframe src="{slug}-{as_of.isoformat()}.html" title="{slug}" width="720" height="520"></iframe>'
        )
        st.caption(
            escaped(f"To embed: put the page beside yours, where it needs no network, and write {frame}")
        )


def _as_page(chart: alt.LayerChart, *, title: str, cited: str) -> bytes:
    from scorecard.publishing.pages import chart_page

    return chart_page(chart, title=title, cited=cited)


def _rows_as_csv(chart: alt.LayerChart) -> bytes:
    import pandas as pd

    from scorecard.charts import as_rows

    return as_csv(pd.DataFrame(as_rows(chart)))


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
