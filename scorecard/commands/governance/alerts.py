"""alerts: the alert level of each threshold, who is told what, what became of notes, how the levels would have done."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Literal

import typer

from scorecard import jobs
from scorecard.governance.alerts.levels import Alert, evaluate, sentence
from scorecard.governance.alerts.levels import alerts as levels_of
from scorecard.governance.alerts.replaying import replay as replay_levels
from scorecard.governance.alerts.telling import acknowledge as record_acknowledged
from scorecard.governance.alerts.telling import add_reader, told_in_words
from scorecard.governance.proposals import find, rule
from scorecard.governance.proposals import propose as record_proposal
from scorecard.jobs import HistoryJob
from scorecard.people import this_machine
from scorecard.records import AlertRule, NoticeEvent, Reader, Told
from scorecard.store import Store, StoreError
from scorecard.terminal.options import AsOf, By, Json, Reason, built_store, day_or_today, say_day
from scorecard.terminal.printing import plain, print_fields, print_json, print_proposal
from scorecard.thresholds.alerts import SCALES
from scorecard.thresholds.board import board
from scorecard.thresholds.standing import standing

app = typer.Typer()
alerts = typer.Typer(
    help="Early warning: alert levels, who is told of changes, and how the levels would have done."
)
app.add_typer(alerts, name="alerts")
readers = typer.Typer(help="Who is told of changes: list, show, set.")
rules = typer.Typer(help="When a level is entered and left: list, show, propose, adopt, decline.")
alerts.add_typer(readers, name="readers")
alerts.add_typer(rules, name="rules")

Rule = Annotated[str, typer.Argument(help="The rule, by its id.")]
Out = Annotated[Path | None, typer.Option("--out", help="A folder that notes are written to as well.")]


@alerts.command("list")
def list_levels(
    as_of: AsOf = None,
    everything: Annotated[
        bool, typer.Option("--all", help="Also thresholds that do not bear on self-improvement.")
    ] = False,
    json_: Json = False,
) -> None:
    """Each threshold's two levels with the reason and what must happen by when, the most pressing first."""
    store, day = built_store(), day_or_today(as_of)
    with store.view(as_of=day) as known, store.view() as now:
        rows = board(known, now, as_of=day, everything=everything)
        found = levels_of(known, rows, day)
    names = {row.threshold.id: f"{row.framework.developer}, {row.threshold.level}" for row in rows}
    ordered = sorted(found.values(), key=lambda one: one.urgency, reverse=True)
    if json_:
        print_json([{"threshold": one.threshold, **one.as_json()} for one in ordered])
        return
    for one in ordered:
        _told(names[one.threshold], one)


@alerts.command("show")
def show_level(
    threshold: Annotated[str, typer.Argument(help="Which threshold, by its id.")],
    as_of: AsOf = None,
    json_: Json = False,
) -> None:
    """One threshold's two levels with the reason and what must happen by when."""
    store, day = built_store(), day_or_today(as_of)
    with store.view(as_of=day) as known, store.view() as now:
        rows = [r for r in board(known, now, as_of=day, everything=True) if r.threshold.id == threshold]
        found = levels_of(known, rows, day)
    if not rows:
        raise StoreError(f"there is no threshold {threshold!r} on {day}; `status --all` lists them")
    if json_:
        print_json({"threshold": threshold, **found[threshold].as_json()})
        return
    _told(f"{rows[0].framework.developer}, {rows[0].threshold.level}", found[threshold])


def _told(name: str, one: Alert) -> None:
    print(f"\n{name} ({one.threshold})")
    for scale in SCALES:
        print(f"  {scale}: {sentence(one, scale)}")


@alerts.command()
def check(out: Out = None, as_of: AsOf = None, json_: Json = False) -> None:
    """Put changed levels on the record, tell each reader what is due, hand on what nobody acknowledged."""
    from scorecard.briefings.delivery.notices import channels, tell_all

    store, day = Store(), day_or_today(as_of)
    goes_to = channels(os.environ, out)
    changed = evaluate(store, day)
    said: list[str] = []
    told = tell_all(store, day, goes_to, say=said.append if json_ else print)
    if json_:
        print_json({"changed": changed, "told": [one.notice.id for one in told]})
        return
    for one in changed:
        print(f"{one.threshold}, {one.scale}: {one.before} to {one.level}. {one.reason}")
    print(f"{len(changed)} levels changed, {len(told)} notes told")


@readers.command("set")
def set_reader(
    id: Annotated[
        str, typer.Argument(help="A short name for the reader; the same again changes their wishes.")
    ],
    name: Annotated[str, typer.Option(help="Who it is, as notes name them.")] = "",
    threshold: Annotated[
        list[str] | None, typer.Option(help="Only this threshold, by id; repeatable.")
    ] = None,
    moved_by: Annotated[
        float, typer.Option(help="Told from this change of the chance within 12 months on.")
    ] = 0.05,
    months: Annotated[float, typer.Option(help="Told from this change of the median date on.")] = 3.0,
    digest: Annotated[
        Literal["at once", "daily", "weekly", "monthly"],
        typer.Option(help="How often at most; a level that is raised is always told at once."),
    ] = "at once",
    channel: Annotated[list[str] | None, typer.Option(help="Only this channel, by name; repeatable.")] = None,
    within_days: Annotated[int, typer.Option(help="Days in which a note is to be acknowledged.")] = 14,
    escalate_to: Annotated[str, typer.Option(help="The reader who gets what was not acknowledged.")] = "",
    stop: Annotated[bool, typer.Option("--stop", help="Tell them nothing more.")] = False,
    by: By = "",
    json_: Json = False,
) -> None:
    """Say who is told of changes: of which thresholds, from what size on, how often, on which channels."""
    actor = this_machine(by)
    made = add_reader(
        Store(),
        Reader(
            id=id,
            name=name or id,
            author=actor.name,
            thresholds=tuple(threshold or ()),
            moved_by=moved_by,
            months=months,
            digest=digest,
            channels=tuple(channel or ()),
            within_days=within_days,
            escalate_to=escalate_to,
            active=not stop,
            known_at=day_or_today(None),
        ),
        actor,
    )
    told = f"is told {made.digest}" if made.active else "is told no more"
    print_json(made) if json_ else print(f"{made.name} {told}")


@readers.command("list")
def list_readers(json_: Json = False) -> None:
    """Who is told of changes, what they were last told, and what became of the notes."""
    with Store().view() as now:
        everybody, told, events = now.all(Reader), now.all(Told), now.all(NoticeEvent)
    if json_:
        print_json({"readers": everybody, "told": told, "events": events})
        return
    for one in everybody:
        print(f"\n{one.name} ({one.id}), {one.digest}{'' if one.active else ', told no more'}")
        for line in told_in_words([t for t in told if t.reader == one.id]):
            print(f"  {line}")
    for event in events:
        print(f"notice {event.notice}: {event.what} {event.channel} {event.note}".rstrip())


@readers.command("show")
def show_reader(
    id: Annotated[str, typer.Argument(help="The reader, by their short name.")], json_: Json = False
) -> None:
    """One reader's wishes, and what they were told."""
    with Store().view() as now:
        found = now.get(Reader, id=id)
        told = [one for one in now.all(Told) if one.reader == id]
    if json_:
        print_json(plain(found) | {"told": told})
        return
    print_fields(plain(found))
    for line in told_in_words(told):
        print(f"told: {line}")


@alerts.command()
def acknowledge(
    notice: Annotated[str, typer.Argument(help="The notice, by id.")], by: By = "", json_: Json = False
) -> None:
    """Say that a notice was read, so that it is not handed on."""
    made = record_acknowledged(Store(), notice, this_machine(by), day_or_today(None))
    print_json(made) if json_ else print(f"notice {made.notice} acknowledged by {made.author}")


@alerts.command()
def replay(
    since: Annotated[str, typer.Option("--from", metavar="DATE", help="The first day.")] = "2024-01-01",
    run: Annotated[bool, typer.Option(help="Forecast from past months that have none.")] = True,
    as_of: AsOf = None,
    json_: Json = False,
) -> None:
    """Run the levels on what was known each month, and score them against what developers found since."""
    store, until = built_store(), day_or_today(as_of)
    first = say_day(since) or until
    if not first < until:
        raise typer.BadParameter(f"--from {first} is not before {until}; name an earlier day")
    if run:
        months = (until.year - first.year) * 12 + until.month - first.month + 1
        jobs.run(store, HistoryJob(as_of=until, months=months))
    found = replay_levels(store, first, until)
    if json_:
        print_json(found)
        return
    print(found.words)
    print("\nWhat happened:")
    for one in found.happened:
        print(f"  {one.on}  {one.threshold} ({one.kind}, {one.developer}): {one.words}")
    print("\nWarnings raised before anything had happened:")
    for raised in found.raised:
        end = f" on {raised.until}" if raised.until else ""
        print(f"  {raised.on}  {raised.threshold}: {raised.reason}; {raised.outcome}{end}")


@rules.command("list")
def list_rules(json_: Json = False) -> None:
    """The rules that stand: when a level is entered and left, what must then happen, by whom."""
    with built_store().view() as now:
        found = standing(now, AlertRule)
    if json_:
        print_json(found)
        return
    for one in found:
        chance = f"from {one.enter:.0%} on, left below {one.leave:.0%}"
        when = f"on the word {', '.join(one.words)}" if one.words else chance
        where = one.threshold or "every threshold"
        print(f"{one.id}: {one.scale}, {one.level}, {where}: {one.measure} {when}")
        print(
            f"  stands {one.hold_days} days at least; within {one.within_days} days, {one.owner}: {one.action}"
        )


@rules.command("show")
def show_rule(id: Rule, json_: Json = False) -> None:
    """One rule with all its parts, its reason and the rulings on it."""
    with built_store().view() as now:
        found = find(now, "alert_rules", id)
    print_proposal(found, json_)


@rules.command()
def propose(
    id: Annotated[str, typer.Argument(help="A name for the proposed rule.")],
    like: Annotated[str, typer.Option(help="The rule that it starts from, by id.")],
    reason: Reason,
    threshold: Annotated[
        str, typer.Option(help="For this threshold only, beside the rule it starts from.")
    ] = "",
    enter: Annotated[float | None, typer.Option(help="Entered from this chance on.")] = None,
    enter_unsure: Annotated[float | None, typer.Option(help="The same where confidence is low.")] = None,
    leave: Annotated[float | None, typer.Option(help="Left below this chance.")] = None,
    hold_days: Annotated[int | None, typer.Option(help="Stands for so many days at least.")] = None,
    within_days: Annotated[int | None, typer.Option(help="What must happen, within so many days.")] = None,
    action: Annotated[str | None, typer.Option(help="What must happen.")] = None,
    owner: Annotated[str | None, typer.Option(help="Who sees to it.")] = None,
    by: By = "",
    json_: Json = False,
) -> None:
    """Propose a rule in place of another, or for one threshold; it counts once somebody else has adopted it."""
    actor, store = this_machine(by), Store()
    given = {
        "enter": enter,
        "enter_unsure": enter_unsure,
        "leave": leave,
        "hold_days": hold_days,
        "within_days": within_days,
        "action": action,
        "owner": owner,
    }
    with store.view() as now:
        old = now.get(AlertRule, id=like)
    made = replace(
        old,
        id=id,
        author=actor.name,
        rationale=reason,
        supersedes="" if threshold else old.id,
        threshold=threshold or old.threshold,
        known_at=day_or_today(None),
        **{name: value for name, value in given.items() if value is not None},  # type: ignore[arg-type]
    )
    if not made.words and not 0 < made.leave < made.enter <= 1:
        raise StoreError(
            f"a level is left below where it is entered; {made.leave:g} is not below {made.enter:g}"
        )
    record_proposal(store, made, actor)
    if json_:
        print_json(made)
    else:
        print(
            f"proposed {id}; another person adopts it with: alerts rules adopt {id} --by NAME --reason TEXT"
        )


@rules.command()
def adopt(id: Rule, reason: Reason, by: By = "", json_: Json = False) -> None:
    """Adopt a proposed rule; its author cannot."""
    made = rule(Store(), "alert_rules", id, "adopted", actor=this_machine(by), reason=reason)
    print_json(made) if json_ else print(f"adopted {id}")


@rules.command()
def decline(id: Rule, reason: Reason, by: By = "", json_: Json = False) -> None:
    """Decline a proposed rule; its author cannot."""
    made = rule(Store(), "alert_rules", id, "declined", actor=this_machine(by), reason=reason)
    print_json(made) if json_ else print(f"declined {id}")
