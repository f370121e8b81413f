"""The least that could answer with a grid: bare SQL in a bare Flask view. `gunicorn cli.bench.bare_sheets:made()`.

It reads the same rows as the page of the journal's grid, from the databases of three services, and gives them as JSON.
It knows one school, asks nobody who may read what, and computes no mean.
"""

from __future__ import annotations

import os
import threading
from typing import Any, Final
from uuid import UUID

import msgspec
import psycopg
from flask import Flask, Response
from psycopg.rows import dict_row
from sqlalchemy.engine import make_url

#: The databases (JSON: service → URL), and the school that is asked for.
DATABASES: Final = "BARE_DATABASES"
SCHOOL: Final = "BARE_SCHOOL"

_COURSE: Final = """
SELECT course.id, title, subject.name AS subject, course.class_id, course.grade, course.year_id, division, group_name,
       course.version FROM course JOIN subject ON subject.id = subject_id AND subject.school_id = course.school_id
WHERE course.id = %s"""
_TERM: Final = "SELECT id, title, starts_on, ends_on, division FROM term WHERE id = %s"
_KINDS: Final = "SELECT id, name, weight, is_answer FROM kind_of_work ORDER BY name"
_LESSONS: Final = """
SELECT id, date, number, topic, homework, state, teacher_id, moved_to, moved_number, reason FROM lesson
WHERE course_id = %s AND date BETWEEN %s AND %s ORDER BY date, number"""
_MEMBERS: Final = """
SELECT course_member.student_id, since, until, grade, name, homeroom_teacher_id FROM course_member
LEFT JOIN student_copy ON student_copy.student_id = course_member.student_id
LEFT JOIN class_copy ON class_copy.class_id = student_copy.class_id WHERE course_id = %s"""
_MARKS: Final = """
SELECT id, lesson_id, student_id, kind_id, value, comment, version FROM mark
WHERE course_id = %s AND date BETWEEN %s AND %s ORDER BY date, number"""
_NAMES: Final = "SELECT id, family_name, given_name, patronymic FROM person WHERE id = ANY (%s)"
_ABSENCES: Final = "SELECT lesson_id, student_id, code, minutes, version FROM absence WHERE lesson_id = ANY (%s)"
_CHECKS: Final = "SELECT lesson_id, checked_at, checked_by FROM lesson_check WHERE lesson_id = ANY (%s)"
_TERM_COURSES: Final = """
SELECT DISTINCT course.id, title, course.grade, hours_a_week FROM course
JOIN course_member ON course_member.course_id = course.id
JOIN student_copy ON student_copy.student_id = course_member.student_id
WHERE student_copy.class_id = %s ORDER BY title"""
_TERM_MEMBERS: Final = """
SELECT course_id, course_member.student_id, since, until FROM course_member
JOIN student_copy ON student_copy.student_id = course_member.student_id WHERE student_copy.class_id = %s"""
_TERM_VALUES: Final = """
SELECT course_id, student_id, kind_id, value FROM mark
WHERE student_id = ANY (%s) AND date BETWEEN %s AND %s AND value IS NOT NULL"""
_TERM_MARKS: Final = (
    "SELECT course_id, student_id, value, reason FROM term_mark WHERE term_id = %s AND student_id = ANY (%s)"
)
_TERM_SHEETS: Final = "SELECT course_id, state FROM term_sheet WHERE class_id = %s AND term_id = %s"


def made() -> Flask:
    """The application."""
    app, connections = Flask(__name__), threading.local()
    databases = msgspec.json.decode(os.environ[DATABASES], type=dict[str, str])

    def rows(owner: str, statement: str, *values: Any) -> list[dict[str, Any]]:
        connection: psycopg.Connection[dict[str, Any]] | None = getattr(connections, owner, None)
        if connection is None:
            parts = make_url(databases[owner])
            connection = psycopg.connect(
                host=parts.host, port=parts.port, user=parts.username, password=parts.password, dbname=parts.database,
                autocommit=True, row_factory=dict_row, options=f"-c lyceum.tenant={os.environ[SCHOOL]}",
                prepare_threshold=2,
            )  # fmt: skip
            setattr(connections, owner, connection)
        return connection.execute(statement.encode(), values).fetchall()

    @app.route("/courses/<uuid:course_id>/sheets/<uuid:term_id>")
    def sheet(course_id: UUID, term_id: UUID) -> Response:
        (term,) = rows("gradebook", _TERM, term_id)
        lessons = rows("gradebook", _LESSONS, course_id, term["starts_on"], term["ends_on"])
        members = rows("gradebook", _MEMBERS, course_id)
        lesson_ids = [lesson["id"] for lesson in lessons]
        found = {
            "course": rows("gradebook", _COURSE, course_id),
            "term": term,
            "kinds": rows("gradebook", _KINDS),
            "lessons": lessons,
            "members": members,
            "marks": rows("gradebook", _MARKS, course_id, term["starts_on"], term["ends_on"]),
            "names": rows("identity", _NAMES, [member["student_id"] for member in members]),
            "checks": rows("attendance", _CHECKS, lesson_ids),
            "absences": rows("attendance", _ABSENCES, lesson_ids),
        }
        return Response(msgspec.json.encode(found), mimetype="application/json")

    @app.route("/classes/<uuid:class_id>/terms/<uuid:term_id>")
    def class_term(class_id: UUID, term_id: UUID) -> Response:
        (term,) = rows("gradebook", _TERM, term_id)
        members = rows("gradebook", _TERM_MEMBERS, class_id)
        students = list({member["student_id"] for member in members})
        found = {
            "term": term,
            "kinds": rows("gradebook", _KINDS),
            "courses": rows("gradebook", _TERM_COURSES, class_id),
            "members": members,
            "marks": rows("gradebook", _TERM_VALUES, students, term["starts_on"], term["ends_on"]),
            "term_marks": rows("gradebook", _TERM_MARKS, term_id, students),
            "states": rows("gradebook", _TERM_SHEETS, class_id, term_id),
            "names": rows("identity", _NAMES, students),
        }
        return Response(msgspec.json.encode(found), mimetype="application/json")

    return app
