"""An installation run as an operator runs it: the command line, in processes of its own."""

import os
import re
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.forked import ForkedProcess
from tests.servers import free_port, wait_for_port

HEYET = str(Path(sys.executable).parent / "heyet")
LINK = re.compile(r"http://\S+/sign-in/link/[\w-]{20,}")


class Installation:
    """Settings in the environment, commands against them, and the processes that serve them."""

    def __init__(self, folder: Path, **more: object) -> None:
        self.folder = folder
        self.port = free_port()
        # Sources are compiled once, not by each process: an environment that forbids to keep them is not followed.
        left_out = ("HEYET_", "PYTHONDONTWRITEBYTECODE")
        inherited = {k: v for k, v in os.environ.items() if not k.startswith(left_out)}
        given = {
            "var": folder / "var",
            "port": self.port,
            "secret_key": "a key for tests that is long enough",
            "mail_from": "heyet@example.org",
            "recall_seconds": 0,
            **more,
        }
        self.environment = inherited | {f"HEYET_{k.upper()}": str(v) for k, v in given.items()}

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [HEYET, *arguments],
            cwd=self.folder,
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=120,
        )

    def start(self, *arguments: str, port: int | None = None) -> "Running":
        changed = {"HEYET_PORT": str(port), "HEYET_PUBLIC_URL": self.url} if port else {}
        return Running(self._begin([HEYET, *arguments], self.environment | changed))

    def _begin(self, command: list[str], environment: dict[str, str]) -> "subprocess.Popen[str] | ForkedProcess":
        return subprocess.Popen(
            command, cwd=self.folder, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        )

    @contextmanager
    def serving(self, *arguments: str) -> Iterator["Running"]:
        running = self.start("serve", *arguments)
        try:
            wait_for_port(self.port)
            yield running
        finally:
            running.stop()


class Forked(Installation):
    """An installation whose processes have loaded before they begin: for tests of what they do then."""

    def with_demo(self, demo: Path) -> "Forked":
        """As one that has the demo: `demo` is the folder `var` of such a one."""
        shutil.copytree(demo, self.folder / "var")
        return self

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """What it printed, and complained of, stands in `stdout`."""
        running = self.start(*arguments)
        code = running.process.wait(timeout=120)
        return subprocess.CompletedProcess(arguments, code, running.rest(), "")

    def _begin(self, command: list[str], environment: dict[str, str]) -> ForkedProcess:
        return ForkedProcess(command, self.folder, environment)


class Running:
    """A process whose output is kept."""

    def __init__(self, process: subprocess.Popen[str] | ForkedProcess) -> None:
        self.lines: list[str] = []
        self.process = process
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        assert self.process.stdout is not None
        with self.process.stdout as output:
            self.lines += map(str.rstrip, output)

    @property
    def output(self) -> str:
        return "\n".join(self.lines)

    def rest(self) -> str:
        """All that it printed, once it has ended."""
        self._reader.join(timeout=5)
        return self.output

    def link(self) -> str:
        """The sign-in link it printed."""
        ends = time.monotonic() + 30
        while time.monotonic() < ends:
            found = LINK.search(self.output)
            if found:
                return found.group(0)
            time.sleep(0.02)
        raise TimeoutError(self.output)

    def stop(self, how: signal.Signals = signal.SIGINT) -> int:
        if self.process.poll() is None:
            self.process.send_signal(how)
        code = self.process.wait(timeout=40)
        self.rest()
        return code
