"""Processes that begin with everything loaded: forked from one that imported Heyet once, where loading is not tested.

Loading takes 4 s of CPU, and tests that kill or only look at what is served start some eighty processes.
"""

import multiprocessing
import os
import signal
import sys
import time
from multiprocessing.connection import Connection, Pipe
from multiprocessing.context import ForkServerContext
from pathlib import Path
from subprocess import TimeoutExpired
from typing import IO

from heyet.__main__ import main
from heyet.loading import loading

with loading():
    from heyet import demo, journey, probe, server, worker  # noqa: F401  what commands import when they run


def forking() -> ForkServerContext:
    """Where processes are forked from. One for each process of a test run: the first to ask for it says what is in
    it."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([__name__, "tests.notifications.test_kills"])
    return context


class ForkedProcess:
    """A command of `heyet`, used as `subprocess.Popen` is."""

    def __init__(self, command: list[str], folder: Path, environment: dict[str, str]) -> None:
        self.args = command
        reader, writer = Pipe(duplex=False)
        self._process = forking().Process(target=_run, args=(command, folder, environment, writer), daemon=True)
        self._process.start()
        writer.close()
        self.stdout: IO[str] = os.fdopen(os.dup(reader.fileno()))
        reader.close()

    def poll(self) -> int | None:
        return self._process.exitcode

    def send_signal(self, how: signal.Signals) -> None:
        assert self._process.pid
        os.kill(self._process.pid, how)

    def kill(self) -> None:
        self._process.kill()

    def wait(self, timeout: float) -> int:
        self._process.join(timeout)
        if self._process.exitcode is None:
            raise TimeoutExpired(self.args, timeout)
        return self._process.exitcode


def _run(command: list[str], folder: Path, environment: dict[str, str], output: Connection) -> None:
    os.dup2(output.fileno(), sys.stdout.fileno())
    os.dup2(output.fileno(), sys.stderr.fileno())
    output.close()
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(environment)
    time.tzset()
    sys.argv = command
    main()
