"""Rows of one tenant stay with that tenant: the ORM's wall. PostgreSQL's row-level security is the second one.

A session is bound to a tenant (`bind`), or expressly to all (`bind_everywhere`). Every SELECT, UPDATE and DELETE
on a `TenantRow` gets the tenant's criterion; a flush or bulk insert of another tenant's row is refused.
A session bound to neither reads and writes no tenant's row at all.
"""

from __future__ import annotations

from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import ForeignKeyConstraint, Uuid, column, event, text
from sqlalchemy.orm import Mapped, ORMExecuteState, Session, declared_attr, mapped_column, synonym, with_loader_criteria
from uuid_utils.compat import uuid7

from kernel import context

EVERYWHERE = "*"
#: The setting PostgreSQL's policies compare with (see `kernel.data.migrations.protect`).
SETTING = "lyceum.tenant"


#: Letters of a connection's name that PostgreSQL keeps.
LONGEST_NAME = 63
#: Also names trace and call in pg_stat_activity and in the server's log: a slow statement leads to its request.
_TELL = text(f"select set_config('{SETTING}', :tenant, true), set_config('application_name', :call, true)")


class TenantRow:
    """Mixin of every mapped class whose rows belong to a tenant; `__tenant_column__` names the column."""

    __tenant_column__: ClassVar[str]

    @declared_attr
    def tenant_id(cls) -> Mapped[UUID]:  # noqa: N805  # SQLAlchemy passes the class
        """The owner of the row, under the kernel's name."""
        owner: Any = cls  # a class, whatever type checkers take the first parameter for
        if owner is TenantRow:  # SQLAlchemy tries a criterion on the mixin itself before it applies it to tables
            return column("tenant_id")  # type: ignore[return-value]  # stands in for an attribute that is mapped
        return synonym(owner.__tenant_column__)


class SchoolRow(TenantRow):
    """A row of a school, which is a tenant: `school_id` comes first in its primary key, so rows can be spread by it."""

    __tenant_column__ = "school_id"

    school_id: Mapped[UUID] = mapped_column(Uuid, primary_key=True, sort_order=-2)


class IdentifiedRow(SchoolRow):
    """A row of a school with an id of its own."""

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True, default=uuid7, sort_order=-1)


def refers(column: str, table: str) -> ForeignKeyConstraint:
    """A reference to a row of the same school."""
    return ForeignKeyConstraint(["school_id", column], [f"{table}.school_id", f"{table}.id"])


class WrongTenant(RuntimeError):
    """A programming error: a row of one tenant was about to be written in a session bound to another."""


def bind(session: Session, tenant_id: UUID) -> None:
    """Show and take only rows of `tenant_id` in this session."""
    session.info["tenant"] = tenant_id


def bind_everywhere(session: Session) -> None:
    """Show rows of all tenants: for timers and relays of a service, never for a caller's request."""
    session.info["tenant"] = EVERYWHERE


def bound(session: Session) -> UUID | str | None:
    """The tenant the session is bound to, `EVERYWHERE`, or None."""
    tenant: UUID | str | None = session.info.get("tenant")
    return tenant


def _criterion(tenant: UUID) -> Any:
    return with_loader_criteria(
        TenantRow,
        lambda cls: cls.tenant_id == tenant,
        include_aliases=True,
    )


def _add_criterion(state: ORMExecuteState) -> None:
    tenant = bound(state.session)
    if tenant == EVERYWHERE:
        return
    assert not isinstance(tenant, str), "a tenant is an id, or everywhere"
    touches = [m for m in state.all_mappers if issubclass(m.class_, TenantRow)]
    if state.is_insert:
        if touches:
            _check_inserted(state, tenant, touches[0].class_)
        return
    if tenant is None:
        if touches:
            raise WrongTenant(f"{touches[0].class_.__name__} needs a session that is bound to a tenant")
        return
    if not state.is_column_load and not state.is_relationship_load:
        statement: Any = state.statement
        state.statement = statement.options(_criterion(tenant))


def _check_inserted(state: ORMExecuteState, tenant: UUID | str | None, cls: type[TenantRow]) -> None:
    column = cls.__tenant_column__
    given: Any = state.parameters
    rows = given if isinstance(given, (list, tuple)) else [given or {}]
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
        connection.execute(_TELL, {"tenant": str(bound(session) or ""), "call": _name_of(context.current())})


def _name_of(call: context.Call | None) -> str:
    """What a connection is called while it serves the call: trace id, and as much of the call's id as there is room."""
    if call is None:
        return "lyceum"
    return f"lyceum {(call.traceparent or '')[3:35]} {call.call_id}"[:LONGEST_NAME]


def install(session_class: type[Session]) -> None:
    """Make every session of `session_class` keep the walls."""
    event.listen(session_class, "do_orm_execute", _add_criterion)
    event.listen(session_class, "before_flush", _check_flush)
    event.listen(session_class, "after_begin", _tell_postgres)
