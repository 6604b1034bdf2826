"""questions ask, answer, resolve, list, show: what the organisation's own experts expect, blind to each other."""

from __future__ import annotations

from typing import Annotated

import typer

from scorecard.governance import questions as asked_here
from scorecard.governance.questions import QuestionView
from scorecard.people import this_machine
from scorecard.store import StoreError
from scorecard.terminal.options import AsOf, By, Json, built_store, day_or_today
from scorecard.terminal.printing import print_json
from scorecard.words import day_in_words

app = typer.Typer()
group = typer.Typer(help="Questions to the organisation's own experts.")
app.add_typer(group, name="questions")

Question = Annotated[str, typer.Argument(help="The question, by its id.")]


@group.command("ask")
def ask(
    about: Annotated[str, typer.Option(help="An event (see `milestones`) or a threshold, by id.")],
    due_on: Annotated[str, typer.Option("--due-on", metavar="DATE", help="Does it happen by this day?")],
    closes_on: Annotated[str, typer.Option("--closes-on", metavar="DATE", help="Last day for answers.")],
    note: Annotated[str, typer.Option(help="What an expert should know before answering.")] = "",
    by: By = "",
    json_: Json = False,
) -> None:
    """Ask the experts whether something happens by a day."""
    made = asked_here.ask(
        built_store(),
        this_machine(by),
        about=about,
        due_on=day_or_today(due_on),
        closes_on=day_or_today(closes_on),
        note=note,
    )
    if json_:
        print_json(made)
    else:
        print(f"asked {made.id}; answers are taken until {made.closes_on}")


@group.command("answer")
def answer(
    question: Question,
    probability: Annotated[float, typer.Option(min=0.001, max=0.999, help="How likely it is to happen.")],
    reason: Annotated[str, typer.Option(help="Why, so that you can judge it yourself later.")],
    by: By = "",
    json_: Json = False,
) -> None:
    """Answer an open question; nobody is shown it before the question closes."""
    made = asked_here.answer(
        built_store(), this_machine(by), question=question, probability=probability, reason=reason
    )
    if json_:
        print_json(made)
    else:
        print(f"recorded {made.probability:.1%} for {made.question} by {made.author}")


@group.command("resolve")
def resolve(
    question: Question,
    grounds: Annotated[str, typer.Option(help="What was seen, and where it can be read.")],
    happened: Annotated[bool, typer.Option("--happened/--not-happened", help="What became of it.")],
    on: Annotated[str, typer.Option(metavar="DATE", help="The day on which that was settled.")],
    by: By = "",
    json_: Json = False,
) -> None:
    """Say what became of a question; everybody's score follows from that."""
    made = asked_here.resolve(
        built_store(),
        this_machine(by),
        question=question,
        happened=happened,
        on=day_or_today(on),
        grounds=grounds,
    )
    if json_:
        print_json(made)
    else:
        print(f"{made.id}: {'happened' if made.happened else 'did not happen'} ({made.resolved_on})")


@group.command("list")
def list_(as_of: AsOf = None, by: By = "", json_: Json = False) -> None:
    """Every question: answers and pool once it has closed, your own before, the model's probability beside."""
    store, day = built_store(), day_or_today(as_of)
    with store.view(as_of=day) as known, store.view() as now:
        found = asked_here.asked(known, now, as_of=day, reader=this_machine(by).name)
    if json_:
        print_json([one.as_json() for one in found])
        return
    print(f"As of {day_in_words(day)}: {len(found)} questions")
    for one in found:
        print(_lines(one))


@group.command("show")
def show(question: Question, as_of: AsOf = None, by: By = "", json_: Json = False) -> None:
    """One question, what resolves it, and its answers as far as you may see them."""
    store, day = built_store(), day_or_today(as_of)
    with store.view(as_of=day) as known, store.view() as now:
        found = asked_here.asked(known, now, as_of=day, reader=this_machine(by).name)
    one = next((one for one in found if one.question.id == question), None)
    if one is None:
        raise StoreError(f"there is no question {question!r} by {day}; `questions list` prints them")
    if json_:
        print_json(one.as_json())
        return
    print(_lines(one))
    for words in (one.criteria, one.question.note):
        if words:
            print(f"      {words}")


def _lines(one: QuestionView) -> str:
    q = one.question
    pooled = "" if one.pool is None else f"; experts {one.pool:.0%}"
    ours = "" if one.ours is None else f"; model {one.ours:.0%}"
    ended = "" if q.happened is None else f"; {'happened' if q.happened else 'did not happen'}"
    scores = "".join(f"; {name} {value:.2f}" for name, value in one.scores.items())
    head = (
        f"  [{one.state}] {one.name} by {q.due_on} ({q.id}): {one.given} answers{pooled}{ours}{ended}{scores}"
    )
    return "\n".join(
        [head, *(f"      {a.author}: {a.probability:.1%}, weight {a.weight:.0%}" for a in one.answers)]
    )
