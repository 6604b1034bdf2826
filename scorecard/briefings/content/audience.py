"""Who reads a briefing, and what that reader is not given: taken out of the material, so nothing downstream has it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any, get_args

from scorecard.briefings import Audience
from scorecard.briefings.content.briefing import Withheld
from scorecard.briefings.content.material import Material
from scorecard.governance.alerts.levels import Alert
from scorecard.records import SHIPPED, Criterion, Decision, PriorSet
from scorecard.thresholds.alerts import Stand
from scorecard.thresholds.board import ScorecardRow

AUDIENCES = get_args(Audience)

# For a public reader a decision is cut down to what was decided: anything not named here is dropped, so
# that a field added to the record later is withheld until somebody decides otherwise.
PUBLIC_DECISION = (
    "id",
    "threshold",
    "finding",
    "forecast_run",
    "system",
    "review_on",
    "known_at",
)
PERSONAL = ("decided_by", "owner", "votes", "meeting")
DISSENT = ("dissent", "conflicts")
COMMENT = ("decision", "reason", "holds_while", "options", "due_on", "supersedes")


def for_audience(material: Material, audience: str) -> tuple[Material, tuple[Withheld, ...]]:
    """The material an audience may have, and the list of what was taken out and why."""
    if audience != "public":
        return material, ()
    ours = [c for c in material.criteria if c.author not in SHIPPED]
    sets = [p for p in material.prior_sets.values() if p.author not in SHIPPED]
    withheld = [
        Withheld(
            what="names, owners, votes and meetings of recorded decisions",
            count=_filled(material.decisions, PERSONAL),
            reason="people who take part in a decision are not named in public",
        ),
        Withheld(
            what="dissent and conflicts of interest recorded with decisions",
            count=_filled(material.decisions, DISSENT),
            reason="members must be able to disagree on the record without being quoted",
        ),
        Withheld(
            what="wordings, reasons, conditions, options and due dates of decisions",
            count=_filled(material.decisions, COMMENT),
            reason="internal commentary",
        ),
        Withheld(
            what="safeguards, their owners and readiness dates, and warning rules",
            count=len(material.safeguards) + len(material.buffers),
            reason="internal plans, which would tell an attacker what is missing",
        ),
        Withheld(
            what="owners of filings, and what was written under their fields",
            count=len(material.entries),
            reason="drafts are for the regulator once they are filed",
        ),
        Withheld(
            what="commentary on thresholds", count=len(material.commentary), reason="internal commentary"
        ),
        Withheld(
            what="authors, reasons and sources of criteria written here",
            count=_filled(ours, ("author", "rationale", "source")),
            reason="internal commentary",
        ),
        Withheld(
            what="names, authors, reasons and dissent of prior sets written here",
            count=_filled(sets, ("name", "author", "rationale", "dissent")),
            reason="internal commentary",
        ),
    ]
    public = replace(
        material,
        commentary=(),
        safeguards_shown=False,
        alerts={name: _alert(one) for name, one in material.alerts.items()},
        safeguards=(),
        buffers=(),
        entries=(),
        rows=tuple(public_row(row) for row in material.rows),
        before={name: public_row(row) for name, row in material.before.items()},
        decisions=tuple(_decision(d) for d in material.decisions),
        prior_sets={name: _prior_set(p) for name, p in material.prior_sets.items()},
    )
    return public, tuple(w for w in withheld if w.count)


def _filled(records: Iterable[object], names: tuple[str, ...]) -> int:
    return sum(bool(getattr(record, name)) for record in records for name in names)


def _alert(alert: Alert) -> Alert:
    """Without the level of the safeguards, which says what is not ready."""
    calm = Stand(level="normal", since=alert.seen.on, reason="")
    return replace(alert, safeguards=calm)


def public_row(row: ScorecardRow) -> ScorecardRow:
    """A row of the scorecard without what a public reader does not get."""
    return replace(
        row,
        criteria=tuple(_criterion(c) for c in row.criteria),
        decisions=tuple(_decision(d) for d in row.decisions),
    )


def _criterion(c: Criterion) -> Criterion:
    return c if c.author in SHIPPED else replace(c, author="", rationale="", source="")


def _prior_set(p: PriorSet) -> PriorSet:
    if p.author in SHIPPED:
        return p
    return replace(p, name=f"prior set {p.id}", author="", rationale="", dissent="", asked=None, links=())


def _decision(d: Decision) -> Decision:
    kept: dict[str, Any] = {name: getattr(d, name) for name in PUBLIC_DECISION}
    return Decision(**kept, decision="", reason="", decided_by="")
