"""What went wrong is told without anybody's data."""

from __future__ import annotations

import pytest
from marshmallow import ValidationError, fields
from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from kernel.data.database import make_engine
from kernel.data.failures import as_lyceum_error, where
from kernel.errors import Conflict, Fault, Unavailable
from kernel.running.health import answers
from servers.process import free_ports


def test_a_refusal_is_told_as_it_is():
    refused = Conflict("The lesson is closed.", rule="closed")
    assert as_lyceum_error(refused) is refused


@pytest.mark.parametrize(
    "error",
    [
        OperationalError("SELECT 1", {}, Exception("server closed the connection")),
        PoolTimeout("no connection within 15 s"),
        DBAPIError("SELECT 1", {}, Exception("gone"), connection_invalidated=True),
    ],
    ids=lambda error: type(error).__name__,
)
def test_a_database_that_is_away_is_told_as_such(error: Exception):
    told = as_lyceum_error(error)
    assert isinstance(told, Unavailable)
    assert told.rule == "database-away"


def test_a_database_that_cannot_be_connected_to_is_away():
    engine = make_engine(f"postgresql+psycopg://bell:secret@127.0.0.1:{free_ports(1)[0]}/bell")
    assert not answers(engine)
    with pytest.raises(OperationalError) as away:
        engine.connect()
    assert isinstance(as_lyceum_error(away.value), Unavailable)


@pytest.mark.parametrize(
    "error",
    [
        RuntimeError("Иванова"),
        IntegrityError("INSERT", {}, Exception("Key (login)=(ivanova)")),
        KeyError("ivanova"),
    ],
    ids=lambda error: type(error).__name__,
)
def test_any_other_failure_is_a_fault_that_keeps_its_words(error: Exception):
    told = as_lyceum_error(error)
    assert type(told) is Fault
    assert told.rule == "internal"
    assert "vanova" not in str(told.to_wire())
    assert "Иванова" not in str(told.to_wire())


def raise_a_secret() -> None:
    raise ValueError("Иванова")


def test_where_it_happened_is_told_by_kind_and_lines_only():
    with pytest.raises(ValueError) as raised:
        raise_a_secret()
    told = where(raised.value)
    assert told.startswith("ValueError at test_failures.py:")
    first, second = told.split(" < ")[:2]
    assert first.endswith("raise_a_secret")
    assert second.endswith("test_where_it_happened_is_told_by_kind_and_lines_only")
    assert "Иванова" not in told


def test_the_lines_of_libraries_are_left_out():
    with pytest.raises(ValidationError) as raised:
        fields.Integer().deserialize("Иванова")
    told = where(raised.value)
    assert told.startswith("ValidationError at test_failures.py:")
    assert "fields.py" not in told


def test_a_failure_that_was_never_raised_happened_nowhere():
    assert where(ValueError("Иванова")) == "ValueError at nowhere"
