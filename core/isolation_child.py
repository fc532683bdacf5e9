"""What runs on the other side of `core.isolation`: limits first, then one function on what stands on stdin."""

import contextlib
import importlib
import json
import sys
from typing import Any

from core.errors import Refusal


def limit(memory_mb: int, cpu_seconds: int) -> None:
    """Bound this process for good: memory, time, no files written, no core dump with people's data."""
    try:
        resource: Any = importlib.import_module("resource")
    except ImportError:  # Windows: the caller's clock is the only limit there
        return
    memory = memory_mb * 1024 * 1024
    for what, most in (
        (resource.RLIMIT_AS, memory),
        (resource.RLIMIT_CPU, cpu_seconds),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(what, (most, most))


def answer_of(name: str, data: bytes, *more: str) -> dict[str, Any]:
    """What the function `module:name` makes of the data, or why not."""
    module, _, function = name.partition(":")
    try:
        return {"found": getattr(importlib.import_module(module), function)(data, *more)}
    except Refusal as refusal:
        said = {"kind": type(refusal).__name__, "field": refusal.field, "facts": refusal.facts}
        return {"refusal": said | {"reason": getattr(refusal, "reason", "")}}
    except Exception as error:  # MemoryError and RecursionError too
        return {"failed": type(error).__name__}


def main() -> None:
    name, memory_mb, cpu_seconds, *more = sys.argv[1:]
    limit(int(memory_mb), int(cpu_seconds))
    answer = json.dumps(answer_of(name, sys.stdin.buffer.read(), *more))
    with contextlib.suppress(BrokenPipeError):
        sys.stdout.write(answer)
        sys.stdout.flush()


if __name__ == "__main__":
    main()
