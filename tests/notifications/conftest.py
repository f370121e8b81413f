"""A real mail server on loopback, and notifications in a database beside the services it asks."""

from __future__ import annotations

import datetime
import ssl
from collections import Counter
from collections.abc import Callable, Iterator
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from ipaddress import IPv4Address
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, Envelope
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from sqlalchemy import Engine

from kernel.config import Settings
from kernel.data.database import UnitOfWork
from servers.process import free_ports
from services.attendance.service import AttendanceService
from services.notifications.messages import entrypoints
from services.notifications.service import NotificationsService
from tests.kit.calls import ask_directly
from tests.kit.databases import Databases
from tests.kit.town import School, Town, TownTemplate

USER, PASSWORD = "school", "p@ss:word/"


@pytest.fixture(autouse=True)
def _at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Homework and changes of a day are told at once: those who test that they are waited for say so."""
    monkeypatch.setattr(entrypoints, "SETTLING", datetime.timedelta(0))
    monkeypatch.setattr(entrypoints, "SETTLING_OF_DAYS", datetime.timedelta(0))


class MailServer:
    """Takes letters, refuses what it is told to refuse, and can be away for a while: its port stays."""

    def __init__(self, **options: Any) -> None:
        self.port = free_ports(1)[0]
        self.letters: list[EmailMessage] = []
        self.recipients: list[str] = []
        self.senders: list[str] = []
        #: Address → what is answered to RCPT TO; likewise to DATA.
        self.at_recipient: dict[str, str] = {}
        self.at_data: dict[str, str] = {}
        self.at_sender = ""
        self.seen: Counter[str] = Counter()
        self._options = options
        self._controller: Controller | None = None

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.port}"

    def start(self) -> None:
        self._controller = Controller(self, hostname="127.0.0.1", port=self.port, **self._options)
        self._controller.start()
        self.seen.clear()

    def stop(self) -> None:
        if self._controller is not None:
            self._controller.stop()
            self._controller = None

    async def handle_EHLO(self, server: Any, session: Any, envelope: Any, hostname: str, responses: list[str]) -> Any:
        self.seen["connections"] += 1
        session.host_name = hostname
        return responses

    async def handle_MAIL(self, server: Any, session: Any, envelope: Envelope, address: str, options: Any) -> str:
        if self.at_sender:
            return self.at_sender
        self.senders.append(address)
        envelope.mail_from = address
        return "250 OK"

    async def handle_RCPT(self, server: Any, session: Any, envelope: Envelope, address: str, options: Any) -> str:
        self.seen[address] += 1
        if address in self.at_recipient:
            return self.at_recipient[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Envelope) -> str:
        (address,) = envelope.rcpt_tos
        if address in self.at_data:
            return self.at_data[address]
        assert isinstance(envelope.content, bytes)
        letter = message_from_bytes(envelope.content, policy=default)
        assert isinstance(letter, EmailMessage)
        self.letters.append(letter)
        self.recipients.append(address)
        return "250 OK"


@pytest.fixture
def mail_server(request: pytest.FixtureRequest) -> Iterator[MailServer]:
    """A test may give options of aiosmtpd's controller."""
    server = MailServer(**getattr(request, "param", {}))
    server.start()
    yield server
    server.stop()


@pytest.fixture
def certificate(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A certificate for 127.0.0.1 with its key, in one file, which this process trusts."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    address = x509.SubjectAlternativeName([x509.IPAddress(IPv4Address("127.0.0.1"))])
    now = datetime.datetime.now(datetime.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name).issuer_name(name).public_key(key.public_key()).serial_number(1)
        .not_valid_before(now - datetime.timedelta(1)).not_valid_after(now + datetime.timedelta(1))
        .add_extension(address, critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )  # fmt: skip
    path = tmp_path / "certificate.pem"
    secret = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path.write_bytes(made.public_bytes(serialization.Encoding.PEM) + secret)
    monkeypatch.setenv("SSL_CERT_FILE", str(path))
    return path


def _authenticator(server: Any, session: Any, envelope: Any, mechanism: str, data: Any) -> AuthResult:
    success = (data.login.decode(), data.password.decode()) == (USER, PASSWORD)
    return AuthResult(success=success, handled=False)


@pytest.fixture
def tls_context(certificate: Path) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    return context


@pytest.fixture
def starttls_server(tls_context: ssl.SSLContext) -> Iterator[MailServer]:
    """Takes letters only from `USER` with `PASSWORD`, and only after STARTTLS."""
    server = MailServer(
        tls_context=tls_context, require_starttls=True, authenticator=_authenticator, auth_required=True
    )
    server.start()
    yield server
    server.stop()


@pytest.fixture
def tls_server(tls_context: ssl.SSLContext) -> Iterator[MailServer]:
    """Speaks TLS from the first byte."""
    server = MailServer(ssl_context=tls_context)
    server.start()
    yield server
    server.stop()


@pytest.fixture
def engine(database: Callable[..., Engine]) -> Engine:
    return database("notifications")


@pytest.fixture
def attendance(databases: Databases, town: Town, tmp_path: Path) -> Iterator[AttendanceService]:
    with databases.of("attendance", None, tmp_path) as engine:
        made = AttendanceService()
        made.unit_of_work = UnitOfWork(engine)
        made.ask = ask_directly(town.identity, town.gradebook, asker="attendance")
        town.listeners.append(made)
        yield made


@pytest.fixture
def service(engine: Engine, town: Town, attendance: AttendanceService, mail_server: MailServer) -> NotificationsService:
    made = NotificationsService()
    made.unit_of_work = UnitOfWork(engine)
    made.ask = ask_directly(town.identity, town.gradebook, attendance, asker="notifications")
    made.settings = Settings(
        smtp_url=mail_server.url, mail_from="Lyceum <lyceum@example.org>", public_url="https://lyceum.example",
        mail_connections=1,
    )  # fmt: skip
    town.listeners.append(made)
    return made


@pytest.fixture
def school(service: NotificationsService, town: Town, towns: TownTemplate) -> School:
    return towns.school(town)
