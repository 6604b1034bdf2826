"""Which horizon is right: METR's line a system, or one slope for all with tasks of their own difficulty?

    python -m benchmarks.held_out_tasks OUTCOMES.csv [--freeze]

OUTCOMES: model, task_id, task_family, human_minutes, solved_majority. Both are fitted to some of the tasks and asked
about the rest, in five parts by task and again by family. Where a method says 50 or 80 %, that share should be solved.
METR's procedure: a logistic line in log2 minutes for each system, tasks weighted by one over the square root of their
family's size. Ours: one slope, an ability a system, a normal departure a task, integrated out for a task not seen.
--freeze writes what came out to data/reference/left_out_tasks.yaml, from which pages say it.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import yaml
from scipy.optimize import brentq, minimize
from scipy.special import expit, log_expit

from scorecard.clock import today
from scorecard.evidence.readings.left_out import FROZEN

PARTS = 5
PENALTY = 0.1  # on METR's slope and intercept a unit of weight, as a weak ridge
NODES, WEIGHTS = np.polynomial.hermite_e.hermegauss(21)
WEIGHTS = WEIGHTS / WEIGHTS.sum()
HEAD = """# How METR's line and one slope for all predicted tasks that had been left out of their fits, on majority
# outcomes of METR's suite v1.0 (McGill-NLP/BRIDGE at 6a1b821, CC BY 4.0), each task alike; docs/measurement.md says
# more. `python -m benchmarks.held_out_tasks OUTCOMES.csv --freeze` writes it.
"""
BANDS = {"50 %": (0.4, 0.6), "80 %": (0.7, 0.9)}


def metr(train: pd.DataFrame) -> dict[str, np.ndarray]:
    """Intercept and slope of each system's weighted logistic line."""
    found = {}
    for name, rows in train.groupby("model"):
        x, y, w = (rows[c].to_numpy(float) for c in ("length", "solved", "weight"))
        w = w / w.mean()

        def loss(b: np.ndarray, x: np.ndarray = x, y: np.ndarray = y, w: np.ndarray = w) -> float:
            z = b[0] + b[1] * x
            return float(-(w * (y * log_expit(z) + (1 - y) * log_expit(-z))).sum() + PENALTY * (b**2).sum())

        found[str(name)] = minimize(loss, [1.0, -0.5], method="L-BFGS-B").x
    return found


def ours(train: pd.DataFrame) -> tuple[dict[str, float], float, float]:
    """Abilities, the slope and the spread of tasks, by marginal likelihood with weak priors."""
    names = sorted(train["model"].unique())
    table = train.pivot_table(index="task_id", columns="model", values="solved").reindex(columns=names)
    length = train.groupby("task_id")["length"].first().reindex(table.index).to_numpy()
    solved, seen = table.fillna(0).to_numpy(), table.notna().to_numpy()
    sign = np.where(seen, 2 * solved - 1, 0.0)

    def loss(b: np.ndarray) -> float:
        slope, spread, ability = np.exp(b[0]), np.exp(b[1]), b[2:]
        z = slope * (ability - length[:, None])[:, :, None] - slope * spread * NODES
        log = np.where(seen[:, :, None], log_expit(sign[:, :, None] * z), 0.0).sum(axis=1)
        top = log.max(axis=1, keepdims=True)
        whole = (np.log(np.exp(log - top) @ WEIGHTS) + top[:, 0]).sum()
        return float(
            -whole + 0.5 * ((b[:2] - np.log([0.67, 1.5])) ** 2 / 0.25).sum() + 0.005 * (ability**2).sum()
        )

    start = np.concatenate([np.log([0.67, 1.5]), np.full(len(names), 3.0)])
    b = minimize(loss, start, method="L-BFGS-B", options={"maxiter": 60}).x
    return dict(zip(names, b[2:], strict=True)), float(np.exp(b[0])), float(np.exp(b[1]))


def marginal(ability: np.ndarray, length: np.ndarray, slope: float, spread: float) -> np.ndarray:
    """Chance on a task not seen, of this length."""
    return np.asarray(expit(slope * ((ability - length)[:, None] - spread * NODES)) @ WEIGHTS)


def held_out(data: pd.DataFrame, by: str) -> pd.DataFrame:
    """Every cell with what both methods say of it when its task (or family) was left out."""
    rng = np.random.default_rng(1)
    groups = data[by].unique()
    part = dict(zip(groups, rng.permutation(len(groups)) % PARTS, strict=True))
    found = []
    for one in range(PARTS):
        test = data[by].map(part) == one
        lines, (ability, slope, spread) = metr(data[~test]), ours(data[~test])
        rows = data[test].copy()
        b = np.stack([lines[m] for m in rows["model"]])
        rows["METR's line"] = expit(b[:, 0] + b[:, 1] * rows["length"].to_numpy())
        rows["ours"] = marginal(
            np.array([ability[m] for m in rows["model"]]), rows["length"].to_numpy(), slope, spread
        )
        found.append(rows)
    return pd.concat(found)


def compared(rows: pd.DataFrame, weights: pd.Series) -> Iterator[dict[str, Any]]:
    """By method the log score a cell, and what was said and solved where it says about 50 and about 80 %."""
    for method in ("METR's line", "ours"):
        p = rows[method].clip(1e-4, 1 - 1e-4)
        log = rows["solved"] * np.log(p) + (1 - rows["solved"]) * np.log(1 - p)
        bands = {}
        for name, (low, high) in BANDS.items():
            keep = (p > low) & (p < high)
            said, solved = (np.average(x[keep], weights=weights[keep]) for x in (p, rows["solved"]))
            bands[name] = {
                "said": round(float(said), 4),
                "solved": round(float(solved), 4),
                "cells": int(keep.sum()),
            }
        score = round(float(np.average(log, weights=weights)), 4)
        yield {"method": method, "log_score": score, "bands": bands}


def main(path: Path, freeze: bool = False) -> None:
    """Print calibration on left-out tasks and families, and both methods' horizons on all tasks."""
    data = pd.read_csv(path).rename(columns={"solved_majority": "solved"})
    data["length"] = np.log2(data["human_minutes"])
    size = data.groupby("task_family")["task_id"].transform("nunique")
    data["weight"] = 1 / np.sqrt(size)
    left_out: dict[str, list[dict[str, Any]]] = {}
    for name, by in (("tasks", "task_id"), ("families", "task_family")):
        rows = held_out(data, by)
        left_out[name] = list(compared(rows, pd.Series(1.0, index=rows.index)))
        for weighing, found in (
            ("each task alike", left_out[name]),
            ("METR's weights", compared(rows, rows["weight"])),
        ):
            for one in found:
                parts = [
                    f"{band}: said {x['said']:.2f}, solved {x['solved']:.2f} of {x['cells']}"
                    for band, x in one["bands"].items()
                ]
                print(
                    f"left out by {by}, {weighing}, {one['method']:12} log score {one['log_score']:.3f}; "
                    + "; ".join(parts)
                )
    lines, (ability, slope, spread) = metr(data), ours(data)
    print(f"slope {slope:.2f} a doubling, spread of tasks {spread:.2f} doublings")
    beside = {}
    for share in (0.5, 0.8):
        width = brentq(lambda d, s=share: marginal(np.array([d]), np.zeros(1), slope, spread)[0] - s, -30, 30)
        ratio = [
            2 ** (ability[m] - width - (np.log(share / (1 - share)) - b[0]) / b[1]) for m, b in lines.items()
        ]
        beside[f"{100 * share:.0f} %"] = round(float(np.median(ratio)), 3)
        print(f"ours over METR's line at {share:.0%}: median of {len(ratio)} systems {np.median(ratio):.2f}")
    if freeze:
        told = {
            "about": "metr_p80_horizon",
            "known_at": today(),
            "systems": len(lines),
            "tasks": int(data["task_id"].nunique()),
            "left_out": left_out,
            "ours_over_line": beside,
        }
        FROZEN.write_text(HEAD + yaml.safe_dump(told, sort_keys=False), encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]), "--freeze" in sys.argv[2:])
