"""The words of the field that the pages use, each in a sentence; shown in a menu of every page."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from screens.frame.text import escaped

TERMS: Mapping[str, str] = {
    "80 % interval": "The date lies in it with four chances in five: one in ten that it is earlier, one in ten later.",
    "As of": "Only what could have been known by the end of that day counts, in evidence, forecasts and rulings alike.",
    "Criterion": "A way to measure a threshold: a series reaches a level. Each is proposed by one person, and "
    "counts as ours once another has adopted it.",
    "Crossed": "Capability has reached the threshold's level. A developer's finding and its publication come later.",
    "Declaration": "A kind of threshold that holds because its developer says so.",
    "Determination": "What a developer itself has found about a system and a threshold, with its day and its document.",
    "Even odds": "The date before and after which a crossing is equally likely: the median.",
    "Frontier": "The best system so far, not each release.",
    "Horizon (time horizon)": "The length of task, in a human expert's time, that a system completes with a given "
    "chance: half the time (50 %) or four times in five (80 %).",
    "Measurement": "One published value of a series for one system, with its interval, its day and its source.",
    "Pace": "A kind of threshold that asks how fast research goes, against a baseline.",
    "Prior": "What is believed of a parameter before the data; a prior set is all of them, under one name.",
    "Stale": "Older than the interval after which the series should be measured again.",
    "Substitution": "A kind of threshold that asks whether a system can do the work of people.",
    "Threshold": "A capability level on which a developer's framework says that it will act.",
    "Trend shape": "A form the past may continue in: steady doubling, faster, bent, levelling off. None is chosen; "
    "they are weighed, and their spread is shown.",
    "Vintage": "Which publication of a value; a revised number is a new vintage, the old one stays.",
}


def draw() -> None:
    """Every term with its sentence, in the order of the alphabet."""
    for term, meaning in TERMS.items():
        st.markdown(f"**{escaped(term)}.** {escaped(meaning)}")
