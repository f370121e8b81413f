"""Servers and databases that the tests of one process share, virtual hosts that one test has for itself."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import configuration, settings
from sqlalchemy import Engine

from servers.postgres import PostgresServer, postgres_binaries
from servers.process import MissingBinary
from servers.rabbit import RabbitBroker, rabbit_binaries
from servers.temporary import postgres_server, rabbit_broker
from tests.kit.budgets import Budgets
from tests.kit.databases import Databases
from tests.kit.sharing import Sharing, place
from tests.shared import WITHOUT

#: Modules of assertions that are no tests by name: pytest shows what differs there too.
pytest.register_assert_rewrite("tests.gateway.access.matrix")

if TYPE_CHECKING:
    from playwright.sync_api import Browser
    from xdist.remote import Producer
    from xdist.scheduler import LoadScopeScheduling

    from tests.kit.town import Town, TownTemplate

configuration.set_hypothesis_home_dir(str(Path(__file__).parents[1] / "var" / "cache" / "hypothesis"))
# A busy machine is no reason to fail: pytest bounds each test's time.
settings.register_profile("patient", settings.default, deadline=None)
settings.load_profile("patient")
settings.register_profile("fast", deadline=None, max_examples=10)

#: Who uses the fixture needs the server, or a site of all services.
MARKER_OF_FIXTURE = {"rabbit": "broker", "postgres": "postgres", "door": "site"}
missed: dict[str, int] = {}


def _program(*names: str, package: str) -> Callable[[], Path]:
    def find() -> Path:
        for name in names:
            found = shutil.which(name)
            if found is not None:
                return Path(found)
        raise MissingBinary(f"{names[0]} is missing: install {package} (root on Debian: make test-servers).")

    return find


#: Marker → what finds the programs that a test so marked needs, or raises `MissingBinary`.
NEEDS: dict[str, Callable[[], Path]] = {
    "broker": rabbit_binaries,
    "postgres": postgres_binaries,
    "browser": _program(
        "chromium-headless-shell", "chromium", "chromium-browser", "google-chrome", package="chromium-headless-shell"
    ),
    "pdf": _program("pdftotext", package="poppler-utils"),
}


#: A browser that looks at nothing but the page.
BROWSER_ARGUMENTS = (
    "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update",
    "--disable-sync", "--no-first-run",
)  # fmt: skip


def pytest_configure(config: pytest.Config) -> None:
    config.pluginmanager.register(Budgets(), "budgets")


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> LoadScopeScheduling:
    """Of several processes of tests, which gets which."""
    return Sharing(config, log)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Mark each test by the servers its fixtures start, so that `-m` chooses by what a test needs.

    Several processes of tests begin with what takes longest, so that none is left with it at the end.
    """
    for item in items:
        for fixture in getattr(item, "fixturenames", ()):
            if fixture in MARKER_OF_FIXTURE:
                item.add_marker(MARKER_OF_FIXTURE[fixture])
        params = getattr(getattr(item, "callspec", None), "params", {})
        if "sqlite" in params.values():
            item.add_marker("sqlite")
        elif "dialect" in getattr(item, "fixturenames", ()):
            item.add_marker("postgres")
    if hasattr(config, "workerinput"):
        items.sort(key=lambda item: place(item.nodeid))


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Skip a test whose programs this machine lacks; where CI=true, fail it."""
    for marker, find in NEEDS.items():
        if item.get_closest_marker(marker) is None:
            continue
        try:
            find()
        except MissingBinary as missing:
            if os.environ.get("CI") == "true":
                pytest.fail(f"CI=true, and {missing}", pytrace=False)
            missed[str(missing)] = missed.get(str(missing), 0) + 1
            pytest.skip(str(missing))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say loudly what was not tested."""
    without = sum(WITHOUT in str(report.longrepr) for report in terminalreporter.stats.get("skipped", ()))
    if without:
        missed["The real input at ../shared/data is missing."] = without
    for missing, count in missed.items():
        terminalreporter.write_line(f"NOT TESTED: {count} tests. {missing}", red=True, bold=True)


@pytest.fixture(scope="session")
def rabbit() -> Iterator[RabbitBroker]:
    """A broker for all tests of this process. One that stops, kills or starves it must leave it running as it was."""
    with rabbit_broker() as broker:
        yield broker


@pytest.fixture
def vhost(rabbit: RabbitBroker) -> Iterator[str]:
    """The name of an empty virtual host without policies; `rabbit.url_of(vhost)` is its URL."""
    name = rabbit.new_vhost()
    yield name
    rabbit.discard_vhost(name)


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresServer]:
    """A database server for all tests of this process."""
    with postgres_server() as server:
        yield server


@pytest.fixture
def postgres_url(postgres: PostgresServer) -> Iterator[str]:
    """The URL of an empty PostgreSQL database, for a role that is no superuser."""
    url = postgres.new_database()
    yield url
    postgres.drop_database(url.rpartition("/")[2])


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The URL of an empty database: the test runs once on SQLite and once on PostgreSQL."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'test.sqlite'}"
    return str(request.getfixturevalue("postgres_url"))


@pytest.fixture(scope="session")
def databases(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Databases]:
    """Databases that tests use one after the other."""
    made = Databases(tmp_path_factory.mktemp("schemas"))
    yield made
    made.close()


@pytest.fixture
def dialect(request: pytest.FixtureRequest) -> str:
    """The kind of database that the test runs on: "postgres", unless it is marked with `on_both`."""
    return str(getattr(request, "param", "postgres"))


@pytest.fixture
def database(
    request: pytest.FixtureRequest, dialect: str, databases: Databases, tmp_path: Path
) -> Iterator[Callable[..., Engine]]:
    """`database(service)`: an engine of a database with the service's newest schema and no rows.

    `database(name, prepare)` is one of another kind, whose tables `prepare` makes.
    """
    server = request.getfixturevalue("postgres") if dialect == "postgres" else None
    with ExitStack() as stack:
        yield lambda name, prepare=None: stack.enter_context(databases.of(name, server, tmp_path, prepare))


@pytest.fixture(scope="session")
def towns(databases: Databases, tmp_path_factory: pytest.TempPathFactory) -> TownTemplate:
    """Makes towns: identity and the gradebook with a school, beside a service that asks them."""
    from tests.kit.town import TownTemplate  # takes seconds to read, which unit tests need not

    return TownTemplate(tmp_path_factory.mktemp("town"), databases)


@pytest.fixture
def town(towns: TownTemplate, tmp_path: Path) -> Iterator[Town]:
    """A town of the test's own. Who listens there is added by the service's fixtures."""
    with towns.town(tmp_path) as made:
        yield made


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """A Chromium of this process, which can have but one."""
    from playwright.sync_api import sync_playwright  # few processes need it

    with sync_playwright() as playwright:
        made = playwright.chromium.launch(executable_path=str(NEEDS["browser"]()), args=list(BROWSER_ARGUMENTS))
        yield made
        made.close()
