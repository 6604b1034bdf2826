"""Priors: what is believed before the data; move a number and see the crossing dates move."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

import streamlit as st

from forecasts import runs
from forecasts.beliefs import Belief, beliefs, densities
from forecasts.prior_sets import priors_of
from forecasts.priors import PriorError
from scorecard.briefings.charts import crossing, density, evidence
from scorecard.records import ForecastRun, PriorSet
from scorecard.store import Store
from scorecard.ui import beliefs as screen
from scorecard.ui import draw_chart, forecasts_under_way, page, priors_form, sources_footer, threshold
from scorecard.ui.page import as_of_line, choice, escaped, view_link
from scorecard.ui.record import Opened, dossier, scorecard
from scorecard.ui.record import evidence as known_evidence


@st.cache_data(show_spinner="Asking the priors ...", max_entries=64)
def asked(opened: Opened, as_of: date, about: str, base: str, changes: tuple[str, ...]) -> ForecastRun:
    """A first forecast of one threshold under a prior set with changes; nothing is stored."""
    request = runs.Request(as_of=as_of, prior_set=base, thresholds=(about,), overrides=changes)
    return runs.preview(Store(opened.address), request)[0]


def give(changes: Sequence[str]) -> None:
    """Put changes of the prior set into the address."""
    st.query_params["prior"] = list(changes)


def edit(belief: Belief, changes: Sequence[str]) -> None:
    """Three quantiles of one parameter; a changed number goes into the address, which reopens it."""
    target = f"{belief.parameter}="
    keys = [f"{belief.parameter}-{q}" for q in (10, 50, 90)]

    def keep() -> None:
        kept = [text for text in changes if not text.startswith(target)]
        give([*kept, belief.override([st.session_state[key] for key in keys])])

    step = abs(belief.quantiles[1]) / 20 or 0.1
    for column, key, q, value in zip(st.columns(3), keys, (10, 50, 90), belief.quantiles, strict=True):
        column.number_input(
            f"{q} %, {belief.unit}", value=float(f"{value:.3g}"), step=float(f"{step:.1g}"), key=key,
            format="%.4g", on_change=keep,
        )  # fmt: skip


with page("Priors", "What is believed before the data, and how far the dates lean on it.") as frame:
    card = scorecard(frame.store, frame.as_of)
    forecasts_under_way(frame, card)
    about, title = threshold.choose(row for row in card.rows if row.criteria)
    found = dossier(frame.store, frame.as_of, about)
    runs.store_default_priors(frame.store)
    with frame.store.view() as now:
        sets = {one.id: one for one in now.all(PriorSet)}
    base = choice("Prior set", {id: one.name for id, one in sets.items()}, key="set")
    changes = st.query_params.get_all("prior")
    opened = Opened.of(frame.store)
    try:
        with frame.store.view() as now:
            chosen = now.get(PriorSet, id=base)
        old_priors = priors_of(chosen)
        new_priors, _, told = runs.changed_priors(chosen, changes)
        before = asked(opened, frame.as_of, about, base, ())
        after = asked(opened, frame.as_of, about, base, tuple(changes))
    except PriorError as error:
        st.subheader("These priors cannot be.", anchor=False)
        st.error(escaped(str(error)))
        st.button("Start again from the prior set", on_click=give, args=([],))
        st.stop()

    st.header(title, anchor=False)
    st.subheader(screen.answer(before, after, frame.as_of, changed=bool(changes)), anchor=False)
    with st.container(horizontal=True, vertical_alignment="center"):
        st.caption(f"{as_of_line(frame)} A first forecast, by approximation; saving refits it by sampling.")
        view_link(frame)
    known = known_evidence(frame.store, frame.as_of)
    indicator = known.indicators.get(max(found.row.criteria, key=lambda c: c.weight).indicator)
    if indicator is None or not after.publishable:
        st.info("Without a forecast for this day there is nothing to change. Choose a later day.")
        st.stop()

    doubling = indicator.scale in ("log2", "log10")
    left, right = st.columns(2, gap="large")
    old, new = (beliefs(priors, doubling=doubling) for priors in (old_priors, new_priors))
    with left:
        st.markdown("**Change a belief**")
        name = st.selectbox(
            "Parameter", list(new), index=list(new).index("growth"), key="parameter",
            format_func=lambda id: f"{id}: {new[id].meaning}",
        )  # fmt: skip
        edit(new[name], changes)
        low, high = new[name].usual
        st.caption(
            f"In {len(new[name].shapes)} shapes. Usual 90 % range: {low:.3g} to {high:.3g} {new[name].unit}."
        )
        for target, one in told.items():
            st.caption(escaped(priors_form.asked_and_got(target, one)))
        for text in changes:
            st.button(
                f"Undo {text}", key=f"undo-{text}", type="tertiary",
                on_click=give, args=([c for c in changes if c != text],),
            )  # fmt: skip
    with right:
        pairs = [("now", new[name]), ("before", old[name])] if changes else [("prior", new[name])]
        posterior = after.result.get("parameters", {}).get(new[name].shapes[0], {})
        drawn = density(
            densities(pairs), what=new[name].meaning, unit=new[name].unit, as_of=frame.as_of,
            posterior=posterior.get("doubling_days" if new[name].in_days else name),
        )  # fmt: skip
        draw_chart(drawn)
    draw_chart(crossing(after, as_of=frame.as_of, before=before if changes else None))
    st.caption(after.result.get("sensitivity", {}).get("words", ""))
    screen.draw_shapes(before, after)

    st.subheader("What the priors alone say", anchor=False)
    request = runs.Request(as_of=frame.as_of, prior_set=base, overrides=tuple(changes))
    levels = threshold.levels_of(after, found.row.criteria, indicator)
    fans = [
        runs.prior_predictive(frame.store, one, indicator.id)
        for one in (request, replace(request, overrides=()))
    ]
    drawn = evidence(
        indicator, known.measurements[indicator.id], known.systems, as_of=frame.as_of, fan=fans[0],
        before=fans[1] if changes else None, levels=levels, sources=known.titles,
        line="new systems by the priors alone",
    )  # fmt: skip
    draw_chart(drawn)
    st.subheader("What the data made of them", anchor=False)
    screen.draw_parameters(after)
    if changes:
        st.subheader("Propose these priors", anchor=False)
        priors_form.draw_save(frame, about, changes, base)
    st.subheader("Prior sets", anchor=False)
    screen.draw_sets(frame.store, found.standing)
    sources_footer(
        [found.row.source], card.entry, note="Priors are proposals until somebody else adopts them."
    )
