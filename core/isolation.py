"""Reads what strangers send in a process of its own, with little memory, little time and no secrets.

The process is started for one reading and ends with it: it holds no settings, no database and no key, so that a fault
in a parser costs that reading and nothing else. It answers in JSON, which cannot bring code back.
"""

import asyncio
import json
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any
from weakref import WeakKeyDictionary

import structlog

from core import errors
from core.errors import N_, Refusal

log = structlog.get_logger()
ROOT = Path(__file__).resolve().parent.parent
MEMORY_MB = 192
CPU_SECONDS = 10
# On a busy machine a second of work takes longer than a second.
PATIENCE = 3
AT_ONCE = 2
# By what is read: strangers' mail that takes long holds up no table of staff.
_turns: WeakKeyDictionary[asyncio.AbstractEventLoop, dict[str, asyncio.Semaphore]] = WeakKeyDictionary()


class Unparsable(Refusal):
    """Reading took more memory or time than it may, or the parser gave up."""

    status = 422
    code = "unparsable"
    title = N_("This could not be read: it is damaged, or takes too much time or memory to read.")


async def isolated(
    function: Callable[..., Any],
    data: bytes,
    *more: str,
    memory_mb: int = MEMORY_MB,
    seconds: int = CPU_SECONDS,
) -> Any:
    """What `function` makes of the data, as JSON has it. Importing its module must not import the application.

    `more` are further arguments; they show in the list of processes, so nothing personal may be among them.

    Raises Unparsable, or the refusal of core.errors that it raised; OSError where no process can be started.
    """
    name = f"{function.__module__}:{function.__qualname__}"
    turns = _turns.setdefault(asyncio.get_running_loop(), {})
    async with turns.setdefault(name, asyncio.Semaphore(AT_ONCE)):
        said = await _said((name, str(memory_mb), str(seconds), *more), data, PATIENCE * seconds)
    try:
        answer = json.loads(said)
    except ValueError:
        answer = {"failed": "no answer"}
    if "refusal" in answer:
        raise _refusal(**answer["refusal"])
    if "failed" in answer:
        log.warning("could not be read", kind=answer["failed"])
        raise Unparsable()
    return answer["found"]


async def _said(arguments: Sequence[str], data: bytes, patience: int) -> bytes:
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-B",
        "-m",
        "core.isolation_child",
        *arguments,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
        cwd=ROOT,
        env={"PATH": os.defpath, "LANG": "C.UTF-8"},
    )
    try:
        async with asyncio.timeout(patience):
            said, _ = await process.communicate(data)
        return said
    except (TimeoutError, BrokenPipeError, ConnectionResetError):
        return b""
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


def _refusal(kind: str, field: str | None, reason: str, facts: dict[str, Any]) -> Refusal:
    made: type[Refusal] = getattr(errors, kind)
    if issubclass(made, errors.Unacceptable | errors.NotThatKind):
        return made(field or "", reason, **facts)
    return made(field, **facts)
