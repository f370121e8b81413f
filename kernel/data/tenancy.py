"""Isolation of tenants in the ORM. PostgreSQL's row-level security is the second barrier.

A session is bound to one tenant (`bind`) or explicitly to all (`bind_everywhere`). Every SELECT, UPDATE and DELETE
of a `TenantRow` gets the tenant's criterion; a flush or bulk insert of another tenant's row is refused.
An unbound session can neither read nor write tenants' rows.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, ClassVar, Final
from uuid import UUID
from weakref import WeakKeyDictionary

from sqlalchemy import ForeignKeyConstraint, Uuid, bindparam, column, event
from sqlalchemy.orm import Mapped, ORMExecuteState, Session, declared_attr, mapped_column, synonym, with_loader_criteria
from uuid_utils.compat import uuid7

from kernel import context

EVERYWHERE = "*"
#: The setting that PostgreSQL's policies compare with (`kernel.data.migrations.protect`).
SETTING = "lyceum.tenant"
#: The length to which PostgreSQL truncates `application_name`.
LONGEST_NAME = 63
#: Also puts trace and call ids into pg_stat_activity and the server's log, to find the request of a slow statement.
_TELL = f"select set_config('{SETTING}', %s, true), set_config('application_name', %s, true)"


class TenantRow:
    """Mixin of every mapped class whose rows belong to a tenant; `__tenant_column__` names the column."""

    __tenant_column__: ClassVar[str]

    @declared_attr
    def tenant_id(cls) -> Mapped[UUID]:  # noqa: N805  # SQLAlchemy passes the class
        """The row's tenant: a synonym of `__tenant_column__`."""
        owner: Any = cls  # a class, though type checkers take the first parameter for an instance
        if owner is TenantRow:  # SQLAlchemy evaluates a criterion on the mixin itself before it applies it to tables
            return column("tenant_id")  # type: ignore[return-value]  # stands for a mapped attribute
        return synonym(owner.__tenant_column__)


class SchoolRow(TenantRow):
    """A row of a school, which is a tenant. `school_id` is first in the primary key, so that tables can be
    partitioned by it.
    """

    __tenant_column__ = "school_id"

    school_id: Mapped[UUID] = mapped_column(Uuid, primary_key=True, sort_order=-2)


class IdentifiedRow(SchoolRow):
    """A row of a school with its own id."""

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True, default=uuid7, sort_order=-1)


def refers(column: str, table: str) -> ForeignKeyConstraint:
    """A foreign key to a row of the same school."""
    return ForeignKeyConstraint(["school_id", column], [f"{table}.school_id", f"{table}.id"])


class WrongTenant(RuntimeError):
    """A programming error: access to tenants' rows in a session that is unbound or bound to another tenant."""


def bind(session: Session, tenant_id: UUID) -> None:
    """Limit the session to rows of `tenant_id`."""
    session.info["tenant"] = tenant_id


def bind_everywhere(session: Session) -> None:
    """Open the session to rows of all tenants (`UnitOfWork.everywhere`)."""
    session.info["tenant"] = EVERYWHERE


def bound(session: Session) -> UUID | str | None:
    """The tenant that the session is bound to, `EVERYWHERE`, or None."""
    tenant: UUID | str | None = session.info.get("tenant")
    return tenant


#: The name of the tenant among a SELECT's parameters.
_TENANT: Final = "lyceum_tenant"
#: The criterion of SELECTs. It is made once, so that SQLAlchemy's caches recognize it; the tenant is a parameter.
#: (SQLAlchemy makes a parameter of its own of every variable in the lambda: so the name stands there as a literal.)
_CRITERION: Final = with_loader_criteria(
    TenantRow,
    lambda cls: cls.tenant_id == bindparam("lyceum_tenant", type_=Uuid()),
    include_aliases=True,
    track_closure_variables=False,
)
#: A statement that is made once and executed often → the same with the criterion.
_ISOLATED: Final[WeakKeyDictionary[Any, Any]] = WeakKeyDictionary()


def _add_criterion(state: ORMExecuteState) -> None:
    tenant = bound(state.session)
    if tenant == EVERYWHERE:
        return
    assert not isinstance(tenant, str), "a tenant is an id, or everywhere"
    if state.is_select and tenant is not None:
        if not state.is_column_load and not state.is_relationship_load:
            _isolate(state, tenant)
        return
    touches = [m for m in state.all_mappers if issubclass(m.class_, TenantRow)]
    if state.is_insert:
        if touches:
            given: Any = state.parameters
            rows = given if isinstance(given, (list, tuple)) else [given or {}]
            _check_inserted(rows, tenant, touches[0].class_)
        return
    if tenant is None:
        if touches:
            raise WrongTenant(f"{touches[0].class_.__name__} needs a session that is bound to a tenant")
        return
    if not state.is_orm_statement:  # it names tables, which the criterion does not reach
        return
    # The parameters of an UPDATE are the values that it sets, so its criterion holds the tenant itself.
    statement: Any = state.statement
    state.statement = statement.options(
        with_loader_criteria(TenantRow, lambda cls: cls.tenant_id == tenant, include_aliases=True)
    )


def _isolate(state: ORMExecuteState, tenant: UUID) -> None:
    """Give a SELECT the criterion, and the tenant as its parameter."""
    isolated = _ISOLATED.get(state.statement)
    if isolated is None:
        statement: Any = state.statement
        isolated = _ISOLATED[state.statement] = statement.options(_CRITERION)
    state.statement = isolated
    parameters: Any = state.parameters
    state.parameters = {**(parameters or {}), _TENANT: tenant}


def check_rows(session: Session, cls: type[Any], rows: Iterable[Mapping[str, Any]]) -> None:
    """Raise `WrongTenant` where a row that is to be inserted belongs to another tenant than the session."""
    tenant = bound(session)
    if tenant != EVERYWHERE and issubclass(cls, TenantRow):
        _check_inserted(rows, tenant, cls)


def _check_inserted(rows: Iterable[Mapping[str, Any]], tenant: UUID | str | None, cls: type[TenantRow]) -> None:
    column = cls.__tenant_column__
    for row in rows:
        if row.get(column) != tenant:
            raise WrongTenant(f"{cls.__name__} of another tenant, or of none, in a bulk insert")


def _check_flush(session: Session, _context: Any, _instances: Any) -> None:
    tenant = bound(session)
    if tenant == EVERYWHERE:
        return
    for row in list(session.new) + list(session.dirty) + list(session.deleted):
        if not isinstance(row, TenantRow):
            continue
        column = type(row).__tenant_column__
        if row in session.new and getattr(row, column) is None and tenant is not None:
            setattr(row, column, tenant)
        if getattr(row, column) != tenant:
            raise WrongTenant(f"{type(row).__name__} belongs to another tenant than the session")


def _tell_postgres(session: Session, _transaction: Any, connection: Any) -> None:
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql(_TELL, (str(bound(session) or ""), _name_of(context.current())))


def _name_of(call: context.Call | None) -> str:
    """The connection's `application_name` during a call: the trace id and the start of the call id."""
    if call is None:
        return "lyceum"
    return f"lyceum {(call.traceparent or '')[3:35]} {call.call_id}"[:LONGEST_NAME]


def install(session_class: type[Session]) -> None:
    """Make every session of `session_class` isolate tenants."""
    event.listen(session_class, "do_orm_execute", _add_criterion)
    event.listen(session_class, "before_flush", _check_flush)
    event.listen(session_class, "after_begin", _tell_postgres)
