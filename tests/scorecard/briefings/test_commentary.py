"""Commentary in a person's own words: its figures follow the record, and nobody else's words are replaced."""

from __future__ import annotations

from datetime import date

import pytest
from typer.testing import CliRunner

from scorecard.briefings.content.build import build
from scorecard.commands.briefings.comment import app
from scorecard.governance.commentary import REFERENCES, CommentaryRefused, comment
from scorecard.people import Actor, NotAllowed
from scorecard.records import Commentary
from scorecard.store import Store, StoreError
from tests.scorecard.briefings.conftest import AS_OF
from tests.scorecard.examples import having_read, result, run

AUTHOR = Actor(name="a researcher", identity="typed by hand", role="researcher")


def say(store: Store, text: str, actor: Actor = AUTHOR, supersedes: str = "") -> Commentary:
    return comment(store, actor=actor, threshold="lab.high", text=text, supersedes=supersedes, today=AS_OF)


def said(store: Store, audience: str = "internal") -> list[str]:
    return [one.text for one in build(store, as_of=AS_OF, audience=audience).commentary]


def test_figures_in_commentary_are_those_of_the_line(forecast: Store) -> None:
    say(forecast, "Within 12 months {p_12_months}, median {q50}; the word is “{status}”, from {latest}.")
    (told,) = build(forecast, as_of=AS_OF).commentary
    assert told.text == (
        "Lab: Self improvement, High. a researcher, 10 March 2026: Within 12 months 18 %, median Mar 2031; "
        "the word is “not crossed”, from 15 h."
    )
    kinds = {r.kind for r in build(forecast, as_of=AS_OF).references if r.key in told.refs}
    assert kinds == {"commentary", "forecast run", "source"}


def test_figures_follow_another_forecast(forecast: Store) -> None:
    say(forecast, "The median is {q50}.")
    new = run(as_of=AS_OF, id="run-new-0000000", result=result(AS_OF, q50=date(2029, 1, 1)))
    forecast.append(having_read(forecast, new), action="forecast", actor="a test")
    assert said(forecast)[0].endswith("The median is Jan 2029.")


def test_every_reference_that_is_offered_can_be_filled(forecast: Store) -> None:
    say(forecast, " ".join(f"{{{name}}}" for name in REFERENCES))
    assert "not held" not in said(forecast)[0]


def test_a_figure_that_the_day_lacks_is_said_to_be_missing(store: Store) -> None:
    say(store, "The median is {q50}.")
    assert said(store)[0].endswith("The median is [median date: not held].")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (
            "Soon: {p_24_months}.",
            r"there is no figure \{p_24_months\}; there are: \{status\} .*\{p_12_months\}",
        ),
        ("Soon: {}.", r"there is no figure \{\}"),
        ("Soon: {p_12_months.", "a brace has no partner"),
        ("Soon: 54 %.", "'54 %' is typed by hand .* refer to a figure instead"),
        ("Soon: 54 per cent.", "typed by hand"),
        ("  ", "commentary needs a text"),
    ],
)
def test_commentary_that_would_not_follow_is_refused(forecast: Store, text: str, words: str) -> None:
    with pytest.raises(CommentaryRefused, match=words):
        say(forecast, text)
    assert said(forecast) == []


def test_only_the_author_replaces_commentary(forecast: Store) -> None:
    first = say(forecast, "Early days.")
    other = Actor(name="another researcher", identity="typed by hand", role="researcher")
    with pytest.raises(CommentaryRefused, match="only its author replaces it"):
        say(forecast, "No.", other, supersedes=first.id)
    say(forecast, "I differ.", other)
    say(forecast, "Later days.", supersedes=first.id)
    assert [text.rpartition(": ")[2] for text in said(forecast)] == ["Later days.", "I differ."]
    with pytest.raises(CommentaryRefused, match="there is no commentary 'x'"):
        say(forecast, "No.", supersedes="x")


def test_a_viewer_may_not_comment_and_a_threshold_must_exist(forecast: Store) -> None:
    with pytest.raises(NotAllowed):
        say(forecast, "Early.", Actor(name="a viewer", identity="typed by hand", role="viewer"))
    with pytest.raises(StoreError, match="no threshold with id 'x'"):
        comment(forecast, actor=AUTHOR, threshold="x", text="Early.")


def test_the_public_gets_no_commentary_and_is_told_so(forecast: Store) -> None:
    say(forecast, "Commentary Secret")
    public = build(forecast, as_of=AS_OF, audience="public")
    assert "Commentary Secret" not in str(public.as_json())
    assert ("commentary on thresholds", 1) in [(w.what, w.count) for w in public.withheld]


def test_the_command_records_it(forecast: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SCORECARD_STORE", str(forecast.path))
    done = CliRunner().invoke(
        app, ["comment", "add", "--threshold", "lab.high", "--text", "See {q50}.", "--by", "a researcher"]
    )
    assert done.exit_code == 0, done.output
    assert "on lab.high by a researcher" in done.output
    with forecast.view() as now:
        (kept,) = now.all(Commentary)
    assert kept.text == "See {q50}."
    assert (
        f"{kept.id}  {kept.known_at}  lab.high: See {{q50}}."
        in CliRunner().invoke(app, ["comment", "list"]).output
    )
    assert "author: a researcher" in CliRunner().invoke(app, ["comment", "show", kept.id]).output
