"""A private PostgreSQL cluster. PostgreSQL refuses to run as root: then it runs as another user."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
from collections.abc import Mapping
from pathlib import Path
from typing import Any, ClassVar, LiteralString
from urllib.parse import quote

import psycopg
from psycopg import sql

from servers.process import MissingBinary, Server, dying_with_us, free_ports, kept_secret, run_tool

ADMIN = "postgres"
#: The default owner of databases. It is no superuser, so that row-level security binds it.
ROLE = "lyceum"
#: Debian's folder with the programs of each version; only clients such as psql are in PATH.
DEBIAN_VERSIONS = Path("/usr/lib/postgresql")
#: The users that PostgreSQL runs as where we are root; the first that exists is used.
STAND_INS = ("postgres", "nobody")
#: Settings for test databases, which need not survive a power failure.
UNSAFE = {
    "fsync": "off",
    "full_page_writes": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "autovacuum": "off",
}


def postgres_binaries() -> Path:
    """The folder of postgres and initdb, of the newest installed version. Raises `MissingBinary`."""
    versions = [path.parent for path in DEBIAN_VERSIONS.glob("*/bin/postgres")]
    if versions:
        return max(versions, key=lambda path: float(path.parent.name))
    found = shutil.which("postgres")
    if found is None:
        raise MissingBinary("PostgreSQL is missing: install postgresql (root on Debian: make test-servers).")
    return Path(found).resolve().parent


class PostgresServer(Server):
    """A database server on loopback. With `durable=False` it is faster, but a power failure can destroy its data."""

    title = "PostgreSQL"
    stop_signal: ClassVar = signal.SIGINT  # PostgreSQL's "fast shutdown": sessions end, data are kept
    death_signal: ClassVar = signal.SIGINT

    def __init__(
        self,
        folder: Path,
        *,
        port: int | None = None,
        durable: bool = True,
        settings: Mapping[str, str] | None = None,
    ) -> None:
        """`settings` are PostgreSQL's, by name; they override ours. Raises `MissingBinary`."""
        super().__init__(folder)
        self.binaries = postgres_binaries()
        self.port = free_ports(1)[0] if port is None else port
        self.password = kept_secret(self.folder / "password")
        self.settings = {**({} if durable else UNSAFE), **(settings or {})}
        self.data = self.folder / "data"
        self._stand_in = _stand_in()
        self._databases = 0

    def url_of(self, database: str, user: str = ROLE, password: str | None = None) -> str:
        """The SQLAlchemy URL of `database` for `user`, by default with the server's own password."""
        login = f"{quote(user, safe='')}:{quote(self.password if password is None else password, safe='')}"
        return f"postgresql+psycopg://{login}@127.0.0.1:{self.port}/{quote(database)}"

    @property
    def url(self) -> str:
        """The SQLAlchemy URL of the database `postgres` for the superuser."""
        return self.url_of("postgres", ADMIN)

    def create_role(self, role: str, password: str | None = None) -> None:
        """Create a login without privileges, or change its password: to `password`, or to the server's own."""
        known = self._ask("SELECT FROM pg_roles WHERE rolname = %s", role)
        statement = sql.SQL("{} ROLE {} LOGIN PASSWORD {}").format(
            sql.SQL("ALTER" if known else "CREATE"),
            sql.Identifier(role),
            sql.Literal(self.password if password is None else password),
        )
        self._ask(statement)

    def create_database(self, name: str, owner: str = ROLE, template: str = "template1") -> str:
        """Create the database `name` from `template`, owned by `owner`, unless it exists.

        Returns its URL for the owner, with the server's own password.
        """
        if not self._ask("SELECT FROM pg_database WHERE datname = %s", name):
            statement = sql.SQL("CREATE DATABASE {} OWNER {} TEMPLATE {}")
            self._ask(statement.format(sql.Identifier(name), sql.Identifier(owner), sql.Identifier(template)))
        return self.url_of(name, owner)

    def new_database(self, template: str = "template1") -> str:
        """Create a database as a copy of `template`, which must have no sessions. Returns its URL."""
        self._databases += 1
        return self.create_database(f"test_{os.getpid()}_{self._databases}", template=template)

    def drop_database(self, name: str) -> None:
        """Delete a database and end its sessions."""
        self._ask(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))

    def prepare(self) -> None:
        """Create the cluster at the first start."""
        if (self.data / "PG_VERSION").exists():
            return
        secret = self.folder / "initdb-password"
        secret.touch(mode=0o600)
        secret.write_text(self.password)
        self.data.mkdir(mode=0o700, exist_ok=True)
        if self._stand_in is not None:
            for path in (secret, self.data):
                os.chown(path, self._stand_in.pw_uid, self._stand_in.pw_gid)
        self._initdb(secret)
        secret.unlink()

    def command(self) -> list[str]:
        """The postmaster's command line, which contains all settings."""
        settings = {
            "listen_addresses": "127.0.0.1",
            "port": str(self.port),
            "unix_socket_directories": "",
            "max_connections": "200",
            **self.settings,
        }
        options = [f"--{name}={value}" for name, value in settings.items()]
        return self._as_stand_in([str(self.binaries / "postgres"), "-D", str(self.data), *options])

    def environment(self) -> dict[str, str]:
        """This process's environment without the variables of libpq and PostgreSQL."""
        return {k: v for k, v in os.environ.items() if not k.startswith("PG")}

    def ready(self) -> bool:
        """Whether the superuser can log in; also creates the role `ROLE`."""
        try:
            self.create_role(ROLE)
        except psycopg.OperationalError as error:
            raise ConnectionError(str(error)) from None
        return True

    def _ask(self, statement: LiteralString | sql.Composed, *parameters: str) -> list[tuple[Any, ...]]:
        connection = psycopg.connect(
            host="127.0.0.1",
            port=self.port,
            user=ADMIN,
            password=self.password,
            dbname="postgres",
            connect_timeout=5,
        )
        try:
            connection.autocommit = True
            with connection.cursor() as cursor:
                cursor.execute(statement, parameters)
                return cursor.fetchall() if cursor.description is not None else []
        finally:
            connection.close()

    def _initdb(self, password_file: Path) -> None:
        initdb = [
            str(self.binaries / "initdb"),
            "-D",
            str(self.data),
            "--username",
            ADMIN,
            "--pwfile",
            str(password_file),
            "--auth",
            "scram-sha-256",
            "--encoding",
            "UTF8",
            "--locale",
            "C.UTF-8",
            "--no-sync",
            "--no-instructions",
        ]
        run_tool(self._as_stand_in(initdb), self.environment(), self.folder)

    def _as_stand_in(self, command: list[str]) -> list[str]:
        user = self._stand_in
        if user is None:
            return dying_with_us(command, self.death_signal)
        privileges = [f"--reuid={user.pw_uid}", f"--regid={user.pw_gid}", "--clear-groups"]
        if not _may_enter(user.pw_uid, self.folder):
            # A parent folder, such as root's home, is closed to the stand-in: this capability lets it pass.
            privileges += ["--inh-caps=-all,+dac_override", "--ambient-caps=-all,+dac_override"]
        return dying_with_us(command, self.death_signal, *privileges)


def _stand_in() -> pwd.struct_passwd | None:
    if os.geteuid() != 0:
        return None
    users = {user.pw_name: user for user in pwd.getpwall()}
    for name in STAND_INS:
        if name in users:
            return users[name]
    raise MissingBinary("PostgreSQL does not run as root, and there is neither a user postgres nor nobody.")


def _may_enter(uid: int, folder: Path) -> bool:
    """Whether `uid` may pass through `folder` and all its parents, as their owner or as anyone."""
    for path in (folder, *folder.parents):
        status = path.stat()
        if not status.st_mode & (0o100 if status.st_uid == uid else 0o001):
            return False
    return True
