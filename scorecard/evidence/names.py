"""The names that sources give to systems, and the one system that each name means."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches

from scorecard.clock import today
from scorecard.people import Actor
from scorecard.records import Alias, System
from scorecard.store import Receipt, Store, StoreError, View


def by_name(systems: Iterable[System]) -> Mapping[str, System]:
    """Every id, name and alias in `folded` form -> its system; the loader has seen that none is shared."""
    return {folded(name): s for s in systems for name in (s.id, s.name, *s.aliases)}


def folded(name: str) -> str:
    """A name as it is compared: without regard to case or to spaces round it."""
    return name.strip().casefold()


@dataclass(frozen=True, slots=True)
class Registry:
    """Which system each known name means, merges followed; a name that is not there is nobody's."""

    systems: Mapping[str, System]
    ids: Mapping[str, str]  # folded name -> system id

    @classmethod
    def of(cls, view: View) -> Registry:
        """The registry as the record stands in a view: names of systems.csv and aliases given since."""
        systems = {s.id: s for s in view.all(System)}
        ids = {name: s.id for name, s in by_name(systems.values()).items()}
        standing = [alias for alias in view.all(Alias) if alias.standing]
        ids |= {alias.name: alias.system for alias in standing if alias.kind == "alias"}
        merged = {alias.name: alias.system for alias in standing if alias.kind == "merge"}

        def final(id: str) -> str:
            seen = {id}
            while (onward := merged.get(folded(id))) is not None and onward not in seen:
                seen.add(onward)
                id = onward
            return id

        return cls(systems, {name: final(id) for name, id in ids.items()})

    def find(self, name: str) -> System | None:
        """The system that a name means."""
        return self.systems.get(self.ids.get(folded(name), ""))

    def nearest(self, name: str, most: int = 3) -> list[str]:
        """Ids of systems with a name like this one, for a person to choose from; never used by itself."""
        close = get_close_matches(folded(name).replace("_", "-"), list(self.ids), n=most * 2, cutoff=0.6)
        bare = folded(name).rpartition("/")[2]
        close = [*([bare] if bare in self.ids else []), *close]
        return list(dict.fromkeys(self.ids[one] for one in close))[:most]


def alias(store: Store, system: str, name: str, *, actor: Actor, reason: str) -> Receipt:
    """Record a further name of a system; StoreError when the name already means another one."""
    return _record(store, system, name, "alias", actor=actor, reason=reason)


def merge(store: Store, gone: str, into: str, *, actor: Actor, reason: str) -> Receipt:
    """Record that two systems are one: every name of `gone` then means `into`; `unname` takes it back."""
    return _record(store, into, gone, "merge", actor=actor, reason=reason)


def unname(store: Store, name: str, *, actor: Actor, reason: str) -> Receipt:
    """Take back an alias or a merge."""
    with store.view() as now:
        known = {one.name: one for one in now.all(Alias)}
    one = known.get(folded(name))
    if one is None or not one.standing:
        raise StoreError(
            f"{name!r} is no alias or merge that stands; `systems list --aliases` shows those that do"
        )
    return _append(
        store, one.name, one.system, one.kind == "merge", standing=False, actor=actor, reason=reason
    )


def _record(store: Store, system: str, name: str, kind: str, *, actor: Actor, reason: str) -> Receipt:
    with store.view() as now:
        registry = Registry.of(now)
    if system not in registry.systems:
        near = ", ".join(registry.nearest(system)) or "none is like it"
        raise StoreError(f"there is no system {system!r}; near it: {near}")
    if kind == "merge":
        if name not in registry.systems:
            raise StoreError(f"there is no system {name!r} to merge")
        if registry.ids.get(folded(name)) == system or registry.ids.get(folded(system)) == name:
            raise StoreError(f"{name} and {system} are one system already")
    else:
        owner = registry.find(name)
        if owner is not None and owner.id != system:
            raise StoreError(f"{name!r} is a name of {owner.id}; merge the two systems if they are one")
    return _append(store, folded(name), system, kind == "merge", standing=True, actor=actor, reason=reason)


def _append(
    store: Store, name: str, system: str, merged: bool, *, standing: bool, actor: Actor, reason: str
) -> Receipt:
    actor.require("import evidence")
    if len(reason.split()) < 2:
        raise StoreError("say in a few words why, so that a colleague can judge it")
    record = Alias(
        name=name,
        system=system,
        kind="merge" if merged else "alias",
        standing=standing,
        author=actor.name,
        reason=reason,
        known_at=today(),
    )
    return store.append([record], action="name" if standing else "unname", actor=actor, reason=reason)
