"""Inspect's and the harness's own readers, asked in an environment of their own: what they make of the same files.

Run by that environment's Python (`SCORECARD_ORACLE`), never imported here: `oracle.py inspect FOLDER` writes logs of
many kinds with inspect-ai's mock model, `read FOLDER` prints its own reading of every log there, and `lm_eval FOLDER N`
runs lm-evaluation-harness N times with a tiny model of letter counts, each time with other options.
"""

# mypy: ignore-errors
# The libraries that it asks are in an environment of their own, where mypy does not look.

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any


def write_logs(folder: Path) -> None:
    """Logs as evaluators have them: every kind of score, errors within limits, epochs, limits, retries, edits."""
    from inspect_ai import Epochs, Task, eval
    from inspect_ai.dataset import Sample
    from inspect_ai.log import read_eval_log, write_eval_log
    from inspect_ai.model import GenerateConfig, ModelOutput, get_model
    from inspect_ai.scorer import Score, accuracy, mean, scorer, stderr
    from inspect_ai.solver import Generate, TaskState, generate, solver, system_message

    made: dict[str, list[Any]] = {
        "letters": ["C", "I", "P", "N", "C", "C", "I", "I"],
        "truths": [True, False, True, True, False, False, True, True],
        "words": ["yes", "no", "true", "False", "Yes", "no", "no", "yes"],
        "shares": [0.0, 0.25, 0.5, 0.75, 1.0, 1, 0, 0.125],
        "texts": ["0.5", "1", "0", "1.0", "0.25", "1", "1", "0"],
        "ratings": [1, 5, 7, 10, 3, 2, 9, 1],
        "labels": ["complied", "refused", "C", "I", "complied", "other", "C", "I"],
        "absent": ["C", float("nan"), "I", None, "C", "C", float("nan"), "I"],
        "parts": [{"ok": i % 2, "style": i / 8} for i in range(8)],
        "lists": [[0, 1], [1, 1], [0, 0], [1, 0], [0, 1], [1, 1], [0, 0], [1, 0]],
    }

    def judge(values: list[Any]) -> Any:
        keys = isinstance(values[0], dict)

        @scorer(metrics={"*": [mean(), stderr()]} if keys else [accuracy(), stderr()], name="judge")
        def one() -> Any:
            async def score(state: TaskState, target: Any) -> Score | None:
                value = values[int(str(state.sample_id).removeprefix("s")) % len(values)]
                return None if value is None else Score(value=value)

            return score

        return one()

    @solver
    def flaky(every: int) -> Any:
        async def solve(state: TaskState, generate: Generate) -> TaskState:
            if int(str(state.sample_id).removeprefix("s")) % every == 0:
                raise RuntimeError("the server is away")
            return state

        return solve

    def run(
        name: str, values: list[Any], *, args: dict[str, Any] | None = None, steps: Any = None, **more: Any
    ) -> Any:
        samples = [Sample(id=f"s{i}", input=f"question {i}", target="x") for i in range(8)]
        task = Task(
            dataset=samples, solver=steps or generate(), scorer=judge(values), name=name, **(args or {})
        )
        model = get_model(
            "mockllm/model", custom_outputs=[ModelOutput.from_content("mockllm/model", "x")] * 200
        )
        return eval(task, model=model, log_dir=str(folder), display="none", **more)[0]

    for name, values in made.items():
        run(name, values)
        run(name, values, epochs=Epochs(2, ["mean", "max"]) if name in ("letters", "shares", "truths") else 2)
        run(name, values, limit=3)
    letters = made["letters"]
    run("erring", letters, steps=flaky(3), fail_on_error=0.9)
    run("failing", letters, steps=flaky(3))
    run("counted", letters, steps=flaky(4), fail_on_error=False)
    run("prompted", letters, steps=[system_message("Be brief."), generate()])
    run("prompted", letters, steps=[system_message("Be thorough."), generate()])
    for temperature in (0.0, 0.5, 1.0):
        run("warm", letters, args={"config": GenerateConfig(temperature=temperature)})
    run("limited", letters, message_limit=5)
    run("chosen", letters, sample_id=["s1", "s4"])
    run("unlogged", letters, log_samples=False)
    run("as_json", letters, log_format="json")
    for number in range(20):
        run(f"varied_{number}", [letters[(i * (number + 2)) % 8] for i in range(8)], epochs=1 + number % 3)
    edited = next(one for one in sorted(folder.glob("*letters*.eval")))
    log = read_eval_log(str(edited))
    log.invalidated = True
    write_eval_log(log, str(folder / "invalidated.eval"))


def read_logs(folder: Path) -> dict[str, Any]:
    """What inspect-ai itself reads: of each log its status, metrics, and every score by sample, epoch and scorer."""
    from inspect_ai.log import read_eval_log
    from inspect_ai.scorer import value_to_float

    convert, told = value_to_float(), {}
    for path in sorted(p for p in folder.rglob("*") if p.suffix in (".eval", ".json")):
        try:
            log = read_eval_log(str(path), resolve_attachments=False)
        except Exception as error:  # noqa: BLE001  # whatever its own reader raises, ours need not take that log
            told[path.relative_to(folder).as_posix()] = {"unread": type(error).__name__}
            continue
        scores = []
        for sample in log.samples or []:
            for scorer, score in (sample.scores or {}).items():
                parts = score.value if isinstance(score.value, dict) else {"": score.value}
                for key, value in parts.items():
                    known = isinstance(value, bool | int | float) or (
                        isinstance(value, str) and _is_score(value)
                    )
                    number = convert(value) if known else None
                    name = f"{scorer}/{key}" if key else scorer
                    scores.append([str(sample.id), sample.epoch, name, number])
        metrics = [
            [one.scorer, one.name, one.reducer, name, metric.value, one.scored_samples]
            for one in (log.results.scores if log.results else [])
            for name, metric in one.metrics.items()
        ]
        told[path.relative_to(folder).as_posix()] = {
            "status": log.status,
            "scores": scores,
            "metrics": metrics,
        }
    return told


def _is_score(value: str) -> bool:
    if value in ("C", "I", "P", "N") or value.lower() in ("yes", "no", "true", "false"):
        return True
    try:
        float(value)
    except ValueError:
        return False
    return True


def run_harness(folder: Path, times: int) -> None:
    """Results of lm-evaluation-harness, each with options of its own; `told.json` says which."""
    from itertools import product

    from lm_eval import simple_evaluate
    from lm_eval.api.instance import Instance
    from lm_eval.api.model import LM
    from lm_eval.api.registry import register_model
    from lm_eval.loggers import EvaluationTracker
    from lm_eval.tasks import TaskManager

    @register_model("counting")
    class Counting(LM):  # a model of word counts: prefers what has more of the prompt's characters
        def __init__(self, bias: float = 0.0, **_more: Any) -> None:
            super().__init__()
            self.bias = float(bias)

        def loglikelihood(self, requests: list[Instance], **_more: Any) -> Any:
            return [(self._like(*one.args), False) for one in requests]

        def _like(self, prompt: str, answer: str) -> float:
            shared = sum(prompt.count(letter) for letter in answer)
            return -1.0 - 1.0 / (1 + shared) - self.bias * len(answer)

        def loglikelihood_rolling(self, requests: list[Instance], **_more: Any) -> Any:
            return [-float(len(one.args[0])) for one in requests]

        def generate_until(self, requests: list[Instance], **_more: Any) -> Any:
            return [one.args[0].split()[-1] for one in requests]

    tasks, data = folder / "tasks", folder / "data"
    tasks.mkdir()
    data.mkdir()
    rows = [
        {"q": f"{i}+{i % 7}=", "choices": [str(i + i % 7), str(i), str(i + 1)], "a": 0} for i in range(24)
    ]
    for split in ("test", "train"):
        (data / f"{split}.jsonl").write_text(
            "".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8"
        )
    for description in ("", "Add."):
        name = "adding" if not description else "described"
        (tasks / f"{name}.yaml").write_text(
            f"task: {name}\ndataset_path: json\ndataset_kwargs:\n  data_files:\n    test: {data}/test.jsonl\n"
            f"    train: {data}/train.jsonl\ntest_split: test\ntraining_split: train\nfewshot_split: train\n"
            f'description: "{description}"\n'
            'output_type: multiple_choice\ndoc_to_text: "{{q}}"\ndoc_to_target: "{{a}}"\n'
            'doc_to_choice: "{{choices}}"\nmetric_list:\n  - metric: acc\n  - metric: acc_norm\n'
            "metadata:\n  version: 1.0\n",
            encoding="utf-8",
        )
    manager = TaskManager(include_path=str(tasks), include_defaults=False)
    models = ("", "dtype=float16", "peft=lab/lora", "revision=step9")
    options = list(product((0, 1, 2, 3), (None, 6), models, (0.0, 0.4), (1234, 7), ("adding", "described")))[
        :times
    ]
    told = {}
    for number, (shots, limit, extra, bias, seed, task) in enumerate(options):
        arguments = ",".join(part for part in ("pretrained=lab/counting", f"bias={bias}", extra) if part)
        results = simple_evaluate(
            model="counting",
            model_args=arguments,
            tasks=[task],
            num_fewshot=shots,
            limit=limit,
            fewshot_random_seed=seed,
            bootstrap_iters=0,
            log_samples=False,
            task_manager=manager,
            verbosity="ERROR",
        )
        tracker = EvaluationTracker(output_path=str(folder / "out" / f"{number:03}"))
        tracker.general_config_tracker.log_experiment_args("counting", arguments, None, None, False)
        tracker.save_results_aggregated(results=results, samples=None)
        told[f"{number:03}"] = {
            "settings": [shots, limit, extra, bias, seed, task],
            "acc": results["results"][task]["acc,none"],
        }
    (folder / "told.json").write_text(json.dumps(told), encoding="utf-8")


if __name__ == "__main__":
    what, place = sys.argv[1], Path(sys.argv[2])
    if what == "inspect":
        write_logs(place)
    elif what == "read":
        sys.stdout.write(json.dumps(read_logs(place)))
    else:
        run_harness(place, int(sys.argv[3]))
