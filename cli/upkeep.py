"""Commands that maintain an installation: schemas, keys, first accounts, the demo school."""

from __future__ import annotations

import gc
import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any
from uuid import UUID

import click
import psutil
import structlog
from sqlalchemy.exc import OperationalError
from tenacity import retry, retry_if_exception_type, stop_after_delay, wait_fixed

from cli import private
from cli.demo_logins import DEMO_LOGINS, tell_logins
from cli.secret_key import with_secret_key
from contracts import SERVICES
from contracts.identity.schools import TIME_ZONE
from kernel import auth, config
from kernel.bus import topology
from kernel.config import Settings
from kernel.data import migrations
from kernel.data.database import UnitOfWork, make_engine
from kernel.errors import Conflict
from kernel.files.opening import store_of

log = structlog.get_logger()

#: Seconds that `lyceum migrate` waits for a database that does not answer.
PATIENCE = 300
#: Where `lyceum up` notes, while it runs, how its databases are reached.
RUNNING = "running.json"
#: User of the broker → the setting with its password; a service's database role has the same password.
PASSWORDS = {
    "identity": "LYCEUM_IDENTITY_PASSWORD",
    "gradebook": "LYCEUM_GRADEBOOK_PASSWORD",
    "attendance": "LYCEUM_ATTENDANCE_PASSWORD",
    "notifications": "LYCEUM_NOTIFICATIONS_PASSWORD",
    "printing": "LYCEUM_PRINTING_PASSWORD",
    "gateway": "LYCEUM_GATEWAY_PASSWORD",
}


@click.command("prepare")
def prepare_command() -> None:
    """Make what is missing: folder, keys, schemas, and where there is no school, and not in production, the demo."""
    settings = prepared(config.load())
    migrate_all(settings)
    if not settings.production:
        load_demo(settings)


@click.command("migrate")
@click.argument("services", nargs=-1, type=click.Choice(SERVICES))
def migrate_command(services: tuple[str, ...]) -> None:
    """Bring the services' databases to their newest schema; waits for a database that is away."""
    migrate_all(prepared(config.load()), services or SERVICES)
    click.echo(f"Up to date: {', '.join(services or SERVICES)}.")


@click.command("demo")
def demo_command() -> None:
    """Load the demo school into an installation that holds no school yet."""
    settings = prepared(config.load())
    if not load_demo(settings):
        raise Conflict("There are schools in this installation: the demo school is for an empty one.", rule="not-empty")
    tell_logins(settings)
    click.echo(f"They are kept in {settings.data_dir / DEMO_LOGINS}.")


@click.group("keys")
def keys_command() -> None:
    """The keys that sign tokens."""


@keys_command.command("rotate")
@click.option("--issuer", "issuers", multiple=True, type=click.Choice(SERVICES), help="Only this issuer's key.")
def rotate(issuers: tuple[str, ...]) -> None:
    """Give issuers new keys. Older public keys stay, until what they signed has expired."""
    settings = config.load()
    auth.make_keys(settings.keys_dir, issuers or SERVICES)
    click.echo(f"New keys are in {settings.keys_dir}. Restart the services that sign with them.")


@keys_command.command("show")
def show() -> None:
    """List the public keys by issuer."""
    for kid, (issuer, _) in auth.read_keys(config.load().keys_path).items():
        click.echo(f"{issuer:15} {kid}")


@click.group("operator")
def operator_command() -> None:
    """Accounts of those who run the installation. They see no child's data."""


@operator_command.command("create")
@click.argument("login")
def create_operator(login: str) -> None:
    """Make an operator's account, or give it a new password."""
    from services.identity.credentials import bootstrap

    login, password = bootstrap.create_operator(unit_of_work(config.load(), "identity"), login)
    click.echo(f"login:    {login}\npassword: {password}")


@click.group("school")
def school_command() -> None:
    """Schools."""


@school_command.command("create")
@click.argument("name")
@click.option("--director", required=True, help='"Family name, given name, patronymic", without commas.')
@click.option("--time-zone", default=TIME_ZONE, show_default=True, help="Such as Europe/Moscow.")
def create_school(name: str, director: str, time_zone: str) -> None:
    """Make a school and its director's account."""
    from services.identity.credentials import bootstrap

    _tell_director(bootstrap.create_school(unit_of_work(config.load(), "identity"), name, time_zone, director))


@school_command.command("director")
@click.argument("school_id", type=click.UUID)
@click.argument("name")
def create_director(school_id: UUID, name: str) -> None:
    """Make another director's account in a school: the first one of a school that came with a bundle."""
    from services.identity.credentials import bootstrap

    _tell_director(bootstrap.create_director(unit_of_work(config.load(), "identity"), school_id, name))


@school_command.command("zone")
@click.argument("school_id", type=click.UUID)
@click.argument("time_zone")
def set_zone(school_id: UUID, time_zone: str) -> None:
    """Change a school's time zone; its administration can do so on the page “School”."""
    from services.identity.credentials import bootstrap

    bootstrap.set_time_zone(unit_of_work(config.load(), "identity"), school_id, time_zone)
    click.echo(f"school:    {school_id}\ntime zone: {time_zone}")


def _tell_director(made: dict[str, Any]) -> None:
    click.echo(f"school:   {made['school_id']}\nlogin:    {made['login']}\npassword: {made['password']}")


@click.command("definitions")
@click.option("--vhost", default="/", show_default=True)
def definitions_command(vhost: str) -> None:
    """Print RabbitMQ's definitions: a user for each service and the gateway, permissions, policies.

    Their passwords come from LYCEUM_IDENTITY_PASSWORD and so on: one for each user.
    """
    settings = config.load()
    passwords = {user: settings.password_of(user) for user in PASSWORDS}
    click.echo(json.dumps(topology.definitions(passwords, vhost), indent=2))


# --- what the commands share -------------------------------------------------------------------------


def prepared(settings: Settings) -> Settings:
    """Create the data folder, missing keys and the gateway's secret; returns the settings with the secret.

    What is there already is closed to others.
    """
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    private.tighten(settings)
    missing = tuple(name for name in SERVICES if not (settings.keys_dir / name / "private.jwk").exists())
    if missing:
        auth.make_keys(settings.keys_dir, missing)
    return with_secret_key(settings)


def migrate_all(settings: Settings, services: tuple[str, ...] = SERVICES) -> None:
    """Migrate the databases of `services` to their newest schema."""
    for service in services:
        try:
            _migrate(service, database_url(settings, service))
        except OperationalError as error:
            reason = str(error.orig).strip().splitlines()[-1]
            raise click.ClickException(f"The database of {service} does not answer: {reason}") from None


@retry(
    retry=retry_if_exception_type(OperationalError),
    stop=stop_after_delay(PATIENCE),
    wait=wait_fixed(1),
    before_sleep=lambda state: log.warning("waiting_for_database", service=state.args[0]),
    reraise=True,
)
def _migrate(service: str, url: str) -> None:
    migrations.upgrade(service, url)


def unit_of_work(settings: Settings, service: str) -> UnitOfWork:
    """Transactions on a service's database."""
    return UnitOfWork(make_engine(database_url(settings, service)), consumer=service)


def database_url(settings: Settings, service: str) -> str:
    """The URL of a service's database: as set, else of the `lyceum up` of the data folder, else a SQLite file."""
    url = settings.database_url(service)
    return url if settings.database else _databases_of_up(settings).get(service, url)


def note_running(settings: Settings) -> None:
    """Store the databases' URLs, so that other commands on the data folder find them while this process lives."""
    path = settings.data_dir / RUNNING
    path.touch(mode=0o600)
    databases = {service: settings.database_url(service) for service in SERVICES}
    own = psutil.Process()
    path.write_text(json.dumps({"pid": own.pid, "created": own.create_time(), "databases": databases}))


def _databases_of_up(settings: Settings) -> dict[str, str]:
    path = settings.data_dir / RUNNING
    if not path.exists():
        return {}
    running = json.loads(path.read_text())
    databases: dict[str, str] = running["databases"]
    return databases if _lives(running["pid"], running["created"]) else {}


def _lives(pid: int, created: float) -> bool:
    """Whether the process that was noted lives, and not another one that has its id by now."""
    try:
        return abs(psutil.Process(pid).create_time() - created) < 1
    except psutil.NoSuchProcess:
        return False


def load_demo(settings: Settings, today: date | None = None) -> bool:
    """Load the demo school if the installation has no school. Returns whether it was loaded."""
    if settings.production:
        raise config.BadSetting("LYCEUM_ENV: demo data have no place in production.")
    with _uncollected():
        return _load_demo(settings, today)


@contextmanager
def _uncollected() -> Iterator[None]:
    """Let the garbage collector rest: it would look through a whole school again and again, a fifth of the time."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def _load_demo(settings: Settings, today: date | None) -> bool:
    from cli.demo import load

    units = {service: unit_of_work(settings, service) for service in SERVICES}
    try:
        if load.has_schools(units["identity"]):
            return False
        load.load(units, store_of(settings), settings.data_dir / DEMO_LOGINS, today or load.today_at_school())
    finally:
        for unit in units.values():
            unit.engine.dispose()
    return True
