"""The nouns of the record, as frozen dataclasses.

Each class names the table it is stored in (`TABLE`) and the fields that identify one thing (`KEY`):
a later row with the same key supersedes the earlier one, and both are kept. `known_at` is the day on
which a fact could have been known; `recorded_at` belongs to the store and is not a field here.
"""

from __future__ import annotations

from scorecard.records._base import (
    Bound,
    Direction,
    Doubt,
    Fact,
    Finding,
    Grade,
    Identity,
    Json,
    Kind,
    LogEntry,
    Record,
    Role,
    SafeguardState,
    Scale,
    Verdict,
)
from scorecard.records.forecast import POOL, QUICK, ForecastRun, TrackRecord
from scorecard.records.governance import (
    Commentary,
    Decision,
    Firing,
    Judgement,
    Meeting,
    Minute,
    Question,
    Report,
    Safeguard,
    SignOff,
    Snapshot,
    Tripwire,
)
from scorecard.records.imported import Alias, Held, Import
from scorecard.records.proposed import Adjustment, Buffer, Criterion, PriorSet, Ruling
from scorecard.records.published import (
    Determination,
    Duty,
    Event,
    Framework,
    Indicator,
    Measurement,
    Outlook,
    Source,
    System,
    Threshold,
)

__all__ = [
    "POOL",
    "QUICK",
    "RECORDS",
    "Adjustment",
    "Alias",
    "Bound",
    "Buffer",
    "Commentary",
    "Criterion",
    "Decision",
    "Determination",
    "Direction",
    "Doubt",
    "Duty",
    "Event",
    "Fact",
    "Finding",
    "Firing",
    "ForecastRun",
    "Framework",
    "Grade",
    "Held",
    "Identity",
    "Import",
    "Indicator",
    "Json",
    "Judgement",
    "Kind",
    "LogEntry",
    "Measurement",
    "Meeting",
    "Minute",
    "Outlook",
    "PriorSet",
    "Question",
    "Record",
    "Report",
    "Role",
    "Ruling",
    "Safeguard",
    "SafeguardState",
    "Scale",
    "SignOff",
    "Snapshot",
    "Source",
    "System",
    "Threshold",
    "TrackRecord",
    "Tripwire",
    "Verdict",
]

RECORDS: tuple[type[Record], ...] = (
    Source, Framework, Threshold, Determination, Duty, System, Indicator, Measurement, Event, Outlook,
    Criterion, PriorSet, Ruling, ForecastRun, Decision, TrackRecord,
    Safeguard, Buffer, Meeting, Minute, Tripwire, Firing, Report, Snapshot, SignOff,
    Import, Held, Alias, Commentary, Adjustment, Question, Judgement,
)  # fmt: skip
