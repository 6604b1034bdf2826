"""Prior sets and criteria are proposed by one person and adopted by another; dissent is kept."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from hashlib import sha256
from typing import Literal

from scorecard.records import Criterion, Identity, PriorSet, Ruling, Verdict
from scorecard.store import Store, StoreError, View

Subject = Literal["prior_sets", "criteria"]
Standing = Literal["proposed", "adopted", "declined", "withdrawn"]
_KINDS: dict[Subject, type[PriorSet] | type[Criterion]] = {"prior_sets": PriorSet, "criteria": Criterion}


class ProposalRefused(StoreError):
    """A proposal or ruling that the rules do not allow; the message says which rule."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """A prior set or criterion with where it stands and every ruling on it, oldest first."""

    item: PriorSet | Criterion
    standing: Standing
    rulings: tuple[Ruling, ...]


def propose(store: Store, item: PriorSet | Criterion, *, identity: Identity = "typed by hand") -> None:
    """Store a proposal; it counts for nothing until somebody else adopts it.

    Raises ProposalRefused without an author or a reason of at least a sentence, or when the id is taken.
    """
    if not item.author.strip():
        raise ProposalRefused("a proposal needs its author's name")
    if len(item.rationale.split()) < 4:
        raise ProposalRefused("a proposal needs a reason that a colleague can judge: at least a sentence")
    kind = type(item)
    with store.view() as now:
        if now.all(kind, id=item.id):
            raise ProposalRefused(f"there is already a {kind.TABLE} {item.id!r}; propose under another name")
        if item.supersedes and not now.all(kind, id=item.supersedes):
            raise ProposalRefused(f"{item.supersedes!r}, which this supersedes, does not exist")
    store.append(
        [item], action=f"propose {kind.TABLE}", actor=item.author, identity=identity, reason=item.rationale
    )


def rule(
    store: Store,
    subject: Subject,
    id: str,
    verdict: Verdict,
    *,
    by: str,
    reason: str,
    identity: Identity = "typed by hand",
    today: date | None = None,
) -> Ruling:
    """Adopt, decline or withdraw a proposal and return the ruling.

    Adopting and declining take a second person; withdrawing takes the author. Raises ProposalRefused
    when that is not so, or without a reason.
    """
    if not by.strip() or not reason.strip():
        raise ProposalRefused("a ruling needs the name of who makes it, and a reason")
    with store.view() as now:
        proposal = find(now, subject, id)
    author = proposal.item.author
    same = by.strip().casefold() == author.strip().casefold()
    if verdict == "withdrawn" and not same:
        raise ProposalRefused(f"only its author, {author}, can withdraw {id!r}")
    if verdict != "withdrawn" and same:
        raise ProposalRefused(f"{author} proposed {id!r}; somebody else has to decide on it")
    if proposal.standing != "proposed":
        allowed = proposal.standing == "adopted" and verdict == "withdrawn"
        if not allowed:
            raise ProposalRefused(f"{id!r} is {proposal.standing} already; propose a new version instead")
    day = today or datetime.now(UTC).date()
    digest = sha256(f"{subject}/{id}/{verdict}/{by}/{len(proposal.rulings)}".encode()).hexdigest()[:12]
    ruling = Ruling(
        id=digest, subject=f"{subject}/{id}", ruling=verdict, ruled_by=by, reason=reason, known_at=day
    )
    store.append([ruling], action=f"{verdict} {subject}", actor=by, identity=identity, reason=reason)
    return ruling


def find(view: View, subject: Subject, id: str) -> Proposal:
    """One proposal with its rulings; StoreError when there is none of that id."""
    item = view.get(_KINDS[subject], id=id)
    rulings = tuple(view.all(Ruling, subject=f"{subject}/{id}"))
    return Proposal(item=item, standing=rulings[-1].ruling if rulings else "proposed", rulings=rulings)


def proposals(view: View, subject: Subject) -> list[Proposal]:
    """Every prior set or criterion with where it stands, in the order proposed."""
    return [find(view, subject, item.id) for item in view.all(_KINDS[subject])]
