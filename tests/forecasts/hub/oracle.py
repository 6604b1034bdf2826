"""The hubverse's own reader, hubdata, asked in an environment of its own: what it finds in a hub's folder.

Run by that environment's Python (`SCORECARD_ORACLE`), never imported here: `oracle.py FOLDER` prints the rows as JSON.
"""

# mypy: ignore-errors
# The library that it asks is in an environment of its own, where mypy does not look.

import json
import sys
from pathlib import Path

from hubdata import connect_hub, connect_target_data
from hubdata.create_target_data_schema import TargetType

hub = Path(sys.argv[1])
out = sys.stdout
sys.stdout = sys.stderr  # its warnings go to standard output
told = {
    "model_output": connect_hub(hub).to_table().to_pylist(),
    "time_series": connect_target_data(hub, TargetType.TIME_SERIES).to_table().to_pylist(),
}
print(json.dumps(told, default=str), file=out)
