"""RO-Crate: what a briefing or its snapshot is, what it was made from and by which runs, for archives.

A detached crate of version 1.2 (https://w3id.org/ro/crate/1.2): the metadata stands alone, its identifier is the
snapshot's, else the content's hash, and sources are told by their web addresses.
"""

from __future__ import annotations

import json
from typing import Any

from scorecard import __version__
from scorecard.briefings.content.briefing import Briefing, Reference
from scorecard.briefings.exporters import Exporter
from scorecard.briefings.layout.argument import one_line
from scorecard.briefings.layout.parts import is_link
from scorecard.words import day_in_words

PROGRAM = "#preparedness"
LICENCE = "#licence"
HASH = "#sha256"
CRATE = "https://w3id.org/ro/crate/1.2"


def render(briefing: Briefing) -> bytes:
    """The metadata as JSON-LD: the root dataset, its sources, and a CreateAction for each forecast run."""
    bound = briefing.snapshot or briefing.hash
    root = f"urn:sha256:{bound}"
    entities: dict[str, dict[str, Any]] = {}
    ids: dict[str, str] = {}
    for one in briefing.references:
        ids[one.key] = _place(one, entities)
        entities.setdefault(ids[one.key], _entity(one, ids[one.key], root))
    runs = [ids[one.key] for one in briefing.references if one.kind == "forecast run"]
    sources = list(dict.fromkeys(ids[one.key] for one in briefing.references if one.kind == "source"))
    others = [ids[one.key] for one in briefing.references if one.kind not in ("source", "forecast run")]
    # A crate cites by web address; a source without one of its own is mentioned.
    cited = [id for id in sources if is_link(id)]
    others += [id for id in sources if not is_link(id)]
    kind = "snapshot" if briefing.snapshot else "briefing"
    dataset = {
        "@id": root,
        "@type": "Dataset",
        "name": f"{briefing.title}, {kind} of {day_in_words(briefing.as_of)} ({briefing.audience})",
        "description": one_line(" ".join(f"{one.label}: {one.said.text}" for one in briefing.verdict)),
        "datePublished": briefing.as_of.isoformat(),
        "license": {"@id": LICENCE},
        "identifier": {"@id": HASH},
        "version": briefing.hash,
        "citation": [{"@id": id} for id in cited],
        "mentions": [{"@id": id} for id in (*runs, *others)],
    }
    graph = [
        {
            "@id": "ro-crate-metadata.json",
            "@type": "CreativeWork",
            "conformsTo": {"@id": CRATE},
            "about": {"@id": root},
        },
        dataset,
        {
            "@id": LICENCE,
            "@type": "CreativeWork",
            "name": "Licences of the sources",
            "description": "Figures belong to the publishers of the sources cited, under the licence that each names.",
        },
        {"@id": HASH, "@type": "PropertyValue", "name": "SHA-256", "propertyID": "sha256", "value": bound},
        {
            # Not a SoftwareApplication, of which a crate asks a web address.
            "@id": PROGRAM,
            "@type": "CreativeWork",
            "additionalType": "SoftwareApplication",
            "name": "preparedness",
            "version": __version__,
            "license": {"@id": "https://spdx.org/licenses/Apache-2.0"},
        },
        {
            "@id": "https://spdx.org/licenses/Apache-2.0",
            "@type": "CreativeWork",
            "name": "Apache License 2.0",
            "description": "The program may be used, changed and passed on under its notice.",
        },
        *entities.values(),
    ]
    whole = {"@context": f"{CRATE}/context", "@graph": graph}
    return (json.dumps(whole, ensure_ascii=False, indent=1) + "\n").encode()


def _place(one: Reference, taken: dict[str, dict[str, Any]]) -> str:
    """A source's web address, if it has one that no other source of the list has; else a name inside the crate."""
    own = one.kind == "source" and is_link(one.where) and one.where not in taken
    return one.where if own else f"#{one.key}"


def _entity(one: Reference, id: str, root: str) -> dict[str, Any]:
    told: dict[str, Any] = {"@id": id, "name": one_line(one.title)}
    if one.detail.strip():
        told["description"] = one_line(one.detail)
    if one.kind == "forecast run":
        return told | {
            "@type": "CreateAction",
            "identifier": one.where,
            "endTime": one.day.isoformat(),
            "instrument": {"@id": PROGRAM},
            "result": {"@id": root},
        }
    told |= {"@type": "CreativeWork", "additionalType": one.kind, "datePublished": one.day.isoformat()}
    return told if id == one.where or not one.where.strip() else told | {"identifier": one_line(one.where)}


EXPORTER = Exporter(
    name="rocrate",
    title="RO-Crate metadata (JSON-LD)",
    suffix="-ro-crate-metadata.json",
    mime="application/ld+json",
    place=12,
    other_names=("ro-crate",),
    render=render,
)
