"""What makes two Inspect runs different: everything their specification records that is not known to be harmless."""

from __future__ import annotations

from scorecard.evidence.importers.inspect.log import Json, Log
from scorecard.evidence.reading.gather import number
from scorecard.evidence.reading.runs import inner, objects
from scorecard.evidence.reading.scores import whole_number
from scorecard.evidence.reading.settings import ADAPTERS, adapted, fingerprint, given, joined, phrases, spoken

LIMITS = ("message_limit", "token_limit", "turn_limit", "time_limit", "working_limit", "cost_limit")
# Parts of `eval` that say when, where and by whom, or that are told elsewhere.
LABELS = frozenset(
    {
        "eval_set_id",
        "eval_id",
        "run_id",
        "created",
        "task",
        "task_id",
        "task_file",
        "task_display_name",
        "task_description",
        "task_registry_name",
        "task_attribs",
        "task_args_passed",
        "solver_args_passed",
        "tags",
        "metadata",
        "viewer",
        "model",
        "model_base_url",
        "config",
        "headline_metric",
        "metrics",
        "scorers",
        "shards",
        # told in the condition
        "task_args",
        "task_version",
        "solver",
        "solver_args",
        "model_args",
        "model_generate_config",
        "model_roles",
        # told as circumstances
        "dataset",
        "sandbox",
        "revision",
        "packages",
    }
)
# Parts of `eval.config` that do not change what a system is asked or how it is judged, or that are told elsewhere.
RUNNING = frozenset(
    {
        *LIMITS,
        "limit",
        "sample_id",
        "sample_shuffle",
        "epochs",
        "epochs_reducer",
        "fail_on_error",
        "continue_on_fail",
        "retry_on_error",
        "max_samples",
        "max_dataset_memory",
        "max_tasks",
        "max_subprocesses",
        "max_sandboxes",
        "sandbox_cleanup",
        "sandbox_prebuilt",
        "log_samples",
        "log_realtime",
        "log_images",
        "log_model_api",
        "log_refusals",
        "log_buffer",
        "log_shared",
        "log_format",
        "log_level",
        "notification",
        "score_display",
    }
)
# Parts of a generation's configuration that change how fast it is, what it costs or what is written down.
SERVING = frozenset(
    {
        "attempt_timeout",
        "stream_idle_timeout",
        "adaptive_connections",
        "cache",
        "cache_prompt",
        "batch",
        "logprobs",
        "top_logprobs",
        "prompt_logprobs",
        "extra_headers",
    }
)


def system_of(log: Log) -> str:
    """The system's name: the model, with adapters that were loaded on top of it."""
    return adapted(str(log.spec.get("model")), inner(log.spec.get("model_args")))


def scaffold(log: Log) -> str:
    """The names of the solvers, in their order."""
    return " > ".join(str(step.get("solver")) for step in log.steps)[:200]


def budget(log: Log) -> str:
    """What a sample may use up, and how often it is tried."""
    limits = [
        f"{name.replace('_', ' ')} {limit:g}"
        for name in LIMITS
        if (limit := number(log.config.get(name))) is not None
    ]
    epochs = whole_number(log.config.get("epochs"))
    return ", ".join(limits + ([f"{epochs} epochs"] if epochs and epochs > 1 else []))


def tools(log: Log) -> str:
    """The tools that solvers were given, by name."""
    found = [
        str(tool["name"])
        for step in log.steps
        for tool in objects(inner(step.get("params")).get("tools"))
        if tool.get("name")
    ]
    return ", ".join(found)[:200]


def further(log: Log) -> list[str]:
    """Every recorded setting beside scaffold and budget, as phrases."""
    spec, plan = log.spec, inner(log.header.get("plan"))
    generation = {**inner(spec.get("model_generate_config")), **inner(plan.get("config"))}
    effort = generation.pop("reasoning_effort", None)
    config = {name: value for name, value in log.config.items() if value is not False}
    version = spec.get("task_version")
    return [
        f"effort {effort}" if isinstance(effort, str) else "",
        *phrases(spec.get("task_args")),
        f"task version {version}" if given(version) and version not in (0, "0") else "",
        *_steps(log),
        f"solver {spec['solver']}"
        if given(spec.get("solver")) and spec["solver"] not in scaffold(log)
        else "",
        *phrases(spec.get("solver_args")),
        *phrases(generation, harmless=SERVING),
        *phrases(_without_adapters(inner(spec.get("model_args")))),
        *_roles(spec.get("model_roles")),
        *phrases(config, harmless=RUNNING),
        f"settings changed while it ran {fingerprint(updates)}"
        if (updates := [u.get("changes") for u in objects(log.header.get("config_updates"))])
        else "",
    ]


def condition(log: Log) -> str:
    """How the system was elicited, in words: scaffold, budget, effort, and whatever else was set."""
    return joined([scaffold(log), budget(log), *further(log)])


def scoring(score: Json) -> list[str]:
    """What a scorer was set to, such as the model that grades."""
    return phrases(score.get("params"))


def circumstances(log: Log) -> dict[str, str]:
    """What else is recorded of the run: its task's code, data and sandbox, and what has no word here."""
    spec = log.spec
    revision, dataset, sandbox = (inner(spec.get(name)) for name in ("revision", "dataset", "sandbox"))
    found = {
        "task code": f"{revision['commit']}{' with uncommitted changes' * (revision.get('dirty') is True)}"
        if given(revision.get("commit"))
        else "",
        "dataset": str(dataset.get("location") or dataset.get("name") or ""),
        "sandbox": str(sandbox.get("type") or ""),
        **{
            f"package {name}": str(version)
            for name, version in inner(spec.get("packages")).items()
            if name != "inspect_ai"
        },
        **{str(name): spoken(value) for name, value in spec.items() if name not in LABELS and given(value)},
    }
    return {name: value[:200] for name, value in found.items() if value}


def _without_adapters(arguments: Json) -> Json:
    return {name: value for name, value in arguments.items() if name not in ADAPTERS}


def _steps(log: Log) -> list[str]:
    """What each solver was set to."""
    return [
        f"{step.get('solver')}: {', '.join(inside)}"
        for step in log.steps
        if (inside := phrases(step.get("params")))
    ]


def _roles(roles: object) -> list[str]:
    """Other models that took part, such as a grader, each with its settings."""
    found = []
    for role, models in inner(roles).items():
        for model in objects(models if isinstance(models, list) else [models]):
            said = [*phrases(model.get("config"), harmless=SERVING), *phrases(model.get("args"))]
            found.append(f"{role} {model.get('model')}" + (f" ({', '.join(said)})" if said else ""))
    return found
