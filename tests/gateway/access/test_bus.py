"""A service on the bus refuses a role by itself: the gateway has no part in it."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from contracts.gradebook.marks import Marks
from contracts.roles import OPERATOR, ROLES
from kernel.auth import Membership, Signer, human_claims, make_keys
from kernel.bus.embedded import EmbeddedBroker, EmbeddedClient
from kernel.config import Settings
from kernel.errors import Forbidden, NotFound, Unauthenticated
from kernel.running.starting import runner_of
from services.gradebook.service import GradebookService
from tests.kit.databases import Databases

MARK = {"lesson_id": str(uuid4()), "student_id": str(uuid4()), "value": "5"}
SCHOOL = uuid4()
#: Puts the command of a mark on the bus, with a token or without.
Post = Callable[..., Any]


@pytest.fixture(scope="module")
def settings(databases: Databases, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """Keys, and the gradebook's tables."""
    made = Settings(data_dir=tmp_path_factory.mktemp("bus"), stop_seconds=10)
    make_keys(made.keys_dir, ("identity", "gradebook", "printing"))
    path = Path(made.database_url("gradebook").removeprefix("sqlite:///"))
    path.parent.mkdir(parents=True, exist_ok=True)
    shutil.copy(databases.template("gradebook"), path)
    return made


@pytest.fixture(scope="module")
def post(settings: Settings) -> Iterator[Post]:
    broker = EmbeddedBroker()
    running = runner_of([GradebookService], settings, broker=broker)
    running.start()

    def call(token: str | None, command: dict[str, Any] = MARK) -> Any:
        client = EmbeddedClient(broker)
        return client.call(Marks.post_mark, command, token=token, tenant_id=SCHOOL, timeout=10)

    yield call
    running.stop()


def signer(settings: Settings, issuer: str) -> Signer:
    return Signer.load(issuer, settings.keys_dir / issuer / "private.jwk")


def token(settings: Settings, role: str, *, seconds: int = 300) -> str:
    place = Membership(SCHOOL, uuid4(), frozenset({role}))
    return signer(settings, "identity").sign(human_claims(uuid4(), uuid4(), (place,)), seconds)


@pytest.mark.parametrize("role", [role for role in (*ROLES, OPERATOR) if role != "teacher"])
def test_a_role_that_may_not_is_refused_before_the_command_is_read(post: Post, settings: Settings, role: str) -> None:
    with pytest.raises(Forbidden) as refused:
        post(token(settings, role), {"no_such_field": 1})
    assert refused.value.rule == "role"


def test_a_service_that_the_contract_does_not_name_is_refused(post: Post, settings: Settings) -> None:
    with pytest.raises(Forbidden) as refused:
        post(signer(settings, "printing").service_token())
    assert refused.value.rule == "role"


def test_no_token_and_one_that_has_expired_are_refused(post: Post, settings: Settings) -> None:
    for given, rule in ((None, "token-missing"), (token(settings, "teacher", seconds=-1), "token-expired")):
        with pytest.raises(Unauthenticated) as refused:
            post(given)
        assert refused.value.rule == rule


def test_a_teacher_gets_as_far_as_the_lesson(post: Post, settings: Settings) -> None:
    with pytest.raises(NotFound) as missing:
        post(token(settings, "teacher"))
    assert missing.value.rule == "no-such-lesson"
