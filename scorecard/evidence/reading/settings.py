"""What makes two runs different: their recorded settings, in words, and adapters as systems of their own.

Nothing is picked by hand: whatever a run records counts, but for what is known to be harmless to its result (where
it ran, how fast, how it was logged). Long values stand as the first digits of their sha256.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from hashlib import sha256
from typing import Any

SPOKEN = 40  # characters of a value that are printed; longer ones become a fingerprint
LONGEST = 400  # characters of a whole condition
# Arguments of a model that change where and how fast it runs, not what it answers.
HARMLESS = frozenset(
    {
        "base_url",
        "batch_size",
        "cache_dir",
        "device",
        "device_map",
        "download_dir",
        "gpu_memory_utilization",
        "max_batch_size",
        "max_concurrency",
        "max_connections",
        "max_cpu_memory",
        "max_gpu_memory",
        "max_memory",
        "max_memory_per_gpu",
        "max_retries",
        "num_concurrent",
        "offload_folder",
        "organization",
        "parallelize",
        "responses_store",
        "swap_space",
        "tensor_parallel_size",
        "data_parallel_size",
        "timeout",
        "trust_remote_code",
        "verify_certificate",
    }
)
SECRET = re.compile(r"api_?key|secret|password|credential|^token$|(?:auth|access|hf)_token", re.IGNORECASE)
# Arguments that load something on top of a model: with it, it is another system.
ADAPTERS = (
    "peft",
    "delta",
    "adapter",
    "adapters",
    "lora",
    "lora_path",
    "lora_local_path",
    "adapter_path",
    "merge",
)


def fingerprint(value: Any) -> str:
    """A value as eight digits of its sha256, whatever the order of its keys."""
    text = json.dumps(value, sort_keys=True, default=str, ensure_ascii=False)
    return "#" + sha256(text.encode("utf-8", errors="replace")).hexdigest()[:8]


def spoken(value: Any) -> str:
    """A value as it is printed in a condition: short ones as they are, long ones as a fingerprint."""
    match value:
        case bool():
            text = "yes" if value else "no"
        case float() if value.is_integer() and abs(value) < 1e15:
            text = f"{value:.0f}"
        case float():
            text = f"{value:g}"
        case dict() if set(value) <= {"type", "name", "params", "params_passed"} and isinstance(
            value.get("name"), str
        ):
            inner = phrases(value.get("params"))
            text = value["name"] + (f"({', '.join(inner)})" if inner else "")
        case dict():
            text = ", ".join(phrases(value))
        case list() | tuple():
            text = " + ".join(map(spoken, value))
        case _:
            text = str(value)
    text = " ".join(text.split())
    return text if len(text) <= SPOKEN else fingerprint(value)


def given(value: Any) -> bool:
    """Whether a setting says anything: null, and empty text, lists and objects do not."""
    return value is not None and value != "" and value != [] and value != {}


def phrases(settings: Any, *, harmless: Iterable[str] = ()) -> list[str]:
    """Each setting that is given as `name value`, in the order of names; secrets and what is harmless are left out."""
    if not isinstance(settings, Mapping):
        return []
    passed = HARMLESS | set(harmless)
    return [
        f"{str(name).replace('_', ' ')} {spoken(value)}"
        for name, value in sorted(settings.items(), key=lambda item: str(item[0]))
        if given(value) and str(name) not in passed and not SECRET.search(str(name))
    ]


def joined(parts: Iterable[str]) -> str:
    """Phrases as one condition, none twice; beyond LONGEST the rest becomes one fingerprint."""
    phrases = list(dict.fromkeys(part for part in parts if part))
    text = "; ".join(phrases)
    if len(text) <= LONGEST:
        return text
    kept: list[str] = []
    while phrases and len("; ".join([*kept, phrases[0]])) < LONGEST - 40:
        kept.append(phrases.pop(0))
    return "; ".join([*kept, f"{len(phrases)} further settings {fingerprint(phrases)}"])


def adapted(model: str, arguments: Mapping[str, Any]) -> str:
    """A system's name: the model with what was loaded on top of it, since that is another system."""
    on_top = [spoken_whole(arguments[name]) for name in ADAPTERS if given(arguments.get(name))]
    return " + ".join([model, *on_top])


def spoken_whole(value: Any) -> str:
    """A value in full, as part of a name."""
    return value.strip() if isinstance(value, str) else spoken(value)


def arguments_of(text: Any) -> dict[str, Any]:
    """Arguments as an object, or as `name=value,name=value`; brackets and quotes keep their commas."""
    if isinstance(text, Mapping):
        return {str(name): value for name, value in text.items()}
    if not isinstance(text, str):
        return {}
    found = (part.partition("=") for part in _parts(text))
    return {name.strip(): value.strip() for name, sign, value in found if sign and name.strip()}


def _parts(text: str) -> Iterator[str]:
    depth, quote, start = 0, "", 0
    for place, letter in enumerate(text):
        if quote:
            quote = "" if letter == quote else quote
        elif letter in "\"'":
            quote = letter
        elif letter in "([{":
            depth += 1
        elif letter in ")]}":
            depth -= 1
        elif letter == "," and depth <= 0:
            yield text[start:place]
            start = place + 1
    yield text[start:]
