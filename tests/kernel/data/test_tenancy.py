"""One tenant's rows stay with it: by the ORM's wall alone, and by PostgreSQL's alone."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from uuid import UUID, uuid4

import pytest
from sqlalchemy import Engine, bindparam, delete, func, insert, select, text, update
from sqlalchemy.dialects.sqlite import insert as insert_or
from sqlalchemy.exc import ProgrammingError
from sqlalchemy.orm import Session, aliased

from kernel.auth import Actor
from kernel.data import migrations, tenancy
from kernel.data.database import BoundSession, UnitOfWork, make_engine
from kernel.data.tenancy import WrongTenant
from kernel.errors import Forbidden
from tests.kernel.bell import Sound, make_tables

OURS, THEIRS = uuid4(), uuid4()


class Operations:
    """What `migrations.protect` needs of Alembic's operations: a connection."""

    def __init__(self, connection) -> None:
        self.get_bind = lambda: connection
        self.execute = lambda statement: connection.execute(text(statement))


def sound(tenant: UUID | None, number: int = 0) -> dict:
    return {"school_id": tenant, "ring_id": uuid4(), "number": number, "bell_id": uuid4(), "process": 1}


def fill(engine: Engine) -> None:
    """Two rows of ours and one of theirs."""
    with UnitOfWork(engine).everywhere() as session:
        session.execute(insert(Sound), [sound(OURS, 1), sound(OURS, 2), sound(THEIRS, 3)])


def numbers(engine: Engine) -> list[int]:
    with UnitOfWork(engine).everywhere() as session:
        return sorted(session.scalars(select(Sound.number)))


class TestTheWallOfTheORM:
    """On SQLite, which has no other."""

    @pytest.fixture
    def dialect(self) -> str:
        return "sqlite"

    @pytest.fixture
    def engine(self, database: Callable[..., Engine]) -> Engine:
        made = database("bell", make_tables)
        fill(made)
        return made

    @pytest.fixture
    def session(self, engine: Engine) -> Iterator[Session]:
        with BoundSession(engine) as made:
            tenancy.bind(made, OURS)
            yield made

    def test_a_select_sees_the_tenants_rows_only(self, session: Session):
        assert sorted(session.scalars(select(Sound.number))) == [1, 2]

    def test_a_statement_made_once_is_compiled_once_and_shows_each_tenant_its_own(self, engine: Engine):
        made_once = select(Sound.number).where(Sound.process == bindparam("process"))
        cache: dict = {}
        cached = engine.execution_options(compiled_cache=cache)

        def seen(tenant: UUID) -> list[int]:
            with UnitOfWork(cached).of(tenant) as session:
                return sorted(session.scalars(made_once, {"process": 1}))

        assert seen(OURS) == [1, 2]
        assert cache
        compiled = len(cache)
        assert [seen(tenant) for tenant in (THEIRS, OURS, uuid4())] == [[3], [1, 2], []]
        assert len(cache) == compiled

    def test_a_count_and_a_subquery_see_them_only(self, session: Session):
        assert session.scalar(select(func.count()).select_from(Sound)) == 2
        inner = select(Sound.id).where(Sound.number == 3)
        assert session.scalars(select(Sound).where(Sound.id.in_(inner))).all() == []

    def test_an_alias_and_a_join_see_them_only(self, session: Session):
        other = aliased(Sound)
        assert session.scalar(select(func.max(other.number))) == 2
        pairs = session.execute(select(Sound.number, other.number).join(other, other.process == Sound.process))
        assert {pair for row in pairs for pair in row} == {1, 2}

    def test_another_tenants_row_cannot_be_got_by_its_key(self, engine: Engine, session: Session):
        with UnitOfWork(engine).everywhere() as everywhere:
            theirs = everywhere.scalars(select(Sound.id).where(Sound.number == 3)).one()
        assert session.get(Sound, theirs) is None

    def test_an_update_and_a_delete_reach_them_only(self, engine: Engine):
        with UnitOfWork(engine).of(OURS) as session:
            session.execute(update(Sound).values(number=Sound.number + 10))
        assert numbers(engine) == [3, 11, 12]
        with UnitOfWork(engine).of(OURS) as session:
            session.execute(delete(Sound))
        assert numbers(engine) == [3]

    def test_a_new_row_gets_the_sessions_tenant(self, engine: Engine):
        with UnitOfWork(engine).of(OURS) as session:
            session.add(Sound(**(sound(None, 4) | {"school_id": None})))
        with UnitOfWork(engine).of(OURS) as session:
            assert 4 in session.scalars(select(Sound.number)).all()

    def test_a_new_row_of_another_tenant_is_refused_at_the_flush(self, engine: Engine, session: Session):
        session.add(Sound(**sound(THEIRS, 4)))
        with pytest.raises(WrongTenant):
            session.flush()
        assert numbers(engine) == [1, 2, 3]

    def test_a_row_cannot_be_given_to_another_tenant(self, session: Session):
        session.scalars(select(Sound).where(Sound.number == 1)).one().school_id = THEIRS
        with pytest.raises(WrongTenant):
            session.flush()

    @pytest.mark.parametrize("tenant", [THEIRS, None], ids=["another", "none"])
    def test_a_bulk_insert_for_another_tenant_or_none_is_refused(self, session: Session, tenant: UUID | None):
        with pytest.raises(WrongTenant):
            session.execute(insert(Sound), [sound(OURS, 4), sound(tenant, 5)])

    def test_an_insert_whose_values_stand_in_the_statement_is_checked_as_well(self, engine: Engine):
        for statement in (insert(Sound), insert_or(Sound).on_conflict_do_nothing()):
            with pytest.raises(WrongTenant), UnitOfWork(engine).of(OURS) as session:
                session.execute(statement.values(**sound(THEIRS, 4)))
        assert numbers(engine) == [1, 2, 3]

    def test_a_session_that_is_bound_to_nothing_reads_and_writes_no_row(self, engine: Engine):
        with BoundSession(engine) as session:
            for statement in (select(Sound), update(Sound).values(number=0), delete(Sound)):
                with pytest.raises(WrongTenant):
                    session.execute(statement)
            with pytest.raises(WrongTenant):
                session.execute(insert(Sound), [sound(OURS)])
            session.add(Sound(**sound(OURS)))
            with pytest.raises(WrongTenant):
                session.flush()

    def test_a_unit_of_work_is_bound_to_the_tenant_of_the_actor(self, engine: Engine):
        with UnitOfWork(engine)(Actor(THEIRS)) as session:
            assert session.scalars(select(Sound.number)).all() == [3]

    def test_a_call_that_names_no_tenant_is_refused(self, engine: Engine):
        with pytest.raises(Forbidden), UnitOfWork(engine)(Actor(None)):
            pytest.fail("the transaction began")


class TestTheWallOfPostgreSQL:
    """By raw SQL, which the ORM's wall does not see."""

    @pytest.fixture
    def dialect(self) -> str:
        return "postgres"

    @pytest.fixture
    def engine(self, database: Callable[..., Engine]) -> Engine:
        made = database("walled bell", self.make_walled_tables)
        fill(made)
        return made

    @staticmethod
    def make_walled_tables(url: str) -> None:
        make_tables(url)
        engine = make_engine(url)
        with engine.begin() as connection:
            migrations.protect(Operations(connection), "sound", "school_id")
        engine.dispose()

    @staticmethod
    def seen(engine: Engine, tenant: str | None) -> list[int]:
        with engine.begin() as connection:
            if tenant is not None:
                connection.execute(text("SELECT set_config(:name, :tenant, true)"),
                                   {"name": tenancy.SETTING, "tenant": tenant})  # fmt: skip
            return sorted(connection.scalars(text("SELECT number FROM sound")))

    def test_a_transaction_sees_the_rows_of_the_tenant_it_names(self, engine: Engine):
        assert self.seen(engine, str(OURS)) == [1, 2]
        assert self.seen(engine, str(THEIRS)) == [3]
        assert self.seen(engine, tenancy.EVERYWHERE) == [1, 2, 3]

    @pytest.mark.parametrize("tenant", [None, ""], ids=["never named", "named before"])
    def test_a_transaction_that_names_none_sees_nothing(self, engine: Engine, tenant: str | None):
        assert self.seen(engine, tenant) == []

    @staticmethod
    def plan(engine: Engine) -> str:
        with engine.begin() as connection:
            return "\n".join(connection.scalars(text("EXPLAIN SELECT number FROM sound")))

    def test_the_named_tenant_is_read_once_a_statement_not_once_a_row(self, engine: Engine):
        plan = self.plan(engine)
        assert plan.count("InitPlan") == 2, plan
        assert "current_setting" not in plan.partition("InitPlan")[0]

    def test_a_policy_of_before_becomes_what_a_new_one_is(self, engine: Engine):
        plan, own = self.plan(engine), f"school_id = nullif(current_setting('{tenancy.SETTING}', true), '')::uuid"
        with engine.begin() as connection:
            connection.execute(text("DROP POLICY tenant ON sound"))
            connection.execute(text(f"CREATE POLICY tenant ON sound USING ({own}) WITH CHECK ({own})"))
        assert "InitPlan" not in self.plan(engine)
        with engine.begin() as connection:
            migrations.renew_policies(Operations(connection), "school_id")
        assert self.plan(engine) == plan
        assert self.seen(engine, str(OURS)) == [1, 2]

    def test_the_name_ends_with_its_transaction(self, engine: Engine):
        assert self.seen(engine, tenancy.EVERYWHERE) == [1, 2, 3]
        assert self.seen(engine, None) == [], "a pooled connection remembers no tenant"

    def test_raw_sql_in_a_unit_of_work_sees_the_tenants_rows_only(self, engine: Engine):
        with UnitOfWork(engine).of(OURS) as session:
            assert sorted(session.scalars(text("SELECT number FROM sound"))) == [1, 2]
            session.execute(text("UPDATE sound SET number = number + 10"))
        assert numbers(engine) == [3, 11, 12]

    def test_a_row_of_another_tenant_is_refused_by_the_database(self, engine: Engine):
        values = {key: str(value) for key, value in sound(THEIRS).items()}
        raw = text(
            "INSERT INTO sound (school_id, ring_id, number, bell_id, process)"
            " VALUES (cast(:school_id AS uuid), cast(:ring_id AS uuid), 4, cast(:bell_id AS uuid), 1)"
        )
        with pytest.raises(ProgrammingError, match="row-level security"), UnitOfWork(engine).of(OURS) as session:
            session.execute(raw, {key: values[key] for key in ("school_id", "ring_id", "bell_id")})
        with pytest.raises(ProgrammingError, match="row-level security"), UnitOfWork(engine).of(OURS) as session:
            session.execute(text("UPDATE sound SET school_id = cast(:theirs AS uuid)"), {"theirs": str(THEIRS)})
        assert numbers(engine) == [1, 2, 3]
