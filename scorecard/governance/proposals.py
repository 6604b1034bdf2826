"""Prior sets, criteria, buffers, alert rules, adjustments of readings: proposed by one person, adopted by another."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from typing import Literal

from scorecard import clock
from scorecard.people import Actor, once, same_person
from scorecard.records import Adjustment, AlertRule, Buffer, Criterion, PriorSet, Ruling, Subject, Verdict
from scorecard.store import Store, StoreError, View

Proposable = Literal["prior_sets", "criteria", "buffers", "adjustments", "alert_rules"]
Standing = Literal["proposed", "adopted", "declined", "withdrawn"]
type Item = PriorSet | Criterion | Buffer | Adjustment | AlertRule
_KINDS: dict[Proposable, type[Item]] = {
    "prior_sets": PriorSet,
    "criteria": Criterion,
    "buffers": Buffer,
    "adjustments": Adjustment,
    "alert_rules": AlertRule,
}


class ProposalRefused(StoreError):
    """A proposal or ruling that the rules do not allow; the message says which rule."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """Something proposed, with where it stands and every ruling on it, oldest first."""

    item: Item
    standing: Standing
    rulings: tuple[Ruling, ...]


def propose(store: Store, item: Item, actor: Actor, *, note: str = "") -> None:
    """Store a proposal of the actor's; it counts for nothing until somebody else adopts it.

    `note` is added to the reason in the log. Raises NotAllowed, and ProposalRefused when the author is not the
    actor, without a reason of at least a sentence, or when the id is taken.
    """
    actor.require("propose")
    if item.author != actor.name:
        raise ProposalRefused(
            f"{actor.name} cannot propose in the name of {item.author!r}; author is who proposes"
        )
    if len(item.rationale.split()) < 4:
        raise ProposalRefused("a proposal needs a reason that a colleague can judge: at least a sentence")
    kind = type(item)
    if store.written(actor, kind) is not None:
        return
    with store.view() as now:
        if now.all(kind, id=item.id):
            raise ProposalRefused(f"there is already a {kind.TABLE} {item.id!r}; propose under another name")
        if item.supersedes and not now.all(kind, id=item.supersedes):
            raise ProposalRefused(f"{item.supersedes!r}, which this supersedes, does not exist")
    reason = f"{item.rationale} [{note}]" if note else item.rationale
    store.append([item], action=f"propose {kind.TABLE}", actor=actor, reason=reason)


@once(Ruling)
def rule(
    store: Store,
    subject: Proposable,
    id: str,
    verdict: Verdict,
    *,
    actor: Actor,
    reason: str,
    today: date | None = None,
) -> Ruling:
    """Adopt, decline or withdraw a proposal and return the ruling.

    Adopting and declining take a second person; withdrawing takes the author. Raises NotAllowed, and
    ProposalRefused when that is not so, or without a reason.
    """
    actor.require("withdraw" if verdict == "withdrawn" else "rule")
    if not reason.strip():
        raise ProposalRefused("a ruling needs a reason; say why")
    with store.view() as now:
        proposal = find(now, subject, id)
    author = proposal.item.author
    same = same_person(actor.name, author)
    if verdict == "withdrawn" and not same:
        raise ProposalRefused(f"only its author, {author}, can withdraw {id!r}")
    if verdict != "withdrawn" and same:
        raise ProposalRefused(f"{author} proposed {id!r}; somebody else has to decide on it")
    if proposal.standing != "proposed":
        allowed = proposal.standing == "adopted" and verdict == "withdrawn"
        if not allowed:
            raise ProposalRefused(f"{id!r} is {proposal.standing} already; propose a new version instead")
    day = today or clock.today()
    parts = f"{subject}/{id}/{verdict}/{actor.name}/{len(proposal.rulings)}"
    ruling = Ruling(
        id=sha256(parts.encode()).hexdigest()[:12],
        subject=str(Subject(subject, id)),
        ruling=verdict,
        ruled_by=actor.name,
        reason=reason,
        known_at=day,
    )
    store.append([ruling], action=f"{verdict} {subject}", actor=actor, reason=reason)
    return ruling


def supposed(view: View, subject: Proposable, id: str, on: date) -> Ruling:
    """The ruling that would adopt a proposal on a day, to be read as if it stood; StoreError when there is none."""
    about = Subject.of(find(view, subject, id).item)
    return Ruling(
        id=f"supposed {about}",
        subject=str(about),
        ruling="adopted",
        ruled_by="nobody yet",
        reason="to see what it would do",
        known_at=on,
    )


def find(view: View, subject: Proposable, id: str) -> Proposal:
    """One proposal with its rulings; StoreError when there is none of that id."""
    item = view.get(_KINDS[subject], id=id)
    rulings = tuple(view.all(Ruling, subject=str(Subject(subject, id))))
    return Proposal(item=item, standing=rulings[-1].ruling if rulings else "proposed", rulings=rulings)


def proposals(view: View, subject: Proposable) -> list[Proposal]:
    """Everything proposed of a kind with where it stands, in the order proposed."""
    rulings: dict[Subject, list[Ruling]] = {}
    for ruling in view.all(Ruling):
        rulings.setdefault(ruling.about, []).append(ruling)
    found = []
    for item in view.all(_KINDS[subject]):
        ours = tuple(rulings.get(Subject.of(item), ()))
        found.append(Proposal(item=item, standing=ours[-1].ruling if ours else "proposed", rulings=ours))
    return found
