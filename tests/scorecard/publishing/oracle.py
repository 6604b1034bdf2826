"""Compliance-trestle, asked in an environment of its own: what it reads in a file of OSCAL assessment results.

Its models are made from the schema that NIST publishes. Run by that environment's Python (`SCORECARD_ORACLE`), never
imported here: `oracle.py FILE` tells how many findings, observations and risks it read; a file that it refuses ends it.
"""

# mypy: ignore-errors
# The library that it asks is in an environment of its own, where mypy does not look.

import json
import sys
from pathlib import Path

from trestle.oscal.assessment_results import Model

held = Model.parse_obj(json.loads(Path(sys.argv[1]).read_text("utf-8")))
(result,) = held.assessment_results.results
json.dump(
    {name: len(getattr(result, name) or []) for name in ("findings", "observations", "risks")}, sys.stdout
)
