"""The least that could do what the journal does: bare SQL in a Flask view. `gunicorn cli.bench.bare_sheets:made()`.

It reads the same rows as the journal's grid, a class's term marks and a student's week, from the databases of three
services, and gives them as JSON; it writes the same rows as 30 cells that are saved. It knows one school, asks nobody
who may do what, checks nothing, and computes no mean.
"""

from __future__ import annotations

import os
import threading
from datetime import date, timedelta
from typing import Any, Final
from uuid import UUID

import msgspec
import psycopg
from flask import Flask, Response, request
from psycopg.rows import dict_row
from sqlalchemy.engine import make_url
from uuid_utils.compat import uuid7

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
_STUDENT: Final = """
SELECT student_copy.student_id, class_id, guardian_id FROM student_copy
LEFT JOIN guardian_copy ON guardian_copy.student_id = student_copy.student_id WHERE student_copy.student_id = %s"""
_STUDENTS_COURSES: Final = """
SELECT course.id, title, subject.name AS subject, course.class_id, course.grade, since, until, division FROM course
JOIN course_member ON course_member.course_id = course.id JOIN subject ON subject.id = subject_id
WHERE student_id = %s"""
_STUDENTS_MARKS: Final = """
SELECT id, lesson_id, course_id, kind_id, date, value, comment, version FROM mark
WHERE student_id = %s AND value IS NOT NULL AND date BETWEEN %s AND %s ORDER BY date, number"""
#: Lessons of the week, and those before it whose homework may be due in it.
_WEEK: Final = """
SELECT lesson.id, course_id, course.title, lesson.date, lesson.number, topic, homework, homework_due, course.class_id,
       classroom.name AS classroom, state, teacher_id, moved_to, moved_number, reason, minutes, links,
       personal_task.text, personal_task.due, done_at, year.version AS year_version, (
         SELECT json_agg(json_build_array(homework_file.id, name, media_type, size)) FROM homework_file
         WHERE homework_file.lesson_id = lesson.id AND removed_at IS NULL) AS files
FROM lesson JOIN course ON course.id = lesson.course_id JOIN year ON year.id = course.year_id
LEFT JOIN classroom ON classroom.id = lesson.classroom_id
LEFT JOIN homework_detail ON homework_detail.lesson_id = lesson.id
LEFT JOIN personal_task ON personal_task.lesson_id = lesson.id AND personal_task.student_id = %(student)s
LEFT JOIN homework_done ON homework_done.lesson_id = lesson.id AND homework_done.student_id = %(student)s
WHERE course_id = ANY (%(courses)s) AND (
  lesson.date BETWEEN %(monday)s AND %(sunday)s OR homework_due BETWEEN %(monday)s AND %(sunday)s
  OR homework != '' AND homework_due IS NULL AND lesson.date = (SELECT max(before.date) FROM lesson AS before
                    WHERE before.course_id = lesson.course_id AND before.date < %(monday)s))
ORDER BY lesson.date, lesson.number"""
_BELLS: Final = "SELECT number, starts, ends FROM bell"
_STUDENTS_ABSENCES: Final = """
SELECT absence.id, absence.lesson_id, code, minutes, version FROM absence
JOIN lesson_copy ON lesson_copy.lesson_id = absence.lesson_id WHERE student_id = %s AND date BETWEEN %s AND %s"""
_LESSON: Final = "SELECT course_id, date, number FROM lesson WHERE id = %s FOR UPDATE"
_ANSWER: Final = "SELECT id FROM kind_of_work WHERE is_answer LIMIT 1"
_NEW_COLUMN: Final = "INSERT INTO work (school_id, id, lesson_id, kind_id, title) VALUES (%s, %s, %s, %s, '')"
_NEW_MARKS: Final = """
INSERT INTO mark (school_id, id, work_id, student_id, value, comment, version, lesson_id, kind_id, course_id, date,
                  number)
SELECT %(school)s, id, %(work)s, student, value, '', 1, %(lesson)s, %(kind)s, %(course)s, %(date)s, %(number)s
FROM unnest(%(ids)s::uuid[], %(students)s::uuid[], %(values)s::text[]) AS given (id, student, value)"""
_NEW_VERSIONS: Final = """
INSERT INTO mark_revision (school_id, mark_id, version, value, comment, reason, changed_at)
SELECT %(school)s, id, 1, value, '', '', now() FROM unnest(%(ids)s::uuid[], %(values)s::text[]) AS given (id, value)"""
#: The key of each entry with its answer, by which a repeated entry would be known.
_KEYS: Final = """
INSERT INTO inbox (consumer, message_id, tenant_id, received_at, fingerprint, answer)
SELECT 'entries', key, %(school)s, now(), '', convert_to(id::text, 'UTF8')
FROM unnest(%(keys)s::text[], %(ids)s::uuid[]) AS given (key, id)"""
_EVENT: Final = """
INSERT INTO outbox (message_id, tenant_id, event, aggregate, body, call_id, recorded_at, published_at)
VALUES (%s, %s, 'marks_posted', %s, '{}', '', now(), now())"""


def made() -> Flask:
    """The application."""
    app, connections = Flask(__name__), threading.local()
    databases = msgspec.json.decode(os.environ[DATABASES], type=dict[str, str])

    def connection_of(owner: str) -> psycopg.Connection[dict[str, Any]]:
        connection: psycopg.Connection[dict[str, Any]] | None = getattr(connections, owner, None)
        if connection is None:
            parts = make_url(databases[owner])
            connection = psycopg.connect(
                host=parts.host, port=parts.port, user=parts.username, password=parts.password, dbname=parts.database,
                autocommit=True, row_factory=dict_row, options=f"-c lyceum.tenant={os.environ[SCHOOL]}",
                prepare_threshold=2,
            )  # fmt: skip
            setattr(connections, owner, connection)
        return connection

    def rows(owner: str, statement: str, *values: Any) -> list[dict[str, Any]]:
        given = values[0] if values and isinstance(values[0], dict) else values
        return connection_of(owner).execute(statement.encode(), given).fetchall()

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

    @app.route("/students/<uuid:student_id>/weeks/<day>")
    def students_week(student_id: UUID, day: str) -> Response:
        monday = date.fromisoformat(day) - timedelta(days=date.fromisoformat(day).weekday())
        sunday = monday + timedelta(days=6)
        courses = rows("gradebook", _STUDENTS_COURSES, student_id)
        ids = [course["id"] for course in courses]
        week = {"student": student_id, "courses": ids, "monday": monday, "sunday": sunday}
        lessons = rows("gradebook", _WEEK, week)
        found = {
            "student": rows("gradebook", _STUDENT, student_id),
            "kinds": rows("gradebook", _KINDS),
            "courses": courses,
            "marks": rows("gradebook", _STUDENTS_MARKS, student_id, monday, sunday),
            "lessons": [one for one in lessons if monday <= one["date"]],
            "due": [one["homework"] for one in lessons if one["date"] < monday],
            "bells": rows("gradebook", _BELLS),
            "absences": rows("attendance", _STUDENTS_ABSENCES, student_id, monday, sunday),
        }
        return Response(msgspec.json.encode(found), mimetype="application/json")

    @app.route("/lessons/<uuid:lesson_id>/cells", methods=["POST"])
    def save(lesson_id: UUID) -> Response:
        entries, connection = request.json["entries"], connection_of("gradebook")
        with connection.transaction():
            lesson = rows("gradebook", _LESSON, lesson_id)[0]
            given = {
                "school": os.environ[SCHOOL], "work": uuid7(), "kind": rows("gradebook", _ANSWER)[0]["id"],
                "lesson": lesson_id, "course": lesson["course_id"], "date": lesson["date"], "number": lesson["number"],
                "ids": [uuid7() for _ in entries], "students": [one["student_id"] for one in entries],
                "values": [one["text"] for one in entries], "keys": [one["key"] for one in entries],
            }  # fmt: skip
            connection.execute(_NEW_COLUMN, (given["school"], given["work"], lesson_id, given["kind"]))
            for statement in (_NEW_MARKS, _NEW_VERSIONS, _KEYS):
                connection.execute(statement, given)
            connection.execute(_EVENT, (uuid7(), given["school"], str(lesson_id)))
        saved = [{"state": "saved", "mark_id": one} for one in given["ids"]]
        return Response(msgspec.json.encode({"entries": saved}), mimetype="application/json")

    return app
