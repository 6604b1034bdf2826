"""The priors, rules and roles of the loop as data/ has them."""

from __future__ import annotations

from forecasts.dynamics.model import assumptions
from scorecard.evidence.facts import load
from scorecard.places import DATA
from scorecard.records import LoopPriors, PaceRule, SeriesRole
from scorecard.thresholds.loop import LoopHeld

FACTS = load(DATA)
HELD = LoopHeld(priors=FACTS.of(LoopPriors)[0], rules=FACTS.of(PaceRule), roles=FACTS.of(SeriesRole))
PRIORS = assumptions(HELD.priors)
