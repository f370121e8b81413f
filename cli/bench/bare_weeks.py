"""The least that could answer with a week: bare SQL in a bare Flask view. `gunicorn cli.bench.bare_weeks:made()`.

It reads the same rows as the gradebook's `week` and `day`, and gives them as JSON. It knows one school, and asks nobody
who may read what.
"""

from __future__ import annotations

import os
import threading
from datetime import date, timedelta
from typing import Any, Final
from uuid import UUID

import msgspec
import psycopg
from flask import Flask, Response
from psycopg.rows import dict_row
from sqlalchemy.engine import make_url

#: The database, and the school that is asked for.
DATABASE: Final = "BARE_DATABASE"
SCHOOL: Final = "BARE_SCHOOL"

_LESSONS: Final = """
SELECT lesson.id AS lesson_id, lesson.course_id, course.title, subject.name AS subject, course.class_id,
       class_copy.name AS class_name, course.group_name, lesson.date, lesson.number, lesson.topic, lesson.homework,
       lesson.version, lesson.state, lesson.classroom_id, classroom.name AS classroom, lesson.teacher_id,
       lesson.moved_to, lesson.moved_number, lesson.reason
FROM lesson JOIN course ON course.id = lesson.course_id AND course.school_id = lesson.school_id
JOIN subject ON subject.id = course.subject_id AND subject.school_id = course.school_id
LEFT JOIN classroom ON classroom.id = lesson.classroom_id AND classroom.school_id = lesson.school_id
LEFT JOIN class_copy ON class_copy.class_id = course.class_id AND class_copy.school_id = course.school_id
"""
_OF_CLASS: Final = f"{_LESSONS} WHERE course.class_id = %s AND lesson.date BETWEEN %s AND %s ORDER BY date, number"
#: A teacher's lessons of a day, with what says until when each may be changed: terms, openings, zone and policies.
_OF_TEACHER: Final = """
SELECT lesson.id AS lesson_id, lesson.course_id, course.title, subject.name AS subject, course.class_id,
       class_copy.name AS class_name, class_copy.grade, course.group_name, lesson.date, lesson.number, lesson.topic,
       lesson.homework, lesson.homework_due, lesson.version, lesson.state, lesson.entry_id, classroom.name AS classroom,
       lesson.teacher_id, lesson.moved_to, lesson.moved_number, lesson.reason, course.year_id, year.version,
       course.division, setting.lowest, setting.highest, setting.time_zone,
       (SELECT json_agg(json_build_array(term.title, term.ends_on)) FROM term
        WHERE term.year_id = course.year_id AND term.division = course.division AND term.school_id = course.school_id
       ) AS terms,
       (SELECT json_agg(json_build_array(number, valid_from)) FROM policy_version
        WHERE policy_version.school_id = lesson.school_id AND adopted_at IS NOT NULL) AS policies,
       (SELECT json_agg(json_build_array(opened_at, until, ended_at)) FROM edit_opening
        WHERE edit_opening.school_id = lesson.school_id AND until > now() - INTERVAL '30 days'
          AND (edit_opening.course_id = course.id OR edit_opening.class_id = course.class_id)) AS openings,
       (SELECT json_agg(json_build_array(moved.date, moved.number)) FROM lesson AS moved
        WHERE moved.course_id = lesson.course_id AND moved.moved_to = lesson.date
          AND moved.moved_number = lesson.number AND moved.school_id = lesson.school_id) AS came
FROM lesson JOIN course ON course.id = lesson.course_id AND course.school_id = lesson.school_id
JOIN year ON year.id = course.year_id AND year.school_id = course.school_id
JOIN subject ON subject.id = course.subject_id AND subject.school_id = course.school_id
JOIN course_teacher ON course_teacher.course_id = course.id AND course_teacher.school_id = course.school_id
LEFT JOIN setting ON setting.school_id = lesson.school_id
LEFT JOIN classroom ON classroom.id = lesson.classroom_id AND classroom.school_id = lesson.school_id
LEFT JOIN class_copy ON class_copy.class_id = course.class_id AND class_copy.school_id = course.school_id
WHERE course_teacher.teacher_id = %s AND lesson.date = %s ORDER BY lesson.number"""
_TEACHERS: Final = """
SELECT course_id, teacher_id FROM course_teacher
JOIN course ON course.id = course_id AND course.school_id = course_teacher.school_id WHERE class_id = %s"""
_BELLS: Final = "SELECT number, starts, ends FROM bell"


def made() -> Flask:
    """The application."""
    app, connections = Flask(__name__), threading.local()
    parts = make_url(os.environ[DATABASE])

    def rows(statement: str, *values: Any) -> list[dict[str, Any]]:
        connection: psycopg.Connection[dict[str, Any]] | None = getattr(connections, "own", None)
        if connection is None:
            connection = connections.own = psycopg.connect(
                host=parts.host, port=parts.port, user=parts.username, password=parts.password, dbname=parts.database,
                autocommit=True, row_factory=dict_row, options=f"-c lyceum.tenant={os.environ[SCHOOL]}",
                prepare_threshold=2,
            )  # fmt: skip
        return connection.execute(statement.encode(), values).fetchall()

    def rung(lessons: list[dict[str, Any]]) -> list[dict[str, Any]]:
        bells = {row["number"]: row for row in rows(_BELLS)}
        for lesson in lessons:
            lesson.update(starts=bells[lesson["number"]]["starts"], ends=bells[lesson["number"]]["ends"])
        return lessons

    @app.route("/classes/<uuid:class_id>/weeks/<day>")
    def week(class_id: UUID, day: str) -> Response:
        monday = date.fromisoformat(day)
        found = rung(rows(_OF_CLASS, class_id, monday, monday + timedelta(days=6)))
        teachers: dict[UUID, list[UUID]] = {}
        for row in rows(_TEACHERS, class_id):
            teachers.setdefault(row["course_id"], []).append(row["teacher_id"])
        for lesson in found:
            lesson["teacher_ids"] = teachers[lesson["course_id"]]
        return Response(msgspec.json.encode(found), mimetype="application/json")

    @app.route("/teachers/<uuid:teacher_id>/days/<day>")
    def teachers_day(teacher_id: UUID, day: str) -> Response:
        found = rung(rows(_OF_TEACHER, teacher_id, date.fromisoformat(day)))
        return Response(msgspec.json.encode(found), mimetype="application/json")

    return app
