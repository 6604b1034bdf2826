"""JSON: the whole content with its hash, for programs."""

from __future__ import annotations

import json

from scorecard.briefings.content.briefing import Briefing
from scorecard.briefings.exporters import Exporter


def render(briefing: Briefing) -> bytes:
    """The content as JSON; `hash` is the sha256 of the rest with sorted keys, so that anybody can recompute it."""
    content = {"hash": briefing.hash, **briefing.as_json()}
    return (json.dumps(content, ensure_ascii=False, allow_nan=False, indent=1) + "\n").encode()


EXPORTER = Exporter(
    name="json",
    title="JSON",
    suffix=".json",
    mime="application/json",
    place=9,
    render=render,
)
