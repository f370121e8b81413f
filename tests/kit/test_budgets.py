"""A run tells what its tests cost, and fails where a kind of them costs too much."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.kit.budgets import PATIENCE, Budget, Spent

#: A conftest of a suite that holds the plugin to one budget.
CONFTEST = """
from tests.kit.budgets import Budget, Budgets

def pytest_configure(config):
    config.pluginmanager.register(Budgets(({budget},)), "budgets")
"""
BUSY = """
import time
import pytest

@pytest.mark.parametrize("number", range(4))
def test_busy(number):
    until = time.process_time() + 0.05
    while time.process_time() < until:
        pass
"""


@pytest.fixture
def suite(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> pytest.Pytester:
    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).parents[2]))
    pytester.makeini("[pytest]\naddopts = -p no:schemathesis -p no:pytest_nameko")
    pytester.makepyfile(test_busy=BUSY)
    return pytester


@pytest.mark.slow
@pytest.mark.parametrize("workers", [[], ["-n", "2"]], ids=["in one process", "with workers"])
def test_a_run_over_its_budget_fails_though_every_test_passed(suite: pytest.Pytester, workers: list[str]):
    suite.makeconftest(CONFTEST.format(budget="Budget('unit', 0.01)"))
    done = suite.runpytest(*workers)
    done.assert_outcomes(passed=4)
    done.stdout.fnmatch_lines(
        ["*what the tests cost*", "unit *4 tests*10 ms CPU, a test", "OVER BUDGET: unit: 4 tests*"]
    )
    assert done.ret == pytest.ExitCode.TESTS_FAILED


@pytest.mark.slow
def test_a_run_within_its_budget_passes_and_tells_what_it_cost(suite: pytest.Pytester):
    suite.makeconftest(CONFTEST.format(budget="Budget('unit', 5)"))
    done = suite.runpytest()
    done.stdout.fnmatch_lines(["unit *4 tests*s CPU*5000 ms CPU, a test"])
    done.stdout.no_fnmatch_line("*OVER BUDGET*")
    assert done.ret == pytest.ExitCode.OK


#: A server that tests share and the last one stops: a child process, whose CPU is its parent's once it has ended.
SHARED = """
import subprocess, sys
import pytest

@pytest.fixture(scope="{scope}", autouse=True)
def server():
    yield
    subprocess.run([sys.executable, "-c", "import time\\nwhile time.process_time() < 0.5: pass"], check=True)
"""


@pytest.mark.slow
@pytest.mark.parametrize("scope", ["module", "session"])
@pytest.mark.parametrize("workers", [[], ["-n", "2"]], ids=["in one process", "with workers"])
def test_what_the_shared_servers_did_is_not_laid_on_the_last_test(
    suite: pytest.Pytester, workers: list[str], scope: str
):
    suite.makepyfile(test_idle="def test_idle(): pass")
    suite.makeconftest(CONFTEST.format(budget="Budget('unit', 0.08)") + SHARED.format(scope=scope))
    done = suite.runpytest(*workers)
    done.stdout.fnmatch_lines(["servers *s CPU*", "unit *5 tests*80 ms CPU, a test"])
    assert done.ret == pytest.ExitCode.OK


def test_a_few_tests_are_not_held_to_an_average():
    assert Budget("unit", 0.02, at_least=10).is_held(Spent(9, cpu=100))
    assert not Budget("unit", 0.02, at_least=10).is_held(Spent(10, cpu=100))


@pytest.mark.parametrize("cpu", [True, False], ids=["CPU", "the clock"])
def test_a_run_fails_where_patience_ends(cpu: bool):
    budget, most = Budget("browser", 3, cpu=cpu), 30.0 * PATIENCE[cpu]
    assert budget.is_held(Spent(10, cpu=most if cpu else 1000, clock=1000 if cpu else most))
    assert not budget.is_held(Spent(10, cpu=most + 1 if cpu else 0, clock=0 if cpu else most + 1))


def test_a_budget_in_all_is_not_divided_by_the_tests():
    assert Budget("processes", 360, in_all=True).is_held(Spent(1000, cpu=720))
    assert not Budget("processes", 360, in_all=True).is_held(Spent(1000, cpu=721))
