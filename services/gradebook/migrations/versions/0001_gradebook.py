"""The first tables: calendar, courses, lessons, marks, copies of what identity owns."""

import sqlalchemy as sa
from alembic import op

from kernel.data import migrations

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def _table(name: str, *parts: sa.schema.SchemaItem, key: tuple[str, ...] = ("id",)) -> None:
    """A table of a school's rows, closed to the other schools."""
    ids = [sa.Column(column, sa.Uuid, nullable=False) for column in ("school_id", "id")[: 2 if "id" in key else 1]]
    op.create_table(name, *ids, *parts, sa.PrimaryKeyConstraint("school_id", *key))
    migrations.protect(op, name, "school_id")


def _id(name: str, *, nullable: bool = False) -> sa.Column:
    return sa.Column(name, sa.Uuid, nullable=nullable)


def _words(name: str, length: int, *, nullable: bool = False) -> sa.Column:
    return sa.Column(name, sa.String(length), nullable=nullable)


def _text(name: str, *, nullable: bool = False) -> sa.Column:
    return sa.Column(name, sa.Text, nullable=nullable)


def _day(name: str, *, nullable: bool = False) -> sa.Column:
    return sa.Column(name, sa.Date, nullable=nullable)


def _number(name: str, *, nullable: bool = False) -> sa.Column:
    return sa.Column(name, sa.Integer, nullable=nullable, autoincrement=False)


def _refers(column: str, table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(["school_id", column], [f"{table}.school_id", f"{table}.id"])


def _index(name: str, table: str, *columns: str, unique_where: str | None = None) -> None:
    where = None if unique_where is None else sa.text(unique_where)
    op.create_index(
        name,
        table,
        ["school_id", *columns],
        unique=where is not None,
        postgresql_where=where,
        sqlite_where=where,
    )


def upgrade() -> None:
    migrations.create_kernel_tables(op)
    _school()
    _courses()
    _lessons()
    _marks()
    _copies()


def _school() -> None:
    _table(
        "setting", _number("lowest"), _number("highest"), sa.Column("tokens", sa.JSON, nullable=False),
        _words("time_zone", 64), key=(),
    )  # fmt: skip
    _table("year", _text("title"), _day("starts_on"), _day("ends_on"))
    _table("term", _id("year_id"), _text("title"), _day("starts_on"), _day("ends_on"), _refers("year_id", "year"))
    _table("subject", _text("name"))
    weight = sa.Numeric(8, 3).with_variant(sa.String(12), "sqlite")
    _table(
        "kind_of_work", _text("name"), sa.Column("weight", weight, nullable=False),
        sa.Column("is_answer", sa.Boolean, nullable=False),
    )  # fmt: skip
    _index("kind_of_work_answer", "kind_of_work", unique_where="is_answer")


def _courses() -> None:
    _table(
        "course", _text("title"), _id("subject_id"), _id("class_id", nullable=True),
        _number("grade", nullable=True), _id("year_id"),
        _refers("subject_id", "subject"), _refers("year_id", "year"),
    )  # fmt: skip
    _index("course_class", "course", "class_id")
    _table(
        "course_teacher", _id("course_id"), _id("teacher_id"), _refers("course_id", "course"),
        key=("course_id", "teacher_id"),
    )  # fmt: skip
    _index("course_teacher_teacher", "course_teacher", "teacher_id")
    _table(
        "course_member", _id("course_id"), _id("student_id"), _day("since"), _day("until", nullable=True),
        _refers("course_id", "course"),
    )  # fmt: skip
    _index("course_member_course", "course_member", "course_id")
    _index("course_member_student", "course_member", "student_id")


def _description() -> list[sa.Column]:
    return [
        _text("topic"),
        _text("homework"),
        _day("homework_due", nullable=True),
    ]


def _changed() -> list[sa.Column]:
    return [
        _id("changed_by", nullable=True),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
    ]


def _lessons() -> None:
    _table(
        "lesson", _id("course_id"), _day("date"), _number("number", nullable=True), *_description(),
        _number("version"), _refers("course_id", "course"),
        sa.UniqueConstraint("school_id", "course_id", "date", "number", name="lesson_numbered"),
    )  # fmt: skip
    _index("lesson_unnumbered", "lesson", "course_id", "date", unique_where="number IS NULL")
    _table(
        "lesson_revision", _id("lesson_id"), _number("version"), *_description(), *_changed(),
        _refers("lesson_id", "lesson"), key=("lesson_id", "version"),
    )  # fmt: skip


def _marks() -> None:
    _table(
        "work", _id("lesson_id"), _id("kind_id"), _text("title"), _text("source_id", nullable=True),
        _refers("lesson_id", "lesson"), _refers("kind_id", "kind_of_work"),
    )  # fmt: skip
    _index("work_lesson", "work", "lesson_id")
    _index("work_entered_here", "work", "lesson_id", "kind_id", unique_where="source_id IS NULL")
    _table(
        "mark", _id("work_id"), _id("student_id"), _words("value", 10, nullable=True), _words("comment", 500),
        _number("version"), _refers("work_id", "work"),
        sa.UniqueConstraint("school_id", "work_id", "student_id", name="mark_work_student"),
        sa.CheckConstraint("version > 0", name="mark_version"),
    )  # fmt: skip
    _index("mark_student", "mark", "student_id")
    _table(
        "mark_revision", _id("mark_id"), _number("version"), _words("value", 10, nullable=True),
        _words("comment", 500), _words("reason", 500), *_changed(), _refers("mark_id", "mark"),
        key=("mark_id", "version"),
    )  # fmt: skip


def _copies() -> None:
    _table(
        "student_copy",
        _id("student_id"),
        _number("revision"),
        _id("class_id", nullable=True),
        key=("student_id",),
    )
    _index("student_copy_class", "student_copy", "class_id")
    _table("guardian_copy", _id("student_id"), _id("guardian_id"), key=("student_id", "guardian_id"))
    _table(
        "class_copy", _id("class_id"), _number("revision"), _text("name"), _number("grade", nullable=True),
        _id("homeroom_teacher_id", nullable=True), key=("class_id",),
    )  # fmt: skip
    _index("class_copy_homeroom", "class_copy", "homeroom_teacher_id")
