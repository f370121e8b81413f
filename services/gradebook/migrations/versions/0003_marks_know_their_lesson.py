"""A mark carries lesson, course, kind, date and number of its column, and is found by student or course and date.

Triggers keep the copies true (docs/decisions.md). Whoever rebuilds `work`, `lesson` or `mark` on SQLite makes
them anew: SQLite drops them with the table.
"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

#: Columns that a mark copies from its work, and from that one's lesson.
OF_WORK = ("lesson_id", "kind_id")
OF_LESSON = ("course_id", "date", "number")

#: What both databases do after a work has moved to another lesson or kind, and after a lesson has moved.
WORK_MOVED = """
    UPDATE mark SET lesson_id = NEW.lesson_id, kind_id = NEW.kind_id, (course_id, date, number) = (
        SELECT course_id, date, number FROM lesson WHERE school_id = NEW.school_id AND id = NEW.lesson_id)
    WHERE school_id = NEW.school_id AND work_id = NEW.id;
"""
#: The old course and date find the lesson's marks by an index.
LESSON_MOVED = """
    UPDATE mark SET course_id = NEW.course_id, date = NEW.date, number = NEW.number
    WHERE school_id = NEW.school_id AND course_id = OLD.course_id AND date = OLD.date AND lesson_id = NEW.id;
"""
#: A replica of an earlier version inserts marks without the copies.
MARK_WITHOUT_COPIES = """
    SELECT w.lesson_id, w.kind_id, l.course_id, l.date, l.number
    INTO NEW.lesson_id, NEW.kind_id, NEW.course_id, NEW.date, NEW.number
    FROM work w JOIN lesson l ON l.school_id = w.school_id AND l.id = w.lesson_id
    WHERE w.school_id = NEW.school_id AND w.id = NEW.work_id;
"""


def upgrade() -> None:
    for name in ("lesson_id", "course_id", "kind_id"):
        op.add_column("mark", sa.Column(name, sa.Uuid))
    op.add_column("mark", sa.Column("date", sa.Date))
    op.add_column("mark", sa.Column("number", sa.Integer))
    op.execute(
        "UPDATE mark SET (lesson_id, kind_id, course_id, date, number) = ("
        " SELECT w.lesson_id, w.kind_id, l.course_id, l.date, l.number"
        " FROM work w JOIN lesson l ON l.school_id = w.school_id AND l.id = w.lesson_id"
        " WHERE w.school_id = mark.school_id AND w.id = mark.work_id)"
    )
    with op.batch_alter_table("mark") as mark:
        for name in ("lesson_id", "course_id", "kind_id", "date"):
            mark.alter_column(name, nullable=False)
    op.drop_index("mark_student", "mark")
    op.create_index("mark_student_date", "mark", ["school_id", "student_id", "date"])
    op.create_index("mark_course_date", "mark", ["school_id", "course_id", "date"])
    if op.get_bind().dialect.name == "postgresql":
        _follow_on_postgresql()
    else:
        _follow_on_sqlite()


def _follow_on_postgresql() -> None:
    _function("marks_of_work_follow", WORK_MOVED)
    _function("marks_of_lesson_follow", LESSON_MOVED)
    _function("mark_gets_copies", MARK_WITHOUT_COPIES)
    for table, columns in (("work", OF_WORK), ("lesson", OF_LESSON)):
        op.execute(
            f"CREATE TRIGGER marks_follow AFTER UPDATE OF {', '.join(columns)} ON {table} FOR EACH ROW"
            f" WHEN ({_differ(columns, 'IS DISTINCT FROM')}) EXECUTE FUNCTION marks_of_{table}_follow()"
        )
    op.execute(
        "CREATE TRIGGER mark_gets_copies BEFORE INSERT ON mark FOR EACH ROW"
        " WHEN (NEW.lesson_id IS NULL) EXECUTE FUNCTION mark_gets_copies()"
    )


def _function(name: str, body: str) -> None:
    op.execute(f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {body} RETURN NEW; END $$")


def _follow_on_sqlite() -> None:
    for table, columns, body in (("work", OF_WORK, WORK_MOVED), ("lesson", OF_LESSON, LESSON_MOVED)):
        op.execute(
            f"CREATE TRIGGER marks_of_{table}_follow AFTER UPDATE OF {', '.join(columns)} ON {table}"
            f" WHEN {_differ(columns, 'IS NOT')} BEGIN {body} END"
        )


def _differ(columns: tuple[str, ...], operator: str) -> str:
    return " OR ".join(f"OLD.{name} {operator} NEW.{name}" for name in columns)
