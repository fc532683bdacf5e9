"""What tests cost: seconds of CPU of their process and of those it started.

`--costs` ends a run with a table of them. They grow with other load, by a third on a crowded machine, but not with
waiting. Set-up that tests share stands with the first that needed it; PostgreSQL, which runs on its own, in no row.
"""

from collections import Counter
from collections.abc import Generator
from contextlib import suppress

import psutil
import pytest

CPU = "cpu"
# Rows of the table: so many files, and so many tests.
FILES, TESTS = 30, 40


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--costs", action="store_true", help="end with the seconds of CPU of folders, files and tests")


def pytest_configure(config: pytest.Config) -> None:
    if config.getoption("costs"):
        config.pluginmanager.register(Costs())


def used() -> float:
    """Seconds of CPU of this process and of all below it, whether they have ended or not."""
    this, seconds = psutil.Process(), 0.0
    for process in (this, *this.children(recursive=True)):
        with suppress(psutil.NoSuchProcess):
            seconds += sum(process.cpu_times()[:4])
    return seconds


class Costs:
    def __init__(self) -> None:
        self.since = used()
        self.of: Counter[str] = Counter()

    def pytest_collection_finish(self) -> None:
        self.since = used()

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(self) -> Generator[None, pytest.TestReport, pytest.TestReport]:
        """Note in the process that ran it what each set-up, call and tear-down took."""
        report = yield
        now = used()
        report.user_properties.append((CPU, now - self.since))
        self.since = now
        return report

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Add up where the run is watched."""
        self.of[report.nodeid] += float(dict(report.user_properties).get(CPU, 0))  # type: ignore[assignment]

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        files, folders, counts = Counter[str](), Counter[str](), Counter[str]()
        for test, seconds in self.of.items():
            file = test.partition("::")[0]
            folder = "/".join(file.split("/")[: 3 if file.startswith("tests/events/") and file.count("/") > 2 else 2])
            files[file] += seconds
            folders[folder] += seconds
            counts.update((file, folder))
        terminalreporter.section(f"{sum(self.of.values()):.0f} s of CPU in {len(self.of)} tests")
        for name, table, rows in (("folder", folders, None), ("file", files, FILES), ("test", self.of, TESTS)):
            for key, seconds in table.most_common(rows):
                terminalreporter.write_line(f"{name:6} {seconds:8.1f} s {counts[key] or 1:5d}  {key}")
