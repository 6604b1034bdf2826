"""The annex's overview of duties: each filing as it stands with every developer, then what each framework obliges."""

from __future__ import annotations

from collections.abc import Sequence

from scorecard.briefings.content.briefing import DutyAnswer, DutyItem, Line, Said
from scorecard.briefings.content.filings import STATES, FilingDraft, drafts_of
from scorecard.briefings.content.material import Material
from scorecard.briefings.content.references import Register
from scorecard.governance.filings.entries import OWN
from scorecard.words import day_in_words


def duties(material: Material, lines: Sequence[Line], register: Register) -> tuple[DutyAnswer, ...]:
    """Each law or code known on the day with its filings, then each framework with what it obliges itself."""
    developers = sorted({row.framework.developer for row in material.rows})
    drafts = {
        developer: drafts_of(
            material,
            [
                line
                for row, line in zip(material.rows, lines, strict=True)
                if row.framework.developer == developer
            ],
            register,
            developer,
        )
        for developer in developers
    }
    laws = [
        DutyAnswer(
            id=one.id,
            name=one.name,
            in_force_on=one.in_force_on,
            items=tuple(_filed(drafts, filing.id) for filing in material.filings if filing.duty == one.id),
            refs=(register.source(one.source),),
        )
        for one in material.duties
    ]
    own = [
        DutyAnswer(
            id=draft.duty,
            name=f"{draft.law} {draft.article.removeprefix('version ')}",
            in_force_on=draft.in_force_on,
            items=_obliged(draft),
            refs=(draft.source,),
        )
        for made in drafts.values()
        for draft in made
        if draft.id.endswith(OWN)
    ]
    return tuple(duty for duty in (*laws, *own) if duty.items)


def _filed(drafts: dict[str, tuple[FilingDraft, ...]], filing: str) -> DutyItem:
    """One filing with every developer; who stand alike are named together."""
    found = {developer: next(one for one in made if one.id == filing) for developer, made in drafts.items()}
    alike: dict[str, list[str]] = {}
    for developer, one in found.items():
        alike.setdefault(_stands(one), []).append(developer)
    first = next(iter(found.values()))
    return DutyItem(
        field=filing,
        asks=f"{first.name}, to {first.recipient}",
        article=first.article,
        due=min((one.due for one in found.values() if one.due), default=None),
        state=min((one.state for one in found.values()), key=STATES.index),
        fields=sum(len(one.fields) for one in found.values()),
        missing=sum(one.missing for one in found.values()),
        answer="; ".join(f"{', '.join(names)}: {words}" for words, names in alike.items()),
        said=tuple(Said(f"{developer}: {_stands(one)}", one.keys) for developer, one in found.items()),
    )


def _stands(one: FilingDraft) -> str:
    """When it is due, whose it is and how far, in words."""
    due = f"due {day_in_words(one.due)}" if one.due else "no due date yet"
    owner = f"owner {one.owner}" if one.owner else "no owner"
    gaps = f", {one.missing} of {len(one.fields)} fields missing" if one.missing else f", {one.state}"
    return f"{due}, {owner}{gaps}"


def _obliged(draft: FilingDraft) -> tuple[DutyItem, ...]:
    """What one framework obliges, each with the safeguards or the text that answers it."""
    return tuple(
        DutyItem(
            field=one.field,
            asks=one.asks,
            article=one.article,
            due=draft.due,
            state=one.state,
            fields=1,
            missing=int(one.state == "missing"),
            answer=one.text or one.state,
            said=one.said,
        )
        for one in draft.fields
    )
