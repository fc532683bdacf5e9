"""Reads what strangers send in a process of its own, with little memory, little time and no secrets.

The process is started for one reading and ends with it: it holds no settings, no database and no key, so that a fault
in a parser costs that reading and nothing else. It answers in JSON, which cannot bring code back. Starting Python and
its modules costs more than most readings, so one clean process that has them, and sees no stranger's data, splits off
the others (`core/isolation_child.py`).
"""

import array
import asyncio
import atexit
import json
import os
import socket
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any
from weakref import WeakKeyDictionary

import structlog

from core import errors
from core.errors import N_, Refusal
from core.isolation_child import UNSTARTED

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
    function: Callable[..., Any] | str,
    data: bytes,
    *more: str,
    memory_mb: int = MEMORY_MB,
    seconds: int = CPU_SECONDS,
) -> Any:
    """What `function` makes of the data, as JSON has it. Importing its module must not import the application.

    A function whose module is large is named instead ("package.module:function"): then only the other process loads it.

    `more` are further arguments; they show in the list of processes, so nothing personal may be among them.

    Raises Unparsable, or the refusal of core.errors that it raised; OSError where no process can be started.
    """
    name = function if isinstance(function, str) else f"{function.__module__}:{function.__qualname__}"
    turns = _turns.setdefault(asyncio.get_running_loop(), {})
    async with turns.setdefault(name, asyncio.Semaphore(AT_ONCE)):
        parent = _large_parent if isinstance(function, str) else _parent
        said = await _said(parent, [name, str(memory_mb), str(seconds), *more], data, PATIENCE * seconds)
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


class _Parent:
    """The clean process that splits off readings, started with the first of them. It ends when we do.

    What a module takes counts against the memory of every reading that is split off after it was loaded: large ones
    have a parent of their own.
    """

    def __init__(self) -> None:
        self.owner = os.getpid()
        self.line: socket.socket | None = None
        self.process: subprocess.Popen[bytes] | None = None

    def begin(self, order: bytes, theirs: socket.socket) -> None:
        """Have a reading started whose input and output is that end of a line. Raises OSError."""
        for is_last in (False, True):
            try:
                # In a message of its own: what stands in it is short, and by us.
                descriptors = array.array("i", [theirs.fileno()])
                self._open().sendmsg([order], [(socket.SOL_SOCKET, socket.SCM_RIGHTS, descriptors)])
                return
            except OSError:
                self.end()
                if is_last:
                    raise

    @property
    def is_gone(self) -> bool:
        return self.process is None or self.process.poll() is not None

    def end(self) -> None:
        if self.line is not None and self.process is not None:
            self.line.close()
            self.process.wait(timeout=5)
        self.line = self.process = None

    def _open(self) -> socket.socket:
        if self.line is None or self.owner != os.getpid():
            self.owner = os.getpid()
            self.line, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
            with theirs:
                self.process = subprocess.Popen(  # noqa: S603
                    [sys.executable, "-B", "-m", "core.isolation_child", str(theirs.fileno())],
                    pass_fds=[theirs.fileno()],
                    **_SURROUNDINGS,
                )
        return self.line


_SURROUNDINGS: dict[str, Any] = {
    "stdin": subprocess.DEVNULL,
    "stdout": subprocess.DEVNULL,
    "stderr": subprocess.DEVNULL,
    "cwd": ROOT,
    "env": {"PATH": os.defpath, "LANG": "C.UTF-8"},
}
_parent, _large_parent = _Parent(), _Parent()
atexit.register(_parent.end)
atexit.register(_large_parent.end)


async def _said(parent: _Parent, arguments: list[str], data: bytes, patience: int) -> bytes:
    if not hasattr(os, "fork"):
        return await _said_by_a_new_one(arguments, data, patience)
    ours, theirs = socket.socketpair()
    with theirs:
        parent.begin(json.dumps([patience, *arguments]).encode(), theirs)
    reader, writer = await asyncio.open_connection(sock=ours)
    try:
        async with asyncio.timeout(patience):
            writer.write(data)
            writer.write_eof()
            said = await reader.read()
        if said == UNSTARTED or (not said and parent.is_gone):
            raise OSError("no process for a reading")
        return said
    except (TimeoutError, BrokenPipeError, ConnectionResetError):
        return b""
    finally:
        # With nobody to read it, what is still written ends the reading; its own clock ends the rest.
        writer.close()


async def _said_by_a_new_one(arguments: list[str], data: bytes, patience: int) -> bytes:
    """Where a process cannot be split (Windows)."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-B",
        "-m",
        "core.isolation_child",
        *arguments,
        **{**_SURROUNDINGS, "stdin": subprocess.PIPE, "stdout": subprocess.PIPE},
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
