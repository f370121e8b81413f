"""The settings of a process, read once from its environment when it starts. docs/operations.md lists them."""

from __future__ import annotations

import os
import re
import socket
from collections.abc import Mapping
from dataclasses import dataclass, field
from email.utils import parseaddr
from pathlib import Path
from typing import Any, Final
from urllib.parse import parse_qsl, quote, urlsplit

from environs import Env, EnvError, validate

EMBEDDED: Final = "memory://"
ENVIRONMENTS: Final = ("development", "test", "production")
#: TLS options of a broker's URL: the files of trusted authorities, of our own certificate, and of its key.
TLS_OPTIONS: Final = frozenset({"ssl_ca_certs", "ssl_certfile", "ssl_keyfile"})
#: The variable with the password of a user of the broker; a service's database role has the same password.
PASSWORD: Final = re.compile("LYCEUM_([A-Z]+)_PASSWORD")
S3_SCHEMES: Final = ("s3+http", "s3+https")
MAIL_SCHEMES: Final = ("smtp", "smtps", "smtp+starttls")


class BadSetting(ValueError):
    """A setting is missing or invalid; the message begins with the setting's name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """The settings of an installation. The defaults suit `make run`: one process, SQLite, no broker."""

    env: str = "development"
    data_dir: Path = Path("var")
    bus: str = EMBEDDED
    database: str = ""
    keys: Path | None = None
    host: str = "127.0.0.1"
    port: int = 8000
    public_url: str = ""
    secret_key: str = ""
    trusted_proxies: int = 0
    smtp_url: str = ""
    mail_from: str = "Lyceum <lyceum@localhost>"
    mail_connections: int = 4
    files_url: str = ""
    files_key: str = ""
    files_secret: str = field(default="", repr=False)
    keep_deliveries_days: int = 120
    max_workers: int = 10
    stop_seconds: int = 60
    health_port: int = 0
    gateway_threads: int = 16
    live_port: int = 0
    live_url: str = ""
    log_level: str = "INFO"
    otlp_url: str = ""
    #: User of the broker (a service, or the gateway) → the password that `{password}` in a URL stands for.
    passwords: Mapping[str, str] = field(default_factory=dict, repr=False, compare=False)

    @property
    def production(self) -> bool:
        """Whether the installation holds real children's records."""
        return self.env == "production"

    @property
    def embedded(self) -> bool:
        """Whether the bus runs inside this process and ends with it."""
        return self.bus == EMBEDDED

    @property
    def keys_dir(self) -> Path:
        """The folder of the issuers' private keys and of all public keys."""
        return self.keys or self.data_dir / "keys"

    @property
    def keys_path(self) -> Path:
        """The JWKS file of public keys that verify tokens."""
        return self.keys_dir / "public" / "public.jwks"

    @property
    def cookie_secure(self) -> bool:
        """Whether clients reach the gateway over HTTPS only, so that cookies are marked secure."""
        return urlsplit(self.public_url).scheme == "https"

    def bus_url(self, user: str) -> str:
        """The broker's URL for a service or the gateway. Raises `BadSetting` where its password is missing."""
        return self._filled(self.bus, user)

    def database_url(self, service: str) -> str:
        """The URL of the service's own database. Raises `BadSetting` where its password is missing."""
        return self._filled(self.database or f"sqlite:///{self.data_dir / '{service}.sqlite'}", service)

    def password_of(self, user: str) -> str:
        """The password of a service or the gateway for the broker and the database. Raises `BadSetting` without one."""
        password = self.passwords.get(user, "")
        if not password:
            raise BadSetting(f"LYCEUM_{user.upper()}_PASSWORD: give the password of {user}.")
        return password

    def _filled(self, template: str, user: str) -> str:
        url = template.replace("{service}", user)
        return url.replace("{password}", quote(self.password_of(user), safe="")) if "{password}" in url else url


class _Given(Env):
    """Reads settings from a given mapping: environs itself always reads `os.environ` first."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        super().__init__(expand_vars=False)
        self._given = environ

    def _get_value(self, env_key: str, default: Any) -> Any:
        return self._given.get(env_key, default)


def load(environ: Mapping[str, str] | None = None) -> Settings:
    """The settings in `environ`, by default this process's. Raises `BadSetting` naming the first wrong one."""
    env = Env(expand_vars=False) if environ is None else _Given(environ)
    try:
        settings = _read(env, _passwords(os.environ if environ is None else environ))
    except EnvError as error:
        raise BadSetting(str(error)) from None
    _check(settings)
    return settings


def _passwords(environ: Mapping[str, str]) -> dict[str, str]:
    """User → password, of the variables LYCEUM_IDENTITY_PASSWORD and so on."""
    found = ((PASSWORD.fullmatch(name), value) for name, value in environ.items())
    return {match[1].lower(): value for match, value in found if match}


def _read(env: Env, passwords: Mapping[str, str]) -> Settings:
    default = Settings()
    port = env.int("PORT", default.port, validate=validate.Range(1, 65535))
    host = env.str("LYCEUM_HOST", default.host)
    keys = env.str("LYCEUM_KEYS", "")
    return Settings(
        env=env.str("LYCEUM_ENV", default.env, validate=validate.OneOf(ENVIRONMENTS)),
        data_dir=Path(env.str("LYCEUM_DATA", "") or default.data_dir).absolute(),
        bus=env.str("LYCEUM_BUS_URL", "") or default.bus,
        database=env.str("LYCEUM_DATABASE_URL", default.database),
        keys=Path(keys) if keys else None,
        host=host,
        port=port,
        public_url=env.str("LYCEUM_PUBLIC_URL", "") or f"http://{host}:{port}",
        secret_key=env.str("LYCEUM_SECRET_KEY", default.secret_key),
        trusted_proxies=env.int("LYCEUM_TRUSTED_PROXIES", 0, validate=validate.Range(0, 10)),
        smtp_url=env.str("LYCEUM_SMTP_URL", default.smtp_url),
        mail_from=env.str("LYCEUM_MAIL_FROM", default.mail_from),
        mail_connections=env.int("LYCEUM_MAIL_CONNECTIONS", default.mail_connections, validate=validate.Range(1, 50)),
        files_url=env.str("LYCEUM_FILES_URL", default.files_url),
        files_key=env.str("LYCEUM_FILES_KEY", default.files_key),
        files_secret=env.str("LYCEUM_FILES_SECRET", default.files_secret),
        keep_deliveries_days=env.int(
            "LYCEUM_KEEP_DELIVERIES_DAYS", default.keep_deliveries_days, validate=validate.Range(14, 3660)
        ),
        max_workers=env.int("LYCEUM_MAX_WORKERS", default.max_workers, validate=validate.Range(1, 200)),
        stop_seconds=env.int("LYCEUM_STOP_SECONDS", default.stop_seconds, validate=validate.Range(1, 3600)),
        health_port=env.int("LYCEUM_HEALTH_PORT", default.health_port, validate=validate.Range(0, 65535)),
        gateway_threads=env.int("LYCEUM_GATEWAY_THREADS", default.gateway_threads, validate=validate.Range(1, 200)),
        live_port=env.int("LYCEUM_LIVE_PORT", default.live_port, validate=validate.Range(0, 65535)),
        live_url=env.str("LYCEUM_LIVE_URL", default.live_url),
        log_level=env.str(
            "LYCEUM_LOG_LEVEL", default.log_level, validate=validate.OneOf(("DEBUG", "INFO", "WARNING", "ERROR"))
        ),
        otlp_url=env.str("LYCEUM_OTLP_URL", default.otlp_url),
        passwords=passwords,
    )


def _check(settings: Settings) -> None:
    """Check the forms of values, and settings against each other. Messages repeat no value: it may hold a password."""
    if not _is_host(settings.host):
        raise BadSetting("LYCEUM_HOST: give an address of this machine, such as 127.0.0.1 or 0.0.0.0.")
    if "@" not in parseaddr(settings.mail_from)[1]:
        raise BadSetting("LYCEUM_MAIL_FROM: give a sender such as Lyceum <lyceum@school.example>.")
    if not settings.embedded and not all(_is_broker(address) for address in settings.bus.split(";")):
        raise BadSetting(
            'LYCEUM_BUS_URL: give amqp://{service}:{password}@host:port/vhost, several with ";" between them, '
            'amqps://…?ssl_ca_certs=file over TLS, or "memory://".'
        )
    if settings.database and urlsplit(settings.database).scheme not in ("postgresql+psycopg", "sqlite"):
        raise BadSetting("LYCEUM_DATABASE_URL: give postgresql+psycopg://user:password@host/{service}, or sqlite:///….")
    if settings.smtp_url and urlsplit(settings.smtp_url).scheme not in MAIL_SCHEMES:
        raise BadSetting(f"LYCEUM_SMTP_URL: give a URL that starts with one of {', '.join(MAIL_SCHEMES)}.")
    if settings.files_url and not _is_store(settings.files_url):
        raise BadSetting(
            "LYCEUM_FILES_URL: give a folder, file:///…, or a bucket of an object storage, "
            "s3+https://storage.example/bucket?region=…."
        )
    _check_web_addresses(settings)
    if settings.production:
        _check_production(settings)


def _check_web_addresses(settings: Settings) -> None:
    if settings.otlp_url and not _is_web(settings.otlp_url):
        raise BadSetting("LYCEUM_OTLP_URL: give the collector's address, http://… or https://….")
    if settings.live_url and not _is_web(settings.live_url):
        raise BadSetting("LYCEUM_LIVE_URL: give the address of the live process as browsers reach it, https://….")
    if not _is_web(settings.public_url):
        raise BadSetting("LYCEUM_PUBLIC_URL: give the address that people use, http://… or https://….")


def _is_web(address: str) -> bool:
    return urlsplit(address).scheme in ("http", "https")


def _is_broker(address: str) -> bool:
    """Whether the address has the form of a broker's URL; the broker itself may start later."""
    try:
        parts = urlsplit(address)
        secure = parts.scheme == "amqps"
        options = {name for name, _ in parse_qsl(parts.query, keep_blank_values=True, strict_parsing=bool(parts.query))}
        named = bool(parts.hostname) and parts.port != 0
    except ValueError:  # an invalid port or query
        return False
    return named and parts.scheme in ("amqp", "amqps") and options <= (TLS_OPTIONS if secure else frozenset())


def _is_store(address: str) -> bool:
    """Whether the address names a folder or a bucket."""
    parts = urlsplit(address)
    if parts.scheme == "file":
        return not parts.netloc and parts.path.startswith("/") and len(parts.path) > 1
    bucket = parts.path.strip("/")
    return parts.scheme in S3_SCHEMES and bool(parts.netloc) and bool(bucket) and "/" not in bucket


def _is_host(host: str) -> bool:
    """Whether `host` is an address, or a name that resolves to one."""
    try:
        return bool(socket.getaddrinfo(host, None))
    except (OSError, UnicodeError):
        return False


def _check_production(settings: Settings) -> None:
    if settings.embedded:
        raise BadSetting("LYCEUM_BUS_URL: the in-process bus is for trying out; LYCEUM_ENV=production needs RabbitMQ.")
    if not settings.database or settings.database.startswith("sqlite"):
        raise BadSetting("LYCEUM_DATABASE_URL: LYCEUM_ENV=production needs PostgreSQL.")
    if not settings.cookie_secure:
        raise BadSetting("LYCEUM_PUBLIC_URL: LYCEUM_ENV=production needs https://….")
