"""A folder of facts with one row of each kind, for the tests of their loader."""

from __future__ import annotations

from pathlib import Path

FACT = "source: paper, grade: primary, known_at: 2026-01-10"
OURS = "author: the scorecard's defaults, rationale: an example, known_at: 2026-01-10"
OURS_ALONE = OURS.replace(", ", "\n")
PRIOR = "{family: normal, params: {mu: 0, sigma: 1}, unit: a year, meaning: growth, rationale: an example}"
SMALL = {
    "sources.yaml": """- id: paper
  title: A paper
  url: https://example.org
  published_on: 2026-01-10
  known_at: 2026-01-10
""",
    "frameworks.yaml": f"""- {{id: lab, version: "1", developer: Lab, name: Policy, {FACT},
   effective_on: 2025-01-01, current: true}}
""",
    "thresholds.yaml": f"""- {{id: lab.high, framework: lab, version: "1", category: rd, level: High, {FACT},
   kind: substitution, rsi_relevant: true, current: true, paraphrase: does the work}}
""",
    "determinations.yaml": f"""- {{id: lab.one, threshold: lab.high, developer: Lab, system: One, {FACT},
   determined_on: 2026-01-10, finding: not_crossed}}
""",
    "duties.yaml": f"""- {{id: law, name: A law, in_force_on: 2026-01-01, duties: [report], {FACT}}}
""",
    "filings.yaml": f"""- {{id: law.report, duty: law, name: A report, article: section 1, recipient: an office,
   due: yearly, asks: [{{field: results, article: section 1(a), text: results}}], {FACT}}}
""",
    "indicators.yaml": f"""- {{id: horizon, name: Horizon, unit: minutes, scale: log2, direction: higher, {FACT},
   role: capability, measures: length}}
- {{id: share, name: Share, unit: percent, scale: logit, direction: higher, {FACT},
   role: usage, measures: share, lower: 0, upper: 100}}
""",
    "events.yaml": f"""- {{id: done, name: Done, criteria: it is, threshold: lab.high, {FACT}}}
""",
    "outlooks.yaml": f"""- {{id: said, event: done, kind: forecast, who: somebody, organisation: Lab, {FACT},
   said_on: 2026-01-10, statement: soon, quantiles: {{p50: "2027-01-01"}}}}
""",
    "criteria.yaml": """- {id: forty, threshold: lab.high, indicator: horizon, level: 2400, level_sd: 1,
   rationale: an example, author: the scorecard's defaults, source: paper, known_at: 2026-01-10}
""",
    "rulings.yaml": """- {id: forty.withdrawn, subject: criteria/forty, ruling: withdrawn,
   ruled_by: the scorecard's defaults, reason: an example, known_at: 2026-01-11}
""",
    "threshold_events.yaml": f"""- {{id: lab.both, thresholds: [lab.high], kind: applies, developer: Lab,
   {FACT}, system: Two, happened_on: 2026-01-10, statement: acts on it}}
""",
    "assessments.yaml": f"""- {{id: judge.one, assessor: A judge, independent: true, of: lab.one,
   {FACT}, verdict: partly, made_on: 2026-01-10, reason: thin evidence}}
""",
    "text_checks.yaml": f"""- {{threshold: lab.high, read_on: 2026-01-10, place: page 1, outcome: agrees, {FACT}}}
""",
    "searches.yaml": f"""- {{about: thresholds/lab.high, sought: series, looked_on: 2026-01-10, reaches: 2026-01-09,
   outcome: none_found, found: none, {FACT}}}
""",
    "corrections.yaml": f"""- {{subject: thresholds/lab.high, corrected_on: 2026-01-10, reason: misread,
   {FACT}, was: {{level: Low}}}}
""",
    "watch.yaml": """- {id: lab_news, publisher: Lab, address: https://example.org, looks_for: news, every_days: 7,
   decisive: true, developer: Lab, known_at: 2026-01-10}
""",
    "priors/published.yaml": f"""id: ours
name: Ours
{OURS_ALONE}
priors: {{line: {{growth: {PRIOR}}}}}
settings: {{}}
""",
    "loop_priors.yaml": f"""id: loop
name: The loop
{OURS_ALONE}
priors: {{loop: {{returns: {PRIOR}}}}}
settings: {{}}
""",
    "deadlines.yaml": f"""- {{id: end, day: 2027-12-31, name: the end of 2027, {OURS}}}
""",
    "rhythms.yaml": f"""- {{id: standard, months: 3, {OURS}}}
""",
    "oversight_areas.yaml": f"""- {{id: monitors, name: Monitors, question: does it hold, missing: much,
   capability: lab.high, {OURS}}}
""",
    "oversight_bars.yaml": f"""- {{id: monitors.share, area: monitors, indicator: share, safer: higher,
   bar: 90, {OURS}}}
""",
    "alert_rules.yaml": f"""- {{id: lab.watch, scale: capability, level: watch, measure: p_12_months, enter: 0.1,
   enter_unsure: 0.08, leave: 0.05, hold_days: 28, within_days: 28, action: look, owner: a researcher,
   threshold: lab.high, {OURS}}}
""",
    "pace_rules.yaml": f"""- {{id: twofold, threshold: lab.high, name: Twice, level: 2, months: 12, cause: 0.5,
   baseline: the pace of 2024, source: paper, {OURS}}}
""",
    "series_roles.yaml": f"""- {{id: share.all, role: share, indicator: share, part: all, {OURS}}}
""",
}
OUTCOMES = """# how forecasts of the class came out
{"series": "one", "known_at": "2026-01-10", "model_version": "1", "retired": false, "rise": 1.0, "asked": {}}
# end
"""
LOOKS = """watched,looked_on,reaches,looked_by,found,note,known_at
lab_news,2026-01-10,2026-01-09,a researcher,0,,2026-01-10
# end
"""
SYSTEMS = """# who is measured
id,name,developer,released_on,aliases,source,grade,known_at
one,One,Lab,2025-03-01,first; the one,paper,primary,2026-01-10
two,Two,Lab,2025-09-01,,paper,primary,2026-01-10
# end
"""
HEADER = (
    "indicator,system,condition,observed_on,vintage,value,low,high,interval,bound,n,main,marks,"
    "source,grade,known_at"
)
GOOD = "horizon,one,,2025-03-01,2026-01,60,30,120,0.95,,,,,paper,primary,2026-01-10"


def write_facts(data: Path) -> None:
    """The small, good folder of facts, written whole."""
    (data / "measurements").mkdir(parents=True, exist_ok=True)
    for name, text in SMALL.items():
        (data / name).parent.mkdir(exist_ok=True)
        (data / name).write_text(f"{text}...\n", encoding="utf-8")
    (data / "systems.csv").write_text(SYSTEMS, encoding="utf-8")
    (data / "looks.csv").write_text(LOOKS, encoding="utf-8")
    (data / "reference").mkdir(exist_ok=True)
    (data / "reference" / "outcomes.jsonl").write_text(OUTCOMES, encoding="utf-8")
    write_readings(data, GOOD)


def write_readings(data: Path, *rows: str) -> None:
    """The readings of the folder, in place of those that are there."""
    (data / "measurements" / "m.csv").write_text("\n".join((HEADER, *rows, "# end", "")), encoding="utf-8")
