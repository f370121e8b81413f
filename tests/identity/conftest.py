"""Identity in a database of its own, a school in it with people who hold roles, and the gradebook beside it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any
from uuid import UUID

import msgspec
import pytest
from sqlalchemy import Engine, func, select
from uuid_utils.compat import uuid7

from contracts.gradebook.bundles import BundleGradesImported
from contracts.identity.bundles import BundleImported, Bundles
from contracts.identity.consents import Consents
from contracts.identity.credentials import Credentials
from contracts.identity.sessions import Sessions
from kernel.auth import Actor, Signer, Verifier, make_keys
from kernel.data.database import UnitOfWork
from kernel.data.outbox import OutboxRow
from kernel.files.folder import FolderStore
from services.gradebook.service import GradebookService
from services.identity.accounts import tables as accounts_tables
from services.identity.classes import tables as classes_tables
from services.identity.service import IdentityService
from tests.kit.calls import ask_directly, call
from tests.kit.databases import Databases
from tests.kit.files import handed_in
from tests.kit.jobs import carry_out_due
from tests.kit.outboxes import hand_over, waiting
from tests.kit.people import PASSWORD, PeopleOfSchool


@dataclass
class School(PeopleOfSchool):
    """A school and those who act in it. Nobody is in a class or has a guardian unless a test says so."""

    service: IdentityService
    name: str = "Лицей"
    source_id: str | None = None

    def __post_init__(self) -> None:
        self.id = uuid7()
        self.create_school(self.name, self.source_id)

    @property
    def identity(self) -> IdentityService:
        return self.service

    def save(self, table: type[Any], *rows: dict[str, Any]) -> None:
        self.add([(table, list(rows))])

    @cached_property
    def director(self) -> Actor:
        return self.person("director", name="Орлова Дина")

    @cached_property
    def methodologist(self) -> Actor:
        return self.person("methodologist", name="Быкова Мила")

    @cached_property
    def teacher(self) -> Actor:
        return self.person("teacher", name="Волков Тимур")

    @cached_property
    def student(self) -> Actor:
        return self.person("student", name="Анисимов Яков")

    @cached_property
    def parent(self) -> Actor:
        return self.person("parent", name="Анисимова Ольга")

    def gradebook(self) -> Actor:
        return Actor(self.id, roles=frozenset({"service"}), service="gradebook")

    def printing(self) -> Actor:
        return Actor(self.id, roles=frozenset({"service"}), service="printing")

    def count(self, table: type[Any], *where: Any) -> int:
        with self.service.unit_of_work.of(self.id) as session:
            return session.scalar(select(func.count()).select_from(table).where(*where)) or 0

    def row(self, table: type[Any], *key: Any) -> Any:
        with self.service.unit_of_work.of(self.id) as session:
            return session.get_one(table, (self.id, *key))


def login_of(service: IdentityService, actor: Actor) -> str:
    with service.unit_of_work.everywhere() as session:
        return session.get_one(accounts_tables.Account, actor.account_id).login


def sign_in(service: IdentityService, login: str, password: str = PASSWORD, address: str = "") -> dict[str, Any]:
    return call(service, Sessions.open_session, None, login=login, password=password, address=address)


def sign_in_and_change(service: IdentityService, verifier: Verifier, login: str, issued: str) -> Actor:
    """Whose credentials these are, signed in and with a password of their own in place of the issued one."""
    tokens = sign_in(service, login, issued)
    actor = verifier.claims(tokens["access_token"]).actor(None)
    own = "some words of their own"
    call(service, Credentials.change_password, actor, old_password=issued, new_password=own)
    return verifier.claims(refresh(service, tokens["refresh_token"])["access_token"]).actor(None)


def events(service: Any, name: str) -> list[OutboxRow]:
    """Events that wait to be published, in order."""
    return waiting(service, name)


def consent(school: School, purpose: str = "portal", *, granted: bool = True, by: Actor | None = None) -> dict:
    return call(
        school.service, Consents.record_consent, by or school.methodologist,
        guardian_id=school.parent.person_id, student_id=school.student.person_id, purpose=purpose, granted=granted,
    )  # fmt: skip


def announced(service) -> list[list[str]]:
    return [msgspec.json.decode(row.body)["student_ids"] for row in events(service, "students_changed")]


def refresh(service, token: str) -> dict:
    return call(service, Sessions.refresh_session, None, refresh_token=token)


def revoked(service) -> list[str]:
    return [msgspec.json.decode(row.body)["session_id"] for row in events(service, "session_revoked")]


@dataclass
class Imports:
    """Identity and the gradebook with the events of an import carried between them."""

    identity: IdentityService
    gradebook: GradebookService

    def start(self, actor: Actor, bundle: bytes, **options: Any) -> str:
        """Hand in a bundle; nothing is carried out yet."""
        name = handed_in(self.identity.files, actor.tenant_id, bundle)
        started = call(self.identity, Bundles.start_import, actor, bundle=name, **options)
        assert started["status"] == "waiting"
        return str(started["id"])

    def check(self) -> None:
        """Identity does its own part of the imports that wait."""
        carry_out_due(self.identity)

    def hand_over(self) -> None:
        """The gradebook hears of its part, and has not begun."""
        self._carry(self.identity, self.gradebook, BundleImported)

    def grade(self) -> None:
        """The gradebook does its part, and identity hears of the end."""
        carry_out_due(self.gradebook)
        self._carry(self.gradebook, self.identity, BundleGradesImported)

    def run(self, actor: Actor, bundle: bytes, **options: Any) -> dict[str, Any]:
        """A whole import: how it stands in the end."""
        import_id = self.start(actor, bundle, **options)
        self.check()
        self.hand_over()
        self.grade()
        return self.status(actor, import_id)

    def status(self, actor: Actor, import_id: str) -> dict[str, Any]:
        return call(self.identity, Bundles.import_status, actor, import_id=import_id)

    def _carry(self, owner: Any, to: Any, kind: type[Any]) -> None:
        for row in waiting(owner, kind.NAME):
            hand_over(owner, row, [to])


def counts(status: dict[str, Any]) -> dict[str, tuple[int, int, int, int]]:
    """Kind → created, changed, unchanged, removed."""
    names = ("created", "changed", "unchanged", "removed")
    return {count["kind"]: tuple(count[name] for name in names) for count in status["counts"]}


@pytest.fixture(scope="session")
def keys(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("keys")
    make_keys(folder, ("identity", "gradebook"))
    return folder


@pytest.fixture
def verifier(keys: Path) -> Verifier:
    return Verifier(keys / "public" / "public.jwks")


@pytest.fixture
def engine(database: Callable[..., Engine]) -> Engine:
    return database("identity")


@pytest.fixture
def service(engine: Engine, keys: Path, tmp_path: Path) -> IdentityService:
    made = IdentityService()
    made.files = FolderStore(tmp_path / "files")
    made.unit_of_work = UnitOfWork(engine, consumer="identity")
    made.signer = Signer.load("identity", keys / "identity" / "private.jwk")
    return made


@pytest.fixture
def school(service: IdentityService) -> School:
    return School(service)


@pytest.fixture
def school_class(school) -> Any:
    """8А, led by the teacher, with the student in it since long."""
    class_id = uuid7()
    lead = {"homeroom_teacher_id": school.teacher.person_id}
    school.save(classes_tables.SchoolClass, {"id": class_id, "name": "8А", "grade": 8, **lead})
    school.enrol(school.student, class_id, since=-30)
    return class_id


@pytest.fixture
def another_school(service: IdentityService) -> School:
    return School(service, "Гимназия")


@pytest.fixture
def imports(service: IdentityService, databases: Databases, tmp_path: Path) -> Iterator[Imports]:
    with databases.of("gradebook", None, tmp_path) as engine:
        gradebook = GradebookService()
        gradebook.unit_of_work = UnitOfWork(engine, consumer="gradebook")
        gradebook.ask = ask_directly(service, asker="gradebook")
        yield Imports(service, gradebook)


def school_id_of(status: dict[str, Any], source_id: str) -> UUID:
    return next(UUID(one["id"]) for one in status["schools"] if one["source_id"] == source_id)
