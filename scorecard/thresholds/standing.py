"""What we hold on a day: proposed defaults and what was adopted since, without what was declined or replaced."""

from __future__ import annotations

from scorecard.records import DEFAULTS, Assumed, Buffer, Criterion, Ruling, Subject, Verdict
from scorecard.store import View


def standing[R: Criterion | Buffer | Assumed](view: View, kind: type[R]) -> list[R]:
    """The records of a kind in use: adopted ones, else the proposed defaults; declined and superseded ones are out."""
    rulings = last_rulings(view)

    def ruled(one: R) -> Verdict | None:
        return rulings.get(Subject.of(one))

    found = [one for one in view.all(kind) if ruled(one) not in ("declined", "withdrawn")]
    adopted = {one.id for one in found if ruled(one) == "adopted"}
    replaced = {one.supersedes for one in found if one.id in adopted and one.supersedes}
    defaults = {one.id for one in found if not one.supersedes and one.author == DEFAULTS}
    return [one for one in found if one.id in (adopted | defaults) - replaced]


def last_rulings(view: View) -> dict[Subject, Verdict]:
    """The last ruling on each proposal, the most recently ruled on last."""
    last: dict[Subject, Verdict] = {}
    for ruling in view.all(Ruling):
        last.pop(ruling.about, None)
        last[ruling.about] = ruling.ruling
    return last
