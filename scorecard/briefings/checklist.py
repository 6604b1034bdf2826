"""One duty as a checklist in Markdown: each field with all that the record holds, what is missing, and the sources."""

from __future__ import annotations

import json
from dataclasses import asdict

from scorecard.briefings.content import Briefing, Duty
from scorecard.briefings.duties import MISSING
from scorecard.briefings.exporters._parts import ranges, reference_in_words, subtitle
from scorecard.briefings.exporters.markdown import plain
from scorecard.briefings.words import day_in_words


def checklist(briefing: Briefing, duty: Duty) -> str:
    """The duty's fields, ticked where the record answers; the same record gives the same text."""
    missing = [item for item in duty.items if not item.answer]
    parts = [
        f"# {plain(duty.name)}",
        plain(f"In force {day_in_words(duty.in_force_on)}. {subtitle(briefing)}"),
        f"{len(duty.items) - len(missing)} of {len(duty.items)} fields are answered; {len(missing)} missing.",
    ]
    keys = [*duty.refs]
    for item in duty.items:
        tick = "x" if item.answer else " "
        where = f" ({plain(item.where)})" if item.where else ""
        lines = [
            f"- \\[{tick}\\] **{plain(item.asks)}**: {plain(item.answer or f'MISSING, {MISSING}')}{where}"
        ]
        lines += [f"  - {plain(one.text)} \\[{ranges(one.refs)}\\]" for one in item.said]
        keys += [key for one in item.said for key in one.refs]
        parts.append("\n".join(lines))
    known = {reference.key: reference for reference in briefing.references}
    parts += [
        "## Sources",
        "\n".join(f"- {plain(reference_in_words(known[key]))}" for key in dict.fromkeys(keys)),
    ]
    return "\n\n".join(parts) + "\n"


def as_json(briefing: Briefing, duty: Duty) -> str:
    """The duty's fields for programs, with the hash of the briefing that they are taken from."""
    plain = {"as_of": briefing.as_of, "audience": briefing.audience, "content": briefing.hash}
    return json.dumps(plain | asdict(duty), default=str, indent=1, ensure_ascii=False) + "\n"
