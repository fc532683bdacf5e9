"""What runs on the other side of `core.isolation`: limits first, then one function on what is sent."""

import contextlib
import gc
import importlib
import json
import os
import signal
import socket
import sys
from typing import Any

from core.errors import Refusal

# What is answered where the machine has no room for one more process.
UNSTARTED = b"unstarted"


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


def serve(line: socket.socket) -> None:
    """Split off a process for each order that comes, until whoever gives them is gone.

    Modules are loaded before the split, so that each is loaded once. What strangers sent is read after it only.
    """
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    while True:
        order, descriptors, _, _ = socket.recv_fds(line, 65536, 1)
        if not order:
            return
        patience, name, memory_mb, cpu_seconds, *more = json.loads(order)
        with contextlib.suppress(ImportError):
            importlib.import_module(name.partition(":")[0])
        with socket.socket(fileno=descriptors[0]) as asker:
            gc.freeze()
            try:
                is_child = os.fork() == 0
            except OSError:
                asker.sendall(UNSTARTED)
                continue
            if is_child:
                line.close()
                _read_once(asker, patience, (name, *more), int(memory_mb), int(cpu_seconds))


def _read_once(asker: socket.socket, patience: int, what: tuple[str, ...], memory_mb: int, cpu_seconds: int) -> None:
    """One reading, and the end of its process whatever happens."""
    try:
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        # By the clock too: a reading that waits for something costs no processor.
        signal.alarm(patience)
        limit(memory_mb, cpu_seconds)
        with asker.makefile("rb") as file:
            data = file.read()
        name, *more = what
        asker.sendall(json.dumps(answer_of(name, data, *more)).encode())
    finally:
        os._exit(0)


def main() -> None:
    if len(sys.argv) == 2:
        serve(socket.socket(fileno=int(sys.argv[1])))
        return
    name, memory_mb, cpu_seconds, *more = sys.argv[1:]
    limit(int(memory_mb), int(cpu_seconds))
    answer = json.dumps(answer_of(name, sys.stdin.buffer.read(), *more))
    with contextlib.suppress(BrokenPipeError):
        sys.stdout.write(answer)
        sys.stdout.flush()


if __name__ == "__main__":
    main()
