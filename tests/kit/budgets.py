"""What a test of each kind may cost: measured in every run, told at its end, held where enough tests ran.

What this process does is measured in seconds of CPU, its own and its ended child processes'. Tests of
browsers mostly wait for the browser: their time by the clock counts. Other work on the machine makes both longer, the
clock more: a run fails only at `PATIENCE` times a budget.
"""

from __future__ import annotations

import resource
import time
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest

#: What stopping the servers that the tests of a file or a process shared is counted as: all that they did becomes their
#: stopper's CPU, and would be laid on whichever test happens to be the last.
SHARED_SERVERS = "servers"
#: Name of the property by which a report carries kind, CPU seconds and clock seconds from a worker.
PROPERTY = "cost"
#: Whether CPU counts → how many times its budget a kind may cost before the run fails.
PATIENCE = {True: 2, False: 3}


@dataclass(frozen=True)
class Budget:
    """What tests of a kind may cost."""

    kind: str
    #: On average for a test, or for all tests of the kind.
    seconds: float
    #: So few tests are not held to it: starting servers and making tables would count for too much.
    at_least: int = 0
    in_all: bool = False
    #: Whether CPU counts, or the clock.
    cpu: bool = True

    def is_held(self, spent: Spent) -> bool:
        """Whether the tests cost no more than they may, with patience."""
        if spent.tests < self.at_least:
            return True
        seconds = (spent.cpu if self.cpu else spent.clock) / (1 if self.in_all else spent.tests)
        return seconds <= self.seconds * PATIENCE[self.cpu]

    def __str__(self) -> str:
        what = "CPU" if self.cpu else "by the clock"
        return f"{self.seconds:g} s {what}, in all" if self.in_all else f"{self.seconds * 1000:g} ms {what}, a test"


@dataclass
class Spent:
    """What the tests of a kind cost together, in seconds."""

    tests: int = 0
    cpu: float = 0.0
    clock: float = 0.0


BUDGETS = (
    Budget("unit", 0.02, at_least=500),
    #: Imports and their undoing go through two or three services each, and are a third of these tests.
    Budget("service", 0.1, at_least=300),
    Budget("gateway", 0.06, at_least=200),
    Budget("openapi", 60, in_all=True),
    Budget("slow", 210, in_all=True),
    Budget("browser", 3, at_least=20, cpu=False),
    Budget("processes", 400, in_all=True),
    Budget(SHARED_SERVERS, 600, in_all=True),
)
#: The first part of a path below tests/ → kind, whatever a test needs.
KIND_OF_FOLDER = {
    "gateway": "gateway", "browser": "browser", "kernel": "processes", "faults": "processes", "e2e": "processes",
    "servers": "processes", "cli": "commands", "project": "repository",
}  # fmt: skip


def kind_of(item: pytest.Item) -> str:
    """Which budget a test draws on."""
    if item.path.name == "test_openapi.py":
        return "openapi"
    if item.get_closest_marker("broker"):
        return "processes"
    if item.get_closest_marker("slow") and not item.get_closest_marker("browser"):
        return "slow"
    folders = item.path.parts
    below = folders[folders.index("tests") + 1 :] if "tests" in folders else folders
    if (kind := KIND_OF_FOLDER.get(below[0])) is not None:
        return kind
    needs_database = any(item.get_closest_marker(name) for name in ("postgres", "sqlite"))
    return "service" if needs_database else "unit"


def _cpu() -> float:
    ended = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + ended.ru_utime + ended.ru_stime


@dataclass(eq=False)
class Budgets:
    """A plugin of pytest: measures where tests run, adds up and tells where their reports arrive."""

    budgets: tuple[Budget, ...] = BUDGETS
    spent: dict[str, Spent] = field(default_factory=lambda: defaultdict(Spent))
    _since: tuple[float, float] = (0.0, 0.0)
    _is_last: bool = False

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item, nextitem: pytest.Item | None) -> Iterator[None]:
        """A test begins."""
        self._is_last = nextitem is None or nextitem.path != item.path
        self._since = _cpu(), time.perf_counter()
        return (yield)

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(self, item: pytest.Item) -> Iterator[None]:
        """Setting up, the test itself or tearing down has ended: the report carries what it cost."""
        report = yield
        before, self._since = self._since, (_cpu(), time.perf_counter())
        cpu, clock = (now - then for now, then in zip(self._since, before, strict=True))
        kind = SHARED_SERVERS if self._is_last and report.when == "teardown" else kind_of(item)
        report.user_properties = [*report.user_properties, (PROPERTY, [kind, cpu, clock])]
        return report

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Add up, from this process or a worker."""
        for name, value in report.user_properties:
            if name == PROPERTY:
                kind, cpu, clock = value
                spent = self.spent[kind]
                spent.tests += report.when == "setup"
                spent.cpu += cpu
                spent.clock += clock

    def over(self) -> list[str]:
        """The budgets that were not held, each with what was spent."""
        return [
            f"{one.kind}: {spent.tests} tests took {spent.cpu:.1f} s of CPU and {spent.clock:.1f} s by the clock; "
            f"their budget is {one}"
            for one in self.budgets
            if (spent := self.spent.get(one.kind)) and not one.is_held(spent)
        ]

    @pytest.hookimpl(tryfirst=True)
    def pytest_sessionfinish(self, session: pytest.Session, exitstatus: int) -> None:
        """A run over its budget fails, though every test passed."""
        is_worker = hasattr(session.config, "workerinput")
        if not is_worker and exitstatus == pytest.ExitCode.OK and self.over():
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """The table."""
        if not self.spent:
            return
        terminalreporter.section("what the tests cost")
        budgets = {one.kind: str(one) for one in self.budgets}
        for kind, spent in sorted(self.spent.items()):
            each = spent.cpu / spent.tests * 1000 if spent.tests else 0.0
            terminalreporter.write_line(
                f"{kind:<12} {spent.tests:>6} tests {spent.cpu:>8.1f} s CPU {spent.clock:>8.1f} s by the clock"
                f" {each:>8.1f} ms CPU each   {budgets.get(kind, '')}".rstrip()
            )
        for line in self.over():
            terminalreporter.write_line(f"OVER BUDGET: {line}", red=True, bold=True)
