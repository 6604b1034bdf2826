"""One rule, one place: what a rule of the domain has been given a home for is not done a second way elsewhere.

Each pattern was found several times, with different results. What is left out has its reason beside it.
"""

from __future__ import annotations

import ast
import re
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
OURS = ("scorecard", "forecasts", "screens", "pages")


@dataclass(frozen=True, kw_only=True)
class Rule:
    """What must not be written (a regular expression), where it may be, and what to call instead."""

    name: str
    pattern: str
    home: tuple[str, ...]
    instead: str


RULES = (
    Rule(
        name="the clock",
        pattern=r"datetime\.now\(UTC\)\.date\(\)|date\.today\(\)",
        home=("scorecard/clock.py",),
        instead="scorecard.clock.today()",
    ),
    Rule(
        name="tables on a screen",
        pattern=r"\.dataframe\(|NumberColumn\(format=\"percent",
        home=("screens/frame/tables.py",),
        instead="screens.frame.tables.data_table()",
    ),
    Rule(
        name="years and months",
        pattern=r"\b365\.25\b|\b30\.44\b",
        home=("scorecard/clock.py",),
        instead="scorecard.clock.YEAR and MONTH",
    ),
    Rule(
        name="per cent",
        pattern=r"""replace\(\s*["']%["'],\s*["'] %["']""",
        home=(),
        instead="scorecard.words.percent",
    ),
    Rule(
        name="days in words",
        pattern=r"%-d",  # which Windows does not know
        home=(),
        instead="scorecard.words.day_in_words",
    ),
    Rule(
        name="what counts as a reading",
        pattern=r"\.all\(\s*Measurement\b",
        home=("scorecard/evidence/readings/adjusting.py",),
        instead="readings(view), or published_readings(view) where adoption must not show",
    ),
    Rule(
        name="a reading's identity",
        pattern=r"\w+\.condition, \w+\.observed_on",
        # Its key holds the vintage too.
        home=("scorecard/records/published.py", "scorecard/evidence/importing/plans.py"),
        instead="Measurement.subject",
    ),
    Rule(
        name="keys of rulings and signatures",
        pattern=r"""f["'](criteria|prior_sets|buffers|adjustments|decisions|meetings)/\{""",
        home=(),
        instead="scorecard.records.Subject",
    ),
    Rule(
        name="which thresholds are in force",
        pattern=r"\.version == t\.version|versions\[t\.framework\]",
        home=("scorecard/thresholds/board.py",),
        instead="scorecard.thresholds.board.thresholds_in_force",
    ),
    Rule(
        name="the author of the defaults",
        pattern="the scorecard's defaults",
        home=("scorecard/records/proposed.py",),
        instead="scorecard.records.DEFAULTS",
    ),
    Rule(name="the seed", pattern=r"\b20260101\b", home=("forecasts/__init__.py",), instead="forecasts.SEED"),
    Rule(
        name="the shapes that are fitted",
        pattern=r"weights\.items\(\) if \w+ > 0",
        home=("forecasts/priors/sets.py",),
        instead="Settings.weighted",
    ),
)


def found(rule: Rule, root: Path) -> list[str]:
    """Files in which a rule is done another way."""
    paths = [path for top in OURS for path in sorted((root / top).rglob("*.py"))]
    written = [p for p in paths if re.search(rule.pattern, p.read_text(encoding="utf-8"))]
    return [name for p in written if (name := p.relative_to(root).as_posix()) not in rule.home]


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_a_rule_has_one_place(rule: Rule) -> None:
    assert found(rule, ROOT) == [], f"use {rule.instead}"


@pytest.mark.parametrize("rule", [rule for rule in RULES if rule.home], ids=lambda rule: rule.name)
def test_a_rule_is_found_where_it_lives(rule: Rule) -> None:
    """A pattern that matched nothing would pass everything."""
    for home in rule.home:
        assert re.search(rule.pattern, (ROOT / home).read_text(encoding="utf-8")), home


def test_a_second_way_is_found(tmp_path: Path) -> None:
    """Also where the rule has no home that would show it."""
    (tmp_path / "screens").mkdir()
    text = 'said = f"{p:.0%}".replace("%", " %")\nday = f"{on:%-d %B}"\nkey = f"criteria/{one.id}"\n'
    (tmp_path / "screens" / "example.py").write_text(text, encoding="utf-8")
    caught = {rule.name for rule in RULES if found(rule, tmp_path)}
    assert caught == {"per cent", "days in words", "keys of rulings and signatures"}


# ---- names: a class name means one thing, a public function's name is in two modules at most ---------------

MODULES = 2  # with a public function of one name: what a command does and what does it, say

# A registry or a convention asks every file of a kind for the same name, so the name says which part it is.
SHARED: Mapping[str, tuple[str, ...]] = {
    "render": ("scorecard/briefings/exporters",),  # a format's file
    "mean": ("forecasts/shapes",),  # a shape's curve
    # A screen's file is asked for these by the page: controls, the sentence on top, the rest, and its table.
    "ask": ("screens",),
    "answer": ("screens",),
    "draw": ("screens",),
    "as_frame": ("screens",),
    "view": ("screens",),
    # The verbs of a model, as in any library of models: each module has its own model, and they are never mixed.
    "build_model": ("forecasts",),
    "fit": ("forecasts",),
    "sample": ("forecasts",),
    "simulate": ("forecasts",),
    "learn": ("forecasts",),
    "forecast": ("forecasts",),
}
# What is answered to other programs bears the names of its schema, whatever the record calls what it is made from.
SCHEMA = "scorecard/doors/answers.py"


def defined(root: Path) -> tuple[dict[str, list[str]], dict[str, list[str]]]:
    """The modules by the name of a class, and by that of a public function, on their top level."""
    classes: dict[str, list[str]] = defaultdict(list)
    functions: dict[str, list[str]] = defaultdict(list)
    for path in sorted(p for folder in OURS for p in (root / folder).rglob("*.py")):
        place = path.relative_to(root)
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.ClassDef) and place.as_posix() != SCHEMA:
                classes[node.name].append(place.as_posix())
            elif isinstance(node, ast.FunctionDef) and called_elsewhere(node.name, place):
                functions[node.name].append(place.as_posix())
    return classes, functions


def called_elsewhere(name: str, place: Path) -> bool:
    """Whether other modules look for a name: not when it is private, a command's own, or `main`."""
    private = name.startswith("_") or name == "main" or "commands" in place.parts
    return not private and not shared(name, place)


def shared(name: str, place: Path) -> bool:
    return any(place.is_relative_to(folder) for folder in SHARED.get(name, ()))


def test_a_class_name_is_given_once() -> None:
    classes, _ = defined(ROOT)
    assert {name: places for name, places in classes.items() if len(places) > 1} == {}


def test_a_public_functions_name_is_given_in_two_modules_at_most() -> None:
    _, functions = defined(ROOT)
    assert {name: places for name, places in functions.items() if len(places) > MODULES} == {}


def test_every_exception_is_still_needed() -> None:
    held = {path for folder in OURS for path in (ROOT / folder).rglob("*.py")}
    for name, folders in SHARED.items():
        of = [
            path
            for path in held
            if shared(name, path.relative_to(ROOT)) and f"\ndef {name}" in path.read_text()
        ]
        assert len(of) > MODULES, f"{name} in {folders} is within the rule now"


def test_doubles_are_found(tmp_path: Path) -> None:
    for folder in OURS:
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "one.py").write_text(
            "class Twin:\n    pass\n\n\ndef look() -> None:\n    pass\n"
        )
    classes, functions = defined(tmp_path)
    assert len(classes["Twin"]) == len(functions["look"]) == len(OURS) > MODULES
